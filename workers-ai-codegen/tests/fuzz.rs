//! Schemas made of pieces of others: whatever is read becomes valid Rust, and what is not is refused with its place.
//!
//! `FUZZ_SECONDS` is the time, one second unless set. What once failed is in `fuzz/` and is checked first.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{TestError, TestRunner},
};
use serde_json::{Value, json};
use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

const ID: &str = "@cf/test/model";
/// `syn` recurses deeper than the code it parses, and is not optimized here.
const STACK: usize = 64 << 20;

/// A change of a document, at a place that is counted from its start.
#[derive(Debug, Clone)]
enum Change {
    /// Puts a place of another document there.
    Replace(Index, Index, Index),
    /// Adds a member of a place of another document.
    Add(Index, Index, Index),
    /// Removes a member or an item.
    Remove(Index, Index),
    /// Puts a value there that has another type.
    Odd(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let three = || (any::<Index>(), any::<Index>(), any::<Index>());
    let two = || (any::<Index>(), any::<Index>());
    prop_oneof![
        three().prop_map(|(at, other, from)| Change::Replace(at, other, from)),
        three().prop_map(|(at, other, from)| Change::Add(at, other, from)),
        two().prop_map(|(at, of)| Change::Remove(at, of)),
        two().prop_map(|(at, value)| Change::Odd(at, value)),
    ]
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Returns the place with this number.
fn nth<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Object(members) => members.values_mut().find_map(|value| nth(value, left)),
        Value::Array(items) => items.iter_mut().find_map(|value| nth(value, left)),
        _ => None,
    }
}

fn place(document: &mut Value, at: Index) -> &mut Value {
    let mut left = at.index(count(document));
    nth(document, &mut left).expect("a place")
}

fn changed(corpus: &[Value], seed: Index, changes: Vec<Change>) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!([]),
        json!({}),
        json!({"$ref": "#/input"}),
    ];
    let mut document = seed.get(corpus).clone();
    for change in changes {
        match change {
            Change::Replace(at, other, from) => {
                let piece = place(&mut other.get(corpus).clone(), from).clone();
                *place(&mut document, at) = piece;
            }
            Change::Add(at, other, from) => {
                let mut other = other.get(corpus).clone();
                match (place(&mut document, at), place(&mut other, from)) {
                    (Value::Object(members), Value::Object(more)) => members.append(more),
                    (Value::Array(items), Value::Array(more)) => items.append(more),
                    _ => {}
                }
            }
            Change::Remove(at, of) => match place(&mut document, at) {
                Value::Object(members) if !members.is_empty() => {
                    let name = members.keys().nth(of.index(members.len())).cloned();
                    members.remove(&name.unwrap_or_default());
                }
                Value::Array(items) if !items.is_empty() => drop(items.remove(of.index(items.len()))),
                _ => {}
            },
            Change::Odd(at, value) => *place(&mut document, at) = value.get(&odd).clone(),
        }
    }
    document
}

fn documents(folder: &Path) -> Vec<Value> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort_unstable();
    paths.iter().map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn check(mut document: Value) -> Result<(), TestCaseError> {
    if let Value::Object(members) = &mut document {
        members.insert("id".to_owned(), json!(ID));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    fs::write(&file, document.to_string()).unwrap();
    let model = match Catalog::at(&file).model(ID) {
        Ok(model) => model,
        Err(error) => {
            prop_assert!(error.to_string().len() < 4_000, "a message that nobody reads: {error}");
            return Ok(());
        }
    };
    let tokens = workers_ai_codegen::model(&model, &Target::named("Model"));
    let parsed = syn::parse2::<syn::File>(tokens.clone());
    prop_assert!(parsed.is_ok(), "{:?}: {tokens}", parsed.err());
    Ok(())
}

#[test]
fn whatever_is_read_becomes_valid_rust() {
    let failed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let seconds = env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let run = move || {
        for document in documents(&failed) {
            check(document).unwrap();
        }
        let corpus = documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/schemas"));
        assert!(corpus.len() > 20);
        let (start, time) = (Instant::now(), Duration::from_secs(seconds));
        let mut cases = 0;
        while start.elapsed() < time {
            let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
            let documents = (any::<Index>(), vec(change(), 0..10));
            let documents = documents.prop_map(|(seed, changes)| changed(&corpus, seed, changes));
            cases += config.cases;
            match TestRunner::new(config).run(&documents, check) {
                Ok(()) => {}
                Err(TestError::Fail(why, document)) => {
                    fs::create_dir_all(&failed).unwrap();
                    let file = failed.join(format!("{}.json", start.elapsed().as_nanos()));
                    fs::write(&file, document.to_string()).unwrap();
                    panic!("{}: {why}", file.display());
                }
                Err(TestError::Abort(why)) => panic!("{why}"),
            }
        }
        println!("{cases} schemas");
    };
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}
