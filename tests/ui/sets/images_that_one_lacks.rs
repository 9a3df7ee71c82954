use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/google/gemma-4-26b-a4b-it")]
    Gemma,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

fn main() {
    let _ = Assistant::chat([user([text("What is this?"), image(*b"\xff\xd8\xff")])]);
    //~ error: this model's messages take no images [at `image(*b"\xff\xd8\xff")`]
    let _ = (Assistant::Glm, Assistant::Gemma);
}
