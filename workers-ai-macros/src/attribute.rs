//! `#[workers_ai_model("@cf/…")]`: the item it is on, and which of its two forms is meant.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Fields, Visibility};
use workers_ai_codegen::Target;

use crate::{args::Arguments, error::Errors, item, lookup};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => Some(arguments),
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let parsed = structure(&item, &mut errors);
    let expansion = match (&parsed, &arguments) {
        (Some(parsed), Some(arguments)) => generate(parsed, arguments, &mut errors),
        (Some(parsed), None) => item::without_helpers(parsed).into_token_stream(),
        (None, _) => item,
    };
    let errors = errors.into_tokens();
    quote! { #errors #expansion }
}

/// Returns the item and everything that the attribute puts beside it.
fn generate(parsed: &DeriveInput, arguments: &Arguments, errors: &mut Errors) -> TokenStream {
    let mut lints = lints(parsed);
    let found = match lookup::find(arguments) {
        Ok(found) => found,
        Err(error) => {
            errors.at(error.span, error.message);
            // The mistake is reported. The model that was probably meant stands in, so that no second error follows.
            lints.extend(quote!(#[allow(deprecated)]));
            match error.stand_in {
                Some(model) => lookup::Found { model: *model, tracked: TokenStream::new() },
                None => return item::without_helpers(parsed).into_token_stream(),
            }
        }
    };
    let target = Target {
        name: parsed.ident.clone(),
        vis: visibility(&parsed.vis),
        krate: arguments.krate(),
        id_span: arguments.id.span(),
        lints,
        attributes: attributes(parsed),
        both: cfg!(feature = "serde-both"),
        clone: !derives(parsed, "Clone"),
        copy: !derives(parsed, "Copy"),
    };
    let tracked = found.tracked;
    let expansion = match &parsed.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => {
            item::checked(&found.model, &target, parsed, errors)
        }
        _ => {
            let generated = workers_ai_codegen::model(&found.model, &target);
            quote! { #parsed #generated }
        }
    };
    quote! { #expansion #tracked }
}

/// Returns the struct that the attribute is on, or reports what it may be on.
fn structure(item: &TokenStream, errors: &mut Errors) -> Option<DeriveInput> {
    let wants = "`#[workers_ai_model]` must be on a struct: `struct Model;`, or one with the fields of an input";
    let Ok(parsed) = syn::parse2::<DeriveInput>(item.clone()) else {
        errors.at(first_name(item), wants);
        return None;
    };
    if let Some(first) = parsed.generics.params.first() {
        errors.on(first, "a model struct cannot be generic or borrow: its fields have owned types, such as `String`");
        return None;
    }
    match &parsed.data {
        Data::Struct(data) => {
            match &data.fields {
                Fields::Unnamed(fields) => {
                    errors.on(fields, "the fields of a tuple struct have no names to match; write `struct Model;`, or name the fields");
                    None
                }
                _ => Some(parsed),
            }
        }
        _ => {
            errors.on(&parsed.ident, wants);
            None
        }
    }
}

/// Returns the span of the first word that is not a keyword: in most items the name.
fn first_name(item: &TokenStream) -> Span {
    const BEFORE_NAMES: [&str; 12] =
        ["pub", "crate", "fn", "async", "const", "unsafe", "extern", "mod", "trait", "impl", "type", "static"];
    let name = item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if !BEFORE_NAMES.contains(&ident.to_string().as_str()) => Some(ident.span()),
        _ => None,
    });
    name.unwrap_or_else(Span::call_site)
}

/// Returns whether a derive below the attribute implements a trait.
fn derives(item: &DeriveInput, name: &str) -> bool {
    item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // A mistake in the derive is for the compiler to report.
        let _ = attribute.parse_nested_meta(|derived| {
            found |= derived.path.segments.last().is_some_and(|segment| segment.ident == name);
            Ok(())
        });
        found
    })
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

/// Returns the lint levels that the user set on the item.
fn lints(item: &DeriveInput) -> TokenStream {
    let attributes = item
        .attrs
        .iter()
        .filter(|attribute| ["allow", "warn", "deny", "forbid"].iter().any(|name| attribute.path().is_ident(name)));
    quote!(#(#attributes)*)
}
