//! The states of a builder: which required fields were given, and which alternative it is in.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use workers_ai_catalog::Presence;

use super::Context;
use crate::{
    names::{self, ident},
    plan::{Builder, Member, Shape, Ty},
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
    Way,
    /// Whether the member at that position was given.
    Given(usize),
    /// The pooling of the member at that position.
    Pooling(usize),
}

impl<'b> States<'b> {
    pub(super) fn of(builder: &'b Builder) -> Self {
        let mut params = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        let mut add = |words: &str, role: Role| {
            let name = names::variant(words, &taken);
            taken.push(name.clone());
            params.push(Param { name: ident(&name), role });
        };
        if !builder.alternatives.is_empty() {
            add("Alternative", Role::Way);
        }
        for (index, member) in builder.members.iter().enumerate() {
            if member.presence == Presence::Required && !builder.alternatives.iter().any(|way| way.key == index) {
                add(&member.name, Role::Given(index));
            }
            if member.ty == Ty::Shape(Shape::Pooling) {
                add("Pooled", Role::Pooling(index));
            }
        }
        Self { builder, params }
    }

    /// The generic parameters of an impl: `NumSteps, Prompt`.
    pub(super) fn params(&self) -> Vec<&Ident> {
        self.params.iter().map(|param| &param.name).collect()
    }

