//! What becomes of every model when upstream changes, by kind of change: additions break no program, and what breaks one is
//! named by the refresh.

mod additive;
mod breaking;
mod program;
mod schema;

use std::{collections::BTreeMap, fmt::Write as _, fs};

use additive::Kind;
use schema::Document;
use workers_ai_catalog::{Catalog, Model};
use xtask::report::diff::{self, Change};

/// The documents of all models with a schema.
fn documents() -> Vec<(String, Document, Model)> {
    let catalog = Catalog::embedded();
    let mut found = Vec::new();
    for id in catalog.ids().expect("the embedded catalog") {
        let Ok(model) = catalog.model(&id) else { continue };
        let mut document = catalog.document(&id).expect("it has a file").value;
        for side in ["input", "output"] {
            document[side] = catalog.upstream_schema(&id, side).expect("a catalog").expect("a schema");
        }
        found.push((id, Document(document), model));
    }
    found
}

/// Reads a document as a file of the user's.
fn read(document: &Document) -> Result<Model, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("model.json");
    fs::write(&file, document.0.to_string()).expect("a writable folder");
    let id = document.0["id"].as_str().unwrap_or_default();
    Catalog::at(file).model(id).map_err(|error| error.to_string())
}

fn changed(document: &Document, kind: &Kind) -> Option<Document> {
    let mut changed = document.clone();
    ((kind.1)(&mut changed) && changed != *document).then_some(changed)
}

#[test]
#[ignore = "for looking"]
fn compile_sweep() {
    let libraries = crate::Libraries::build();
    let documents = documents();
    let folder = libraries.target("upstream");
    fs::create_dir_all(&folder).expect("a writable folder");
    let mut text = String::new();
    for (what, kinds) in [("additive", additive::KINDS), ("breaking", breaking::KINDS)] {
        for (number, kind) in kinds.iter().enumerate() {
            let mut source = String::from("#![allow(deprecated, unused)]\n");
            let mut owners = Vec::new();
            let (mut count, mut unread) = (0, 0);
            for (index, (id, document, old)) in documents.iter().enumerate() {
                let Some(new) = changed(document, kind) else { continue };
                count += 1;
                if read(&new).is_err() {
                    unread += 1;
                    continue;
                }
                let file = folder.join(format!("{what}-{number}-{index}.json"));
                fs::write(&file, new.0.to_string()).expect("a writable folder");
                let start = source.matches('\n').count();
                let calls = program::calls(old);
                let _ = writeln!(source, "pub mod m{index} {{\n#[workers_ai::workers_ai_model({id:?}, catalog = {file:?})]\npub struct M;\n{calls}}}");
                owners.push((start, id.clone()));
            }
            let file = folder.join(format!("{what}-{number}.rs"));
            fs::write(&file, source).expect("a writable folder");
            let mut bad: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for said in libraries.check(&file) {
                let owner = owners.iter().rev().find(|(start, _)| *start < said.line).map_or("?", |(_, id)| id);
                if said.text.starts_with("error") { bad.entry(owner.to_owned()).or_default().push(said.text); }
            }
            let _ = writeln!(text, "{what}: {}: {} of {count} compile, {unread} unread", kind.0, count - unread - bad.len());
            let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (id, said) in bad { by_text.entry(said[..said.len().min(2)].join(" | ").replace(&id, "ID")).or_default().push(id); }
            for (said, ids) in by_text { let _ = writeln!(text, "      {} {}: {}", ids.len(), ids[0], said.chars().take(400).collect::<String>()); }
        }
    }
    fs::write("/tmp/compile.txt", text).expect("writable");
}

#[test]
#[ignore = "for looking"]
fn sweep() {
    let documents = documents();
    let mut text = String::new();
    for (what, kinds, additive) in [("additive", additive::KINDS, true), ("breaking", breaking::KINDS, false)] {
        for kind in kinds {
            let (mut count, mut good, mut unread) = (0, 0, 0);
            let mut bad: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (id, document, old) in &documents {
                let Some(new) = changed(document, kind) else { continue };
                count += 1;
                match read(&new) {
                    Ok(new) => {
                        let changes = diff::models(old, &new);
                        let breaking: Vec<&Change> = changes.iter().filter(|one| one.breaking).collect();
                        if breaking.is_empty() == additive {
                            good += 1;
                        } else {
                            let text =
                                breaking.iter().map(|one| one.text.as_str()).take(3).collect::<Vec<_>>().join("; ");
                            bad.entry(text).or_default().push(id);
                        }
                    }
                    Err(error) => {
                        unread += 1;
                        bad.entry(error.replace(id.as_str(), "ID")).or_default().push(id);
                    }
                }
            }
            let _ = writeln!(text, "{what}: {}: {good} of {count}, {unread} unread", kind.0);
            for (why, ids) in bad {
                let _ = writeln!(text, "      {} {}: {}", ids.len(), ids[0], why.chars().take(300).collect::<String>());
            }
        }
    }
    fs::write("/tmp/sweep.txt", text).expect("writable");
}
