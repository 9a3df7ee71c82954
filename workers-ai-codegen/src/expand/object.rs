//! Reading and writing of objects, on either side of a call.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use crate::plan::Builder;

/// How a member is read: its wire name, the variable, and the call of the reader.
pub(super) struct Read<'m> {
    pub(super) wire: &'m str,
    pub(super) name: Ident,
    pub(super) call: TokenStream,
    /// Whether an object without it is invalid.
    pub(super) required: bool,
    /// The field of the struct, from the variable. None for a member that has only one value, which is checked and not kept.
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
    let arms = members.iter().enumerate().map(|(index, Read { call, .. })| quote!(#index => from.#call,));
    let (start, rest, extra) = match others {
        Others::Kept => {
            (Some(quote!(let mut extra = #private::Extra::new();)), quote!(keep(&mut extra)), Some(quote!(extra,)))
        }
        Others::Skipped => (None, quote!(skip()), None),
        Others::Refused => (None, quote!(refuse()), None),
    };
    let made = quote!(#private::Ok(Self { #(#made,)* #extra }));
    let required = || members.iter().filter(|member| member.required);
    let (required_wires, required_names): (Vec<&str>, Vec<&Ident>) =
        required().map(|member| (member.wire, &member.name)).unzip();
    let given = required().map(|Read { name, made, .. }| if made.is_some() { quote!(#name) } else { quote!(()) });
    // One branch for all of them: one for each would be most of what is compiled for an output.
    let made = if required_names.is_empty() {
        made
    } else {
        quote! {
            match (#(#required_names,)*) {
                (#(#private::Some(#given),)*) => #made,
                (#(#required_names,)*) => {
                    #private::Err(from.missing(&[#((#required_wires, #required_names.is_none())),*]))
                }
            }
        }
    };
    quote! {
        impl<'de> #private::ReadObject<'de> for #object {
            const MEMBERS: &'static [&'static #private::str] = &[#(#wires),*];
            fn read<__R: #private::Reader<'de>>(from: &mut __R) -> #private::Result<Self, __R::Error> {
                #(let mut #names = #private::None;)*
                #start
                while let #private::Some(__at) = from.next(Self::MEMBERS)? {
                    match __at { #(#arms)* _ => from.#rest, }?
                }
                #check
                #made
            }
        }
        impl<'de> #private::Deserialize<'de> for #object {
            fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> #private::Result<Self, __D::Error> {
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
            fn members<__W: #private::Members>(&self, to: &mut __W) {
                let _ = to #(.#members)*;
            }
        }
        impl #private::Serialize for #object {
            fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                #private::serialize(self, to)
            }
        }
    }
}
