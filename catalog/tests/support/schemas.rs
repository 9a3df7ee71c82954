//! Arbitrary JSON as a model's file, biased towards the keywords of JSON Schema.

use std::{fs, path::Path};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Map, Value, json};

pub const ID: &str = "@cf/test/model";

/// Names of properties, many of which have a meaning elsewhere.
const NAMES: [&str; 40] = [
    "prompt",
    "messages",
    "tools",
    "tool_choice",
    "response_format",
    "reasoning_effort",
    "stream",
    "requests",
    "response",
    "tool_calls",
    "usage",
    "image",
    "audio",
    "properties",
    "type",
    "input",
    "output",
    "required",
    "items",
    "$ref",
    "oneOf",
    "enum",
    "const",
    "self",
    "Self",
    "crate",
    "build",
    "extra",
    "a-b",
    "a_b",
    "a.b",
    "a/b~c",
    "2d",
    "",
    "_",
    "Größe",
    "ⓐ",
    "\u{345}",
    "日本語",
    "maybe_prompt",
];

const REFERENCES: [&str; 14] = [
    "#",
    "#/$defs/a",
    "#/$defs/b",
    "#/$defs/c",
    "#/properties/prompt",
    "#/nowhere",
    "#not a pointer",
    "",
    "/shared/loop.json",
    "/shared/doubling.json",
    "/shared/text.json",
    "/shared/broken.json",
    "/shared/../model.json",
    "https://example.com/schema.json",
];

/// Schemas that several models share.
pub fn write_shared(folder: &Path) {
    fs::create_dir_all(folder.join("shared")).unwrap();
    for (name, text) in [
        ("loop", r#"{"$ref":"/shared/loop.json"}"#),
        (
            "doubling",
            r#"{"type":"object","properties":{"a":{"$ref":"/shared/doubling.json"},"b":{"$ref":"/shared/doubling.json"}},"items":{"$ref":"/shared/doubling.json"}}"#,
        ),
        ("text", r#"{"type":"string","minLength":1}"#),
        ("broken", "{"),
    ] {
        fs::write(folder.join("shared").join(format!("{name}.json")), text).unwrap();
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(NAMES.as_slice()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z]{1,8}",
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select([0.0, -0.0, 1e300, -1e300, 0.5, 255.0, 256.0].as_slice()).prop_map(Value::from),
        name().prop_map(Value::from),
    ]
}

/// JSON that is unrelated to schemas.
fn anything() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn kind() -> impl Strategy<Value = Value> {
    let one = || select(["object", "array", "string", "integer", "number", "boolean", "null"].as_slice());
    prop_oneof![
        12 => one().prop_map(Value::from),
        3 => vec(one(), 0..4).prop_map(Value::from),
        1 => Just(json!("integral")),
        1 => scalar(),
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (kind(), vec((select(&BOUNDS[..]), scalar()), 0..3)).prop_map(|(kind, bounds)| {
            let mut schema: Map<String, Value> = bounds.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            schema.insert("type".to_owned(), kind);
            Value::Object(schema)
        }),
        2 => select(REFERENCES.as_slice()).prop_map(|reference| json!({"$ref": reference})),
        1 => vec(scalar(), 0..5).prop_map(|values| json!({"enum": values})),
        1 => vec(name(), 0..5).prop_map(|values| json!({"type": "string", "enum": values})),
        1 => (300..900usize).prop_map(|count| json!({"enum": (0..count).map(|n| format!("v{n}")).collect::<Vec<_>>()})),
        1 => scalar().prop_map(|value| json!({"const": value})),
        1 => any::<bool>().prop_map(Value::from),
        1 => anything(),
    ]
}

const BOUNDS: [&str; 16] = [
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "pattern",
    "default",
    "nullable",
    "title",
    "description",
    "format",
    "contentType",
    "required",
];

/// A schema, in most cases.
pub fn schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 48, 5, |inner| {
        let properties = || vec((name(), inner.clone()), 0..5).prop_map(|members| -> Map<String, Value> { members.into_iter().collect() });
        let object = (properties(), vec(name(), 0..3), proptest::option::of(inner.clone()), any::<u8>()).prop_map(
            |(properties, mut required, more, dice)| {
                required.extend(properties.keys().enumerate().filter(|(at, _)| dice >> (at % 8) & 1 == 1).map(|(_, name)| name.clone()));
                let mut schema = json!({"type": "object", "properties": properties, "required": required});
                if let Some(more) = more {
                    schema["additionalProperties"] = more;
                }
                if dice == 0 {
                    schema["properties"] = json!([]);
                }
                schema
            },
        );
        let union = (select(["oneOf", "anyOf", "allOf"].as_slice()), vec(inner.clone(), 0..5), properties(), any::<bool>())
            .prop_map(|(union, branches, properties, own)| {
                let mut schema = json!({union: branches});
                if own {
                    schema["properties"] = Value::Object(properties);
                }
                schema
            });
        let mixed = (vec((select(&BOUNDS[..]), scalar()), 0..4), inner.clone()).prop_map(|(bounds, schema)| match schema {
            Value::Object(mut schema) => {
                schema.extend(bounds.into_iter().map(|(name, value)| (name.to_owned(), value)));
                Value::Object(schema)
            }
            other => other,
        });
        prop_oneof![
            5 => object,
            3 => union,
            2 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => vec(inner.clone(), 0..3).prop_map(|items| json!({"type": "array", "items": items})),
            1 => (1..90usize, inner.clone()).prop_map(|(depth, schema)| (0..depth).fold(schema, |inner, _| json!({"items": inner}))),
            2 => mixed,
            1 => inner.clone().prop_map(|more| json!({"type": "object", "additionalProperties": more})),
        ]
    })
}

/// A model's file.
pub fn document() -> impl Strategy<Value = Value> {
    let side = || {
        (schema(), schema(), schema(), schema()).prop_map(|(mut side, a, b, c)| {
            if let Value::Object(side) = &mut side {
                side.insert("$defs".to_owned(), json!({"a": a, "b": b, "c": c}));
            }
            side
        })
    };
    let flags =
        ["async_queue", "function_calling", "vision", "lora", "realtime", "reasoning", "reasoning_effort", "price"];
    let tasks = ["Text Generation", "Text Embeddings", "Text-to-Image", "Automatic Speech Recognition", ""];
    (
        side(),
        side(),
        select(tasks.to_vec()),
        subsequence(flags.to_vec(), 0..flags.len()),
        vec((select(flags.to_vec()), anything()), 0..2),
        proptest::option::weighted(0.1, anything()),
    )
        .prop_map(|(input, output, task, on, odd, odd_properties)| {
            let mut properties: Map<String, Value> =
                on.into_iter().map(|name| (name.to_owned(), json!(true))).collect();
            properties.extend(odd.into_iter().map(|(name, value)| (name.to_owned(), value)));
            let properties = odd_properties.unwrap_or(Value::Object(properties));
            json!({"id": ID, "task": task, "properties": properties, "input": input, "output": output})
        })
}
