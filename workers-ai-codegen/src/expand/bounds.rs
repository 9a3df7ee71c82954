//! The traits that bound the setters of a builder and its completion, and carry the messages.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Context,
    state::{self, States},
    tokens::join,
};
use crate::{
    names::{camel, ident},
    plan::{Builder, MissingCapability, Shape, Ty},
};

/// Generates all traits of a builder.
pub(super) fn tokens(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    join([States::new(cx, builder).traits(cx), capabilities(cx, builder), efforts(cx, builder)])
}

/// The efforts that have a type.
const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// Generates traits that nothing implements, for the capabilities that the model lacks.
fn capabilities(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let hidden = state::hidden(cx);
    join(builder.members.iter().filter_map(|member| {
        let missing = member.missing?;
        let name = ident(&builder.capability_trait(missing));
        let (who, several) =
            cx.plan.set.as_ref().and_then(|set| set.lacking(missing.capability())).unwrap_or((cx.told(), false));
        let does = if several { "do" } else { "does" };
        let message = format!("{who} {does} not support {}", capability_name(missing));
        let label = format!("`.{}(…)` is only for models that do", member.name);
        Some(quote! {
            #hidden
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #name {}
        })
    }))
}

/// Generates the traits of the reasoning efforts that the model accepts.
fn efforts(cx: &Context<'_>, builder: &Builder) -> TokenStream {
    let (private, hidden) = (&cx.private, state::hidden(cx));
    join(builder.members.iter().filter_map(|member| {
        let Ty::Shape(Shape::Effort(values)) = &member.ty else { return None };
        let name = ident(&builder.effort_trait());
        let list: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        let message = format!("`{}` must be one of {} for {}", member.name, list.join(", "), cx.told());
        let first = values
            .iter()
            .find(|value| EFFORTS.contains(&value.as_str()))
            .map_or_else(String::new, |value| camel(value));
        let label = format!("not an effort of this model; write one as `effort::{first}`");
        if values.is_empty() {
            return Some(quote!(#hidden pub trait #name: #private::Effort {} impl<E: #private::Effort> #name for E {}));
        }
        let typed = values.iter().filter(|value| EFFORTS.contains(&value.as_str())).map(|value| ident(&camel(value)));
        Some(quote! {
            #hidden
            #[diagnostic::on_unimplemented(message = #message, label = #label)]
            pub trait #name: #private::Effort {}
            #(impl #name for #private::effort::#typed {})*
        })
    }))
}

fn capability_name(missing: MissingCapability) -> &'static str {
    match missing {
        MissingCapability::Tools => "tools",
        MissingCapability::Lora => "LoRA",
    }
}
