//! The user's own catalogs: they take precedence, and the build depends on them.

use std::{fs, path::PathBuf};

use serde_json::json;
use workers_ai_catalog::Catalog;

use crate::Libraries;

/// Writes a catalog folder in which flux-1-schnell accepts up to 20 steps, with a model that only it has.
fn catalog(libraries: &Libraries, name: &str) -> PathBuf {
    let folder = libraries.target(name);
    let models = folder.join("cf/black-forest-labs");
    fs::create_dir_all(&models).expect("a writable target folder");
    let input = r#"{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"},"num_steps":{"type":"integer","minimum":1,"maximum":20}}}"#;
    let output = r#"{"type":"object","properties":{"image":{"type":"string"}}}"#;
    for model in ["flux-1-schnell", "flux-9"] {
        let text = format!(
            r#"{{"id":"@cf/black-forest-labs/{model}","retrieved":"2026-02-06","task":"Text-to-Image","input":{input},"output":{output}}}"#
        );
        fs::write(models.join(format!("{model}.json")), text).expect("a writable target folder");
    }
    folder
}

/// Compiles a program, and returns the messages, and the files and variables that it depends on.
fn compile(libraries: &Libraries, name: &str, program: &str, overlay: Option<&PathBuf>) -> (Vec<String>, String) {
    let file = libraries.target(name);
    fs::write(&file, program).expect("a writable target folder");
    let variables: Vec<_> = overlay.iter().map(|folder| ("WORKERS_AI_CATALOG", folder.as_path())).collect();
    let said = libraries.compile(&file, &variables).into_iter().map(|said| said.text).collect();
    (said, fs::read_to_string(file.with_extension("d")).unwrap_or_default())
}

#[test]
fn a_folder_or_a_file_named_in_the_attribute_is_read_and_nothing_else() {
    let libraries = Libraries::build();
    let folder = catalog(&libraries, "exact");
    let program = |id: &str, path: PathBuf| {
        format!(
            "use workers_ai::prelude::*;\n#[workers_ai_model({id:?}, catalog = {path:?})]\npub struct Flux;\n\
             fn main() {{ let _ = inputs!(Flux {{ prompt: \"a\", num_steps: 15 }}); }}\n"
        )
    };
    let file = folder.join("cf/black-forest-labs/flux-9.json");
    for path in [folder.clone(), file.clone()] {
        let (said, depends) = compile(&libraries, "exact.rs", &program("@cf/black-forest-labs/flux-9", path), None);
        assert_eq!(said, [""; 0]);
        assert!(depends.contains("flux-9.json"), "cargo would not see the file change: {depends}");
        assert!(!depends.contains("WORKERS_AI_CATALOG"), "{depends}");
    }
    let (said, _) = compile(&libraries, "exact.rs", &program("@cf/meta/llama-3.2-1b-instruct", folder), None);
    assert!(said[0].starts_with("error: no model `@cf/meta/llama-3.2-1b-instruct` in the catalog"), "{said:?}");
}

/// The schema of a chat model, saved as the service sends it, gives the types of a model whose ID only the attribute has.
#[test]
fn an_answer_of_the_schema_api_is_the_catalog_of_the_model_that_the_attribute_names() {
    let libraries = Libraries::build();
    let side = |side| Catalog::embedded().upstream_schema("@cf/meta/llama-3.3-70b-instruct-fp8-fast", side);
    let schemas = json!({ "input": side("input").expect("a schema"), "output": side("output").expect("a schema") });
    let envelope = json!({ "result": schemas, "success": true, "errors": [], "messages": [] });
    let file = libraries.target("schema.json");
    let program = format!(
        "use workers_ai::prelude::*;\n#[workers_ai_model(\"@cf/some/new-model\", catalog = {file:?})]\npub struct New;\n\
         fn streams<M: Model<This: Streaming>>(_: M) {{}}\n\
         fn main() {{\n    let _ = New::input().messages([user(\"hi\")]).max_tokens(300).build();\n    streams(New);\n    \
         assert_eq!((New::ID, New::INFO.task, New::INFO.prices.len()), (\"@cf/some/new-model\", \"\", 0));\n}}\n"
    );
    for content in [schemas, envelope] {
        fs::write(&file, content.to_string()).expect("a writable target folder");
        let (said, depends) = compile(&libraries, "schema.rs", &program, None);
        assert_eq!(said, [""; 0]);
        assert!(depends.contains("schema.json"), "cargo would not see the file change: {depends}");
        // What the schema does not have is an error of the compiler, as with any model.
        let wrong = program.replace("max_tokens", "max_words");
        let (said, _) = compile(&libraries, "schema.rs", &wrong, None);
        assert!(said.len() == 1 && said[0].contains("max_words"), "{said:?}");
    }
}

#[test]
fn a_folder_named_in_the_environment_lies_over_the_snapshot() {
    let libraries = Libraries::build();
    let folder = catalog(&libraries, "overlay");
    let program = "use workers_ai::prelude::*;\n\
        #[workers_ai_model(\"@cf/black-forest-labs/flux-9\")]\npub struct Newer;\n\
        #[workers_ai_model(\"@cf/meta/llama-3.2-1b-instruct\")]\npub struct Llama;\n\
        fn main() { let _ = (Newer::input().prompt(\"a\").build(), Llama::input().prompt(\"a\").build()); }\n";
    let (said, depends) = compile(&libraries, "overlay.rs", program, Some(&folder));
    assert_eq!(said, [""; 0]);
    assert!(depends.contains("flux-9.json") && depends.contains("env-dep:WORKERS_AI_CATALOG="), "{depends}");
    // A name that neither has is looked for in both, and the message names the folder.
    let misspelt = |id: &str| {
        let program = program.replace("@cf/black-forest-labs/flux-9", id);
        let (said, _) = compile(&libraries, "misspelt.rs", &program, Some(&folder));
        said[0].clone()
    };
    let place = format!("in the catalog `{}` of 2026-02-06", folder.display());
    for (id, meant) in [
        ("@cf/black-forest-labs/flux-99", "@cf/black-forest-labs/flux-9"),
        ("@cf/black-forest-labs/flux-1-shnell", "@cf/black-forest-labs/flux-1-schnell"),
    ] {
        let said = misspelt(id);
        assert!(said.contains(&format!("no model `{id}` {place}; did you mean `{meant}`")), "{said}");
        assert!(said.contains(&format!("call it without a type: `ai.model(\"{id}\")`")), "{said}");
    }
    // Without it the newer model is unknown.
    let (said, _) = compile(&libraries, "overlay.rs", program, None);
    assert!(said[0].contains("no model `@cf/black-forest-labs/flux-9`"), "{said:?}");
}

#[test]
fn a_missing_folder_in_the_environment_is_an_error_that_names_it() {
    let libraries = Libraries::build();
    let missing = libraries.target("missing/folder");
    let program = "use workers_ai::prelude::*;\n\
        #[workers_ai_model(\"@cf/meta/llama-3.2-1b-instruct\")]\npub struct Llama;\nfn main() {}\n";
    let (said, _) = compile(&libraries, "missing.rs", program, Some(&missing));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("cannot read the catalog") && said[0].contains("missing/folder"), "{said:?}");
}
