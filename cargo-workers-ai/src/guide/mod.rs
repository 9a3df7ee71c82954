//! Views of the catalog: `models`, `show`, `expand`.

pub mod disagreements;
pub mod expand;
pub mod list;
pub mod show;

use std::path::PathBuf;

use comfy_table::{ContentArrangement, Table, presets};
use workers_ai_catalog::Catalog;

use crate::configured;

/// Returns the catalog at a path; or else the one that the attribute reads, laid over the snapshot.
#[must_use]
pub fn catalog(path: Option<PathBuf>) -> Catalog {
    match (path, configured::folder()) {
        (Some(path), _) => Catalog::at(path),
        (None, Some(folder)) => Catalog::over(folder),
        (None, None) => Catalog::embedded(),
    }
}

/// Creates a Markdown table, as wide as the terminal if there is one.
pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    if !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        table.force_no_tty().set_content_arrangement(ContentArrangement::Disabled);
    }
    table
}

/// Removes the spaces that tables have at the ends of lines.
pub(crate) fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// Formats a number with separated thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 131_072].map(count), ["0", "999", "1_000", "131_072"]);
    }
}
