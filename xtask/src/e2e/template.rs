//! The template of a Worker, generated and built as a user would, in wrangler's local runtime.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;
use workers_ai_sim::Sim;

use super::build;
use cargo_workers_ai::{
    error::{Error, Result},
    template::{self, New, Template},
};

/// The crates that the template has from the registry, and their folders here.
const CRATES: [(&str, &str); 5] = [
    ("workers-ai", "workers-ai"),
    ("workers-ai-catalog", "catalog"),
    ("workers-ai-codegen", "workers-ai-codegen"),
    ("workers-ai-macros", "workers-ai-macros"),
    ("workers-ai-types", "workers-ai-types"),
];
const NAME: &str = "my-worker";

#[derive(Deserialize)]
struct Check {
    name: String,
    problem: Option<String>,
}

/// Generates and builds the template, and returns its folder.
pub(super) fn build(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/worker").join(NAME);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::write(&folder))?;
    }
    template::create(&New { folder: folder.clone(), template: Template::Worker })?;
    // A workspace of its own, with the versions of the other Workers, so that they share what is compiled.
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(Error::read(&manifest))?;
    fs::write(&manifest, text + "\n[workspace]\n").map_err(Error::write(&manifest))?;
    let lock = root.join("tests/worker/Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map_err(Error::read(&lock))?;
    patch(root, &folder)?;
    build::wasm(root, &folder, &[])?;
    let modules = folder.join("build");
    build::glue(root, &format!("debug/{}.wasm", NAME.replace('-', "_")), &modules)?;
    let shim = root.join("tests/worker/template/shim.js");
    fs::copy(&shim, modules.join("shim.js")).map_err(Error::read(&shim))?;
    Ok(folder)
}

/// Takes the crates that are not published yet from here.
fn patch(root: &Path, folder: &Path) -> Result<()> {
    let paths = CRATES.map(|(name, path)| format!("{name} = {{ path = '{}' }}\n", root.join(path).display()));
    let path = folder.join(".cargo/config.toml");
    fs::create_dir_all(folder.join(".cargo")).map_err(Error::write(folder))?;
    fs::write(&path, format!("[patch.crates-io]\n{}", paths.concat())).map_err(Error::write(&path))
}

/// Makes the checks of the template, which are a program for Node.js.
pub(super) fn checks(root: &Path, folder: &Path, modules: &Path, sim: &Sim) -> Result<Vec<(String, Option<String>)>> {
    let script = root.join("tests/worker/template/run.mjs");
    let output = Command::new("node")
        .arg(&script)
        .args([folder.as_os_str(), sim.url().as_ref(), modules.as_os_str()])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Error::Usage(format!("node: {error}")))?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let checks = lines.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut checks: Vec<(String, Option<String>)> =
        checks.map(|Check { name, problem }| (format!("template: {name}"), problem)).collect();
    if !output.status.success() {
        checks.push(("template: the checks end well".to_owned(), Some(output.status.to_string())));
    }
    Ok(checks)
}
