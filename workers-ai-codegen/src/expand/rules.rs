//! The rules that inputs are checked against before anything is sent.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use workers_ai_catalog::{Check, Rule};

use super::{
    Context,
    tokens::{Fragment, join},
};
use crate::{lower, names::ident};

/// Generates the rules of a model's input and its parts, each followed by a comma.
pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    let rules = cx.plan.model.rules(&lower::field_names);
    join(rules.iter().flat_map(|rule| [self::rule(&cx.private, rule), quote!(,)]))
}

fn rule(private: &Fragment, Rule { path, field, check, message }: &Rule) -> TokenStream {
    let check = self::check(private, check);
    quote!(#private::Rule { path: #path, field: #field, check: #private::Check::#check, message: #message })
}

fn check(private: &Fragment, check: &Check) -> TokenStream {
    match check {
        Check::Integer { min, max } => {
            let (min, max) = (whole(*min), whole(*max));
            quote!(Integer { min: #min, max: #max })
        }
        Check::Unsigned { min, max } => between("Unsigned", *min, *max),
        Check::Number { min, max } => {
            let (min, max) = (float(private, *min), float(private, *max));
            quote!(Number { min: #min, max: #max })
        }
        Check::Between { min, max } => {
            let (min, max) = (float(private, *min), float(private, *max));
            quote!(Between { min: #min, max: #max })
        }
        Check::Multiple(of) => {
            let of = Literal::f64_unsuffixed(*of);
            quote!(Multiple(#of))
        }
        Check::Length { min, max } => between("Length", *min, *max),
        Check::Items { min, max } => between("Items", *min, *max),
        Check::Members { min, max } => between("Members", *min, *max),
        Check::Unique => quote!(Unique),
        Check::Digits => quote!(Digits),
        Check::Prefix(prefix) => quote!(Prefix(#prefix)),
        Check::Alphanumeric(count) => quote!(Alphanumeric(#count)),
        Check::Pattern(pattern) => quote!(Pattern(#pattern)),
        Check::OneOf(values) => quote!(OneOf(&[#(#values),*])),
        Check::Types(types) => quote!(Types(&[#(#types),*])),
        Check::Equals(values) => quote!(Equals(&[#(#values),*])),
        Check::Present(names) => quote!(Present(&[#(#names),*])),
        Check::Absent(names) => quote!(Absent(&[#(#names),*])),
        Check::Object => quote!(Object),
        Check::Tools { described: false } => quote!(Also(&#private::TOOL_RULES)),
        Check::Tools { described: true } => quote!(Also(&#private::DESCRIBED_TOOL_RULES)),
    }
}

fn between(check: &str, min: u64, max: u64) -> TokenStream {
    let (check, min, max) = (ident(check), Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
    quote!(#check { min: #min, max: #max })
}

fn whole(number: i64) -> TokenStream {
    let literal = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

fn float(private: &Fragment, number: f64) -> TokenStream {
    if number.is_infinite() {
        return if number > 0.0 { quote!(#private::f64::INFINITY) } else { quote!(#private::f64::NEG_INFINITY) };
    }
    let literal = Literal::f64_unsuffixed(number.abs());
    if number < 0.0 { quote!(-#literal) } else { quote!(#literal) }
}
