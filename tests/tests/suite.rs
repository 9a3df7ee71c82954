//! The JSON-Schema-Test-Suite: every schema inside the keywords that the reader knows becomes a model, and every instance is read
//! as its input and as its output.
//!
//! `SUITE` names the folder of a draft, such as `tests/draft2020-12` of the suite.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use workers_ai_catalog::Catalog;

/// The files of the suite that are about these keywords.
const FILES: [&str; 26] = [
    "type",
    "properties",
    "required",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "oneOf",
    "anyOf",
    "allOf",
    "ref",
    "defs",
    "additionalProperties",
    "default",
    "format",
];

/// The groups whose valid instances are read in another way, which is said: a schema with `properties` or `items` and without
/// `type` is an object or a list, null of an optional member is the same as nothing, and an answer's members that the schema does
/// not name are left out. What stands beside `$ref` applies, as it does since 2019.
const OTHERWISE: [&str; 12] = [
    "a schema given for items",
    "a schema given for prefixItems",
    "additionalProperties are allowed by default",
    "additionalProperties being false does not allow other properties",
    "anyOf complex types",
    "object properties validation",
    "properties whose names are Javascript object property names",
    "properties with null valued instance properties",
    "required validation",
    "root pointer ref",
    "an array of schemas for items",
    "ref overrides any sibling keywords",
];

/// A schema of the suite that became a model.
struct Case {
    name: String,
    /// Whether its valid instances must be read and written unchanged.
    exact: bool,
    /// Set if the reader notes a keyword of the input that it does not check, or reads differently.
    noted: bool,
    tests: Vec<Value>,
}

/// Rewrites the references of a schema that becomes a member.
fn relocate(schema: &mut Value) -> bool {
    match schema {
        Value::Object(members) => members.iter_mut().all(|(name, value)| match (name.as_str(), value) {
            // The suite's own documents and anchors are not part of a catalog.
            ("$id" | "$anchor" | "$dynamicRef" | "$dynamicAnchor" | "$recursiveRef" | "id", Value::String(_)) => false,
            ("$ref", Value::String(reference)) => match reference.strip_prefix('#') {
                Some(local) if local.is_empty() || local.starts_with('/') => {
                    *reference = format!("#/properties/value{local}");
                    true
                }
                _ => false,
            },
            ("enum" | "const" | "default" | "examples", _) => true,
            (_, value) => relocate(value),
        }),
        Value::Array(items) => items.iter_mut().all(relocate),
        _ => true,
    }
}

/// Writes the models, and returns those that were read, and those that were refused with the cause.
fn cases(suite: &Path, folder: &Path) -> (Vec<Case>, Vec<String>) {
    let (mut cases, mut refused) = (Vec::new(), Vec::new());
    for file in FILES {
        let Ok(text) = fs::read_to_string(suite.join(format!("{file}.json"))) else { continue };
        for group in serde_json::from_str::<Vec<Value>>(&text).expect("a file of the suite") {
            let mut schema = group["schema"].clone();
            if !relocate(&mut schema) {
                continue;
            }
            let id = format!("@cf/suite/m{}", cases.len());
            let wrapped = json!({"type": "object", "required": ["value"], "properties": {"value": schema}});
            let document = json!({"id": id, "task": "Test", "input": wrapped, "output": wrapped});
            let path = folder.join(format!("m{}.json", cases.len()));
            fs::write(&path, document.to_string()).expect("a writable folder");
            let name = format!("{file}: {}", group["description"].as_str().unwrap_or_default());
            match Catalog::at(&path).model(&id) {
                Ok(model) => cases.push(Case {
                    noted: model.notes.iter().any(|note| note.pointer.starts_with("/input")),
                    exact: !OTHERWISE.iter().any(|group| name.ends_with(group)),
                    name,
                    tests: group["tests"].as_array().cloned().unwrap_or_default(),
                }),
                Err(error) => refused.push(format!("{name}: {error}")),
            }
        }
    }
    (cases, refused)
}

