use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.22")]
    //~ error: no model `@cf/zai-org/glm-5.22` in the catalog of $DATE; did you mean `@cf/zai-org/glm-5.2` or `@cf/zai-org/glm-5.3`? for a newer model, run `cargo xtask refresh-catalog`, or call it without a type: `ai.model("@cf/zai-org/glm-5.22")` [at `"@cf/zai-org/glm-5.22"`]
    Glm,
}

fn main() {
    let _ = (Assistant::Glm, Assistant::input().messages([user("hi")]).build());
}
