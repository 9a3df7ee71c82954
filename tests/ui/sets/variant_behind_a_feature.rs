use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[cfg(debug_assertions)]
    //~ error: the models of a set cannot depend on `cfg`: it has what all of them have in common [at `#[cfg(debug_assertions)]`]
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
}

fn main() {
    let _ = (Assistant::Glm, Assistant::Llama);
}
