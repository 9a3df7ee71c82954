use workers_ai::prelude::*;

#[workers_ai_model("@cf/moonshotai/kimi-k2.5")]
pub struct Kimi;

#[workers_ai_model("@cf/facebook/bart-large-cnn")]
pub struct Bart;

#[allow(deprecated)]
#[workers_ai_model("@cf/microsoft/phi-2")]
pub struct Phi;

fn main() {}
