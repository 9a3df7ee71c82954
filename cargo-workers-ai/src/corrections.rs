//! Compiles corrections and the glossary from TOML to the catalog crate's `corrections/index.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Spanned;
use workers_ai_catalog::Decision;

use crate::error::{Error, Result};

/// The glossary; all other `.toml` files of the folder are corrections.
const GLOSSARY: &str = "glossary.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    correction: Vec<Spanned<Rule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    models: Vec<String>,
    /// The task that the models must have, if any.
    task: Option<String>,
    /// The fields that the input of the models must have, if any.
    #[serde(default)]
    input: Vec<String>,
    at: String,
    expect: Option<toml::Table>,
    set: Option<toml::Table>,
    value: Option<toml::Value>,
    remove: Option<bool>,
    reason: String,
    source: String,
    date: String,
}

/// The compiled content of a folder of corrections.
#[derive(Debug, Default)]
pub struct Compiled {
    /// Model patterns and the correction as compact JSON, in order.
    pub rules: Vec<(Vec<String>, String)>,
    /// Field names and their descriptions.
    pub glossary: BTreeMap<String, String>,
}

/// Reads and validates all files of a folder, in the order of their names.
///
/// # Errors
/// Returns the first invalid entry, with its file and line.
pub fn read(folder: &Path) -> Result<Compiled> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let path = entry.map_err(Error::read(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    let mut compiled = Compiled::default();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(Error::read(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == GLOSSARY {
            compiled.glossary = glossary(&name, &text)?;
        } else {
            compiled.rules.extend(rules(&name, &text)?);
        }
    }
    Ok(compiled)
}

fn glossary(file: &str, text: &str) -> Result<BTreeMap<String, String>> {
    let wrong = |place: String, cause: &str| Error::Correction { place, cause: cause.to_owned() };
    let entries: BTreeMap<String, Spanned<String>> = parse(file, text)?;
    let mut glossary = BTreeMap::new();
    for (name, entry) in entries {
        if entry.get_ref().trim().is_empty() {
            return Err(wrong(place(file, text, entry.span().start), &format!("`{name}` has no text")));
        }
        glossary.insert(name, entry.into_inner().trim().to_owned());
    }
    Ok(glossary)
}

fn rules(file: &str, text: &str) -> Result<Vec<(Vec<String>, String)>> {
    let parsed: File = parse(file, text)?;
    let mut rules = Vec::new();
    for (index, rule) in parsed.correction.into_iter().enumerate() {
        let at = format!("{} (correction {})", place(file, text, rule.span().start), index + 1);
        rules.push(rule.into_inner().compile().map_err(|cause| Error::Correction { place: at, cause })?);
    }
    Ok(rules)
}

fn parse<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| Error::Correction {
        place: place(file, text, e.span().map_or(0, |span| span.start)),
        cause: e.message().to_owned(),
    })
}

fn place(file: &str, text: &str, offset: usize) -> String {
    let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
    format!("catalog/corrections/{file}:{line}")
}

impl Rule {
    fn compile(self) -> Result<(Vec<String>, String), String> {
        if self.models.is_empty() || self.models.iter().any(String::is_empty) {
            return Err("`models` must name at least one model; `*` matches any characters".to_owned());
        }
        if !self.at.is_empty() && !self.at.starts_with('/') {
            return Err(format!("`at` must be empty or a JSON pointer that starts with `/`, got `{}`", self.at));
        }
        for (name, text) in [("reason", &self.reason), ("source", &self.source)] {
            if text.trim().is_empty() {
                return Err(format!("`{name}` must not be empty"));
            }
        }
        if self.date.len() != 10 || self.date.parse::<jiff::civil::Date>().is_err() {
            return Err(format!("`date` must have the form YYYY-MM-DD, got `{}`", self.date));
        }
        let mut compiled = Map::new();
        match (self.set, self.value, self.remove) {
            (Some(set), None, None) if !set.is_empty() => compiled.insert("set".to_owned(), table(set)?),
            (None, Some(value), None) => compiled.insert("value".to_owned(), json_of(value)?),
            (None, None, Some(true)) => compiled.insert("remove".to_owned(), json!(true)),
            (None, None, Some(false)) => return Err("`remove` can only be true".to_owned()),
            (Some(_), None, None) => return Err("`set` is empty".to_owned()),
            _ => return Err("needs exactly one of `set`, `value` and `remove = true`".to_owned()),
        };
        if let Some(expect) = self.expect {
            compiled.insert("expect".to_owned(), table(expect)?);
        }
        if let Some(task) = self.task {
            compiled.insert("task".to_owned(), Value::String(task));
        }
        if !self.input.is_empty() {
            compiled.insert("input".to_owned(), self.input.into());
        }
        for (name, text) in [("at", self.at), ("reason", self.reason), ("source", self.source), ("date", self.date)] {
            compiled.insert(name.to_owned(), Value::String(text.trim().to_owned()));
        }
        Ok((self.models, Value::Object(compiled).to_string()))
    }
}

