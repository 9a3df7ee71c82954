//! The arguments of `#[workers_ai_model("@cf/…")]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Ident, LitStr, Path, Token,
    parse::{Parse, ParseStream},
};

/// The text between the parentheses.
pub(crate) struct Arguments {
    /// The model's ID. An enum has the IDs of its models on its variants.
    pub(crate) id: Option<LitStr>,
    pub(crate) catalog: Option<LitStr>,
    krate: Option<Path>,
}

pub(crate) const USAGE: &str = "write the model's ID: `#[workers_ai_model(\"@cf/author/model\")]`";

impl Arguments {
    /// Returns the path by which the user's crate knows `workers-ai`.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.as_ref().map_or_else(|| quote!(::workers_ai), ToTokens::to_token_stream)
    }

    /// Reads one of the options that may follow the ID.
    fn option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key = input.lookahead1();
        if key.peek(Token![crate]) {
            let key: Token![crate] = input.parse()?;
            input.parse::<Token![=]>()?;
            if self.krate.replace(Path::parse_mod_style(input)?).is_some() {
                return Err(syn::Error::new_spanned(key, "duplicate option `crate`"));
            }
            return Ok(());
        }
        if !key.peek(syn::Ident) {
            return Err(key.error());
        }
        let key: Ident = input.parse()?;
        if key != "catalog" {
            let message = format!("unknown option `{key}`; the options are `catalog = \"path\"` and `crate = path`");
            return Err(syn::Error::new_spanned(&key, message));
        }
        input.parse::<Token![=]>()?;
        if self.catalog.replace(input.parse()?).is_some() {
            return Err(syn::Error::new_spanned(key, "duplicate option `catalog`"));
        }
        Ok(())
    }
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self { id: None, catalog: None, krate: None };
        if input.peek(LitStr) {
            arguments.id = Some(input.parse()?);
        } else if !input.is_empty() && !input.peek2(Token![=]) {
            let rest: TokenStream = input.parse()?;
            return Err(syn::Error::new_spanned(rest, format!("the model's ID must be a string literal; {USAGE}")));
        } else if !input.is_empty() {
            arguments.option(input)?;
        }
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if !input.is_empty() {
                arguments.option(input)?;
            }
        }
        Ok(arguments)
    }
}
