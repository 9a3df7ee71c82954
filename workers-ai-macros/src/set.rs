//! The third form of the attribute: an enum whose variants are models.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Fields, Generics, LitStr, Token, Variant, ext::IdentExt, parse::ParseStream,
};
use workers_ai_catalog::{Conflict, Member, Model, Set};
use workers_ai_codegen::{SetVariant, Target};

use crate::{
    args::Arguments,
    error::Errors,
    item, lookup,
    target::{self, lints},
};

/// The traits that every set derives.
const DERIVED: [&str; 6] = ["Clone", "Copy", "Debug", "PartialEq", "Eq", "Hash"];

/// A variant, and the model that its attribute names.
struct Found<'i> {
    variant: &'i Variant,
    id: LitStr,
    lints: TokenStream,
    model: Model,
    tracked: TokenStream,
}

pub(crate) fn expand(item: &DeriveInput, data: &DataEnum, arguments: &Arguments, errors: &mut Errors) -> TokenStream {
    let mut declared = item::without_helpers(item);
    if let Some(first) = item.generics.params.first() {
        errors.on(first, "an enum of models cannot be generic: its values are the models");
        // A parameter that no variant uses would be a second error.
        declared.generics = Generics::default();
    }
    if let Data::Enum(data) = &mut declared.data {
        data.variants.iter_mut().for_each(|variant| variant.attrs.retain(|attribute| !is_conditional(attribute)));
    }
    if let Some(id) = &arguments.id {
        errors.at(id.span(), "the models of an enum are on its variants: `#[model(\"@cf/author/model\")]`");
    }
    if data.variants.is_empty() {
        errors.at(item.ident.span(), "a set needs at least one model: `#[model(\"@cf/author/model\")] Name`");
    }
    let found: Vec<Found<'_>> = data.variants.iter().filter_map(|variant| find(variant, arguments, errors)).collect();
    for (at, one) in found.iter().enumerate() {
        if let Some(before) = found[..at].iter().find(|before| before.id.value() == one.id.value()) {
            let (this, that) = (&one.variant.ident, &before.variant.ident);
            errors.at(one.id.span(), format!("`{this}` and `{that}` are the same model"));
        }
    }
    let is_sound = errors.is_empty();
    let is_named_twice = |at: usize| found[..at].iter().any(|other| other.variant.ident == found[at].variant.ident);
    if found.is_empty() || found.len() < data.variants.len() || (0..found.len()).any(is_named_twice) {
        return declared.into_token_stream();
    }
    let mut target = target::of(item, arguments, item.ident.span());
    if data.variants.iter().flat_map(|variant| &variant.attrs).any(|of| of.path().is_ident("deprecated")) {
        target.attributes = quote!(#[allow(deprecated)]);
    }
    let generated = generate(&found, &target, is_sound, errors);
    let derives = DERIVED.iter().filter(|name| !target.derives.iter().any(|derived| derived == *name));
    let derives = derives.map(|name| quote::format_ident!("{name}"));
    let krate = &target.krate;
    let tracked = found.iter().map(|found| &found.tracked);
    quote! { #[derive(#(#krate::__private::#derives),*)] #declared #generated #(#tracked)* }
}

/// Generates the set. If its models do not go together, which is reported, the first stands for all: no second error follows.
fn generate(found: &[Found<'_>], target: &Target, is_sound: bool, errors: &mut Errors) -> TokenStream {
    let models: Vec<&Model> = found.iter().map(|found| &found.model).collect();
    match set(found, &models, target) {
        Ok(generated) => generated,
        Err(conflict) => {
            if is_sound {
                let span = found.get(conflict.at).map_or(target.id_span, |found| found.variant.ident.span());
                errors.at(span, conflict.text);
            }
            // Of the first, which stands at the place of others, nothing is said there.
            let mut target = target.clone();
            target.lints.extend(quote!(#[allow(deprecated)]));
            set(found, &vec![models[0]; models.len()], &target).unwrap_or_default()
        }
    }
}

fn set(found: &[Found<'_>], models: &[&Model], target: &Target) -> Result<TokenStream, Conflict> {
    let names: Vec<String> = found.iter().map(|found| found.variant.ident.unraw().to_string()).collect();
    let members = names.iter().zip(models).map(|(name, model)| Member { name, model });
    let set = Set::of(&target.name.unraw().to_string(), &members.collect::<Vec<_>>())?;
    let variants = found.iter().zip(models).map(|(found, model)| SetVariant {
        name: found.variant.ident.clone(),
        id_span: found.id.span(),
        lints: found.lints.clone(),
        model,
    });
    Ok(workers_ai_codegen::set(&set, &variants.collect::<Vec<_>>(), target))
}

/// `"@cf/author/model"`, with or without a comma after it.
fn literal(input: ParseStream<'_>) -> syn::Result<LitStr> {
    let id = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    Ok(id)
}

/// Returns whether an attribute makes a variant depend on `cfg`.
fn is_conditional(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

/// Finds the model of a variant, and reports what is wrong with it.
fn find<'i>(variant: &'i Variant, arguments: &Arguments, errors: &mut Errors) -> Option<Found<'i>> {
    if !matches!(variant.fields, Fields::Unit) {
        errors.on(&variant.fields, "a variant of a set is a model and has no fields");
        return None;
    }
    for attribute in &variant.attrs {
        if is_conditional(attribute) {
            errors.on(attribute, "the models of a set cannot depend on `cfg`: it has what all of them have in common");
        }
    }
    let mut models = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("model"));
    let Some(attribute) = models.next() else {
        if arguments.id.is_some() || variant.attrs.iter().any(is_conditional) {
            // What is wrong has been said.
            return None;
        }
        let name = &variant.ident;
        errors.on(name, format!("`{name}` has no model; write `#[model(\"@cf/author/model\")]` above it"));
        return None;
    };
    if let Some(second) = models.next() {
        errors.on(second, "a variant is one model");
    }
    let Ok(id) = attribute.parse_args_with(literal) else {
        errors.on(attribute, "the model's ID must be a string literal: `#[model(\"@cf/author/model\")]`");
        return None;
    };
    match lookup::find(&id, arguments) {
        Ok(found) => {
            Some(Found { variant, id, lints: lints(&variant.attrs), model: found.model, tracked: found.tracked })
        }
        Err(error) => {
            errors.at(error.span, error.message);
            // The model that was probably meant stands in, so that no second error follows.
            let model = *error.stand_in?;
            Some(Found { variant, id, lints: quote!(#[allow(deprecated)]), model, tracked: TokenStream::new() })
        }
    }
}
