//! How the reader takes schemas that the snapshot does not have: what applies together, what is told apart, what is refused.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workers_ai_catalog::{Catalog, Doc, Error, Field, Form, Kind, Limit, Model, Presence, Side};

const ID: &str = "@cf/test/model";

/// Reads a model with an input and an output.
fn read(input: &Value, output: &Value) -> Result<Model, Error> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    std::fs::write(&file, json!({"id": ID, "input": input, "output": output}).to_string()).unwrap();
    Catalog::at(file).model(ID)
}

fn input(schema: &Value) -> Model {
    read(schema, &json!({"type": "object", "properties": {"response": {"type": "string"}}})).unwrap()
}

fn object(properties: &Value) -> Value {
    json!({"type": "object", "properties": properties})
}

/// Reads an input with one field, and returns it.
fn field(schema: &Value) -> (Model, Field) {
    let model = input(&object(&json!({"value": schema})));
    let field = model.input.fields[0].clone();
    (model, field)
}

/// Returns why an input is refused.
fn refusal(schema: &Value) -> String {
    match read(schema, &json!({"type": "object", "properties": {}})) {
        Ok(model) => panic!("accepted: {:?}", model.input),
        Err(error) => error.to_string(),
    }
}

/// Returns what is noted, each with its place.
fn notes(model: &Model) -> Vec<String> {
    model.notes.iter().map(|note| format!("{}: {}", note.pointer, note.text)).collect()
}

fn names(model: &Model) -> Vec<(&str, Presence)> {
    model.input.fields.iter().map(|field| (field.wire.as_str(), field.presence)).collect()
}

#[test]
fn all_that_applies_at_a_place_is_read_as_one_schema() {
    let whole = field(&json!({"type": "number", "minimum": 1, "maximum": 5, "default": 2, "description": "Words."}));
    for schema in [
        json!({"allOf": [{"type": "number", "minimum": 1, "maximum": 5, "default": 2, "description": "Words."}]}),
        json!({"allOf": [{"type": "number"}, {"minimum": 1}, {"maximum": 5}], "default": 2, "description": "Words."}),
        json!({"allOf": [{"allOf": [{"type": "number", "maximum": 9}]}, {"maximum": 5, "default": 2}], "minimum": 1, "description": "Words."}),
        json!({"allOf": [{"type": ["number", "string"]}, {"type": "number"}], "minimum": 1, "maximum": 5, "default": 2, "description": "Words."}),
    ] {
        let (_, read) = field(&schema);
        assert_eq!(
            (&read.place, &read.default, &read.doc),
            (&whole.1.place, &whole.1.default, &whole.1.doc),
            "{schema}"
        );
    }
}

#[test]
fn what_stands_beside_a_reference_applies_and_describes() {
    let schema = json!({
        "type": "object",
        "required": ["value"],
        "properties": {"value": {"$ref": "#/$defs/a%20b~1c", "default": "x", "description": "Mine.", "maxLength": 9}},
        "$defs": {"a b/c": {"type": "string", "default": "y", "description": "Theirs.", "maxLength": 20, "minLength": 1}},
    });
    let field = &input(&schema).input.fields[0];
    assert_eq!(field.default, Some(json!("x")));
    assert_eq!(field.doc.as_ref().map(Doc::as_str), Some("Mine."));
    assert_eq!((field.place.bounds.min_length, field.place.bounds.max_length), (Some(1), Some(9)));
}

