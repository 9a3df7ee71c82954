//! Measures how much the crates add to a Worker, compressed as it is uploaded.

use std::{collections::BTreeMap, fs, io::Write as _, path::Path, process::Command};

use flate2::{Compression, write::GzEncoder};

use super::build;
use cargo_workers_ai::error::{Error, Result};

use crate::bench::compile::table;

/// The Workers that are measured. The others are compared with the first.
const WORKERS: [(&str, &str); 4] = [
    ("plain", "the plain binding, with `json!`"),
    ("types", "the plain binding, with types only"),
    ("one", "the client, one model"),
    ("two", "the client, two models"),
];

/// How much larger a Worker may be than the stored figure.
const TOLERANCE: u64 = 2 * 1024;

/// The sizes, and what is wrong with them.
#[derive(Debug)]
pub struct Sizes {
    /// The sizes as a table.
    pub table: String,
    /// The Workers that have grown.
    pub grown: Vec<String>,
}

/// Measures the Workers, and compares what they add to the plain one with the figures that are stored for this compiler.
///
/// With `store`, the figures are stored.
///
/// # Errors
/// Returns an error if something cannot be built, read or written.
pub fn sizes(root: &Path, store: bool) -> Result<Sizes> {
    let packages: Vec<String> = WORKERS.iter().map(|(name, _)| format!("-psize-{name}")).collect();
    let arguments: Vec<&str> =
        ["--locked", "--release"].into_iter().chain(packages.iter().map(String::as_str)).collect();
    build::wasm(root, &root.join("tests/worker"), &arguments)?;
    let mut bytes = BTreeMap::new();
    for (name, _) in WORKERS {
        let folder = root.join("target/worker/sizes").join(name);
        bytes.insert(name, compressed(root, &format!("release/size_{name}.wasm"), &folder)?);
    }
    let plain = bytes["plain"];
    let path = root.join("tests/worker/sizes.json");
    let text = fs::read_to_string(&path).map_err(Error::read(&path))?;
    let mut stored: BTreeMap<String, BTreeMap<String, u64>> =
        serde_json::from_str(&text).map_err(|error| Error::Usage(format!("{}: {error}", path.display())))?;
    let compiler = compiler()?;
    let mut rows = table(&["a Worker with", "bytes", "more than plain", "stored"]);
    let mut grown = Vec::new();
    let mut added = BTreeMap::new();
    for (name, what) in WORKERS {
        let more = bytes[name].saturating_sub(plain);
        let before = stored.get(&compiler).and_then(|sizes| sizes.get(name)).copied();
        let shown = before.map_or_else(|| "-".to_owned(), |before| before.to_string());
        rows.add_row([what.to_owned(), bytes[name].to_string(), more.to_string(), shown]);
        if let Some(before) = before.filter(|before| more > before + TOLERANCE) {
            grown.push(format!("{what}: {more} bytes more than the plain binding, where {before} are stored"));
        }
        added.insert(name.to_owned(), more);
    }
    if store {
        stored.insert(compiler.clone(), added);
        let text = serde_json::to_string_pretty(&stored).unwrap_or_default() + "\n";
        fs::write(&path, text).map_err(Error::write(&path))?;
    }
    let table = format!("Compressed with gzip, after wasm-bindgen, `opt-level = \"z\"`, Rust {compiler}:\n{rows}\n");
    Ok(Sizes { table, grown })
}

/// Writes the JavaScript around a wasm of the build folder, and returns the size of the wasm, compressed.
pub(super) fn compressed(root: &Path, wasm: &str, folder: &Path) -> Result<u64> {
    build::glue(root, wasm, folder)?;
    let wasm = folder.join("index_bg.wasm");
    let bytes = fs::read(&wasm).map_err(Error::read(&wasm))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let compressed = gzip.write_all(&bytes).and_then(|()| gzip.finish()).map_err(Error::read(&wasm))?;
    Ok(compressed.len() as u64)
}

/// Returns the compiler's version without the patch.
fn compiler() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output();
    let output = output.map_err(|error| Error::Usage(format!("rustc: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(1).unwrap_or_default();
    Ok(version.rsplit_once('.').map_or(version, |(minor, _)| minor).to_owned())
}
