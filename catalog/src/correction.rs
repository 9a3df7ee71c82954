//! Corrections: overrides of upstream's statements, each with a reason and the places it applies to.

use serde_json::{Map, Value};

use crate::Error;

/// An override of the snapshot, with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The places it applies to: segments of a JSON pointer, `*` for any one, `**` for any number.
    pub(crate) at: Vec<String>,
    /// The task of the models it applies to. `None` means any.
    pub(crate) task: Option<String>,
    /// The members that the place must have for the correction to apply.
    pub(crate) expect: Option<Map<String, Value>>,
    pub(crate) change: Change,
    /// The reason why upstream's statement is overridden.
    pub reason: String,
    /// The source of the fact.
    pub source: String,
    /// The date on which it was recorded, `YYYY-MM-DD`.
    pub date: String,
}

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
        let change = match (fields.remove("set"), fields.remove("value"), fields.remove("remove")) {
            (Some(Value::Object(set)), None, None) => Change::Set(set),
            (None, Some(value), None) => Change::Value(value),
            (None, None, Some(Value::Bool(true))) => Change::Remove,
            _ => return Err(invalid(format!("`{at}` needs one of `set`, `value` and `remove = true`"))),
        };
        let task = match fields.remove("task") {
            Some(Value::String(task)) => Some(task),
            _ => None,
        };
        let expect = match fields.remove("expect") {
            Some(Value::Object(expect)) => Some(expect),
            _ => None,
        };
        let at = at.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
        Ok(Self { at, task, expect, change, reason, source, date })
    }

    /// Returns the pattern of the places it applies to.
    #[must_use]
    pub fn pattern(&self) -> String {
        self.at.iter().flat_map(|segment| ["/", segment]).collect()
    }
}

/// The effect of a correction at a place: the correction's index, the place and the outcome.
pub(crate) type Effect = (usize, String, Outcome);

/// Returns every correction with its outcome at each place.
pub(crate) fn considered(mut outcomes: Vec<Effect>, corrections: &[&Correction]) -> Vec<Considered> {
    // A place can be read more than once.
    let mut seen = std::collections::BTreeSet::new();
    outcomes.retain(|(index, pointer, _)| seen.insert((*index, pointer.clone())));
    let mut list = Vec::new();
    for (index, &correction) in corrections.iter().enumerate() {
        let mut found = outcomes.iter().filter(|(of, ..)| *of == index).peekable();
        if found.peek().is_none() {
            let outcome =
                if matches!(correction.change, Change::Value(_)) { Outcome::Applied } else { Outcome::NoPlace };
            list.push(Considered { correction: correction.clone(), pointer: correction.pattern(), outcome });
        }
        list.extend(found.map(|(_, pointer, outcome)| Considered {
            correction: correction.clone(),
            pointer: pointer.clone(),
            outcome: *outcome,
        }));
    }
    list
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
