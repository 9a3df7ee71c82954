//! `bench first-run`: the processor time of building the quickstart, compared with a plain program.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    cargo,
    compile::{ratio, table},
    crates, median, run,
};
use cargo_workers_ai::error::{Error, Result};

/// The README's smallest program.
const PROGRAM: &str = r#"use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ai = WorkersAi::from_env()?;
    let picture = ai.run(Flux, Flux::input().prompt("a lighthouse at dusk, oil on canvas").num_steps(4)).await?;
    std::fs::write("lighthouse.jpg", picture.image.decode()?)?;

    let mut words = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300)).await?;
    while let Some(word) = words.next().await {
        print!("{}", word?.text());
    }
    Ok(())
}
"#;

/// Measures and returns the results as a table.
///
/// # Errors
/// Returns an error if cargo fails or a file cannot be written.
pub fn measure(root: &Path, runs: usize) -> Result<String> {
    let folder = root.join("target/bench-first-run");
    let plain = folder.join("plain");
    write_plain(root, &plain)?;
    let target = |name: &str| folder.join(format!("target-{name}"));
    let (mut example, mut program) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        program.push(cold(&plain, &target("plain"), &[])?);
        let quickstart = ["--example", "quickstart", "--package", "workers-ai"];
        example.push(cold(root, &target("quickstart"), &quickstart)?);
    }
    let [program, example] = [program, example].map(|mut times| median(&mut times).as_secs_f64());
    let mut table = table(&["cold build", "seconds", "ratio"]);
    table.add_row(["a program with two models", &format!("{program:.1}"), "1"]);
    table.add_row(["the quickstart", &format!("{example:.1}"), &ratio(Some(example), Some(program))]);
    Ok(format!("Seconds of processor time of `cargo build`, median (runs: {runs}):\n{table}\n"))
}

/// Writes a crate that a user would write, with the versions that this workspace is locked to.
fn write_plain(root: &Path, folder: &Path) -> Result<()> {
    let path = root.join("workers-ai").display().to_string();
    let dependencies = format!(
        "workers-ai = {{ path = {path:?} }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[workspace]\n"
    );
    crates::package_of(folder, "plain", &dependencies, "")?;
    crates::write(&folder.join("src/main.rs"), PROGRAM)?;
    let lock: PathBuf = folder.join("Cargo.lock");
    fs::copy(root.join("Cargo.lock"), &lock).map_err(Error::write(&lock))?;
    run(cargo(folder).args(["fetch", "--quiet"])).map(|_| ())
}

/// Builds into an empty folder.
fn cold(folder: &Path, target: &Path, arguments: &[&str]) -> Result<Duration> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(Error::write(target))?;
    }
    run(cargo(folder).args(["build", "--quiet", "--target-dir"]).arg(target).args(arguments))
}
