//! Models of the embedded catalog that are called by their ID alone: their facts and rules, and the check of their JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use workers_ai_catalog::{Catalog, Field, Kind, Mistake, Model};
use workers_ai_types::{
    __private::{DESCRIBED_TOOL_RULES, TOOL_RULES, validate_members},
    InvalidInput, Violation,
    catalog::{Capability, Check, Deprecation, ModelFacts, ModelInfo, Price, PriceUnit, Rule},
};

/// A model of the catalog.
#[derive(Debug)]
pub(crate) struct Known {
    facts: ModelFacts,
    model: Model,
    /// The names of the members in upstream's schema, at any depth.
    names: BTreeSet<String>,
}

/// Finds a model in the embedded catalog. It is read once, and kept: there are only so many.
pub(crate) fn find(id: &str) -> Option<&'static Known> {
    static FOUND: Mutex<BTreeMap<String, &'static Known>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = found.get(id) {
        return Some(known);
    }
    let model = Catalog::embedded().model(id).ok()?;
    let mut names = BTreeSet::new();
    if let Ok(Some(schema)) = Catalog::embedded().upstream_schema(id, "input") {
        collect_names(&schema, &mut names);
    }
    let known: &'static Known = Box::leak(Box::new(Known { facts: facts(&model), model, names }));
    found.insert(id.to_owned(), known);
    Some(known)
}

impl Known {
    /// Returns the catalog's facts and the rules.
    pub(crate) fn facts(&self) -> ModelFacts {
        self.facts
    }

    /// Checks the JSON of an input as the compiler and the client check an input with a type.
    pub(crate) fn check(&self, input: &Value) -> Result<(), InvalidInput> {
        let mut violations: Vec<Violation> =
            self.model.mistakes(input, |name| self.names.contains(name)).into_iter().map(violation).collect();
        let members = input.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        if let Err(broken) = validate_members(members, self.facts.id, self.facts.rules) {
            let named = |broken: &Violation| violations.iter().any(|known| known.path == broken.path);
            let more: Vec<Violation> = broken.violations.into_iter().filter(|broken| !named(broken)).collect();
            violations.extend(more);
        }
        if violations.is_empty() { Ok(()) } else { Err(InvalidInput { model: self.facts.id, violations }) }
    }

    /// Returns whether the model has a capability.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.facts.info.supports(capability)
    }
}

fn collect_names(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(properties) = members.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| collect_names(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, names)),
        _ => {}
    }
}

fn violation(Mistake { path, text, value }: Mistake) -> Violation {
    let value = value.map(|value| value.to_string()).unwrap_or_default();
    let short: String = value.chars().take(40).collect();
    let value = if short.len() < value.len() { format!("{short}…") } else { value };
    Violation { field: path.clone(), path, check: Check::Form, rule: text.into(), value }
}

