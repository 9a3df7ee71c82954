use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[cfg_attr(debug_assertions, model("@cf/zai-org/glm-5.2"))]
    //~ error: the models of a set cannot depend on `cfg`: it has what all of them have in common [at `#[cfg_attr(debug_assertions, model("@cf/zai-org/glm-5.2"))]`]
    Glm,
}

fn main() {
    let _ = Assistant::Glm;
}
