//! `audit`: which models a program uses, and what there is to know of them.

mod scan;

use std::{collections::BTreeMap, env, fmt, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};
use workers_ai_catalog::{Catalog, Error as CatalogError, Info, Price, suggest};

pub use self::scan::{Place, scan};
use crate::{
    cli::refresh::From,
    error::{Error, Result},
    only::Only,
    pretty::pretty,
    refresh::{self, Mode, Plan, Reader, Target},
    report::Report,
};

/// Find the models that a program uses, and those that are retired, retiring, dearer, changed or for the paid plan only
///
/// Models are found by the attribute and by texts with an ID, in all Rust files below a folder.
#[derive(Args, Debug)]
pub struct Audit {
    /// The folder of the program
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Compare with this source, too: `docs`, `account`, `unified`, or a path
    #[arg(long, value_name = "SOURCE")]
    pub against: Option<String>,
    /// A planned deprecation within this number of days is a failure
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub within: i32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// A catalog to use instead: a folder or the file of a model
    #[arg(long, value_name = "PATH")]
    pub catalog: Option<PathBuf>,
    #[command(flatten)]
    from: From,
}

/// The models of a program.
#[derive(Debug)]
pub struct Audited {
    /// The models, by ID.
    pub models: Vec<Used>,
    /// Files that are not Rust.
    pub unreadable: Vec<String>,
}

/// A model that a program uses.
#[derive(Debug)]
pub struct Used {
    /// The ID.
    pub id: String,
    /// Where it is used.
    pub places: Vec<Place>,
    /// The findings about it.
    pub findings: Vec<Finding>,
}

/// Something to know of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind: `unknown`, `retired`, `retiring`, `changed`, `dearer`, `paid plan`.
    pub kind: &'static str,
    /// The details.
    pub text: String,
    /// Set if it makes the audit fail.
    pub fails: bool,
}

/// Audits a program.
///
/// # Errors
/// Returns an error if the folder or a catalog cannot be read.
pub fn run(task: &Audit) -> Result<Audited> {
    let scan::Scanned { places, unreadable } = scan(&task.path)?;
    let catalog = crate::guide::catalog(task.catalog.clone());
    let mut by_id: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for (id, place) in places {
        by_id.entry(id).or_default().push(place);
    }
    let scratch = tempfile::tempdir().map_err(Error::write(env::temp_dir()))?;
    let newer = match &task.against {
        Some(source) if !by_id.is_empty() => {
            let ids: Vec<String> = by_id.keys().cloned().collect();
            Some(newer(task, source, ids, scratch.path().join("models"))?)
        }
        _ => None,
    };
    let today = today()?;
    let known = catalog.ids()?;
    let mut models = Vec::new();
    for (id, places) in by_id {
        let mut findings = match catalog.info(&id) {
            Ok(info) => of_info(&info, today, task.within),
            Err(CatalogError::Unknown { .. }) => vec![unknown(&id, &known)],
            Err(error) => return Err(error.into()),
        };
        if let Some((catalog_then, report)) = &newer {
            findings.extend(of_change(&id, catalog.info(&id).ok().as_ref(), catalog_then, report));
        }
        findings.dedup();
        models.push(Used { id, places, findings });
    }
    Ok(Audited { models, unreadable })
}

fn today() -> Result<jiff::civil::Date> {
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    day.parse().map_err(|error| Error::Usage(format!("the clock says {day}: {error}")))
}

/// Fetches models from a source. Returns their catalog, and what changed since the snapshot.
fn newer(task: &Audit, source: &str, ids: Vec<String>, folder: PathBuf) -> Result<(Catalog, Report)> {
    let target = Target { folder, reader: Reader::Crate, rules: None };
    let only = Only::matching(ids);
    let before = task.catalog.as_ref().map_or_else(|| "snapshot".to_owned(), |path| path.display().to_string());
    let plan = task.from.plan(&before, target.clone(), Mode::Write);
    refresh::run(&Plan { only: only.clone(), force: true, whole: true, ..plan })?;
    let plan = task.from.plan(source, target.clone(), Mode::Write);
    let report = refresh::run(&Plan { only, force: true, whole: true, ..plan })?.report;
    Ok((Catalog::at(&target.folder), report))
}

