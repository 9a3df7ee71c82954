//! Refreshing a catalog: fetch, validate, merge, verify, swap, report.

pub mod swap;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use similar::TextDiff;
use workers_ai_catalog::Catalog;

use crate::{
    error::{Error, Result},
    merge::{Merged, merge},
    only::Only,
    pretty::pretty,
    report::{self, Report},
    snapshot::{self, Files, Snapshot},
    source::{Fetched, Rejected, Scope, embedded, fetch::Behaviour, file, remote, secret::Secret},
    verify,
};
use swap::Place;

/// The source of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The feed of the documentation.
    Docs,
    /// The account's API.
    Account,
    /// The unified catalog.
    Unified,
    /// A file or folder.
    Path(PathBuf),
    /// The snapshot of this release.
    Embedded,
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        match text {
            "docs" => Self::Docs,
            "account" => Self::Account,
            "unified" => Self::Unified,
            "snapshot" => Self::Embedded,
            path => Self::Path(path.into()),
        }
    }
}

/// The options of a refresh.
#[derive(Debug)]
pub struct Plan {
    /// The folder to refresh.
    pub target: Target,
    /// The source.
    pub from: Source,
    /// The models to read.
    pub only: Only,
    /// The origin to use instead of the default.
    pub base: Option<String>,
    /// The account ID and the API token.
    pub account: Option<(String, Secret)>,
    /// Retries and limits.
    pub behaviour: Behaviour,
    /// The use of the new snapshot.
    pub mode: Mode,
    /// Takes a source that lacks many models for complete.
    pub force: bool,
    /// Retires every model that the source lacks, whatever it usually has.
    pub whole: bool,
}

/// A folder with a catalog.
#[derive(Debug, Clone)]
pub struct Target {
    /// The folder.
    pub folder: PathBuf,
    /// The reader of the folder.
    pub reader: Reader,
    /// The corrections that apply, in place of those of this release.
    pub rules: Option<Vec<(Vec<String>, String)>>,
}

/// The reader of a folder with a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The catalog crate, which compiles the folder in. It has an index, and nothing of upstream's descriptions.
    Crate,
    /// The attribute, by `catalog = "…"` or `WORKERS_AI_CATALOG`. It has upstream's descriptions, and what was decided about shared types.
    Attribute,
}

impl Target {
    /// Returns a folder that the attribute reads.
    #[must_use]
    pub fn folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), reader: Reader::Attribute, rules: None }
    }

    /// Returns a catalog of the models in a folder, with the corrections.
    ///
    /// # Errors
    /// Returns an error if a correction is invalid.
    pub fn catalog(&self, folder: &Path) -> Result<Catalog> {
        let catalog = Catalog::at(folder);
        Ok(match &self.rules {
            Some(rules) => catalog.with_corrections(rules)?,
            None => catalog,
        })
    }
}

/// The use of a new snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Replace the old one.
    Write,
    /// Only report.
    DryRun,
    /// Compare with the old one.
    Check,
}

/// As many models may be retired at once, however few there are.
const FEW: usize = 2;

/// The result of a refresh.
#[derive(Debug)]
pub struct Done {
    /// The changes.
    pub report: Report,
    /// The diff of the files, in check mode.
    pub diff: String,
    /// Set if the old snapshot was current.
    pub current: bool,
}

/// Refreshes the catalog.
///
/// # Errors
/// Returns an error if nothing could be fetched or the snapshot cannot be written. Single invalid models are listed in the report.
pub fn run(plan: &Plan) -> Result<Done> {
    let folder = &plan.target.folder;
    match plan.mode {
        Mode::Write => {
            // Locked before anything is read, since this cleans up after a killed run.
            let place = Place::take(folder)?;
            only_a_snapshot(folder)?;
            with(plan, place)
        }
        Mode::DryRun | Mode::Check => {
            let scratch = tempfile::tempdir().map_err(Error::write(std::env::temp_dir()))?;
            with(plan, Place::take(&scratch.path().join("models"))?)
        }
    }
}

