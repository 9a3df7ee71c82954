//! The changes of the facts beside a model's schema.

use workers_ai_catalog::Info;

use super::changes::Changes;

pub(super) fn compare(old: &Info, new: &Info, changes: &mut Changes) {
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
    let [before, after] = [old, new].map(|info| number(info.reported_context_window));
    was("reported context window", before, after, changes);
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
        old.prices.iter().chain(new.prices.iter().filter(|price| !old.prices.iter().any(|p| p.name() == price.name())));
    for unit in units.map(workers_ai_catalog::Price::name) {
        let price =
            |info: &Info| info.prices.iter().find(|p| p.name() == unit).map(|p| format!("{} {}", p.amount, p.currency));
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
