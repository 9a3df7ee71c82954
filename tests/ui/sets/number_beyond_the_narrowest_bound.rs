use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

fn main() {
    let _ = inputs!(Assistant { messages: [user("hi")], temperature: 4.0 });
    //~ error: evaluation panicked: `temperature` must be between 0 and 2 [at `4.0`]
    let _ = (Assistant::Glm, Assistant::Llama);
}
