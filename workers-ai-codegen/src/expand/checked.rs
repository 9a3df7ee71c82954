//! The user's own struct as a model: its impls, and a check of each field's type by the compiler.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use workers_ai_catalog::{Capability, Presence};

use super::{Context, builder, object, ty};
use crate::{
    CheckedField,
    names::{camel, ident},
    plan::{Member, Shape, Ty},
};

pub(super) fn tokens(cx: &Context<'_>, fields: &[(&CheckedField, &Member)]) -> TokenStream {
    let Context { private, target, .. } = cx;
    let name = &target.name;
    let mut written = Vec::new();
    let input = &cx.plan.input;
    let is_set =
        |key: usize| input.members.get(key).is_some_and(|key| fields.iter().any(|(_, member)| member.wire == key.wire));
    for constant in &input.constants {
        let mut ways = input.alternatives.iter().enumerate();
        let of = |at: usize| constant.alternatives & (1 << at) != 0;
        if constant.alternatives != 0 && !ways.any(|(at, way)| of(at) && is_set(way.key)) {
            continue;
        }
        let (wire, value) = (&constant.wire, builder::constant(&constant.value));
        written.push(quote!(value(#wire, &#value)));
    }
    for (field, member) in fields {
        let (ident, wire) = (&field.ident, &member.wire);
        written.push(quote!(value(#wire, &self.#ident)));
    }
    let write = object::write(cx, name, &builder::body(cx), &quote!(let _ = to #(.#written)*;));
    let runs = cx.plan.model.info.capabilities.contains(&Capability::Run);
    let sent = runs
        .then(|| quote!(impl #private::CheckedStruct for #name { type Answer = <#name as #private::Model>::Output; }));
    let checks = fields.iter().map(|(field, member)| check(cx, field, member));
    quote! {
        #write
        #sent
        impl #private::Request<#name> for #name {
            type Output = <#name as #private::Model>::Output;
            fn into_input(self) -> #name { self }
        }
        const _: () = { #(#checks)* };
    }
}

/// Generates a trait for the field, whose message can name it.
fn check(cx: &Context<'_>, field: &CheckedField, member: &Member) -> TokenStream {
    let Context { private, .. } = cx;
    let Some((kind, words)) = kind(cx, &member.ty) else { return TokenStream::new() };
    let span = syn_span(&field.ty, &field.ident);
    let of: Ident = format_ident!("__Field{}", camel(&member.name), span = span);
    let mut message = format!("`{}` of `{}` must be {words} ({})", field.ident, cx.target.name, cx.id());
    if member.presence == Presence::Required && is_option(&field.ty) {
        message.push_str("; it is required, so it cannot be an `Option`");
    }
    let own = if member.presence == Presence::Required { quote!(Kind) } else { quote!(Inner) };
    let ty = &field.ty;
    let used = quote_spanned!(span=> is::<#ty>());
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = "wrong type")]
        trait #of {}
        #[diagnostic::do_not_recommend]
        impl<T: #private::WireType<#own: #private::Fits<#kind>> + ?::core::marker::Sized> #of for T {}
        const _: fn() = || {
            fn is<T: #of>() {}
            #used;
        };
    }
}

/// Returns whether a type is written as an `Option`.
fn is_option(ty: &TokenStream) -> bool {
    let mut last = None;
    for token in ty.clone() {
        match token {
            TokenTree::Ident(ident) => last = Some(ident),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => break,
        }
    }
    last.is_some_and(|last| last == "Option")
}

fn syn_span(ty: &TokenStream, ident: &Ident) -> proc_macro2::Span {
    ty.clone().into_iter().next().map_or_else(|| ident.span(), |token| token.span())
}

/// Returns the kind of a field as a type and in words.
fn kind(cx: &Context<'_>, of: &Ty) -> Option<(TokenStream, String)> {
    let Context { private, .. } = cx;
    Some(match of {
        Ty::Bool => (quote!(#private::kind::Bool), "a boolean".to_owned()),
        Ty::Int(_) => (quote!(#private::kind::Int), "an integer".to_owned()),
        Ty::Number => (quote!(#private::kind::Number), "a number".to_owned()),
        Ty::String => (quote!(#private::kind::Text), "a string".to_owned()),
        Ty::List(item) => {
            let (kind, words) = kind(cx, item)?;
            (quote!(#private::kind::List<#kind>), format!("a list, with each item {words}"))
        }
        Ty::OneOrMany(item) => {
            let (kind, words) = kind(cx, item)?;
            (quote!(#private::kind::OneOrMany<#kind>), format!("{words}, or a list of such values"))
        }
        Ty::Shape(Shape::Messages(content)) => {
            let content = ident(content);
            (
                quote!(#private::kind::List<#private::kind::Exactly<#private::Message<#private::#content>>>),
                "a list of messages".to_owned(),
            )
        }
        Ty::Shape(Shape::Tools { .. }) => {
            (quote!(#private::kind::List<#private::kind::Exactly<#private::Tool>>), "a list of tools".to_owned())
        }
        Ty::Shape(Shape::Named(name)) if crate::WRITTEN_BY_HAND.contains(&name.as_str()) => {
            let exact = ty::field(cx, of, true);
            (quote!(#private::kind::Exactly<#exact>), format!("a `{name}`"))
        }
        Ty::Json
        | Ty::Object
        | Ty::Map(_)
        | Ty::Local(_)
        | Ty::Boxed(_)
        | Ty::Nullable(_)
        | Ty::Shape(Shape::Effort(_) | Shape::Pooling | Shape::Named(_)) => {
            return None;
        }
    })
}
