use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "no/such/folder")]
//~ error: cannot read the catalog `$DIR/no/such/folder`: no such file or folder [at `"no/such/folder"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
