use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model(LLAMA)]
    //~ error: the model's ID must be a string literal: `#[model("@cf/author/model")]` [at `#[model(LLAMA)]`]
    Llama,
}

fn main() {
    let _ = Assistant::Llama;
}
