//! The compiler itself, on files that use the library as a user's crate would.

mod catalogs;
mod clean;
mod ui;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The library that the files use, and the folder of all that it depends on.
struct Libraries {
    externs: Vec<(String, PathBuf)>,
    dependencies: PathBuf,
}

/// What the compiler said of one line.
struct Said {
    /// The line's number, from 1.
    line: usize,
    /// Level, first line of the message, and what is underlined.
    text: String,
}

impl Libraries {
    /// Builds the library, as the tests themselves use it.
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
            let rlib = files
                .filter_map(Value::as_str)
                .map(PathBuf::from)
                .find(|file| file.extension() == Some("rlib".as_ref()));
            if let ("workers_ai" | "serde", Some(file)) = (name, rlib) {
                externs.push((name.to_owned(), file));
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

    /// What the compiler says of a program, with variables in its environment.
    fn compile(&self, file: &Path, variables: &[(&str, &Path)]) -> Vec<Said> {
        self.rustc(file, &["--crate-type=bin", "--cap-lints=warn"], variables)
    }

    /// What the compiler says of a library.
    fn check(&self, file: &Path) -> Vec<Said> {
        self.rustc(file, &["--crate-type=lib"], &[])
    }

    fn rustc(&self, file: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Vec<Said> {
        let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args(["--edition=2024", "--error-format=json"]).args(arguments);
        let emit = |kind: &str, extension: &str| format!("--emit={kind}={}", file.with_extension(extension).display());
        rustc.arg(emit("metadata", "out")).arg(emit("dep-info", "d"));
        rustc.arg("-L").arg(format!("dependency={}", self.dependencies.display()));
        for (name, library) in &self.externs {
            rustc.arg("--extern").arg(format!("{name}={}", library.display()));
        }
        rustc.arg(file).env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR")).envs(variables.iter().copied());
        let output = rustc.output().expect("rustc starts");
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
