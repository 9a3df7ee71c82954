//! The second form of the attribute: the user's own struct, checked against the model's input.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DeriveInput, Field, Ident, LitStr, Token, ext::IdentExt};
use workers_ai_catalog::Model;
use workers_ai_codegen::{CheckedField, Target};

use crate::error::Errors;

/// The options of `#[wire(…)]` on a field.
#[derive(Default)]
struct Wire {
    rename: Option<LitStr>,
    skip: bool,
}

/// Returns the item without the attributes of fields and variants that are for this macro.
pub(crate) fn without_helpers(item: &DeriveInput) -> DeriveInput {
    let mut item = item.clone();
    match &mut item.data {
        Data::Struct(data) => {
            for field in &mut data.fields {
                field.attrs.retain(|attribute| !attribute.path().is_ident("wire"));
            }
        }
        Data::Enum(data) => {
            for variant in &mut data.variants {
                variant.attrs.retain(|attribute| !attribute.path().is_ident("model"));
            }
        }
        Data::Union(_) => {}
    }
    item
}

pub(crate) fn checked(model: &Model, target: &Target, item: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let mut fields = Vec::new();
    if let Data::Struct(data) = &item.data {
        for field in &data.fields {
            if let Some(field) = read(field, errors) {
                fields.push(field);
            }
        }
    }
    let (generated, mistakes) = workers_ai_codegen::checked(model, target, &fields);
    for (span, message) in mistakes {
        errors.at(span, message);
    }
    let item = without_helpers(item);
    quote! { #item #generated }
}

fn read(field: &Field, errors: &mut Errors) -> Option<CheckedField> {
    let ident: Ident = field.ident.clone()?;
    let mut wire = Wire::default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("wire")) {
        if let Err(error) = options(attribute, &mut wire) {
            errors.push(error);
        }
    }
    if wire.skip {
        return None;
    }
    let name = wire.rename.as_ref().map_or_else(|| ident.unraw().to_string(), LitStr::value);
    let span: Span = wire.rename.as_ref().map_or_else(|| ident.span(), LitStr::span);
    let renamed = wire.rename.is_some();
    let for_serde = field.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    Some(CheckedField { ident, name, renamed, for_serde, span, ty: field.ty.to_token_stream() })
}

fn options(attribute: &Attribute, wire: &mut Wire) -> syn::Result<()> {
    attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "skip" {
                wire.skip = true;
            } else if key == "rename" {
                input.parse::<Token![=]>()?;
                wire.rename = Some(input.parse()?);
            } else {
                return Err(syn::Error::new_spanned(
                    &key,
                    format!("unknown option `{key}`; the options are `rename = \"name\"` and `skip`"),
                ));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    })
}
