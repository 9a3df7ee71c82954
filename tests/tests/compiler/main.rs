//! Runs the compiler on files that use the library as a user's crate would.

mod catalogs;
mod clean;
mod ui;
mod upstream;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The libraries that the files use, and the folder of their dependencies.
struct Libraries {
    externs: Vec<(String, PathBuf)>,
    dependencies: PathBuf,
}

/// A message of the compiler about a line.
struct Diagnostic {
    /// The line number, from 1.
    line: usize,
    /// The level, the first line of the message, and the underlined text.
    text: String,
}

impl Libraries {
    /// Builds the libraries, with the features that the tests have.
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
        // Libraries of the workspace are one folder above their dependencies.
        let dependencies = if folder.ends_with("deps") { folder.to_owned() } else { folder.join("deps") };
        Self { externs, dependencies }
    }

    /// Returns a path in this test's own folder.
    fn target(&self, name: &str) -> PathBuf {
        let folder = self.dependencies.join("ui");
        fs::create_dir_all(&folder).expect("a writable target folder");
        folder.join(name)
    }

    /// Compiles a program, with variables in the environment of the compiler.
    fn compile(&self, file: &Path, variables: &[(&str, &Path)]) -> Vec<Diagnostic> {
        self.rustc(file, &["--crate-type=bin", "--cap-lints=warn"], variables)
    }

    /// Compiles a library, with warnings as its attributes set them.
    fn check(&self, file: &Path) -> Vec<Diagnostic> {
        self.rustc(file, &["--crate-type=lib"], &[])
    }

    fn rustc(&self, file: &Path, arguments: &[&str], variables: &[(&str, &Path)]) -> Vec<Diagnostic> {
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
        errors.lines().filter_map(|line| diagnostic(&serde_json::from_str(line).ok()?)).collect()
    }
}

fn diagnostic(message: &Value) -> Option<Diagnostic> {
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
    // Only the date differs after a refresh.
    let text = text.replace(workers_ai_catalog::Catalog::date(), "$DATE");
    let line = usize::try_from(span.get("line_start")?.as_u64()?).ok()?;
    Some(Diagnostic { line, text: format!("{level}: {text} [at `{underlined}`]") })
}
