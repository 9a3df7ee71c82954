//! Whatever the reader makes of a model's file, the code for it is Rust.

#[path = "../../catalog/tests/support/schemas.rs"]
mod schemas;

use std::{
    fs,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use schemas::ID;
use workers_ai_catalog::Catalog;
use workers_ai_codegen::{Fill, Target};

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_code_of_any_model_parses(document in schemas::document()) {
        let folder = tempfile::tempdir().unwrap();
        schemas::write_shared(folder.path());
        let file = folder.path().join("model.json");
        fs::write(&file, document.to_string()).unwrap();
        if let Ok(model) = Catalog::at(&file).model(ID) {
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
        }
    }
}
