//! Checks that every valid output is read, and written again without loss.
#![cfg(feature = "serde-both")]

use fastrand::Rng;
use serde_json::{Map, Value, json};
use tests::table::MODELS;
use workers_ai_catalog::{Catalog, Form, Kind, Model, Presence};

/// Returns the branches of an output schema that are JSON, with their pointers.
fn answers(schema: &Value, pointer: &str, found: &mut Vec<(String, Value)>) {
    for union in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(union).and_then(Value::as_array) {
            for (index, branch) in branches.iter().enumerate() {
                answers(branch, &format!("{pointer}/{union}/{index}"), found);
            }
            return;
        }
    }
    let is_stream_or_bytes = schema["type"] == "string";
    let is_queued = schema["properties"].as_object().is_some_and(|p| p.len() == 1 && p.contains_key("request_id"));
    if !is_stream_or_bytes && !is_queued {
        found.push((pointer.to_owned(), schema.clone()));
    }
}

/// Marks members as required that corrections require, at the pointers that the reader gives.
fn require_corrected(model: &Model, pointer: &str, schema: &mut Value) {
    let of_answer = |index: &usize| model.types.get(*index).filter(|known| known.pointer == pointer);
    let objects = model.output.json.iter().filter_map(|answer| match &answer.place.kind {
        Kind::Type(index) => of_answer(index),
        _ => None,
    });
    for known in objects {
        let Form::Object { fields, .. } = &known.form else { continue };
        let required = fields.iter().filter(|field| field.presence == Presence::Required);
        schema["required"] = required.map(|field| field.wire.as_str()).collect();
    }
}

/// Requires the embeddings in an output with embeddings.
fn require_vectors(schema: &mut Value) {
    let lists_of_lists = schema["properties"].as_object().into_iter().flatten();
    let vectors = lists_of_lists.filter(|(_, member)| member["items"]["items"]["type"] == "number");
    let names: Vec<Value> = vectors.map(|(name, _)| name.clone().into()).collect();
    if !names.is_empty() {
        schema["required"] = names.into();
    }
}

/// Returns a random document that is valid under a schema.
fn document(schema: &Value, rng: &mut Rng, depth: usize) -> Value {
    for union in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(union).and_then(Value::as_array) {
            return document(&branches[rng.usize(..branches.len())], rng, depth);
        }
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values[rng.usize(..values.len())].clone();
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds[rng.usize(..kinds.len())].as_str().unwrap_or_default().to_owned(),
        Some(Value::String(kind)) => kind.clone(),
        _ if schema.get("properties").is_some() => "object".to_owned(),
        _ => return anything(rng),
    };
    match kind.as_str() {
        "object" => object(schema, rng, depth),
        "array" => array(schema, rng, depth),
        "string" => text(rng).into(),
        "boolean" => rng.bool().into(),
        "integer" => rng.i64(0..1000).into(),
        "number" => number(schema, rng).into(),
        _ => Value::Null,
    }
}

/// Quarters are exact in every width.
fn number(schema: &Value, rng: &mut Rng) -> f64 {
    let least = schema["minimum"].as_f64().unwrap_or(-100.0);
    let most = schema["maximum"].as_f64().unwrap_or(100.0);
    let quarters = least + f64::from(rng.u16(..)) / f64::from(u16::MAX) * (most - least);
    ((quarters * 4.0).round() / 4.0).clamp(least, most)
}

fn object(schema: &Value, rng: &mut Rng, depth: usize) -> Value {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut members = Map::new();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if required.contains(&name.as_str()) || (depth < 8 && rng.u8(..) < 160) {
            // Some schemas call counts `number`, although they are integers.
            let whole = json!({ "type": "integer" });
            let member = if name.ends_with("_tokens") || name == "index" { &whole } else { member };
            members.insert(name.clone(), document(member, rng, depth + 1));
        }
    }
    match schema.get("additionalProperties") {
        Some(more @ Value::Object(_)) => {
            for _ in 0..rng.usize(..3) {
                members.insert(text(rng), document(more, rng, depth + 1));
            }
        }
        None if schema.get("properties").is_none() => {
            members.insert(text(rng), anything(rng));
        }
        _ => {}
    }
    // The shape must match the embeddings.
    if let (Some(rows), true) =
        (members.get("data").or(members.get("response")).cloned(), members.contains_key("shape"))
    {
        let first = rows.get(0).and_then(Value::as_array).map_or(0, Vec::len);
        members.insert("shape".to_owned(), json!([rows.as_array().map_or(0, Vec::len), first]));
    }
    members.into()
}

fn array(schema: &Value, rng: &mut Rng, depth: usize) -> Value {
    let item = &schema["items"];
    let count = rng.usize(1..4);
    if item["type"] == "array" && item["items"]["type"] == "number" {
        let length = rng.usize(1..4);
        let row = |rng: &mut Rng| (0..length).map(|_| document(&item["items"], rng, depth)).collect::<Value>();
        return (0..count).map(|_| row(rng)).collect();
    }
    (0..count).map(|_| if item.is_null() { anything(rng) } else { document(item, rng, depth + 1) }).collect()
}

