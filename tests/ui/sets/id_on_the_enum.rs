use workers_ai::prelude::*;

#[workers_ai_model("@cf/zai-org/glm-5.2")]
//~ error: the models of an enum are on its variants: `#[model("@cf/author/model")]` [at `"@cf/zai-org/glm-5.2"`]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

fn main() {
    let _ = Assistant::Glm;
}
