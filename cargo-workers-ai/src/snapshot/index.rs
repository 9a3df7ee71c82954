//! Generates `models/index.rs`, with which the catalog crate embeds the snapshot.

use std::fmt::Write as _;

use super::{Parts, Snapshot, id};

/// Returns the text of `index.rs` for a snapshot that is stored with these parts.
#[must_use]
pub fn index(snapshot: &Snapshot, parts: &Parts) -> String {
    let mut text = format!(
        "// Made by `cargo xtask generate` from the files beside it.\n\n\
         pub(crate) static DATE: &str = {:?};\n\n\
         #[rustfmt::skip]\npub(crate) static MODELS: &[(&str, &str)] = &[\n",
        snapshot.date().unwrap_or("1970-01-01"),
    );
    for id in snapshot.models.keys() {
        if let Ok(path) = id::path(id) {
            let _ = writeln!(text, "    ({id:?}, include_str!({path:?})),");
        }
    }
    text.push_str("];\n\n#[rustfmt::skip]\npub(crate) static SHARED: &[(&str, &str)] = &[\n");
    for (name, _) in parts.iter() {
        let path = format!("shared/{name}.json");
        let _ = writeln!(text, "    ({name:?}, include_str!({path:?})),");
    }
    text.push_str("];\n");
    text
}
