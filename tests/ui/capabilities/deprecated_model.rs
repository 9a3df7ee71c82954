use workers_ai::prelude::*;

#[workers_ai_model("@cf/moonshotai/kimi-k2.5")]
//~ warning: use of deprecated constant `_::MODEL`: @cf/moonshotai/kimi-k2.5: retired since 2026-05-30; use @cf/moonshotai/kimi-k2.6 [at `"@cf/moonshotai/kimi-k2.5"`]
pub struct Kimi;

#[workers_ai_model("@cf/facebook/bart-large-cnn")]
//~ warning: use of deprecated constant `_::MODEL`: @cf/facebook/bart-large-cnn: retired since 2026-05-30; no replacement recorded [at `"@cf/facebook/bart-large-cnn"`]
pub struct Bart;

#[allow(deprecated)]
#[workers_ai_model("@cf/microsoft/phi-2")]
pub struct Phi;

fn main() {}
