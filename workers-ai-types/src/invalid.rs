//! Inputs that break the rules of their model.

use std::{borrow::Cow, fmt};

use crate::rules::Check;

/// An input that breaks the rules of its model. Nothing was sent.
///
/// `Display` names every field, its limit and its value; [`InvalidInput::service_message`] uses the service's wording.
#[derive(Debug, Clone, PartialEq)]
pub struct InvalidInput {
    /// The ID of the model.
    pub model: &'static str,
    /// Every broken rule, in the order of the fields. Never empty.
    pub violations: Vec<Violation>,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The field, with Rust names and indexes: `messages[2].content`.
    pub field: String,
    /// The same field, with the names on the wire.
    pub path: String,
    /// The check that failed. Of two bounds of a length or count, the one that was broken.
    pub check: Check,
    /// The rule as a sentence.
    pub rule: Cow<'static, str>,
    /// The value, shortened.
    pub value: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let must = match self.check {
            Check::Length { min: 1, max: u64::MAX }
            | Check::Items { min: 1, max: u64::MAX }
            | Check::Members { min: 1, max: u64::MAX } => "must not be empty",
            _ => self.rule.split_once("` ").map_or(&*self.rule, |(_, must)| must),
        };
        write!(f, "`{}` {must}", self.field)?;
        if !self.value.is_empty() && self.value != "\"\"" {
            write!(f, ", got {}", self.value)?;
        }
        if self.path == self.field { Ok(()) } else { write!(f, " (`{}` on the wire)", self.path) }
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.violations.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        write!(f, " ({})", self.model)
    }
}

impl std::error::Error for InvalidInput {}

impl InvalidInput {
    /// Returns the first broken rule in the wording of the service's own validator.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// use workers_ai::{InvalidInput, Violation, catalog::Check};
    ///
    /// let check = Check::Integer { min: 1, max: 8 };
    /// let (field, path) = ("num_steps".to_owned(), "steps".to_owned());
    /// let rule = "`num_steps` must be between 1 and 8";
    /// let invalid = InvalidInput {
    ///     model: "@cf/black-forest-labs/flux-1-schnell",
    ///     violations: vec![Violation { field, path, check, rule: rule.into(), value: "9".to_owned() }],
    /// };
    /// assert_eq!(invalid.service_message(), "'/steps' must be <= 8");
    /// assert_eq!(invalid.violations[0].to_string(), "`num_steps` must be between 1 and 8, got 9 (`steps` on the wire)");
    /// ```
    #[must_use]
    pub fn service_message(&self) -> String {
        let Some(violation) = self.violations.first() else { return String::new() };
        let pointer = format!("/{}", violation.path.replace('[', "/").replace(']', "").replace('.', "/"));
        let number = violation.value.parse::<f64>().unwrap_or_default();
        match violation.check {
            #[allow(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
            Check::Integer { min, .. } if number < min as f64 => format!("'{pointer}' must be >= {min}"),
            Check::Integer { max, .. } => format!("'{pointer}' must be <= {max}"),
            Check::Number { min, .. } if number < min => format!("'{pointer}' must be >= {min}"),
            Check::Number { max, .. } => format!("'{pointer}' must be <= {max}"),
            Check::Between { min, .. } if number <= min => format!("'{pointer}' must be > {min}"),
            Check::Between { max, .. } => format!("'{pointer}' must be < {max}"),
            Check::Length { min, max: u64::MAX } => format!("Length of '{pointer}' must be >= {min} not met"),
            Check::Length { max, .. } => format!("Length of '{pointer}' must be <= {max}"),
            Check::Present(names) => format!("required properties at '{pointer}' are '{}'", names.join(",")),
            _ => format!("'{pointer}': {}", violation.rule),
        }
    }
}

/// Lists names for a message.
pub(crate) fn listed(names: &[&str]) -> String {
    let mut list = String::new();
    for (at, name) in names.iter().enumerate() {
        list.push_str(if at == 0 { "" } else { "`, `" });
        list.push_str(name);
    }
    format!("`{list}`")
}

/// Shortens a text for a message.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 40;
    let count = text.chars().count();
    if count <= MOST {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head:?}… ({count} characters)")
}
