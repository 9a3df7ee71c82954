//! Checks that built inputs are valid under upstream's own schema, and that required fields are really required.
#![cfg(feature = "serde-both")]

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};
use tests::table::{Case, Example, Filled, MODELS, SETS};
use workers_ai::codec::{Body, FormValue};
use workers_ai_catalog::{Catalog, Field, Model, Presence};

/// Returns a validator for upstream's schema of a model's input.
fn validator(id: &str) -> (Value, jsonschema::Validator) {
    let mut schema = Catalog::embedded().upstream_schema(id, "input").expect("a catalog").expect("a schema");
    batches_have_requests(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{id}: {error}"));
    (schema, validator)
}

/// Some schemas forget that the batch branch needs `requests`. As they stand every object is such a batch, and where the
/// branches exclude each other, no ordinary input would be valid at all.
fn batches_have_requests(schema: &mut Value) {
    for union in ["oneOf", "anyOf"] {
        for branch in schema.get_mut(union).and_then(Value::as_array_mut).into_iter().flatten() {
            if branch.pointer("/properties/requests").is_some() {
                branch["required"] = json!(["requests"]);
            }
            batches_have_requests(branch);
        }
    }
}

/// Returns the document that the service checks: the body as the binding sends it.
fn document(model: &Model, body: Body) -> Value {
    match body {
        Body::Json(text) => serde_json::from_slice(&text).expect("JSON"),
        Body::Form(parts) => {
            for part in &parts {
                assert!(!matches!(&part.value, FormValue::Text(text) if text.is_empty()), "{}: {part:?}", model.id);
            }
            json!({ "multipart": { "body": {}, "contentType": "multipart/form-data; boundary=b" } })
        }
        Body::File { field, content_type, fields, .. } => {
            let mut document: Value = serde_json::from_slice(&fields).expect("JSON");
            document[field] = json!({ "body": {}, "contentType": content_type });
            document
        }
        other => panic!("{}: {other:?}", model.id),
    }
}

fn all() -> impl Iterator<Item = (&'static Case, &'static Example, Model)> {
    MODELS.iter().flat_map(|case| {
        let model = Catalog::embedded().model(case.id).expect("the catalog has it");
        case.inputs.iter().map(move |example| (case, example, model.clone()))
    })
}

#[test]
fn the_table_has_every_model_with_a_schema() {
    let catalog = Catalog::embedded();
    let ids = catalog.ids().expect("the embedded catalog");
    let with_schema = ids.iter().filter(|id| matches!(catalog.upstream_schema(id, "input"), Ok(Some(_)))).count();
    assert_eq!(MODELS.len(), with_schema);
    assert!(MODELS.len() > 100);
}

#[test]
fn built_inputs_are_valid_under_upstreams_schema() {
    let mut wrong = Vec::new();
    for (case, example, model) in all() {
        let (_, validator) = validator(case.id);
        let sent = (example.encode)();
        if let Err(error) = sent.checked {
            wrong
                .push(format!("{} {:?} {:?}: refused by our own check: {error}", case.id, example.filled, example.key));
        }
        let document = document(&model, sent.body);
        if let Err(error) = validator.validate(&document) {
            wrong.push(format!("{} {:?} {:?}: {error} in {document}", case.id, example.filled, example.key));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The check of JSON that has no type accepts every valid example.
#[test]
fn nothing_is_wrong_with_a_valid_input_that_has_no_type() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for (case, example, model) in all() {
        let Body::Json(json) = (example.encode)().body else { continue };
        let json: Value = serde_json::from_slice(&json).expect("JSON");
        wrong.extend(
            model.mistakes(&json, |_| false).into_iter().map(|mistake| format!("{}: {}", case.id, mistake.text)),
        );
        checked += 1;
    }
    assert!(wrong.is_empty() && checked > 300, "{checked}: {}", wrong.join("\n"));
}

#[test]
fn inputs_of_a_set_are_valid_under_the_schema_of_each_of_its_models() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for set in SETS {
        for (at, facts) in set.models.iter().enumerate() {
            let model = Catalog::embedded().model(facts.id).expect("the catalog has it");
            let (_, validator) = validator(facts.id);
            for example in set.inputs {
                let sent = (example.encode)(at);
                if let Err(error) = sent.checked {
                    wrong.push(format!("{} {:?}: refused by our own check: {error}", facts.id, example.filled));
                }
                let document = document(&model, sent.body);
                if let Err(error) = validator.validate(&document) {
                    wrong.push(format!("{} {:?} {:?}: {error} in {document}", facts.id, example.filled, example.key));
                }
                checked += 1;
            }
        }
    }
    assert!(SETS.len() > 80 && checked > 500, "{checked} of {} sets", SETS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the fields that an example sets because they are required.
fn required<'m>(model: &'m Model, example: &Example) -> impl Iterator<Item = &'m Field> {
    let way = example.key.and_then(|key| model.input.alternatives.iter().position(|way| way.key == key));
    model.input.fields.iter().filter(move |field| {
        field.presence == Presence::Required
            && way.is_none_or(|way| field.alternatives.is_empty() || field.alternatives.contains(&way))
    })
}

#[test]
fn an_input_without_a_required_field_is_rejected_by_upstream_or_by_a_correction() {
    let mut ours: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (case, example, model) in all().filter(|(_, example, _)| example.filled == Filled::Required) {
        if matches!(model.input.body, workers_ai_catalog::Body::Form) {
            // Upstream's schema does not look into the form; the correction is all there is.
            continue;
        }
        let (_, validator) = validator(case.id);
        let whole = document(&model, (example.encode)().body);
        for field in required(&model, example) {
            let mut without = whole.clone();
            assert!(
                without.as_object_mut().expect("an object").remove(&field.wire).is_some(),
                "{} {}",
                case.id,
                field.wire
            );
            if validator.is_valid(&without) {
                let corrected = field.why.is_some() || example.key.is_some();
                assert!(corrected, "{} does not need `{}`", case.id, field.wire);
                ours.entry(case.id).or_default().push(field.wire.clone());
            }
        }
    }
    // A correction that upstream adopts disappears from this list, and is then to be removed.
    assert!(ours["@cf/black-forest-labs/flux-1-schnell"].contains(&"steps".to_owned()), "{ours:?}");
    assert!(!ours.contains_key("@cf/baai/bge-reranker-base"), "{ours:?}");
}

#[test]
fn an_input_can_be_stored_and_read_back() {
    for (case, example, _) in all() {
        let json = (example.encode)().json;
        let again = (example.again)(&json).unwrap_or_else(|error| panic!("{}: {error} in {json}", case.id));
        assert_eq!(again, json, "{}", case.id);
    }
}

/// Returns documents that differ from one in a single place, with that place.
fn spoiled(document: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    walk(document, String::new(), &mut places);
    let mut spoiled = Vec::new();
    for place in places {
        let values = match document.pointer(&place) {
            Some(Value::Number(_)) => {
                [json!(-1), json!(0), json!(-1000.5), json!(0.5), json!(1e12), json!("1")].to_vec()
            }
            Some(Value::String(_)) => vec![json!(""), json!("x".repeat(200_000)), json!("odd"), json!(7)],
            Some(Value::Bool(_)) => vec![json!("true"), json!(1)],
            Some(Value::Array(items)) => {
                vec![json!([]), items.iter().cycle().take(items.len() * 150).cloned().collect(), json!({})]
            }
            Some(Value::Object(_)) => vec![json!({}), json!("text"), json!([])],
            _ => Vec::new(),
        };
        for value in values {
            let mut changed = document.clone();
            if let Some(at) = changed.pointer_mut(&place) {
                *at = value;
            }
            spoiled.push((place.clone(), changed));
        }
    }
    spoiled
}

fn walk(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| walk(member, format!("{at}/{name}"), places));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, format!("{at}/{index}"), places));
        }
        _ => {}
    }
    if !at.is_empty() {
        places.push(at);
    }
}

