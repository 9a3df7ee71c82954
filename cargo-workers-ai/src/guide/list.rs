//! `models`: lists models with their capabilities and prices.

use std::cmp::Reverse;

use clap::ValueEnum;
use comfy_table::ColumnConstraint;
use serde_json::{Value, json};
use workers_ai_catalog::{Capability, Catalog, Error as CatalogError, Info, Price};

use super::{count, table, trimmed};
use crate::error::{Error, Result};

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// By ID.
    #[default]
    Id,
    /// By task, then ID.
    Task,
    /// The cheapest first, by the price of input tokens or else the first price; models without a price last.
    Price,
    /// The longest context first.
    Context,
    /// The newest first.
    Created,
}

/// Selects models.
#[derive(Debug, Default)]
pub struct Filter {
    /// Models whose ID contains this text.
    pub search: Option<String>,
    /// Models whose task contains this text.
    pub task: Option<String>,
    /// Models with all of these capabilities.
    pub capabilities: Vec<Capability>,
    /// Models with known prices that are all at most this.
    pub max_price: Option<f64>,
    /// Models without a planned deprecation.
    pub lasting: bool,
}

/// One model of the list.
#[derive(Debug)]
pub struct Entry {
    id: String,
    info: Info,
    /// The reason why it has no types.
    trouble: Option<String>,
}

impl Filter {
    fn takes(&self, id: &str, info: &Info) -> bool {
        let task = self.task.as_ref().map(|task| plain(task));
        let search = self.search.as_ref().map(|text| plain(text));
        search.is_none_or(|text| plain(id).contains(&text))
            && task.is_none_or(|task| plain(&info.task).contains(&task))
            && self.capabilities.iter().all(|capability| info.capabilities.contains(capability))
            && self.max_price.is_none_or(|most| !info.prices.is_empty() && info.prices.iter().all(|p| at_most(p, most)))
            && !(self.lasting && info.deprecation.is_some())
    }
}

fn at_most(price: &Price, most: f64) -> bool {
    price.amount.parse::<f64>().is_ok_and(|amount| amount <= most)
}

/// Normalizes text, so that `text-generation` and `Text Generation` are equal.
fn plain(text: &str) -> String {
    text.to_lowercase().replace(['-', '_'], " ")
}

/// Parses the name of a capability.
///
/// # Errors
/// Returns all names.
pub fn capability(name: &str) -> Result<Capability, String> {
    let wanted = name.to_lowercase().replace(['-', '_', ' '], "");
    let wanted = if matches!(wanted.as_str(), "embeds" | "embeddings") { "textembedding".to_owned() } else { wanted };
    Capability::ALL.into_iter().find(|one| one.name().to_lowercase() == wanted).ok_or_else(|| {
        let names: Vec<String> = Capability::ALL.iter().map(|one| one.name().to_lowercase()).collect();
        format!("unknown capability; expected one of {}", names.join(", "))
    })
}

/// Returns the models that match a filter, in an order.
///
/// # Errors
/// Returns an error if the catalog cannot be read or no model matches.
pub fn entries(catalog: &Catalog, filter: &Filter, order: Order) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for id in catalog.ids()? {
        let (info, trouble) = match catalog.model(&id) {
            Ok(model) => (model.info, None),
            Err(CatalogError::NoSchema { .. }) => (catalog.info(&id)?, Some("no schema".to_owned())),
            Err(CatalogError::Schema { .. }) => (catalog.info(&id)?, Some("its schema cannot be read".to_owned())),
            Err(error) => return Err(error.into()),
        };
        if filter.takes(&id, &info) {
            entries.push(Entry { id, info, trouble });
        }
    }
    if entries.is_empty() {
        return Err(Error::Usage("no model matches".to_owned()));
    }
    sort(&mut entries, order);
    Ok(entries)
}

/// Sorts models that are sorted by ID.
fn sort(entries: &mut [Entry], order: Order) {
    let context = |entry: &Entry| entry.info.context_window.or(entry.info.max_input_tokens);
    match order {
        Order::Id => {}
        Order::Task => entries.sort_by(|a, b| a.info.task.cmp(&b.info.task)),
        Order::Price => entries.sort_by(|a, b| first_price(&a.info).total_cmp(&first_price(&b.info))),
        Order::Context => entries.sort_by_key(|entry| Reverse(context(entry))),
        Order::Created => entries.sort_by(|a, b| b.info.created.cmp(&a.info.created)),
    }
}

