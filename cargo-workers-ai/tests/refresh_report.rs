//! The report of a refresh: it is the changelog's entry, so that it must name every change and say which ones break.

mod support;

use cargo_workers_ai::{
    only::Only,
    refresh::{self, Done, Plan, Source},
};
use serde_json::{Value, json};
use support::{Workspace, feed, model};

/// The changes that a refresh reports when a model changes so, as text with `!` before breaking ones.
fn changes(change: impl Fn(&mut Value)) -> Vec<String> {
    changes_from(|_| {}, change)
}

fn changes_from(before: impl Fn(&mut Value), change: impl Fn(&mut Value)) -> Vec<String> {
    let mut old = model("@cf/a/one");
    before(&mut old);
    let mut new = old.clone();
    change(&mut new);
    let workspace = Workspace::with(&feed(&[old]));
    let done = workspace.refresh_from(&feed(&[new]));
    told(&done)
}

fn told(done: &Done) -> Vec<String> {
    assert_eq!(done.report.rejected, []);
    let changes = done.report.changed.iter().flat_map(|(_, changes)| changes);
    changes.map(|one| format!("{}{}", if one.breaking { "!" } else { "" }, one.text)).collect()
}

fn input(model: &mut Value) -> &mut Value {
    &mut model["schema"]["input"]["properties"]
}

#[test]
fn fields_that_come_and_go() {
    assert_eq!(changes(|m| input(m)["seed"] = json!({"type": "integer"})), ["input `seed` added, optional: integer"]);
    assert_eq!(
        changes(|m| {
            input(m)["lang"] = json!({"type": "string"});
            m["schema"]["input"]["required"] = json!(["prompt", "lang"]);
        }),
        ["!input `lang` added, required: string"]
    );
    assert_eq!(changes(|m| drop(input(m).as_object_mut().map(|p| p.remove("top_k")))), ["!input `top_k` removed"]);
    assert_eq!(
        changes(|m| m["schema"]["output"]["properties"]["usage"] =
            json!({"type": "object", "properties": {"n": {"type": "integer"}}})),
        ["output `usage` added, optional: object `Usage`"],
        "the members of a new object are implied"
    );
}

#[test]
fn fields_that_turn_required_or_optional() {
    let required = |m: &mut Value| m["schema"]["input"]["required"] = json!(["prompt", "top_k"]);
    assert_eq!(changes(required), ["!input `top_k` is now required"]);
    assert_eq!(
        changes_from(required, |m| m["schema"]["input"]["required"] = json!(["prompt"])),
        ["input `top_k` is now optional"]
    );
    assert_eq!(
        changes(|m| m["schema"]["output"]["required"] = json!(["response"])),
        ["!output `response` is now required"]
    );
}

#[test]
fn types_bounds_and_defaults() {
    assert_eq!(
        changes(|m| input(m)["top_k"] = json!({"type": "string"})),
        ["!input `top_k`: type was integer, is now string", "input `top_k`: was 1 to 50, is now unbounded"]
    );
    assert_eq!(changes(|m| input(m)["top_k"]["maximum"] = json!(40)), ["!input `top_k`: was 1 to 50, is now 1 to 40"]);
    assert_eq!(changes(|m| input(m)["top_k"]["maximum"] = json!(60)), ["input `top_k`: was 1 to 50, is now 1 to 60"]);
    assert_eq!(
        changes(|m| input(m)["prompt"]["maxLength"] = json!(9)),
        ["!input `prompt`: was not empty, is now 1 to 9 characters"]
    );
    assert_eq!(changes(|m| input(m)["top_k"]["default"] = json!(5)), ["input `top_k`: default was none, is now 5"]);
}

#[test]
fn values_of_an_enum() {
    let mode = |values: Value| move |m: &mut Value| input(m)["mode"] = json!({"type": "string", "enum": values});
    assert_eq!(
        changes_from(mode(json!(["a", "b"])), mode(json!(["b", "c"]))),
        ["!input `mode`: no longer `a`", "input `mode`: now also `c`"]
    );
}

#[test]
fn facts_beside_the_schema() {
    let property = |name: &'static str, value: Value| {
        move |m: &mut Value| {
            let list = m["properties"].as_array_mut().expect("a list");
            list.retain(|p| p["property_id"] != name);
            list.push(json!({"property_id": name, "value": value}));
        }
    };
    assert_eq!(
        changes(property("planned_deprecation_date", json!("2026-05-30"))),
        ["planned deprecation was none, is now 2026-05-30"]
    );
    assert_eq!(changes(property("function_calling", json!("true"))), ["capability Tools added"]);
    assert_eq!(
        changes_from(property("lora", json!("true")), property("lora", json!("false"))),
        ["!capability Lora removed"]
    );
    assert_eq!(changes(property("context_window", json!("4096"))), ["context window was 8192, is now 4096"]);
    let price = json!([
        {"unit": "per M input tokens", "price": 0.5, "currency": "USD"},
        {"unit": "per step", "price": 1e-7, "currency": "USD"},
    ]);
    assert_eq!(
        changes(property("price", price)),
        [
            "price per M input tokens was 0.00000251 USD, is now 0.5 USD",
            "price per step was none, is now 0.0000001 USD"
        ]
    );
    assert_eq!(changes(property("unheard_of", json!("x"))), ["a property without an effect on types"]);
}

