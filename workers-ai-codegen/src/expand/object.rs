//! Reading and writing of objects, on either side of a call.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use crate::plan::Builder;

/// How a member is read: its wire name, the variable, the expression that reads it, and the field of the struct.
pub(super) struct Read<'m> {
    pub(super) wire: &'m str,
    pub(super) name: Ident,
    pub(super) value: TokenStream,
    /// None for a member that has only one value, which is checked and not kept.
    pub(super) made: Option<TokenStream>,
}

/// How an object treats members that it does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Kept,
    Skipped,
    Refused,
}

impl Others {
    /// Returns how an input treats them.
    pub(super) fn of(cx: &Context<'_>, builder: &Builder) -> Self {
        match (cx.keeps_others(builder), builder.closed) {
            (true, _) => Self::Kept,
            (false, true) => Self::Refused,
            (false, false) => Self::Skipped,
        }
    }
}

/// Generates the reading of an object. The `check` is made once all members are read.
pub(super) fn read(
    cx: &Context<'_>,
    object: &Ident,
    members: &[Read<'_>],
    check: &TokenStream,
    others: Others,
) -> TokenStream {
    let private = &cx.private;
    let wires = members.iter().map(|member| member.wire);
    let names = members.iter().map(|member| &member.name);
    let made = members.iter().filter_map(|member| member.made.as_ref());
    let arms = members.iter().enumerate().map(|(index, Read { name, value, .. })| quote!(#index => #name = #value,));
    let (start, rest, extra) = match others {
        Others::Kept => (
            Some(quote!(let mut extra = #private::Extra::new();)),
            quote!(#private::Reader::keep(from, &mut extra)?),
            Some(quote!(extra,)),
        ),
        Others::Skipped => (None, quote!(#private::Reader::skip(from)?), None),
        Others::Refused => (None, quote!(#private::Reader::refuse(from)?), None),
    };
    quote! {
        impl<'de> #private::ReadObject<'de> for #object {
            const MEMBERS: &'static [&'static ::core::primitive::str] = &[#(#wires),*];
            fn read<__R: #private::Reader<'de>>(from: &mut __R) -> ::core::result::Result<Self, __R::Error> {
                #(let mut #names = ::core::option::Option::None;)*
                #start
                while let ::core::option::Option::Some(__at) = #private::Reader::next(from, <Self as #private::ReadObject<'de>>::MEMBERS)? {
                    match __at { #(#arms)* _ => #rest, }
                }
                #check
                ::core::result::Result::Ok(Self { #(#made,)* #extra })
            }
        }
        impl<'de> #private::Deserialize<'de> for #object {
            fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> ::core::result::Result<Self, __D::Error> {
                #private::deserialize(from)
            }
        }
    }
}

/// Generates the writing of an object, from a call of the writer for each member and the constants of its body.
pub(super) fn write(cx: &Context<'_>, object: &Ident, body: &TokenStream, members: &[TokenStream]) -> TokenStream {
    let private = &cx.private;
    quote! {
        impl #private::Object for #object {
            #body
            fn members<__W: #private::Members>(&self, to: &mut __W) -> ::core::result::Result<(), __W::Error> {
                #(#members?;)*
                ::core::result::Result::Ok(())
            }
        }
        impl #private::Serialize for #object {
            fn serialize<__S: #private::Serializer>(&self, to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
                #private::serialize(self, to)
            }
        }
    }
}
