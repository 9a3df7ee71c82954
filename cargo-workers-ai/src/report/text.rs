//! The text of a report: plain for a terminal, Markdown for a file.

use std::fmt::Write as _;

use super::Report;

impl Report {
    /// Returns the report as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (heading, lines) in self.sections() {
            let _ = writeln!(text, "{heading}");
            for line in lines {
                let _ = writeln!(text, "  {}", line.plain());
            }
        }
        let _ = writeln!(text, "{}", self.summary());
        text
    }

    /// Returns the report as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("# Changes to the model catalog\n\n{}\n", self.summary());
        for (heading, lines) in self.sections() {
            let _ = write!(text, "\n## {heading}\n\n");
            for line in lines {
                let _ = writeln!(text, "{}", line.markdown());
            }
        }
        text
    }

    /// Returns the report in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut summary = if self.is_empty() {
            format!("No changes: {} models", self.count)
        } else {
            let breaking = if self.is_breaking() { ", some breaking" } else { "" };
            format!(
                "{} added, {} retired, {} changed{breaking}; {} models",
                self.added.len(),
                self.retired.len(),
                self.changed.len(),
                self.count
            )
        };
        let _ = write!(summary, " (source: {})", self.source);
        if !self.rejected.is_empty() {
            let _ = write!(summary, "; {} could not be updated", self.rejected.len());
        }
        summary
    }

    fn sections(&self) -> Vec<(&'static str, Vec<Line>)> {
        let models = |list: &[(String, String)], breaking: bool| {
            list.iter().map(|(id, task)| Line::item(format!("`{id}`, {task}"), breaking)).collect()
        };
        let mut changed = Vec::new();
        for (id, changes) in &self.changed {
            changed.push(Line { depth: 0, text: format!("`{id}`"), breaking: false });
            changed.extend(changes.iter().map(|one| Line { depth: 1, text: one.text.clone(), breaking: one.breaking }));
        }
        let plain = |list: &[String]| list.iter().map(|text| Line::item(text.clone(), false)).collect();
        let rejected = self.rejected.iter().map(|(rejected, kept)| {
            let what = match (&rejected.id, kept) {
                (Some(id), true) => format!("`{}` (old file kept): ", id.escape_debug()),
                (Some(id), false) => format!("`{}` (left out): ", id.escape_debug()),
                (None, _) => String::new(),
            };
            Line::item(format!("{what}{}", rejected.cause), false)
        });
        let loose = self.loose.iter().map(|(id, count)| {
            let places = if *count == 1 { "place" } else { "places" };
            Line::item(format!("`{id}`: {count} {places}; see `cargo workers-ai show {id}`"), false)
        });
        let mut sections: Vec<(&'static str, Vec<Line>)> = vec![
            ("Added", models(&self.added, false)),
            ("Retired", models(&self.retired, true)),
            ("Changed", changed),
            ("New without a schema", plain(&self.without_schema)),
            ("Types that differ from the schema", loose.collect()),
            ("Corrections to review", plain(&self.corrections)),
            ("Notes", plain(&self.notes)),
            ("Not updated", rejected.collect()),
        ];
        sections.retain(|(_, lines)| !lines.is_empty());
        sections
    }
}

struct Line {
    depth: usize,
    text: String,
    breaking: bool,
}

impl Line {
    fn item(text: String, breaking: bool) -> Self {
        Self { depth: 0, text, breaking }
    }

    fn plain(&self) -> String {
        let mark = if self.breaking { "[breaking] " } else { "" };
        format!("{}{mark}{}", "  ".repeat(self.depth), self.text)
    }

    fn markdown(&self) -> String {
        let mark = if self.breaking { "**breaking**: " } else { "" };
        format!("{}- {mark}{}", "  ".repeat(self.depth), self.text)
    }
}
