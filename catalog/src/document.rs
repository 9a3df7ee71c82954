//! The files of a catalog.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::Error;

/// The file of a model in a catalog.
#[derive(Debug, Clone)]
pub struct Document {
    /// The parsed file.
    pub value: Value,
    /// The path of the file. `None` if it is embedded.
    pub path: Option<PathBuf>,
}

pub(crate) fn parse(path: &Path) -> Result<Value, Error> {
    let text =
        fs::read_to_string(path).map_err(|e| Error::Unreadable { path: path.to_owned(), cause: e.to_string() })?;
    // Some editors begin a file with a byte-order mark.
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|e| Error::NotJson { place: path.display().to_string(), cause: e.to_string() })
}

/// Returns a model's file from an answer of the service's schema API: the schemas, alone or in the envelope. Fails with what it lacks.
pub(crate) fn from_schemas(answer: &Value, id: &str) -> Result<Value, String> {
    let schemas = answer.get("result").unwrap_or(answer);
    let side = |name: &str| schemas.get(name).filter(|schema| schema.is_object());
    let missing = match (side("input"), side("output")) {
        (Some(input), Some(output)) => return Ok(json!({ "id": id, "input": input, "output": output })),
        (Some(_), None) => "schema `output`",
        (None, Some(_)) => "schema `input`",
        (None, None) => "schemas `input` and `output`",
    };
    match answer.pointer("/errors/0/message").and_then(Value::as_str) {
        Some(message) => Err(format!("it is an error of the service: {message}")),
        None => Err(format!("it has no `id`, and no {missing}")),
    }
}

/// Returns whether an ID, as a path, stays inside the folder that it is looked up in.
pub(crate) fn is_plain(id: &str) -> bool {
    let id = id.trim_start_matches('@');
    !id.starts_with('/')
        && id.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
        && !id.contains(['\\', '\0'])
}

/// Returns the files below a folder, three levels deep, as names relative to it.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<String>, Error> {
    fn visit(folder: &Path, prefix: &str, depth: usize, found: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if depth < 3 {
                    visit(&entry.path(), &format!("{path}/"), depth + 1, found)?;
                }
            } else {
                found.push(path);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    visit(folder, "", 0, &mut found)
        .map_err(|e| Error::Unreadable { path: folder.to_owned(), cause: e.to_string() })?;
    found.sort_unstable();
    Ok(found)
}
