use workers_ai::prelude::*;

#[workers_ai_model("@cf/zai-org/glm-5.2")]
pub struct Glm;

fn main() {
    let _ = Glm::input().messages([user("hi")]).reasoning_effort(effort::Medium);
    //~ error: `reasoning_effort` must be one of `max`, `high`, `none` for @cf/zai-org/glm-5.2 [at `effort::Medium`]
}
