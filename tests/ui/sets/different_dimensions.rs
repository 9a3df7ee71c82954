use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Embedder {
    #[model("@cf/baai/bge-base-en-v1.5")]
    Base,
    #[model("@cf/baai/bge-large-en-v1.5")]
    Large,
    //~ error: the embeddings of `Large` have 1024 dimensions, those of `Base` have 768 [at `Large`]
}

fn main() {
    let _ = (Embedder::Base, Embedder::Large, Embedder::input().text("a").build());
}
