use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    Glm,
    //~ error: `Glm` has no model; write `#[model("@cf/author/model")]` above it [at `Glm`]
}

fn main() {
    let _ = (Assistant::Llama, Assistant::Glm);
}
