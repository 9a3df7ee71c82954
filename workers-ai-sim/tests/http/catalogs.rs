//! Catalogs laid over the embedded one.

use std::{env, fs, path::PathBuf, process::Command};

use serde_json::{Value, json};
use workers_ai_sim::Sim;

use crate::setup::{LLAMA, api, bare, post};

const NEWER: &str = "@cf/test/newer";

/// Writes a catalog with one model, which takes a `prompt`.
fn catalog(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("cf/test")).expect("a writable folder");
    fs::create_dir_all(folder.join("shared")).expect("a writable folder");
    let model = json!({
        "id": NEWER, "task": "Text Generation", "retrieved": "2026-11-30",
        "input": { "type": "object", "required": ["prompt"], "properties": { "prompt": { "$ref": "/shared/prompt.json" } } },
        "output": { "type": "object", "properties": { "response": { "type": "string" } } },
    });
    fs::write(folder.join("cf/test/newer.json"), model.to_string()).expect("a writable folder");
    fs::write(folder.join("shared/prompt.json"), r#"{"type":"string"}"#).expect("a writable folder");
    folder
}

/// Checks that a server knows the newer model, and those of the embedded catalog.
async fn knows_both(sim: &Sim) {
    let run = async |model: &str, input: Value| post(sim, &api(sim, &format!("/ai/run/{model}")), &[], &input).await;
    assert!(run(NEWER, json!({ "prompt": "a newer question" })).await.text().contains("a newer question"));
    assert_eq!(run(NEWER, json!({ "prompt": 1 })).await.code(), 5006);
    assert_eq!(run(LLAMA, json!({ "prompt": "a" })).await.status, 200);
    sim.answer(NEWER, "hello").expect("a chat model");
    assert_eq!(run(NEWER, json!({ "prompt": "a" })).await.json()["result"]["response"], "hello");
    let token = format!("Bearer {}", sim.token());
    let found = bare(sim, "GET", &api(sim, "/ai/models/search?search=newer"), &[("authorization", &token)], b"").await;
    assert_eq!(found.json()["result"][0]["name"], NEWER);
}

#[tokio::test]
async fn models_of_a_folder_or_a_file_are_served_beside_the_embedded_ones() {
    let folder = catalog("sim-folder");
    knows_both(&Sim::builder().catalog(&folder).start().await.expect("a sound catalog")).await;
    let file = folder.join("newer.json");
    let inlined = fs::read_to_string(folder.join("cf/test/newer.json")).expect("a file");
    fs::write(&file, inlined.replace(r#"{"$ref":"/shared/prompt.json"}"#, r#"{"type":"string"}"#)).expect("a file");
    knows_both(&Sim::builder().catalog(&file).start().await.expect("a sound catalog")).await;

    let without = workers_ai_sim::start().await.expect("a free port");
    let answer = post(&without, &api(&without, &format!("/ai/run/{NEWER}")), &[], &json!({ "prompt": "a" })).await;
    assert_eq!(answer.code(), 5007);
}

#[tokio::test]
async fn a_broken_catalog_is_an_error_that_names_the_file() {
    let model = json!({ "id": "@cf/test/another", "input": {}, "output": {} }).to_string();
    for (name, text, expected) in [
        ("cf/test/newer.json", "{\"id\": ", "is not valid JSON"),
        ("cf/test/newer.json", model.as_str(), "describes @cf/test/another, not @cf/test/newer"),
        ("cf/test/newer.json", "{}", "has no `id`"),
        ("shared/prompt.json", "{", "is not valid JSON"),
    ] {
        let folder = catalog("sim-broken");
        fs::write(folder.join(name), text).expect("a writable folder");
        let error = Sim::builder().catalog(&folder).start().await.expect_err("a broken catalog").to_string();
        let path = folder.join(name).display().to_string();
        assert!(error.contains(&path) && error.contains(expected), "{error}");
    }
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sim-missing");
    for missing in [missing.clone(), missing.with_extension("json")] {
        let error = Sim::builder().catalog(&missing).start().await.expect_err("no catalog").to_string();
        assert!(error.contains(&missing.display().to_string()), "{error}");
    }
}

/// Runs a test of this program in a process that has the variable.
fn with_variable(test: &str, catalog: &str) {
    let program = env::current_exe().expect("this program");
    let test = Command::new(program).args(["--exact", test, "--ignored"]).env("WORKERS_AI_CATALOG", catalog).output();
    let output = test.expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_environment_names_a_catalog() {
    let folder = catalog("sim-environment");
    with_variable("catalogs::of_the_environment", &folder.display().to_string());
    with_variable("catalogs::none_of_an_empty_variable", "");
    with_variable("catalogs::broken_of_the_environment", "no/such/catalog");
}

#[tokio::test]
#[ignore = "run by another test, with WORKERS_AI_CATALOG"]
async fn of_the_environment() {
    knows_both(&workers_ai_sim::start().await.expect("a sound catalog")).await;
    // What the program names has precedence.
    let error = Sim::builder().catalog("another").start().await.expect_err("no catalog").to_string();
    assert!(error.contains("`another`"), "{error}");
}

#[tokio::test]
#[ignore = "run by another test, with WORKERS_AI_CATALOG"]
async fn none_of_an_empty_variable() {
    workers_ai_sim::start().await.expect("the embedded catalog");
}

#[tokio::test]
#[ignore = "run by another test, with WORKERS_AI_CATALOG"]
async fn broken_of_the_environment() {
    let error = workers_ai_sim::start().await.expect_err("no catalog").to_string();
    // A relative path starts at the manifest, as in the macros.
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("no/such/catalog");
    assert!(error.contains(&path.display().to_string()), "{error}");
}
