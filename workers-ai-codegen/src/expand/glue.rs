//! Putting tokens together without copying them, as `quote!` does with all that it is given: half of an expansion's time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

/// Pieces one after the other.
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

/// A path that stands in hundreds of places. Its tokens go one by one into those around it, where a stream would be a
/// call to the compiler each time.
pub(crate) struct Path(Vec<TokenTree>);

impl Path {
    pub(super) fn of(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl ToTokens for Path {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}
