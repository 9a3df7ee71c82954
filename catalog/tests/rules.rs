//! The rules by which the reader turns schemas into types, with an example each.

use std::fs;

use serde_json::{Value, json};
use workers_ai_catalog::{Alternative, Catalog, Error, Field, Form, Kind, Limit, Model, Outcome, Presence};

const ID: &str = "@cf/test/model";

fn document(input: &Value, output: &Value) -> Value {
    json!({"id": ID, "task": "Text Generation", "properties": {}, "input": input, "output": output})
}

/// Returns a catalog with a single file, and its own corrections.
fn read(document: &Value, corrections: &[Value]) -> Result<Model, Error> {
    considered(document, corrections).map(|(model, _)| model)
}

fn considered(document: &Value, corrections: &[Value]) -> Result<(Model, Vec<Outcome>), Error> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    fs::write(&file, document.to_string()).unwrap();
    let rules: Vec<_> = corrections
        .iter()
        .map(|correction| {
            let mut correction = correction.clone();
            for (name, value) in [("reason", "a reason"), ("source", "a test"), ("date", "2026-11-24")] {
                correction[name] = json!(value);
            }
            (vec!["*".to_owned()], correction.to_string())
        })
        .collect();
    let (model, considered) = Catalog::at(&file).with_corrections(&rules)?.considered(ID)?;
    Ok((model, considered.into_iter().map(|considered| considered.outcome).collect()))
}

fn inputs(properties: &Value, required: &[&str]) -> Value {
    document(&json!({"type": "object", "properties": properties, "required": required}), &json!({"type": "object"}))
}

/// Returns the field of an input with one property.
fn field(schema: &Value) -> (Model, Field) {
    let model = read(&inputs(&json!({"value": schema}), &[]), &[]).unwrap();
    let field = model.input.fields[0].clone();
    (model, field)
}

#[test]
fn a_required_field_with_a_default_is_sent_unless_it_is_set() {
    let model = read(
        &inputs(
            &json!({"a": {"type": "integer", "default": 3}, "b": {"type": "integer"}, "c": {"type": "integer", "default": 3}}),
            &["a", "b"],
        ),
        &[],
    )
    .unwrap();
    let presence: Vec<_> = model.input.fields.iter().map(|field| (field.name.as_str(), field.presence)).collect();
    assert_eq!(presence, [("b", Presence::Required), ("a", Presence::Defaulted), ("c", Presence::Optional)]);
}

#[test]
fn an_enum_with_null_is_nullable() {
    for schema in [
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "null"}, {"type": "string"}]}),
        json!({"type": ["string", "null"]}),
    ] {
        let (_, field) = field(&schema);
        assert_eq!((field.place.kind, field.place.nullable), (Kind::String, true), "{schema}");
    }
}

#[test]
fn a_value_or_a_list_of_it_is_one_or_many() {
    let (_, field) = field(&json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}));
    assert!(matches!(&field.place.kind, Kind::OneOrMany(item) if item.kind == Kind::String), "{:?}", field.place);
}

#[test]
fn a_member_that_is_required_but_not_described_accepts_any_json() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]});
    let (model, _) = field(&schema);
    let Form::Object { fields, .. } = &model.types[0].form else { panic!("{:?}", model.types) };
    assert_eq!((fields[0].wire.as_str(), &fields[0].place.kind), ("b", &Kind::Json));
    assert_eq!(model.notes[0].pointer, "/input/properties/value");
}

#[test]
fn schemas_that_all_apply_are_one_object() {
    let parts = json!({"allOf": [
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"type": "object", "properties": {"b": {"type": "integer"}}},
    ]});
    let (model, _) = field(&parts);
    let Form::Object { fields, .. } = &model.types[0].form else { panic!("{:?}", model.types) };
    let names: Vec<_> = fields.iter().map(|field| (field.wire.as_str(), field.presence)).collect();
    assert_eq!(names, [("a", Presence::Required), ("b", Presence::Optional)]);
}

#[test]
fn a_constant_that_is_not_a_scalar_is_left_to_the_caller() {
    for (value, kind) in [
        (json!("a"), Kind::Constant(json!("a"))),
        (json!(true), Kind::Constant(json!(true))),
        (json!(7), Kind::Constant(json!(7))),
        (json!(1.5), Kind::Constant(json!(1.5))),
        (Value::Null, Kind::Json),
        (json!([1]), Kind::Json),
    ] {
        let input = json!({"type": "object", "required": ["value"], "properties": {"value": {"const": value}}});
        let model = read(&document(&input, &json!({"type": "object"})), &[]).unwrap();
        assert_eq!(model.input.fields[0].place.kind, kind, "{value}");
    }
}