#[test]
fn objects_that_all_apply_have_all_members() {
    let schema = json!({
        "allOf": [{"$ref": "#/$defs/a"}],
        "properties": {"c": {"type": "boolean"}},
        "$defs": {
            "a": {"allOf": [{"$ref": "#/$defs/b"}], "type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            "b": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}},
        },
    });
    let required = Presence::Required;
    assert_eq!(names(&input(&schema)), [("a", required), ("b", required), ("c", Presence::Optional)]);
}

#[test]
fn a_place_with_alternatives_demands_of_each_what_it_demands_itself() {
    let schema = json!({
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "anyOf": [
            {"required": ["a"], "properties": {"a": {"type": "string"}}},
            {"required": ["b"], "properties": {"b": {"type": "string"}}},
        ],
    });
    let (model, _) = field(&schema);
    let objects: Vec<Vec<&str>> = model
        .types
        .iter()
        .filter(|known| known.side == Side::Input)
        .filter_map(|known| match &known.form {
            Form::Object { fields, .. } => {
                Some(fields.iter().filter(|f| f.presence == Presence::Required).map(|f| f.wire.as_str()).collect())
            }
            _ => None,
        })
        .collect();
    assert_eq!(objects, [["kind", "a"], ["kind", "b"]]);
}

#[test]
fn an_alternative_is_selected_by_what_only_it_requires() {
    let members = json!({"prompt": {"type": "string"}, "messages": {"type": "array"}, "lora": {"type": "string"}});
    let way = |required: &str, optional: &str| {
        let of = json!({required: members[required], optional: members[optional], "lora": members["lora"]});
        json!({"type": "object", "required": [required], "properties": of})
    };
    for schema in [
        json!({"oneOf": [way("prompt", "messages"), way("messages", "lora")]}),
        json!({"oneOf": [way("prompt", "lora"), way("messages", "prompt")]}),
        json!({"oneOf": [way("prompt", "messages"), way("messages", "prompt"), {"type": "object"}]}),
        json!({"type": "object", "properties": members, "anyOf": [{"required": ["prompt"]}, {"required": ["messages"]}]}),
    ] {
        let model = input(&schema);
        let keys: Vec<&str> = model.input.alternatives.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["prompt", "messages"], "{schema}");
    }
}

#[test]
fn alternatives_that_only_a_constant_tells_apart_are_one_input_with_a_choice() {
    let way = |kind: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
    let model = input(&json!({"oneOf": [way("a"), way("b")]}));
    assert!(model.input.alternatives.is_empty());
    assert_eq!(names(&model), [("kind", Presence::Required)]);
    assert_eq!(model.types[0].form, Form::Enum { values: vec!["a".to_owned(), "b".to_owned()] });
    assert!(!model.notes.is_empty());
}

#[test]
fn alternatives_that_are_a_string_each_are_a_choice() {
    let choice = Form::Enum { values: vec!["a".to_owned(), "b".to_owned()] };
    for schema in [
        json!({"oneOf": [{"const": "a", "title": "First"}, {"const": "b", "title": "Second"}]}),
        json!({"anyOf": [{"enum": ["a"]}, {"enum": ["b", "a"]}, {"type": "null"}]}),
        json!({"allOf": [{"enum": ["a", "b", "c"]}, {"enum": ["b", "a"]}]}),
    ] {
        assert_eq!(field(&schema).0.types[0].form, choice, "{schema}");
    }
}

#[test]
fn members_that_nothing_is_valid_for_are_not_offered() {
    for never in [json!(false), json!({"allOf": [{"type": "string"}, {"type": "integer"}]}), json!({"enum": []})] {
        let schema = object(&json!({"a": {"type": "string"}, "b": never}));
        let model = input(&schema);
        assert_eq!(names(&model), [("a", Presence::Optional)], "{never}");
        assert_eq!(notes(&model), ["/input/properties/b: nothing is valid here; the field is not offered"]);
        let mut required = schema.clone();
        required["required"] = json!(["b"]);
        assert!(refusal(&required).contains("`/input/properties/b`"), "{never}");
    }
}

