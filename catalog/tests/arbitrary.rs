//! Checks that the reader terminates on any file: with a model, or with an error that names the place.

#[path = "support/schemas.rs"]
mod schemas;

use std::{
    fs,
    time::{Duration, Instant},
};

use proptest::prelude::*;
use schemas::ID;
use workers_ai_catalog::{Catalog, Error};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_file_is_a_model_or_an_error_with_its_place(document in schemas::document()) {
        let folder = tempfile::tempdir().unwrap();
        schemas::write_shared(folder.path());
        let file = folder.path().join("model.json");
        fs::write(&file, document.to_string()).unwrap();
        let start = Instant::now();
        let read = Catalog::at(&file).model(ID);
        prop_assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
        match read {
            Ok(model) => prop_assert_eq!(model.id, ID),
            Err(Error::Schema { id, pointer, cause, catalog }) => {
                prop_assert_eq!(catalog.path, Some(file.clone()));
                prop_assert_eq!(id, ID);
                prop_assert!(pointer.is_empty() || pointer.starts_with('/'), "{pointer}");
                prop_assert!(!cause.is_empty());
            }
            Err(Error::NoSchema { id, .. }) => prop_assert_eq!(id, ID),
            // Deeper than the parser's limit.
            Err(Error::NotJson { cause, .. }) => prop_assert!(cause.contains("recursion limit"), "{cause}"),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
