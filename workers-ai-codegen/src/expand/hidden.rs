//! The private module of a model, which hides the fields of an input and the state of a builder from the user's module.
//!
//! Its items are `pub` and re-exported with the visibility of the user's struct. They cannot name that struct, which has no
//! path if it is inside a function; everything that names it is generated beside the module.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Context, bounds, builder, input_types, tokens::join};
use crate::{
    Target,
    names::{camel, ident, snake},
    plan::{Builder, LocalForm, Plan},
};

/// Generates the module with the types of the input, and their re-export.
pub(super) fn tokens(plan: &Plan<'_>, target: &Target, input: Option<&Builder>) -> TokenStream {
    let names = names(plan, input);
    if names.is_empty() {
        return TokenStream::new();
    }
    let krate = Krate::new(&target.krate);
    let cx = Context::with(plan, target, &krate.path, quote!(pub));
    let traits = join(builders(plan, input).map(|builder| bounds::tokens(&cx, builder)));
    let main = input.map(|input| builder::tokens(&cx, input, true)).unwrap_or_default();
    let types = input_types(&cx);
    let module = module(target);
    let (vis, imports, imports_below) = (&target.vis, krate.imports, krate.imports_below);
    quote! {
        mod #module {
            #imports
            use self::state::*;
            mod state { #imports_below #traits }
            #main
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
fn names(plan: &Plan<'_>, input: Option<&Builder>) -> Vec<Ident> {
    let built = builders(plan, input).flat_map(|builder| [ident(&builder.name), ident(&builder.builder_name())]);
    let choices = plan.types.iter().filter_map(|local| match &local.form {
        LocalForm::Choice { open: false, .. } | LocalForm::Union { input: true, .. } => Some(ident(&local.name)),
        _ => None,
    });
    built.chain(choices).collect()
}

/// The path of `workers-ai` inside the module, and the imports that it needs.
struct Krate {
    path: TokenStream,
    imports: TokenStream,
    imports_below: TokenStream,
}

impl Krate {
    fn new(krate: &TokenStream) -> Self {
        let first = krate.clone().into_iter().next();
        let from_module = match &first {
            Some(TokenTree::Ident(first)) if first == "self" => {
                let rest = krate.clone().into_iter().skip(1);
                let rest: TokenStream = rest.collect();
                quote!(use super #rest as __workers_ai;)
            }
            Some(TokenTree::Ident(first)) if first == "super" => quote!(use super::#krate as __workers_ai;),
            // A dependency, or a name of the user's module.
            Some(TokenTree::Ident(first)) if first != "crate" => quote!(use super::*; use #krate as __workers_ai;),
            _ => {
                return Self { path: krate.clone(), imports: TokenStream::new(), imports_below: TokenStream::new() };
            }
        };
        Self {
            path: quote!(self::__workers_ai),
            imports: from_module,
            imports_below: quote!(
                use super::__workers_ai;
            ),
        }
    }
}
