//! The macros of `workers-ai`. Use them from there: `workers_ai::{workers_ai_model, inputs}`.
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]

mod attribute;
mod error;
mod inputs;
mod item;
mod lookup;

use proc_macro::TokenStream;

/// Turns one model of the Workers AI catalog into Rust types.
///
/// On a unit struct it generates the model's input with its builder, its output, and the impl of `Model`:
///
/// ```
/// use workers_ai::prelude::*;
///
/// #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
/// pub struct Flux;
///
/// let input = Flux::input().prompt("a lighthouse at dusk").num_steps(4).build();
/// ```
///
/// On a struct with fields it checks that the struct can serve as the model's input, and makes it a model of its own.
///
/// After the id may follow `catalog = "path"` (a catalog folder or one model's file, absolute or relative to the
/// manifest) and `crate = path` (where `workers-ai` is, if it was renamed).
#[proc_macro_attribute]
pub fn workers_ai_model(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(arguments.into(), item.into()).into()
}

/// An input written like a struct, whose literals are checked against the model's rules at compile time.
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
/// # pub struct Flux;
/// let input = inputs!(Flux { prompt: "a lighthouse at dusk", num_steps: 4 });
/// ```
#[proc_macro]
pub fn inputs(input: TokenStream) -> TokenStream {
    inputs::expand(input.into()).into()
}
