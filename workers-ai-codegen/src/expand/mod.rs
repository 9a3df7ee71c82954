//! From the plan to tokens. Nothing is decided here.

mod builder;
mod choice;
mod docs;
mod model;
mod output;
mod rules;
mod state;
mod ty;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    Target,
    names::ident,
    plan::{LocalForm, Plan},
};

/// What every piece of the expansion needs.
pub(crate) struct Context<'p> {
    pub(crate) plan: &'p Plan<'p>,
    pub(crate) target: &'p Target,
    /// `::workers_ai`
    pub(crate) krate: &'p TokenStream,
    /// `::workers_ai::__private`
    pub(crate) private: TokenStream,
    pub(crate) vis: &'p TokenStream,
}

impl Context<'_> {
    fn id(&self) -> &str {
        &self.plan.model.id
    }

    fn local(&self, index: usize) -> Ident {
        ident(self.plan.types.get(index).map_or("Unknown", |local| local.name.as_str()))
    }
}

pub(crate) fn tokens(plan: &Plan<'_>, target: &Target) -> TokenStream {
    let krate = &target.krate;
    let cx = Context { plan, target, krate, private: quote!(#krate::__private), vis: &target.vis };
    let locals = plan.types.iter().map(|local| match &local.form {
        LocalForm::Built(builder) => builder::tokens(&cx, builder, false),
        LocalForm::Read(object) => output::object(&cx, object),
        LocalForm::Choice { values, open } => choice::strings(&cx, &local.name, values, *open),
        LocalForm::Union { variants, input } => choice::types(&cx, &local.name, variants, *input),
        LocalForm::Unused => TokenStream::new(),
    });
    let input = builder::tokens(&cx, &plan.input, true);
    let output = output::tokens(&cx);
    let model = model::tokens(&cx);
    quote! { #model #input #output #(#locals)* }
}
