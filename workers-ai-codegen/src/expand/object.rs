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
    /// Whether it has only one value, which is checked and not kept.
    pub(super) constant: bool,
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

/// Generates the reading of an object, which is `made` of the variables once all members are read and the `check` is done.
pub(super) fn read(
    cx: &Context<'_>,
    object: &Ident,
    members: &[Read<'_>],
    check: &TokenStream,
    made: &TokenStream,
    others: Others,
) -> TokenStream {
    let private = &cx.private;
    let wires = members.iter().map(|member| member.wire);
    let names = members.iter().map(|member| &member.name);
    let arms = members.iter().enumerate().map(|(index, Read { call, .. })| quote!(#index => from.#call,));
    let (start, rest) = match others {
        Others::Kept => (Some(quote!(let mut extra = #private::Extra::new();)), quote!(keep(&mut extra))),
        Others::Skipped => (None, quote!(skip())),
        Others::Refused => (None, quote!(refuse())),
    };
    let made = quote!(#private::Ok(#made));
    let required = || members.iter().filter(|member| member.required);
    let (required_wires, required_names): (Vec<&str>, Vec<&Ident>) =
        required().map(|member| (member.wire, &member.name)).unzip();
    let given = required().map(|Read { name, constant, .. }| if *constant { quote!(()) } else { quote!(#name) });
    // One branch for all of them: one for each would be most of what is compiled for an output.
    let made = if required_names.is_empty() {
        made
    } else {
        quote! {
            match (#(#required_names,)*) {
                (#(#private::Some(#given),)*) => #made,
                (#(#required_names,)*) => {
                    #private::Err(from.missing(&[#((#required_wires, #private::Option::is_none(&#required_names))),*]))
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
                    match __at { #(#arms)* _ => from.#rest, }?;
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

/// Generates the writing of an object, from the constants of its body and the statements that write its members.
pub(super) fn write(cx: &Context<'_>, object: &Ident, body: &TokenStream, written: &TokenStream) -> TokenStream {
    let private = &cx.private;
    quote! {
        impl #private::Object for #object {
            #body
            fn members<__W: #private::Members>(&self, to: &mut __W) { #written }
        }
        impl #private::Serialize for #object {
            fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                #private::serialize(self, to)
            }
        }
    }
}
