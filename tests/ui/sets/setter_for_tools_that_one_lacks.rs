use workers_ai::{chat::Tool, prelude::*};

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/aisingapore/gemma-sea-lion-v4-27b-it")]
    SeaLion,
}

fn main() {
    let _ = Assistant::input().messages([user("hi")]).tools(Vec::<Tool>::new());
    //~ error: `Assistant::SeaLion` (@cf/aisingapore/gemma-sea-lion-v4-27b-it) does not support tools [at `tools`]
    let _ = (Assistant::Glm, Assistant::SeaLion);
}