#[test]
fn a_constant_of_one_alternative_is_not_sent_in_the_other() {
    let input = json!({"oneOf": [
        {"properties": {"kind": {"const": "text"}, "text": {"type": "string"}}, "required": ["kind", "text"]},
        {"properties": {"kind": {"const": "image"}, "image": {"type": "string"}}, "required": ["kind", "image"]},
    ]});
    let model = read(&document(&input, &json!({"type": "object"})), &[]).unwrap();
    let keys: Vec<_> = model.input.alternatives.iter().map(|Alternative { key, .. }| key.as_str()).collect();
    assert_eq!(keys, ["text", "image"]);
    let kinds = model.input.fields.iter().filter(|field| field.wire == "kind");
    let kinds: Vec<_> = kinds.map(|field| (field.place.kind.clone(), field.alternatives.clone())).collect();
    assert_eq!(kinds, [(Kind::Constant(json!("text")), vec![0]), (Kind::Constant(json!("image")), vec![1])]);
}

#[test]
fn a_recursive_type_is_one_type() {
    let input = json!({
        "$defs": {"node": {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}},
        "type": "object",
        "properties": {"node": {"$ref": "#/$defs/node"}},
    });
    let model = read(&document(&input, &json!({"type": "object"})), &[]).unwrap();
    let Kind::Type(index) = model.input.fields[0].place.kind else { panic!("{:?}", model.input.fields) };
    let Form::Object { fields, .. } = &model.types[index].form else { panic!("{:?}", model.types) };
    assert_eq!(fields.iter().find(|field| field.wire == "next").unwrap().place.kind, Kind::Type(index));
}

#[test]
fn a_union_of_text_and_an_object_with_the_same_union_stays_a_union() {
    let input = json!({
        "$defs": {
            "value": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/list"}]},
            "list": {"type": "object", "properties": {"values": {"type": "array", "items": {"$ref": "#/$defs/value"}}}, "required": ["values"]},
        },
        "type": "object",
        "properties": {"list": {"$ref": "#/$defs/list"}},
    });
    let model = read(&document(&input, &json!({"type": "object"})), &[]).unwrap();
    let unions =
        model.types.iter().filter(|known| matches!(&known.form, Form::Union { variants } if variants.len() == 2));
    assert!(unions.count() > 0, "{:?}", model.types);
}

