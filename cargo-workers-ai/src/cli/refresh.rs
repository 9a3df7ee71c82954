//! `refresh`, `add` and `diff`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Args;

use super::output::{print, strip_control};
use crate::{
    configured::{self, VARIABLE},
    error::{Error, Result},
    only::Only,
    refresh::{self, Done, Mode, Plan, Reader, Target},
    source::{fetch::Behaviour, secret::Secret},
};

/// The folder that is refreshed where none is named.
const FOLDER: &str = "workers-ai-catalog";

/// Where models come from
#[derive(Args, Debug, Clone)]
pub struct From {
    /// The origin to use instead of the default, also from `WORKERS_AI_BASE_URL`
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Retries of failed requests
    #[arg(long, default_value_t = 4)]
    pub retries: usize,
    /// The time to fetch the whole catalog, in seconds
    #[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..))]
    pub deadline: u64,
    /// The first pause between retries, in milliseconds
    #[arg(long, hide = true, default_value_t = 500)]
    pub pause: u64,
}

/// Update a catalog and report the changes
#[derive(Args, Debug)]
pub struct Refresh {
    /// `docs` (the documentation's feed), `account`, `unified`, or the path of a feed file, a folder of model files, or a saved response
    #[arg(long = "from", value_name = "SOURCE", default_value = "docs")]
    pub source: String,
    /// The folder to write, which `catalog = "DIR"` and `WORKERS_AI_CATALOG` read [default: workers-ai-catalog]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Only models whose ID matches this pattern; `*` matches any characters; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,
    /// Report the changes without writing them
    #[arg(long, conflicts_with = "check")]
    pub dry_run: bool,
    /// Write nothing; show a diff and exit with status 1 if the catalog is not current or there is none
    #[arg(long)]
    pub check: bool,
    /// Also write the report as Markdown
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Retire the models that the source lacks, even if it lists fewer than it says or lacks a fifth of those in the catalog
    #[arg(long)]
    pub force: bool,
    /// Where models come from
    #[command(flatten)]
    pub from: From,
}

/// Add single models to a catalog, and bring those in it up to date
#[derive(Args, Debug)]
pub struct Add {
    /// The IDs of the models, such as `@cf/author/model`
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// `docs` (the documentation's feed), `account`, `unified`, or the path of a feed file, a folder of model files, or a saved response
    #[arg(long = "from", value_name = "SOURCE", default_value = "docs")]
    source: String,
    /// The folder to write [default: workers-ai-catalog]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    from: From,
}

/// Compare two catalogs: what is breaking, added, retired, and what has other prices
///
/// Each is `snapshot` (that of this release), `docs`, `account`, `unified`, or a path.
#[derive(Args, Debug)]
pub struct Diff {
    /// The catalog that programs were written for
    #[arg(default_value = "snapshot")]
    old: String,
    /// The other catalog
    #[arg(default_value = "docs")]
    new: String,
    /// Only models whose ID matches this pattern; `*` matches any characters; can be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// Print Markdown
    #[arg(long)]
    markdown: bool,
    #[command(flatten)]
    from: From,
}

/// The result of a refresh.
#[derive(Debug)]
pub struct Refreshed {
    /// The status to exit with.
    pub code: ExitCode,
    /// Set if the folder was written.
    pub is_written: bool,
}

impl From {
    /// Returns the plan of a refresh.
    #[must_use]
    pub fn plan(&self, source: &str, target: Target, mode: Mode) -> Plan {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Plan {
            target,
            from: source.into(),
            only: Only::default(),
            base: self.base_url.clone().or_else(|| variable("WORKERS_AI_BASE_URL")),
            account: variable("CLOUDFLARE_ACCOUNT_ID").zip(variable("CLOUDFLARE_API_TOKEN").map(Secret::new)),
            behaviour: Behaviour {
                retries: self.retries,
                pause: Duration::from_millis(self.pause),
                deadline: Duration::from_secs(self.deadline),
                ..Behaviour::default()
            },
            mode,
            force: false,
            whole: false,
        }
    }
}

impl Refresh {
    /// Refreshes a catalog, and prints the report.
    ///
    /// # Errors
    /// Returns an error if nothing could be fetched, or the folder cannot be written.
    pub fn run(self, target: Target) -> Result<Refreshed> {
        let mode = match (self.dry_run, self.check) {
            (true, _) => Mode::DryRun,
            (_, true) => Mode::Check,
            _ => Mode::Write,
        };
        let what = match target.reader {
            Reader::Crate => "snapshot",
            Reader::Attribute => "catalog",
        };
        let plan = self.from.plan(&self.source, target, mode);
        let done = refresh::run(&Plan { only: Only::matching(self.only), force: self.force, ..plan })?;
        let outcome = match mode {
            Mode::DryRun => "Nothing was written.\n".to_owned(),
            Mode::Check if done.current => format!("The {what} is current.\n"),
            Mode::Check => format!("The {what} is not current.\n"),
            Mode::Write => String::new(),
        };
        print(&[done.report.text(), done.diff, outcome].concat());
        if let Some(path) = self.report {
            fs::write(&path, strip_control(&done.report.markdown())).map_err(Error::write(&path))?;
        }
        let is_stale = mode == Mode::Check && !done.current;
        Ok(Refreshed {
            code: ExitCode::from(u8::from(is_stale || !done.report.rejected.is_empty())),
            is_written: mode == Mode::Write,
        })
    }
}

