//! The types of fields, the parameters of setters, and the conversion between them.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::{
    names::{accepted_trait, ident},
    plan::{Shape, Ty},
};

/// Returns the type of a field.
pub(super) fn field(cx: &Context<'_>, ty: &Ty, input: bool) -> TokenStream {
    let Context { private, .. } = cx;
    match ty {
        Ty::Bool => quote!(#private::bool),
        Ty::Int(name) => {
            let name = if input { ident(name) } else { ident("i64") };
            quote!(#private::#name)
        }
        Ty::Number if input => quote!(#private::Num),
        Ty::Number => quote!(#private::f64),
        Ty::String => quote!(#private::String),
        Ty::Json | Ty::Object => quote!(#private::Value),
        Ty::List(item) => {
            let item = field(cx, item, input);
            quote!(#private::Vec<#item>)
        }
        Ty::Map(value) => {
            let value = field(cx, value, input);
            quote!(#private::BTreeMap<#private::String, #value>)
        }
        Ty::OneOrMany(item) => {
            let item = field(cx, item, input);
            quote!(#private::OneOrMany<#item>)
        }
        Ty::Local(index) => {
            let name = cx.local(*index);
            quote!(#name)
        }
        Ty::Boxed(inner) => {
            let inner = field(cx, inner, input);
            quote!(#private::Box<#inner>)
        }
        Ty::Nullable(inner) => {
            let inner = field(cx, inner, input);
            quote!(#private::Option<#inner>)
        }
        Ty::Shape(shape) => self::shape(cx, shape),
    }
}

fn shape(cx: &Context<'_>, shape: &Shape) -> TokenStream {
    let Context { private, plan, .. } = cx;
    match shape {
        Shape::Messages(content) => {
            let content = ident(content);
            quote!(#private::Vec<#private::Message<#private::#content>>)
        }
        Shape::Tools { .. } => quote!(#private::Vec<#private::Tool>),
        Shape::Effort(_) => quote!(#private::ReasoningEffort),
        Shape::Pooling => quote!(#private::PoolingMethod),
        Shape::Named(name) if name == "Embeddings" => {
            let model = &cx.target.name;
            // If the caller chooses the pooling, the one type for all outputs cannot know it.
            let chosen = plan.input.members.iter().any(|member| member.ty == Ty::Shape(Shape::Pooling));
            let pooling = if chosen { quote!(Dyn) } else { quote!(Fixed) };
            quote!(#private::Embeddings<#model, #private::#pooling>)
        }
        Shape::Named(name) => path(cx, name),
    }
}

/// Returns the path of a shape, with generic arguments if it has any: `Vec<ToolCall>`, `Choice`.
fn path(cx: &Context<'_>, name: &str) -> TokenStream {
    let Context { private, .. } = cx;
    if let Some(item) = name.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>')) {
        let item = path(cx, item);
        return quote!(#private::Vec<#item>);
    }
    if let Some(item) = name.strip_prefix("OneOrMany<").and_then(|rest| rest.strip_suffix('>')) {
        let item = path(cx, item);
        return quote!(#private::OneOrMany<#item>);
    }
    if name == "String" {
        return quote!(#private::String);
    }
    let name = ident(name);
    quote!(#private::#name)
}

/// Returns a setter's parameter type and its conversion, by which the functions of the types crate are named.
pub(super) fn parameter(cx: &Context<'_>, ty: &Ty) -> (TokenStream, &'static str) {
    let Context { private, .. } = cx;
    match ty {
        Ty::Bool | Ty::Int(_) => (field(cx, ty, true), "value"),
        Ty::Number => (quote!(impl #private::Into<#private::f64>), "number"),
        Ty::List(item) if **item == Ty::Number => {
            (quote!(impl #private::IntoIterator<Item = impl #private::Into<#private::f64>>), "numbers")
        }
        Ty::List(item) if !matches!(**item, Ty::List(_) | Ty::Map(_)) => {
            let (item, conversion) = parameter(cx, item);
            let conversion = if conversion == "value" { "items" } else { "list" };
            (quote!(impl #private::IntoIterator<Item = #item>), conversion)
        }
        Ty::Map(item) => {
            let item = field(cx, item, true);
            (
                quote!(impl #private::IntoIterator<Item = (impl #private::Into<#private::String>, impl #private::Into<#item>)>),
                "map",
            )
        }
        Ty::Shape(Shape::Messages(content)) => {
            let content = ident(content);
            (quote!(impl #private::IntoIterator<Item = impl #private::IntoMessage<#private::#content>>), "messages")
        }
        Ty::Shape(Shape::Tools { .. }) => {
            (quote!(impl #private::IntoIterator<Item = impl #private::Into<#private::Tool>>), "list")
        }
        Ty::Local(index) if cx.is_closed_choice(*index) => {
            let accepted = ident(&accepted_trait(&cx.local(*index).to_string()));
            (quote!(impl #accepted), "into")
        }
        other => {
            let of = field(cx, other, true);
            (quote!(impl #private::Into<#of>), "into")
        }
    }
}
