//! Intersecting several models.

use serde_json::{Value, json};
use workers_ai_catalog::{Capability, Catalog, Field, Form, Kind, Limit, Member, Model, Presence, Set};

const ID: &str = "@cf/test/model";

/// Reads a model with an input.
fn model(input: &Value) -> Model {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    let output = json!({"type": "object", "properties": {"response": {"type": "string"}}});
    std::fs::write(&file, json!({"id": ID, "task": "Test", "input": input, "output": output}).to_string()).unwrap();
    Catalog::at(file).model(ID).unwrap()
}

fn set(inputs: &[Value]) -> Result<Set, String> {
    let models: Vec<Model> = inputs.iter().map(model).collect();
    let names = ["A", "B", "C"];
    let members: Vec<Member<'_>> = models.iter().zip(names).map(|(model, name)| Member { name, model }).collect();
    Set::of("S", &members).map_err(|conflict| format!("{} {}", conflict.at, conflict.text))
}

/// Returns the set of objects with these members.
fn of(properties: &[Value]) -> Result<Set, String> {
    let objects: Vec<Value> =
        properties.iter().map(|properties| json!({"type": "object", "properties": properties})).collect();
    set(&objects)
}

fn field<'s>(set: &'s Set, name: &str) -> Option<&'s Field> {
    set.common.input.fields.iter().find(|field| field.name == name)
}

#[test]
fn bounds_are_the_narrowest_and_values_those_of_all() {
    let set = of(&[
        json!({"n": {"type": "number", "minimum": 0, "maximum": 5}, "t": {"type": "string", "minLength": 2},
               "c": {"type": "string", "enum": ["a", "b", "c"]}, "only": {"type": "boolean"}}),
        json!({"n": {"type": "integer", "minimum": 1}, "t": {"type": "string", "maxLength": 9},
               "c": {"type": "string", "enum": ["c", "b"]}}),
    ])
    .unwrap();
    let n = field(&set, "n").unwrap();
    assert_eq!(n.place.kind, Kind::Integer);
    assert_eq!((n.place.bounds.minimum, n.place.bounds.maximum), (Some(Limit::Whole(1)), Some(Limit::Whole(5))));
    let t = &field(&set, "t").unwrap().place.bounds;
    assert_eq!((t.min_length, t.max_length), (Some(2), Some(9)));
    let Kind::Type(index) = field(&set, "c").unwrap().place.kind else { panic!("no enum") };
    assert_eq!(set.common.types[index].form, Form::Enum { values: vec!["b".into(), "c".into()] });
    assert!(field(&set, "only").is_none());
}

#[test]
fn what_no_value_is_valid_for_is_left_out() {
    let set = of(&[
        json!({"n": {"type": "integer", "minimum": 5}, "c": {"type": "string", "enum": ["a"]},
               "p": {"type": "string", "pattern": "^a"}, "k": {"type": "string"}}),
        json!({"n": {"type": "integer", "maximum": 4}, "c": {"type": "string", "enum": ["b"]},
               "p": {"type": "string", "pattern": "^b"}, "k": {"type": "array", "items": {"type": "string"}}}),
    ])
    .unwrap();
    assert!(set.common.input.fields.is_empty(), "{:?}", set.common.input.fields);
}

#[test]
fn a_field_is_required_if_one_model_requires_it_and_all_have_it() {
    let with = |required: &[&str], names: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
        json!({"type": "object", "properties": properties, "required": required})
    };
    let set = |required| set(&[with(&["a"], &["a", "b"]), with(required, &["a", "b", "c"])]);
    let both = set(&["b"]).unwrap();
    for (name, why) in [("a", "`A` (@cf/test/model) requires it"), ("b", "`B` (@cf/test/model) requires it")] {
        let field = field(&both, name).unwrap();
        assert_eq!((field.presence, field.why.as_deref()), (Presence::Required, Some(why)));
    }
    assert_eq!(set(&["c"]).unwrap_err(), "1 `B` requires `c`, which `A` does not have");
}

#[test]
fn constants_and_defaults_that_must_be_sent_are_sent_to_their_own_model() {
    let both = set(&[
        json!({"type": "object", "required": ["model", "mode"],
               "properties": {"model": {"const": "a"}, "mode": {"type": "string", "default": "x"}, "k": {"type": "string"}}}),
        json!({"type": "object", "required": ["model"],
               "properties": {"model": {"const": "b"}, "mode": {"type": "string"}, "k": {"type": "string"}}}),
    ])
    .unwrap();
    let sent = |at: usize| both.variations[at].sent.clone();
    assert_eq!(sent(0), [("model".to_owned(), json!("a")), ("mode".to_owned(), json!("x"))]);
    assert_eq!(sent(1), [("model".to_owned(), json!("b"))]);
    assert_eq!(field(&both, "mode").unwrap().presence, Presence::Optional);
    assert!(field(&both, "model").is_none());
}

