//! The private module of a model, which hides the fields of an input and the state of a builder from the user's module.
//! Inside it, the types crate has a short name: most of an expansion would be its path otherwise.
//!
//! Its items are `pub` and re-exported with the visibility of the user's struct. They cannot name that struct, which has no
//! path if it is inside a function; everything that names it is generated beside the module.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Context, bounds, builder, input_types, output, output_tokens, tokens::join};
use crate::{
    Target,
    names::{camel, ident, snake},
    plan::{Builder, LocalForm, Plan},
};

/// Generates the module with the types of the input and of the output, and their re-export.
pub(super) fn tokens(plan: &Plan<'_>, target: &Target, input: Option<&Builder>) -> TokenStream {
    let with_output = !plan.output_names_model();
    let names = names(plan, input, with_output);
    if names.is_empty() {
        return TokenStream::new();
    }
    let cx = Context::inside(plan, target);
    let traits = join(builders(plan, input).map(|builder| bounds::tokens(&cx, builder)));
    let main = input.map(|input| builder::tokens(&cx, input, true)).unwrap_or_default();
    let output = if with_output { output_tokens(&cx) } else { TokenStream::new() };
    let types = join([main, input_types(&cx), output]);
    let module = module(target);
    let (vis, private, import) = (&target.vis, &cx.private, import(&target.krate));
    quote! {
        mod #module {
            #import as #private;
            use self::state::*;
            mod state { use super::#private; #traits }
            #types
        }
        #vis use #module::{#(#names),*};
    }
}

/// Returns the name of the module: the struct's in snake case, or the struct's own after one more underscore if another struct
/// could have the same in snake case. No name in snake case that is converted back starts with an underscore.
fn module(target: &Target) -> Ident {
    let name = target.plain_name();
    let snake = snake(&name);
    if camel(&snake) == name { format_ident!("__{snake}") } else { format_ident!("___{name}") }
}

/// Returns every builder of a model.
pub(super) fn builders<'p>(plan: &'p Plan<'_>, input: Option<&'p Builder>) -> impl Iterator<Item = &'p Builder> {
    let parts = plan.types.iter().filter_map(|local| match &local.form {
        LocalForm::Built(builder) => Some(builder),
        _ => None,
    });
    input.into_iter().chain(parts)
}

/// Returns the names of the re-exported types.
fn names(plan: &Plan<'_>, input: Option<&Builder>, with_output: bool) -> Vec<Ident> {
    let built = builders(plan, input).flat_map(|builder| [ident(&builder.name), ident(&builder.builder_name())]);
    let others = plan.types.iter().filter(|local| match local.form {
        LocalForm::Built(_) | LocalForm::Unused => false,
        _ => with_output || !local.is_of_output(),
    });
    let output = with_output.then(|| output::names(plan));
    built.chain(others.map(|local| ident(&local.name))).chain(output.into_iter().flatten()).collect()
}

/// Generates the import of the types crate, up to its name inside the module.
fn import(krate: &TokenStream) -> TokenStream {
    match krate.clone().into_iter().next() {
        Some(TokenTree::Ident(first)) if first == "self" => {
            let rest: TokenStream = krate.clone().into_iter().skip(1).collect();
            quote!(use super #rest::__private)
        }
        Some(TokenTree::Ident(first)) if first == "super" => quote!(use super::#krate::__private),
        // A dependency, or a name of the user's module.
        Some(TokenTree::Ident(first)) if first != "crate" => quote!(use super::*; use #krate::__private),
        _ => quote!(use #krate::__private),
    }
}
