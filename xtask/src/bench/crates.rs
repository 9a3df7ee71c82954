//! The crates to compile: the same models with the attribute, as its expansion, and with typify.

use std::{fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};
use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

use cargo_workers_ai::{
    error::{Error, Result},
    guide::expand,
};

/// The ways to get types for a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    /// The attribute.
    Attribute,
    /// The expansion of the attribute.
    Expanded,
    /// The attribute on an enum of the models.
    Set,
    /// The expansion of that.
    ExpandedSet,
    /// `typify::import_types!` of the same schemas.
    Typify,
    /// No models, with the dependencies of the attribute.
    Empty,
    /// No models, with the dependencies of typify.
    EmptyTypify,
}

impl Variant {
    pub(super) fn package(self, models: usize) -> String {
        match self {
            Self::Attribute => format!("attribute-{models}"),
            Self::Expanded => format!("expanded-{models}"),
            Self::Set => format!("set-{models}"),
            Self::ExpandedSet => format!("expanded-set-{models}"),
            Self::Typify => format!("typify-{models}"),
            Self::Empty => "empty".to_owned(),
            Self::EmptyTypify => "empty-typify".to_owned(),
        }
    }

    fn dependencies(self, root: &Path) -> String {
        match self {
            Self::Attribute | Self::Expanded | Self::Set | Self::ExpandedSet | Self::Empty => types_only(root),
            Self::Typify | Self::EmptyTypify => {
                "typify = \"*\"\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\nregress = \"*\"\n"
                    .to_owned()
            }
        }
    }

    fn source(self, catalog: &Catalog, ids: &[String], folder: &Path) -> Result<String> {
        let mut source = String::from("#![allow(deprecated)]\n");
        match self {
            Self::Set => return Ok(source + &set(ids)),
            Self::ExpandedSet => return Ok(source + &expand::set_text(catalog, ids, "M")?),
            _ => {}
        }
        for (number, id) in ids.iter().enumerate() {
            let body = match self {
                Self::Attribute => format!("#[workers_ai::workers_ai_model({id:?})] pub struct M;\n"),
                Self::Expanded => expanded(catalog, id)?,
                Self::Typify => typify(catalog, id, number, folder)?,
                _ => continue,
            };
            let _ = writeln!(source, "pub mod m{number} {{\n{body}}}");
        }
        Ok(source)
    }
}

/// Returns a dependency on the types and macros only.
pub(super) fn types_only(root: &Path) -> String {
    let path = root.join("workers-ai").display().to_string();
    format!("workers-ai = {{ path = {path:?}, default-features = false }}\n")
}

/// Returns an enum of models with the attribute.
fn set(ids: &[String]) -> String {
    let mut source = String::from("#[workers_ai::workers_ai_model] pub enum M {\n");
    for (number, id) in ids.iter().enumerate() {
        let _ = writeln!(source, "#[model({id:?})] V{number},");
    }
    source + "}\n"
}

fn expanded(catalog: &Catalog, id: &str) -> Result<String> {
    let tokens = workers_ai_codegen::model(&catalog.model(id)?, &Target::named("M"));
    let file = syn::parse2(tokens).map_err(|e| Error::Usage(format!("{id}: {e}")))?;
    Ok(format!("pub struct M;\n{}", prettyplease::unparse(&file)))
}

fn typify(catalog: &Catalog, id: &str, number: usize, folder: &Path) -> Result<String> {
    let mut body = String::new();
    for side in ["input", "output"] {
        let Some(Value::Object(mut schema)) = catalog.upstream_schema(id, side)? else { continue };
        schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        schema.insert("title".to_owned(), json!(side));
        let name = format!("m{number}-{side}.json");
        write(&folder.join(&name), &Value::Object(schema).to_string())?;
        let _ = writeln!(body, "pub mod {side} {{ ::typify::import_types!({name:?}); }}");
    }
    Ok(body)
}

/// Writes a crate.
pub(super) fn make(way: Variant, catalog: &Catalog, ids: &[String], folder: &Path, root: &Path) -> Result<()> {
    let package = way.package(ids.len());
    let folder = folder.join(&package);
    let source = way.source(catalog, ids, &folder)?;
    package_of(&folder, &package, &way.dependencies(root), &source)
}

/// Writes a crate with this name, dependencies and source.
pub(super) fn package_of(folder: &Path, name: &str, dependencies: &str, source: &str) -> Result<()> {
    let manifest = format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{dependencies}"
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("src/lib.rs"), source)
}

/// Writes a file and its parent folders, unless it is unchanged.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::write(folder))?;
    }
    fs::write(path, text).map_err(Error::write(path))
}
