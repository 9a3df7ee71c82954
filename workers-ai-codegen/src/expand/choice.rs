//! Enums of strings, and unions of types.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, docs, ty, union};
use crate::{
    names::{accepted_trait, ident},
    plan::{Shape, Ty, Variant},
};

/// Generates an enum of strings for an input: no other value can be sent.
pub(super) fn closed(cx: &Context<'_>, name: &str, values: &[(String, String)]) -> TokenStream {
    let private = &cx.private;
    let strings = Strings::new(cx, name, values);
    let Strings { name, variants, texts, .. } = &strings;
    let name_text = name.to_string();
    let derives = quote!(#private::Copy, #private::Eq, ::core::hash::Hash,);
    let declared = strings.declared(&derives, &TokenStream::new());
    let accessors = strings.accessors(&quote!(&'static #private::str), &TokenStream::new());
    let accepted = strings.accepted();
    let read = cx.both.then(|| {
        strings.read(&quote!(#private::Result::map_err(#private::FromStr::from_str(&text), #private::custom)))
    });
    let write = strings.write();
    quote! {
        #declared
        #accessors
        #accepted
        impl #private::FromStr for #name {
            type Err = #private::UnknownVariant;
            fn from_str(text: &#private::str) -> #private::Result<Self, #private::UnknownVariant> {
                match text {
                    #(#texts => #private::Ok(Self::#variants),)*
                    other => #private::Err(#private::UnknownVariant::new(#name_text, other, &[#(#texts),*])),
                }
            }
        }
        #read
        #write
    }
}

/// Generates an enum of strings for an output: unknown values are kept.
pub(super) fn open(cx: &Context<'_>, name: &str, values: &[(String, String)]) -> TokenStream {
    let private = &cx.private;
    let strings = Strings::new(cx, name, values);
    let Strings { name, variants, texts, .. } = &strings;
    let other = quote!(#[doc = " A value that the catalog does not know yet."] Other(#private::String),);
    let declared = strings.declared(&TokenStream::new(), &other);
    let accessors = strings.accessors(&quote!(&#private::str), &quote!(Self::Other(other) => other,));
    let read = strings.read(&quote!(#private::Ok(#private::From::from(&*text))));
    let write = cx.both.then(|| strings.write());
    quote! {
        #declared
        #accessors
        impl #private::From<&#private::str> for #name {
            fn from(text: &#private::str) -> Self {
                match text { #(#texts => Self::#variants,)* other => Self::Other(#private::String::from(other)) }
            }
        }
        impl #private::FromStr for #name {
            type Err = ::core::convert::Infallible;
            fn from_str(text: &#private::str) -> #private::Result<Self, ::core::convert::Infallible> {
                #private::Ok(#private::From::from(text))
            }
        }
        #read
        #write
    }
}

/// An enum of strings.
struct Strings<'c> {
    cx: &'c Context<'c>,
    name: Ident,
    variants: Vec<Ident>,
    texts: Vec<&'c str>,
}

impl<'c> Strings<'c> {
    fn new(cx: &'c Context<'_>, name: &str, values: &'c [(String, String)]) -> Self {
        Self {
            cx,
            name: ident(name),
            variants: values.iter().map(|(variant, _)| ident(variant)).collect(),
            texts: values.iter().map(|(_, value)| value.as_str()).collect(),
        }
    }

    /// Generates the enum.
    fn declared(&self, derives: &TokenStream, other: &TokenStream) -> TokenStream {
        let Self { cx, name, variants, texts } = self;
        let Context { private, vis, .. } = cx;
        let side = if other.is_empty() { "input" } else { "output" };
        let doc = docs::attribute(&format!("A choice in the {side} of {}.", cx.owner()));
        let docs = texts.iter().map(|text| docs::attribute(&docs::code(text)));
        quote! {
            #doc
            #[derive(#private::Clone, #derives #private::Debug, #private::PartialEq)]
            #vis enum #name { #(#docs #variants,)* #other }
        }
    }

    /// Generates the list of values, and their text.
    fn accessors(&self, text: &TokenStream, other: &TokenStream) -> TokenStream {
        let Self { cx, name, variants, texts } = self;
        let (private, vis, count) = (&cx.private, &cx.vis, texts.len());
        quote! {
            impl #name {
                /// Every value that the catalog knows.
                #vis const ALL: [Self; #count] = [#(Self::#variants),*];
                /// Returns the value as it is sent.
                #[must_use]
                #vis fn as_str(&self) -> #text {
                    match self { #(Self::#variants => #texts,)* #other }
                }
            }
            impl #private::fmt::Display for #name {
                fn fmt(&self, f: &mut #private::fmt::Formatter<'_>) -> #private::fmt::Result {
                    f.write_str(Self::as_str(self))
                }
            }
        }
    }

    /// Generates the trait of what a setter takes, whose message lists the values.
    fn accepted(&self) -> TokenStream {
        const LISTED: usize = 12;
        let Self { cx, name, variants, texts } = self;
        let (private, vis, accepted) = (&cx.private, &cx.vis, ident(&accepted_trait(&name.to_string())));
        let mut values: Vec<String> = texts.iter().take(LISTED).map(|text| docs::code(text)).collect();
        if let Some(more) = texts.len().checked_sub(LISTED).filter(|more| *more > 0) {
            values.push(format!("{more} more in `{name}::ALL`"));
        }
        let message = format!("`{{Self}}` is not a valid `{name}`; expected one of {}", values.join(", "));
        let note = variants.first().map_or_else(String::new, |first| {
            format!("write `{name}::{first}`, or read text with `text.parse::<{name}>()?`; `maybe_…` takes an `Option`")
        });
        let label = format!("not a valid `{name}`");
        quote! {
            #[doc(hidden)]
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            #vis trait #accepted: #private::Into<#name> {}
            impl #accepted for #name {}
        }
    }

    fn read(&self, from: &TokenStream) -> TokenStream {
        let Self { cx, name, .. } = self;
        let private = &cx.private;
        quote! {
            impl<'de> #private::Deserialize<'de> for #name {
                fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> #private::Result<Self, __D::Error> {
                    let text = <#private::String as #private::Deserialize>::deserialize(from)?;
                    #from
                }
            }
        }
    }

    fn write(&self) -> TokenStream {
        let Self { cx, name, .. } = self;
        let private = &cx.private;
        quote! {
            impl #private::Serialize for #name {
                fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                    #private::Serializer::serialize_str(to, Self::as_str(self))
                }
            }
            impl #private::Wire for #name {}
        }
    }
}

/// Generates a union of types.
pub(super) fn types(cx: &Context<'_>, name: &str, variants: &[Variant], input: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let side = if input { "input" } else { "output" };
    let doc = docs::attribute(&format!("A value of one of several types in the {side} of {}.", cx.owner()));
    let name = ident(name);
    let names: Vec<Ident> = variants.iter().map(|variant| ident(&variant.name)).collect();
    let types: Vec<TokenStream> = variants.iter().map(|variant| ty::field(cx, &variant.ty, input)).collect();
    let docs = variants.iter().map(|variant| docs::attribute(&format!("{}.", variant_words(&variant.ty))));
    let both = cx.both;
    let write_other = (!input).then(|| quote!(Self::Other(value) => #private::Serialize::serialize(value, to),));
    let write = (input || both).then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                    match self { #(Self::#names(value) => #private::Serialize::serialize(value, to),)* #write_other }
                }
            }
            impl #private::Wire for #name {}
        }
    });
    let read = (!input || both).then(|| {
        let ways = variants.iter().map(|variant| union::way(cx, &variant.ty, variant.tag.as_ref())).collect::<Vec<_>>();
        union::read(cx, &name, &names, &ways, !input)
    });
    let other = (!input).then(|| quote!(#[doc = " A value of another type."] Other(#private::Value),));
    let from = input.then(|| conversions(cx, &name, variants));
    quote! {
        #doc
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis enum #name { #(#docs #names(#types),)* #other }
        #write
        #read
        #from
    }
}

/// Returns the type of a branch in words.
fn variant_words(ty: &Ty) -> &'static str {
    match ty {
        Ty::Nullable(inner) => variant_words(inner),
        Ty::Bool => "A boolean",
        Ty::Int(_) => "An integer",
        Ty::Number => "A number",
        Ty::String => "A string",
        Ty::Json => "Any JSON value",
        Ty::List(_) | Ty::OneOrMany(_) | Ty::Shape(Shape::Messages(_) | Shape::Tools { .. }) => "A list",
        Ty::Object | Ty::Map(_) | Ty::Local(_) | Ty::Boxed(_) | Ty::Shape(_) => "An object",
    }
}

