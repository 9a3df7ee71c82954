//! The model itself: its traits and facts.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use workers_ai_catalog::{Capability, Info};

use super::{
    Context,
    glue::{Path, braces, brackets, join},
    rules, ty,
};
use crate::{
    names::ident,
    plan::{LocalForm, Output, Shape, Ty},
};

/// The model, whose input is `input`.
pub(super) fn tokens(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let Context { krate, private, target, plan, .. } = cx;
    let name = &target.name;
    let id = cx.id();
    let info = info(cx, &plan.model.info);
    let rules = rules::tokens(cx);
    let output = match &plan.output {
        Output::Single(vectors @ Ty::Shape(Shape::Named(shape))) if shape == "Embeddings" => {
            ty::field(cx, vectors, false)
        }
        _ => cx.output().into_token_stream(),
    };
    let capabilities = capabilities(cx, input);
    let deprecation = deprecation(cx);
    let facts = quote! {
        const ID: &'static ::core::primitive::str = #id;
        const INFO: #krate::ModelInfo = #info;
    };
    let rules = brackets(quote!(const RULES: &'static [#krate::Rule] = &), rules);
    let hidden = quote! {
        impl #name {
            #[doc(hidden)]
            pub const __RULES: #private::Rules = #private::Rules(<Self as #krate::Model>::RULES);
        }
    };
    let types = quote!(; type Input = #input; type Output = #output;);
    let model = braces(quote!(impl #krate::Model for #name), join([facts, rules, types]));
    join([model, hidden, capabilities, deprecation])
}

/// How an input and an item of a batch are started.
pub(super) fn start(cx: &Context<'_>) -> TokenStream {
    let Context { target, vis, plan, .. } = cx;
    let name = &target.name;
    let builder = format_ident!("{}Builder", plan.input.name);
    let chat = chat(cx);
    let batch = plan
        .batch_item
        .and_then(|index| plan.types.get(index))
        .filter(|local| matches!(local.form, LocalForm::Built(_)))
        .map(|local| {
            let item = ident(&local.name);
            let item_builder = format_ident!("{}Builder", local.name);
            quote! {
                /// Starts one request of a batch.
                #vis fn batch_item() -> #item_builder { #item::builder() }
            }
        });
    quote! {
        impl #name {
            /// Starts an input with nothing filled in.
            #vis fn input() -> #builder { #builder::start() }
            #batch
        }
        #chat
    }
}

/// Only what is known is written; the rest is `UNKNOWN`.
fn info(cx: &Context<'_>, info: &Info) -> TokenStream {
    let krate = &cx.krate;
    let some = |value: &TokenStream| quote!(::core::option::Option::Some(#value));
    let mut fields = Vec::new();
    let task = &info.task;
    fields.push(quote!(task: #task));
    for (name, count) in [
        ("context_window", info.context_window),
        ("max_input_tokens", info.max_input_tokens),
        ("output_dimensions", info.output_dimensions),
        ("requests_per_minute", info.requests_per_minute),
    ] {
        if let Some(count) = count.and_then(|count| u32::try_from(count).ok()) {
            let (name, count) = (ident(name), Literal::u32_unsuffixed(count));
            let value = some(&quote!(#count));
            fields.push(quote!(#name: #value));
        }
    }
    if let Some(size) = image_size(cx) {
        let value = some(&size);
        fields.push(quote!(image_size: #value));
    }
    for (name, text) in [("created", &info.created), ("terms", &info.terms)] {
        if let Some(text) = text {
            let (name, value) = (ident(name), some(&quote!(#text)));
            fields.push(quote!(#name: #value));
        }
    }
    for (name, flag) in [("beta", info.beta), ("partner", info.partner), ("paid_plan_only", info.paid_plan_only)] {
        if flag {
            let name = ident(name);
            fields.push(quote!(#name: true));
        }
    }
    if !info.prices.is_empty() {
        let prices = info.prices.iter().map(|price| {
            let (amount, currency, unit) = (&price.amount, &price.currency, unit(krate, &price.unit));
            quote!(#krate::Price { amount: #amount, currency: #currency, unit: #unit })
        });
        fields.push(quote!(prices: &[#(#prices),*]));
    }
    if !info.capabilities.is_empty() {
        let capabilities = info.capabilities.iter().map(|capability| {
            let name = ident(capability.name());
            quote!(#krate::Capability::#name)
        });
        fields.push(quote!(capabilities: &[#(#capabilities),*]));
    }
    if !info.languages.is_empty() {
        let languages = &info.languages;
        fields.push(quote!(languages: &[#(#languages),*]));
    }
    if let Some(deprecation) = &info.deprecation {
        let date = &deprecation.date;
        let successor = match &deprecation.successor {
            Some(successor) => some(&quote!(#successor)),
            None => quote!(::core::option::Option::None),
        };
        fields.push(quote!(deprecation: ::core::option::Option::Some(#krate::Deprecation { date: #date, successor: #successor })));
    }
    quote!(#krate::ModelInfo { #(#fields,)* ..#krate::ModelInfo::UNKNOWN })
}

/// The defaults of width and height, where the schema has them.
fn image_size(cx: &Context<'_>) -> Option<TokenStream> {
    let default = |wire: &str| {
        let member = cx.plan.input.members.iter().find(|member| member.wire == wire)?;
        let pixels = u32::try_from(member.default.as_ref()?.as_u64()?).ok()?;
        Some(Literal::u32_unsuffixed(pixels))
    };
    let (width, height) = (default("width")?, default("height")?);
    Some(quote!((#width, #height)))
}

fn unit(krate: &Path, unit: &str) -> TokenStream {
    let name = match unit {
        "per M input tokens" => "MillionInputTokens",
        "per M output tokens" => "MillionOutputTokens",
        "per M cached input tokens" => "MillionCachedInputTokens",
        "per step" => "Step",
        "per 512 by 512 tile" => "Tile512",
        "per audio minute" => "AudioMinute",
        "per audio minute (websocket)" => "AudioMinuteWebsocket",
        "per 1k characters" => "ThousandCharacters",
        "per inference request" => "Request",
        other => return quote!(#krate::PriceUnit::Other(#other)),
    };
    let name = ident(name);
    quote!(#krate::PriceUnit::#name)
}

fn capabilities(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let Context { krate, target, plan, .. } = cx;
    let name = &target.name;
    let item = plan.batch_item.map_or_else(|| input.clone(), |index| cx.local(index));
    let impls = plan.model.info.capabilities.iter().map(|capability| {
        let of = ident(capability.name());
        let body = match capability {
            Capability::Batch => quote!(type Item = #item;),
            Capability::JsonMode => {
                let format = format(cx);
                quote!(type Format = #krate::#format;)
            }
            _ => TokenStream::new(),
        };
        quote!(impl #krate::#of for #name { #body })
    });
    let dimensions = dimensions(cx);
    let bytes = matches!(plan.output, Output::Media(_) | Output::Either(..))
        .then(|| quote!(impl #krate::BinaryOutput for #name {}));
    quote!(#(#impls)* #dimensions #bytes)
}

/// How many numbers a vector has, as a trait.
fn dimensions(cx: &Context<'_>) -> Option<TokenStream> {
    let Context { krate, target, plan, .. } = cx;
    let info = &plan.model.info;
    let count = info.output_dimensions.filter(|_| info.capabilities.contains(&Capability::TextEmbedding))?;
    let (name, count) = (&target.name, Literal::usize_unsuffixed(usize::try_from(count).ok()?));
    Some(quote!(impl #krate::Dimensions<#count> for #name {}))
}

/// The form that `response_format` has.
fn format(cx: &Context<'_>) -> Ident {
    let member = cx.plan.input.members.iter().find(|member| member.wire == "response_format");
    ident(match member.map(|member| &member.ty) {
        Some(Ty::Shape(Shape::Named(shape))) => shape,
        _ => "NativeFormat",
    })
}

/// What generic code over chat models uses.
fn chat(cx: &Context<'_>) -> TokenStream {
    let Context { krate, private, target, plan, .. } = cx;
    let name = &target.name;
    let Some((_, content)) = plan.input.members.iter().find_map(|member| match &member.ty {
        Ty::Shape(Shape::Messages(content)) => Some((member, ident(content))),
        _ => None,
    }) else {
        return TokenStream::new();
    };
    let assign = ["max_tokens", "temperature", "seed"].map(|wire| {
        let member = plan.input.members.iter().find(|member| member.wire == wire);
        let from = ident(wire);
        match member.map(|member| (ident(&member.name), &member.ty)) {
            Some((field, Ty::Number)) => quote!(input.#field = request.#from.map(#private::number);),
            // What is too large stays too large, for the check to refuse.
            Some((field, Ty::Int(of))) => {
                let of = ident(of);
                quote! {
                    input.#field = request.#from.map(|value| {
                        ::core::convert::TryFrom::try_from(value).unwrap_or(::core::primitive::#of::MAX)
                    });
                }
            }
            _ => quote! {
                if let ::core::option::Option::Some(value) = request.#from { input.extra.set(#wire, value); }
            },
        }
    });
    quote! {
        impl #krate::Chat for #name {
            type Content = #krate::#content;
            fn from_chat(request: #krate::ChatRequest<Self>) -> Self::Input {
                let mut input = Self::input().messages(request.messages).build();
                #(#assign)*
                input
            }
        }
    }
}

/// A warning at the id, which the user's own `allow` silences.
fn deprecation(cx: &Context<'_>) -> TokenStream {
    let Some(deprecation) = &cx.plan.model.info.deprecation else { return TokenStream::new() };
    let successor = match &deprecation.successor {
        Some(successor) => format!("use {successor}"),
        None => "no replacement recorded".to_owned(),
    };
    let note = format!("{}: planned deprecation {}; {successor}", cx.id(), deprecation.date);
    let lints = &cx.target.lints;
    quote_spanned! {cx.target.id_span=>
        #lints
        const _: () = { #[deprecated(note = #note)] const MODEL: () = (); MODEL };
    }
}
