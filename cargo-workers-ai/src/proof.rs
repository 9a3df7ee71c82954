//! What the compiler would refuse in generated code, found without it: names that are defined twice, and types that are not
//! defined.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Fields, File, GenericParam, Generics, ImplItem, Item};

use crate::surface::STRUCT;

/// Returns the first faults of a file, if it has any.
///
/// # Errors
/// Describes the faults.
pub fn check(file: &File) -> Result<(), String> {
    let mut proof = Proof::default();
    proof.items(&file.items, "");
    proof.uses(file.to_token_stream());
    proof.faults.truncate(3);
    if proof.faults.is_empty() {
        Ok(())
    } else {
        Err(format!("its code would not compile: {}", proof.faults.join("; ")))
    }
}

#[derive(Default)]
struct Proof {
    /// The names that are defined, with what they are defined in.
    defined: BTreeSet<(String, String)>,
    /// The types and type parameters.
    types: BTreeSet<String>,
    faults: Vec<String>,
}

impl Proof {
    fn define(&mut self, scope: &str, name: &impl ToString) {
        let name = name.to_string();
        if !self.defined.insert((scope.to_owned(), name.clone())) {
            self.faults.push(format!("`{name}` is defined twice in {scope}"));
        }
    }

    fn items(&mut self, items: &[Item], module: &str) {
        let types = format!("the types of the module `{module}`");
        for item in items {
            let (name, generics) = match item {
                Item::Struct(item) => {
                    self.fields(&item.fields, &item.ident.to_string());
                    (&item.ident, &item.generics)
                }
                Item::Enum(item) => {
                    for variant in &item.variants {
                        self.define(&format!("the enum `{}`", item.ident), &variant.ident);
                    }
                    (&item.ident, &item.generics)
                }
                Item::Trait(item) => (&item.ident, &item.generics),
                Item::Type(item) => (&item.ident, &item.generics),
                Item::Mod(item) => {
                    self.define(&types, &item.ident);
                    if let Some((_, inside)) = &item.content {
                        self.items(inside, &format!("{module}::{}", item.ident));
                    }
                    continue;
                }
                Item::Impl(item) => {
                    self.implementation(item);
                    continue;
                }
                _ => continue,
            };
            self.define(&types, name);
            self.types.insert(name.to_string());
            self.parameters(generics);
        }
    }

    fn fields(&mut self, fields: &Fields, owner: &str) {
        for field in fields.iter().filter_map(|field| field.ident.as_ref()) {
            self.define(&format!("the fields of `{owner}`"), field);
        }
    }

    fn implementation(&mut self, block: &syn::ItemImpl) {
        self.parameters(&block.generics);
        let of = block.self_ty.to_token_stream().to_string();
        if let Some((path, _)) = &block.trait_ {
            let generics = block.generics.where_clause.to_token_stream().to_string();
            self.define(&format!("the traits of `{of}`"), &format!("{} {generics}", path.to_token_stream()));
            return;
        }
        // A builder has one implementation for all its states.
        let owner = of.split('<').next().unwrap_or_default().trim();
        for item in &block.items {
            match item {
                ImplItem::Fn(method) => {
                    self.parameters(&method.sig.generics);
                    self.define(&format!("the methods of `{owner}`"), &method.sig.ident);
                }
                ImplItem::Const(constant) => self.define(&format!("the methods of `{owner}`"), &constant.ident),
                _ => {}
            }
        }
    }

    fn parameters(&mut self, generics: &Generics) {
        for parameter in &generics.params {
            if let GenericParam::Type(parameter) = parameter {
                self.types.insert(parameter.ident.to_string());
            }
        }
    }

    /// Finds the generated names that nothing defines.
    fn uses(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.uses(group.stream()),
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let generated = ["Input", "Output"].iter().any(|side| name.starts_with(&format!("{STRUCT}{side}")));
                    if generated && !self.types.contains(&name) && self.types.insert(name.clone()) {
                        self.faults.push(format!("`{name}` is not defined"));
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_the_compiler_would_refuse_is_found() {
        for (code, told) in [
            ("struct MInput; enum MInput {}", "`MInput` is defined twice"),
            ("mod a { struct MInput { a: u8, a: u8 } }", "`a` is defined twice in the fields of `MInput`"),
            ("enum MInput { A, A }", "`A` is defined twice in the enum `MInput`"),
            (
                "struct MInput; impl MInput { fn a() {} } impl MInput { fn a() {} }",
                "`a` is defined twice in the methods",
            ),
            ("struct MInput; impl Clone for MInput {} impl Clone for MInput {}", "is defined twice in the traits"),
            ("struct MInput { a: MInputA }", "`MInputA` is not defined"),
        ] {
            let refused = check(&syn::parse_file(code).unwrap()).unwrap_err();
            assert!(refused.contains(told), "{refused}");
        }
        let fine = "struct MInput<T>(T); mod a { struct MInput; } impl<T> From<u8> for MInput<T> {} impl<T> From<u16> for MInput<T> {}";
        assert_eq!(check(&syn::parse_file(fine).unwrap()), Ok(()));
    }
}
