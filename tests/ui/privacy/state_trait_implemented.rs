use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

impl __flux::FluxInputHasNumSteps for workers_ai::__private::Unset {}
//~ error: trait import `FluxInputHasNumSteps` is private [at `FluxInputHasNumSteps`]

fn main() {}
