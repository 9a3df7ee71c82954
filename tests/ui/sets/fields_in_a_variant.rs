use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama(u8),
    //~ error: a variant of a set is a model and has no fields [at `(u8)`]
}

fn main() {}