fn facts(model: &Model) -> ModelFacts {
    let mut rules: Vec<Rule> = Vec::new();
    for rule in model.rules(&wire_names).into_iter().map(rule) {
        // Two alternatives may have the same member.
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    ModelFacts::new(leak(model.id.clone()), Box::leak(Box::new(info(model))), rules.leak())
}

/// The JSON has the names on the wire.
fn wire_names(fields: &[Field]) -> Vec<String> {
    let named = fields.iter().filter(|field| !matches!(field.place.kind, Kind::Constant(_)));
    named.map(|field| field.wire.clone()).collect()
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all(texts: Vec<String>) -> &'static [&'static str] {
    texts.into_iter().map(leak).collect::<Vec<_>>().leak()
}

fn rule(rule: workers_ai_catalog::Rule) -> Rule {
    use workers_ai_catalog::Check as Data;
    let check = match rule.check {
        Data::Integer { min, max } => Check::Integer { min, max },
        Data::Unsigned { min, max } => Check::Unsigned { min, max },
        Data::Number { min, max } => Check::Number { min, max },
        Data::Between { min, max } => Check::Between { min, max },
        Data::Multiple(of) => Check::Multiple(of),
        Data::Length { min, max } => Check::Length { min, max },
        Data::Items { min, max } => Check::Items { min, max },
        Data::Members { min, max } => Check::Members { min, max },
        Data::Unique => Check::Unique,
        Data::Digits => Check::Digits,
        Data::Prefix(prefix) => Check::Prefix(leak(prefix)),
        Data::Alphanumeric(count) => Check::Alphanumeric(count),
        Data::Pattern(pattern) => Check::Pattern(leak(pattern)),
        Data::OneOf(values) => Check::OneOf(leak_all(values)),
        Data::Types(types) => Check::Types(leak_all(types)),
        Data::Equals(values) => Check::Equals(leak_all(values)),
        Data::Present(names) => Check::Present(leak_all(names)),
        Data::Absent(names) => Check::Absent(leak_all(names)),
        Data::Object => Check::Object,
        Data::Tools { described } => Check::Also(if described { &DESCRIBED_TOOL_RULES } else { &TOOL_RULES }),
    };
    Rule { path: leak(rule.path), field: leak(rule.field), check, message: leak(rule.message) }
}

fn info(model: &Model) -> ModelInfo {
    let info = &model.info;
    let count = |count: Option<u64>| count.and_then(|count| u32::try_from(count).ok());
    let text = |text: &Option<String>| text.clone().map(leak);
    let prices: Vec<Price> = info
        .prices
        .iter()
        .map(|price| Price {
            amount: leak(price.amount.clone()),
            currency: leak(price.currency.clone()),
            unit: PriceUnit::named(leak(price.unit.clone())),
            label: text(&price.label),
            tokens: price.tokens,
        })
        .collect();
    let all = [
        Capability::Run,
        Capability::Streaming,
        Capability::Batch,
        Capability::Tools,
        Capability::Vision,
        Capability::Lora,
        Capability::Realtime,
        Capability::TextEmbedding,
        Capability::Reasoning,
        Capability::JsonMode,
        Capability::GatewayCompatible,
    ];
    let has = |of: &Capability| info.capabilities.iter().any(|known| known.name() == format!("{of:?}"));
    let capabilities: Vec<Capability> = all.into_iter().filter(has).collect();
    ModelInfo {
        task: leak(info.task.clone()),
        context_window: count(info.context_window),
        reported_context_window: count(info.reported_context_window),
        max_input_tokens: count(info.max_input_tokens),
        output_dimensions: count(info.output_dimensions),
        prices: prices.leak(),
        requests_per_minute: count(info.requests_per_minute),
        capabilities: capabilities.leak(),
        deprecation: info
            .deprecation
            .as_ref()
            .map(|planned| Deprecation { date: leak(planned.date.clone()), successor: text(&planned.successor) }),
        created: text(&info.created),
        terms: text(&info.terms),
        beta: info.beta,
        partner: info.partner,
        paid_plan_only: info.paid_plan_only,
        languages: leak_all(info.languages.clone()),
        image_size: model.image_size(),
    }
}

#[cfg(test)]
mod tests {
    use workers_ai_types::SingleModel;

    use super::find;

    #[workers_ai_macros::workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast", crate = crate)]
    struct Llama;

    #[workers_ai_macros::workers_ai_model("@cf/stabilityai/stable-diffusion-xl-base-1.0", crate = crate)]
    struct Sdxl;

    #[workers_ai_macros::workers_ai_model("@cf/deepgram/nova-3", crate = crate)]
    struct Nova;

    fn compare<M: SingleModel>(model: &M) {
        let known = find(M::ID).expect("the catalog has it").facts();
        assert_eq!(*known.info, M::INFO);
        assert_eq!(known.rules.len(), model.rules().len());
        let checks =
            |rules: &[workers_ai_types::catalog::Rule]| rules.iter().map(|rule| rule.check).collect::<Vec<_>>();
        assert_eq!(checks(known.rules), checks(model.rules()));
    }

    #[test]
    fn facts_and_rules_are_those_of_the_model_with_a_type() {
        compare(&Llama);
        compare(&Sdxl);
        compare(&Nova);
        assert!(find("@cf/no/such-model").is_none() && find("openai/gpt-5.4").is_none());
        assert!(std::ptr::eq(find(Llama::ID).expect("known"), find(Llama::ID).expect("known")));
    }
}
