//! Every model of the catalog with the attribute on it, so that a refreshed catalog is tested by itself.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use workers_ai_catalog::{Catalog, Error as CatalogError};

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::embedded();
    let mut modules = String::new();
    let mut list = String::from("macro_rules! each_model { ($with:ident) => { $with! {\n");
    for id in catalog.ids()? {
        match catalog.model(&id) {
            Err(CatalogError::NoSchema { .. }) => continue,
            Err(error) => println!("cargo::error={error}"),
            Ok(_) => {}
        }
        let module: String =
            id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        writeln!(
            modules,
            "/// {id}\npub mod m{module} {{\n    #[allow(deprecated)]\n    #[workers_ai::workers_ai_model({id:?})]\n    /// The model.\n    pub struct M;\n}}"
        )?;
        writeln!(list, "    m{module} {id:?};")?;
    }
    list.push_str("} } }\npub(crate) use each_model;\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("models.rs"), modules)?;
    fs::write(out.join("list.rs"), list)?;
    Ok(())
}
