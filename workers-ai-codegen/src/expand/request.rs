//! How an input and its builder become a request to the model.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, output, state::States, tokens::join};
use crate::names::ident;

pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    join([input(cx), builder(cx), outputs(cx)])
}

/// Generates the impls of the input, which is sent as it is.
fn input(cx: &Context<'_>) -> TokenStream {
    let Context { private, vis, target, plan, .. } = cx;
    let (model, input, id) = (&target.name, ident(&plan.input.name), cx.id());
    quote! {
        impl #input {
            /// Checks the constraints that types cannot express: ranges, lengths, item counts.
            ///
            /// # Errors
            /// Returns every violation, with the field, the limit and the value.
            #vis fn validate(&self) -> #private::Result<(), #private::InvalidInput> {
                #private::validate(self, #id, #model::__RULES)
            }
        }
        impl #private::Request<#model> for #input {
            type Output = <#model as #private::Model>::Output;
            fn into_input(self) -> #input { self }
        }
    }
}

/// Generates the impl of the builder, which is finished first.
fn builder(cx: &Context<'_>) -> TokenStream {
    let Context { private, target, plan, .. } = cx;
    let (model, input) = (&target.name, ident(&plan.input.name));
    let states = States::new(cx, &plan.input);
    let (params, same) = (states.params(), states.same());
    let generics = if params.is_empty() { None } else { Some(quote!(<#(#params),*>)) };
    // The bounds on the state are those of the conversion, whose module is the only one that can name them.
    let mut bounds = Vec::new();
    if !params.is_empty() {
        bounds.push(quote!(#input: #private::From<#same>));
    }
    let output = match states.alternative().filter(|_| answers_differ(cx)) {
        Some(alternative) => {
            bounds.push(quote!(#model: #private::AnswerTo<#alternative>));
            quote!(<#model as #private::AnswerTo<#alternative>>::Output)
        }
        None => output::answer(cx, None, states.pooling()),
    };
    if let Some(pooling) = states.pooling() {
        bounds.push(quote!(#pooling: #private::Pooling));
    }
    let bounds = if bounds.is_empty() { None } else { Some(quote!(where #(#bounds),*)) };
    quote! {
        impl #generics #private::Request<#model> for #same #bounds {
            type Output = #output;
            fn into_input(self) -> #input { #private::From::from(self) }
        }
    }
}

/// Returns whether the alternatives have outputs of their own.
fn answers_differ(cx: &Context<'_>) -> bool {
    cx.plan.input.alternatives.iter().any(|alternative| alternative.output.is_some())
}

/// Generates the output of each alternative, if they have their own.
fn outputs(cx: &Context<'_>) -> TokenStream {
    if !answers_differ(cx) {
        return TokenStream::new();
    }
    let Context { private, target, plan, .. } = cx;
    let model = &target.name;
    let chosen = plan.input.alternatives.iter().enumerate().map(|(number, alternative)| {
        let number = u32::try_from(number).unwrap_or(0);
        let output = output::answer(cx, alternative.output, None);
        quote!(impl #private::AnswerTo<#private::Chosen<#number>> for #model { type Output = #output; })
    });
    quote! {
        #(#chosen)*
        impl<const OPEN: #private::u32> #private::AnswerTo<#private::Open<OPEN>> for #model {
            type Output = <#model as #private::Model>::Output;
        }
    }
}
