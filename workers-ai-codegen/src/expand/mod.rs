//! Turns a plan into tokens. Nothing is decided here.

mod bounds;
mod builder;
mod checked;
mod choice;
mod docs;
mod example;
mod hidden;
mod model;
mod object;
mod output;
mod reading;
mod request;
mod rules;
mod set;
mod setter;
mod state;
mod tokens;
mod ty;
mod union;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tokens::{Fragment, attributed, braces, join};
use workers_ai_catalog::Set;

use crate::{
    CheckedField, Fill, SetVariant, Target,
    names::ident,
    plan::{Builder, LocalForm, Member, Plan},
};

/// The context of an expansion.
pub(crate) struct Context<'p> {
    pub(crate) plan: &'p Plan<'p>,
    pub(crate) target: &'p Target,
    /// `::workers_ai::__private`, or its short name
    pub(crate) private: Fragment,
    /// The crate's path as text.
    path: String,
    pub(crate) vis: Fragment,
    /// Whether every type can be written and read, not only in the direction that its side needs.
    pub(crate) both: bool,
    /// Whether it is a shared type, which belongs to no model.
    pub(crate) shared: bool,
}

impl<'p> Context<'p> {
    /// Returns the context of items beside the user's struct.
    fn beside(plan: &'p Plan<'p>, target: &'p Target) -> Self {
        let krate = &target.krate;
        Self::with(plan, target, quote!(#krate::__private), target.vis.clone())
    }

    /// Returns the context of the impls that name the user's struct.
    fn impls(plan: &'p Plan<'p>, target: &'p Target) -> Self {
        Self::with(plan, target, quote!(__w), target.vis.clone())
    }

    /// Returns the context of items in the model's private module, and of shared types.
    fn inside(plan: &'p Plan<'p>, target: &'p Target) -> Self {
        Self::with(plan, target, quote!(__w), quote!(pub))
    }

    fn with(plan: &'p Plan<'p>, target: &'p Target, private: TokenStream, vis: TokenStream) -> Self {
        Self {
            plan,
            target,
            private: Fragment::new(private),
            path: target.krate.to_string(),
            vis: Fragment::new(vis),
            both: target.both,
            shared: false,
        }
    }

    fn id(&self) -> &str {
        &self.plan.model.id
    }

    /// Returns the name of the model or set for messages of the compiler.
    fn told(&self) -> String {
        if self.plan.set.is_some() { format!("`{}`", self.id()) } else { self.id().to_owned() }
    }

    /// Returns the model that a type belongs to, for rustdoc.
    fn owner(&self) -> String {
        if self.shared { "several models".to_owned() } else { format!("`{}`", self.id()) }
    }

    /// Returns the name of the output type.
    fn output(&self) -> Ident {
        ident(&self.plan.output_name())
    }

    fn local(&self, index: usize) -> Ident {
        ident(self.plan.types.get(index).map_or("Unknown", |local| local.name.as_str()))
    }

    /// Returns whether a type is an enum of strings that has no other value.
    fn is_closed_choice(&self, index: usize) -> bool {
        let form = self.plan.types.get(index).map(|local| &local.form);
        matches!(form, Some(LocalForm::Choice { open: false, .. }))
    }

    /// Returns whether an input's members are kept that the catalog does not name: those that are set, and those that are read.
    fn keeps_others(&self, builder: &Builder) -> bool {
        builder.open || (self.both && !self.shared && !builder.closed)
    }

    /// Returns a name for a generic parameter that hides neither the user's struct, nor a generated type, nor the crate's path.
    fn parameter(&self, name: &str) -> String {
        let generated = name
            .strip_prefix(self.plan.name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("Input") || rest.starts_with("Output"));
        if generated || self.path.split("::").any(|segment| segment.trim() == name) {
            self.parameter(&format!("{name}State"))
        } else {
            name.to_owned()
        }
    }
}

/// Generates everything that belongs to a unit struct: input, builder, output and the impls of the model.
pub(crate) fn tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    let cx = Context::impls(plan, target);
    let model = model::tokens(&cx, &ident(&plan.input.name));
    let impls = [model::copy(&cx), model, model::start(&cx), request::tokens(&cx)];
    join([all(plan, target, impls, Some(&plan.input)), deprecation(plan, target)])
}

/// Generates everything that belongs to the user's own input struct.
pub(crate) fn checked_tokens(plan: &Plan<'_>, target: &Target, fields: &[(&CheckedField, &Member)]) -> TokenStream {
    let cx = Context::impls(plan, target);
    let impls = [model::tokens(&cx, &target.name), checked::tokens(&cx, fields)];
    join([all(plan, target, impls, None), deprecation(plan, target)])
}

fn deprecation(plan: &Plan<'_>, target: &Target) -> TokenStream {
    model::deprecation(plan.model, target.id_span, &target.lints)
}

/// Generates everything that belongs to an enum of models.
pub(crate) fn set_tokens(plan: &Plan<'_>, set: &Set, variants: &[SetVariant<'_>], target: &Target) -> TokenStream {
    let cx = Context::impls(plan, target);
    let impls = [set::tokens(&cx, set, variants), model::start(&cx), request::tokens(&cx)];
    let warnings = variants.iter().map(|variant| {
        let lints = join([target.lints.clone(), variant.lints.clone()]);
        model::deprecation(variant.model, variant.id_span, &lints)
    });
    join([all(plan, target, impls, Some(&plan.input))].into_iter().chain(warnings))
}

