use workers_ai::prelude::*;

#[deprecated = "use `Phoenix`"]
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = Flux::input();
    //~ warning: use of deprecated struct `Flux`: use `Phoenix` [at `Flux`]
}
