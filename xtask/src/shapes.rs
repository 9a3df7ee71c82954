//! Generates the shared types of `workers-ai-types`: every shape that is not written by hand.

use std::collections::BTreeSet;

use cargo_workers_ai::error::{Error, Result};

const HEAD: &str =
    "//! Types that several models share. Made by `cargo xtask generate`; change `catalog/corrections` instead.\n\n";

/// Returns the file with the shared types.
///
/// # Errors
/// Returns an error if a shape is not described in `catalog/shapes`.
pub fn text(names: &BTreeSet<String>, date: &str, native: &[String]) -> Result<String> {
    let mut tokens = quote::quote! {
        use crate::__private as __w;

        /// The day that the catalog of this release was retrieved, `YYYY-MM-DD`.
        pub const CATALOG_DATE: &str = #date;

        /// The IDs of the models that take the schema of a response as it is, without a name around it.
        #[doc(hidden)]
        pub const NATIVE_FORMAT: &[&str] = &[#(#native),*];
    };
    for name in names.iter().filter(|name| !workers_ai_codegen::WRITTEN_BY_HAND.contains(&name.as_str())) {
        let (model, root) = workers_ai_catalog::shape(name)?;
        tokens.extend(workers_ai_codegen::shape(&model, root, name));
    }
    let file = syn::parse2(tokens).map_err(|error| Error::Shape { name: error.to_string() })?;
    Ok(format!("{HEAD}{}", prettyplease::unparse(&file)))
}