/// Generates all items, from the impls that name the user's struct.
fn all(
    plan: &Plan<'_>,
    target: &Target,
    impls: impl IntoIterator<Item = TokenStream>,
    input: Option<&Builder>,
) -> TokenStream {
    let krate = &target.krate;
    let impls = join([quote!(use #krate::__private as __w;)].into_iter().chain(impls));
    let impls = attributed(&target.attributes, join([braces(quote!(const _: () =), impls), quote!(;)]));
    let beside = Context::beside(plan, target);
    let output = if plan.output_names_model() { output_tokens(&beside) } else { TokenStream::new() };
    let items = attributed(&target.attributes, join([output, hidden::tokens(plan, target, input)]));
    join([impls, items])
}

/// Generates calls of the builder, one for each alternative of the input.
pub(crate) fn example_tokens(plan: &Plan<'_>, target: &Target, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    example::tokens(&Context::beside(plan, target), fill)
}

/// Generates functions that read every member of the output.
pub(crate) fn reading_tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    reading::tokens(&Context::beside(plan, target))
}

/// Generates a shared type and its parts.
pub(crate) fn shape_tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    let cx = Context { both: true, shared: true, ..Context::inside(plan, target) };
    let states = hidden::builders(plan, None).map(|builder| bounds::tokens(&cx, builder));
    join(states.chain([input_types(&cx), output_types(&cx)]))
}

/// Generates the output and its parts.
fn output_tokens(cx: &Context<'_>) -> TokenStream {
    join([output::tokens(cx), output_types(cx)])
}

/// Generates the parts of the input.
fn input_types(cx: &Context<'_>) -> TokenStream {
    join(cx.plan.types.iter().map(|local| match &local.form {
        LocalForm::Built(builder) => builder::tokens(cx, builder, false),
        LocalForm::Choice { values, open: false } => choice::closed(cx, &local.name, values),
        LocalForm::Union { variants, input: true } => choice::types(cx, &local.name, variants, true),
        _ => TokenStream::new(),
    }))
}

/// Generates the parts of the output.
fn output_types(cx: &Context<'_>) -> TokenStream {
    join(cx.plan.types.iter().map(|local| match &local.form {
        LocalForm::Read(object) => output::object(cx, object),
        LocalForm::Choice { values, open: true } => choice::open(cx, &local.name, values),
        LocalForm::Union { variants, input: false } => choice::types(cx, &local.name, variants, false),
        _ => TokenStream::new(),
    }))
}
