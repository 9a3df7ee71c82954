use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let builder = Flux::input().prompt("a lighthouse");
    let _ = FluxInputBuilder { fields: builder.fields, state: std::marker::PhantomData };
    //~ error: field `fields` of struct `FluxInputBuilder` is private [at `fields`]
}