#[test]
fn an_unresolved_reference_is_an_error_at_its_place() {
    for reference in ["#/$defs/none", "/shared/none.json", "https://example.com/schema.json", "#"] {
        let looping = if reference == "#" { json!({"$ref": "#/properties/a"}) } else { json!({"$ref": reference}) };
        match read(&inputs(&json!({"a": looping}), &[]), &[]) {
            Err(Error::Schema { id, pointer, .. }) => {
                assert_eq!((id.as_str(), pointer.as_str()), (ID, "/input/properties/a"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_correction_creates_removes_renames_and_requires_a_field() {
    let document = inputs(&json!({"steps": {"type": "integer", "maximum": 8}, "old": {"type": "string"}}), &["old"]);
    let corrections = [
        json!({"at": "/input/properties/steps", "expect": {"maximum": 8.0}, "set": {"rename": "num_steps", "required": true, "minimum": 1}}),
        json!({"at": "/input/properties/old", "remove": true}),
        json!({"at": "/input/properties/seed", "value": {"type": "integer"}}),
        json!({"at": "/input/properties/steps", "expect": {"maximum": 9}, "set": {"maximum": 1}}),
        json!({"at": "/input/properties/gone", "set": {"maximum": 1}}),
        json!({"at": "/input/properties/steps", "set": {"type": "integer"}}),
    ];
    let (model, outcomes) = considered(&document, &corrections).unwrap();
    let names: Vec<_> = model.input.fields.iter().map(|field| (field.name.as_str(), field.wire.as_str())).collect();
    assert_eq!(names, [("num_steps", "steps"), ("seed", "seed")]);
    let steps = &model.input.fields[0];
    assert_eq!(
        (steps.place.bounds.minimum, steps.place.bounds.maximum),
        (Some(Limit::Whole(1)), Some(Limit::Whole(8)))
    );
    assert_eq!(steps.why.as_deref(), Some("a reason"));
    let wanted =
        [Outcome::Applied, Outcome::Applied, Outcome::Applied, Outcome::Unexpected, Outcome::NoPlace, Outcome::Adopted];
    assert_eq!(outcomes, wanted);
}

#[test]
fn too_many_alternatives_are_rejected() {
    let branch = |n: usize| json!({"type": "object", "properties": {format!("field{n}"): {"type": "string"}}});
    let input = |count: usize| json!({"oneOf": (0..count).map(branch).collect::<Vec<_>>()});
    assert_eq!(read(&document(&input(8), &json!({"type": "object"})), &[]).unwrap().input.alternatives.len(), 8);
    assert!(matches!(read(&document(&input(40), &json!({"type": "object"})), &[]), Err(Error::Schema { .. })));
}

#[test]
fn the_users_folder_takes_precedence_over_the_snapshot() {
    const FLUX: &str = "@cf/black-forest-labs/flux-1-schnell";
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, id: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut document = inputs(&json!({"text": {"$ref": "/shared/text.json"}}), &[]);
        document["id"] = json!(id);
        fs::write(path, document.to_string()).unwrap();
    };
    write("cf/test/model.json", ID);
    write("openai/gpt.json", "openai/gpt");
    write("cf/test/wrong.json", "@cf/test/other");
    fs::create_dir_all(folder.path().join("shared")).unwrap();
    fs::write(folder.path().join("shared/text.json"), r#"{"type":"string","minLength":1}"#).unwrap();

    let exact = Catalog::at(folder.path());
    assert_eq!(exact.ids().unwrap(), [ID, "@cf/test/wrong", "openai/gpt"]);
    assert_eq!(exact.model(ID).unwrap().input.fields[0].place.bounds.min_length, Some(1));
    assert_eq!(exact.model("openai/gpt").unwrap().id, "openai/gpt");
    assert!(matches!(exact.model("@cf/test/wrong"), Err(Error::OtherModel { .. })));
    assert!(matches!(exact.model(FLUX), Err(Error::Unknown { .. })));

    let over = Catalog::over(folder.path());
    assert_eq!(over.model(FLUX).unwrap().id, FLUX);
    assert_eq!(over.model(ID).unwrap().id, ID);
    assert!(matches!(Catalog::at(folder.path().join("none")).model(ID), Err(Error::Unreadable { .. })));
}

#[test]
fn an_id_never_leaves_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("catalog");
    fs::create_dir_all(folder.join("cf")).unwrap();
    let secret = outside.path().join("secret.json");
    for id in
        ["@cf/../../secret", "../secret", "@../secret", "cf/./../../secret", "/secret", "@cf//secret", "cf\\..\\secret"]
    {
        fs::write(&secret, json!({"id": id}).to_string()).unwrap();
        assert!(matches!(Catalog::at(&folder).document(id), Err(Error::Unknown { .. })), "{id}");
    }
    let absolute = secret.with_extension("").display().to_string();
    fs::write(&secret, json!({"id": absolute}).to_string()).unwrap();
    assert!(matches!(Catalog::at(&folder).document(&absolute), Err(Error::Unknown { .. })));
}

#[test]
fn a_shared_schema_that_doubles_at_every_step_is_rejected_in_time() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("shared")).unwrap();
    let doubling =
        json!({"type": "object", "properties": {"a": {"$ref": "/shared/d.json"}, "b": {"$ref": "/shared/d.json"}}});
    fs::write(folder.path().join("shared/d.json"), doubling.to_string()).unwrap();
    let file = folder.path().join("model.json");
    fs::write(&file, inputs(&json!({"tools": {"$ref": "/shared/d.json"}}), &[]).to_string()).unwrap();
    let catalog = Catalog::at(&file);
    assert!(matches!(catalog.model(ID), Err(Error::Schema { .. })));
    assert!(catalog.upstream_schema(ID, "input").is_ok());
    let doubling = json!({"oneOf": [{"$ref": "/shared/d.json"}, {"items": {"$ref": "/shared/d.json"}}]});
    fs::write(folder.path().join("shared/d.json"), doubling.to_string()).unwrap();
    assert!(catalog.model(ID).is_err());
}

#[test]
fn decisions_about_shared_types_are_looked_up_where_a_refresh_recorded_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("cf/test")).unwrap();
    // No model of the snapshot has this structure.
    let message = json!({"type": "object", "properties": {"role": {"type": "string"}, "content": {"type": "string"}, "aa_new": {}}});
    let document = inputs(&json!({"messages": {"type": "array", "items": message}}), &["messages"]);
    fs::write(folder.path().join("cf/test/model.json"), document.to_string()).unwrap();
    let catalog = Catalog::at(folder.path());
    let is_messages = || {
        let model = catalog.model(ID).unwrap();
        model.input.fields.iter().any(|field| field.place.kind == Kind::Shape("Messages<Text>".to_owned()))
    };
    let mut decisions = catalog.decisions().unwrap();
    assert!(is_messages() && decisions.iter().any(|one| one.shape.as_deref() == Some("Messages<Text>")));
    for decision in &mut decisions {
        decision.shape = None;
    }
    let mut recorded = workers_ai_catalog::recorded(&decisions);
    let record = folder.path().join("shapes.json");
    fs::write(&record, recorded.to_string()).unwrap();
    assert!(!is_messages(), "the recorded decision is used");
    recorded["version"] = json!("another");
    fs::write(&record, recorded.to_string()).unwrap();
    assert!(is_messages(), "another version may decide differently");
    fs::write(&record, "damaged").unwrap();
    assert!(is_messages());
    assert_eq!(catalog.ids().unwrap(), [ID]);
}

/// A correction that requires `steps`.
fn steps_are_required() -> Value {
    json!({"at": "/input/properties/steps", "expect": {"type": "integer"}, "set": {"rename": "num_steps", "required": true}})
}

#[test]
fn a_correction_finds_its_place_in_alternatives_and_batches() {
    let plain = json!({"type": "object", "properties": {"prompt": {"type": "string"}, "steps": {"type": "integer"}}, "required": ["prompt"]});
    let batch = json!({"type": "object", "properties": {"requests": {"type": "array", "items": plain}}});
    for input in [
        plain.clone(),
        json!({"allOf": [plain]}),
        json!({"oneOf": [plain, batch]}),
        json!({"anyOf": [batch, {"allOf": [{"oneOf": [plain]}]}]}),
    ] {
        let model = read(&document(&input, &json!({"type": "object"})), &[steps_are_required()]).unwrap();
        let steps = model.input.fields.iter().find(|field| field.name == "num_steps").expect("the correction applies");
        assert_eq!((steps.presence, steps.why.as_deref()), (Presence::Required, Some("a reason")), "{input}");
        assert_eq!(model.input.batch.is_some(), input.to_string().contains("requests"), "{input}");
    }
}

#[test]
fn an_alternative_is_addressed_by_what_it_declares() {
    let scores = json!({"type": "object", "properties": {"response": {"type": "array", "items": {"type": "object", "properties": {"score": {"type": "number"}}}}}});
    let texts = json!({"type": "object", "properties": {"texts": {"type": "array", "items": {"type": "string"}}}});
    let name =
        |member: &str, name: &str| json!({"at": "/output", "expect": {"members": [member]}, "set": {"name": name}});
    let rules = [name("response[].score", "Scores"), name("texts[]", "Texts")];
    for output in [json!({"oneOf": [scores, texts]}), json!({"anyOf": [texts, {"allOf": [scores]}]})] {
        let model =
            read(&document(&json!({"type": "object", "properties": {"q": {"type": "string"}}}), &output), &rules)
                .unwrap();
        let mut names: Vec<_> = model.output.json.iter().map(|answer| answer.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Scores", "Texts"], "{output}");
    }
}

#[test]
fn an_alternative_is_removed_in_favour_of_another_only() {
    let stream = json!({"type": "object", "properties": {"audio": {"type": "object", "properties": {"body": {"type": "object"}}}}});
    let text = json!({"type": "object", "properties": {"audio": {"type": "string"}}});
    let rule = json!({"at": "/input", "expect": {"members": ["audio.body"]}, "remove": true});
    let input = json!({"anyOf": [stream, text]});
    let model = read(&document(&input, &json!({"type": "object"})), std::slice::from_ref(&rule)).unwrap();
    assert_eq!(model.input.fields[0].place.kind, Kind::String);
    let input = json!({"anyOf": [stream, stream]});
    let model = read(&document(&input, &json!({"type": "object"})), &[rule]).unwrap();
    assert_eq!(model.input.fields.len(), 1);
}

#[test]
fn a_correction_for_models_with_a_field_asks_the_input() {
    let rule = json!({"at": "/input/properties/seed", "input": ["messages"], "set": {"maximum": 9}});
    let properties = |name: &str| json!({name: {"type": "string"}, "seed": {"type": "integer"}});
    let applied = |input: Value| {
        considered(&document(&input, &json!({"type": "object"})), std::slice::from_ref(&rule)).unwrap().1
    };
    assert_eq!(applied(json!({"type": "object", "properties": properties("messages")})), [Outcome::Applied]);
    assert_eq!(applied(json!({"oneOf": [{"properties": properties("messages")}]})), [Outcome::Applied]);
    assert_eq!(applied(json!({"type": "object", "properties": properties("prompt")})), []);
}

#[test]
fn local_references_are_followed_before_a_decision() {
    let of = |content: &str| {
        let message =
            json!({"type": "object", "properties": {"role": {"type": "string"}, "content": {"$ref": content}}});
        let mut document = inputs(&json!({"messages": {"type": "array", "items": message}}), &["messages"]);
        document["input"]["$defs"] = json!({"text": {"type": "string"}, "number": {"type": "number"}});
        read_with_embedded_corrections(&document).input.fields[0].place.kind.clone()
    };
    assert_eq!(of("#/$defs/text"), Kind::Shape("Messages<Text>".to_owned()));
    assert!(matches!(of("#/$defs/number"), Kind::List(_)));
}

fn read_with_embedded_corrections(document: &Value) -> Model {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    fs::write(&file, document.to_string()).unwrap();
    Catalog::at(&file).model(ID).unwrap()
}
