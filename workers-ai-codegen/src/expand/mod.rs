//! From the plan to tokens. Nothing is decided here.

mod builder;
mod checked;
mod choice;
mod docs;
mod example;
mod glue;
mod model;
mod object;
mod output;
mod rules;
mod state;
mod ty;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use glue::{Path, join};

use crate::{
    CheckedField, Fill, Target,
    names::ident,
    plan::{LocalForm, Member, Plan},
};

/// What every piece of the expansion needs.
pub(crate) struct Context<'p> {
    pub(crate) plan: &'p Plan<'p>,
    pub(crate) target: &'p Target,
    /// `::workers_ai`
    pub(crate) krate: Path,
    /// `::workers_ai::__private`
    pub(crate) private: Path,
    pub(crate) vis: &'p TokenStream,
    /// Whether every type can be written and read, not only the way its side needs.
    pub(crate) both: bool,
    /// Whether it is a shared type, which belongs to no model.
    pub(crate) shared: bool,
}

impl Context<'_> {
    fn id(&self) -> &str {
        &self.plan.model.id
    }

    /// Whose type it is, for rustdoc.
    fn owner(&self) -> String {
        if self.shared { "several models".to_owned() } else { format!("`{}`", self.id()) }
    }

    /// The type of the model's answers.
    fn output(&self) -> Ident {
        ident(&format!("{}Output", self.plan.name))
    }

    fn local(&self, index: usize) -> Ident {
        ident(self.plan.types.get(index).map_or("Unknown", |local| local.name.as_str()))
    }
}

/// What stands beside a unit struct: input, builder, output and the model itself.
pub(crate) fn tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    let cx = context(plan, target);
    let input = builder::tokens(&cx, &plan.input, true);
    let common = common(&cx, &ident(&plan.input.name));
    let start = model::start(&cx);
    join([common, start, input])
}

/// What stands beside the user's own input struct.
pub(crate) fn checked_tokens(plan: &Plan<'_>, target: &Target, fields: &[(&CheckedField, &Member)]) -> TokenStream {
    let cx = context(plan, target);
    let own = checked::tokens(&cx, fields);
    let common = common(&cx, &target.name);
    join([common, own])
}

fn context<'p>(plan: &'p Plan<'p>, target: &'p Target) -> Context<'p> {
    let krate = &target.krate;
    Context {
        plan,
        target,
        krate: Path::of(krate.clone()),
        private: Path::of(quote!(#krate::__private)),
        vis: &target.vis,
        both: target.both,
        shared: false,
    }
}

/// Calls of the builder, one for each alternative of the input.
pub(crate) fn example_tokens(plan: &Plan<'_>, target: &Target, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    example::tokens(&context(plan, target), fill)
}

/// A shared type and those that it is made of.
pub(crate) fn shape_tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    locals(&Context { both: true, shared: true, ..context(plan, target) })
}

/// The model, its output and the types of both sides.
fn common(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let output = output::tokens(cx);
    let model = model::tokens(cx, input);
    let locals = locals(cx);
    join([model, output, locals])
}

fn locals(cx: &Context<'_>) -> TokenStream {
    join(cx.plan.types.iter().map(|local| match &local.form {
        LocalForm::Built(builder) => builder::tokens(cx, builder, false),
        LocalForm::Read(object) => output::answer_object(cx, object),
        LocalForm::Choice { values, open } => choice::strings(cx, &local.name, values, *open),
        LocalForm::Union { variants, input } => choice::types(cx, &local.name, variants, *input),
        LocalForm::Unused => TokenStream::new(),
    }))
}
