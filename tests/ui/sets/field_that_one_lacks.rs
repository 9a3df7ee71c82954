use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
}

fn main() {
    let _ = Assistant::input().messages([user("hi")]).repetition_penalty(0.5);
    //~ error: no method named `repetition_penalty` found for struct `AssistantInputBuilder<Alternative>` in the current scope [at `repetition_penalty`]
    let _ = (Assistant::Glm, Assistant::Llama);
}
