//! Catalogs that are one file: the record of a model, or an answer of the service's schema API. And what errors say of a catalog.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use workers_ai_catalog::{Capability, Catalog, Error, Model};

const NEW: &str = "@cf/some/new-model";

/// Writes a file and returns the catalog that it is.
fn file(folder: &TempDir, content: &Value) -> (PathBuf, Catalog) {
    let path = folder.path().join("schema.json");
    fs::write(&path, content.to_string()).unwrap();
    (path.clone(), Catalog::at(path))
}

fn schemas() -> Value {
    json!({
        "input": {
            "type": "object", "required": ["prompt"],
            "properties": { "prompt": { "type": "string", "minLength": 1 }, "stream": { "type": "boolean" } },
        },
        "output": { "oneOf": [
            { "type": "object", "properties": { "response": { "type": "string" } } },
            { "type": "string", "contentType": "text/event-stream", "format": "binary" },
        ] },
    })
}

#[test]
fn an_answer_of_the_schema_api_is_the_schema_of_any_model() {
    let folder = tempfile::tempdir().unwrap();
    let envelope = json!({ "result": schemas(), "success": true, "errors": [], "messages": [] });
    for content in [schemas(), envelope] {
        let (path, catalog) = file(&folder, &content);
        let model = catalog.model(NEW).unwrap();
        assert_eq!(model.id, NEW);
        assert_eq!(model.input.fields[0].name, "prompt");
        assert_eq!(model.input.fields[0].place.bounds.min_length, Some(1));
        assert_eq!(model.info.capabilities, [Capability::Run, Capability::Streaming, Capability::GatewayCompatible]);
        // There are no facts beside the schemas.
        assert_eq!((model.info.task.as_str(), model.info.prices.len(), model.info.context_window), ("", 0, None));
        assert_eq!(catalog.path(NEW), Some(path));
        assert_eq!(catalog.ids().unwrap(), [""; 0]);
        catalog.check().unwrap();
    }
}

#[test]
fn an_answer_of_the_schema_api_reads_like_the_record_of_the_same_model() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = Catalog::embedded();
    let (mut count, mut same) = (0, 0);
    for id in embedded.ids().unwrap() {
        let Ok(expected) = embedded.model(&id) else { continue };
        let side = |side| embedded.upstream_schema(&id, side).unwrap();
        let (_, catalog) = file(&folder, &json!({ "input": side("input"), "output": side("output") }));
        let model = catalog.model(&id).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(model.output, expected.output, "{id}");
        let names = |model: &Model| model.input.fields.iter().map(|field| field.wire.clone()).collect::<Vec<_>>();
        assert_eq!(names(&model), names(&expected), "{id}");
        // Whether messages have images, and forms of audio, are facts.
        same += usize::from(model.input == expected.input);
        count += 1;
    }
    assert!(count > 100 && same > count * 4 / 5, "{same} of {count}");
}

#[test]
fn a_file_that_is_neither_says_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let failure = json!({
        "result": null, "success": false, "errors": [{ "code": 7003, "message": "No such model" }], "messages": [],
    });
    for (content, lacks) in [
        (json!({}), "it has no `id`, and no schemas `input` and `output`"),
        (json!([1]), "it has no `id`, and no schemas `input` and `output`"),
        (json!({ "input": {}, "output": "text" }), "it has no `id`, and no schema `output`"),
        (json!({ "result": { "output": {} } }), "it has no `id`, and no schema `input`"),
        (failure, "it is an error of the service: No such model"),
    ] {
        let (path, catalog) = file(&folder, &content);
        let expected = Error::NotAModel { path: path.clone(), cause: lacks.to_owned() };
        assert_eq!(catalog.model(NEW).unwrap_err(), expected, "{content}");
        assert_eq!(catalog.check().unwrap_err(), expected, "{content}");
        assert_eq!(expected.to_string(), format!("`{}` does not describe a model: {lacks}", path.display()));
    }
}

#[test]
fn schemas_without_an_id_lie_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder, &schemas());
    let over = Catalog::over(path);
    for result in [over.model("@cf/black-forest-labs/flux-1-schnell").map(|_| ()), over.check()] {
        assert!(matches!(result, Err(Error::NotAModel { .. })), "{result:?}");
    }
}

#[test]
fn errors_name_the_catalog_and_its_latest_date() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("cf/some");
    fs::create_dir_all(&models).unwrap();
    let write = |name: &str, members: Value| {
        let mut record = json!({ "id": format!("@cf/some/{name}") });
        record.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        fs::write(models.join(format!("{name}.json")), record.to_string()).unwrap();
    };
    write(
        "older",
        json!({ "retrieved": "2026-01-05", "input": { "type": "object", "properties": { "prompt": { "type": "text" } } }, "output": {} }),
    );
    write("newer", json!({ "retrieved": "2026-02-06" }));
    write("undated", json!({}));
    // Neither a record nor a hindrance.
    fs::write(models.join("broken.json"), "{").unwrap();
    let place = folder.path().display();
    let date = Catalog::date();
    for catalog in [Catalog::at(folder.path()), Catalog::over(folder.path())] {
        let message = |id: &str| catalog.model(id).unwrap_err().to_string();
        assert_eq!(
            message("@cf/some/nwer"),
            format!("no model `@cf/some/nwer` in the catalog `{place}` of 2026-02-06; did you mean `@cf/some/newer`?")
        );
        assert_eq!(
            message("@cf/some/newer"),
            format!("the catalog `{place}` of 2026-02-06 has no schema for @cf/some/newer")
        );
        let expected = format!(
            "cannot express `/input/properties/prompt` of @cf/some/older in the catalog `{place}` of 2026-02-06: "
        );
        assert!(message("@cf/some/older").starts_with(&expected), "{}", message("@cf/some/older"));
        assert!(message("@cf/some/broken").starts_with(&format!("`{place}/cf/some/broken.json` is not valid JSON")));
    }
    // What the snapshot says of its own models is about the snapshot.
    let without = "@cf/swiss-ai/apertus-v1.5-8b";
    let message = Catalog::over(folder.path()).model(without).unwrap_err().to_string();
    assert_eq!(message, format!("the catalog of {date} has no schema for {without}"));
    let message = Catalog::embedded().model("@cf/some/newer").unwrap_err().to_string();
    assert!(message.starts_with(&format!("no model `@cf/some/newer` in the catalog of {date}")), "{message}");
}

#[test]
fn a_check_reads_every_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("cf/some")).unwrap();
    fs::create_dir_all(folder.path().join("shared")).unwrap();
    fs::write(folder.path().join("cf/some/new-model.json"), json!({ "id": NEW }).to_string()).unwrap();
    let check = || Catalog::over(folder.path()).check();
    assert_eq!(check(), Ok(()));
    fs::write(folder.path().join("shared/prompt.json"), "{").unwrap();
    assert!(matches!(check(), Err(Error::NotJson { place, .. }) if place.ends_with("prompt.json")));
    fs::remove_file(folder.path().join("shared/prompt.json")).unwrap();
    fs::write(folder.path().join("cf/some/new-model.json"), json!({ "id": "@cf/some/other" }).to_string()).unwrap();
    assert!(matches!(check(), Err(Error::OtherModel { .. })));
    assert_eq!(Catalog::embedded().check(), Ok(()));
}
