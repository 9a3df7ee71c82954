//! Assembles tokens without copying them, as `quote!` does with everything it interpolates: half of an expansion's time.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::ToTokens;

/// Concatenates pieces.
pub(super) fn join(pieces: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    pieces.into_iter().collect()
}

/// Returns the position of a field, by which an input orders its fields.
pub(super) fn position(index: usize) -> Literal {
    Literal::u16_unsuffixed(u16::try_from(index).unwrap_or(u16::MAX))
}

/// `head { body }`
pub(super) fn braces(head: TokenStream, body: TokenStream) -> TokenStream {
    delimited(head, Delimiter::Brace, body)
}

/// `head [body]`
pub(super) fn brackets(head: TokenStream, body: TokenStream) -> TokenStream {
    delimited(head, Delimiter::Bracket, body)
}

/// `head (body)`
pub(super) fn parentheses(head: TokenStream, body: TokenStream) -> TokenStream {
    delimited(head, Delimiter::Parenthesis, body)
}

fn delimited(mut head: TokenStream, delimiter: Delimiter, body: TokenStream) -> TokenStream {
    head.extend([TokenTree::Group(Group::new(delimiter, body))]);
    head
}

/// Puts attributes on each item. An item ends with a semicolon, or with braces that no semicolon follows.
pub(super) fn attributed(attributes: &TokenStream, items: TokenStream) -> TokenStream {
    if attributes.is_empty() {
        return items;
    }
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let mut tokens = TokenStream::new();
    let mut rest = items.into_iter().peekable();
    let mut starts = true;
    while let Some(token) = rest.next() {
        if starts {
            tokens.extend(attributes.clone());
        }
        let braces = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        starts = is_semicolon(&token) || (braces && !rest.peek().is_some_and(is_semicolon));
        tokens.extend([token]);
    }
    tokens
}

/// A path or visibility that is repeated in hundreds of places. Its tokens are appended one by one to those around it,
/// where a stream would cost a call to the compiler each time.
pub(crate) struct Fragment(Vec<TokenTree>);

impl Fragment {
    pub(super) fn new(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl ToTokens for Fragment {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}
