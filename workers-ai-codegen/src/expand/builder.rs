//! An object of the input: the struct that is sent and the builder that fills it.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use workers_ai_catalog::{Body, Presence};

use super::{
    Context, docs,
    glue::{braces, join},
    object,
    state::States,
    ty,
};
use crate::{
    names::ident,
    plan::{Builder, Gate, Member, Shape, Ty},
};

pub(super) fn tokens(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let states = States::of(builder);
    let object = input(cx, builder, main);
    let traits = states.traits(cx);
    let gates = gates(cx, builder);
    let methods = methods(cx, builder, &states, main);
    join([object, traits, gates, methods])
}

/// The struct, and how it is written.
fn input(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let name = ident(&builder.name);
    let doc = if main {
        format!("An input of `{}`, complete.", cx.id())
    } else {
        format!("A part of the input of {}.", cx.owner())
    };
    let names: Vec<_> = builder.members.iter().map(|member| ident(&member.name)).collect();
    let types = builder.members.iter().map(|member| ty::field(cx, &member.ty, true));
    let extra = main.then(|| quote!(extra: #private::Extra,));
    let mut written = Vec::new();
    if main {
        written.push(quote!(#private::Members::extra(to, &self.extra)));
    }
    for (wire, value) in &builder.constants {
        let value = constant(value);
        written.push(quote!(#private::Members::member(to, #wire, &#value)));
    }
    for (member, name) in builder.members.iter().zip(&names) {
        let wire = &member.wire;
        written.push(quote!(#private::Members::member(to, #wire, &self.#name)));
    }
    let body = if main { body(cx) } else { TokenStream::new() };
    let write = object::write(cx, &name, &body, &written);
    let validate = main.then(|| {
        let (krate, model) = (&cx.krate, &cx.target.name);
        quote! {
            impl #name {
                /// Checks what no type can hold: bounds, lengths, counts.
                ///
                /// # Errors
                /// Names each field that breaks a rule, the rule's limit, and the value.
                #vis fn validate(&self) -> ::core::result::Result<(), #krate::InvalidInput> {
                    #private::validate::<#model, _>(self)
                }
            }
        }
    });
    let both = cx.both.then(|| read(cx, builder, main));
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #vis struct #name { #(#names: ::core::option::Option<#types>,)* #extra }
        #write
        impl #private::Wire for #name {}
        #validate
        #both
    }
}

/// A member's only value, as it is sent.
pub(super) fn constant(value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::String(text) => quote!(#text),
        serde_json::Value::Bool(flag) => quote!(#flag),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => quote!(#number),
            (_, Some(number), _) => quote!(#number),
            (.., Some(number)) if number < 0.0 => {
                let number = Literal::f64_suffixed(-number);
                quote!(-#number)
            }
            (.., number) => {
                let number = Literal::f64_suffixed(number.unwrap_or_default());
                quote!(#number)
            }
        },
        // The reader makes no constants of these.
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => quote!(()),
    }
}

/// What differs from a JSON object that is streamed only when asked for.
pub(super) fn body(cx: &Context<'_>) -> TokenStream {
    let private = &cx.private;
    let input = &cx.plan.model.input;
    let kind = match &input.body {
        Body::Json => None,
        Body::Form => Some(quote!(#private::BodyKind::Form)),
        Body::Raw { field } => Some(quote!(#private::BodyKind::Raw { field: #field })),
        Body::Bytes { field } => Some(quote!(#private::BodyKind::Bytes { field: #field })),
    };
    let kind = kind.map(|kind| quote!(const BODY: #private::BodyKind = #kind;));
    let streams = (input.stream == Some(true)).then(|| {
        quote!(
            const STREAMS_BY_DEFAULT: ::core::primitive::bool = true;
        )
    });
    quote!(#kind #streams)
}

/// How an input is read back, for those who store inputs.
fn read(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let private = &cx.private;
    let members: Vec<object::Read<'_>> = builder
        .members
        .iter()
        .map(|member| {
            let name = ident(&member.name);
            let made = quote!(#name);
            object::Read { wire: &member.wire, name, value: quote!(#private::Reader::value(from)?), made }
        })
        .collect();
    let constants: Vec<&str> = builder.constants.iter().map(|(wire, _)| wire.as_str()).collect();
    object::read(cx, &ident(&builder.name), &members, &constants, main)
}

/// The efforts that there are types for.
const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// Traits that nothing implements: a capability that the model lacks, and the reasoning efforts that it has.
fn gates(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let Context { krate, vis, .. } = cx;
    let mut tokens = TokenStream::new();
    for member in &builder.members {
        if let Some(gate) = member.gate {
            let name = gate_trait(builder, gate);
            let message = format!("{} does not support {}", cx.id(), gate_word(gate));
            let label = format!("`.{}(…)` is only for models that do", member.name);
            tokens.extend(quote! {
                #[doc(hidden)]
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                #vis trait #name {}
            });
        }
        if let Ty::Shape(Shape::Effort(values)) = &member.ty {
            let name = effort_trait(builder);
            let list: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let message = format!("`{}` must be one of {} for {}", member.name, list.join(", "), cx.id());
            let efforts = values
                .iter()
                .filter(|value| EFFORTS.contains(&value.as_str()))
                .map(|value| ident(&crate::names::camel(value)));
            tokens.extend(quote! {
                #[doc(hidden)]
                #[diagnostic::on_unimplemented(message = #message, label = "not an effort of this model")]
                #vis trait #name: #krate::Effort {}
                #(impl #name for #krate::effort::#efforts {})*
            });
        }
    }
    tokens
}

fn gate_word(gate: Gate) -> &'static str {
    match gate {
        Gate::Tools => "tools",
        Gate::Lora => "LoRA",
    }
}

fn gate_trait(builder: &Builder, gate: Gate) -> proc_macro2::Ident {
    format_ident!(
        "{}Supports{}",
        builder.name,
        match gate {
            Gate::Tools => "Tools",
            Gate::Lora => "Lora",
        }
    )
}

fn effort_trait(builder: &Builder) -> proc_macro2::Ident {
    format_ident!("{}Effort", builder.name)
}

fn methods(cx: &Context<'_>, builder: &Builder, states: &States<'_>, main: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let object = ident(&builder.name);
    let name = format_ident!("{}Builder", builder.name);
    let (params, defaults, same) = (states.params(), states.defaults(cx), states.same());
    let generics = if params.is_empty() { None } else { Some(quote!(<#(#params),*>)) };
    let declared = if params.is_empty() { None } else { Some(quote!(<#(#defaults),*>)) };
    let setters = builder.members.iter().enumerate().map(|(index, member)| setter(cx, builder, states, index, member));
    let setters = join(setters);
    let doc = format!(
        "Fills {}.",
        if main { format!("an input of `{}`", cx.id()) } else { format!("a [`{}`]", builder.name) }
    );
    let complete = states.complete(cx);
    let bounds = if complete.is_empty() { None } else { Some(quote!(where #(#complete),*)) };
    let start = start(cx, builder, main);
    let extra = main.then(|| {
        quote! {
            /// Sends a field that the catalog does not know yet.
            #vis fn extra(mut self, field: impl ::core::convert::Into<#private::String>, value: impl ::core::convert::Into<#private::Value>) -> Self {
                self.input.extra.set(field, value);
                self
            }
        }
    });
    let declared = quote! {
        #[doc = #doc]
        #[must_use = "a builder does nothing until it is run or built"]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #name #declared { input: #object, state: ::core::marker::PhantomData<fn() -> (#(#params,)*)> }
    };
    let build = quote! {
        #extra
        /// The finished value.
        #[must_use]
        #vis fn build(self) -> #object #bounds { self.input }
    };
    let methods = braces(quote!(impl #generics #name #generics), join([setters, build]));
    let from = quote! {
        impl #generics ::core::convert::From<#same> for #object #bounds {
            fn from(builder: #same) -> Self { builder.input }
        }
    };
    let ends = if main {
        requests(cx, states)
    } else {
        quote! {
            impl #object {
                /// Starts with nothing filled in.
                #vis fn builder() -> #name { #name::start() }
            }
        }
    };
    join([declared, start, methods, from, ends])
}

/// The builder's first state.
fn start(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let private = &cx.private;
    let object = ident(&builder.name);
    let name = format_ident!("{}Builder", builder.name);
    let names = builder.members.iter().map(|member| ident(&member.name));
    let values = builder.members.iter().map(|member| match (member.presence, &member.default) {
        (Presence::Defaulted, Some(value)) => default(cx, member, value),
        _ => quote!(::core::option::Option::None),
    });
    let extra = main.then(|| quote!(extra: #private::Extra::new(),));
    quote! {
        impl #name {
            fn start() -> Self {
                Self { input: #object { #(#names: #values,)* #extra }, state: ::core::marker::PhantomData }
            }
        }
    }
}

/// A default that the schema requires to be sent.
fn default(cx: &Context<'_>, member: &Member, value: &serde_json::Value) -> TokenStream {
    let private = &cx.private;
    let some = |value: TokenStream| quote!(::core::option::Option::Some(#value));
    match (&member.ty, value) {
        (Ty::String, serde_json::Value::String(text)) => some(quote!(#private::String::from(#text))),
        (Ty::Bool, serde_json::Value::Bool(flag)) => some(quote!(#flag)),
        (Ty::Int(name), value) => match value.as_i64().filter(|number| fits(*number, name)) {
            Some(number) => {
                let literal = proc_macro2::Literal::u64_unsuffixed(number.unsigned_abs());
                some(if number < 0 { quote!(-#literal) } else { quote!(#literal) })
            }
            None => quote!(::core::option::Option::None),
        },
        (Ty::Local(index), serde_json::Value::String(text)) => {
            let known = cx.plan.types.get(*index).and_then(|local| match &local.form {
                crate::plan::LocalForm::Choice { values, .. } => values.iter().find(|(_, value)| value == text),
                _ => None,
            });
            match known {
                Some((variant, _)) => {
                    let (name, variant) = (cx.local(*index), ident(variant));
                    some(quote!(#name::#variant))
                }
                None => quote!(::core::option::Option::None),
            }
        }
        _ => quote!(::core::option::Option::None),
    }
}

fn fits(number: i64, ty: &str) -> bool {
    match ty {
        "u8" => u8::try_from(number).is_ok(),
        "u16" => u16::try_from(number).is_ok(),
        "u32" => u32::try_from(number).is_ok(),
        "u64" => number >= 0,
        _ => true,
    }
}

fn setter(cx: &Context<'_>, builder: &Builder, states: &States<'_>, index: usize, member: &Member) -> TokenStream {
    let Context { krate, private, vis, .. } = cx;
    let name = ident(&member.name);
    let doc = docs::member(member, true);
    let (parameter, make) = ty::parameter(cx, &member.ty);
    // Functions of the types crate: a setter is compiled with every user's model, those are compiled once.
    let (set, set_maybe) = match make {
        Some(make) => (
            quote!(#private::set(&mut self.input.#name, #make(#name));),
            quote!(#private::maybe(&mut self.input.#name, #name, #make);),
        ),
        None => (
            quote!(self.input.#name = ::core::option::Option::Some(#name);),
            quote!(#private::maybe_same(&mut self.input.#name, #name);),
        ),
    };
    let builder_name = format_ident!("{}Builder", builder.name);
    if let Ty::Shape(Shape::Effort(_)) = &member.ty {
        let effort = effort_trait(builder);
        let bound = states.choice(index).filter(|_| states.chooses(index)).map(|bound| quote!(, #bound));
        let next = states.chooses(index).then(|| quote!(, Next));
        let after = states.after(cx, index);
        return quote! {
            #[doc = #doc]
            #vis fn #name<E #next>(mut self, #name: E) -> #after where E: #effort #bound {
                let _ = #name;
                self.input.#name = ::core::option::Option::Some(<E as #krate::Effort>::VALUE);
                #builder_name { input: self.input, state: ::core::marker::PhantomData }
            }
        };
    }
    if let Ty::Shape(Shape::Pooling) = &member.ty {
        let after = states.after(cx, index);
        return quote! {
            #[doc = #doc]
            #vis fn #name<Method: #krate::Pooling>(mut self, #name: Method) -> #after {
                self.input.#name = ::core::option::Option::Some(#krate::Pooling::method(&#name));
                #builder_name { input: self.input, state: ::core::marker::PhantomData }
            }
        };
    }
    if states.changes(index) {
        let (next, bound) = match states.choice(index).filter(|_| states.chooses(index)) {
            Some(bound) => (Some(quote!(<Next>)), vec![bound]),
            None => (None, Vec::new()),
        };
        let bounds: Vec<TokenStream> = bound.into_iter().chain(gate_bound(builder, states, member)).collect();
        let bounds = if bounds.is_empty() { None } else { Some(quote!(where #(#bounds),*)) };
        let after = states.after(cx, index);
        let maybe = (member.presence == Presence::Optional && member.gate.is_none()).then(|| {
            let maybe = format_ident!("maybe_{}", name);
            let doc = format!("As [`Self::{name}`], where there is a value.");
            quote! {
                #[doc = #doc]
                #vis fn #maybe #next(mut self, #name: ::core::option::Option<#parameter>) -> #after #bounds {
                    #set_maybe
                    #builder_name { input: self.input, state: ::core::marker::PhantomData }
                }
            }
        });
        let setter = quote! {
            #[doc = #doc]
            #vis fn #name #next(mut self, #name: #parameter) -> #after #bounds {
                #set
                #builder_name { input: self.input, state: ::core::marker::PhantomData }
            }
        };
        return join([setter].into_iter().chain(maybe));
    }
    let bounds = gate_bound(builder, states, member).map(|bound| quote!(where #bound));
    let maybe = member.gate.is_none().then(|| {
        let maybe = format_ident!("maybe_{}", name);
        let doc = format!("As [`Self::{name}`], where there is a value.");
        quote! {
            #[doc = #doc]
            #vis fn #maybe(mut self, #name: ::core::option::Option<#parameter>) -> Self {
                #set_maybe
                self
            }
        }
    });
    let setter = quote! {
        #[doc = #doc]
        #vis fn #name(mut self, #name: #parameter) -> Self #bounds {
            #set
            self
        }
    };
    join([setter].into_iter().chain(maybe))
}

/// The bound that no state meets, on a setter whose capability the model lacks.
fn gate_bound(builder: &Builder, states: &States<'_>, member: &Member) -> Option<TokenStream> {
    let gate = gate_trait(builder, member.gate?);
    let param = states.params().into_iter().next()?;
    Some(quote!(#param: #gate))
}

/// How an input and its builder become a request.
fn requests(cx: &Context<'_>, states: &States<'_>) -> TokenStream {
    let Context { krate, target, plan, .. } = cx;
    let model = &target.name;
    let input = ident(&plan.input.name);
    let (params, same) = (states.params(), states.same());
    let generics = if params.is_empty() { None } else { Some(quote!(<#(#params),*>)) };
    let complete = states.complete(cx);
    let bounds = if complete.is_empty() { None } else { Some(quote!(where #(#complete),*)) };
    let output = if plan.input.alternatives.iter().any(|way| way.output.is_some()) {
        let (way, complete) = (states.way(), states.complete_trait());
        quote!(<#way as #complete>::Output)
    } else {
        super::output::answer(cx, 0, states.pooling())
    };
    quote! {
        impl #krate::Request<#model> for #input {
            type Output = <#model as #krate::Model>::Output;
            fn into_input(self) -> #input { self }
        }
        impl #generics #krate::Request<#model> for #same #bounds {
            type Output = #output;
            fn into_input(self) -> #input { self.input }
        }
    }
}
