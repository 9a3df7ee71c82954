//! Views of the catalog: `models`, `show`, `expand`.

pub mod disagreements;
pub mod expand;
pub mod list;
pub mod show;

use std::path::{Path, PathBuf};

use comfy_table::{ContentArrangement, Table, presets};
use workers_ai_catalog::Catalog;

use crate::{corrections, error::Result, snapshot};

/// Returns the workspace's catalog, or that of another folder or file.
///
/// # Errors
/// Returns an error if a correction cannot be read.
pub fn catalog(root: &Path, other: Option<PathBuf>) -> Result<Catalog> {
    let rules = corrections::read(&root.join("catalog/corrections"))?.rules;
    Ok(Catalog::at(other.unwrap_or_else(|| snapshot::folder(root))).with_corrections(&rules)?)
}

/// Creates a Markdown table, as wide as the terminal if there is one.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    if !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        table.force_no_tty().set_content_arrangement(ContentArrangement::Disabled);
    }
    table
}

/// Removes the spaces that tables have at the ends of lines.
fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// Formats a number with separated thousands.
fn count(number: u64) -> String {
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
