use workers_ai::{prelude::*, embeddings::Embeddings};

#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

fn store(_: &[f32; 1024]) {}

fn wrong(answer: &Embeddings<Bge>) {
    if let Some(vector) = answer.array(0) {
        store(vector);
        //~ error: mismatched types [at `vector`]
    }
}

fn main() {
    let _ = wrong;
}
