//! The macros of `workers-ai`, which re-exports them: `workers_ai::{workers_ai_model, inputs}`.
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]

mod args;
mod attribute;
mod error;
mod inputs;
mod item;
mod lookup;
mod set;
mod target;
mod value;

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
/// | item | what it is |
/// | --- | --- |
/// | `Flux::input()` | starts a `FluxInputBuilder`, which has a setter for each field |
/// | `.prompt(…)`, `.maybe_prompt(…)` | set a field; the second takes an `Option`, for fields that are not required |
/// | `FluxInput` | the complete input: what `.build()` returns, or the builder itself where a call is made |
/// | `FluxInput::validate()` | checks lengths and bounds; a call does it before anything is sent |
/// | `FluxOutput` | the output, with public fields |
/// | `Llama::batch_item()` | starts an item of a batch, for models that take fewer fields there |
/// | `Flux::INFO` | what the catalog knows of the model: limits, prices, capabilities, dates |
///
/// The struct is `Copy` and `Clone`. Write other derives below the attribute. A `Copy` or `Clone` derived above it conflicts with the
/// generated one (E0119), as do an `impl Clone` written by hand and an `impl Drop` (E0184).
///
/// On a struct with fields, it checks that the struct can be the model's input, implements `Serialize` for it (so do not derive
/// that), and makes it a model of its own. `#[wire(rename = "…")]` on a field names the model's field that it stands for, and
/// `#[wire(skip)]` leaves one out.
///
/// On an enum, it makes a model that is chosen at run time. Each variant names one model, and the enum's input has what all of them
/// take:
///
/// ```
/// use workers_ai::prelude::*;
///
/// /// The models that this program may be configured with.
/// #[workers_ai_model]
/// pub enum Assistant {
///     #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
///     Llama,
///     #[model("@cf/zai-org/glm-5.2")]
///     Glm,
/// }
///
/// let model: Assistant = "glm".parse()?;
/// assert_eq!(model.id(), "@cf/zai-org/glm-5.2");
/// let input = Assistant::input().messages([user("hi")]).max_tokens(300).build();
/// # Ok::<(), workers_ai::UnknownModel>(())
/// ```
///
/// The enum is `Copy`, `Debug`, `Eq` and `Hash`, parses IDs and names of variants, and is displayed and serialized as the ID. Write other
/// derives below the attribute. Its models must be of one kind: chats, embeddings of one length, images, speech, or models of one task; a
/// model that requires a field that another one does not have is a compile error.
///
/// # Options
///
/// After the ID, or alone on an enum:
///
/// - `catalog = "path"`: a catalog folder, or a file: that of one model, or an answer of the service's schema API; absolute or relative to
///   the manifest. An answer of the schema API has no facts: no prices and limits, no tools, no images in messages.
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
///
/// A part of an input is written like a struct, too. A struct of your own as a value needs parentheses, because the macro cannot tell the
/// one from the other:
///
/// ```
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
/// # pub struct Glm;
/// use workers_ai::shapes::{WebSearchOptions, WebSearchOptionsSearchContextSize::Low};
///
/// struct Sampling {
///     celsius: f64,
/// }
///
/// impl From<Sampling> for f64 {
///     fn from(sampling: Sampling) -> f64 {
///         sampling.celsius / 100.0
///     }
/// }
///
/// let input = inputs!(Glm {
///     messages: [user("What is new in Rust?")],
///     temperature: (Sampling { celsius: 37.0 }),
///     web_search_options: WebSearchOptions { search_context_size: Low },
/// });
/// ```
#[proc_macro]
pub fn inputs(input: TokenStream) -> TokenStream {
    inputs::expand(input.into()).into()
}