fn text(rng: &mut Rng) -> String {
    const WORDS: [&str; 8] = ["sky", "blue", "größe", "日本", "\"quoted\"", "a\nb", "🦀", "-"];
    let mut text: String = (0..rng.usize(1..4)).map(|_| WORDS[rng.usize(..WORDS.len())]).collect();
    text.push_str(&rng.u32(..).to_string());
    text
}

fn anything(rng: &mut Rng) -> Value {
    match rng.u8(..5) {
        0 => text(rng).into(),
        1 => rng.i64(0..1000).into(),
        2 => json!([rng.bool(), { "nested": text(rng) }]),
        3 => json!({ "member": text(rng) }),
        _ => rng.bool().into(),
    }
}

/// Returns every scalar of a document as text, with JSON inside strings expanded. `type` only distinguishes branches.
fn scalars(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().filter(|(name, _)| *name != "type").for_each(|(_, v)| scalars(v, found));
        }
        Value::Array(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Null => {}
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => scalars(&inner, found),
            _ => found.push(text.clone()),
        },
        Value::Number(number) => found.push(number.as_f64().unwrap_or_default().to_string()),
        Value::Bool(flag) => found.push(flag.to_string()),
    }
}

#[test]
fn any_valid_output_is_read_and_written_again_without_loss() {
    let catalog = Catalog::embedded();
    let mut tried = 0;
    for case in MODELS {
        let schema = catalog.upstream_schema(case.id, "output").expect("a catalog").expect("a schema");
        let model = catalog.model(case.id).expect("the catalog has it");
        let mut branches = Vec::new();
        answers(&schema, "/output", &mut branches);
        for (pointer, mut schema) in branches {
            require_corrected(&model, &pointer, &mut schema);
            require_vectors(&mut schema);
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            for seed in 0..40 {
                let original = document(&schema, &mut Rng::with_seed(seed), 0);
                assert!(validator.is_valid(&original), "{}: the test's own document is invalid: {original}", case.id);
                let again = (case.decode)(&original)
                    .unwrap_or_else(|error| panic!("{} {pointer}: {error} in {original}", case.id));
                let (mut before, mut after) = (Vec::new(), Vec::new());
                scalars(&original, &mut before);
                scalars(&again, &mut after);
                for scalar in before {
                    let at = after.iter().position(|other| *other == scalar);
                    let at =
                        at.unwrap_or_else(|| panic!("{} {pointer}: {scalar} is lost:\n{original}\n{again}", case.id));
                    after.swap_remove(at);
                }
                assert_eq!((case.decode)(&again).as_ref(), Ok(&again), "{}", case.id);
                tried += 1;
            }
        }
    }
    assert!(tried > 3500, "{tried}");
}

/// Leaves one of two names for the same member, and no tool calls, which have their names in one of three places.
fn without_aliases(mut document: Value) -> Value {
    for choice in document["choices"].as_array_mut().into_iter().flatten() {
        if let Some(message) = choice.get_mut("message").and_then(Value::as_object_mut) {
            message.remove("tool_calls");
            message.remove("reasoning");
        }
    }
    if let Some(members) = document.as_object_mut() {
        members.remove("usage");
    }
    document
}

#[test]
fn shared_outputs_read_all_that_their_descriptions_say() {
    fn again<T: serde::Serialize + serde::de::DeserializeOwned>(json: &Value) -> Result<Value, String> {
        let value: T = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        serde_json::to_value(&value).map_err(|error| error.to_string())
    }
    type Again = fn(&Value) -> Result<Value, String>;
    let shapes: [(&str, Again); 4] = [
        ("ChatCompletion", again::<workers_ai::chat::ChatCompletion>),
        ("LegacyResponse", again::<workers_ai::chat::LegacyResponse>),
        ("Usage", again::<Option<workers_ai::chat::Usage>>),
        ("Vec<ToolCall>", again::<Option<Vec<workers_ai::chat::ToolCall>>>),
    ];
    for (name, again) in shapes {
        let schema = workers_ai_catalog::shape_schema(name).expect("the shape is described");
        for seed in 0..200 {
            let original = document(&schema, &mut Rng::with_seed(seed), 0);
            again(&original).unwrap_or_else(|error| panic!("{name}: {error} in {original}"));
            if name != "ChatCompletion" {
                continue;
            }
            let original = without_aliases(original);
            let read = again(&original).unwrap_or_else(|error| panic!("{name}: {error} in {original}"));
            let (mut before, mut after) = (Vec::new(), Vec::new());
            scalars(&original, &mut before);
            scalars(&read, &mut after);
            assert!(before.iter().all(|scalar| after.contains(scalar)), "{name}:\n{original}\n{read}");
        }
    }
}
