//! The changes between two versions of a model, and whether they break programs.

use workers_ai_catalog::{Bounds, Info, Model, Presence, Side};

use super::fields::{self, View};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// A description.
    pub text: String,
    /// Set if a correct program may no longer compile or may now be rejected.
    pub breaking: bool,
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, breaking: bool, text: impl Into<String>) {
        self.0.push(Change { text: text.into(), breaking });
    }
}

/// Returns the changes from one version of a model to another.
#[must_use]
pub fn models(old: &Model, new: &Model) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    facts(&old.info, &new.info, &mut changes);
    for (side, word) in [(Side::Input, "input"), (Side::Output, "output")] {
        let (before, after) = (fields::from_model(old, side), fields::from_model(new, side));
        for (path, view) in &before {
            match after.get(path) {
                Some(now) => field(side, &format!("{word} `{path}`"), view, now, &mut changes),
                // Fields of a removed object are implied.
                None if !gone_with_parent(path, |parent| {
                    before.contains_key(parent) && !after.contains_key(parent)
                }) =>
                {
                    changes.add(true, format!("{word} `{path}` removed"));
                }
                None => {}
            }
        }
        for (path, view) in &after {
            if before.contains_key(path)
                || gone_with_parent(path, |parent| after.contains_key(parent) && !before.contains_key(parent))
            {
                continue;
            }
            let required = view.presence == Presence::Required;
            let how = if required { "required" } else { "optional" };
            changes.add(side == Side::Input && required, format!("{word} `{path}` added, {how}: {}", view.kind));
        }
    }
    alternatives(old, new, &mut changes);
    changes.0
}

fn gone_with_parent(path: &str, gone: impl Fn(&str) -> bool) -> bool {
    path.char_indices().filter(|(_, c)| matches!(c, '.' | '[' | '<' | '{')).any(|(at, _)| gone(&path[..at]))
}

fn field(side: Side, name: &str, old: &View, new: &View, changes: &mut Changes) {
    if old.presence != new.presence {
        let word = match new.presence {
            Presence::Required => "is now required",
            Presence::Defaulted => "now has a default that is sent",
            Presence::Optional => "is now optional",
        };
        // Changing the presence of an output changes its Rust type in both directions.
        changes.add(side == Side::Output || new.presence == Presence::Required, format!("{name} {word}"));
    }
    if old.kind != new.kind {
        changes.add(true, format!("{name}: type was {}, is now {}", old.kind, new.kind));
    }
    bounds(side, name, &old.bounds, &new.bounds, changes);
    let missing = |from: &[String], to: &[String]| -> Vec<String> {
        from.iter().filter(|value| !to.contains(value)).map(|value| format!("`{value}`")).collect()
    };
    if !old.values.is_empty() && !new.values.is_empty() {
        let (gone, come) = (missing(&old.values, &new.values), missing(&new.values, &old.values));
        if !gone.is_empty() {
            changes.add(true, format!("{name}: no longer {}", gone.join(", ")));
        }
        if !come.is_empty() {
            changes.add(false, format!("{name}: now also {}", come.join(", ")));
        }
    } else if old.values != new.values && old.kind == new.kind {
        let narrower = old.values.is_empty();
        let word = if narrower { "is now limited to some values" } else { "now accepts any value" };
        changes.add(narrower && side == Side::Input, format!("{name} {word}"));
    }
    if old.default != new.default {
        let show = |default: &Option<String>| default.clone().unwrap_or_else(|| "none".to_owned());
        changes.add(false, format!("{name}: default was {}, is now {}", show(&old.default), show(&new.default)));
    }
}

