use workers_ai::{prelude::*, embeddings::Embeddings};

#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

fn wrong(answer: &Embeddings<Bge>) {
    let _ = answer.array::<1024>(0);
    //~ error: the catalog does not say that the embeddings of `Bge` have 1024 dimensions [at `array`]
}

fn main() {
    let _ = wrong;
}
