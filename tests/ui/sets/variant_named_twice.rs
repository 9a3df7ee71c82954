use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Glm,
    //~ error: the name `Glm` is defined multiple times [at `Glm`]
}

fn main() {}
