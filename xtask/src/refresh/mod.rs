//! `refresh-catalog`: fetch, validate, merge, verify, swap, report.

pub mod swap;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use similar::TextDiff;
use workers_ai_catalog::{Catalog, glob};

use crate::{
    corrections,
    error::{Error, Result},
    generate,
    merge::{Merged, merge},
    pretty::pretty,
    report::{self, Report},
    snapshot::{self, Files, Snapshot},
    source::{Fetched, Rejected, fetch::Behaviour, file, remote, secret::Secret},
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
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        match text {
            "docs" => Self::Docs,
            "account" => Self::Account,
            "unified" => Self::Unified,
            path => Self::Path(path.into()),
        }
    }
}

/// The options of a refresh.
#[derive(Debug)]
pub struct Plan {
    /// The workspace.
    pub root: PathBuf,
    /// The source.
    pub from: Source,
    /// The folder to write instead of the workspace's snapshot.
    pub out: Option<PathBuf>,
    /// Reads only models whose ID matches this pattern.
    pub only: Option<String>,
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
    /// The reason why the generated files could not be updated.
    pub not_generated: Option<Error>,
}

/// Refreshes the catalog.
///
/// # Errors
/// Returns an error if nothing could be fetched or the snapshot cannot be written. Single invalid models are listed in the report.
pub fn run(plan: &Plan) -> Result<Done> {
    let ours = plan.out.is_none();
    let folder = plan.out.clone().unwrap_or_else(|| snapshot::folder(&plan.root));
    match plan.mode {
        Mode::Write => {
            // Locked before anything is read, since this cleans up after a killed run.
            let place = Place::take(&folder)?;
            only_a_snapshot(&folder)?;
            with(plan, &folder, place, ours)
        }
        Mode::DryRun | Mode::Check => {
            let scratch = tempfile::tempdir().map_err(Error::write(std::env::temp_dir()))?;
            with(plan, &folder, Place::take(&scratch.path().join("models"))?, ours)
        }
    }
}

fn with(plan: &Plan, folder: &Path, place: Place, ours: bool) -> Result<Done> {
    let old = Snapshot::read(folder)?;
    let fetched = fetch(plan, !ours)?;
    if fetched.models.is_empty() && fetched.rejected.is_empty() {
        return Err(match &plan.only {
            Some(only) => Error::Usage(format!("no model of the source matches `{only}`")),
            None => Error::Fetch("the source has no models; the snapshot is unchanged".to_owned()),
        });
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut merged = merge(&old, &fetched, plan.only.as_deref(), &day);
    if !plan.force {
        check_complete(&old, &fetched, &merged)?;
    }
    let rules = corrections::read(&plan.root.join("catalog/corrections"))?.rules;
    let catalog = |folder: &Path| Ok(Catalog::at(folder).with_corrections(&rules)?);
    let (mut files, new) = prepare(&place, &merged, ours, catalog)?;
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
        (files, new) = prepare(&place, &merged, ours, catalog)?;
        read = verify::all(&catalog(new)?, merged.snapshot.models.keys());
    }
    let unreadable = unreadable(&read, &merged.rejected, plan.only.as_deref());
    merged.rejected.extend(unreadable);
    let report = report::make(&report::Sides {
        old: &old,
        before: &catalog(folder)?,
        merged: &merged,
        read: &read,
        fetched: &fetched,
        only: plan.only.as_deref(),
    });
    let (current, diff) = compare(folder, &files, plan.mode == Mode::Check)?;
    if plan.mode == Mode::Write && !current {
        place.swap()?;
    } else {
        place.leave()?;
    }
    // The new snapshot is in place by now, so its changes are reported in any case.
    let not_generated = if plan.mode == Mode::Write && ours { generate::write(&plan.root).err() } else { None };
    Ok(Done { report, diff, current, not_generated })
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
    ours: bool,
    catalog: impl Fn(&Path) -> Result<Catalog>,
) -> Result<(Files, &'p Path)> {
    let (mut files, parts) = merged.snapshot.stored();
    if ours {
        files.insert("index.rs".to_owned(), snapshot::index(&merged.snapshot, &parts));
    }
    let new = place.prepare(&files)?;
    if ours {
        // Decisions about our own snapshot are compiled with the corrections.
        return Ok((files, new));
    }
    let decisions = catalog(new)?.decisions()?;
    files.insert(snapshot::DECISIONS.to_owned(), pretty(&workers_ai_catalog::recorded(&decisions)));
    Ok((files.clone(), place.prepare(&files)?))
}

/// Returns unchanged models that can no longer be read.
fn unreadable(read: &BTreeMap<String, verify::Outcome>, named: &[Rejected], only: Option<&str>) -> Vec<Rejected> {
    let rejected = |(id, outcome): (&String, &verify::Outcome)| {
        let cause = outcome.as_ref().err()?;
        let known = named.iter().any(|rejected| rejected.id.as_ref() == Some(id));
        let wanted = only.is_none_or(|only| glob(only, id));
        (wanted && !known).then(|| Rejected { id: Some(id.clone()), cause: cause.clone() })
    };
    read.iter().filter_map(rejected).collect()
}

fn fetch(plan: &Plan, prose: bool) -> Result<Fetched> {
    let only = plan.only.as_deref();
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
