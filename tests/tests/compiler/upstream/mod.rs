//! What becomes of every model when upstream changes, by kind of change: additions break no program, and what breaks one is
//! named by the refresh.
//!
//! Each model is changed, and read again. A program of natural calls that was generated for the old version is compiled
//! against the new one.

mod additive;
mod breaking;
mod forms;
mod history;
mod program;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

use additive::Kind;
use cargo_workers_ai::{
    report::diff,
    verify::{self, Read},
};
use schema::Document;
use workers_ai_catalog::Catalog;

use crate::Libraries;

/// A model of the snapshot.
struct Model {
    id: String,
    document: Document,
    read: Box<Read>,
}

/// What became of a model.
#[derive(Default)]
struct Outcome {
    /// The reason why the new version is refused, so that programs keep the old one.
    refused: Option<String>,
    /// The breaking changes that the refresh names.
    named: Vec<String>,
    /// What the compiler says about the old program.
    errors: Vec<String>,
}

/// The demands on a kind of change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    /// Programs compile, and nothing is called breaking.
    Kept,
    /// What no longer compiles is named.
    NamedIfBroken,
    /// It is named.
    Named,
}

const KINDS: [(Demand, &[Kind]); 4] = [
    (Demand::Kept, additive::KINDS),
    (Demand::Kept, forms::KINDS),
    (Demand::NamedIfBroken, breaking::PROGRAMS),
    (Demand::Named, breaking::CALLS),
];

/// All models with a schema.
fn models() -> Vec<Model> {
    let catalog = Catalog::embedded();
    let mut found = Vec::new();
    for id in catalog.ids().expect("the embedded catalog") {
        let Ok(Some(_)) = verify::one(&catalog, &id) else { continue };
        let mut document = catalog.document(&id).expect("it has a file").value;
        for side in ["input", "output"] {
            document[side] = catalog.upstream_schema(&id, side).expect("a catalog").expect("a schema");
        }
        let document = Document(document);
        let read = read(&document).expect("the snapshot is readable");
        found.push(Model { id, document, read });
    }
    found
}

/// Reads a document as a file of the user's.
fn read(document: &Document) -> Result<Box<Read>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("model.json");
    fs::write(&file, document.0.to_string()).expect("a writable folder");
    let id = document.0["id"].as_str().unwrap_or_default();
    verify::one(&Catalog::at(file), id)?.ok_or_else(|| "no schema".to_owned())
}

/// Changes models, and returns what becomes of each that can have a kind of change. At most `sample` are taken, others for
/// every kind.
fn outcomes<'m>(
    libraries: &Libraries,
    models: &'m [Model],
    kind: &Kind,
    number: usize,
    sample: usize,
) -> Vec<(&'m str, Outcome)> {
    let mut changed: Vec<(&Model, Document)> = Vec::new();
    for model in models {
        let mut document = model.document.clone();
        if (kind.1)(&mut document) && document != model.document {
            changed.push((model, document));
        }
    }
    if changed.len() > sample {
        let start = number * 7 % changed.len();
        changed.rotate_left(start);
        let step = changed.len() / sample;
        changed = changed.into_iter().step_by(step).take(sample).collect();
    }
    let steps: Vec<_> = changed.iter().map(|(model, document)| (model.id.as_str(), &*model.read, document)).collect();
    compiled(libraries, &format!("kind-{number}"), &steps)
}

/// Reads the new documents of models, and compiles programs for the old versions against them.
fn compiled<'m>(libraries: &Libraries, name: &str, steps: &[(&'m str, &Read, &Document)]) -> Vec<(&'m str, Outcome)> {
    let folder = libraries.target("upstream");
    fs::create_dir_all(&folder).expect("a writable folder");
    let mut source = String::from("#![allow(deprecated, unused)]\n");
    let mut lines = Vec::new();
    let mut outcomes: Vec<(&str, Outcome)> = Vec::new();
    for (index, (id, old, document)) in steps.iter().enumerate() {
        let mut outcome = Outcome::default();
        match read(document) {
            Ok(new) => {
                let told = diff::models(old, &new).into_iter();
                outcome.named = told.filter(|one| one.breaking).map(|one| one.text).collect();
                let file = folder.join(format!("{name}-{index}.json"));
                fs::write(&file, document.0.to_string()).expect("a writable folder");
                lines.push((source.matches('\n').count(), index));
                let (calls, file) = (program::calls(old), file.display().to_string());
                let _ = writeln!(
                    source,
                    "pub mod m{index} {{\n#[workers_ai::workers_ai_model({id:?}, catalog = {file:?})]\npub struct M;\n{calls}}}"
                );
            }
            Err(cause) => outcome.refused = Some(cause),
        }
        outcomes.push((*id, outcome));
    }
    let file = folder.join(format!("{name}.rs"));
    fs::write(&file, source).expect("a writable folder");
    for said in libraries.check(&file).into_iter().filter(|said| said.text.starts_with("error")) {
        let owner = lines.iter().rev().find(|(start, _)| *start < said.line).map_or(0, |(_, index)| *index);
        outcomes[owner].1.errors.push(said.text);
    }
    outcomes
}