/// Refreshes a folder that the attribute reads, and says how it is told of it.
pub(super) fn refresh_folder(mut task: Refresh) -> Result<ExitCode> {
    let folder = folder(task.out.take());
    if task.check && !folder.exists() {
        return Err(Error::Usage(format!(
            "there is no catalog in `{}`: write one with `cargo workers-ai refresh`",
            folder.display()
        )));
    }
    let Refreshed { code, is_written } = task.run(Target::folder(&folder))?;
    if is_written {
        print(&how_to_use(&folder));
    }
    Ok(code)
}

pub(super) fn add(task: Add) -> Result<ExitCode> {
    let folder = folder(task.out);
    let plan = task.from.plan(&task.source, Target::folder(&folder), Mode::Write);
    let done = refresh::run(&Plan { only: Only::matching(task.ids.clone()), ..plan })?;
    print(&done.report.text());
    let missing = missing(&task.ids, &done, &folder);
    if !missing.is_empty() {
        return Err(Error::Usage(format!(
            "the source does not list {}; `cargo workers-ai models --catalog {}` lists what is there, and `ai.model(\"…\")` calls \
             a model without types",
            missing.join(", "),
            folder.display(),
        )));
    }
    print(&how_to_use(&folder));
    Ok(ExitCode::from(u8::from(!done.report.rejected.is_empty())))
}

/// Returns the models that were asked for and are neither in the folder now nor named in the report.
fn missing(ids: &[String], done: &Done, folder: &Path) -> Vec<String> {
    let known = workers_ai_catalog::Catalog::at(folder).ids().unwrap_or_default();
    let named = |id: &str| done.report.rejected.iter().any(|(rejected, _)| rejected.id.as_deref() == Some(id));
    let is_missing = |id: &&String| !id.contains('*') && !known.contains(id) && !named(id);
    ids.iter().filter(is_missing).map(|id| format!("`{id}`")).collect()
}

pub(super) fn diff(task: Diff) -> Result<ExitCode> {
    let scratch = tempfile::tempdir().map_err(Error::write(env::temp_dir()))?;
    // Without descriptions, which are not in every catalog.
    let target = Target { folder: scratch.path().join("models"), reader: Reader::Crate, rules: None };
    let only = Only::matching(task.only);
    let plan = task.from.plan(&task.old, target.clone(), Mode::Write);
    let old = refresh::run(&Plan { only: only.clone(), force: true, whole: true, ..plan })?.report;
    let plan = task.from.plan(&task.new, target, Mode::DryRun);
    let report = refresh::run(&Plan { only: only.clone(), force: true, whole: true, ..plan })?.report;
    if old.count == 0 && report.count == 0 && old.rejected.is_empty() && report.rejected.is_empty() {
        return Err(Error::Usage(if only.is_all() {
            "neither of the catalogs has a model".to_owned()
        } else {
            format!("no model of the catalogs matches {only}")
        }));
    }
    for (rejected, _) in &old.rejected {
        let id = rejected.id.as_deref().unwrap_or("a model without an ID");
        print(&format!("not read from `{}`: {id}: {}\n", task.old, rejected.cause));
    }
    print(&if task.markdown { report.markdown() } else { report.text() });
    let is_unread = !old.rejected.is_empty() || !report.rejected.is_empty();
    Ok(ExitCode::from(u8::from(is_unread || report.is_breaking())))
}

/// Returns the folder to write: the one that was named, the one that the attribute reads, or a new one.
fn folder(named: Option<PathBuf>) -> PathBuf {
    named.or_else(configured::folder).unwrap_or_else(|| PathBuf::from(FOLDER))
}

/// Says how the attribute is told of a folder.
fn how_to_use(folder: &Path) -> String {
    if configured::folder().as_deref() == Some(folder) {
        return String::new();
    }
    let folder = toml::Value::String(folder.display().to_string());
    format!(
        "\nThe attribute reads it with these lines in .cargo/config.toml:\n\n  [env]\n  {VARIABLE} = {{ value = {folder}, relative = true }}\n\n\
         or for one model with `catalog = {folder}` after its ID.\n"
    )
}