/// Generates `From` for each branch whose type no other branch has.
fn conversions(cx: &Context<'_>, name: &Ident, variants: &[Variant]) -> TokenStream {
    let private = &cx.private;
    let mut tokens = TokenStream::new();
    let has_integer = variants.iter().any(|variant| matches!(variant.ty, Ty::Int(_)));
    let lists = variants.iter().filter(|variant| matches!(variant.ty, Ty::List(_))).count();
    for variant in variants {
        if variants.iter().filter(|other| other.ty == variant.ty).count() > 1 {
            continue;
        }
        let of = ident(&variant.name);
        if let (Ty::List(item), 1) = (&variant.ty, lists) {
            let item = ty::field(cx, item, true);
            for (generics, from) in [
                (quote!(T: #private::Into<#item>), quote!(#private::Vec<T>)),
                (quote!(T: #private::Into<#item>, const N: #private::usize), quote!([T; N])),
            ] {
                tokens.extend(quote! {
                    impl<#generics> #private::From<#from> for #name {
                        fn from(list: #from) -> Self { Self::#of(#private::list(list)) }
                    }
                });
            }
            continue;
        }
        let field = ty::field(cx, &variant.ty, true);
        tokens.extend(quote! {
            impl #private::From<#field> for #name { fn from(value: #field) -> Self { Self::#of(value) } }
        });
        let (also, make): (Vec<TokenStream>, _) = match variant.ty {
            Ty::String => (vec![quote!(&#private::str), quote!(&#private::String)], quote!(#private::String::from)),
            Ty::Number => {
                let numbers: &[&str] = if has_integer { &["f64", "f32"] } else { &["f64", "f32", "i32", "u32"] };
                (numbers.iter().map(|of| primitive(cx, of)).collect(), quote!(#private::number))
            }
            // A literal is an `i32`.
            Ty::Int("i64") => {
                let others = ["i8", "i16", "i32", "u8", "u16", "u32"];
                (others.into_iter().map(|of| primitive(cx, of)).collect(), quote!(#private::Into::into))
            }
            _ => continue,
        };
        for from in also {
            tokens.extend(quote! {
                impl #private::From<#from> for #name { fn from(value: #from) -> Self { Self::#of(#make(value)) } }
            });
        }
    }
    tokens
}

fn primitive(cx: &Context<'_>, name: &str) -> TokenStream {
    let (private, name) = (&cx.private, ident(name));
    quote!(#private::#name)
}
