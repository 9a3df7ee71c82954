//! Reads from the item with the attribute what the generator needs to know.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, DeriveInput, Visibility};
use workers_ai_codegen::Target;

use crate::args::Arguments;

/// Returns what the generator needs to know.
pub(crate) fn of(parsed: &DeriveInput, arguments: &Arguments, id_span: Span) -> Target {
    Target {
        name: parsed.ident.clone(),
        vis: visibility(&parsed.vis),
        krate: arguments.krate(),
        id_span,
        lints: lints(&parsed.attrs),
        attributes: attributes(parsed),
        both: cfg!(feature = "serde-both"),
        derives: derives(parsed),
    }
}

/// Returns the names of the traits that are derived below the attribute.
fn derives(item: &DeriveInput) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // A mistake in the derive is for the compiler to report.
        let _ = attribute.parse_nested_meta(|derived| {
            names.extend(derived.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    names
}

/// Returns the struct's visibility for generated items. With the spans of a `macro_rules!` that contains the struct, the compiler
/// would take these items for handwritten and report those that are never used.
fn visibility(vis: &Visibility) -> TokenStream {
    let tokens = vis.to_token_stream().into_iter().map(|mut token| {
        token.set_span(Span::call_site());
        token
    });
    tokens.collect()
}

/// Returns the attributes of generated items, which name the struct even if the user deprecated it.
fn attributes(item: &DeriveInput) -> TokenStream {
    let deprecated = item.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
    if deprecated { quote!(#[allow(deprecated)]) } else { TokenStream::new() }
}

/// Returns the lint levels among attributes.
pub(crate) fn lints(attributes: &[Attribute]) -> TokenStream {
    let attributes = attributes
        .iter()
        .filter(|attribute| ["allow", "warn", "deny", "forbid"].iter().any(|name| attribute.path().is_ident(name)));
    quote!(#(#attributes)*)
}
