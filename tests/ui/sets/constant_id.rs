use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
}

fn main() {
    let _ = Assistant::ID;
    //~ error: no variant or associated item named `ID` found for enum `Assistant` in the current scope [at `ID`]
    let _ = (Assistant::Glm, Assistant::Llama);
}