fn with(plan: &Plan, place: Place) -> Result<Done> {
    let Target { folder, reader, .. } = &plan.target;
    let old = Snapshot::read(folder)?;
    let mut fetched = fetch(plan)?;
    if plan.whole {
        fetched.scope = Scope::Everything;
    }
    if fetched.models.is_empty() && fetched.rejected.is_empty() && !plan.whole {
        return Err(if plan.only.is_all() {
            Error::Fetch("the source has no models; the snapshot is unchanged".to_owned())
        } else {
            Error::Usage(format!("no model of the source matches {}", plan.only))
        });
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut merged = merge(&old, &fetched, &plan.only, &day);
    if !plan.force {
        check_complete(&old, &fetched, &merged)?;
    }
    let catalog = |folder: &Path| plan.target.catalog(folder);
    let (mut files, new) = prepare(&place, &merged, *reader, catalog)?;
    let mut read = verify::all(&catalog(new)?, merged.snapshot.models.keys());
    let refused: Vec<(String, String)> = read
        .iter()
        .filter(|(id, _)| old.models.get(*id) != merged.snapshot.models.get(*id))
        .filter_map(|(id, outcome)| Some((id.clone(), outcome.as_ref().err()?.clone())))
        .collect();
    if !refused.is_empty() {
        for (id, cause) in refused {
            merged.revert(&old, &id, cause);
        }
        let new;
        (files, new) = prepare(&place, &merged, *reader, catalog)?;
        read = verify::all(&catalog(new)?, merged.snapshot.models.keys());
    }
    let unreadable = unreadable(&read, &merged.rejected, &plan.only);
    merged.rejected.extend(unreadable);
    let mut report = report::make(&report::Sides {
        old: &old,
        before: &catalog(folder)?,
        merged: &merged,
        read: &read,
        fetched: &fetched,
        only: &plan.only,
    });
    if plan.target.rules.is_none() {
        // Those of a release are for its maintainers to review.
        report.corrections.clear();
    }
    let (current, diff) = compare(folder, &files, plan.mode == Mode::Check)?;
    if plan.mode == Mode::Write && !current {
        place.swap()?;
    } else {
        place.leave()?;
    }
    Ok(Done { report, diff, current })
}

/// Checks that a source did not lose models on the way, which would be retired.
fn check_complete(old: &Snapshot, fetched: &Fetched, merged: &Merged) -> Result<()> {
    let refused = |found: String| {
        Err(Error::Fetch(format!("{found}; the snapshot is unchanged. If that is right, use `--force`")))
    };
    if let Some((listed, promised)) = fetched.short {
        return refused(format!("the list of models ends after {listed} of {promised}"));
    }
    let retired = old.models.keys().filter(|id| !merged.snapshot.models.contains_key(*id)).count();
    let listed = old.models.iter().filter(|(id, record)| fetched.scope.model(id, &record.source)).count();
    if retired > FEW && retired * 5 > listed {
        return refused(format!("the source no longer lists {retired} of {listed} models"));
    }
    Ok(())
}

/// Writes the snapshot beside its place and returns the files and the folder.
fn prepare<'p>(
    place: &'p Place,
    merged: &Merged,
    reader: Reader,
    catalog: impl Fn(&Path) -> Result<Catalog>,
) -> Result<(Files, &'p Path)> {
    let (mut files, parts) = merged.snapshot.stored();
    if reader == Reader::Crate {
        files.insert("index.rs".to_owned(), snapshot::index(&merged.snapshot, &parts));
    }
    let new = place.prepare(&files)?;
    if reader == Reader::Crate {
        // Decisions about it are compiled with the corrections.
        return Ok((files, new));
    }
    let decisions = catalog(new)?.decisions()?;
    files.insert(snapshot::DECISIONS.to_owned(), pretty(&workers_ai_catalog::recorded(&decisions)));
    Ok((files.clone(), place.prepare(&files)?))
}

/// Returns unchanged models that can no longer be read.
fn unreadable(read: &BTreeMap<String, verify::Outcome>, named: &[Rejected], only: &Only) -> Vec<Rejected> {
    let rejected = |(id, outcome): (&String, &verify::Outcome)| {
        let cause = outcome.as_ref().err()?;
        let known = named.iter().any(|rejected| rejected.id.as_ref() == Some(id));
        let wanted = only.matches(id);
        (wanted && !known).then(|| Rejected { id: Some(id.clone()), cause: cause.clone() })
    };
    read.iter().filter_map(rejected).collect()
}

