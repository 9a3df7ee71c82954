use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-shnell")]
//~ error: no model `@cf/black-forest-labs/flux-1-shnell` in the catalog of $DATE; did you mean `@cf/black-forest-labs/flux-1-schnell`? for a newer model, run `cargo xtask refresh-catalog`, or call it without a type: `ai.model("@cf/black-forest-labs/flux-1-shnell")` [at `"@cf/black-forest-labs/flux-1-shnell"`]
pub struct Flux;

fn run<M: Model + Run, R: Request<M>>(_: M, _: R) {}

fn keep(_: FluxInput) -> Option<FluxOutput> {
    None
}

fn main() {
    run(Flux, Flux::input().prompt("a lighthouse").num_steps(4));
    let input = Flux::input().prompt("a lighthouse").num_steps(1).build();
    let _ = inputs!(Flux { prompt: "a", num_steps: 3 });
    let _ = keep(input);
}