#[test]
fn alternatives_of_the_input() {
    let one_of = |m: &mut Value| {
        m["schema"]["input"] = json!({"type": "object", "oneOf": [
            {"title": "Prompt", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]},
            {"title": "Text", "properties": {"text": {"type": "string"}}, "required": ["text"]},
        ]});
    };
    let told = changes_from(one_of, |m| {
        m["schema"]["input"]["oneOf"].as_array_mut().expect("a list").pop();
    });
    assert!(told.contains(&"!alternatives of the input were prompt, text, are now none".to_owned()), "{told:?}");
}

#[test]
fn models_that_come_and_go_and_the_markdown() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    let mut one = model("@cf/a/one");
    input(&mut one)["top_k"]["maximum"] = json!(40);
    let mut broken = model("@cf/a/four");
    broken["schema"]["input"] = json!([]);
    let report = workspace.refresh_from(&feed(&[one, model("@cf/a/three"), broken])).report;
    let expected = "\
# Changes to the model catalog

1 added, 1 retired, 1 changed, some breaking; 2 models (source: file); 1 could not be updated

## Added

- `@cf/a/three`, Text Generation

## Retired

- **breaking**: `@cf/a/two`, Text Generation

## Changed

- `@cf/a/one`
  - **breaking**: input `top_k`: was 1 to 50, is now 1 to 40

## Not updated

- `@cf/a/four` (left out): invalid input schema: it must be a schema, got a list
";
    assert_eq!(report.markdown(), expected);
    assert!(report.text().contains("  [breaking] `@cf/a/two`, Text Generation\n"), "{}", report.text());
}

/// A correction as a file would hold it.
fn correction(models: &str, rest: &str) -> String {
    format!("[[correction]]\nmodels = [\"{models}\"]\n{rest}\nreason = \"r\"\nsource = \"s\"\ndate = \"2026-01-01\"\n")
}

#[test]
fn another_alternative_breaks_nothing() {
    let told = changes(|m| {
        let old = m["schema"]["input"].take();
        m["schema"]["input"] = json!({"oneOf": [
            {"type": "object", "properties": {"text": {"type": "string"}, "lang": {"type": "string"}}, "required": ["text", "lang"]},
            old,
        ]});
    });
    assert_eq!(
        told,
        [
            "input `lang` added, required: string",
            "input `text` added, required: string",
            "alternatives of the input were none, are now text, prompt",
        ]
    );
}

#[test]
fn integer_types_of_setters() {
    assert_eq!(
        changes(|m| input(m)["top_k"]["maximum"] = json!(300)),
        ["input `top_k`: was 1 to 50, is now 1 to 300", "!`.top_k(…)` took `u8`, and takes `u16`"]
    );
}

/// The changes of a model whose messages are those of the shared types.
fn changes_of_messages(old: &Value, new: &Value) -> Vec<String> {
    let workspace = Workspace::new();
    let rule =
        "at = \"/input/properties/messages\"\nset = { shape = [\"Messages<VisionContent>\", \"Messages<Text>\"] }";
    workspace.file("catalog/corrections/a.toml", &correction("*", rule));
    let with = |messages: &Value| {
        let mut model = model("@cf/a/one");
        model["properties"].as_array_mut().expect("a list").push(json!({"property_id": "vision", "value": "true"}));
        input(&mut model)["messages"] = json!({"type": "array", "items": messages});
        feed(&[model])
    };
    workspace.refresh_from(&with(old));
    told(&workspace.refresh_from(&with(new)))
}

#[test]
fn changes_inside_shared_types() {
    let message = |role: &Value, content: &Value, more: &Value| {
        let mut members = json!({"role": role, "content": content});
        members.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({"type": "object", "properties": members, "required": ["role", "content"]})
    };
    let (text, none) = (json!({"type": "string"}), json!({}));
    let roles = |names: &[&str]| json!({"type": "string", "enum": names});
    let image = json!({"type": "object", "properties": {"url": {"type": "string"}}});
    let parts = |members: Value| json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "object", "properties": members}}]});
    let plain = message(&text, &text, &none);
    assert_eq!(
        changes_of_messages(&plain, &message(&text, &text, &json!({"name": text}))),
        ["input `messages[].name` added, optional"]
    );
    assert_eq!(
        changes_of_messages(&message(&text, &text, &json!({"name": text})), &plain),
        ["input `messages[].name` removed"],
        "no type sends it"
    );
    assert_eq!(
        changes_of_messages(&message(&text, &text, &json!({"tool_call_id": text})), &plain),
        ["!input `messages[].tool_call_id` removed"]
    );
    assert_eq!(
        changes_of_messages(&plain, &message(&roles(&["user", "assistant"]), &text, &none)),
        ["!input `messages[].role`: no longer `developer`, `system`, `tool`"]
    );
    assert_eq!(
        changes_of_messages(
            &message(&roles(&["user", "assistant"]), &text, &none),
            &message(&roles(&["user", "assistant", "critic"]), &text, &none)
        ),
        ["input `messages[].role`: now also `critic`"]
    );
    assert_eq!(
        changes_of_messages(&plain, &message(&text, &json!({"type": "string", "maxLength": 9}), &none)),
        ["!input `messages[].content`: was unbounded, is now at most 9 characters"]
    );
    let seen = message(&text, &parts(json!({"type": text, "text": text, "image_url": image})), &none);
    assert_eq!(
        changes_of_messages(&plain, &seen)[0],
        "input `messages`: type was Messages<Text>, is now Messages<VisionContent>"
    );
    assert_eq!(
        changes_of_messages(&seen, &plain)[0],
        "!input `messages`: type was Messages<VisionContent>, is now Messages<Text>"
    );
}

