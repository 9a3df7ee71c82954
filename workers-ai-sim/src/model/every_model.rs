//! Every model of the catalog runs, and its output is valid under its own schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use workers_ai_catalog::{Body, Capability, Catalog};

use super::{
    Input, ModelSpec, Output,
    chat::{self, Style},
    events, example, policy,
    schema::Schema,
};

/// Returns a valid input.
fn input(spec: &ModelSpec, upstream: &Value) -> Value {
    if spec.body == Body::Form {
        return json!({ "prompt": "a lighthouse" });
    }
    if spec.output_with("answers").is_some() {
        let questions = json!({
            "tall": { "type": "noul", "instructions": "Is it tall?" },
            "kind": { "type": "choice", "instructions": "What is it?", "criteria": { "tower": null, "boat": "floats" } },
            "age": { "type": "score", "instructions": "How old?", "criteria": ["new", "old"] },
        });
        return json!({ "model": "clef", "state": "a lighthouse is a tower", "questions": questions });
    }
    // The alternative that every model has comes first or second.
    let branches = ["oneOf", "anyOf"].iter().find_map(|name| upstream.get(*name)?.as_array());
    let schemas = branches.map_or_else(|| vec![upstream.clone()], Clone::clone);
    let required = |schema: &Value| {
        let names = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let required =
            names.iter().filter_map(Value::as_str).chain(spec.required.iter().map(|(name, _)| name.as_str()));
        let properties = schema.get("properties").cloned().unwrap_or_default();
        let members =
            required.map(|name| (name.to_owned(), example::from_schema(&properties[name], "a lighthouse at dusk")));
        Value::Object(members.collect())
    };
    let candidates = schemas.iter().map(|schema| match schema.get("oneOf").and_then(Value::as_array) {
        Some(inner) => inner.iter().map(required).find(|input| policy::check(spec, input).is_ok()).unwrap_or_default(),
        None => required(schema),
    });
    candidates
        .into_iter()
        .find(|input| policy::check(spec, input).is_ok())
        .unwrap_or_else(|| panic!("no input for {}", spec.id))
}

#[test]
fn answers_are_valid_under_their_schema() {
    let catalog = Catalog::embedded();
    let mut answered = 0;
    for id in catalog.ids().expect("ids") {
        let spec = ModelSpec::read(&catalog, &id).unwrap_or_else(|error| panic!("{id}: {error:?}"));
        let Some(upstream) = catalog.upstream_schema(&id, "input").expect("a file") else { continue };
        if !spec.supports(Capability::Run) {
            continue;
        }
        let input = Input { value: input(&spec, &upstream), file: None };
        let answer = super::run(&spec, &input);
        answered += 1;
        match &answer {
            Output::Bytes(_, bytes) => assert!(bytes.len() > 100 && spec.binary.is_some(), "{id}"),
            // The Responses API has no schema in the catalog.
            Output::Chat(completion) if completion.style == Style::Responses => {}
            answer => {
                let answer = answer.to_json();
                let errors = spec.outputs.iter().map(|schema| {
                    jsonschema::validate(schema, &answer)
                        .err()
                        .map(|error| format!("{}: {error}", error.instance_path()))
                });
                let errors: Vec<Option<String>> = errors.collect();
                assert!(
                    errors.is_empty() || errors.iter().any(Option::is_none),
                    "{id}: {answer} is not valid: {errors:?}"
                );
            }
        }
    }
    assert!(answered > 100, "only {answered} models answered");
}

#[test]
fn streams_end_with_usage_and_hold_the_whole_text() {
    for id in ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/moonshotai/kimi-k2.6", "@cf/openai/gpt-oss-20b"] {
        let spec = ModelSpec::read(&Catalog::embedded(), id).expect("a model");
        let completion =
            chat::complete(&spec, &json!({ "messages": [{ "role": "user", "content": "What is a lighthouse?" }] }));
        let events = events::from_completion(&completion, true);
        assert!(events.last().is_some_and(|event| event["usage"].is_object()), "{id}");
        let text: String = events
            .iter()
            .filter_map(|event| {
                event["response"].as_str().or_else(|| event.pointer("/choices/0/delta/content")?.as_str())
            })
            .collect();
        assert_eq!(text, completion.text);
    }
}

/// The keywords of JSON Schema that the validator enforces.
const ENFORCED: [&str; 20] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "items",
    "maxLength",
    "maxProperties",
    "maximum",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "required",
];

fn keywords(schema: &Value, found: &mut BTreeSet<String>) {
    for (name, value) in schema.as_object().into_iter().flatten() {
        found.insert(name.clone());
        match (name.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for schema in properties.values() {
                    keywords(schema, found);
                }
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                for schema in branches {
                    keywords(schema, found);
                }
            }
            ("items" | "additionalProperties" | "not", schema) => keywords(schema, found),
            _ => {}
        }
    }
}

/// The JSON pointers of a value and of everything in it.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (name, value) in value.as_object().into_iter().flatten() {
        pointers(value, &format!("{at}/{name}"), found);
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        pointers(value, &format!("{at}/{index}"), found);
    }
}

/// The input, and inputs that differ from it in one place.
fn variants(input: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    pointers(input, "", &mut places);
    let others = [
        json!(null),
        json!(true),
        json!(""),
        json!("data:x"),
        json!(-1),
        json!(0.5),
        json!(1e9),
        json!([{}]),
        json!({}),
    ];
    let mut all = vec![input.clone()];
    for place in &places {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut changed = input.clone();
            changed.pointer_mut(place).into_iter().for_each(change);
            all.push(changed);
        };
        for other in &others {
            with(&|value| *value = other.clone());
        }
        for name in input.pointer(place).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            with(&|value| drop(value.as_object_mut().and_then(|members| members.remove(name))));
        }
        if input.pointer(place).is_some_and(Value::is_object) {
            with(&|value| value["unheard-of"] = json!(1));
        }
    }
    all
}

#[test]
fn the_validator_agrees_with_a_general_one() {
    let catalog = Catalog::embedded();
    let (mut accepted, mut refused) = (0, 0);
    let (mut seen, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for id in catalog.ids().expect("ids") {
        let Some(upstream) = catalog.upstream_schema(&id, "input").expect("a file") else { continue };
        if !seen.insert(upstream.to_string()) {
            continue;
        }
        let schema = Schema::new(&upstream);
        let general = jsonschema::options().should_validate_formats(false).build(&schema.0).expect("a schema");
        keywords(&schema.0, &mut unknown);
        let branches = ["oneOf", "anyOf"].iter().find_map(|name| upstream.get(*name)?.as_array());
        let branches = branches.map_or(std::slice::from_ref(&upstream), Vec::as_slice);
        let mut inputs: Vec<Value> =
            branches.iter().map(|branch| example::from_schema(branch, "a lighthouse")).collect();
        if inputs.len() > 1 {
            // One that matches more than one alternative.
            let union = inputs.iter().filter_map(Value::as_object).flatten();
            inputs.push(union.map(|(name, value)| (name.clone(), value.clone())).collect());
        }
        for input in &inputs {
            for input in variants(input) {
                let ours = schema.check(&input);
                assert_eq!(ours.is_ok(), general.is_valid(&input), "{id}: {input}: {ours:?}");
                if ours.is_ok() { accepted += 1 } else { refused += 1 }
            }
        }
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
    for ignored in ["$schema", "default", "description", "title", "type"] {
        unknown.remove(ignored);
    }
    unknown.retain(|name| !ENFORCED.contains(&name.as_str()));
    assert_eq!(unknown, BTreeSet::new(), "keywords that the validator does not support");
}
