//! Generates Rust code for a model of the Workers AI catalog: the intermediate form of one model in, tokens out.
//!
//! It knows nothing about files, HTTP or the syntax of the attribute. `workers-ai-macros` and `cargo xtask expand` call it.
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
use workers_ai_catalog::{Model, Set};

/// The user's struct or enum that code is generated for.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name, which is the prefix of every generated name.
    pub name: Ident,
    /// Its visibility, which every generated type shares.
    pub vis: TokenStream,
    /// The path by which the user's crate knows `workers-ai`.
    pub krate: TokenStream,
    /// The span of the model's ID.
    pub id_span: Span,
    /// Its lint attributes, such as `#[allow(…)]`.
    pub lints: TokenStream,
    /// The attributes of every generated item: `#[allow(deprecated)]` if the user deprecated the struct, which the items name.
    pub attributes: TokenStream,
    /// Whether every type can be written and read, not only in the direction that its side needs.
    pub both: bool,
    /// The names of the traits that the user derives below the attribute.
    pub derives: Vec<String>,
}

impl Target {
    /// Returns the name without the `r#` of a raw identifier.
    fn plain_name(&self) -> String {
        let name = self.name.to_string();
        name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
    }

    /// Returns whether the user derives a trait.
    fn derives(&self, name: &str) -> bool {
        self.derives.iter().any(|derived| derived == name)
    }

    /// Returns a target for a public struct with that name and call-site spans.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: names::ident(name),
            vis: quote::quote!(pub),
            krate: quote::quote!(::workers_ai),
            id_span: Span::call_site(),
            lints: TokenStream::new(),
            attributes: TokenStream::new(),
            both: false,
            derives: Vec::new(),
        }
    }
}

/// The shared types that `workers-ai-types` defines by hand. [`shape`] generates all others.
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

/// Generates the shared type with that name, from its [description](workers_ai_catalog::shape) as the type of a model.
#[must_use]
pub fn shape(model: &Model, root: usize, name: &str) -> TokenStream {
    let target = Target { krate: quote::quote!(crate), ..Target::named(name) };
    expand::shape_tokens(&lower::shape(model, root, name), &target)
}

/// How many fields of an input an example sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Only required fields.
    Required,
    /// Every field, except those of generated shared types.
    All,
}

/// Generates calls of a model's builder: one for each alternative of the input, with the field that selects it.
#[must_use]
pub fn example(model: &Model, target: &Target, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    expand::example_tokens(&lower::plan(model, &target.plain_name()), target, fill)
}

/// Generates functions that read every member of a model's output and of its parts.
#[must_use]
pub fn reading(model: &Model, target: &Target) -> TokenStream {
    expand::reading_tokens(&lower::plan(model, &target.plain_name()), target)
}

/// Generates everything that `#[workers_ai_model]` adds to a unit struct.
#[must_use]
pub fn model(model: &Model, target: &Target) -> TokenStream {
    expand::tokens(&lower::plan(model, &target.plain_name()), target)
}

/// A variant of the user's enum, with its model.
#[derive(Debug, Clone)]
pub struct SetVariant<'m> {
    /// The variant's name.
    pub name: Ident,
    /// The span of the model's ID.
    pub id_span: Span,
    /// The variant's lint attributes.
    pub lints: TokenStream,
    /// The model.
    pub model: &'m Model,
}

impl<'m> SetVariant<'m> {
    /// Returns a variant with that name and call-site spans.
    #[must_use]
    pub fn named(name: &str, model: &'m Model) -> Self {
        Self { name: names::ident(name), id_span: Span::call_site(), lints: TokenStream::new(), model }
    }
}

/// Generates everything that `#[workers_ai_model]` adds to an enum whose variants are models.
#[must_use]
pub fn set(set: &Set, variants: &[SetVariant<'_>], target: &Target) -> TokenStream {
    let mut plan = lower::plan(&set.common, &target.plain_name());
    plan.set = Some(lower::set(set, variants, &target.plain_name()));
    expand::set_tokens(&plan, set, variants, target)
}
