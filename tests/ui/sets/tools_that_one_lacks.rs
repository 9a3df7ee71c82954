use workers_ai::{chat::ToolBox, prelude::*};

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/aisingapore/gemma-sea-lion-v4-27b-it")]
    SeaLion,
}

fn main() {}

pub fn call(ai: &WorkersAi, tools: &ToolBox) {
    let _ = ai.with_tools(Assistant::Glm, Assistant::chat([user("hi")]), tools);
    //~ error: `Assistant::SeaLion` (@cf/aisingapore/gemma-sea-lion-v4-27b-it) does not support tools [at `Assistant::Glm`]
}
