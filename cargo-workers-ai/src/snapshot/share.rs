//! Parts of schemas that several models share: stored once, referenced by name.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet, HashMap},
    convert::Infallible,
};

use serde_json::{Value, json};

use super::{
    names::{self, Site},
    record::Record,
    schema::{self, MAX_DEPTH},
};

/// Parts up to this length of compact JSON are not worth a file.
const MIN_SIZE: usize = 200;

/// The same for parts that only one model uses, in several places.
const MIN_SIZE_IN_ONE_MODEL: usize = 1000;

/// Schemas with more nodes than this after inlining are rejected.
const MAX_PLACES: usize = 200_000;

/// Shared parts by name, as they are stored. A part may reference another.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Parts(BTreeMap<String, Value>);

impl Parts {
    /// Adds a part.
    pub fn insert(&mut self, name: String, value: Value) {
        self.0.insert(name, value);
    }

    /// Returns the parts by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Inlines all shared parts of a schema.
    ///
    /// # Errors
    /// Returns an error for a missing part or a circular reference.
    pub fn inline(&self, schema: &Value) -> Result<Value, String> {
        self.inline_at(schema, 0, &Cell::new(MAX_PLACES))
    }

    fn inline_at(&self, value: &Value, depth: usize, places: &Cell<usize>) -> Result<Value, String> {
        if depth > 2 * MAX_DEPTH {
            return Err("is nested too deeply, or references itself through `shared/`".to_owned());
        }
        places.set(places.get().checked_sub(1).ok_or("is too large with its shared parts inlined")?);
        match value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix("/shared/")) {
            Some(file) => {
                let part = file.strip_suffix(".json").and_then(|name| self.0.get(name));
                let part = part.ok_or_else(|| format!("references `shared/{file}`, which does not exist"))?;
                self.inline_at(part, depth + 1, places)
            }
            None => schema::replace(value, &mut |below| self.inline_at(below, depth + 1, places)),
        }
    }
}

/// A part that may be shared.
#[derive(Default)]
struct Candidate {
    models: BTreeSet<usize>,
    sites: Vec<Site>,
    /// The number of places that would reference it.
    referrers: usize,
}

/// Returns the models' files and the shared parts they reference. Parts that are still shared keep their names in `old`.
pub(super) fn split(models: &BTreeMap<String, Record>, old: &Parts) -> (Vec<(String, Value)>, Parts) {
    let mut candidates: HashMap<String, Candidate> = HashMap::new();
    let sides = |record: &Record| {
        let sides = [("input", record.facts.input.clone()), ("output", record.facts.output.clone())];
        sides.map(|(side, schema)| (side, schema.filter(|schema| !has_reference(schema))))
    };
    for (index, record) in models.values().enumerate() {
        for (side, schema) in sides(record) {
            if let Some(schema) = schema {
                gather(&schema, &Site::root(&record.facts.task, side), index, &mut candidates);
            }
        }
    }
    candidates.retain(|content, candidate| {
        candidate.models.len() > 1 || (candidate.sites.len() > 1 && content.len() > MIN_SIZE_IN_ONE_MODEL)
    });
    let mut seen = BTreeSet::new();
    for record in models.values() {
        for (_, schema) in sides(record) {
            if let Some(schema) = schema {
                refer(&schema, &mut candidates, &mut seen);
            }
        }
    }
    candidates.retain(|_, candidate| candidate.referrers > 1);
    let ids: Vec<&str> = models.keys().map(String::as_str).collect();
    let names = name_all(&candidates, &ids, old);

    let mut parts = Parts::default();
    for (content, name) in &names {
        if let Ok(value) = serde_json::from_str::<Value>(content) {
            parts.insert(name.clone(), store_below(&value, &names));
        }
    }
    let file = |(id, record): (&String, &Record)| {
        let store = |schema: &Option<Value>| {
            schema.as_ref().map(|schema| if has_reference(schema) { schema.clone() } else { store(schema, &names) })
        };
        (id.clone(), record.value(store(&record.facts.input), store(&record.facts.output)))
    };
    (models.iter().map(file).collect(), parts)
}

/// Returns whether a schema has references into itself. It is not split then, since they are relative to its root.
fn has_reference(schema: &Value) -> bool {
    schema.get("$ref").is_some() || schema::children(schema).iter().any(|(_, below)| has_reference(below))
}

fn gather(schema: &Value, site: &Site, model: usize, candidates: &mut HashMap<String, Candidate>) {
    if !schema.is_object() {
        return;
    }
    let content = schema.to_string();
    if content.len() <= MIN_SIZE {
        return;
    }
    let candidate = candidates.entry(content).or_default();
    candidate.models.insert(model);
    candidate.sites.push(site.clone());
    for (step, below) in schema::children(schema) {
        gather(below, &site.below(step, below), model, candidates);
    }
}

/// Counts the places that would reference each candidate if every candidate had a file.
fn refer(schema: &Value, candidates: &mut HashMap<String, Candidate>, seen: &mut BTreeSet<String>) {
    let content = schema.to_string();
    if content.len() <= MIN_SIZE {
        return;
    }
    if let Some(candidate) = candidates.get_mut(&content) {
        candidate.referrers += 1;
        if !seen.insert(content) {
            return;
        }
    }
    for (_, below) in schema::children(schema) {
        refer(below, candidates, seen);
    }
}

fn name_all(candidates: &HashMap<String, Candidate>, ids: &[&str], old: &Parts) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let mut taken = BTreeSet::new();
    for (name, part) in old.iter() {
        let content = old.inline(part).map(|whole| whole.to_string()).unwrap_or_default();
        if candidates.contains_key(&content) && !names.contains_key(&content) {
            names.insert(content, name.to_owned());
            taken.insert(name.to_owned());
        }
    }
    let mut new: Vec<(&String, &Candidate)> =
        candidates.iter().filter(|(content, _)| !names.contains_key(*content)).collect();
    // The most common first, so that it gets the plainest name.
    new.sort_by_key(|(content, candidate)| (usize::MAX - candidate.models.len(), candidate.models.first(), *content));
    for (content, candidate) in new {
        let models: Vec<&str> = candidate.models.iter().filter_map(|index| ids.get(*index).copied()).collect();
        let name = names::choose(&candidate.sites, &models, &taken);
        taken.insert(name.clone());
        names.insert(content.clone(), name);
    }
    names
}

fn store(schema: &Value, names: &HashMap<String, String>) -> Value {
    match names.get(&schema.to_string()) {
        Some(name) => json!({"$ref": format!("/shared/{name}.json")}),
        None => store_below(schema, names),
    }
}

fn store_below(schema: &Value, names: &HashMap<String, String>) -> Value {
    let stored: Result<Value, Infallible> = schema::replace(schema, &mut |below| Ok(store(below, names)));
    stored.unwrap_or_else(|never| match never {})
}