#[test]
fn a_correction_that_no_longer_applies_breaks_if_it_made_a_field_required() {
    let workspace = Workspace::new();
    let rule = |set: &str| format!("at = \"/input/properties/top_k\"\nset = {{ {set} }}");
    let rules = [
        correction("@cf/a/one", &rule("required = true, minimum = 2")),
        correction("@cf/a/one", &rule("rename = \"best\"")),
    ];
    workspace.file("catalog/corrections/a.toml", &rules.join("\n"));
    let one = model("@cf/a/one");
    workspace.refresh_from(&feed(std::slice::from_ref(&one)));
    let mut gone = one.clone();
    let field = input(&mut gone).as_object_mut().map(|members| members.remove("top_k")).expect("an object");
    assert_eq!(
        told(&workspace.refresh_from(&feed(&[gone]))),
        [
            "!input `top_k` removed",
            "!the correction of `/input/properties/top_k` no longer applies: r",
            "the correction of `/input/properties/top_k` no longer applies: r",
        ]
    );
    // Inside an alternative or a batch it still applies.
    workspace.refresh_from(&feed(std::slice::from_ref(&one)));
    let mut wrapped = one;
    assert!(field.is_some());
    let input = wrapped["schema"]["input"].take();
    wrapped["schema"]["input"] =
        json!({"anyOf": [input, {"type": "object", "properties": {"requests": {"type": "array", "items": input}}}]});
    assert_eq!(
        told(&workspace.refresh_from(&feed(&[wrapped]))),
        ["input `requests[]` added, optional: an ordinary input"]
    );
}

#[test]
fn only_corrections_of_refreshed_models_are_listed() {
    let workspace = Workspace::new();
    let rule = "at = \"/input/properties/gone\"\nset = { maximum = 8 }";
    workspace
        .file("catalog/corrections/a.toml", &[correction("@cf/a/one", rule), correction("@cf/a/two", rule)].join("\n"));
    let models = feed(&[model("@cf/a/one"), model("@cf/a/two")]);
    assert_eq!(workspace.refresh_from(&models).report.corrections.len(), 2);
    let path = workspace.file("feed.json", &models.to_string());
    let plan = Plan { only: Only::matching(vec!["@cf/a/two".to_owned()]), ..workspace.plan(Source::Path(path)) };
    let report = refresh::run(&plan).expect("a refresh").report;
    assert_eq!(report.corrections, ["`/input/properties/gone` of @cf/a/two: its place does not exist in any model"]);
}

#[test]
fn corrections_that_do_nothing_are_named() {
    let workspace = Workspace::new();
    let at = |name: &str| format!("at = \"/input/properties/{name}\"");
    let rules = [
        correction("@cf/a/one", &format!("{}\nset = {{ maximum = 8 }}", at("top_k"))),
        correction("@cf/a/one", &format!("{}\nset = {{ minLength = 1 }}", at("prompt"))),
        correction("@cf/a/one", &format!("{}\nset = {{ maximum = 8 }}", at("gone"))),
        correction("@cf/a/one", &format!("{}\nexpect = {{ maximum = 9 }}\nset = {{ maximum = 8 }}", at("top_k"))),
        correction("@cf/gone/*", &format!("{}\nset = {{ maximum = 8 }}", at("top_k"))),
    ];
    workspace.file("catalog/corrections/a.toml", &rules.join("\n"));
    let report = workspace.refresh_from(&feed(&[model("@cf/a/one")])).report;
    assert_eq!(
        report.corrections,
        [
            "`/input/properties/prompt` of @cf/a/one: adopted by upstream (@cf/a/one); it can be removed",
            "`/input/properties/gone` of @cf/a/one: its place does not exist in any model",
            "`/input/properties/top_k` of @cf/a/one: its expectation does not hold for any model (@cf/a/one)",
            "`/input/properties/top_k` of @cf/gone/*: matches no model",
        ]
    );
}
