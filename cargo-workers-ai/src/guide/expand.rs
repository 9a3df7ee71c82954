//! `expand`: the code that the attribute expands to, formatted.

use proc_macro2::TokenStream;
use workers_ai_catalog::{Catalog, Member, Model, Set};
use workers_ai_codegen::{SetVariant, Target};

use crate::error::{Error, Result};

/// Returns the expansion of a model's attribute on a unit struct with this name.
///
/// # Errors
/// Returns an error for an unknown or unreadable model or an invalid type name.
pub fn text(catalog: &Catalog, id: &str, name: Option<&str>) -> Result<String> {
    let model = catalog.model(id)?;
    let name = name.map_or_else(|| type_name(id), str::to_owned);
    check_name(&name)?;
    pretty(workers_ai_codegen::model(&model, &Target::named(&name)), id)
}

/// Returns an enum of models with its derives, and the expansion of the attribute on it.
///
/// # Errors
/// Returns an error for an unknown or unreadable model, an invalid type name, or models that cannot be a set.
pub fn set_text(catalog: &Catalog, ids: &[String], name: &str) -> Result<String> {
    check_name(name)?;
    let models = ids.iter().map(|id| Ok(catalog.model(id)?)).collect::<Result<Vec<Model>>>()?;
    let mut names: Vec<String> = Vec::new();
    for id in ids {
        let stem = type_name(id);
        let is_free = |name: &String| !names.contains(name);
        let numbered = (2..).map(|number| format!("{stem}{number}"));
        names.extend(std::iter::once(stem.clone()).chain(numbered).find(is_free));
    }
    let members: Vec<Member<'_>> = names.iter().zip(&models).map(|(name, model)| Member { name, model }).collect();
    let set = Set::of(name, &members).map_err(|conflict| Error::Usage(conflict.text))?;
    let variants: Vec<SetVariant<'_>> =
        members.iter().map(|member| SetVariant::named(member.name, member.model)).collect();
    let tokens = workers_ai_codegen::set(&set, &variants, &Target::named(name));
    let declared =
        format!("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name} {{ {} }}\n", names.join(", "));
    Ok(declared + &pretty(tokens, name)?)
}

fn check_name(name: &str) -> Result<()> {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Usage(format!("invalid type name `{name}`"))),
    }
}

fn pretty(tokens: TokenStream, of: &str) -> Result<String> {
    let file = syn::parse2(tokens).map_err(|e| {
        Error::Usage(format!("the generated code for {of} is not valid Rust, which is a bug in the generator: {e}"))
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
