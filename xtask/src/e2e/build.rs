//! Builds the Worker as modules, and installs the runtime.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cargo_workers_ai::error::{Error, Result};

/// The version of wrangler that is tested against, with which the runtime comes, and what drives the browser.
const PACKAGES: [&str; 2] = ["wrangler@4.164.0", "puppeteer-core@24.8.2"];

/// The runtime, in the folder of packages.
pub(super) const WORKERD: &str = "@cloudflare/workerd-linux-64/bin/workerd";

/// Builds the Worker, and returns the folder with its modules.
pub(super) fn worker(root: &Path) -> Result<PathBuf> {
    wasm(root, &root.join("tests/worker"), &["--locked", "-p", "worker-app"])?;
    let modules = root.join("target/worker/modules");
    glue(root, "debug/worker_app.wasm", &modules)?;
    shim(&modules)?;
    Ok(modules)
}

/// Writes the entry of a Worker.
pub(super) fn shim(modules: &Path) -> Result<()> {
    let shim = "import * as glue from \"./index.js\";\nexport default { fetch: (r, e, c) => glue.fetch(r, e, c) };\n";
    let path = modules.join("shim.js");
    fs::write(&path, shim).map_err(Error::write(&path))
}

/// Builds packages of a workspace for wasm32, with further arguments.
pub(super) fn wasm(root: &Path, workspace: &Path, arguments: &[&str]) -> Result<()> {
    // The toolchain's variables are for this build only: the glue is built for this machine.
    let mut build = format!(
        "eval \"$({} env)\" && exec cargo build --quiet --target wasm32-unknown-unknown --target-dir {}",
        quoted(&root.join(".ci/wasm-toolchain").display().to_string()),
        quoted(&root.join("target/worker").display().to_string()),
    );
    for argument in arguments {
        build = format!("{build} {}", quoted(argument));
    }
    run(Command::new("bash").args(["-c", &build]).current_dir(workspace).env("WASM_BINDGEN_USE_JS_SYS", "1"))
}

/// Writes the JavaScript around a wasm of the build folder.
pub(super) fn glue(root: &Path, wasm: &str, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Error::write(folder))?;
    }
    fs::create_dir_all(folder).map_err(Error::write(folder))?;
    let target = root.join("target/worker");
    let wasm = target.join("wasm32-unknown-unknown").join(wasm);
    let arguments = ["run", "--quiet", "--locked", "-p", "worker-glue", "--target-dir"];
    run(Command::new(env!("CARGO"))
        .args(arguments)
        .arg(&target)
        .arg("--")
        .args([wasm.as_path(), folder])
        .current_dir(root.join("tests/worker"))
        .env("RUSTFLAGS", ""))
}

/// Installs the packages of npm, and returns their folder.
pub(super) fn packages(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/worker/js");
    let installed = folder.join(PACKAGES.join("-"));
    if !installed.exists() {
        fs::create_dir_all(&folder).map_err(Error::write(&folder))?;
        let npm = ["install", "--no-fund", "--no-audit", "--silent", "--no-save", "--prefix"];
        run(Command::new("npm").args(npm).arg(&folder).args(PACKAGES))?;
        fs::write(&installed, "").map_err(Error::write(&installed))?;
    }
    Ok(folder.join("node_modules"))
}

fn run(command: &mut Command) -> Result<()> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Usage(format!("{command:?}: {status}"))),
        Err(error) => Err(Error::Usage(format!("{command:?}: {error}"))),
    }
}

/// Quotes an argument for a shell.
fn quoted(argument: &str) -> String {
    format!("'{}'", argument.replace('\'', r"'\''"))
}
