use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    #[model("@cf/zai-org/glm-5.2")]
    //~ error: `Other` and `Glm` are the same model [at `"@cf/zai-org/glm-5.2"`]
    Other,
}

fn main() {
    let _ = (Assistant::Glm, Assistant::Other);
}