fn unknown(id: &str, known: &[String]) -> Finding {
    let near = suggest(id, known.iter().map(String::as_str), 1);
    let near = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let text = format!("not in the catalog of {}{near}", Catalog::date());
    // Models of other companies need no entry.
    Finding { kind: "unknown", text, fails: id.starts_with('@') }
}

fn of_info(info: &Info, today: jiff::civil::Date, within: i32) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(planned) = &info.deprecation {
        let successor = planned.successor.as_ref().map(|id| format!("; use `{id}`")).unwrap_or_default();
        let date: Option<jiff::civil::Date> = planned.date.parse().ok();
        let days = date.and_then(|date| today.until(date).ok()).map(|span| span.get_days());
        findings.push(match days {
            Some(days) if days <= 0 => {
                Finding { kind: "retired", text: format!("since {}{successor}", planned.date), fails: true }
            }
            Some(days) => Finding {
                kind: "retiring",
                text: format!("on {}, in {days} days{successor}", planned.date),
                fails: days <= within,
            },
            None => {
                Finding { kind: "retiring", text: format!("on {}{successor}", planned.date), fails: planned.passed }
            }
        });
    }
    if info.paid_plan_only {
        findings.push(Finding { kind: "paid plan", text: "needs the Workers Paid plan".to_owned(), fails: false });
    }
    findings
}

/// Returns what changed of a model.
fn of_change(id: &str, before: Option<&Info>, then: &Catalog, report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    if report.retired.iter().any(|(retired, _)| retired == id) {
        findings.push(Finding { kind: "retired", text: "the source no longer lists it".to_owned(), fails: true });
    }
    let changes = report.changed.iter().find(|(changed, _)| changed == id).map(|(_, changes)| changes);
    for change in changes.into_iter().flatten() {
        findings.push(Finding { kind: "changed", text: change.text.clone(), fails: change.breaking });
    }
    let now = then.info(id).ok();
    if let (Some(before), Some(now)) = (before, &now) {
        findings.extend(dearer(&before.prices, &now.prices).into_iter().map(|text| Finding {
            kind: "dearer",
            text,
            fails: true,
        }));
    }
    findings
}

/// Returns the prices that are higher than before.
fn dearer(before: &[Price], now: &[Price]) -> Vec<String> {
    let number = |price: &Price| price.amount.parse::<f64>().ok();
    let raised = now.iter().filter_map(|new| {
        let old =
            before.iter().find(|old| old.unit == new.unit && old.label == new.label && old.currency == new.currency)?;
        let (was, is) = (number(old)?, number(new)?);
        (is > was).then(|| format!("{} {} instead of {}, {}", new.amount, new.currency, old.amount, new.name()))
    });
    raised.collect()
}

impl Used {
    /// Returns the finding that matters most.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.fails).or_else(|| self.findings.first())
    }
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        for finding in &self.findings {
            write!(f, "\n    {}: {}", finding.kind, finding.text)?;
        }
        for place in &self.places {
            write!(f, "\n    at {place}")?;
        }
        Ok(())
    }
}

impl Audited {
    /// Returns whether a finding makes the audit fail.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.models.iter().any(|used| used.findings.iter().any(|finding| finding.fails))
    }

    /// Returns the audit in one line, and the files that could not be read.
    #[must_use]
    pub fn summary(&self) -> String {
        let bad = self.models.iter().filter(|used| used.findings.iter().any(|finding| finding.fails)).count();
        let mut lines: Vec<String> = self.unreadable.iter().map(|path| format!("not read: {path}")).collect();
        lines.push(match self.models.len() {
            0 => "no models were found: is this the folder of a program?\n".to_owned(),
            1 => format!("1 model, {bad} with problems\n"),
            count => format!("{count} models, {bad} with problems\n"),
        });
        lines.join("\n")
    }

    /// Returns the audit as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let finding = |finding: &Finding| json!({ "kind": finding.kind, "text": finding.text, "fails": finding.fails });
        let used = |used: &Used| {
            json!({
                "id": used.id,
                "findings": used.findings.iter().map(finding).collect::<Vec<_>>(),
                "places": used.places.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        };
        let models: Vec<Value> = self.models.iter().map(used).collect();
        pretty(&json!({ "models": models, "unreadable": self.unreadable }))
    }
}
