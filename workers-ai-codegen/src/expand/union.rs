//! Reading a value of one of several types.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use workers_ai_catalog::Presence;

use super::Context;
use crate::plan::{LocalForm, Member, Ty};

/// Returns what distinguishes a type from the others.
pub(super) fn way(cx: &Context<'_>, ty: &Ty, tag: Option<&(String, String)>) -> TokenStream {
    let private = &cx.private;
    if let Some((member, value)) = tag {
        return quote!(#private::Way::Tag(#member, #value));
    }
    match ty {
        Ty::Local(index) => match cx.plan.types.get(*index).map(|local| &local.form) {
            Some(LocalForm::Built(builder)) => {
                let constants = builder.constants.iter().map(|constant| constant.wire.as_str());
                object(cx, &builder.members, constants, builder.open)
            }
            Some(LocalForm::Read(read)) => object(cx, &read.members, std::iter::empty(), read.open),
            Some(LocalForm::Choice { values, open: false }) => {
                let texts = values.iter().map(|(_, text)| text);
                quote!(#private::Way::OneOf(&[#(#texts),*]))
            }
            Some(LocalForm::Choice { open: true, .. }) => quote!(#private::Way::Text),
            Some(LocalForm::Union { .. } | LocalForm::Unused) | None => quote!(#private::Way::Any),
        },
        Ty::Boxed(inner) | Ty::Nullable(inner) => way(cx, inner, None),
        Ty::Map(_) | Ty::Object => object(cx, &[], std::iter::empty(), true),
        Ty::String => quote!(#private::Way::Text),
        Ty::Bool => quote!(#private::Way::Flag),
        Ty::Int(_) => quote!(#private::Way::Integer),
        Ty::Number => quote!(#private::Way::Number),
        Ty::List(_) => quote!(#private::Way::List),
        Ty::OneOrMany(_) | Ty::Json | Ty::Shape(_) => quote!(#private::Way::Any),
    }
}

/// Returns what distinguishes an object.
pub(super) fn object<'m>(
    cx: &Context<'_>,
    members: &'m [Member],
    constants: impl Iterator<Item = &'m str>,
    open: bool,
) -> TokenStream {
    let private = &cx.private;
    let required = members.iter().filter(|member| member.presence == Presence::Required).map(|member| &member.wire);
    let known = members.iter().map(|member| member.wire.as_str()).chain(constants);
    quote!(#private::Way::Object { required: &[#(#required),*], members: &[#(#known),*], open: #open })
}

/// Generates the reading of an enum: as the likeliest type that the value can be read as.
pub(super) fn read(
    cx: &Context<'_>,
    name: &Ident,
    variants: &[Ident],
    ways: &[TokenStream],
    keeps_others: bool,
) -> TokenStream {
    let private = &cx.private;
    let Some((last, first)) = variants.split_last() else { return TokenStream::new() };
    let positions = (0..first.len()).map(Literal::usize_unsuffixed);
    let read = quote! {
        |__way, value| match __way {
            #(#positions => #private::Buffered::read_as(value).map(Self::#first),)*
            _ => #private::Buffered::read_as(value).map(Self::#last),
        }
    };
    let read = if keeps_others {
        quote!(#private::Buffered::one_of_or(from, &[#(#ways),*], #read, Self::Other))
    } else {
        quote!(#private::Buffered::one_of(from, &[#(#ways),*], #read))
    };
    quote! {
        impl<'de> #private::Deserialize<'de> for #name {
            fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> #private::Result<Self, __D::Error> {
                #read
            }
        }
    }
}
