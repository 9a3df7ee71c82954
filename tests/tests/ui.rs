//! What a user reads after a mistake: one mistake a file, and the file's name is the mistake.
//!
//! Each file under `ui/` says in comments which errors the compiler gives on the line above them: the first line of the
//! message, and the underlined text. `UI_BLESS=1 cargo test -p tests --test ui` writes them anew, to be read before they
//! are committed.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The library that the files use, and the folder of all that it depends on.
struct Libraries {
    externs: Vec<(String, PathBuf)>,
    dependencies: PathBuf,
}

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
        let annotated = annotate(&code, &libraries.compile(&plain));
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

/// What the compiler said of one line.
struct Said {
    line: usize,
    text: String,
}

/// The code with what was said of each line below it.
fn annotate(code: &[&str], said: &[Said]) -> String {
    let mut text = String::new();
    for (number, line) in code.iter().enumerate() {
        let _ = writeln!(text, "{line}");
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        for said in said.iter().filter(|said| said.line == number + 1) {
            let _ = writeln!(text, "{indent}//~ {}", said.text);
        }
    }
    text
}

impl Libraries {
    fn build() -> Self {
        let cargo = env::var_os("CARGO").expect("cargo runs the tests");
        let output = Command::new(cargo)
            .args(["build", "-p", "tests", "--lib", "--message-format=json", "--quiet"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut externs = Vec::new();
        for line in output.stdout.split(|byte| *byte == b'\n') {
            let Ok(message) = serde_json::from_slice::<Value>(line) else { continue };
            let name = message.pointer("/target/name").and_then(Value::as_str).unwrap_or_default();
            let files = message.get("filenames").and_then(Value::as_array).into_iter().flatten();
            let rlib = files.filter_map(Value::as_str).find(|file| file.ends_with(".rlib"));
            if let ("workers_ai", Some(file)) = (name, rlib) {
                externs.push((name.to_owned(), PathBuf::from(file)));
            }
        }
        let of = |wanted: &str| externs.iter().find(|(name, _)| name == wanted).map(|(_, file)| file);
        let folder = of("workers_ai").and_then(|file| file.parent()).expect("the library was built");
        // Libraries of the workspace lie one folder above what they depend on.
        let dependencies = if folder.ends_with("deps") { folder.to_owned() } else { folder.join("deps") };
        Self { externs, dependencies }
    }

    /// A file in a folder of this test's own.
    fn target(&self, name: &str) -> PathBuf {
        let folder = self.dependencies.join("ui");
        fs::create_dir_all(&folder).expect("a writable target folder");
        folder.join(name)
    }

    fn compile(&self, file: &Path) -> Vec<Said> {
        let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args([
            "--edition=2024",
            "--crate-type=bin",
            "--emit=metadata",
            "--error-format=json",
            "--cap-lints=warn",
        ]);
        rustc
            .arg("-o")
            .arg(self.target("ui.rmeta"))
            .arg("-L")
            .arg(format!("dependency={}", self.dependencies.display()));
        for (name, library) in &self.externs {
            rustc.arg("--extern").arg(format!("{name}={}", library.display()));
        }
        let output =
            rustc.arg(file).env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR")).output().expect("rustc starts");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        errors.lines().filter_map(|line| said(&serde_json::from_str(line).ok()?)).collect()
    }
}

fn said(message: &Value) -> Option<Said> {
    let level = message.get("level")?.as_str()?;
    let span = message.get("spans")?.as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let underlined = span.get("text")?.as_array()?.iter().map(|line| {
        let text = line["text"].as_str().unwrap_or_default();
        let column = |name: &str| usize::try_from(line[name].as_u64().unwrap_or(1)).unwrap_or(1) - 1;
        let (start, end) = (column("highlight_start"), column("highlight_end"));
        text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>()
    });
    let underlined = underlined.collect::<Vec<_>>().join(" ");
    let text = message.get("message")?.as_str()?.lines().next()?.replace(env!("CARGO_MANIFEST_DIR"), "$DIR");
    // A refreshed catalog says the same with another date.
    let text = text.replace(workers_ai_catalog::Catalog::date(), "$DATE");
    let line = usize::try_from(span.get("line_start")?.as_u64()?).ok()?;
    Some(Said { line, text: format!("{level}: {text} [at `{underlined}`]") })
}

/// The Rust files below a folder, sorted.
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
