//! Corrections: overrides of upstream's statements, each with a reason and the places it applies to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Error;

/// An override of the snapshot, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The places it applies to: segments of a JSON pointer, `*` for any one, `**` for any number.
    pub(crate) at: Vec<String>,
    /// The task of the models it applies to. `None` means any.
    pub(crate) task: Option<String>,
    /// The fields that the input of a model must have for the correction to apply to the model.
    pub(crate) input: Vec<String>,
    /// What must hold at the place for the correction to apply.
    pub(crate) expect: Map<String, Value>,
    /// The shared types that the place may be, the widest first. One of them must fit for the correction to apply.
    pub(crate) shapes: Vec<String>,
    /// Which of them the places of the snapshot are, by structure hash.
    pub(crate) decided: Places,
    pub(crate) change: Change,
    /// The reason why upstream's statement is overridden.
    pub reason: String,
    /// The source of the fact.
    pub source: String,
    /// The date on which it was recorded, `YYYY-MM-DD`.
    pub date: String,
}

/// Places by the hash of their structure, and the shared type that each is, if any.
pub(crate) type Places = &'static [(u64, Option<&'static str>)];

/// A compiled correction: patterns of models, compact JSON, and the decisions about the places of the snapshot.
pub(crate) type Compiled = (&'static [&'static str], &'static str, Places);

/// The change that a correction makes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    Set(Map<String, Value>),
    Value(Value),
    Remove,
}

/// A correction that was considered for a model, and the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// The correction.
    pub correction: Correction,
    /// The JSON pointer of the place, or the pattern if no place matched.
    pub pointer: String,
    /// The outcome.
    pub outcome: Outcome,
}

/// The outcome of a correction at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Applied,
    /// It was applied, but upstream says the same by now.
    Adopted,
    /// It was skipped, because the place is not as expected.
    Unexpected,
    /// The model has no such place, or the place was not read.
    NoPlace,
}

impl Correction {
    /// Reads the compiled form of a correction.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |cause: String| Error::NotJson { place: "a correction".to_owned(), cause };
        let Value::Object(mut fields) = serde_json::from_str(text).map_err(|e| invalid(e.to_string()))? else {
            return Err(invalid("not an object".to_owned()));
        };
        let mut string = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(invalid(format!("`{name}` is missing"))),
        };
        let (at, reason) = (string("at")?, string("reason")?);
        let (source, date) = (string("source")?, string("date")?);
        let mut shapes = Vec::new();
        let change = match (fields.remove("set"), fields.remove("value"), fields.remove("remove")) {
            (Some(Value::Object(mut set)), None, None) => {
                shapes = strings(set.remove("shape"));
                Change::Set(set)
            }
            (None, Some(value), None) => Change::Value(value),
            (None, None, Some(Value::Bool(true))) => Change::Remove,
            _ => return Err(invalid(format!("`{at}` needs one of `set`, `value` and `remove = true`"))),
        };
        let task = match fields.remove("task") {
            Some(Value::String(task)) => Some(task),
            _ => None,
        };
        let input = strings(fields.remove("input"));
        let expect = match fields.remove("expect") {
            Some(Value::Object(expect)) => expect,
            _ => Map::new(),
        };
        let at = at.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
        Ok(Self { at, task, input, expect, shapes, decided: &[], change, reason, source, date })
    }

    /// Returns whether it makes a field required.
    #[must_use]
    pub fn requires(&self) -> bool {
        fn any(value: &Value) -> bool {
            match value {
                Value::Object(members) => {
                    let here = members.get("required").and_then(Value::as_array);
                    here.is_some_and(|names| !names.is_empty()) || members.values().any(any)
                }
                Value::Array(items) => items.iter().any(any),
                _ => false,
            }
        }
        match &self.change {
            Change::Set(set) => set.get("required") == Some(&Value::Bool(true)),
            Change::Value(value) => any(value),
            Change::Remove => false,
        }
    }

    /// Returns whether it replaces the schema of a place.
    #[must_use]
    pub fn is_replacement(&self) -> bool {
        matches!(self.change, Change::Value(_))
    }

    /// Returns the pattern of the places it applies to.
    #[must_use]
    pub fn pattern(&self) -> String {
        self.at.iter().flat_map(|segment| ["/", segment]).collect()
    }
}