#[test]
fn bounds_are_read_wherever_they_stand() {
    let (model, list) = field(&json!({"type": "array", "items": {"type": ["number", "null"], "exclusiveMinimum": 0}}));
    let Kind::List(item) = &list.place.kind else { panic!("{list:?}") };
    assert_eq!(item.bounds.exclusive_minimum, Some(Limit::Whole(0)));
    assert!(item.nullable);
    assert!(model.notes.is_empty());

    let one = json!({"type": "string", "minLength": 1});
    let many = json!({"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}});
    let (_, either) = field(&json!({"oneOf": [one, many]}));
    let Kind::OneOrMany(item) = &either.place.kind else { panic!("{either:?}") };
    assert_eq!((either.place.bounds.min_length, either.place.bounds.max_items), (Some(1), Some(3)));
    assert_eq!((item.bounds.min_length, item.bounds.max_length), (None, Some(5)));

    let (_, whole) = field(&json!({"type": "integer", "exclusiveMinimum": 0, "maximum": 9_007_199_254_740_993_u64}));
    assert_eq!(whole.place.bounds.minimum, Some(Limit::Whole(1)));
    assert_eq!(whole.place.bounds.maximum, Some(Limit::Whole(9_007_199_254_740_993)));

    let (model, _) = field(&json!({"type": "integer", "minimum": 5, "maximum": 3}));
    assert_eq!(model.notes[0].text, "no value is valid: at least 5 and at most 3");
}

#[test]
fn a_schema_cannot_name_its_types_or_choose_a_shared_one() {
    let schema = json!({"type": "object", "shape": "Image", "name": "Evil", "rename": "evil", "wire": "other", "properties": {"a": {"type": "string"}}});
    let (model, field) = field(&schema);
    assert_eq!((field.name.as_str(), field.wire.as_str()), ("value", "value"));
    assert_eq!(field.place.kind, Kind::Type(0));
    assert_eq!(model.types[0].name, "Value");
}

#[test]
fn a_schema_that_is_referred_to_twice_is_one_type() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/p"}, "b": {"$ref": "#/$defs/p"}, "c": {"$ref": "#/$defs/n"}},
        "$defs": {"p": {"type": "object", "properties": {"x": {"type": "string"}}}, "n": {"type": "number"}},
    });
    let model = input(&schema);
    let kinds: Vec<&Kind> = model.input.fields.iter().map(|field| &field.place.kind).collect();
    assert!(matches!(kinds.as_slice(), [Kind::Type(a), Kind::Type(b), Kind::Number] if a == b), "{kinds:?}");
}

#[test]
fn what_no_validator_would_accept_is_refused_by_name() {
    for (schema, told) in [
        (json!(5), "a schema is an object or a boolean"),
        (json!(false), "nothing is valid here"),
        (object(&json!({"a": {"$ref": 5}})), "`$ref` is not a string"),
        (object(&json!({"a": {"$ref": "#/$defs/none"}})), "unresolved `$ref` to `#/$defs/none`"),
        (object(&json!({"a": {"oneOf": []}})), "`oneOf` is empty"),
        (object(&json!({"a": {"type": []}})), "`type` is neither a string nor a list"),
        (object(&json!({"a": {"type": "text"}})), "`text` is not a type of JSON Schema"),
        (object(&json!({"a": {"maximum": "8"}})), "invalid `maximum`: `\"8\"`"),
        (json!({"type": "object", "properties": ["a"]}), "invalid `properties`: `[\"a\"]`"),
        (json!({"type": "object", "required": "x", "properties": {}}), "invalid `required`: `\"x\"`"),
        (object(&json!({"a": {"allOf": [{"$ref": "#/properties/a"}]}})), "the schema is a part of itself"),
    ] {
        let refused = refusal(&schema);
        assert!(refused.contains(told) && refused.contains("`/input"), "{schema}: {refused}");
    }
}

#[test]
fn schemas_that_would_take_forever_are_refused_or_read_at_once() {
    let start = Instant::now();
    let twice = |i: usize| {
        object(&json!({"a": {"$ref": format!("#/$defs/d{}", i + 1)}, "b": {"$ref": format!("#/$defs/d{}", i + 1)}}))
    };
    let mut definitions: serde_json::Map<String, Value> = (0..40).map(|i| (format!("d{i}"), twice(i))).collect();
    definitions.insert("d40".to_owned(), json!({"type": "string"}));
    let mut doubling = object(&json!({"x": {"$ref": "#/$defs/d0"}}));
    doubling["$defs"] = definitions.into();
    assert_eq!(input(&doubling).types.iter().filter(|known| known.side == Side::Input).count(), 40);

    let way = |i: usize| json!({"type": "object", "required": [format!("k{i}")], "properties": {format!("k{i}"): {"type": "string"}}});
    let many: Vec<Value> = (0..3000).map(way).collect();
    let fields: Value =
        (0..15_000).map(|i| (format!("p{i}"), json!({"type": "string"}))).collect::<serde_json::Map<_, _>>().into();
    let names: Vec<String> = (0..800).map(|i| format!("p{i}")).collect();
    let values: Vec<String> = (0..50_000).map(|i| format!("v{i}")).collect();
    for (schema, told) in [
        (json!({"oneOf": many}), "more than 8 alternatives"),
        (object(&json!({"x": {"oneOf": many}})), "more than 500 alternatives"),
        (object(&fields), "more than 2000 fields"),
        (object(&json!({"x": object(&fields)})), "more than 2000 members"),
        (json!({"type": "object", "required": names, "properties": fields}), "more than"),
        (object(&json!({"x": {"enum": values}})), "more than 5000 values"),
    ] {
        let refused = refusal(&schema);
        assert!(refused.contains(told), "{refused}");
    }
    // A hang, not a slow machine.
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn what_is_not_checked_is_said() {
    let schema = json!({
        "type": "object",
        "properties": {
            "c": {"not": {"type": "string"}},
            "d": {"type": "array", "contains": {"type": "string"}},
            "e": {"type": "object", "propertyNames": {"maxLength": 3}},
            "f": {"type": "array", "prefixItems": [{"type": "string"}]},
            "h": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}},
        },
        "dependentRequired": {"a": ["b"]},
        "if": {"required": ["a"]},
        "then": {"required": ["c"]},
    });
    let notes = notes(&input(&schema));
    for (pointer, text) in [
        ("/input", "not checked: `dependentRequired`"),
        ("/input", "not checked: `if`"),
        ("/input", "not checked: `then`"),
        ("/input/properties/c", "not checked: `not`"),
        ("/input/properties/d", "not checked: `contains`"),
        ("/input/properties/e", "not checked: `propertyNames`"),
        ("/input/properties/f", "a tuple; a list of any JSON values is accepted"),
        ("/input/properties/h", "not checked: `patternProperties`"),
    ] {
        let wanted = format!("{pointer}: {text}");
        assert!(notes.contains(&wanted), "{wanted}: {notes:?}");
    }
}

