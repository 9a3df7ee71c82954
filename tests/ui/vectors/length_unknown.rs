use workers_ai::{prelude::*, embeddings::{Embeddings, Fixed}};

#[workers_ai_model("@cf/baai/bge-m3")]
pub struct Bge;

fn wrong(answer: &Embeddings<Bge, Fixed>) -> Option<&[f32; 1024]> {
    answer.array(0)
    //~ error: the catalog does not say that the embeddings of `Bge` have _ dimensions [at `array`]
}

fn main() {
    let _ = wrong;
}
