//! Saved feeds: a feed file, a folder of model files, a snapshot, a saved response. The kind is detected from the content.

use std::{cell::RefCell, collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use super::{
    Fetched, Found, Scope,
    entry::{self, Shape},
    reply::{Content, Reply},
};
use crate::{
    error::{Error, Result},
    only::Only,
    snapshot::{Parts, json_files, read_json},
};

/// Larger files are rejected.
const MAX_FILE_SIZE: u64 = 256 * 1024 * 1024;

/// Options for reading a saved feed.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Reads only models whose ID matches this pattern.
    pub only: &'a Only,
    /// Keeps upstream's descriptions.
    pub prose: bool,
}

/// Reads a file or a folder.
///
/// # Errors
/// Returns an error if it cannot be read or contains no models.
pub fn read(path: &Path, ask: Ask<'_>) -> Result<Fetched> {
    let mut reading = Reading {
        ask,
        fetched: Fetched { source: "file", ..Fetched::default() },
        parts: Parts::default(),
        schemas: BTreeMap::new(),
    };
    if path.is_dir() {
        reading.folder(path)?;
    } else {
        let shared = path.parent().map(|folder| folder.join("shared"));
        reading.parts(shared.as_deref())?;
        let scope = reading.file(path, None)?;
        reading.fetched.scope = scope;
    }
    reading.put_schemas_in();
    let fetched = reading.fetched;
    if fetched.models.is_empty() && fetched.rejected.is_empty() && ask.only.is_all() {
        return Err(Error::NotAFeed { place: path.display().to_string(), cause: "it contains no models".to_owned() });
    }
    Ok(fetched)
}

struct Reading<'a> {
    ask: Ask<'a>,
    fetched: Fetched,
    parts: Parts,
    /// Schemas that were saved in files of their own, by the model ID of their path.
    schemas: BTreeMap<String, Value>,
}

impl Reading<'_> {
    fn folder(&mut self, folder: &Path) -> Result<()> {
        self.parts(Some(&folder.join("shared")))?;
        for path in json_files(folder)? {
            if path.starts_with("shared/") {
                continue;
            }
            let stem = path.trim_end_matches(".json");
            let id =
                if stem.starts_with("cf/") || stem.starts_with("hf/") { format!("@{stem}") } else { stem.to_owned() };
            // An unknown file is an error only if it was named itself, not if it lies in the folder.
            if let Err(error) = self.file(&folder.join(&path), Some(&id)) {
                self.fetched.add(Some(id).filter(|id| id.contains('/')), Err(error.to_string()));
            }
        }
        // A folder may contain a few models only, so missing models are not retired.
        self.fetched.scope = Scope::Nothing;
        Ok(())
    }

    fn parts(&mut self, folder: Option<&Path>) -> Result<()> {
        let Some(folder) = folder.filter(|folder| folder.is_dir()) else { return Ok(()) };
        for path in json_files(folder)? {
            self.parts.insert(path.trim_end_matches(".json").to_owned(), read_json(&folder.join(&path))?);
        }
        Ok(())
    }

    /// Reads one file and returns the scope it has on its own.
    fn file(&mut self, path: &Path, id: Option<&str>) -> Result<Scope> {
        let place = path.display().to_string();
        let not_a_feed = |cause: String| Error::NotAFeed { place: place.clone(), cause };
        let length = fs::metadata(path).map_err(Error::read(path))?.len();
        if length > MAX_FILE_SIZE {
            return Err(not_a_feed(format!("it is larger than {MAX_FILE_SIZE} bytes")));
        }
        let bytes = fs::read(path).map_err(Error::read(path))?;
        let text = String::from_utf8(bytes).map_err(|_| not_a_feed("it is not UTF-8".to_owned()))?;
        let reply = Reply::parse(&text).map_err(|error| not_a_feed(error.to_string().replace("the response", "it")))?;
        reply.succeeded().map_err(not_a_feed)?;
        let not_a_feed = |cause: String| Error::NotAFeed { place: place.clone(), cause };
        match &reply.content {
            Content::Feed(items) => {
                for item in items {
                    self.item(item, true);
                }
                Ok(Scope::Own)
            }
            Content::Page(items) => {
                for item in items {
                    self.item(item, false);
                }
                Ok(Scope::Nothing)
            }
            Content::Result(object) | Content::Object(object) => {
                if entry::head(object).is_ok() {
                    self.item(object, matches!(reply.content, Content::Object(_)));
                    return Ok(Scope::Nothing);
                }
                let pair = entry::parse(object).map_err(not_a_feed)?;
                match id {
                    Some(id) if pair.get("input").is_some() && pair.get("output").is_some() => {
                        self.schemas.insert(id.to_owned(), pair);
                        Ok(Scope::Nothing)
                    }
                    None if pair.get("input").is_some() => Err(Error::NotAFeed {
                        place,
                        cause:
                            "it is a schema that does not say of which model; lay it at `cf/author/model.json` in a \
                                folder beside the saved list, and name the folder"
                                .to_owned(),
                    }),
                    _ => Err(Error::NotAFeed { place, cause: "it has no model ID".to_owned() }),
                }
            }
            Content::Nothing => Err(not_a_feed("its `result` is empty".to_owned())),
        }
    }

    fn item(&mut self, item: &str, with_schema: bool) {
        let (prose, parts) = (self.ask.prose, &self.parts);
        let shape = entry::head(item).map(|(_, shape)| shape);
        let note = RefCell::new(None);
        let (id, found) = super::remote::read(item, prose, |id, value, prose| match shape {
            Ok(Shape::Own) => {
                let mut file = value.clone();
                for side in ["input", "output"] {
                    if let Some(schema) = value.get(side) {
                        file[side] = parts.inline(schema).map_err(|cause| format!("its {side} {cause}"))?;
                    }
                }
                entry::own(id, &file, prose)
            }
            Ok(Shape::Unified) => {
                let (facts, left_out) = entry::unified(id, value, prose)?;
                note.replace(left_out);
                Ok(Found { facts, origin: None, with_schema: value.get("schema").is_some() })
            }
            _ => {
                let with_schema = with_schema || value.get("schema").is_some();
                Ok(Found { facts: entry::feed(id, value, prose)?, origin: None, with_schema })
            }
        });
        if self.wanted(id.as_deref()) {
            self.fetched.notes.extend(note.into_inner());
            self.fetched.add(id, found);
        }
    }

    fn wanted(&self, id: Option<&str>) -> bool {
        self.ask.only.takes(id)
    }

    /// Adds schemas that were saved in files of their own to the models of a saved list.
    fn put_schemas_in(&mut self) {
        for (id, pair) in std::mem::take(&mut self.schemas) {
            let pair = json!({"input": pair.get("input"), "output": pair.get("output")});
            let Some(found) = self.fetched.models.get_mut(&id) else {
                if self.wanted(Some(&id)) {
                    self.fetched.add(Some(id), Err("has a saved schema, but is not in a saved list".to_owned()));
                }
                continue;
            };
            match entry::schemas(Some(&pair), self.ask.prose) {
                Ok((input, output)) => {
                    found.facts.input = input;
                    found.facts.output = output;
                    found.with_schema = true;
                }
                Err(cause) => self.fetched.add(Some(id), Err(cause)),
            }
        }
    }
}