#[test]
fn an_alternative_that_is_not_checked_is_said_where_several_can_match() {
    let with =
        |tag: &str, most: u32| json!({"required": ["t"], "properties": {"t": {"const": tag}, "n": {"maximum": most}}});
    for (schema, keyword) in [
        (json!({"oneOf": [{"type": "integer"}, {"minimum": 2}]}), Some("oneOf")),
        (json!({"anyOf": [{"type": "integer"}, {"minimum": 2}]}), Some("anyOf")),
        (json!({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}), Some("oneOf")),
        (json!({"oneOf": [with("a", 1), with("b", 2)]}), Some("oneOf")),
        (json!({"oneOf": [with("a", 1), with("b", 1)]}), None),
        (json!({"anyOf": [{"type": "string"}, {"type": "integer", "maximum": 2}]}), None),
        (json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}), None),
        (json!({"allOf": [{"pattern": "a"}, {"pattern": "b"}], "type": "string"}), Some("pattern")),
        (json!({"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer"}), None),
        (json!({"allOf": [{"multipleOf": 1_i64 << 62}, {"multipleOf": 3}], "type": "integer"}), Some("multipleOf")),
        (json!({"multipleOf": 0, "type": "integer"}), Some("multipleOf")),
        (json!({"pattern": "^(a+)+$", "type": "string"}), Some("pattern")),
        (json!({"pattern": "^(ab)+[(+)]+(c|d)$", "type": "string"}), None),
        (json!({"additionalProperties": {"type": "integer"}, "properties": {"a": {}}}), Some("additionalProperties")),
        (json!({"additionalProperties": false, "properties": {"a": {}}}), None),
    ] {
        let (model, field) = field(&schema);
        let unchecked: Vec<&str> = keyword.into_iter().collect();
        assert_eq!(field.place.unchecked, unchecked, "{schema}: documented at the field");
        let told = notes(&model).iter().filter(|note| note.contains("not checked")).count();
        assert_eq!(told, unchecked.len(), "{schema}: noted for the refresh");
    }
    let (_, both) = field(&json!({"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer"}));
    assert_eq!(both.place.bounds.multiple_of, Some(Limit::Whole(12)));
}

#[test]
fn a_required_member_without_a_schema_is_a_field() {
    let one = json!({"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}}});
    assert_eq!(names(&input(&one)), [("a", Presence::Required), ("b", Presence::Required)]);
    let only_then = json!({"type": "object", "oneOf": [
        {"required": ["prompt", "mode"], "properties": {"prompt": {"type": "string"}}},
        {"required": ["messages"], "properties": {"messages": {"type": "array"}}},
    ]});
    let model = input(&only_then);
    let mode = model.input.fields.iter().find(|field| field.wire == "mode").expect("the field");
    assert_eq!((mode.presence, mode.alternatives.as_slice()), (Presence::Required, [0].as_slice()));
}