#[test]
fn whatever_upstreams_schema_rejects_our_types_or_checks_reject() {
    let mut missed = BTreeMap::new();
    let mut refused = 0;
    for (case, example, model) in all().filter(|(_, example, _)| example.filled == Filled::All) {
        if model.input.body != workers_ai_catalog::Body::Json {
            continue;
        }
        let (_, validator) = validator(case.id);
        for (place, document) in spoiled(&document(&model, (example.encode)().body)) {
            if validator.is_valid(&document) {
                continue;
            }
            // The types correct some mistakes: a constant, the content type of an image.
            let sent = (example.again)(&document).is_ok_and(|mut sent| {
                // The call decides whether the output is streamed.
                sent.as_object_mut().and_then(|members| members.remove("stream"));
                validator.is_valid(&sent)
            });
            match (example.check)(&document) {
                Err(_) => refused += 1,
                Ok(()) if sent => {}
                Ok(()) => {
                    let value = document.pointer(&place).unwrap_or(&Value::Null).to_string();
                    let value: String = value.chars().take(30).collect();
                    missed.entry(format!("{place} = {value}")).or_insert_with(Vec::new).push(case.id);
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(refused > 7_000, "{refused}");
}

/// Writes the cases for the service's own validator, which runs under Node.
#[test]
fn cases_for_the_services_own_validator_are_written() {
    let mut cases = Vec::new();
    for (case, example, model) in all() {
        if matches!(model.input.body, workers_ai_catalog::Body::Raw { .. }) {
            // cabidela finds no document at all valid where a required object names no properties, as a stream does here.
            continue;
        }
        let (schema, validator) = validator(case.id);
        let document = document(&model, (example.encode)().body);
        let name = format!("{} {:?} {}", case.id, example.filled, example.key.unwrap_or("-"));
        cases.push(json!({ "name": name, "schema": schema, "document": document, "valid": true }));
        if example.filled == Filled::Required {
            for field in required(&model, example) {
                let mut without = document.clone();
                without.as_object_mut().expect("an object").remove(&field.wire);
                if !validator.is_valid(&without) {
                    let name = format!("{name} without {}", field.wire);
                    cases.push(json!({ "name": name, "schema": schema, "document": without, "valid": false }));
                }
            }
        }
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(folder.join("cabidela.json"), serde_json::to_vec(&cases).expect("JSON"))
        .expect("a writable target folder");
    assert!(cases.len() > 400, "{}", cases.len());
}
