//! A streamed chat in a Worker: this client beside the other crate that has types for the binding.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::Value;
use workers_ai_sim::{Fault, Sim};

use super::{build, runtime::Workerd, sizes::compressed};
use cargo_workers_ai::error::{Error, Result};

const WORKERS: [(&str, &str); 2] = [("anyllm", "anyllm-cloudflare-worker 0.1.1"), ("ours", "workers-ai")];

/// A comparison.
#[derive(Debug)]
pub struct Beside {
    /// The comparison, line by line.
    pub text: String,
    /// The checks of this client that failed.
    pub problems: Vec<String>,
}

struct Seen {
    bytes: u64,
    first_byte: u128,
    tool: Value,
    busy: Value,
    late: Value,
    cut: Value,
}

type Show = fn(&Seen) -> String;

/// Builds both Workers, and asks them the same in the same conditions.
///
/// # Errors
/// Returns an error if something cannot be built, installed or started.
pub fn beside(root: &Path) -> Result<Beside> {
    let arguments = ["--locked", "--release", "-pbeside-anyllm", "-pbeside-ours"];
    build::wasm(root, &root.join("tests/worker"), &arguments)?;
    let workerd = build::packages(root)?.join(build::WORKERD);
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let tokio = tokio.map_err(|error| Error::Usage(format!("the runtime of tokio: {error}")))?;
    let mut seen = Vec::new();
    for (name, _) in WORKERS {
        let folder = root.join("target/worker/beside").join(name);
        let bytes = compressed(root, &format!("release/beside_{name}.wasm"), &folder)?;
        build::shim(&folder)?;
        seen.push(tokio.block_on(ask(&workerd, &folder, bytes))?);
    }
    let lines: [(&str, Show); 6] = [
        ("bytes (gzip)", |seen| seen.bytes.to_string()),
        ("ms to the first byte, of a chat whose events come every 50 ms", |seen| seen.first_byte.to_string()),
        ("a tool is offered", |seen| seen.tool.to_string()),
        ("no capacity, once", |seen| seen.busy.to_string()),
        ("an error after the first event", |seen| seen.late.to_string()),
        ("the stream is cut off after three events", |seen| seen.cut.to_string()),
    ];
    let line = |(what, show): (&str, Show)| {
        let of_each = WORKERS.iter().zip(&seen).map(|((_, name), seen)| format!("  {name}: {}\n", show(seen)));
        format!("{what}\n{}", of_each.collect::<String>())
    };
    let text = lines.map(line).concat();
    let problems = seen.pop().map(|ours| problems(&ours)).unwrap_or_default();
    Ok(Beside { text, problems })
}

async fn ask(workerd: &Path, folder: &Path, bytes: u64) -> Result<Seen> {
    let sim = Sim::start().await.map_err(|error| Error::Usage(format!("the local Workers AI: {error}")))?;
    let runtime = Workerd::start(workerd, folder, &sim).await?;
    let failed = |problem: String| Error::Usage(format!("{}: {problem}", folder.display()));
    // The first request compiles the wasm.
    runtime.get("/").await.map_err(failed)?;
    sim.fail_next(Fault::drip(Duration::from_millis(50)));
    let start = Instant::now();
    let mut response = runtime.open("/stream").await.map_err(failed)?;
    response.chunk().await.map_err(|error| failed(error.to_string()))?;
    let first_byte = start.elapsed().as_millis();
    drop(response);
    let tool = runtime.get("/tool").await.map_err(failed)?;
    let mut after = Vec::new();
    for fault in [Fault::code(3040), Fault::late_code(3040), Fault::cut(3)] {
        sim.fail_next(fault);
        after.push(runtime.get("/").await.map_err(failed)?);
    }
    let [busy, late, cut] = <[Value; 3]>::try_from(after).map_err(|_| failed("three answers".to_owned()))?;
    Ok(Seen { bytes, first_byte, tool, busy, late, cut })
}

/// Returns what this client should have done. Of the other one nothing is demanded.
fn problems(ours: &Seen) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = [
        (text(&ours.tool["calls"][0]).starts_with("weather({\"city\""), "the tool is called", &ours.tool),
        (ours.busy["error"].is_null() && ours.busy["attempts"] == 2, "no capacity is retried", &ours.busy),
        (text(&ours.late["error"]).contains("3040"), "an error in the middle is one", &ours.late),
        (text(&ours.cut["error"]).contains("cut off"), "a stream that is cut off is an error", &ours.cut),
    ];
    let failed = checks.into_iter().filter(|(good, ..)| !good);
    failed.map(|(_, what, seen)| format!("{what}: {seen}")).collect()
}
