//! The states of a builder: which required fields are set, and which alternative it is in.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use workers_ai_catalog::Presence;

use super::{Context, tokens::join};
use crate::{
    names::{self, Names, ident},
    plan::{Builder, Shape, Ty},
};

/// The type parameters of a builder.
pub(super) struct States<'b> {
    builder: &'b Builder,
    params: Vec<Param>,
}

struct Param {
    name: Ident,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Which alternative it is in.
    Alternative,
    /// Whether the member at that position is set.
    Given(usize),
    /// The pooling of the member at that position.
    Pooling(usize),
}

impl<'b> States<'b> {
    pub(super) fn new(cx: &Context<'_>, builder: &'b Builder) -> Self {
        let mut params = Vec::new();
        // The generic parameters of setters.
        let mut taken = Names::default();
        taken.take(["Next", "Method", "E"].map(str::to_owned).into());
        let mut add = |words: &str, role: Role| {
            let name = taken.unique(cx.parameter(&names::variant(words)), "");
            params.push(Param { name: ident(&name), role });
        };
        if !builder.alternatives.is_empty() {
            add("Alternative", Role::Alternative);
        }
        for (index, member) in builder.members.iter().enumerate() {
            if member.presence == Presence::Required
                && !builder.alternatives.iter().any(|alternative| alternative.key == index)
            {
                add(&member.name, Role::Given(index));
            }
            if member.ty == Ty::Shape(Shape::Pooling) {
                add("Pooled", Role::Pooling(index));
            }
        }
        Self { builder, params }
    }

    /// Returns the generic parameters of an impl: `NumSteps, Prompt`.
    pub(super) fn params(&self) -> Vec<&Ident> {
        self.params.iter().map(|param| &param.name).collect()
    }

