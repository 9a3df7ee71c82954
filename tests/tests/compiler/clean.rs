//! Checks that models compile without a warning in crates that deny them, whatever their visibility, place and names.

use std::{fmt::Write as _, fs, path::Path};

use crate::Libraries;

#[test]
fn every_model_compiles_without_a_warning_wherever_it_is_declared() {
    let libraries = Libraries::build();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clean");
    let mut wrong = String::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("a readable folder").path();
        let copy =
            libraries.target(&format!("clean_{}", path.file_name().and_then(|name| name.to_str()).unwrap_or("")));
        fs::copy(&path, &copy).expect("a writable target folder");
        for diagnostic in libraries.check(&copy) {
            let _ = writeln!(wrong, "{}:{}: {}", path.display(), diagnostic.line, diagnostic.text);
        }
        count += 1;
    }
    assert!(count >= 5, "only {count} files were found");
    assert!(wrong.is_empty(), "{wrong}");
}
