//! Builds the Worker as modules, and installs the runtime.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::error::{Error, Result};

/// The version of the runtime that is tested against.
const WORKERD: &str = "1.20261117.1";

/// Builds the Worker, and returns the folder with its modules.
pub(super) fn worker(root: &Path) -> Result<PathBuf> {
    wasm(root, &["worker-app".to_owned()], false)?;
    let modules = root.join("target/worker/modules");
    glue(root, "debug/worker_app.wasm", &modules)?;
    let shim = "import * as glue from \"./index.js\";\nexport default { fetch: (r, e, c) => glue.fetch(r, e, c) };\n";
    let path = modules.join("shim.js");
    fs::write(&path, shim).map_err(Error::write(&path))?;
    Ok(modules)
}

/// Builds packages of `tests/worker` for wasm32.
pub(super) fn wasm(root: &Path, packages: &[String], release: bool) -> Result<()> {
    // The toolchain's variables are for this build only: the glue is built for this machine.
    let build = format!(
        "eval \"$({} env)\" && exec cargo build --quiet --locked --target wasm32-unknown-unknown --target-dir {} {} -p {}",
        quoted(&root.join(".ci/wasm-toolchain")),
        quoted(&root.join("target/worker")),
        if release { "--release" } else { "" },
        packages.join(" -p "),
    );
    let folder = root.join("tests/worker");
    run(Command::new("bash").args(["-c", &build]).current_dir(folder).env("WASM_BINDGEN_USE_JS_SYS", "1"))
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

/// Installs the runtime, and returns its program.
pub(super) fn workerd(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/worker/js");
    let program = folder.join("node_modules/@cloudflare/workerd-linux-64/bin/workerd");
    let installed = folder.join(format!("workerd-{WORKERD}"));
    if !installed.exists() || !program.exists() {
        fs::create_dir_all(&folder).map_err(Error::write(&folder))?;
        let package = format!("@cloudflare/workerd-linux-64@{WORKERD}");
        let npm = ["install", "--no-fund", "--no-audit", "--silent", "--no-save", "--prefix"];
        run(Command::new("npm").args(npm).arg(&folder).arg(package))?;
        fs::write(&installed, "").map_err(Error::write(&installed))?;
    }
    Ok(program)
}

fn run(command: &mut Command) -> Result<()> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::Usage(format!("{command:?}: {status}"))),
        Err(error) => Err(Error::Usage(format!("{command:?}: {error}"))),
    }
}

/// Quotes a path for a shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}
