//! An object of the input: the struct that is sent and the builder that fills it.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use workers_ai_catalog::{Body, Presence};

use super::{
    Context, docs, object, setter,
    state::States,
    tokens::{Fragment, braces, join, position},
    ty,
};
use crate::{
    names::ident,
    plan::{Builder, LocalForm, Member, Ty},
};

/// Generates the struct and its builder.
pub(super) fn tokens(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let states = States::new(cx, builder);
    join([input(cx, builder, main), declaration(cx, builder, &states, main), methods(cx, builder, &states, main)])
}

/// Generates the struct, and how it is written.
fn input(cx: &Context<'_>, builder: &Builder, main: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let name = ident(&builder.name);
    let doc = if main {
        docs::attribute(&format!("A complete input of `{}`.", cx.id()))
    } else {
        docs::attribute(&format!("A part of the input of {}.", cx.owner()))
    };
    let constants = builder.constants.iter().map(|constant| {
        let (wire, value) = (&constant.wire, self::constant(&constant.value));
        // It is sent with the alternatives that have it.
        let keys = builder.alternatives.iter().enumerate().filter(|(at, _)| constant.alternatives & (1 << at) != 0);
        let keys = keys.filter_map(|(_, way)| builder.members.get(way.key)).map(|key| &key.wire);
        let keys: Vec<&String> = keys.collect();
        if keys.is_empty() {
            quote!(member(#wire, &#value))
        } else {
            quote!(member(#wire, &(#(#private::Fields::has(&self.0, #keys))||*).then_some(#value)))
        }
    });
    let constants: Vec<TokenStream> = constants.collect();
    let written = if constants.is_empty() {
        quote!(#private::Fields::write(&self.0, to);)
    } else {
        quote!(to.extra(#private::Fields::extra(&self.0))#(.#constants)*; #private::Fields::write_known(&self.0, to);)
    };
    let body = if main { body(cx) } else { TokenStream::new() };
    let write = object::write(cx, &name, &body, &written);
    let read = cx.both.then(|| read(cx, builder));
    let debug = debug(cx, &name, &[], &quote!(self.0));
    quote! {
        #doc
        #[derive(#private::Clone, #private::PartialEq)]
        #vis struct #name(#private::Fields);
        #debug
        #write
        impl #private::Wire for #name {}
        #read
    }
}

/// Generates `Debug`, which shows the members that are set.
fn debug(cx: &Context<'_>, name: &Ident, params: &[&Ident], fields: &TokenStream) -> TokenStream {
    let private = &cx.private;
    let text = name.to_string();
    let generics = if params.is_empty() { None } else { Some(quote!(<#(#params),*>)) };
    quote! {
        impl #generics #private::Debug for #name #generics {
            fn fmt(&self, f: &mut #private::fmt::Formatter<'_>) -> #private::fmt::Result { #private::Fields::debug(&#fields, #text, f) }
        }
    }
}

/// Returns a constant, as it is sent.
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
        // The catalog's reader does not return these as constants.
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => quote!(()),
    }
}

/// Generates the kind of the body, unless it is a JSON object that is streamed only on request.
pub(super) fn body(cx: &Context<'_>) -> TokenStream {
    let private = &cx.private;
    let input = &cx.plan.model.input;
    let kind = (input.body != Body::Json).then(|| {
        let kind = body_kind(private, &input.body);
        quote!(const BODY: #private::BodyKind = #kind;)
    });
    let streams = (input.stream == Some(true)).then(|| {
        quote!(
            const STREAMS_BY_DEFAULT: #private::bool = true;
        )
    });
    quote!(#kind #streams)
}

/// Returns the kind of a body.
pub(super) fn body_kind(private: &Fragment, body: &Body) -> TokenStream {
    match body {
        Body::Json => quote!(#private::BodyKind::Json),
        Body::Form => quote!(#private::BodyKind::Form),
        Body::Raw { field } => quote!(#private::BodyKind::Raw { field: #field }),
        Body::Bytes { field } => quote!(#private::BodyKind::Bytes { field: #field }),
    }
}

/// Generates the reading of an input, for users who store inputs.
fn read(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let private = &cx.private;
    let members = builder.members.iter().map(|member| {
        let name = ident(&member.name);
        let required = member.presence == Presence::Required && member.alternatives == 0;
        let method = ident(match (&member.ty, member.keeps_null) {
            (ty, true) if ty.has_integers() => "whole_integers",
            (_, true) => "whole",
            (Ty::Int(_), _) => "integer",
            (ty, _) if ty.has_integers() => "integers",
            _ => "value",
        });
        object::Read { wire: &member.wire, call: quote!(#method(&mut #name)), required, name, constant: false }
    });
    let constants = builder.constants.iter().enumerate().filter(|(_, constant)| constant.alternatives == 0);
    let constants = constants.map(|(index, constant)| {
        let (wire, name) = (&constant.wire, format_ident!("__constant{index}"));
        let wanted = self::constant(&constant.value);
        let call = quote!(constant(#wire, #wanted, &mut #name));
        object::Read { wire, call, required: constant.required, name, constant: true }
    });
    let undecided = undecided(builder).into_iter().map(|(wire, name)| {
        let call = quote!(undecided(&mut #name));
        object::Read { wire, call, required: false, name, constant: true }
    });
    let members: Vec<object::Read<'_>> = members.chain(constants).chain(undecided).collect();
    let fields = builder.members.iter().enumerate().map(|(index, member)| {
        let (at, wire, name, of) =
            (position(index), &member.wire, ident(&member.name), ty::field(cx, &member.ty, true));
        let required = member.presence == Presence::Required && member.alternatives == 0;
        match (required, member.keeps_null) {
            (true, true) => quote!(read_or_null::<#of>(#at, #wire, #name)),
            (true, false) => quote!(read::<#of>(#at, #wire, #private::Some(#name))),
            (false, true) => quote!(read_present::<#of>(#at, #wire, #name)),
            (false, false) => quote!(read::<#of>(#at, #wire, #name)),
        }
    });
    let others = object::Others::of(cx, builder);
    let extra = (others == object::Others::Kept).then(|| quote!(.with_extra(extra)));
    let made = quote!(Self(#private::Fields::new()#(.#fields)* #extra));
    let check = join([alternative_given(cx, builder), constants_expected(cx, builder)]);
    object::read(cx, &ident(&builder.name), &members, &check, &made, others)
}

/// Returns the members that have only one value, which depends on the alternative, each with a variable.
fn undecided(builder: &Builder) -> Vec<(&str, Ident)> {
    let mut found: Vec<(&str, Ident)> = Vec::new();
    for (index, constant) in builder.constants.iter().enumerate().filter(|(_, constant)| constant.alternatives != 0) {
        if found.iter().all(|(wire, _)| *wire != constant.wire) {
            found.push((&constant.wire, format_ident!("__constant{index}")));
        }
    }
    found
}

/// Generates the check of the constants of the alternative that was read.
fn constants_expected(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let private = &cx.private;
    let undecided = undecided(builder);
    join(builder.constants.iter().filter(|constant| constant.alternatives != 0).filter_map(|constant| {
        let (wire, required, wanted) = (&constant.wire, constant.required, self::constant(&constant.value));
        let (_, name) = undecided.iter().find(|(other, _)| other == wire)?;
        let keys = builder.keys(constant.alternatives).map(|key| ident(&key.name));
        Some(quote! {
            if #(#private::Option::is_some(&#keys))||* {
                from.expect(#wire, #wanted, #private::Option::as_ref(&#name), #required)?;
            }
        })
    }))
}

/// Generates the check that one of the alternatives was read, if there are any.
fn alternative_given(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let private = &cx.private;
    let keys = builder.alternatives.iter().filter_map(|alternative| builder.members.get(alternative.key));
    let (names, wires): (Vec<Ident>, Vec<&str>) = keys.map(|key| (ident(&key.name), key.wire.as_str())).unzip();
    // The reader puts the whole in backticks.
    let missing = wires.join("` or `");
    if names.is_empty() {
        return TokenStream::new();
    }
    quote! {
        if #(#private::Option::is_none(&#names))&&* {
            return #private::Err(from.missing(&[(#missing, true)]));
        }
    }
}

/// Generates the builder, and the state it starts in.
fn declaration(cx: &Context<'_>, builder: &Builder, states: &States<'_>, main: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let name = ident(&builder.builder_name());
    let (params, defaults) = (states.params(), states.defaults(cx));
    let declared = if params.is_empty() { None } else { Some(quote!(<#(#defaults),*>)) };
    let doc = if main {
        docs::attribute(&format!("Builds an input of `{}`.", cx.id()))
    } else {
        docs::attribute(&format!("Builder of [`{}`].", builder.name))
    };
    let defaults_sent = builder.members.iter().enumerate().filter_map(|(index, member)| {
        let given = member.default.as_ref().filter(|_| member.presence == Presence::Defaulted)?;
        let (at, wire) = (position(index), &member.wire);
        if let Some(value) = default(cx, member, given) {
            return Some(quote!(#private::set_value(&mut fields, #at, #wire, #value);));
        }
        let json = given.to_string();
        is_json_default(cx, member, given).then(|| quote!(#private::set_default(&mut fields, #at, #wire, #json);))
    });
    let defaults_sent = join(defaults_sent);
    let fields = if defaults_sent.is_empty() {
        quote!(#private::Fields::new())
    } else {
        quote!({ let mut fields = #private::Fields::new(); #defaults_sent fields })
    };
    let debug = debug(cx, &name, &params, &quote!(self.fields));
    quote! {
        #doc
        #[must_use = "a builder does nothing until it is built or sent"]
        #[derive(#private::Clone)]
        #vis struct #name #declared { fields: #private::Fields, state: #private::PhantomData<fn() -> (#(#params,)*)> }
        impl #private::Default for #name {
            fn default() -> Self {
                Self { fields: #fields, state: #private::PhantomData }
            }
        }
        #debug
    }
}

fn methods(cx: &Context<'_>, builder: &Builder, states: &States<'_>, main: bool) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let (object, name) = (ident(&builder.name), ident(&builder.builder_name()));
    let (params, same) = (states.params(), states.same());
    let generics = if params.is_empty() { None } else { Some(quote!(<#(#params),*>)) };
    let complete = states.complete(cx);
    let bounds = if complete.is_empty() { None } else { Some(quote!(where #(#complete),*)) };
    let setters = join((0..builder.members.len()).map(|index| setter::tokens(cx, builder, states, index)));
    let extra = builder.open.then(|| {
        quote! {
            /// Sets a field that the catalog does not know yet.
            #vis fn extra(mut self, field: impl #private::Into<#private::String>, value: impl #private::Into<#private::Value>) -> Self {
                #private::Fields::set_extra(&mut self.fields, field, value);
                self
            }
        }
    });
    let build = quote! {
        #extra
        /// Returns the finished value.
        #[must_use]
        #vis fn build(self) -> #object #bounds { #object(self.fields) }
    };
    let methods = braces(quote!(impl #generics #name #generics), join([setters, build]));
    let from = quote! {
        impl #generics #private::From<#same> for #object #bounds {
            fn from(builder: #same) -> Self { Self(builder.fields) }
        }
    };
    let start = (!main).then(|| {
        quote! {
            impl #object {
                /// Starts building with every field unset.
                #vis fn builder() -> #name { <#name as #private::Default>::default() }
            }
            impl #private::Part for #object { type Builder = #name; }
        }
    });
    join([methods, from, start.unwrap_or_default()])
}

/// Returns a default that the schema requires to be sent.
fn default(cx: &Context<'_>, member: &Member, value: &serde_json::Value) -> Option<TokenStream> {
    let private = &cx.private;
    match (&member.ty, value) {
        (Ty::String, serde_json::Value::String(text)) => Some(quote!(#private::String::from(#text))),
        (Ty::Bool, serde_json::Value::Bool(flag)) => Some(quote!(#flag)),
        (Ty::Int(name), value) => {
            let number = value.as_i64().filter(|number| fits(*number, name))?;
            let (literal, of) = (Literal::u64_unsuffixed(number.unsigned_abs()), ident(name));
            let sign = (number < 0).then(|| quote!(-));
            Some(quote!({ let value: #private::#of = #sign #literal; value }))
        }
        (Ty::Local(index), serde_json::Value::String(text)) => {
            let LocalForm::Choice { values, .. } = &cx.plan.types.get(*index)?.form else { return None };
            let (variant, _) = values.iter().find(|(_, value)| value == text)?;
            let (name, variant) = (cx.local(*index), ident(variant));
            Some(quote!(#name::#variant))
        }
        _ => None,
    }
}

/// Returns whether a default of another kind can be sent as it is.
fn is_json_default(cx: &Context<'_>, member: &Member, value: &serde_json::Value) -> bool {
    if value.is_null() {
        return member.keeps_null;
    }
    match &member.ty {
        Ty::Number => value.is_number(),
        Ty::List(_) => value.is_array(),
        Ty::Map(_) | Ty::Object => value.is_object(),
        Ty::Json | Ty::OneOrMany(_) => true,
        Ty::Local(index) => {
            let form = cx.plan.types.get(*index).map(|local| &local.form);
            matches!(form, Some(LocalForm::Union { .. }))
                || (matches!(form, Some(LocalForm::Built(_))) && value.is_object())
        }
        _ => false,
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