fn fetch(plan: &Plan) -> Result<Fetched> {
    let (only, prose) = (&plan.only, plan.target.reader == Reader::Attribute);
    let ask = remote::Ask {
        base: plan.base.as_deref(),
        account: plan.account.clone(),
        only,
        prose,
        behaviour: plan.behaviour.clone(),
    };
    let runtime = || {
        let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
        built.map_err(|e| Error::Fetch(format!("cannot start the network runtime: {e}")))
    };
    match &plan.from {
        Source::Docs => runtime()?.block_on(in_time(plan, remote::docs(&ask))),
        Source::Account => runtime()?.block_on(in_time(plan, remote::account(&ask))),
        Source::Unified => runtime()?.block_on(in_time(plan, remote::unified(&ask))),
        Source::Path(path) => file::read(path, file::Ask { only, prose }),
        Source::Embedded => embedded::read(only),
    }
}

/// Ends a fetch that takes too long, such as one from a server that sends a byte a second.
async fn in_time(plan: &Plan, fetch: impl Future<Output = Result<Fetched>>) -> Result<Fetched> {
    let deadline = plan.behaviour.deadline;
    tokio::time::timeout(deadline, fetch).await.unwrap_or_else(|_| {
        let seconds = deadline.as_secs();
        Err(Error::Fetch(format!(
            "the catalog was not complete after {seconds} s; the snapshot is unchanged. `--deadline` allows more time"
        )))
    })
}

/// The files in the folder of a snapshot itself.
const AT_ROOT: [&str; 2] = ["index.rs", snapshot::DECISIONS];

/// Rejects a folder with files that swapping it would destroy.
fn only_a_snapshot(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut waiting = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        for entry in fs::read_dir(&path).map_err(Error::read(&path))? {
            let entry = entry.map_err(Error::read(&path))?;
            let (name, path) = (entry.file_name(), entry.path());
            let kind = entry.file_type().map_err(Error::read(&path))?;
            let name = name.to_string_lossy();
            let ours = if kind.is_dir() {
                depth < 3 && !name.starts_with('.')
            } else {
                kind.is_file() && (name.ends_with(".json") && depth > 0 || depth == 0 && AT_ROOT.contains(&&*name))
            };
            if !ours {
                return Err(Error::Usage(format!(
                    "`{}` would be lost: `{}` is replaced as a whole, so it must be a snapshot, empty or missing",
                    path.display(),
                    folder.display()
                )));
            }
            if kind.is_dir() {
                waiting.push((path, depth + 1));
            }
        }
    }
    Ok(())
}

/// Compares a folder with files, and returns whether they are equal and the diff.
fn compare(folder: &Path, files: &Files, with_diff: bool) -> Result<(bool, String)> {
    let mut found = Files::new();
    if folder.is_dir() {
        for path in snapshot::json_files(folder)? {
            let full = folder.join(&path);
            found.insert(path, fs::read_to_string(&full).map_err(Error::read(&full))?);
        }
        for name in AT_ROOT {
            if let Ok(text) = fs::read_to_string(folder.join(name)) {
                found.insert(name.to_owned(), text);
            }
        }
    }
    let mut diff = String::new();
    if with_diff {
        let mut paths: Vec<&String> = found.keys().chain(files.keys()).collect();
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            let (old, new) = (found.get(path), files.get(path));
            if old == new {
                continue;
            }
            let name = |side: Option<&String>| {
                side.map_or("/dev/null".to_owned(), |_| folder.join(path).display().to_string())
            };
            let (old_text, new_text) = (old.map_or("", String::as_str), new.map_or("", String::as_str));
            let texts = TextDiff::from_lines(old_text, new_text);
            let _ = write!(diff, "{}", texts.unified_diff().context_radius(2).header(&name(old), &name(new)));
        }
    }
    Ok((found == *files, diff))
}
