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
mod setter;
mod state;
mod tokens;
mod ty;
mod union;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use tokens::{Fragment, attributed, join};

use crate::{
    CheckedField, Fill, Target,
    names::ident,
    plan::{Builder, LocalForm, Member, Plan},
};

/// The context of an expansion.
pub(crate) struct Context<'p> {
    pub(crate) plan: &'p Plan<'p>,
    pub(crate) target: &'p Target,
    /// `::workers_ai`
    pub(crate) krate: Fragment,
    /// `::workers_ai::__private`
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
    fn new(plan: &'p Plan<'p>, target: &'p Target) -> Self {
        Self::with(plan, target, &target.krate, target.vis.clone())
    }

    fn with(plan: &'p Plan<'p>, target: &'p Target, krate: &TokenStream, vis: TokenStream) -> Self {
        Self {
            plan,
            target,
            krate: Fragment::new(krate.clone()),
            private: Fragment::new(quote!(#krate::__private)),
            path: target.krate.to_string(),
            vis: Fragment::new(vis),
            both: target.both,
            shared: false,
        }
    }

    fn id(&self) -> &str {
        &self.plan.model.id
    }

    /// Returns the model that a type belongs to, for rustdoc.
    fn owner(&self) -> String {
        if self.shared { "several models".to_owned() } else { format!("`{}`", self.id()) }
    }

    /// Returns the name of the output type.
    fn output(&self) -> Ident {
        ident(&format!("{}Output", self.plan.name))
    }

    fn local(&self, index: usize) -> Ident {
        ident(self.plan.types.get(index).map_or("Unknown", |local| local.name.as_str()))
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
    let cx = Context::new(plan, target);
    let model = model(&cx, &ident(&plan.input.name));
    let start = model::start(&cx);
    let requests = request::tokens(&cx);
    let hidden = hidden::tokens(plan, target, Some(&plan.input));
    let items = join([model::copy(target), model, start, requests, hidden]);
    join([attributed(&target.attributes, items), model::deprecation(&cx)])
}

/// Generates everything that belongs to the user's own input struct.
pub(crate) fn checked_tokens(plan: &Plan<'_>, target: &Target, fields: &[(&CheckedField, &Member)]) -> TokenStream {
    let cx = Context::new(plan, target);
    let own = checked::tokens(&cx, fields);
    let model = model(&cx, &target.name);
    let hidden = hidden::tokens(plan, target, None);
    let items = join([model, own, hidden]);
    join([attributed(&target.attributes, items), model::deprecation(&cx)])
}

/// Generates calls of the builder, one for each alternative of the input.
pub(crate) fn example_tokens(plan: &Plan<'_>, target: &Target, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    example::tokens(&Context::new(plan, target), fill)
}

/// Generates functions that read every member of the output.
pub(crate) fn reading_tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    reading::tokens(&Context::new(plan, target))
}

/// Generates a shared type and its parts.
pub(crate) fn shape_tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    let cx = Context { both: true, shared: true, ..Context::new(plan, target) };
    let states = hidden::builders(plan, None).map(|builder| bounds::tokens(&cx, builder));
    join(states.chain([input_types(&cx), output_types(&cx)]))
}

/// Generates the impls of the model, its output and the parts of the output.
fn model(cx: &Context<'_>, input: &Ident) -> TokenStream {
    join([model::tokens(cx, input), output::tokens(cx), output_types(cx)])
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
