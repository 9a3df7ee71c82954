use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/meta/llama-3-8b-instruct")]
    //~ warning: use of deprecated constant `_::MODEL`: @cf/meta/llama-3-8b-instruct: retired since 2026-05-30; no replacement recorded [at `"@cf/meta/llama-3-8b-instruct"`]
    Llama,
}

fn main() {
    let _ = (Assistant::Glm, Assistant::Llama);
}
