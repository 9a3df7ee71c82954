//! `bench compile`: the processor time of checking models, compared with the same code without a macro and with typify.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use comfy_table::{CellAlignment, Table, presets};
use workers_ai_catalog::{Catalog, Error as CatalogError};

use super::{
    cargo,
    crates::{self, Variant},
    median, run,
};
use cargo_workers_ai::error::{Error, Result};

/// The options of a measurement.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The workspace.
    pub root: PathBuf,
    /// The number of models per crate, or 0 for all.
    pub models: Vec<usize>,
    /// The number of checks per crate.
    pub runs: usize,
    /// Also measures typify, which takes a minute per run for all models.
    pub typify: bool,
    /// Also measures a build of all dependencies.
    pub cold: bool,
}

/// Measures and returns the results as a table.
///
/// # Errors
/// Returns an error if cargo fails or a file cannot be written.
pub fn measure(plan: &Plan) -> Result<String> {
    let folder = plan.root.join("target/bench-compile");
    let ids = ids(&plan.root)?;
    let mut text = checks(plan, &folder, &ids)?;
    if plan.cold {
        text.push('\n');
        text.push_str(&cold(plan, &folder)?);
    }
    Ok(text)
}

fn catalog(root: &Path) -> Catalog {
    Catalog::at(root.join("catalog/models"))
}

