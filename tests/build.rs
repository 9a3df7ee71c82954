//! Generates a struct with the attribute for every model of the catalog, and calls of its builder, so that a refreshed
//! catalog is tested without further work.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use workers_ai_catalog::{Capability, Catalog, Error as CatalogError, Member, Model, Set};
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
    let (sets, table) = sets(&catalog)?;
    fs::write(out.join("sets.rs"), sets)?;
    fs::write(out.join("sets_table.rs"), table)?;
    Ok(())
}

/// Generates sets: each model with the next one that goes with it, and all chat models that call tools.
fn sets(catalog: &Catalog) -> Result<(String, String), Box<dyn Error>> {
    let models: Vec<Model> = catalog.ids()?.iter().filter_map(|id| catalog.model(id).ok()).collect();
    let goes_with = |a: &Model, b: &Model| {
        Set::of("M", &[Member { name: "V0", model: a }, Member { name: "V1", model: b }]).is_ok()
    };
    let mut sets: Vec<Vec<&Model>> = Vec::new();
    for (at, model) in models.iter().enumerate() {
        sets.extend(models[at + 1..].iter().find(|other| goes_with(model, other)).map(|other| vec![model, other]));
    }
    let chats =
        |model: &&Model| model.can(Capability::Tools) && model.input.fields.iter().any(|f| f.wire == "messages");
    sets.push(models.iter().filter(chats).collect());
    let (mut items, mut table) = (String::new(), String::from("/// The sets.\npub const SETS: &[SetCase] = &[\n"));
    for (number, models) in sets.iter().enumerate() {
        let names: Vec<String> = (0..models.len()).map(|at| format!("V{at}")).collect();
        let members: Vec<Member<'_>> = names.iter().zip(models).map(|(name, model)| Member { name, model }).collect();
        let set = Set::of("M", &members).map_err(|conflict| conflict.text)?;
        write!(
            items,
            "/// A set.\npub mod s{number} {{ /// The set.\n#[allow(deprecated, missing_docs)] #[workers_ai::workers_ai_model] pub enum M {{"
        )?;
        for Member { name, model } in &members {
            write!(items, "#[model({:?})] {name},", model.id)?;
        }
        writeln!(items, "}} }}")?;
        write!(table, "    SetCase {{ models: <s{number}::M as workers_ai::Model>::MODELS, inputs: &[")?;
        for (fill, name) in [(Fill::Required, "Required"), (Fill::All, "All")] {
            for (key, call) in workers_ai_codegen::example(&set.common, &Target::named("M"), fill) {
                write!(
                    table,
                    "SetExample {{ filled: Filled::{name}, key: {key:?}, encode: |at| {{ use s{number}::*; encode_for::<M, _>(at, {call}) }} }}, "
                )?;
            }
        }
        writeln!(table, "] }},")?;
    }
    table.push_str("];\n");
    Ok((items, table))
}
