//! Assembles tokens without copying them, as `quote!` does with everything it interpolates: half of an expansion's time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

/// Concatenates pieces.
pub(super) fn join(pieces: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    pieces.into_iter().collect()
}

/// `head { body }`
pub(super) fn braces(head: TokenStream, body: TokenStream) -> TokenStream {
    delimited(head, Delimiter::Brace, body)
}

/// `head [body]`
pub(super) fn brackets(head: TokenStream, body: TokenStream) -> TokenStream {
    delimited(head, Delimiter::Bracket, body)
}

fn delimited(mut head: TokenStream, delimiter: Delimiter, body: TokenStream) -> TokenStream {
    head.extend([TokenTree::Group(Group::new(delimiter, body))]);
    head
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
