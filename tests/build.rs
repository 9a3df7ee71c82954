//! Generates a struct with the attribute for every model of the catalog, and calls of its builder, so that a refreshed
//! catalog is tested without further work.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use workers_ai_catalog::{Catalog, Error as CatalogError};
use workers_ai_codegen::{Fill, Target};

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::embedded();
    let mut models = String::new();
    let mut table = String::from("/// Every model.\npub const MODELS: &[Case] = &[\n");
    for id in catalog.ids()? {
        let model = match catalog.model(&id) {
            Ok(model) => model,
            Err(CatalogError::NoSchema { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let module: String =
            id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        writeln!(
            models,
            "/// {id}\npub mod m{module} {{\n    /// The model.\n    #[allow(deprecated)]\n    #[workers_ai::workers_ai_model({id:?})]\n    pub struct M;\n}}"
        )?;
        let mut inputs = String::new();
        for (fill, name) in [(Fill::Required, "Required"), (Fill::All, "All")] {
            for (key, call) in workers_ai_codegen::example(&model, &Target::named("M"), fill) {
                write!(
                    inputs,
                    "Example {{ filled: Filled::{name}, key: {key:?}, encode: || {{ use m{module}::*; encode::<M, _>({call}) }}, again: |json| again::<m{module}::MInput>(json), check: |json| check::<m{module}::M>(json) }}, "
                )?;
            }
        }
        writeln!(
            table,
            "    Case {{ id: {id:?}, inputs: &[{inputs}], decode: |json| again::<<m{module}::M as workers_ai::Model>::Output>(json) }},"
        )?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("models.rs"), models)?;
    fs::write(out.join("table.rs"), table)?;
    Ok(())
}