    /// Returns the generic parameters with the state that a builder starts in.
    pub(super) fn defaults(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let private = &cx.private;
        self.params
            .iter()
            .map(|Param { name, role }| match role {
                Role::Alternative => {
                    let all = self.all();
                    quote!(#name = #private::Open<#all>)
                }
                Role::Given(_) => quote!(#name = #private::Unset),
                Role::Pooling(_) => quote!(#name = #private::Mean),
            })
            .collect()
    }

    /// Returns the builder's type once the member at that position is set.
    pub(super) fn after(&self, cx: &Context<'_>, index: usize) -> TokenStream {
        let private = &cx.private;
        let chosen = self.builder.alternatives.iter().position(|alternative| alternative.key == index);
        let arguments = self.params.iter().map(|Param { name, role }| match role {
            Role::Alternative => match chosen {
                Some(chosen) => {
                    let chosen = number(chosen);
                    quote!(#private::Chosen<#chosen>)
                }
                None if self.chooses(index) => quote!(Next),
                None => quote!(#name),
            },
            Role::Given(of) if *of == index => quote!(#private::Set),
            Role::Pooling(of) if *of == index => quote!(Method),
            _ => quote!(#name),
        });
        let name = ident(&self.builder.builder_name());
        if self.params.is_empty() { quote!(#name) } else { quote!(#name<#(#arguments),*>) }
    }

    /// Returns the builder's type with all parameters as they are.
    pub(super) fn same(&self) -> TokenStream {
        let name = ident(&self.builder.builder_name());
        let params = self.params();
        if params.is_empty() { quote!(#name) } else { quote!(#name<#(#params),*>) }
    }

    /// Returns whether setting the member narrows the alternatives.
    pub(super) fn chooses(&self, index: usize) -> bool {
        !self.builder.alternatives.is_empty()
            && self.builder.members.get(index).is_some_and(|member| member.alternatives != 0)
    }

    /// Returns whether setting the member changes the builder's type.
    pub(super) fn changes(&self, index: usize) -> bool {
        self.chooses(index)
            || self.params.iter().any(|param| matches!(param.role, Role::Given(of) | Role::Pooling(of) if of == index))
    }

    /// Returns the bounds on the parameters of a complete input.
    pub(super) fn complete(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let private = &cx.private;
        let alternative = self.alternative();
        self.params
            .iter()
            .map(|Param { name, role }| match role {
                Role::Alternative => {
                    let complete = ident(&self.builder.complete_trait());
                    quote!(#name: #complete)
                }
                Role::Given(index) => {
                    let given = ident(&self.builder.given_trait(*index));
                    let own = self.builder.members.get(*index).is_some_and(|member| member.alternatives != 0);
                    match alternative.filter(|_| own) {
                        Some(alternative) => quote!(#name: #given<#alternative>),
                        None => quote!(#name: #given),
                    }
                }
                Role::Pooling(_) => quote!(#name: #private::Pooling),
            })
            .collect()
    }

    /// Returns the parameter of the alternative, if there is one.
    pub(super) fn alternative(&self) -> Option<&Ident> {
        self.params.iter().find(|param| param.role == Role::Alternative).map(|param| &param.name)
    }

    /// Returns the parameter of the pooling, if there is one.
    pub(super) fn pooling(&self) -> Option<&Ident> {
        self.params.iter().find(|param| matches!(param.role, Role::Pooling(_))).map(|param| &param.name)
    }

    /// Returns the bound under which a member of some alternatives can be set, with the next state.
    pub(super) fn choice(&self, index: usize) -> Option<TokenStream> {
        let alternative = self.alternative()?;
        let alternatives = self.builder.members.get(index)?.alternatives;
        let to = ident(&self.builder.choice_trait(alternatives));
        Some(quote!(#alternative: #to<Next>))
    }

    fn all(&self) -> u32 {
        (1_u32 << self.builder.alternatives.len().min(31)) - 1
    }

    /// Generates the traits that carry the messages, and their impls for the states.
    pub(super) fn traits(&self, cx: &Context<'_>) -> TokenStream {
        let given = self.params.iter().filter_map(|param| match param.role {
            Role::Given(index) => Some(self.given(cx, index)),
            _ => None,
        });
        let given = join(given);
        if self.builder.alternatives.is_empty() {
            return given;
        }
        join([given, self.completion(cx), self.choices(cx)])
    }

    /// Generates the trait of a required field.
    fn given(&self, cx: &Context<'_>, index: usize) -> TokenStream {
        let private = &cx.private;
        let Some(member) = self.builder.members.get(index) else { return TokenStream::new() };
        let name = ident(&self.builder.given_trait(index));
        let message = format!("`{}` is required by {}", member.name, self.owner(cx));
        let label = format!("`.{}(…)` was not called", member.name);
        let note = member.why.as_ref().map(|why| quote!(, note = #why));
        let notice = quote!(#[diagnostic::on_unimplemented(message = #message, label = #label #note)]);
        let hidden = hidden(cx);
        if member.alternatives == 0 {
            return quote! {
                #hidden #notice pub trait #name {}
                impl #name for #private::Set {}
            };
        }
        let without =
            (0..self.builder.alternatives.len()).filter(|at| member.alternatives & (1 << at) == 0).map(|at| {
                let at = number(at);
                quote!(impl #name<#private::Chosen<#at>> for #private::Unset {})
            });
        quote! {
            #hidden #notice pub trait #name<Alternative> {}
            impl<Alternative> #name<Alternative> for #private::Set {}
            #(#without)*
        }
    }

    /// Returns whose field it is, for messages: the model, or a part of its input.
    fn owner(&self, cx: &Context<'_>) -> String {
        if self.builder.name == cx.plan.input.name {
            cx.told()
        } else if cx.shared {
            format!("`{}`", self.builder.name)
        } else {
            format!("`{}` ({})", self.builder.name, cx.id())
        }
    }

    /// Generates the trait of the states in which an alternative is chosen.
    fn completion(&self, cx: &Context<'_>) -> TokenStream {
        let (private, hidden) = (&cx.private, hidden(cx));
        let complete = ident(&self.builder.complete_trait());
        let names: Vec<String> = self.builder.keys(self.all()).map(|member| format!("`{}`", member.name)).collect();
        let message = format!("{} is required by {}", names.join(" or "), self.owner(cx));
        let chosen = (0..self.builder.alternatives.len()).map(|at| {
            let at = number(at);
            quote!(impl #complete for #private::Chosen<#at> {})
        });
        quote! {
            #hidden
            #[diagnostic::on_unimplemented(message = #message, label = "none of them was set")]
            pub trait #complete {}
            #(#chosen)*
        }
    }

    /// Generates the traits of the states in which the members of some alternatives can be set.
    fn choices(&self, cx: &Context<'_>) -> TokenStream {
        let (private, hidden) = (&cx.private, hidden(cx));
        let names: Vec<String> = self.builder.keys(self.all()).map(|member| format!("`{}`", member.name)).collect();
        let message = match names.as_slice() {
            [a, b] => format!("an input takes either {a} or {b}"),
            _ => format!("an input takes only one of {}", names.join(", ")),
        };
        let members = self.builder.members.iter();
        let mut masks: Vec<u32> = members.map(|member| member.alternatives).filter(|mask| *mask != 0).collect();
        masks.sort_unstable();
        masks.dedup();
        let reachable = reachable(self.all(), &masks);
        join(masks.iter().map(|mask| {
            let name = ident(&self.builder.choice_trait(*mask));
            let open = reachable.iter().filter(|state| *state & mask != 0).map(|state| {
                let next = state & mask;
                quote!(impl #name<#private::Open<#next>> for #private::Open<#state> {})
            });
            let chosen = (0..self.builder.alternatives.len()).filter(|at| mask & (1 << at) != 0).map(|at| {
                let at = number(at);
                quote!(impl #name<#private::Chosen<#at>> for #private::Chosen<#at> {})
            });
            quote! {
                #hidden
                #[diagnostic::on_unimplemented(message = #message, label = "another of them was set before")]
                pub trait #name<Next> {}
                #(#open)* #(#chosen)*
            }
        }))
    }
}

/// Hides the traits of shared types from the docs. Those of a model are in a private module.
pub(super) fn hidden(cx: &Context<'_>) -> Option<TokenStream> {
    cx.shared.then(|| quote!(#[doc(hidden)]))
}

/// Returns the sets of alternatives that a builder can be left with.
fn reachable(all: u32, masks: &[u32]) -> Vec<u32> {
    let mut states = vec![all];
    let mut at = 0;
    while let Some(state) = states.get(at).copied() {
        at += 1;
        for next in masks.iter().map(|mask| state & mask).filter(|next| *next != 0) {
            if !states.contains(&next) {
                states.push(next);
            }
        }
    }
    states.sort_unstable();
    states
}

/// Returns the number of an alternative, as the states have it.
fn number(alternative: usize) -> u32 {
    u32::try_from(alternative).unwrap_or(0)
}
