use workers_ai::prelude::*;
use workers_ai::embeddings::{Cls, Embeddings, Mean};

#[workers_ai_model("@cf/baai/bge-small-en-v1.5")]
pub struct Bge;

fn compare<M, P>(_: &Embeddings<M, P>, _: &Embeddings<M, P>) {}

fn mixed(mean: &Embeddings<Bge, Mean>, cls: &Embeddings<Bge, Cls>) {
    compare(mean, cls);
    //~ error: mismatched types [at `cls`]
}

fn main() {
    let _ = mixed;
}
