//! `#[workers_ai_model("@cf/…")]`: the item it is on, and which of its forms is meant.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Data, DeriveInput, Fields};

use crate::{
    args::{Arguments, USAGE},
    error::Errors,
    item, lookup, set, target,
};

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
    if let Data::Enum(data) = &parsed.data {
        return set::expand(parsed, data, arguments, errors);
    }
    let Some(id) = &arguments.id else {
        errors.at(Span::call_site(), format!("the model is missing; {USAGE}"));
        return item::without_helpers(parsed).into_token_stream();
    };
    let mut target = target::of(parsed, arguments, id.span());
    let found = match lookup::find(id, arguments) {
        Ok(found) => found,
        Err(error) => {
            errors.at(error.span, error.message);
            // The mistake is reported. The model that was probably meant stands in, so that no second error follows.
            target.lints.extend(quote!(#[allow(deprecated)]));
            match error.stand_in {
                Some(model) => lookup::Found { model: *model, tracked: TokenStream::new() },
                None => return item::without_helpers(parsed).into_token_stream(),
            }
        }
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

/// Returns the item that the attribute is on, or reports what it may be on.
fn structure(item: &TokenStream, errors: &mut Errors) -> Option<DeriveInput> {
    let wants = "`#[workers_ai_model]` must be on a struct (`struct Model;`, or one with the fields of an input) or an enum of models";
    let Ok(parsed) = syn::parse2::<DeriveInput>(item.clone()) else {
        errors.at(first_name(item), wants);
        return None;
    };
    if let (Data::Struct(_), Some(first)) = (&parsed.data, parsed.generics.params.first()) {
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
        Data::Enum(_) => Some(parsed),
        Data::Union(_) => {
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
