//! Choices: of strings, and of types.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, ty};
use crate::{
    names::ident,
    plan::{Ty, Variant},
};

/// A choice of strings. Outputs keep a value they do not know.
pub(super) fn strings(cx: &Context<'_>, name: &str, values: &[(String, String)], open: bool) -> TokenStream {
    let Context { krate, private, vis, .. } = cx;
    let doc = format!("A choice of {}.", cx.owner());
    let name_text = name;
    let name = ident(name);
    let variants: Vec<Ident> = values.iter().map(|(variant, _)| ident(variant)).collect();
    let texts: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    let docs = texts.iter().map(|text| format!("`{}`", text.replace('`', "'")));
    let (copy, other, other_text) = if open {
        (
            None,
            Some(quote!(#[doc = "A value that the catalog does not know yet."] Other(#private::String),)),
            Some(quote!(Self::Other(other) => other,)),
        )
    } else {
        (Some(quote!(::core::marker::Copy, ::core::cmp::Eq, ::core::hash::Hash,)), None, None)
    };
    let text_type = if open { quote!(&::core::primitive::str) } else { quote!(&'static ::core::primitive::str) };
    let parse = if open {
        quote! {
            impl ::core::convert::From<&::core::primitive::str> for #name {
                fn from(text: &::core::primitive::str) -> Self {
                    match text { #(#texts => Self::#variants,)* other => Self::Other(#private::String::from(other)) }
                }
            }
            impl ::core::str::FromStr for #name {
                type Err = ::core::convert::Infallible;
                fn from_str(text: &::core::primitive::str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                    ::core::result::Result::Ok(::core::convert::From::from(text))
                }
            }
        }
    } else {
        quote! {
            impl ::core::str::FromStr for #name {
                type Err = #krate::UnknownVariant;
                fn from_str(text: &::core::primitive::str) -> ::core::result::Result<Self, #krate::UnknownVariant> {
                    match text { #(#texts => ::core::result::Result::Ok(Self::#variants),)* other => ::core::result::Result::Err(#krate::UnknownVariant::new(#name_text, other, &[#(#texts),*])) }
                }
            }
        }
    };
    let both = cx.both;
    let read = (open || both).then(|| {
        let from = if open {
            quote!(::core::result::Result::Ok(::core::convert::From::from(&*text)))
        } else {
            quote!(::core::str::FromStr::from_str(&text).map_err(#private::custom))
        };
        quote! {
            impl<'de> #private::Deserialize<'de> for #name {
                fn deserialize<D: #private::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                    let text = <#private::String as #private::Deserialize>::deserialize(from)?;
                    #from
                }
            }
        }
    });
    let write = (!open || both).then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<S: #private::Serializer>(&self, to: S) -> ::core::result::Result<S::Ok, S::Error> {
                    #private::Serializer::serialize_str(to, self.as_str())
                }
            }
            impl #private::Wire for #name {}
        }
    });
    let count = texts.len();
    let all = variants.iter();
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, #copy ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #vis enum #name { #(#[doc = #docs] #variants,)* #other }
        impl #name {
            /// Every value that the catalog knows.
            #vis const ALL: [Self; #count] = [#(Self::#all),*];
            /// The value on the wire.
            #[must_use]
            #vis fn as_str(&self) -> #text_type {
                match self { #(Self::#variants => #texts,)* #other_text }
            }
        }
        #parse
        #read
        #write
    }
}

/// A choice of types.
pub(super) fn types(cx: &Context<'_>, name: &str, variants: &[Variant], input: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let doc = format!("A choice of {}.", cx.owner());
    let name = ident(name);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let types: Vec<TokenStream> = variants.iter().map(|variant| ty::field(cx, &variant.ty, input)).collect();
    let docs = variants.iter().map(|variant| variant.name.clone());
    let both = cx.both;
    let write = (input || both).then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<S: #private::Serializer>(&self, to: S) -> ::core::result::Result<S::Ok, S::Error> {
                    match self { #(Self::#names(value) => #private::Serialize::serialize(value, to),)* }
                }
            }
            impl #private::Wire for #name {}
        }
    });
    let read = (!input || both).then(|| read(cx, &name, variants));
    let from = input.then(|| conversions(cx, &name, variants));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #vis enum #name { #(#[doc = #docs] #names(#types),)* }
        #write
        #read
        #from
    }
}

/// Looks at what tells the branches apart, then reports the chosen one's error.
fn read(cx: &Context<'_>, name: &Ident, variants: &[Variant]) -> TokenStream {
    let private = &cx.private;
    let arms = variants.iter().map(|variant| {
        let of = ident(&variant.name);
        let fits = match (&variant.tag, &variant.ty) {
            (Some((member, value)), _) => quote!(value.has(#member, #value)),
            (None, Ty::Local(_) | Ty::Boxed(_)) => {
                let required = &variant.required;
                quote!(value.is_object(&[#(#required),*]))
            }
            (None, Ty::Shape(_) | Ty::Map(_) | Ty::Object) => quote!(value.is_object(&[])),
            (None, Ty::String) => quote!(value.is_string()),
            (None, Ty::Bool) => quote!(value.is_bool()),
            (None, Ty::Int(_) | Ty::Number) => quote!(value.is_number()),
            (None, Ty::List(_) | Ty::OneOrMany(_)) => quote!(value.is_array()),
            (None, Ty::Json) => quote!(true),
        };
        quote!(if #fits { return ::core::result::Result::Ok(Self::#of(value.read_as()?)); })
    });
    quote! {
        impl<'de> #private::Deserialize<'de> for #name {
            fn deserialize<D: #private::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let value = #private::Buffered::read(from)?;
                #(#arms)*
                ::core::result::Result::Err(value.none_fits())
            }
        }
    }
}

/// `From` for each branch whose type no other branch shares.
fn conversions(cx: &Context<'_>, name: &Ident, variants: &[Variant]) -> TokenStream {
    let private = &cx.private;
    let mut tokens = TokenStream::new();
    for variant in variants {
        if variants.iter().filter(|other| other.ty == variant.ty).count() > 1 {
            continue;
        }
        let of = ident(&variant.name);
        let field = ty::field(cx, &variant.ty, true);
        tokens.extend(quote! {
            impl ::core::convert::From<#field> for #name { fn from(value: #field) -> Self { Self::#of(value) } }
        });
        if variant.ty == Ty::String {
            tokens.extend(quote! {
                impl ::core::convert::From<&::core::primitive::str> for #name { fn from(value: &::core::primitive::str) -> Self { Self::#of(#private::String::from(value)) } }
            });
        }
    }
    tokens
}
