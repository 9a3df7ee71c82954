//! Generates Rust from the Workers AI model catalog: one model of the intermediate form in, tokens out.
//!
//! Knows nothing of files, of HTTP, or of how the attribute is written; `workers-ai-macros` and `cargo xtask expand` call it.
//!
//! ```
//! # fn main() -> Result<(), workers_ai_catalog::Error> {
//! let model = workers_ai_catalog::Catalog::embedded().model("@cf/black-forest-labs/flux-1-schnell")?;
//! let tokens = workers_ai_codegen::model(&model, &workers_ai_codegen::Target::named("Flux"));
//! assert!(tokens.to_string().contains("FluxInput"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]

mod checked;
mod expand;
mod lower;
mod names;
mod plan;

pub use checked::{CheckedField, Mistake, checked};
use proc_macro2::{Ident, Span, TokenStream};
use workers_ai_catalog::Model;

/// What the generated code hangs on: the user's struct.
#[derive(Debug, Clone)]
pub struct Target {
    /// The struct's name, which every generated name starts with.
    pub name: Ident,
    /// Its visibility, which everything generated shares.
    pub vis: TokenStream,
    /// The path by which the user's crate knows `workers-ai`.
    pub krate: TokenStream,
    /// Where the model's id stands in the user's code.
    pub id_span: Span,
    /// The item's own `#[allow(…)]` and `#[expect(…)]` attributes.
    pub lints: TokenStream,
    /// Whether every type can be written and read, not only in the direction that its side needs.
    pub both: bool,
    /// Whether a unit struct lacks `Clone`.
    pub clone: bool,
    /// Whether a unit struct lacks `Copy`.
    pub copy: bool,
}

impl Target {
    /// The name without the `r#` of a raw identifier, for names that start with it.
    fn plain_name(&self) -> String {
        let name = self.name.to_string();
        name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
    }

    /// A public struct of that name, with spans that lead nowhere.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: names::ident(name),
            vis: quote::quote!(pub),
            krate: quote::quote!(::workers_ai),
            id_span: Span::call_site(),
            lints: TokenStream::new(),
            both: false,
            clone: true,
            copy: true,
        }
    }
}

/// The types written by hand in `workers-ai-types`; every other shape is generated there by [`shape`].
pub const WRITTEN_BY_HAND: [&str; 21] = [
    "Audio",
    "Base64Data",
    "ByteArray",
    "ChatCompletion",
    "Contexts",
    "DataUri",
    "Effort",
    "Embeddings",
    "FormFile",
    "Image",
    "Messages",
    "NativeFormat",
    "OpenAiFormat",
    "Pooling",
    "RawBody",
    "LegacyResponse",
    "ToolCall",
    "ToolChoice",
    "Tools",
    "Usage",
    "String",
];

/// A shared type of that name, made of a type of a model that [spells it out](workers_ai_catalog::Catalog::model_spelling_out).
#[must_use]
pub fn shape(model: &Model, root: usize, name: &str) -> TokenStream {
    let target = Target { krate: quote::quote!(crate), ..Target::named(name) };
    expand::shape_tokens(&lower::shape(model, root, name), &target)
}

/// How much of an input an example fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// What must be there.
    Required,
    /// Everything, but for fields of generated shared types.
    All,
}

/// Calls of a model's builder: one for each alternative of the input, with the field that decides for it.
#[must_use]
pub fn example(model: &Model, target: &Target, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    expand::example_tokens(&lower::plan(model, &target.plain_name()), target, fill)
}

/// Everything that `#[workers_ai_model]` puts beside a unit struct.
#[must_use]
pub fn model(model: &Model, target: &Target) -> TokenStream {
    expand::tokens(&lower::plan(model, &target.plain_name()), target)
}
