//! The impls of the model itself: its traits and facts.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use workers_ai_catalog::{Capability, Model};

use super::{
    Context, rules, setter,
    state::States,
    tokens::{Fragment, braces, brackets, join, parentheses},
    ty,
};
use crate::{
    names::ident,
    plan::{LocalForm, Output, Shape, Ty},
};

/// Generates the impls of a model with the type `input` as its input.
pub(super) fn tokens(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let Context { private, target, plan, .. } = cx;
    let name = &target.name;
    let id = cx.id();
    let info = info(&cx.private, plan.model);
    let hidden = hidden_rules(cx);
    let output = output(cx);
    let capabilities = capabilities(cx, input);
    let model = quote! {
        impl #private::Model for #name {
            const MODELS: &'static [#private::ModelFacts] = &[#private::ModelFacts::new(#id, &#info, #name::__RULES.0)];
            type This = Self;
            type Input = #input;
            type Output = #output;
        }
        impl #private::SingleModel for #name {}
    };
    join([hidden, model, capabilities])
}

/// Generates the rules of the input.
pub(super) fn hidden_rules(cx: &Context<'_>) -> TokenStream {
    let (private, name) = (&cx.private, &cx.target.name);
    let start = quote!(#[doc(hidden)] pub const __RULES: #private::Rules = #private::Rules);
    let rules = parentheses(start, brackets(quote!(&), rules::tokens(cx)));
    braces(quote!(impl #name), join([rules, quote!(;)]))
}

/// Returns the type of the output.
pub(super) fn output(cx: &Context<'_>) -> TokenStream {
    match &cx.plan.output {
        Output::Single(vectors @ Ty::Shape(Shape::Named(shape))) if shape == "Embeddings" => {
            ty::field(cx, vectors, false)
        }
        _ => cx.output().into_token_stream(),
    }
}

/// Generates `Clone` and `Copy` if the struct lacks them: models are passed by value, in generic code more than once.
pub(super) fn copy(cx: &Context<'_>) -> TokenStream {
    let Context { private, target, .. } = cx;
    let name = &target.name;
    let clone = (!target.derives("Clone")).then(|| {
        quote! {
            #[automatically_derived]
            impl #private::Clone for #name {
                fn clone(&self) -> Self { *self }
            }
        }
    });
    let copy = (!target.derives("Copy")).then(|| quote!(impl #private::Copy for #name {}));
    quote!(#clone #copy)
}

/// Generates the functions that start an input and an item of a batch.
pub(super) fn start(cx: &Context<'_>) -> TokenStream {
    let Context { private, target, vis, plan, .. } = cx;
    let name = &target.name;
    let input = ident(&plan.input.builder_name());
    let item = plan.batch_item.and_then(|index| plan.types.get(index)).and_then(|local| match &local.form {
        LocalForm::Built(item) => Some(ident(&item.builder_name())),
        _ => None,
    });
    let batch = item.map(|item| {
        quote! {
            /// Starts an item of a batch with every field unset.
            #vis fn batch_item() -> #item { <#item as #private::Default>::default() }
        }
    });
    let chat = chat(cx);
    quote! {
        impl #name {
            /// Starts an input with every field unset.
            #vis fn input() -> #input { <#input as #private::Default>::default() }
            #batch
        }
        #chat
    }
}

/// Generates the facts. Unknown ones come from `UNKNOWN`.
pub(super) fn info(private: &Fragment, model: &Model) -> TokenStream {
    let info = &model.info;
    let some = |value: &TokenStream| quote!(#private::Some(#value));
    let mut fields = Vec::new();
    let task = &info.task;
    fields.push(quote!(task: #task));
    for (name, count) in [
        ("context_window", info.context_window),
        ("reported_context_window", info.reported_context_window),
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
    if let Some((width, height)) = model.image_size() {
        let (width, height) = (Literal::u32_unsuffixed(width), Literal::u32_unsuffixed(height));
        let value = some(&quote!((#width, #height)));
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
            let (amount, currency, unit) = (&price.amount, &price.currency, unit(private, &price.unit));
            if price.label.is_none() && price.tokens.is_none() {
                return quote!(#private::Price::new(#amount, #currency, #unit));
            }
            let label = price.label.as_ref().map_or_else(|| quote!(#private::None), |label| some(&quote!(#label)));
            let tokens = price.tokens.map_or_else(|| quote!(#private::None), |(above, up_to)| {
                let up_to = up_to.map_or_else(|| quote!(#private::None), |up_to| some(&quote!(#up_to)));
                some(&quote!((#above, #up_to)))
            });
            quote!(#private::Price { amount: #amount, currency: #currency, unit: #unit, label: #label, tokens: #tokens })
        });
        fields.push(quote!(prices: &[#(#prices),*]));
    }
    if !info.capabilities.is_empty() {
        let capabilities = info.capabilities.iter().map(|capability| {
            let name = ident(capability.name());
            quote!(#private::Capability::#name)
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
            None => quote!(#private::None),
        };
        fields.push(quote!(deprecation: #private::Some(#private::Deprecation { date: #date, successor: #successor })));
    }
    quote!(#private::ModelInfo { #(#fields,)* ..#private::ModelInfo::UNKNOWN })
}

fn unit(private: &Fragment, unit: &str) -> TokenStream {
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
        other => return quote!(#private::PriceUnit::Other(#other)),
    };
    let name = ident(name);
    quote!(#private::PriceUnit::#name)
}

/// Generates the traits of the capabilities.
pub(super) fn capabilities(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let Context { private, target, plan, .. } = cx;
    let name = &target.name;
    let impls = plan.model.info.capabilities.iter().map(|capability| {
        let (of, body) = (ident(capability.name()), capability_types(cx, *capability, input));
        quote!(impl #private::#of for #name { #body })
    });
    let dimensions = dimensions(cx);
    let bytes = matches!(plan.output, Output::Media(_) | Output::Either(..))
        .then(|| quote!(impl #private::BinaryOutput for #name {}));
    quote!(#(#impls)* #dimensions #bytes)
}

/// Generates the types that belong to a capability.
pub(super) fn capability_types(cx: &Context<'_>, capability: Capability, input: &Ident) -> TokenStream {
    let Context { private, plan, .. } = cx;
    match capability {
        Capability::Batch => {
            let item = plan.batch_item.map_or_else(|| input.clone(), |index| cx.local(index));
            quote!(type Item = #item;)
        }
        Capability::JsonMode => {
            let format = format(cx);
            quote!(type Format = #private::#format;)
        }
        _ => TokenStream::new(),
    }
}

/// Generates the trait with the dimension of embeddings.
fn dimensions(cx: &Context<'_>) -> Option<TokenStream> {
    let Context { private, target, plan, .. } = cx;
    let info = &plan.model.info;
    let count = info.output_dimensions.filter(|_| info.capabilities.contains(&Capability::TextEmbedding))?;
    let (name, count) = (&target.name, Literal::usize_unsuffixed(usize::try_from(count).ok()?));
    Some(quote!(impl #private::Dimensions<#count> for #name {}))
}

/// Returns the type of `response_format`.
fn format(cx: &Context<'_>) -> Ident {
    let member = cx.plan.input.members.iter().find(|member| member.wire == "response_format");
    ident(match member.map(|member| &member.ty) {
        Some(Ty::Shape(Shape::Named(shape))) => shape,
        _ if cx.plan.set.as_ref().is_some_and(|set| set.formats_differ) => "OpenAiFormat",
        _ => "NativeFormat",
    })
}

/// Generates the impl that generic code over chat models uses.
fn chat(cx: &Context<'_>) -> TokenStream {
    let Context { private, target, plan, .. } = cx;
    let name = &target.name;
    let Some(messages) = plan.chat.and_then(|at| plan.input.members.get(at)) else { return TokenStream::new() };
    let Ty::Shape(Shape::Messages(content)) = &messages.ty else { return TokenStream::new() };
    let (content, input) = (ident(content), ident(&plan.input.name));
    let states = States::new(cx, &plan.input);
    let offered = |wire: &str| {
        let mut members = plan.input.members.iter().enumerate().filter(|(_, member)| member.wire == wire);
        let found =
            members.find(|(index, member)| setter::has_maybe(&states, *index, member) && messages.goes_with(member));
        found.map(|(_, member)| format_ident!("maybe_{}", ident(&member.name)))
    };
    let tools = offered("tools").map(
        |maybe| quote!(let input = input.#maybe(#private::Some(request.tools).filter(|tools| !tools.is_empty()));),
    );
    // One text or several; a model without the field may know it all the same.
    let stop = match offered("stop") {
        Some(maybe) => quote!(let input = input.#maybe(#private::Some(request.stop).filter(|stop| !stop.is_empty()));),
        None => quote! {
            let input = if request.stop.is_empty() { input } else { input.extra("stop", request.stop) };
        },
    };
    let takes_effort = plan.input.members.iter().enumerate().any(|(index, member)| {
        member.wire == "reasoning_effort" && matches!(member.ty, Ty::Shape(Shape::Effort(_))) && !states.chooses(index)
    });
    let effort = plan.model.can(Capability::Reasoning).then(|| {
        if takes_effort {
            return quote!(let input = input.__maybe_reasoning_effort(request.reasoning_effort););
        }
        quote! {
            let input = match request.reasoning_effort {
                #private::Some(effort) => input.extra("reasoning_effort", effort.as_str()),
                #private::None => input,
            };
        }
    });
    let has_format = plan.model.info.capabilities.contains(&Capability::JsonMode);
    let format = offered("response_format").filter(|_| has_format);
    let format = format.map(|maybe| quote!(let input = input.#maybe(request.response_format);));
    let numbers = [
        ("max_tokens", "u32"),
        ("temperature", "f64"),
        ("top_p", "f64"),
        ("frequency_penalty", "f64"),
        ("presence_penalty", "f64"),
        ("seed", "u64"),
    ];
    let fields = numbers.map(|(wire, of_request)| {
        let from = ident(wire);
        let set = plan.input.members.iter().enumerate().find_map(|(index, member)| {
            if member.wire != wire || !setter::has_maybe(&states, index, member) || !messages.goes_with(member) {
                return None;
            }
            let maybe = format_ident!("maybe_{}", ident(&member.name));
            match &member.ty {
                // A seed has more digits than a number keeps.
                Ty::Number if wire != "seed" => Some(quote!(input.#maybe(request.#from))),
                Ty::Int(of) if *of == of_request => Some(quote!(input.#maybe(request.#from))),
                Ty::Int(of) if of_request != "f64" => {
                    let of = ident(of);
                    Some(quote!(input.#maybe(#private::saturated(request.#from, #private::#of::MAX))))
                }
                _ => None,
            }
        });
        set.unwrap_or_else(|| {
            quote! {
                match request.#from {
                    #private::Some(value) => input.extra(#wire, value),
                    #private::None => input,
                }
            }
        })
    });
    quote! {
        impl #private::Chat for #name {
            type Content = #private::#content;
            fn from_chat(request: #private::ChatRequest<Self>) -> #input {
                let input = Self::input().messages(request.messages);
                #(let input = #fields;)*
                #stop
                #effort
                #tools
                #format
                input.build()
            }
        }
    }
}

/// Generates a warning at the ID, which the user's own `allow` silences.
pub(super) fn deprecation(model: &Model, id: Span, lints: &TokenStream) -> TokenStream {
    let Some(deprecation) = &model.info.deprecation else { return TokenStream::new() };
    let successor = match &deprecation.successor {
        Some(successor) => format!("use {successor}"),
        None => "no replacement recorded".to_owned(),
    };
    let state = if deprecation.passed { "retired since" } else { "planned deprecation" };
    let note = format!("{}: {state} {}; {successor}", model.id, deprecation.date);
    quote_spanned! {id=>
        #lints
        const _: () = { #[deprecated(note = #note)] const MODEL: () = (); MODEL };
    }
}