impl Outcome {
    /// Returns what is wrong, if the outcome does not meet a demand.
    fn complaint(&self, demand: Demand) -> Option<String> {
        match demand {
            Demand::Kept if self.refused.is_some() => self.refused.clone(),
            Demand::Kept if !self.errors.is_empty() => Some(self.errors.join("\n    ")),
            Demand::Kept => {
                let alarms: Vec<&String> = self.named.iter().filter(|text| !is_integer_type(text)).collect();
                alarms.first().map(|first| format!("called breaking: {first}"))
            }
            Demand::NamedIfBroken if self.errors.is_empty() => None,
            Demand::NamedIfBroken | Demand::Named => {
                (self.named.is_empty() && self.refused.is_none()).then(|| "not named".to_owned())
            }
        }
    }
}

/// Returns whether a change is that of an integer type: literals fit any, variables need a conversion.
fn is_integer_type(change: &str) -> bool {
    change.contains("(…)` took `") && change.contains("`, and takes ")
}

/// Checks all kinds of change, and returns a table and the complaints.
fn check(sample: usize) -> (String, Vec<String>) {
    let (libraries, models) = (Libraries::build(), models());
    let (mut table, mut complaints) = (String::new(), Vec::new());
    let (mut number, only) = (0, std::env::var("KIND").ok());
    for (demand, kinds) in KINDS {
        let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in kinds.iter().filter(|kind| only.as_ref().is_none_or(|only| kind.0.contains(only))) {
            let outcomes = outcomes(&libraries, &models, kind, number, sample);
            number += 1;
            let count = |of: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|(_, outcome)| of(outcome)).count();
            let figures = [
                ("models", outcomes.len()),
                ("compile", count(&|one| one.errors.is_empty() && one.refused.is_none())),
                ("named", count(&|one| one.named.iter().any(|text| !is_integer_type(text)))),
                ("integer types", count(&|one| one.named.iter().any(|text| is_integer_type(text)))),
                ("refused", count(&|one| one.refused.is_some())),
                ("wrong", count(&|one| one.complaint(demand).is_some())),
            ];
            for (name, figure) in figures {
                *totals.entry(name).or_default() += figure;
            }
            let _ = writeln!(table, "| {} | {} |", kind.0, figures.map(|(_, figure)| figure.to_string()).join(" | "));
            let seen: BTreeSet<String> = outcomes
                .iter()
                .filter_map(|(id, outcome)| Some(format!("{}: {id}: {}", kind.0, outcome.complaint(demand)?)))
                .collect();
            complaints.extend(seen);
        }
        let _ = writeln!(table, "| **in all** | {totals:?} |");
    }
    (table, complaints)
}

#[test]
fn what_upstream_really_changed_breaks_what_it_must_and_nothing_else() {
    let (libraries, models) = (Libraries::build(), models());
    let mut olds = Vec::new();
    for step in history::STEPS {
        let today = models.iter().find(|model| model.id == step.id).expect("a model of the snapshot");
        let mut document = today.document.clone();
        (step.before)(&mut document);
        assert_ne!(document, today.document, "{}", step.name);
        olds.push((today, read(&document).unwrap_or_else(|error| panic!("{}: {error}", step.name))));
    }
    let steps: Vec<_> = olds.iter().map(|(today, old)| (today.id.as_str(), &**old, &today.document)).collect();
    let outcomes = compiled(&libraries, "history", &steps);
    for (step, (id, outcome)) in history::STEPS.iter().zip(outcomes) {
        assert_eq!(outcome.refused, None, "{id}");
        for expected in step.breaking {
            assert!(
                outcome.named.iter().any(|text| text.contains(expected)),
                "{id}: {expected} in {:?}",
                outcome.named
            );
        }
        let others = outcome.named.iter().filter(|text| !step.breaking.iter().any(|expected| text.contains(expected)));
        let others: Vec<&String> = others.collect();
        assert!(others.is_empty(), "{id}, {}: {others:?}", step.name);
        assert!(!step.breaking.is_empty() || outcome.errors.is_empty(), "{id}, {}: {:?}", step.name, outcome.errors);
    }
}

#[test]
fn additions_break_no_program_and_what_breaks_one_is_named() {
    let (table, complaints) = check(4);
    assert!(complaints.is_empty(), "{}\n{table}", complaints.join("\n"));
}

/// Prints a table of all kinds of change: the models that can have it, those whose programs compile, those for which the
/// refresh names something that breaks, those whose integer types change, those that it refuses, and those that are wrong.
/// `KIND` selects the kinds whose name contains it.
#[test]
#[ignore = "takes minutes: cargo test -p tests --test compiler every_kind -- --ignored --nocapture"]
fn every_kind_of_change_for_every_model() {
    let (table, complaints) = check(usize::MAX);
    println!("{table}");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
