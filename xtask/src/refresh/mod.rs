//! `refresh-catalog`: fetch, check, merge, prove, put in place, report.

pub mod exchange;
pub mod merge;
pub mod prove;

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
    report::{self, Report},
    snapshot::{self, Files, Snapshot},
    source::{Bad, Fetched, fetch::Behaviour, file, remote, secret::Secret},
};
use exchange::Place;
use merge::{Merged, merge};

/// Where facts are to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// The feed of the documentation.
    Docs,
    /// The account's API.
    Account,
    /// The unified catalog.
    Unified,
    /// A file or folder.
    Path(PathBuf),
}

impl std::convert::From<&str> for From {
    fn from(text: &str) -> Self {
        match text {
            "docs" => Self::Docs,
            "account" => Self::Account,
            "unified" => Self::Unified,
            path => Self::Path(path.into()),
        }
    }
}

/// What a refresh is to do.
#[derive(Debug)]
pub struct Plan {
    /// The workspace.
    pub root: PathBuf,
    /// Where facts come from.
    pub from: From,
    /// Another folder than the workspace's snapshot.
    pub out: Option<PathBuf>,
    /// Only models that this pattern names.
    pub only: Option<String>,
    /// Another server than the usual one.
    pub base: Option<String>,
    /// The account and its token.
    pub account: Option<(String, Secret)>,
    /// Retries and limits.
    pub behaviour: Behaviour,
    /// What is done with the new snapshot.
    pub mode: Mode,
}

/// What is done with a new snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It takes the old one's place.
    Write,
    /// Nothing.
    DryRun,
    /// It is compared with the old one.
    Check,
}

/// What a refresh found and did.
#[derive(Debug)]
pub struct Done {
    /// What changed.
    pub report: Report,
    /// The difference of the files, where it was asked for.
    pub diff: String,
    /// Whether the old snapshot was current.
    pub current: bool,
    /// Why the files that are made of the new snapshot could not be made.
    pub not_generated: Option<Error>,
}

/// Refreshes the catalog.
///
/// # Errors
/// When nothing could be fetched, or the snapshot cannot be written. Single bad models are no error: the report names them.
pub fn run(plan: &Plan) -> Result<Done> {
    let ours = plan.out.is_none();
    let folder = plan.out.clone().unwrap_or_else(|| snapshot::folder(&plan.root));
    match plan.mode {
        Mode::Write => {
            // Taken before anything is read: what a killed run left is put right first.
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
    if fetched.models.is_empty() && fetched.bad.is_empty() {
        return Err(match &plan.only {
            Some(only) => Error::Usage(format!("the source has no model that `{only}` names")),
            None => Error::Fetch("the source names no model at all; the snapshot stays as it is".to_owned()),
        });
    }
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let mut merged = merge(&old, &fetched, plan.only.as_deref(), &day);
    let rules = corrections::read(&plan.root.join("catalog/corrections"))?.rules;
    let catalog = |folder: &Path| Catalog::at(folder).with_corrections(&rules);
    let (mut files, new) = prepare(&place, &merged, ours)?;
    let mut read = prove::all(&catalog(new)?, merged.snapshot.models.keys());
    let refused: Vec<(String, String)> = read
        .iter()
        .filter(|(id, _)| old.models.get(*id) != merged.snapshot.models.get(*id))
        .filter_map(|(id, outcome)| Some((id.clone(), outcome.as_ref().err()?.clone())))
        .collect();
    if !refused.is_empty() {
        for (id, cause) in refused {
            merged.take_back(&old, &id, cause);
        }
        let new;
        (files, new) = prepare(&place, &merged, ours)?;
        read = prove::all(&catalog(new)?, merged.snapshot.models.keys());
    }
    let unreadable = unreadable(&read, &merged.bad, plan.only.as_deref());
    merged.bad.extend(unreadable);
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
        place.exchange()?;
    } else {
        place.leave()?;
    }
    // The new snapshot is in place by now, so what it changed is reported in any case.
    let not_generated = if plan.mode == Mode::Write && ours { generate::write(&plan.root).err() } else { None };
    Ok(Done { report, diff, current, not_generated })
}

/// Writes the snapshot beside its place; gives the files and where they are.
fn prepare<'p>(place: &'p Place, merged: &Merged, ours: bool) -> Result<(Files, &'p Path)> {
    let (mut files, parts) = merged.snapshot.stored();
    if ours {
        files.insert("index.rs".to_owned(), snapshot::index(&merged.snapshot, &parts));
    }
    let new = place.prepare(&files)?;
    Ok((files, new))
}

/// Models that can no longer be read, though nothing new was said of them.
fn unreadable(read: &BTreeMap<String, prove::Outcome>, named: &[Bad], only: Option<&str>) -> Vec<Bad> {
    let bad = |(id, outcome): (&String, &prove::Outcome)| {
        let cause = outcome.as_ref().err()?;
        let known = named.iter().any(|bad| bad.id.as_ref() == Some(id));
        let wanted = only.is_none_or(|only| glob(only, id));
        (wanted && !known).then(|| Bad { id: Some(id.clone()), cause: cause.clone() })
    };
    read.iter().filter_map(bad).collect()
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
        built.map_err(|e| Error::Fetch(format!("cannot use the network: {e}")))
    };
    match &plan.from {
        From::Docs => runtime()?.block_on(remote::docs(&ask)),
        From::Account => runtime()?.block_on(remote::account(&ask)),
        From::Unified => runtime()?.block_on(remote::unified(&ask)),
        From::Path(path) => file::read(path, file::Ask { only, prose }),
    }
}

/// Refuses a folder that holds anything that exchanging it would destroy.
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
                kind.is_file() && (name.ends_with(".json") && depth > 0 || name == "index.rs" && depth == 0)
            };
            if !ours {
                return Err(Error::Usage(format!(
                    "`{}` would be lost: `{}` is replaced as a whole, so it must be a snapshot, empty or new",
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

/// Whether a folder holds just these files, and if not what differs.
fn compare(folder: &Path, files: &Files, with_diff: bool) -> Result<(bool, String)> {
    let mut found = Files::new();
    if folder.is_dir() {
        for path in snapshot::json_files(folder)? {
            let full = folder.join(&path);
            found.insert(path, fs::read_to_string(&full).map_err(Error::read(&full))?);
        }
        if let Ok(index) = fs::read_to_string(folder.join("index.rs")) {
            found.insert("index.rs".to_owned(), index);
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
