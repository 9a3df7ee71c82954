//! `#[workers_ai_model("@cf/…")]`: its arguments, and which of its two forms is meant.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Data, DeriveInput, Fields, Ident, LitStr, Path, Token,
    parse::{Parse, ParseStream},
};
use workers_ai_codegen::Target;

use crate::{error::Errors, item, lookup};

/// What was written between the parentheses.
pub(crate) struct Arguments {
    pub(crate) id: LitStr,
    pub(crate) catalog: Option<LitStr>,
    krate: Option<Path>,
}

const USAGE: &str = "write the model's id: `#[workers_ai_model(\"@cf/author/model\")]`";

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), format!("the model is missing; {USAGE}")));
        }
        if !input.peek(LitStr) {
            let rest: TokenStream = input.parse()?;
            return Err(syn::Error::new_spanned(rest, format!("the model's id must be a string literal; {USAGE}")));
        }
        let id: LitStr = input.parse()?;
        let mut arguments = Self { id, catalog: None, krate: None };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key = input.lookahead1();
            if key.peek(Token![crate]) {
                let key: Token![crate] = input.parse()?;
                input.parse::<Token![=]>()?;
                if arguments.krate.replace(Path::parse_mod_style(input)?).is_some() {
                    return Err(syn::Error::new_spanned(key, "`crate` is given twice"));
                }
            } else if key.peek(syn::Ident) {
                let key: Ident = input.parse()?;
                if key != "catalog" {
                    return Err(syn::Error::new_spanned(
                        &key,
                        format!("no option `{key}`; after the id may follow `catalog = \"path\"` and `crate = path`"),
                    ));
                }
                input.parse::<Token![=]>()?;
                if arguments.catalog.replace(input.parse()?).is_some() {
                    return Err(syn::Error::new_spanned(key, "`catalog` is given twice"));
                }
            } else {
                return Err(key.error());
            }
        }
        Ok(arguments)
    }
}

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => Some(arguments),
        Err(error) => {
            errors.push(error);
            None
        }
    };
    let parsed = structure(&item, &mut errors);
    let expansion = match (&parsed, &arguments) {
        (Some(parsed), Some(arguments)) => generate(parsed, arguments, &mut errors),
        (Some(parsed), None) => item::without_helpers(parsed).into_token_stream(),
        (None, _) => item,
    };
    let errors = errors.into_tokens();
    quote! { #errors #expansion }
}

/// The item and all that the attribute puts beside it.
fn generate(parsed: &DeriveInput, arguments: &Arguments, errors: &mut Errors) -> TokenStream {
    let mut lints = lints(parsed);
    let found = match lookup::find(arguments) {
        Ok(found) => found,
        Err(missed) => {
            errors.at(missed.span, missed.message);
            // The mistake is told; the model that was probably meant stands in, so that no second error follows from it.
            lints.extend(quote!(#[allow(deprecated)]));
            match missed.stand_in {
                Some(model) => lookup::Found { model: *model, tracked: TokenStream::new() },
                None => return item::without_helpers(parsed).into_token_stream(),
            }
        }
    };
    let target = Target {
        name: parsed.ident.clone(),
        vis: parsed.vis.to_token_stream(),
        krate: arguments.krate.as_ref().map_or_else(|| quote!(::workers_ai), ToTokens::to_token_stream),
        id_span: arguments.id.span(),
        lints,
        both: cfg!(feature = "serde-both"),
        clone: !derives(parsed, "Clone"),
        copy: !derives(parsed, "Copy"),
    };
    let tracked = found.tracked;
    let expansion = match &parsed.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => {
            item::checked(&found.model, &target, parsed, errors)
        }
        _ => {
            let generated = workers_ai_codegen::model(&found.model, &target);
            quote! { #parsed #generated }
        }
    };
    quote! { #expansion #tracked }
}

/// The struct that the attribute is on; an error that says what it may be on otherwise.
fn structure(item: &TokenStream, errors: &mut Errors) -> Option<DeriveInput> {
    let wants = "`#[workers_ai_model]` goes on a struct: `struct Model;`, or one whose fields are the input's";
    let Ok(parsed) = syn::parse2::<DeriveInput>(item.clone()) else {
        errors.at(first_name(item), wants);
        return None;
    };
    if let Some(first) = parsed.generics.params.first() {
        errors.on(first, "a model cannot be generic");
        return None;
    }
    match &parsed.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) => {
                errors.on(fields, "a tuple's fields have no names to compare with the model's; write `struct Model;` or name the fields");
                None
            }
            _ => Some(parsed),
        },
        _ => {
            errors.on(&parsed.ident, wants);
            None
        }
    }
}

/// The span of the first word that is not a keyword: mostly the item's name.
fn first_name(item: &TokenStream) -> Span {
    const BEFORE_NAMES: [&str; 12] =
        ["pub", "crate", "fn", "async", "const", "unsafe", "extern", "mod", "trait", "impl", "type", "static"];
    let name = item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if !BEFORE_NAMES.contains(&ident.to_string().as_str()) => Some(ident.span()),
        _ => None,
    });
    name.unwrap_or_else(Span::call_site)
}

/// Whether a derive below the attribute gives a trait.
fn derives(item: &DeriveInput, name: &str) -> bool {
    item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
        let mut found = false;
        // A mistake in the derive is for the compiler to report.
        let _ = attribute.parse_nested_meta(|derived| {
            found |= derived.path.segments.last().is_some_and(|segment| segment.ident == name);
            Ok(())
        });
        found
    })
}

/// The lint levels that the user set on the item.
fn lints(item: &DeriveInput) -> TokenStream {
    let attributes = item
        .attrs
        .iter()
        .filter(|attribute| ["allow", "warn", "deny", "forbid"].iter().any(|name| attribute.path().is_ident(name)));
    quote!(#(#attributes)*)
}