fn bounds(side: Side, name: &str, old: &Bounds, new: &Bounds, changes: &mut Changes) {
    let plain = |bounds: &Bounds| Bounds { values: Vec::new(), ..bounds.clone() };
    if plain(old) == plain(new) {
        return;
    }
    #[allow(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let float = |count: Option<u64>| count.map(|count| count as f64);
    let raised = |old: Option<f64>, new: Option<f64>| new.is_some_and(|new| old.is_none_or(|old| new > old));
    let lowered = |old: Option<f64>, new: Option<f64>| new.is_some_and(|new| old.is_none_or(|old| new < old));
    let narrower = raised(old.minimum, new.minimum)
        || lowered(old.maximum, new.maximum)
        || raised(float(old.min_length), float(new.min_length))
        || lowered(float(old.max_length), float(new.max_length))
        || raised(float(old.min_items), float(new.min_items))
        || lowered(float(old.max_items), float(new.max_items))
        || raised(float(old.min_members), float(new.min_members))
        || lowered(float(old.max_members), float(new.max_members))
        || (new.pattern.is_some() && new.pattern != old.pattern);
    let show = |bounds: &Bounds| {
        let texts = fields::bounds(bounds);
        if texts.is_empty() { "unbounded".to_owned() } else { texts.join(", ") }
    };
    changes.add(side == Side::Input && narrower, format!("{name}: was {}, is now {}", show(old), show(new)));
}

/// Compares alternatives, binary outputs and bodies.
fn alternatives(old: &Model, new: &Model, changes: &mut Changes) {
    let keys = |model: &Model| -> Vec<String> {
        model.input.alternatives.iter().map(|alternative| alternative.key.clone()).collect()
    };
    let (before, after) = (keys(old), keys(new));
    if before != after {
        let show = |keys: &[String]| if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
        let breaking = before.iter().any(|key| !after.contains(key)) || before.is_empty();
        changes.add(breaking, format!("alternatives of the input were {}, are now {}", show(&before), show(&after)));
    }
    if old.output.binary != new.output.binary {
        let show = |kind: &Option<String>| kind.clone().unwrap_or_else(|| "none".to_owned());
        let (was, is) = (show(&old.output.binary), show(&new.output.binary));
        changes.add(true, format!("binary output was {was}, is now {is}"));
    }
    if old.input.body != new.input.body {
        changes.add(false, format!("the request body was {:?}, is now {:?}", old.input.body, new.input.body));
    }
    if old.input.open != new.input.open {
        let word = if new.input.open { "may have" } else { "must not have" };
        changes.add(false, format!("the input {word} additional members"));
    }
}

fn facts(old: &Info, new: &Info, changes: &mut Changes) {
    let before: Vec<&str> = old.capabilities.iter().map(|capability| capability.name()).collect();
    let after: Vec<&str> = new.capabilities.iter().map(|capability| capability.name()).collect();
    for name in before.iter().filter(|name| !after.contains(name)) {
        changes.add(true, format!("capability {name} removed"));
    }
    for name in after.iter().filter(|name| !before.contains(name)) {
        changes.add(false, format!("capability {name} added"));
    }
    let was = |name: &str, old: Option<String>, new: Option<String>, changes: &mut Changes| {
        if old != new {
            let show = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
            changes.add(false, format!("{name} was {}, is now {}", show(old), show(new)));
        }
    };
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    was("task", text(&old.task), text(&new.task), changes);
    was("context window", number(old.context_window), number(new.context_window), changes);
    was("max input tokens", number(old.max_input_tokens), number(new.max_input_tokens), changes);
    was("output dimensions", number(old.output_dimensions), number(new.output_dimensions), changes);
    was("requests per minute", number(old.requests_per_minute), number(new.requests_per_minute), changes);
    was("created", old.created.clone(), new.created.clone(), changes);
    was("terms", old.terms.clone(), new.terms.clone(), changes);
    was("languages", text(&old.languages.join(", ")), text(&new.languages.join(", ")), changes);
    for (name, old, new) in [
        ("beta", old.beta, new.beta),
        ("partner model", old.partner, new.partner),
        ("paid plan only", old.paid_plan_only, new.paid_plan_only),
    ] {
        was(name, Some(old.to_string()), Some(new.to_string()), changes);
    }
    let units =
        old.prices.iter().chain(new.prices.iter().filter(|price| !old.prices.iter().any(|p| p.unit == price.unit)));
    for unit in units.map(|price| &price.unit) {
        let price =
            |info: &Info| info.prices.iter().find(|p| p.unit == *unit).map(|p| format!("{} {}", p.amount, p.currency));
        was(&format!("price {unit}"), price(old), price(new), changes);
    }
    let deprecation = |info: &Info| {
        info.deprecation.as_ref().map(|planned| match &planned.successor {
            Some(successor) => format!("{}, then {successor}", planned.date),
            None => planned.date.clone(),
        })
    };
    was("planned deprecation", deprecation(old), deprecation(new), changes);
}