/// Returns a program that reads instances of every model, from JSON lines to JSON lines.
fn program(count: usize) -> String {
    let modules = (0..count).map(|at| {
        format!("mod m{at} {{ #[workers_ai::workers_ai_model(\"@cf/suite/m{at}\", catalog = \"m{at}.json\")] pub struct M; }}\n")
    });
    let arms = (0..count)
        .map(|at| format!("{at} => (input(&value, m{at}::MInput::validate), output::<m{at}::MOutput>(&value)),\n"));
    format!(
        "#![allow(unused, deprecated)]
{}
use serde_json::Value;
fn input<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value, check: fn(&T) -> Result<(), workers_ai::InvalidInput>) -> Option<Value> {{
    let read: T = serde_json::from_value(value.clone()).ok()?;
    check(&read).ok()?;
    serde_json::to_value(read).ok()
}}
fn output<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value) -> Option<Value> {{
    serde_json::to_value(serde_json::from_value::<T>(value.clone()).ok()?).ok()
}}
fn main() {{
    for line in std::io::stdin().lines() {{
        let (at, value): (usize, Value) = serde_json::from_str(&line.unwrap()).unwrap();
        let found = match at {{ {} _ => unreachable!() }};
        println!(\"{{}}\", serde_json::to_string(&found).unwrap());
    }}
}}
",
        modules.collect::<String>(),
        arms.collect::<String>()
    )
}

/// Returns whether two values are the same JSON: 1 and 1.0 are.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

#[test]
#[ignore = "takes minutes: SUITE=… cargo test -p tests --test suite -- --ignored --nocapture"]
fn valid_instances_survive_and_invalid_ones_are_refused() {
    let suite = PathBuf::from(env::var_os("SUITE").expect("SUITE is the folder of a draft"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suite");
    fs::create_dir_all(folder.join("src")).expect("a writable folder");
    let (cases, refused) = cases(&suite, &folder);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = format!(
        "[package]\nname = \"suite\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\nserde = \"1\"\nserde_json = \"1\"\nworkers-ai = {{ path = {:?}, default-features = false, features = [\"patterns\", \"serde-both\"] }}\n",
        workspace.join("workers-ai")
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a writable folder");
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a writable folder");
    fs::write(folder.join("src/main.rs"), program(cases.len())).expect("a writable folder");
    let cargo = |what: &str| {
        let mut cargo = Command::new(env::var_os("CARGO").expect("cargo runs the tests"));
        cargo.arg(what).arg("--quiet").current_dir(&folder).env("CARGO_TARGET_DIR", folder.join("target"));
        cargo
    };
    assert!(cargo("build").status().expect("cargo starts").success(), "every model compiles");
    let mut lines = String::new();
    for (at, case) in cases.iter().enumerate() {
        for test in &case.tests {
            lines += &json!([at, {"value": test["data"]}]).to_string();
            lines.push('\n');
        }
    }
    let instances = folder.join("instances");
    fs::write(&instances, lines).expect("a writable folder");
    let output = cargo("run").stdin(fs::File::open(&instances).expect("the instances")).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut results = output.stdout.split(|byte| *byte == b'\n');
    let mut figures: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told = Vec::new();
    for case in &cases {
        for test in &case.tests {
            let line = results.next().expect("a result for each instance");
            let [read, answer]: [Option<Value>; 2] = serde_json::from_slice(line).expect("a result");
            let sent = json!({"value": test["data"]});
            let mut count = |figure: &'static str, happened: bool| {
                *figures.entry(figure).or_default() += usize::from(happened);
                if happened && !figure.starts_with("instances") {
                    told.push(format!("{figure}: {}: {}: {sent}", case.name, test["description"]));
                }
            };
            let survives = |found: &Option<Value>| found.as_ref().is_some_and(|found| same(found, &sent));
            if test["valid"] == true {
                count("instances that are valid", true);
                count("valid, does not survive as an input", !survives(&read) && case.exact);
                count("valid, does not survive as an output", !survives(&answer) && case.exact);
                let both = survives(&read) && survives(&answer);
                count("instances read otherwise", !both && !case.exact);
            } else {
                count("instances that are not valid", true);
                count("not valid, accepted as an input", read.is_some());
                count("not valid, accepted in silence", read.is_some() && !case.noted);
            }
        }
    }
    println!("{} models, {} refused\n{}\n{}", cases.len(), refused.len(), refused.join("\n"), told.join("\n"));
    println!("{figures:#?}");
    let lost = [
        "valid, does not survive as an input",
        "valid, does not survive as an output",
        "not valid, accepted in silence",
    ];
    assert_eq!(lost.map(|figure| figures.get(figure).copied().unwrap_or_default()), [0; 3]);
}