#[test]
fn parts_have_the_members_that_all_models_take() {
    let tree = |more: &str, required: &[&str]| {
        json!({"root": {"type": "object", "required": required, "properties": {
            "name": {"type": "string"}, (more): {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#/properties/root"}}}}})
    };
    let both = of(&[tree("x", &["name"]), tree("y", &[])]).unwrap();
    let Kind::Type(index) = field(&both, "root").unwrap().place.kind else { panic!("no type") };
    let Form::Object { fields, .. } = &both.common.types[index].form else { panic!("no object") };
    let names: Vec<(&str, Presence)> = fields.iter().map(|field| (field.wire.as_str(), field.presence)).collect();
    assert_eq!(names, [("name", Presence::Required), ("children", Presence::Optional)]);
    // A part that one model cannot do without, and the other does not know, is not common.
    assert!(field(&of(&[tree("x", &["x"]), tree("y", &[])]).unwrap(), "root").is_none());
}

#[test]
fn alternatives_are_those_of_all_models() {
    let way = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
    let one_of = |names: &[&str]| json!({"oneOf": names.iter().map(|name| way(name)).collect::<Vec<_>>()});
    let keys = |set: &Set| set.common.input.alternatives.iter().map(|way| way.key.clone()).collect::<Vec<_>>();
    let both = set(&[one_of(&["a", "b", "c"]), one_of(&["c", "b"])]).unwrap();
    assert_eq!(keys(&both), ["b", "c"]);
    assert_eq!(field(&both, "c").unwrap().alternatives, [1]);
    let one = set(&[one_of(&["a", "b"]), way("b")]).unwrap();
    assert!(keys(&one).is_empty());
    assert_eq!(field(&one, "b").map(|field| (field.presence, field.alternatives.len())), Some((Presence::Required, 0)));
    assert_eq!(set(&[one_of(&["a", "b"]), way("c")]).unwrap_err(), "1 `A` takes `a` or `b`, which `B` does not");
}

/// Checks the intersection of every two models of the catalog against both of them.
#[test]
fn every_two_models_of_the_catalog_are_a_set_or_told_why_not() {
    let catalog = Catalog::embedded();
    let models: Vec<Model> = catalog.ids().unwrap().iter().filter_map(|id| catalog.model(id).ok()).collect();
    let (mut sets, mut conflicts) = (0, 0);
    for (at, a) in models.iter().enumerate() {
        for b in &models[at..] {
            let members = [Member { name: "A", model: a }, Member { name: "B", model: b }];
            match Set::of("S", &members) {
                Ok(set) => {
                    sets += 1;
                    check(&set, [a, b]);
                }
                Err(conflict) => {
                    conflicts += 1;
                    assert!(conflict.at == 1 && conflict.text.contains('`'), "{} {}: {conflict:?}", a.id, b.id);
                }
            }
        }
    }
    assert!(sets > 1_000 && conflicts > 1_000, "{sets} sets, {conflicts} conflicts");
}

fn check(set: &Set, models: [&Model; 2]) {
    let ids = models.map(|model| model.id.as_str());
    for field in &set.common.input.fields {
        for model in models {
            let own = model.input.fields.iter().find(|own| own.name == field.name).unwrap();
            let (common, bounds) = (&field.place.bounds, &own.place.bounds);
            assert!(common.maximum <= bounds.maximum || bounds.maximum.is_none(), "{ids:?} {}", field.name);
            assert!(common.minimum >= bounds.minimum, "{ids:?} {}", field.name);
            assert!(
                field.presence == Presence::Required || own.presence != Presence::Required,
                "{ids:?} {}",
                field.name
            );
        }
    }
    for capability in Capability::ALL {
        let common = set.common.can(capability);
        assert!(!common || models.iter().all(|model| model.can(capability)), "{ids:?} {capability:?}");
        let lacking = set.lacking.iter().any(|(lacking, _)| *lacking == capability);
        assert_eq!(lacking, models[0].can(capability) != models[1].can(capability), "{ids:?} {capability:?}");
    }
}
