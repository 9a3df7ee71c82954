use workers_ai::prelude::*;

#[workers_ai_model("@cf/deepgram/flux")]
pub struct Listener;

fn run<M: Model + Run>(_: M) {}

fn main() {
    run(Listener);
    //~ error: `Listener` cannot be run [at `Listener`]
}