/// Returns the price of input tokens, or else the first. Infinite if there is none.
fn first_price(info: &Info) -> f64 {
    let of_input = info.prices.iter().find(|price| price.unit.contains("input token"));
    of_input.or(info.prices.first()).and_then(|price| price.amount.parse().ok()).unwrap_or(f64::INFINITY)
}

/// Formats the list as a table.
#[must_use]
pub fn text(entries: &[Entry]) -> String {
    let mut table = table(&["Model", "Task", "Context", "Can", "Prices", "Rate limit", "Remarks"]);
    // A wrapped ID cannot be copied.
    for column in [0, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for Entry { id, info, trouble } in entries {
        let capabilities: Vec<String> = info
            .capabilities
            .iter()
            // Nearly all have these; the exceptions get a remark.
            .filter(|capability| !matches!(capability, Capability::Run | Capability::GatewayCompatible))
            .map(|capability| capability.name().to_lowercase())
            .collect();
        let context = match (info.context_window, info.max_input_tokens) {
            (_, Some(input)) => format!("{} in", count(input)),
            (Some(window), None) => count(window),
            (None, None) => String::new(),
        };
        table.add_row([
            id.clone(),
            info.task.clone(),
            context,
            capabilities.join(", "),
            prices(info),
            info.requests_per_minute.map(|limit| format!("{}/min", count(limit))).unwrap_or_default(),
            remarks(info, trouble.as_deref()),
        ]);
    }
    let noun = if entries.len() == 1 { "model" } else { "models" };
    format!("{}\n{} {noun}\n", trimmed(&table.to_string()), entries.len())
}

pub(super) fn prices(info: &Info) -> String {
    let price = |price: &Price| {
        let currency = if price.currency == "USD" { "$".to_owned() } else { format!("{} ", price.currency) };
        format!("{currency}{} {}", price.amount, price.name())
    };
    info.prices.iter().map(price).collect::<Vec<_>>().join("; ")
}

pub(super) fn remarks(info: &Info, trouble: Option<&str>) -> String {
    let mut remarks: Vec<String> = trouble.map(str::to_owned).into_iter().collect();
    if let Some(planned) = &info.deprecation {
        let successor = planned.successor.as_ref().map(|id| format!(", use {id}")).unwrap_or_default();
        let state = if planned.passed { "retired since" } else { "planned deprecation" };
        remarks.push(format!("{state} {}{successor}", planned.date));
    }
    if !info.capabilities.contains(&Capability::Run) {
        remarks.push("realtime only".to_owned());
    } else if !info.capabilities.contains(&Capability::GatewayCompatible) {
        remarks.push("not through a gateway".to_owned());
    }
    for (flag, text) in [(info.beta, "beta"), (info.partner, "partner"), (info.paid_plan_only, "paid plan only")] {
        if flag {
            remarks.push(text.to_owned());
        }
    }
    remarks.join("; ")
}

/// Formats the list as JSON.
#[must_use]
pub fn json(entries: &[Entry]) -> String {
    let list: Vec<Value> = entries
        .iter()
        .map(|Entry { id, info, trouble }| {
            let names: Vec<&str> = info.capabilities.iter().map(|capability| capability.name()).collect();
            let price = |p: &Price| json!({"unit": p.unit, "price": p.amount, "currency": p.currency, "label": p.label});
            let prices: Vec<Value> = info.prices.iter().map(price).collect();
            let deprecation = |planned: &workers_ai_catalog::Deprecation| {
                json!({"date": planned.date, "successor": planned.successor})
            };
            json!({
                "id": id, "task": info.task, "context_window": info.context_window,
                "max_input_tokens": info.max_input_tokens, "output_dimensions": info.output_dimensions,
                "capabilities": names, "prices": prices, "requests_per_minute": info.requests_per_minute,
                "deprecation": info.deprecation.as_ref().map(deprecation), "created": info.created,
                "terms": info.terms, "beta": info.beta, "partner": info.partner,
                "paid_plan_only": info.paid_plan_only, "languages": info.languages, "trouble": trouble,
            })
        })
        .collect();
    crate::pretty::pretty(&Value::Array(list))
}
