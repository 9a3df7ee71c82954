use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {}
//~ error: a set needs at least one model: `#[model("@cf/author/model")] Name` [at `Assistant`]

fn main() {}
