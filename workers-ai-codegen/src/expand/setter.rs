//! The setters of a builder.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use workers_ai_catalog::Presence;

use super::{
    Context, docs,
    state::States,
    tokens::{join, position},
    ty,
};
use crate::{
    names::ident,
    plan::{Builder, Member, Shape, Ty},
};

/// Generates the setter of the member at that position, the one that takes an `Option`, and the one for null.
pub(super) fn tokens(cx: &Context<'_>, builder: &Builder, states: &States<'_>, index: usize) -> TokenStream {
    let Some(member) = builder.members.get(index) else { return TokenStream::new() };
    let name = ident(&member.name);
    let doc = docs::attribute(&docs::member(cx, member, true));
    let setter = Setter { cx, builder, states, index, member, name, doc, at: position(index), wire: &member.wire };
    match &member.ty {
        Ty::Shape(Shape::Effort(_)) => setter.effort(),
        Ty::Shape(Shape::Pooling) => setter.pooling(),
        _ if states.changes(index) => setter.transition(),
        _ => setter.plain(),
    }
}

/// Returns whether the member has a setter that takes an `Option`.
pub(super) fn has_maybe(states: &States<'_>, index: usize, member: &Member) -> bool {
    let typed = matches!(member.ty, Ty::Shape(Shape::Effort(_) | Shape::Pooling));
    let optional = member.presence == Presence::Optional || !states.changes(index);
    member.missing.is_none() && !typed && optional
}

struct Setter<'a> {
    cx: &'a Context<'a>,
    builder: &'a Builder,
    states: &'a States<'a>,
    index: usize,
    member: &'a Member,
    name: Ident,
    doc: TokenStream,
    at: Literal,
    wire: &'a str,
}

impl Setter<'_> {
    /// Generates one whose argument's type is the value.
    fn effort(&self) -> TokenStream {
        let Self { cx, states, index, name, doc, at, wire, .. } = self;
        let Context { private, vis, .. } = cx;
        let effort = ident(&self.builder.effort_trait());
        let bound = self.choice().map(|bound| quote!(, #bound));
        let next = states.chooses(*index).then(|| quote!(, Next));
        let (after, changed) = (states.after(cx, *index), self.changed());
        // What generic code sets is checked with the input.
        let of_chat = (*wire == "reasoning_effort" && !states.chooses(*index)).then(|| {
            let name = format_ident!("__maybe_{}", name);
            quote! {
                #[doc(hidden)]
                #vis fn #name(mut self, effort: #private::Option<#private::ReasoningEffort>) -> Self {
                    #private::maybe_value(&mut self.fields, #at, #wire, effort);
                    self
                }
            }
        });
        quote! {
            #doc
            #vis fn #name<E #next>(mut self, #name: E) -> #after where E: #effort #bound {
                let _ = #name;
                #private::set_value(&mut self.fields, #at, #wire, <E as #private::Effort>::VALUE);
                #changed
            }
            #of_chat
        }
    }

    /// Generates one whose argument's type becomes part of the output's.
    fn pooling(&self) -> TokenStream {
        let Self { cx, states, index, name, doc, at, wire, .. } = self;
        let Context { private, vis, .. } = cx;
        let bound = self.choice().map(|bound| quote!(where #bound));
        let next = states.chooses(*index).then(|| quote!(, Next));
        let (after, changed) = (states.after(cx, *index), self.changed());
        quote! {
            #doc
            #vis fn #name<Method: #private::Pooling #next>(mut self, #name: Method) -> #after #bound {
                #private::set_value(&mut self.fields, #at, #wire, #private::Pooling::method(&#name));
                #changed
            }
        }
    }

    /// Generates one that changes the builder's type.
    fn transition(&self) -> TokenStream {
        let Self { cx, states, index, .. } = self;
        let (next, bound) = match self.choice() {
            Some(bound) => (Some(quote!(<Next>)), Some(bound)),
            None => (None, None),
        };
        let bounds: Vec<TokenStream> = bound.into_iter().chain(self.capability()).collect();
        let bounds = if bounds.is_empty() { None } else { Some(quote!(where #(#bounds),*)) };
        let (after, changed) = (states.after(cx, *index), self.changed());
        self.both(&quote!(#next), &after, &quote!(#bounds), &changed)
    }

    /// Generates one that keeps the builder's type.
    fn plain(&self) -> TokenStream {
        let bounds = self.capability().map(|bound| quote!(where #bound));
        self.both(&TokenStream::new(), &quote!(Self), &quote!(#bounds), &quote!(self))
    }

    /// Generates the setter, the one that takes an `Option`, and the one for null.
    fn both(
        &self,
        generics: &TokenStream,
        after: &TokenStream,
        bounds: &TokenStream,
        done: &TokenStream,
    ) -> TokenStream {
        let Self { cx, states, index, member, name, doc, at, wire, .. } = self;
        let Context { private, vis, .. } = cx;
        let (parameter, conversion) = ty::parameter(cx, &member.ty);
        let conversion = if member.ty == Ty::Json && member.keeps_null { "json" } else { conversion };
        // Functions of the types crate are compiled once, setters with every user's model.
        let [set, set_maybe] = ["set", "maybe"].map(|what| format_ident!("{what}_{conversion}"));
        let has_maybe = has_maybe(states, *index, member);
        let hint = has_maybe.then(|| docs::attribute(&format!("\n[`Self::maybe_{name}`] takes an `Option`.")));
        let setter = quote! {
            #doc
            #hint
            #vis fn #name #generics(mut self, #name: #parameter) -> #after #bounds {
                #private::#set(&mut self.fields, #at, #wire, #name);
                #done
            }
        };
        let maybe = has_maybe.then(|| {
            let maybe = format_ident!("maybe_{}", name);
            let doc = docs::attribute(&format!("Like [`Self::{name}`], but does nothing for `None`."));
            quote! {
                #doc
                #vis fn #maybe #generics(mut self, #name: #private::Option<#parameter>) -> #after #bounds {
                    #private::#set_maybe(&mut self.fields, #at, #wire, #name);
                    #done
                }
            }
        });
        let null = (member.keeps_null && member.ty != Ty::Json).then(|| {
            let null = format_ident!("null_{}", name);
            let doc = docs::attribute(&format!(
                "Sets what [`Self::{name}`] sets to null, which the model requires to be said."
            ));
            quote! {
                #doc
                #vis fn #null #generics(mut self) -> #after #bounds {
                    #private::Fields::set_null(&mut self.fields, #at, #wire);
                    #done
                }
            }
        });
        join([setter].into_iter().chain(maybe).chain(null))
    }

    /// Returns the builder in the next state.
    fn changed(&self) -> TokenStream {
        let (private, name) = (&self.cx.private, ident(&self.builder.builder_name()));
        quote!(#name { fields: self.fields, state: #private::PhantomData })
    }

    /// Returns the bound on the alternative, if setting the member narrows it.
    fn choice(&self) -> Option<TokenStream> {
        self.states.choice(self.index).filter(|_| self.states.chooses(self.index))
    }

    /// Returns a bound that no state meets, if the model lacks the capability that the member needs.
    fn capability(&self) -> Option<TokenStream> {
        let name = ident(&self.builder.capability_trait(self.member.missing?));
        let param = self.states.params().into_iter().next()?;
        Some(quote!(#param: #name))
    }
}
