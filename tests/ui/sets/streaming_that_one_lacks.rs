use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-guard-3-8b")]
    Guard,
}

fn main() {}

pub fn call(ai: &WorkersAi) {
    let _ = ai.stream(Assistant::Glm, Assistant::input().messages([user("hi")]));
    //~ error: `Assistant::Guard` (@cf/meta/llama-guard-3-8b) does not support streaming [at `Assistant::Glm`]
}