/// Returns all models with a schema, starting with one of each kind.
fn ids(root: &Path) -> Result<Vec<String>> {
    const FIRST: [&str; 10] = [
        "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
        "@cf/black-forest-labs/flux-1-schnell",
        "@cf/baai/bge-small-en-v1.5",
        "@cf/openai/whisper-large-v3-turbo",
        "@cf/zai-org/glm-5.3-flash",
        "@cf/deepgram/aura-2-en",
        "@cf/black-forest-labs/flux-2-dev",
        "@cf/baai/bge-reranker-base",
        "@cf/meta/m2m100-1.2b",
        "@cf/openai/gpt-oss-20b",
    ];
    let catalog = catalog(root);
    let mut ids = Vec::new();
    for id in catalog.ids()? {
        match catalog.model(&id) {
            Ok(_) => ids.push(id),
            Err(CatalogError::NoSchema { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    ids.sort_by_key(|id| FIRST.iter().position(|first| first == id).unwrap_or(FIRST.len()));
    Ok(ids)
}

/// A set of ten chat models, of both kinds of schema.
const SET: [&str; 10] = [
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "@cf/zai-org/glm-5.3-flash",
    "@cf/openai/gpt-oss-20b",
    "@cf/google/gemma-4-26b-a4b-it",
    "@cf/moonshotai/kimi-k2.6",
    "@cf/deepseek-ai/deepseek-v4-flash-0731",
    "@cf/qwen/qwen3-30b-a3b-fp8",
    "@cf/zai-org/glm-5.2",
    "@cf/ibm-granite/granite-4.0-h-micro",
    "@cf/mistralai/mistral-small-3.1-24b-instruct",
];

fn checks(plan: &Plan, folder: &Path, ids: &[String]) -> Result<String> {
    let catalog = catalog(&plan.root);
    let mut counts: Vec<usize> =
        plan.models.iter().map(|count| if *count == 0 { ids.len() } else { (*count).min(ids.len()) }).collect();
    counts.dedup();
    let mut ways = vec![Variant::Attribute, Variant::Expanded, Variant::Empty];
    if plan.typify {
        ways.extend([Variant::Typify, Variant::EmptyTypify]);
    }
    let mut packages: Vec<(Variant, usize, Vec<Duration>)> = Vec::new();
    for way in &ways {
        for (at, count) in counts.iter().enumerate() {
            if at > 0 && matches!(way, Variant::Empty | Variant::EmptyTypify) {
                continue;
            }
            crates::make(*way, &catalog, &ids[..*count], folder, &plan.root)?;
            packages.push((*way, *count, Vec::new()));
        }
    }
    let set = SET.map(str::to_owned);
    for way in [Variant::Set, Variant::ExpandedSet] {
        crates::make(way, &catalog, &set, folder, &plan.root)?;
        packages.push((way, set.len(), Vec::new()));
    }
    let members: Vec<String> = packages.iter().map(|(way, count, _)| way.package(*count)).collect();
    crates::write(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"))?;
    run(cargo(folder).args(["check", "--quiet", "--workspace"]))?;
    for _ in 0..plan.runs {
        for (way, count, times) in &mut packages {
            let package = way.package(*count);
            touch(&folder.join(&package).join("src/lib.rs"))?;
            times.push(run(cargo(folder).args(["check", "--quiet", "--package", &package]))?);
        }
    }
    let mut find = |way: Variant, count: usize| {
        let empty = matches!(way, Variant::Empty | Variant::EmptyTypify);
        packages
            .iter_mut()
            .find(|(of, models, _)| *of == way && (empty || *models == count))
            .map(|(.., times)| median(times))
    };
    let mut table = table(&["models", "attribute", "expanded", "typify", "attribute / expanded", "typify / attribute"]);
    let (empty, empty_typify) =
        (find(Variant::Empty, 0).unwrap_or_default(), find(Variant::EmptyTypify, 0).unwrap_or_default());
    let net = |time: Option<Duration>, empty: Duration| time.map(|time| time.saturating_sub(empty).as_secs_f64());
    for count in counts {
        let attribute = net(find(Variant::Attribute, count), empty);
        let expanded = net(find(Variant::Expanded, count), empty);
        let typify = net(find(Variant::Typify, count), empty_typify);
        table.add_row([
            count.to_string(),
            seconds(attribute),
            seconds(expanded),
            seconds(typify),
            ratio(attribute, expanded),
            ratio(typify, attribute),
        ]);
    }
    let [attribute, expanded] = [Variant::Set, Variant::ExpandedSet].map(|way| net(find(way, set.len()), empty));
    let label = format!("a set of {}", set.len());
    table.add_row([
        label,
        seconds(attribute),
        seconds(expanded),
        seconds(None),
        ratio(attribute, expanded),
        ratio(None, None),
    ]);
    Ok(format!(
        "Seconds of processor time of `cargo check`, the median of {} runs, without the {:.2} s ({:.2} s for typify's dependencies) that an empty crate takes:\n{table}\n",
        plan.runs,
        empty.as_secs_f64(),
        empty_typify.as_secs_f64(),
    ))
}

/// Compares the dependencies of the types and macros with the usual ones of such a macro.
fn cold(plan: &Plan, folder: &Path) -> Result<String> {
    let usual = "syn = \"*\"\nquote = \"*\"\nserde_json = \"*\"\nserde_derive = \"*\"\n";
    let cases = [("cold-types", crates::types_only(&plan.root)), ("cold-usual", usual.to_owned())];
    let mut times = [Vec::new(), Vec::new()];
    for (name, dependencies) in &cases {
        let folder = folder.join(name);
        crates::package_of(&folder, name, &format!("{dependencies}\n[workspace]\n"), "")?;
        run(cargo(&folder).args(["fetch", "--quiet"]))?;
    }
    for _ in 0..plan.runs {
        for ((name, _), times) in cases.iter().zip(&mut times) {
            let folder = folder.join(name);
            let target = folder.join("target");
            if target.exists() {
                fs::remove_dir_all(&target).map_err(Error::write(&target))?;
            }
            times.push(run(cargo(&folder).args(["build", "--quiet"]))?);
        }
    }
    let [types, usual] = times.map(|mut times| median(&mut times).as_secs_f64());
    let mut table = table(&["cold build", "seconds", "ratio"]);
    table.add_row(["syn + quote + serde_json + serde_derive", &format!("{usual:.2}"), "1"]);
    table.add_row(["workers-ai, types and macros only", &format!("{types:.2}"), &ratio(Some(types), Some(usual))]);
    Ok(format!("{table}\n"))
}

pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn seconds(time: Option<f64>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{time:.2}"))
}

pub(super) fn ratio(of: Option<f64>, to: Option<f64>) -> String {
    match (of, to) {
        (Some(of), Some(to)) if to > 0.0 => format!("{:.2}", of / to),
        _ => "-".to_owned(),
    }
}

/// Marks a crate as changed.
fn touch(path: &Path) -> Result<()> {
    let file = fs::File::options().append(true).open(path).map_err(Error::write(path))?;
    file.set_modified(SystemTime::now()).map_err(Error::write(path))
}
