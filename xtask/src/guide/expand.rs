//! `expand`: the code that the attribute expands to, formatted.

use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

use crate::error::{Error, Result};

/// Returns the expansion of a model's attribute on a unit struct with this name.
///
/// # Errors
/// Returns an error for an unknown or unreadable model or an invalid type name.
pub fn text(catalog: &Catalog, id: &str, name: Option<&str>) -> Result<String> {
    let model = catalog.model(id)?;
    let name = name.map_or_else(|| type_name(id), str::to_owned);
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        return Err(Error::Usage(format!("invalid type name `{name}`")));
    }
    let tokens = workers_ai_codegen::model(&model, &Target::named(&name));
    let file = syn::parse2(tokens).map_err(|e| {
        Error::Usage(format!("the generated code for {id} is not valid Rust, which is a bug in the generator: {e}"))
    })?;
    Ok(prettyplease::unparse(&file))
}

/// Returns a struct name for a model: `Flux1Schnell` for `@cf/black-forest-labs/flux-1-schnell`.
fn type_name(id: &str) -> String {
    let mut name = String::new();
    let mut start = true;
    for c in id.rsplit('/').next().unwrap_or_default().chars() {
        if !c.is_ascii_alphanumeric() {
            start = true;
        } else if start {
            name.push(c.to_ascii_uppercase());
            start = false;
        } else {
            name.push(c);
        }
    }
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("Model{name}") }
}

#[cfg(test)]
mod tests {
    use super::type_name;

    #[test]
    fn a_struct_is_called_after_its_model() {
        assert_eq!(type_name("@cf/black-forest-labs/flux-1-schnell"), "Flux1Schnell");
        assert_eq!(type_name("@cf/meta/llama-3.3-70b"), "Llama3370b");
        assert_eq!(type_name("@cf/a/7b"), "Model7b");
    }
}
