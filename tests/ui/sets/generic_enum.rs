use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant<T> {
//~ error: an enum of models cannot be generic: its values are the models [at `T`]
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

fn main() {}