/// Returns a string, or a list of strings.
fn strings(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The effect of a correction at a place: the correction's index, the place and the outcome.
pub(crate) type Effect = (usize, String, Outcome);

/// Returns every correction with its outcome at each place.
pub(crate) fn considered(effects: Vec<Effect>, corrections: &[&Correction]) -> Vec<Considered> {
    // A place can be read more than once, and its alternatives are part of it.
    let mut outcomes: BTreeMap<(usize, String), Vec<(String, Outcome)>> = BTreeMap::new();
    for (index, pointer, outcome) in effects {
        let found = outcomes.entry((index, without_alternatives(&pointer))).or_default();
        if !found.contains(&(pointer.clone(), outcome)) {
            found.push((pointer, outcome));
        }
    }
    let mut list = Vec::new();
    for (index, &correction) in corrections.iter().enumerate() {
        let mut found = outcomes.range((index, String::new())..(index + 1, String::new())).peekable();
        if found.peek().is_none() {
            let outcome =
                if matches!(correction.change, Change::Value(_)) { Outcome::Applied } else { Outcome::NoPlace };
            list.push(Considered { correction: correction.clone(), pointer: correction.pattern(), outcome });
        }
        for ((_, place), outcomes) in found {
            let mut outcomes = outcomes.clone();
            if outcomes.iter().any(|(_, outcome)| *outcome != Outcome::Unexpected) {
                outcomes.retain(|(_, outcome)| *outcome != Outcome::Unexpected);
            } else {
                outcomes = vec![(place.clone(), Outcome::Unexpected)];
            }
            let here = |(pointer, outcome)| Considered { correction: correction.clone(), pointer, outcome };
            list.extend(outcomes.into_iter().map(here));
        }
    }
    list
}

/// Returns a pointer without the alternatives on its way.
fn without_alternatives(pointer: &str) -> String {
    let mut place = String::new();
    let mut segments = pointer.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_index = |index: &&str| index.bytes().all(|byte| byte.is_ascii_digit());
        if matches!(segment, "oneOf" | "anyOf" | "allOf") && segments.next_if(is_index).is_some() {
            continue;
        }
        place.push('/');
        place.push_str(segment);
    }
    place
}

/// Returns whether an ID matches a pattern, in which `*` stands for any run of characters.
///
/// ```
/// assert!(workers_ai_catalog::glob("@cf/*/flux-2-*", "@cf/black-forest-labs/flux-2-dev"));
/// assert!(!workers_ai_catalog::glob("@cf/baai/*", "@hf/baai/bge"));
/// ```
#[must_use]
pub fn glob(pattern: &str, id: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == id };
    let Some(id) = id.strip_prefix(head) else { return false };
    rest.is_empty() || id.char_indices().any(|(start, _)| glob(rest, &id[start..]))
}

/// The corrections that can still apply below a place, each with the position that its pattern has reached.
#[derive(Clone, Default)]
pub(crate) struct Pending<'a>(Vec<(usize, &'a Correction, usize)>);

impl<'a> Pending<'a> {
    pub(crate) fn all(corrections: &[&'a Correction]) -> Self {
        Self(corrections.iter().enumerate().map(|(index, correction)| (index, *correction, 0)).collect())
    }

    /// Returns those that can apply to or below the child with that name.
    pub(crate) fn step(&self, segment: &str) -> Self {
        let mut next = Vec::new();
        for &(index, correction, position) in &self.0 {
            let Some(wanted) = correction.at.get(position) else { continue };
            if wanted == "**" {
                next.push((index, correction, position));
                if correction.at.get(position + 1).is_some_and(|after| after == segment || after == "*") {
                    next.push((index, correction, position + 2));
                }
            } else if wanted == segment || wanted == "*" {
                next.push((index, correction, position + 1));
            }
        }
        Self(next)
    }

    /// Returns those whose pattern ends here, with their index.
    pub(crate) fn here(&self) -> impl Iterator<Item = (usize, &'a Correction)> + '_ {
        self.0
            .iter()
            .filter(|(_, correction, position)| *position == correction.at.len())
            .map(|&(index, correction, _)| (index, correction))
    }

    /// Returns those that also concern the alternatives of a place: all below it, and those at the place that found nothing
    /// there to change.
    pub(crate) fn of_alternatives(&self, unexpected: &[usize]) -> Self {
        let mut next = self.clone();
        next.0.retain(|(index, correction, position)| match correction.at.get(*position) {
            // Any number of steps: `step` keeps it.
            Some(segment) => segment != "**",
            None => unexpected.contains(index),
        });
        next
    }

    /// Adds others.
    pub(crate) fn and(mut self, others: &Self) -> Self {
        for other in &others.0 {
            if !self.0.iter().any(|known| (known.0, known.2) == (other.0, other.2)) {
                self.0.push(*other);
            }
        }
        self
    }

    /// Returns the children that corrections create or replace as a whole.
    pub(crate) fn created(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + '_ {
        self.0.iter().filter_map(|&(_, correction, position)| {
            match (&correction.change, &correction.at[position.min(correction.at.len())..]) {
                (Change::Value(value), [name]) if name != "*" && name != "**" => Some((name.as_str(), value)),
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Correction, Pending, glob};

    #[test]
    fn a_pattern_with_stars_reaches_every_place_it_names() -> Result<(), crate::Error> {
        let text = r#"{"at":"/input/**/properties/steps","set":{"maximum":4},"reason":"r","source":"s","date":"d"}"#;
        let correction = Correction::parse(text)?;
        let reaches = |path: &[&str]| {
            let end = path.iter().fold(Pending::all(&[&correction]), |at, segment| at.step(segment));
            end.here().count()
        };
        assert_eq!(reaches(&["input", "properties", "steps"]), 1);
        assert_eq!(reaches(&["input", "oneOf", "0", "properties", "steps"]), 1);
        assert_eq!(reaches(&["output", "properties", "steps"]), 0);
        assert_eq!(reaches(&["input", "properties"]), 0);
        Ok(())
    }

    #[test]
    fn globs_match_in_the_middle_and_at_the_ends() {
        assert!(glob("*", "anything"));
        assert!(glob("@cf/*-dev", "@cf/a/flux-2-dev"));
        assert!(!glob("@cf/*-dev", "@cf/a/flux-2-dev-x"));
    }
}
