//! Saved feeds: a file, a folder of model files, a snapshot of our own, a saved answer. Which one it is shows in its content.

use std::{cell::RefCell, collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};
use workers_ai_catalog::glob;

use super::{
    Covers, Fetched, Found,
    entry::{self, Shape},
    reply::{Content, Reply},
};
use crate::{
    error::{Error, Result},
    snapshot::{Parts, json_files, read_json},
};

/// Larger files are refused.
const MOST: u64 = 256 * 1024 * 1024;

/// How a saved feed is read.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Only models that this pattern names.
    pub only: Option<&'a str>,
    /// Whether upstream's prose is kept.
    pub prose: bool,
}

/// Reads a file or a folder.
///
/// # Errors
/// When it cannot be read, or holds no models.
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
        let covers = reading.file(path, None)?;
        reading.fetched.covers = covers;
    }
    reading.put_schemas_in();
    let fetched = reading.fetched;
    if fetched.models.is_empty() && fetched.bad.is_empty() && ask.only.is_none() {
        return Err(Error::NoFeed { place: path.display().to_string(), cause: "it holds no models".to_owned() });
    }
    Ok(fetched)
}

struct Reading<'a> {
    ask: Ask<'a>,
    fetched: Fetched,
    parts: Parts,
    /// Schemas that were saved by themselves, by the id that their path says.
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
            // A file that is no model's is the user's mistake only where it is the one that was named.
            if let Err(error) = self.file(&folder.join(&path), Some(&id)) {
                self.fetched.add(Some(id).filter(|id| id.contains('/')), Err(error.to_string()));
            }
        }
        // A folder may well hold a few models only: that the others are not there says nothing of them.
        self.fetched.covers = Covers::Nothing;
        Ok(())
    }

    fn parts(&mut self, folder: Option<&Path>) -> Result<()> {
        let Some(folder) = folder.filter(|folder| folder.is_dir()) else { return Ok(()) };
        for path in json_files(folder)? {
            self.parts.insert(path.trim_end_matches(".json").to_owned(), read_json(&folder.join(&path))?);
        }
        Ok(())
    }

    /// Reads one file and says what it covers if it is all there is.
    fn file(&mut self, path: &Path, id: Option<&str>) -> Result<Covers> {
        let place = path.display().to_string();
        let no_feed = |cause: String| Error::NoFeed { place: place.clone(), cause };
        let length = fs::metadata(path).map_err(Error::read(path))?.len();
        if length > MOST {
            return Err(no_feed(format!("it is larger than {MOST} bytes")));
        }
        let bytes = fs::read(path).map_err(Error::read(path))?;
        let text = String::from_utf8(bytes).map_err(|_| no_feed("it is not UTF-8".to_owned()))?;
        let reply = Reply::parse(&text).map_err(|fault| no_feed(fault.to_string().replace("the answer", "it")))?;
        reply.succeeded().map_err(no_feed)?;
        let no_feed = |cause: String| Error::NoFeed { place: place.clone(), cause };
        match &reply.content {
            Content::Feed(items) => {
                for item in items {
                    self.item(item, true);
                }
                Ok(Covers::Own)
            }
            Content::Page(items) => {
                for item in items {
                    self.item(item, false);
                }
                Ok(Covers::Nothing)
            }
            Content::Result(object) | Content::Object(object) => {
                if entry::head(object).is_ok() {
                    self.item(object, matches!(reply.content, Content::Object(_)));
                    return Ok(Covers::Nothing);
                }
                let pair = entry::parse(object).map_err(no_feed)?;
                match id {
                    Some(id) if pair.get("input").is_some() && pair.get("output").is_some() => {
                        self.schemas.insert(id.to_owned(), pair);
                        Ok(Covers::Nothing)
                    }
                    None if pair.get("input").is_some() => Err(Error::NoFeed {
                        place,
                        cause:
                            "it is a schema that does not say of which model; lay it at `cf/author/model.json` in a \
                                folder beside the saved list, and name the folder"
                                .to_owned(),
                    }),
                    _ => Err(Error::NoFeed { place, cause: "it names no model".to_owned() }),
                }
            }
            Content::Nothing => Err(no_feed("its `result` is empty".to_owned())),
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
        self.ask.only.is_none_or(|only| id.is_some_and(|id| glob(only, id)))
    }

    /// Gives the models of a saved list the schemas that were saved beside it.
    fn put_schemas_in(&mut self) {
        for (id, pair) in std::mem::take(&mut self.schemas) {
            let pair = json!({"input": pair.get("input"), "output": pair.get("output")});
            let Some(found) = self.fetched.models.get_mut(&id) else {
                if self.wanted(Some(&id)) {
                    self.fetched.add(Some(id), Err("has a saved schema, but no saved list names it".to_owned()));
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
