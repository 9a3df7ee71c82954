//! What must hold of any input: prices stay exact, the printer loses nothing, storing and reading a snapshot gives the same,
//! and no JSON whatever makes the normaliser fall over.

use std::collections::BTreeMap;

use cargo_workers_ai::{
    decimal,
    pretty::pretty,
    snapshot::{self, Facts, Parts, Record, Snapshot, schema},
    source::entry,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,90}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(word(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Words of JSON Schema, and others.
fn word() -> impl Strategy<Value = String> {
    let words = [
        "properties",
        "items",
        "type",
        "oneOf",
        "anyOf",
        "required",
        "enum",
        "$ref",
        "description",
        "additionalProperties",
        "title",
        "default",
        "minimum",
        "$defs",
        "task",
        "name",
        "price",
        "value",
        "property_id",
        "schema",
        "input",
        "output",
    ];
    prop_oneof![prop::sample::select(words.to_vec()).prop_map(str::to_owned), ".{0,12}"]
}

/// Schemas as a feed has them, with parts that repeat.
fn a_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "string", "minLength": 1})),
        Just(json!({"type": "integer", "maximum": 9})),
        Just(json!({})),
        prop::collection::vec("[a-z]{30}", 1..12).prop_map(|values| json!({"type": "string", "enum": values})),
        Just(json!({"type": "string", "enum": ["x".repeat(250)]})),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::btree_map("[a-z_/~$]{1,9}", inner.clone(), 1..6)
                .prop_map(|properties| json!({"type": "object", "properties": properties})),
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|branches| json!({"oneOf": branches})),
            inner.prop_map(|more| json!({"type": "object", "title": "Some Title", "additionalProperties": more})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_price_is_printed_with_every_digit_and_no_exponent(digits in 1_u64..1_000_000_000_000_000, exponent in -20_i32..6) {
        // Both as text and as the float that JSON makes of it: fifteen digits survive a float.
        let text = format!("{digits}e{exponent}");
        let printed = decimal::plain(&text).unwrap();
        prop_assert!(printed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", printed);
        prop_assert!(!printed.contains('.') || !printed.ends_with(['0', '.']), "{}", printed);
        // Shifting the point back gives the digits again.
        let (whole, fraction) = printed.split_once('.').unwrap_or((&printed, ""));
        let shift = usize::try_from(20_i32).unwrap();
        let padded = format!("{whole}{fraction:0<shift$}");
        let expected = format!("{digits}{}", "0".repeat(usize::try_from(exponent + 20).unwrap()));
        prop_assert_eq!(padded.trim_start_matches('0'), expected.trim_start_matches('0'));
        let number: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(decimal::plain(&number.to_string()).unwrap(), printed);
    }

    #[test]
    fn any_text_is_a_price_or_refused(text in ".{0,24}") {
        if let Some(price) = decimal::plain(&text) {
            prop_assert!(price.parse::<f64>().is_ok());
        }
    }

    #[test]
    fn the_printer_loses_nothing_and_keeps_to_its_columns(value in json_value()) {
        let text = pretty(&value);
        let compact = value.to_string();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), serde_json::from_str::<Value>(&compact).unwrap());
        prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
        for line in text.lines().filter(|line| line.chars().count() > 100) {
            // Only a line of one member or item may be longer.
            let inner = line.trim().trim_end_matches(',');
            prop_assert!(!inner.contains(", \"") || inner.contains('\\') || inner.matches('"').count() <= 4, "{}", line);
        }
    }

    #[test]
    fn any_json_is_a_schema_or_refused(value in json_value()) {
        for prose in [false, true] {
            if let Ok(facts) = schema::facts(&value, prose) {
                prop_assert_eq!(schema::facts(&facts, prose), Ok(facts.clone()), "normalising twice is normalising once");
            }
        }
    }

    #[test]
    fn any_json_is_a_model_or_refused(value in json_value()) {
        let _ = entry::head(&value.to_string());
        let _ = entry::feed("@cf/a/b", &value, false);
        let _ = entry::unified("a/b", &value, false);
        let _ = entry::own("@cf/a/b", &value, true);
    }

    #[test]
    fn what_is_stored_is_read_as_it_was(schemas in prop::collection::vec((a_schema(), a_schema()), 1..7)) {
        let snapshot = snapshot_of(&schemas);
        let (files, parts) = snapshot.stored();
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let read = Snapshot::read(folder.path()).unwrap();
        prop_assert_eq!(&read.models, &snapshot.models);
        prop_assert_eq!(&read.parts, &parts);
        prop_assert_eq!(read.stored().0, files, "storing again changes nothing");
        let index = snapshot::index(&snapshot, &parts);
        prop_assert_eq!(index.matches("include_str!").count(), snapshot.models.len() + parts.iter().count());
    }

    #[test]
    fn a_new_model_renames_no_part(schemas in prop::collection::vec((a_schema(), a_schema()), 2..6)) {
        let before = snapshot_of(&schemas[1..]);
        let (_, old) = before.stored();
        let mut after = snapshot_of(&schemas);
        after.parts = old.clone();
        let (_, new) = after.stored();
        let whole = |parts: &Parts| -> BTreeMap<String, String> {
            parts.iter().map(|(name, part)| (parts.inline(part).unwrap().to_string(), name.to_owned())).collect()
        };
        let (old, new) = (whole(&old), whole(&new));
        for (content, name) in &old {
            prop_assert!(new.get(content).is_none_or(|now| now == name), "{} is now {:?}", name, new.get(content));
        }
    }
}

fn snapshot_of(schemas: &[(Value, Value)]) -> Snapshot {
    let models = schemas.iter().enumerate().map(|(index, (input, output))| {
        // The last schema is the first model's: a new model may come anywhere in the order.
        let id = format!("@cf/author/model-{}", schemas.len() - index);
        let facts = Facts {
            id: id.clone(),
            task: "Text Generation".to_owned(),
            created: None,
            properties: Map::new(),
            input: Some(input.clone()),
            output: Some(output.clone()),
        };
        (id, Record::new(facts, "file", "2026-01-01", None))
    });
    Snapshot { models: models.collect(), ..Snapshot::default() }
}
