//! Functions that read every member of a model's output, for tests of every model.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use workers_ai_catalog::Presence;

use super::{Context, ty};
use crate::{
    names::ident,
    plan::{Answer, LocalForm, Object, Output, Shape, Ty},
};

/// Generates a function for the output and one for each of its parts.
pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    let output = cx.output();
    let whole = match &cx.plan.output {
        Output::Object(object) | Output::Either(object, _) => members(cx, object),
        // Embeddings are read by a trait.
        Output::Single(Ty::Shape(Shape::Named(shape))) if shape == "Embeddings" => TokenStream::new(),
        Output::Single(single) => {
            let of = ty::field(cx, single, false);
            quote!(let _: &#of = &value.0;)
        }
        Output::Media(_) => TokenStream::new(),
        Output::Several(answers) => {
            let arms = answers.iter().map(|(variant, answer)| {
                let variant = ident(variant);
                let read = match answer {
                    Answer::Object(object) => members(cx, object),
                    Answer::Type(of) => {
                        let of = ty::field(cx, of, false);
                        quote!(let _: &#of = value;)
                    }
                };
                quote!(#output::#variant(value) => { #read })
            });
            quote!(match value { #(#arms)* #[allow(unreachable_patterns)] _ => {} })
        }
    };
    let parts = cx.plan.types.iter().map(|local| {
        let of = ident(&local.name);
        let read = match &local.form {
            LocalForm::Read(object) => members(cx, object),
            LocalForm::Choice { values, open: true } => {
                let variants = values.iter().map(|(variant, _)| ident(variant));
                quote!(match value { #(#of::#variants => {})* _ => {} })
            }
            LocalForm::Union { variants, input: false } => {
                let arms = variants.iter().map(|variant| {
                    let (name, of_variant) = (ident(&variant.name), ty::field(cx, &variant.ty, false));
                    quote!(#of::#name(value) => { let _: &#of_variant = value; })
                });
                quote!(match value { #(#arms)* #[allow(unreachable_patterns)] _ => {} })
            }
            _ => return TokenStream::new(),
        };
        let name = format_ident!("read_{}", local.name);
        quote!(pub fn #name(value: &#of) { #read })
    });
    quote!(pub fn read(value: &#output) { #whole } #(#parts)*)
}

fn members(cx: &Context<'_>, object: &Object) -> TokenStream {
    let members = object.members.iter().map(|member| {
        let (private, name, of) = (&cx.private, ident(&member.name), ty::field(cx, &member.ty, false));
        let of = if member.presence == Presence::Required { of } else { quote!(#private::Option<#of>) };
        quote!(let _: &#of = &value.#name;)
    });
    quote!(#(#members)*)
}
