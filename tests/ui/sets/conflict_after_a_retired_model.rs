use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[allow(deprecated)]
    #[model("@cf/meta/llama-3-8b-instruct")]
    Old,
    #[model("@cf/baai/bge-m3")]
    New,
    //~ error: `New` returns embeddings, `Old` answers chats: a set has models of one kind [at `New`]
}

fn main() {
    let _ = (Assistant::Old, Assistant::New);
}
