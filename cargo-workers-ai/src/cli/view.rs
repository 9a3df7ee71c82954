//! `models`, `show` and `expand`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use workers_ai_catalog::{Capability, Catalog};

use super::output::print;
use crate::{
    error::Result,
    guide::{disagreements, expand, list, show},
};

/// A catalog
#[derive(Args, Debug, Clone)]
pub struct From {
    /// A catalog to use instead: a folder or the file of a model
    #[arg(long, value_name = "PATH")]
    pub catalog: Option<PathBuf>,
}

/// List models: task, context, capabilities, prices, rate limits, deprecations
#[derive(Args, Debug)]
pub struct Models {
    /// Only models whose ID contains this text
    #[arg(value_name = "TEXT")]
    search: Option<String>,
    /// Only models whose task contains this text
    #[arg(long)]
    task: Option<String>,
    /// Only models with this capability: streaming, batch, tools, vision, lora, realtime, textembedding, reasoning, jsonmode; can be repeated
    #[arg(long, value_name = "NAME", value_parser = list::capability)]
    capability: Vec<Capability>,
    /// Only models whose known prices are all at most this number, in the currency and unit of each
    #[arg(long, value_name = "PRICE")]
    max_price: Option<f64>,
    /// Only models that are neither retired nor planned to be
    #[arg(long)]
    lasting: bool,
    /// Sort by this
    #[arg(long, value_enum, default_value_t)]
    sort: list::Order,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print disagreements between flags and schemas instead
    #[arg(long, conflicts_with_all = ["search", "task", "capability", "max_price", "lasting", "sort", "json"])]
    disagreements: bool,
    /// A catalog
    #[command(flatten)]
    pub from: From,
}

/// Show one model: its fields with types and bounds, and its corrections with their reasons
#[derive(Args, Debug)]
pub struct Show {
    /// The model's ID, such as `@cf/author/model`
    id: String,
    /// A catalog
    #[command(flatten)]
    pub from: From,
}

/// Show the code that the attribute expands to
#[derive(Args, Debug)]
pub struct Expand {
    /// The model's ID, such as `@cf/author/model`
    id: String,
    /// Further models: an enum is a set of all of them
    others: Vec<String>,
    /// The name of the struct or enum with the attribute
    #[arg(long)]
    name: Option<String>,
    /// A catalog
    #[command(flatten)]
    pub from: From,
}

impl Models {
    /// Lists models of a catalog.
    ///
    /// # Errors
    /// Returns an error if the catalog cannot be read, or no model matches.
    pub fn run(self, catalog: &Catalog) -> Result<ExitCode> {
        if self.disagreements {
            print(&disagreements::text(catalog)?);
            return Ok(ExitCode::SUCCESS);
        }
        let filter = list::Filter {
            search: self.search,
            task: self.task,
            capabilities: self.capability,
            max_price: self.max_price,
            lasting: self.lasting,
        };
        let entries = list::entries(catalog, &filter, self.sort)?;
        print(&if self.json { list::json(&entries) } else { list::text(&entries) });
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    /// Shows a model of a catalog.
    ///
    /// # Errors
    /// Returns an error for an unknown or unreadable model.
    pub fn run(self, catalog: &Catalog) -> Result<ExitCode> {
        print(&show::text(catalog, &self.id)?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Expand {
    /// Shows the code of models of a catalog.
    ///
    /// # Errors
    /// Returns an error for an unknown or unreadable model, or an invalid name.
    pub fn run(self, catalog: &Catalog) -> Result<ExitCode> {
        print(&if self.others.is_empty() {
            expand::text(catalog, &self.id, self.name.as_deref())?
        } else {
            let ids: Vec<String> = [self.id].into_iter().chain(self.others).collect();
            expand::set_text(catalog, &ids, self.name.as_deref().unwrap_or("Models"))?
        });
        Ok(ExitCode::SUCCESS)
    }
}
