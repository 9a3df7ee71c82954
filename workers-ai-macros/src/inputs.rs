//! `inputs!(Flux { prompt: "…", num_steps: 4 })`: calls of setters, and checks of the literals among their arguments.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{
    Ident, Path, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use crate::value;

/// A model or type, and its fields.
struct Inputs {
    path: Path,
    fields: Vec<Member>,
}

struct Member {
    name: Ident,
    value: TokenStream,
}

impl Parse for Inputs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse().map_err(|error: syn::Error| {
            syn::Error::new(error.span(), "expected a model and its fields: `inputs!(Flux { prompt: \"…\" })`")
        })?;
        if !input.peek(syn::token::Brace) {
            return Err(input.error("expected fields in braces: `inputs!(Flux { prompt: \"…\" })`"));
        }
        let body;
        syn::braced!(body in input);
        if !input.is_empty() {
            return Err(input.error("unexpected tokens after the closing brace"));
        }
        Ok(Self { path, fields: members(&body)? })
    }
}

fn members(body: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let mut fields: Vec<Member> = Vec::new();
    while !body.is_empty() {
        let name: Ident = body.call(Ident::parse_any)?;
        if let Some(twice) = fields.iter().find(|field| field.name == name) {
            return Err(syn::Error::new(name.span(), format!("duplicate field `{}`", twice.name)));
        }
        let value = if body.peek(Token![:]) {
            body.parse::<Token![:]>()?;
            value::parse(body)
        } else {
            quote!(#name)
        };
        if value.is_empty() {
            return Err(syn::Error::new(name.span(), format!("`{name}` has no value; write `{name}: …`")));
        }
        fields.push(Member { name, value });
        if !body.is_empty() {
            body.parse::<Token![,]>()?;
        }
    }
    Ok(fields)
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2::<Inputs>(input) {
        Ok(inputs) => {
            let model = &inputs.path;
            let mut checks = TokenStream::new();
            let setters = setters(model, &inputs.fields, "", &mut checks);
            let start = quote_spanned!(span_of(model)=> #model::input());
            quote!({ #checks #start #setters.build() })
        }
        Err(error) => error.into_compile_error(),
    }
}

fn span_of(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span())
}

fn setters(model: &Path, fields: &[Member], parent: &str, checks: &mut TokenStream) -> TokenStream {
    let mut tokens = TokenStream::new();
    for Member { name, value } in fields {
        let path = if parent.is_empty() { name.unraw().to_string() } else { format!("{parent}.{}", name.unraw()) };
        let value = checked(model, value, &path, checks);
        tokens.extend(quote!(.#name(#value)));
    }
    tokens
}

/// Returns a value, and adds the checks of its literals: a literal, a list of them, or a part written like a struct.
fn checked(model: &Path, value: &TokenStream, path: &str, checks: &mut TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Literal(literal)] => literal_check(model, literal, false, path, checks),
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => {
            literal_check(model, literal, true, path, checks);
        }
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => {
            return list(model, group, path, checks);
        }
        [.., TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
            if let Ok(part) = syn::parse2::<Inputs>(value.clone()) {
                let of = &part.path;
                let setters = setters(model, &part.fields, path, checks);
                let rules = rules(model, span_of(of));
                // An error about a type argument is reported at the method's name.
                let start = quote_spanned!(span_of(of)=> #rules.part::<#of>());
                return quote!(#start #setters.build());
            }
        }
        [TokenTree::Group(group)] if is_own_struct(group) => return group.stream(),
        _ => {}
    }
    value.clone()
}

/// Returns whether it is a struct literal in parentheses, which is no part to build. Passed on with the parentheses, they would
/// be reported as unnecessary.
fn is_own_struct(group: &Group) -> bool {
    group.delimiter() == Delimiter::Parenthesis && syn::parse2::<StructLiteral>(group.stream()).is_ok()
}

/// `Path { … }`
struct StructLiteral;

impl Parse for StructLiteral {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Path>()?;
        let fields;
        syn::braced!(fields in input);
        fields.parse::<TokenStream>()?;
        Ok(Self)
    }
}

fn list(model: &Path, group: &Group, path: &str, checks: &mut TokenStream) -> TokenStream {
    let items = |input: ParseStream<'_>| {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(value::parse(input));
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(items)
    };
    let Ok(items) = syn::parse::Parser::parse2(items, group.stream()) else { return quote!(#group) };
    if items
        .iter()
        .any(|item| item.clone().into_iter().any(|token| matches!(&token, TokenTree::Punct(p) if p.as_char() == ';')))
    {
        return quote!(#group);
    }
    let (count, rules) = (items.len(), rules(model, group.span()));
    checks.extend(quote_spanned!(group.span()=> const _: () = #rules.check_items(#path, #count);));
    let item_path = format!("{path}[]");
    let items = items.iter().map(|item| checked(model, item, &item_path, checks));
    let items = quote!(#(#items),*);
    let mut list = Group::new(Delimiter::Bracket, items);
    list.set_span(group.span());
    quote!(#list)
}

fn literal_check(model: &Path, literal: &Literal, negative: bool, path: &str, checks: &mut TokenStream) {
    let span = literal.span();
    let sign = negative.then(|| quote!(-));
    let check = match syn::Lit::new(literal.clone()) {
        syn::Lit::Int(number) => {
            let Ok(value) = number.base10_parse::<i128>() else { return };
            let value = Literal::i128_suffixed(value);
            quote_spanned!(span=> check_int(#path, #sign #value))
        }
        syn::Lit::Float(number) => {
            let Ok(value) = number.base10_parse::<f64>() else { return };
            let value = Literal::f64_suffixed(value);
            quote_spanned!(span=> check_float(#path, #sign #value))
        }
        syn::Lit::Str(_) => quote_spanned!(span=> check_str(#path, #literal)),
        _ => return,
    };
    let rules = rules(model, span);
    checks.extend(quote_spanned!(span=> const _: () = #rules.#check;));
}

/// Returns the path of the model's rules, with every token at the place that a broken rule underlines.
fn rules(model: &Path, span: Span) -> TokenStream {
    let rules = quote_spanned!(span=> #model::__RULES);
    rules
        .into_iter()
        .map(|mut token| {
            token.set_span(span.resolved_at(token.span()));
            token
        })
        .collect()
}
