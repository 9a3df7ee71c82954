//! The messages for mistakes: one mistake per file, which is named after it.
//!
//! The comments of each file under `ui/` have the errors for the line above them: the first line of the message, and the
//! underlined text. `UI_BLESS=1 cargo test -p tests --test compiler` rewrites them; read them before committing.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::{Diagnostic, Libraries};

#[test]
fn every_mistake_gives_exactly_the_errors_that_its_file_names() {
    let libraries = Libraries::build();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let bless = env::var_os("UI_BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for path in files(&root) {
        let text = fs::read_to_string(&path).expect("a readable file");
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//~")).collect();
        let plain = libraries.target("ui.rs");
        fs::write(&plain, code.join("\n") + "\n").expect("a writable target folder");
        let annotated = annotate(&code, &libraries.compile(&plain, &[]));
        if bless {
            fs::write(&path, &annotated).expect("a writable file");
        } else if annotated != text {
            writeln!(wrong, "--- {}\nexpected:\n{text}\nfound:\n{annotated}", path.display()).expect("memory");
        }
        assert!(annotated.contains("//~"), "{} compiles without an error", path.display());
        count += 1;
    }
    assert!(count > 50, "only {count} files were found");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns the code, with the messages for each line below it.
fn annotate(code: &[&str], diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for (number, line) in code.iter().enumerate() {
        let _ = writeln!(text, "{line}");
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.line == number + 1) {
            let _ = writeln!(text, "{indent}//~ {}", diagnostic.text);
        }
    }
    text
}

/// Returns the Rust files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
