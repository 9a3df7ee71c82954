//! Every model of the catalog answers, and what it answers is valid under its own schema.

use serde_json::{Value, json};
use workers_ai_catalog::{Body, Capability, Catalog};

use crate::{
    answer::{self, Answer, chat::Style},
    events, example,
    known::Known,
    request::Input,
};

/// An input that has everything and is valid.
fn input(known: &Known, upstream: &Value) -> Value {
    if known.body == Body::Form {
        return json!({ "prompt": "a lighthouse" });
    }
    if known.answer_with("answers").is_some() {
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
        let wanted = names.iter().filter_map(Value::as_str).chain(known.required.iter().map(|(name, _)| name.as_str()));
        let properties = schema.get("properties").cloned().unwrap_or_default();
        let members = wanted.map(|name| (name.to_owned(), example::of(&properties[name], "a lighthouse at dusk")));
        Value::Object(members.collect())
    };
    let candidates = schemas.iter().map(|schema| match schema.get("oneOf").and_then(Value::as_array) {
        Some(inner) => inner.iter().map(required).find(|input| known.check(input).is_ok()).unwrap_or_default(),
        None => required(schema),
    });
    candidates
        .into_iter()
        .find(|input| known.check(input).is_ok())
        .unwrap_or_else(|| panic!("no input for {}", known.id))
}

#[test]
fn answers_are_valid_under_their_schema() {
    let catalog = Catalog::embedded();
    let mut answered = 0;
    for id in catalog.ids().expect("ids") {
        let known = Known::find(&id).unwrap_or_else(|refusal| panic!("{id}: {refusal:?}"));
        let Some(upstream) = catalog.upstream_schema(&id, "input").expect("a file") else { continue };
        if !known.can(Capability::Run) {
            continue;
        }
        let input = Input { value: input(&known, &upstream), bytes: None };
        let answer = answer::make(&known, &input);
        answered += 1;
        match &answer {
            Answer::Bytes(_, bytes) => assert!(bytes.len() > 100 && known.binary.is_some(), "{id}"),
            // The Responses form has no schema.
            Answer::Said(said) if said.style == Style::Responses => {}
            answer => {
                let answer = answer.to_json();
                let errors = known.answers.iter().map(|schema| {
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
        let known = Known::find(id).expect("a model");
        let said =
            answer::chat::say(&known, &json!({ "messages": [{ "role": "user", "content": "What is a lighthouse?" }] }));
        let events = events::of(&said, true);
        assert!(events.last().is_some_and(|event| event["usage"].is_object()), "{id}");
        let text: String = events
            .iter()
            .filter_map(|event| {
                event["response"].as_str().or_else(|| event.pointer("/choices/0/delta/content")?.as_str())
            })
            .collect();
        assert_eq!(text, said.text);
    }
}
