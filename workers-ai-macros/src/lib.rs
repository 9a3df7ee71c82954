//! The macros of `workers-ai`, which re-exports them: `workers_ai::{workers_ai_model, inputs}`.
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]

mod args;
mod attribute;
mod error;
mod inputs;
mod item;
mod lookup;

use proc_macro::TokenStream;

/// Turns a model of the Workers AI catalog into Rust types.
///
/// On a unit struct, it generates the model's input with a builder, its output, and the impl of `Model`:
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
/// The struct is `Copy` and `Clone`. Put further derives below the attribute, `#[derive(Copy, Clone)]` among them only if
/// you like to see it: a derive of either above the attribute conflicts with the generated impl (E0119).
///
/// On a struct with fields, it checks that the struct can serve as the model's input, and makes it a model of its own.
/// `#[wire(rename = "…")]` on a field names the model's field that it stands for, and `#[wire(skip)]` leaves one out.
///
/// # Options
///
/// After the ID:
///
/// - `catalog = "path"`: a catalog folder, or the file of one model; absolute or relative to the manifest.
/// - `crate = path`: the path of `workers-ai`, if it is not `::workers_ai`. Inside a function, a relative path starts at the
///   enclosing module.
#[proc_macro_attribute]
pub fn workers_ai_model(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(arguments.into(), item.into()).into()
}

/// Builds an input that is written like a struct, and checks its literals against the model's rules at compile time.
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