    /// The generic parameters with the state a builder starts in.
    pub(super) fn defaults(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let Context { krate, private, .. } = cx;
        self.params
            .iter()
            .map(|Param { name, role }| match role {
                Role::Way => {
                    let all = self.all();
                    quote!(#name = #private::Open<#all>)
                }
                Role::Given(_) => quote!(#name = #private::Unset),
                Role::Pooling(_) => quote!(#name = #krate::Mean),
            })
            .collect()
    }

    /// The builder's type after the member at that position was given.
    pub(super) fn after(&self, cx: &Context<'_>, index: usize) -> TokenStream {
        let private = &cx.private;
        let way = self.builder.alternatives.iter().position(|way| way.key == index);
        let arguments = self.params.iter().map(|Param { name, role }| match role {
            Role::Way if way.is_some() => {
                let way = bit_index(way);
                quote!(#private::Chosen<#way>)
            }
            Role::Way if self.chooses(index) => quote!(Next),
            Role::Given(of) if *of == index => quote!(#private::Set),
            Role::Pooling(of) if *of == index => quote!(Method),
            _ => quote!(#name),
        });
        let name = ident(&format!("{}Builder", self.builder.name));
        if self.params.is_empty() { quote!(#name) } else { quote!(#name<#(#arguments),*>) }
    }

    /// The builder's type with all parameters as they are.
    pub(super) fn same(&self) -> TokenStream {
        let name = ident(&format!("{}Builder", self.builder.name));
        let params = self.params();
        if params.is_empty() { quote!(#name) } else { quote!(#name<#(#params),*>) }
    }

    /// Whether giving the member says something about the alternative.
    pub(super) fn chooses(&self, index: usize) -> bool {
        !self.builder.alternatives.is_empty() && self.builder.members.get(index).is_some_and(|member| member.ways != 0)
    }

    /// Whether giving the member changes the builder's type.
    pub(super) fn changes(&self, index: usize) -> bool {
        self.chooses(index)
            || self.params.iter().any(|param| matches!(param.role, Role::Given(of) | Role::Pooling(of) if of == index))
    }

    /// What must hold for the input to be complete, as bounds on the parameters.
    pub(super) fn complete(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let krate = &cx.krate;
        let way = self.params.iter().find(|param| param.role == Role::Way).map(|param| &param.name);
        self.params
            .iter()
            .map(|Param { name, role }| match role {
                Role::Way => {
                    let complete = self.complete_trait();
                    quote!(#name: #complete)
                }
                Role::Given(index) => {
                    let given = self.given_trait(*index);
                    let own = self.builder.members.get(*index).is_some_and(|member| member.ways != 0);
                    match way.filter(|_| own) {
                        Some(way) => quote!(#name: #given<#way>),
                        None => quote!(#name: #given),
                    }
                }
                Role::Pooling(_) => quote!(#name: #krate::Pooling),
            })
            .collect()
    }

    /// The alternative's parameter, where there is one.
    pub(super) fn way(&self) -> Option<&Ident> {
        self.params.iter().find(|param| param.role == Role::Way).map(|param| &param.name)
    }

    /// The pooling's parameter, where there is one.
    pub(super) fn pooling(&self) -> Option<&Ident> {
        self.params.iter().find(|param| matches!(param.role, Role::Pooling(_))).map(|param| &param.name)
    }

    /// The bound under which a member of some alternatives can be given, with the state that follows.
    pub(super) fn choice(&self, index: usize) -> Option<TokenStream> {
        let way = self.way()?;
        let ways = self.builder.members.get(index)?.ways;
        let to = self.choice_trait(ways);
        Some(quote!(#way: #to<Next>))
    }

    pub(super) fn complete_trait(&self) -> Ident {
        ident(&format!("{}Complete", self.builder.name))
    }

    fn given_trait(&self, index: usize) -> Ident {
        let member = self.builder.members.get(index).map_or("", |member| member.name.as_str());
        ident(&format!("{}Has{}", self.builder.name, names::camel(member)))
    }

    fn choice_trait(&self, ways: u32) -> Ident {
        let keys: String = self.keys(ways).map(|member| names::camel(&member.name)).collect();
        ident(&format!("{}Takes{keys}", self.builder.name))
    }

    fn keys(&self, ways: u32) -> impl Iterator<Item = &'b Member> + use<'b> {
        let builder = self.builder;
        let chosen = builder.alternatives.iter().enumerate().filter(move |(at, _)| ways & (1 << at) != 0);
        chosen.filter_map(|(_, way)| builder.members.get(way.key))
    }

    fn all(&self) -> u32 {
        (1_u32 << self.builder.alternatives.len().min(31)) - 1
    }

    /// The traits that carry the messages, and who implements them.
    pub(super) fn traits(&self, cx: &Context<'_>) -> TokenStream {
        let given = self.params.iter().filter_map(|param| match param.role {
            Role::Given(index) => Some(self.given(cx, index)),
            _ => None,
        });
        let ways = if self.builder.alternatives.is_empty() { TokenStream::new() } else { self.ways(cx) };
        quote! { #(#given)* #ways }
    }

    fn given(&self, cx: &Context<'_>, index: usize) -> TokenStream {
        let Context { private, vis, .. } = cx;
        let Some(member) = self.builder.members.get(index) else { return TokenStream::new() };
        let name = self.given_trait(index);
        let message = format!("`{}` is required by {}", member.name, self.whose(cx));
        let label = format!("`.{}(…)` was not called", member.name);
        let note = member.why.as_ref().map(|why| quote!(, note = #why));
        let notice = quote!(#[diagnostic::on_unimplemented(message = #message, label = #label #note)]);
        if member.ways == 0 {
            return quote! {
                #[doc(hidden)] #notice #vis trait #name {}
                impl #name for #private::Set {}
            };
        }
        let without = (0..self.builder.alternatives.len()).filter(|way| member.ways & (1 << way) == 0).map(|way| {
            let way = bit_index(Some(way));
            quote!(impl #name<#private::Chosen<#way>> for #private::Unset {})
        });
        quote! {
            #[doc(hidden)] #notice #vis trait #name<Alternative> {}
            impl<Alternative> #name<Alternative> for #private::Set {}
            #(#without)*
        }
    }

    /// Whose field it is, for messages: the model, or a part of its input.
    fn whose(&self, cx: &Context<'_>) -> String {
        if self.builder.name == cx.plan.input.name {
            cx.id().to_owned()
        } else if cx.shared {
            format!("`{}`", self.builder.name)
        } else {
            format!("`{}` ({})", self.builder.name, cx.id())
        }
    }

    fn ways(&self, cx: &Context<'_>) -> TokenStream {
        let Context { krate, private, vis, .. } = cx;
        let names: Vec<String> = self.keys(self.all()).map(|member| format!("`{}`", member.name)).collect();
        let either = match names.as_slice() {
            [a, b] => format!("an input takes either {a} or {b}"),
            _ => format!("an input takes only one of {}", names.join(", ")),
        };
        let complete = self.complete_trait();
        let missing = format!("{} is required by {}", names.join(" or "), self.whose(cx));
        let label = "none of them was given";
        let answers = self.builder.alternatives.iter().any(|way| way.output.is_some());
        let (declared, outputs) =
            if answers { (Some(quote!(type Output: #krate::Decode;)), true) } else { (None, false) };
        let impls = self.builder.alternatives.iter().enumerate().map(|(at, way)| {
            let number = bit_index(Some(at));
            let output = outputs.then(|| {
                let output = super::output::answer(cx, way.output.unwrap_or(0), None);
                quote!(type Output = #output;)
            });
            quote!(impl #complete for #private::Chosen<#number> { #output })
        });
        let mut masks: Vec<u32> =
            self.builder.members.iter().map(|member| member.ways).filter(|ways| *ways != 0).collect();
        masks.sort_unstable();
        masks.dedup();
        let reachable = reachable(self.all(), &masks);
        let takes = masks.iter().map(|ways| {
            let name = self.choice_trait(*ways);
            let open = reachable.iter().filter(|state| *state & ways != 0).map(|state| {
                let next = state & ways;
                quote!(impl #name<#private::Open<#next>> for #private::Open<#state> {})
            });
            let chosen = (0..self.builder.alternatives.len()).filter(|way| ways & (1 << way) != 0).map(|way| {
                let way = bit_index(Some(way));
                quote!(impl #name<#private::Chosen<#way>> for #private::Chosen<#way> {})
            });
            quote! {
                #[doc(hidden)]
                #[diagnostic::on_unimplemented(message = #either, label = "another of them was given before")]
                #vis trait #name<Next> {}
                #(#open)* #(#chosen)*
            }
        });
        quote! {
            #[doc(hidden)]
            #[diagnostic::on_unimplemented(message = #missing, label = #label)]
            #vis trait #complete { #declared }
            #(#impls)*
            #(#takes)*
        }
    }
}

/// The sets of alternatives that a builder can be left with.
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

fn bit_index(way: Option<usize>) -> u32 {
    way.and_then(|way| u32::try_from(way).ok()).unwrap_or(0)
}
