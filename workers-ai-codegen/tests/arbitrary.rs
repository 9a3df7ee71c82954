//! Checks that the generated code is valid Rust, whatever the reader makes of a model's file.

#[path = "../../catalog/tests/support/schemas.rs"]
mod schemas;

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestRunner},
};
use schemas::ID;
use serde_json::Value;
use workers_ai_catalog::Catalog;
use workers_ai_codegen::{Fill, Target};

/// `syn` recurses deeper than the code it parses, and is not optimized here.
const STACK: usize = 64 << 20;

#[test]
fn the_code_of_any_model_parses() {
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    let run = move || TestRunner::new(config).run(&schemas::document(), |document| check(&document));
    let outcome = thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn check(document: &Value) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    schemas::write_shared(folder.path());
    let file = folder.path().join("model.json");
    fs::write(&file, document.to_string()).unwrap();
    let Ok(model) = Catalog::at(&file).model(ID) else { return Ok(()) };
    let target = Target::named("Model");
    let start = Instant::now();
    let tokens = workers_ai_codegen::model(&model, &target);
    prop_assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    let parsed = syn::parse2::<syn::File>(tokens.clone());
    prop_assert!(parsed.is_ok(), "{:?}: {tokens}", parsed.err());
    for fill in [Fill::Required, Fill::All] {
        for (_, call) in workers_ai_codegen::example(&model, &target, fill) {
            prop_assert!(syn::parse2::<syn::Expr>(call.clone()).is_ok(), "{call}");
        }
    }
    Ok(())
}
