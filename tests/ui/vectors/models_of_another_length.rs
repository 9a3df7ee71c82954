use workers_ai::{prelude::*, embeddings::Dimensions};

#[workers_ai_model("@cf/baai/bge-small-en-v1.5")]
pub struct Bge;

fn index<M: Dimensions<768>>(_: M) {}

fn main() {
    index(Bge);
    //~ error: the catalog does not say that the embeddings of `Bge` have 768 dimensions [at `Bge`]
}