/// Adds the names of the shapes that a correction uses, without generic arguments.
fn collect_shapes(value: &Value, names: &mut BTreeSet<String>) {
    let plain = |text: &str| {
        let inner = text.strip_prefix("Vec<").unwrap_or(text);
        inner.split(['<', '>']).next().unwrap_or(inner).to_owned()
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("shape", Value::String(text)) => {
                        names.insert(plain(text));
                    }
                    ("shape", Value::Array(texts)) => names.extend(texts.iter().filter_map(Value::as_str).map(plain)),
                    _ => collect_shapes(member, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_shapes(item, names)),
        _ => {}
    }
}

fn table(table: toml::Table) -> Result<Value, String> {
    json_of(toml::Value::Table(table))
}

fn json_of(value: toml::Value) -> Result<Value, String> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => {
            serde_json::Number::from_f64(number).map(Value::Number).ok_or("`nan` and `inf` are not supported")?
        }
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json_of).collect::<Result<_, _>>()?),
        toml::Value::Table(members) => Value::Object(
            members.into_iter().map(|(name, member)| Ok((name, json_of(member)?))).collect::<Result<_, String>>()?,
        ),
    })
}

/// Returns which places of the snapshot are which of a correction's shapes, as a list of structure hashes and shapes.
fn decided(rule: &str, decisions: &[Decision]) -> String {
    let rule: Value = serde_json::from_str(rule).unwrap_or_default();
    let candidates: Vec<&str> = match rule.pointer("/set/shape") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut here: Vec<(u64, &Option<String>)> =
        decisions.iter().filter(|one| one.candidates == candidates).map(|one| (one.structure, &one.shape)).collect();
    here.sort_unstable();
    let entries: Vec<String> =
        here.iter().map(|(structure, shape)| format!("(0x{structure:016x}, {shape:?})")).collect();
    entries.join(", ")
}

impl Compiled {
    /// Returns the names of all shapes that corrections use, without generic arguments.
    #[must_use]
    pub fn shapes(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (_, rule) in &self.rules {
            let rule: Value = serde_json::from_str(rule).unwrap_or_default();
            collect_shapes(&rule, &mut names);
        }
        names
    }

    /// Returns the text of `corrections/index.rs`, with the decisions about the places of the snapshot.
    #[must_use]
    pub fn index(&self, decisions: &[Decision]) -> String {
        let mut text = String::from(
            "// Made by `cargo xtask generate` from the `.toml` files beside it.\n\n\
             #[rustfmt::skip]\n#[allow(clippy::unreadable_literal, reason = \"hashes\")]\n\
             pub(crate) static RULES: &[crate::correction::Compiled] = &[\n",
        );
        for (models, rule) in &self.rules {
            let decided = decided(rule, decisions);
            let _ = writeln!(text, "    (&{models:?}, {rule:?}, &[{decided}]),");
        }
        text.push_str("];\n\n#[rustfmt::skip]\npub(crate) static GLOSSARY: &[(&str, &str)] = &[\n");
        for (name, meaning) in &self.glossary {
            let _ = writeln!(text, "    ({name:?}, {meaning:?}),");
        }
        text.push_str("];\n");
        text
    }
}
