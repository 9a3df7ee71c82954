//! Example calls of a model's builder, for tests of every model.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use workers_ai_catalog::{Bounds, Kind, Limit, Presence};

use super::Context;
use crate::{
    Fill,
    names::{camel, ident},
    plan::{Builder, LocalForm, Shape, Ty},
};

/// Generates an expression for each alternative of the input, with the key of the alternative.
pub(super) fn tokens(cx: &Context<'_>, fill: Fill) -> Vec<(Option<String>, TokenStream)> {
    let input = &cx.plan.input;
    let name = &cx.target.name;
    if input.alternatives.is_empty() {
        let setters = setters(cx, input, None, fill, 0);
        return vec![(None, quote!(#name::input() #setters.build()))];
    }
    (0..input.alternatives.len())
        .map(|way| {
            let setters = setters(cx, input, Some(way), fill, 0);
            let key = input.alternatives.get(way).and_then(|way| input.members.get(way.key));
            (key.map(|member| member.name.clone()), quote!(#name::input() #setters.build()))
        })
        .collect()
}

/// The depth to which optional parts are filled in.
const MAX_OPTIONAL_DEPTH: usize = 4;

/// The maximum depth of an example. A type that requires itself has no end.
const MAX_DEPTH: usize = 16;

/// The maximum number of items in an example.
const MAX_ITEMS: usize = 100;

fn setters(cx: &Context<'_>, of: &Builder, way: Option<usize>, fill: Fill, depth: usize) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, member) in of.members.iter().enumerate() {
        let here = match way {
            Some(way) => member.alternatives == 0 || member.alternatives & (1 << way) != 0,
            None => true,
        };
        let key = way.and_then(|way| of.alternatives.get(way)).is_some_and(|way| way.key == index);
        let wanted = match fill {
            Fill::Required => key || (member.presence == Presence::Required && here),
            Fill::All => here && (depth <= MAX_OPTIONAL_DEPTH || member.presence == Presence::Required),
        };
        if !wanted || member.missing.is_some() {
            continue;
        }
        let name = ident(&member.name);
        let item = cx.plan.model.input.fields.iter().find(|field| depth == 0 && field.wire == member.wire);
        let pattern = item.and_then(|field| match &field.place.kind {
            Kind::List(item) => item.bounds.pattern.as_deref(),
            _ => None,
        });
        let value = match pattern.and_then(|pattern| pattern.strip_prefix("^data:")) {
            Some(kind) => Some(media_of(cx, kind)),
            None => value(cx, &member.ty, &member.bounds, fill, depth),
        };
        if let Some(value) = value {
            tokens.extend(quote!(.#name(#value)));
        }
    }
    tokens
}

/// Generates a file whose content type starts with `kind`.
fn media_of(cx: &Context<'_>, kind: &str) -> TokenStream {
    let private = &cx.private;
    let content_type = format!("{kind}mp4");
    quote!([#private::Media::new(*b"not really").with_content_type(#content_type)])
}

fn value(cx: &Context<'_>, ty: &Ty, bounds: &Bounds, fill: Fill, depth: usize) -> Option<TokenStream> {
    if depth > MAX_DEPTH {
        return None;
    }
    let private = &cx.private;
    let inner = |item: &Ty| value(cx, item, &Bounds::default(), fill, depth + 1);
    Some(match ty {
        Ty::Bool => quote!(true),
        Ty::Int(_) => {
            let number = Literal::i64_unsuffixed(whole(bounds));
            quote!(#number)
        }
        Ty::Number => {
            let number = Literal::f64_unsuffixed(number(bounds).abs());
            if number_is_negative(bounds) { quote!(-#number) } else { quote!(#number) }
        }
        Ty::String => {
            let text = text(bounds);
            quote!(#text)
        }
        Ty::Json | Ty::Object => {
            let private = &cx.private;
            quote!(#private::Value::Object(::core::iter::once(("key".to_owned(), #private::Value::Bool(true))).collect()))
        }
        Ty::List(item) => {
            let item = inner(item)?;
            let count = usize::try_from(bounds.min_items.unwrap_or(1).max(1)).unwrap_or(1).min(MAX_ITEMS);
            let items = std::iter::repeat_n(item, count);
            quote!([#(#items),*])
        }
        Ty::Map(item) => {
            let item = inner(item)?;
            quote!([("key", #item)])
        }
        Ty::OneOrMany(item) | Ty::Boxed(item) => inner(item)?,
        Ty::Nullable(item) => {
            let item = inner(item)?;
            quote!(#private::Some(#item.into()))
        }
        Ty::Local(index) => local(cx, *index, fill, depth)?,
        Ty::Shape(Shape::Messages(_)) => quote!([#private::user("Why is the sky blue?")]),
        Ty::Shape(Shape::Tools { .. }) => {
            quote!([#private::Tool::function("sky", "The colour of the sky", {
                let schema = r#"{"type":"object","properties":{"place":{"type":"string","description":"a town"}}}"#;
                schema.parse::<#private::Value>().unwrap_or_default()
            })])
        }
        Ty::Shape(Shape::Effort(values)) => {
            let effort = ident(&camel(values.first()?));
            quote!(#private::effort::#effort)
        }
        Ty::Shape(Shape::Pooling) => quote!(#private::Cls),
        Ty::Shape(Shape::Named(name)) => match name.as_str() {
            "Base64Data" | "ByteArray" | "DataUri" | "FormFile" | "RawBody" => quote!(*b"not really"),
            "NativeFormat" | "OpenAiFormat" => quote!(#private::ResponseFormat::JsonObject),
            "ToolChoice" => quote!(#private::ToolChoice::Auto),
            "Contexts" => quote!(["a lighthouse", "a ship"]),
            _ => return None,
        },
    })
}

fn local(cx: &Context<'_>, index: usize, fill: Fill, depth: usize) -> Option<TokenStream> {
    let name = cx.local(index);
    match &cx.plan.types.get(index)?.form {
        LocalForm::Built(builder) => {
            let setters = setters(cx, builder, None, fill, depth + 1);
            Some(quote!(#name::builder() #setters.build()))
        }
        LocalForm::Choice { values, .. } => {
            let variant = ident(&values.first()?.0);
            Some(quote!(#name::#variant))
        }
        LocalForm::Union { variants, .. } => variants.iter().find_map(|variant| {
            let value = value(cx, &variant.ty, &Bounds::default(), fill, depth + 1)?;
            let of = format_ident!("{}", variant.name);
            Some(match variant.ty {
                Ty::String => quote!(#name::#of(#value.into())),
                Ty::List(_) => quote!(#name::#of(#value.into_iter().map(::core::convert::Into::into).collect())),
                _ => quote!(#name::#of(#value)),
            })
        }),
        LocalForm::Read(_) | LocalForm::Unused => None,
    }
}

fn whole(bounds: &Bounds) -> i64 {
    let number = match (bounds.minimum, bounds.maximum) {
        (Some(least), _) => least.ceil(),
        (None, Some(most)) => most.floor().min(1),
        (None, None) => 1,
    };
    let number = match bounds.multiple_of {
        Some(Limit::Whole(of)) => number + (i128::from(of) - number.rem_euclid(of.into())) % i128::from(of),
        _ => number,
    };
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

fn number(bounds: &Bounds) -> f64 {
    let either = |a: Option<Limit>, b: Option<Limit>| a.or(b).map(Limit::as_f64);
    let least = either(bounds.minimum, bounds.exclusive_minimum);
    let number = match (least, either(bounds.maximum, bounds.exclusive_maximum)) {
        (Some(least), Some(most)) => f64::midpoint(least, most),
        (Some(least), None) => {
            if bounds.minimum.is_some() {
                least
            } else {
                least + 0.5
            }
        }
        (None, Some(most)) => {
            if bounds.maximum.is_some() {
                most
            } else {
                most - 0.5
            }
        }
        (None, None) => 0.5,
    };
    match bounds.multiple_of.map(Limit::as_f64) {
        Some(of) => (number / of).ceil() * of,
        None => number,
    }
}

fn number_is_negative(bounds: &Bounds) -> bool {
    number(bounds) < 0.0
}

fn text(bounds: &Bounds) -> String {
    let least = usize::try_from(bounds.min_length.unwrap_or(0)).unwrap_or(0).min(10_000);
    let most = bounds.max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let text = match bounds.pattern.as_deref() {
        Some("^[0-9]+$") => "16000".to_owned(),
        _ => "a lighthouse".to_owned(),
    };
    let mut text: String = text.chars().cycle().take(text.len().max(least)).collect();
    text.truncate(most);
    text
}
