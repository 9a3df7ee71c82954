//! The sources of models: the snapshot embedded in this crate, a folder, a single file, or a folder laid over the snapshot.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::OnceLock,
};

use serde_json::Value;

use crate::{
    Considered, Correction, Decision, Document, Error, Info, Model, ShapePlace, Source, compiled,
    correction::{considered, glob},
    document::{files_below, from_schemas, is_plain, parse},
    read,
    shapes::{Decided, Resolver, declares},
    shared::{Shared, inline},
    snapshot, suggest,
};

/// A catalog of models.
///
/// ```
/// # fn main() -> Result<(), workers_ai_catalog::Error> {
/// let catalog = workers_ai_catalog::Catalog::embedded();
/// let flux = catalog.model("@cf/black-forest-labs/flux-1-schnell")?;
/// assert_eq!(flux.info.task, "Text-to-Image");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    folder: Option<PathBuf>,
    file: Option<PathBuf>,
    exact: bool,
    corrections: Option<Vec<Ruled>>,
}

/// The patterns of the models that a correction applies to, and the correction.
type Ruled = (Vec<String>, Correction);

impl Catalog {
    /// Returns the snapshot that this crate was published with.
    #[must_use]
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Returns the catalog at a path: a folder in the snapshot's layout, or a file: that of one model, or an answer of the service's
    /// schema API (`{"input": …, "output": …}`, alone or in the envelope), which is the schema of any model that is asked for.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path.is_dir() || path.extension().is_none() {
            Self { folder: Some(path), exact: true, ..Self::default() }
        } else {
            Self { file: Some(path), exact: true, ..Self::default() }
        }
    }

    /// Returns a folder laid over the snapshot, which answers for models that the folder lacks.
    #[must_use]
    pub fn over(path: impl Into<PathBuf>) -> Self {
        Self { exact: false, ..Self::at(path) }
    }

    /// Replaces the embedded corrections: patterns of model IDs, and the compact JSON that the embedded index has.
    ///
    /// # Errors
    /// Fails if a correction is invalid.
    pub fn with_corrections(mut self, rules: &[(Vec<String>, String)]) -> Result<Self, Error> {
        let read = |(models, text): &(Vec<String>, String)| Ok((models.clone(), Correction::parse(text)?));
        self.corrections = Some(rules.iter().map(read).collect::<Result<_, Error>>()?);
        Ok(self)
    }

    /// Returns the date on which the embedded snapshot was retrieved, `YYYY-MM-DD`.
    #[must_use]
    pub fn date() -> &'static str {
        snapshot::DATE
    }

    /// Returns the IDs of all models, sorted.
    ///
    /// # Errors
    /// Fails if the folder or file cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, Error> {
        let mut ids: Vec<String> = Vec::new();
        if let Some(folder) = &self.folder {
            for name in files_below(folder)? {
                let Some((origin, rest)) = name.strip_suffix(".json").and_then(|name| name.split_once('/')) else {
                    continue;
                };
                match origin {
                    "shared" => {}
                    "cf" | "hf" => ids.push(format!("@{origin}/{rest}")),
                    _ => ids.push(format!("{origin}/{rest}")),
                }
            }
        } else if let Some(file) = &self.file
            && let Some(id) = parse(file)?.get("id").and_then(Value::as_str)
        {
            ids.push(id.to_owned());
        }
        if !self.exact {
            ids.extend(snapshot::MODELS.iter().map(|(id, _)| (*id).to_owned()));
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Reads every file of the folder or file, which are otherwise read when they are needed. The embedded snapshot needs no check.
    ///
    /// # Errors
    /// Fails if one cannot be read, is not JSON, or does not describe the model that it is named after.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(folder) = &self.folder {
            let shared = folder.join("shared");
            let names = files_below(&shared).unwrap_or_default();
            let mut schemas = names.iter().filter(|name| name.strip_suffix(".json").is_some());
            schemas.try_for_each(|name| parse(&shared.join(name)).map(|_| ()))?;
        }
        let ids = Self { exact: true, ..self.clone() }.ids()?;
        if self.file.is_some() && ids.is_empty() {
            // A file without an ID.
            self.document("")?;
        }
        ids.iter().try_for_each(|id| self.info(id).map(|_| ()))
    }

    /// Returns the file of a model, as parsed JSON.
    ///
    /// # Errors
    /// Fails if the model is unknown, or its file cannot be read.
    pub fn document(&self, id: &str) -> Result<Document, Error> {
        if let Some(path) = &self.file {
            let value = parse(path)?;
            let lacks = |cause: String| Error::NotAModel { path: path.clone(), cause };
            match value.get("id").and_then(Value::as_str) {
                Some(found) if found == id => return Ok(Document { value, path: Some(path.clone()) }),
                Some(found) if self.exact => {
                    return Err(Error::OtherModel {
                        path: path.clone(),
                        wanted: id.to_owned(),
                        found: found.to_owned(),
                    });
                }
                None if self.exact => {
                    let value = from_schemas(&value, id).map_err(lacks)?;
                    return Ok(Document { value, path: Some(path.clone()) });
                }
                // Laid over others, it would answer for all of them.
                None => {
                    let cause = from_schemas(&value, id).err();
                    return Err(lacks(cause.unwrap_or_else(|| {
                        "it has no `id`, so it can only be the catalog of one model (`catalog = \"…\"` in its attribute)".to_owned()
                    })));
                }
                Some(_) => {}
            }
        } else if let Some(folder) = &self.folder {
            let path = folder.join(format!("{}.json", id.trim_start_matches('@')));
            if is_plain(id) && path.is_file() {
                let value = parse(&path)?;
                return match value.get("id").and_then(Value::as_str) {
                    Some(found) if found == id => Ok(Document { value, path: Some(path) }),
                    Some(found) => Err(Error::OtherModel { found: found.to_owned(), path, wanted: id.to_owned() }),
                    None => Err(Error::NotAModel { path, cause: "it has no `id`".to_owned() }),
                };
            }
            if !folder.is_dir() {
                return Err(Error::Unreadable { path: folder.clone(), cause: "no such file or folder".to_owned() });
            }
        }
        if !self.exact
            && let Ok(found) = snapshot::MODELS.binary_search_by_key(&id, |(id, _)| id)
        {
            let value = serde_json::from_str(snapshot::MODELS[found].1)
                .map_err(|e| Error::NotJson { place: id.to_owned(), cause: e.to_string() })?;
            return Ok(Document { value, path: None });
        }
        let ids = self.ids()?;
        let similar = suggest::suggest_ids(id, &ids.iter().map(String::as_str));
        Err(Error::Unknown { id: id.to_owned(), catalog: self.source().into(), similar })
    }

    /// Returns the folder or file that errors are about, and the latest date in it. For the snapshot, the date alone.
    fn source(&self) -> Source {
        let Some(path) = self.folder.as_ref().or(self.file.as_ref()) else {
            return Source { path: None, date: Some(snapshot::DATE.to_owned()) };
        };
        let own = Self { exact: true, ..self.clone() };
        let ids = own.ids().unwrap_or_default();
        let documents = ids.iter().filter_map(|id| own.document(id).ok());
        let dates = documents.filter_map(|document| Some(document.value.get("retrieved")?.as_str()?.to_owned()));
        Source { path: Some(path.clone()), date: dates.max() }
    }

    /// Returns the catalog that a document comes from.
    fn source_of(&self, document: &Document) -> Source {
        if document.path.is_some() { self.source() } else { Self::embedded().source() }
    }

    /// Returns the file on disk that answers for an ID. `None` if that is the embedded snapshot, or nothing.
    #[must_use]
    pub fn path(&self, id: &str) -> Option<PathBuf> {
        let in_folder = |folder: &PathBuf| folder.join(format!("{}.json", id.trim_start_matches('@')));
        match (&self.file, &self.folder) {
            (Some(file), _) => Some(file.clone()),
            (None, folder) => folder.as_ref().filter(|_| is_plain(id)).map(in_folder),
        }
        .filter(|path| path.is_file())
    }

    /// Returns a model, with its corrections applied.
    ///
    /// # Errors
    /// Fails if the model is unknown, its file cannot be read, or its schema cannot be expressed.
    pub fn model(&self, id: &str) -> Result<Model, Error> {
        let document = self.document(id)?;
        let corrections = self.corrections_for(id, &document)?;
        let (shared, decided) = (self.shared(&document), self.decided(&document));
        let read = read::model(&document, &shared, &decided, &corrections);
        Ok(read.map_err(|error| error.of(|| self.source_of(&document)))?.model)
    }

    /// Returns a model, and every correction that was considered for it.
    ///
    /// # Errors
    /// As [`Catalog::model`].
    pub fn considered(&self, id: &str) -> Result<(Model, Vec<Considered>), Error> {
        let document = self.document(id)?;
        let corrections = self.corrections_for(id, &document)?;
        let (shared, decided) = (self.shared(&document), self.decided(&document));
        let read = read::model(&document, &shared, &decided, &corrections);
        let read = read.map_err(|error| error.of(|| self.source_of(&document)))?;
        Ok((read.model, considered(read.effects, &corrections)))
    }

    /// Returns the places of a model that shared types stand for, with what upstream declares inside.
    ///
    /// # Errors
    /// As [`Catalog::model`].
    pub fn shape_places(&self, id: &str) -> Result<Vec<ShapePlace>, Error> {
        let document = self.document(id)?;
        let corrections = self.corrections_for(id, &document)?;
        let (shared, decided) = (self.shared(&document), self.decided(&document));
        let read = read::model(&document, &shared, &decided, &corrections);
        Ok(read.map_err(|error| error.of(|| self.source_of(&document)))?.shapes())
    }

    /// Returns the decisions about shared types that reading every model of the catalog takes, sorted. Models that cannot be
    /// read have none.
    ///
    /// # Errors
    /// Fails if the catalog or a correction cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        let mut decisions = BTreeSet::new();
        for id in self.ids()? {
            let document = self.document(&id)?;
            let corrections = self.corrections_for(&id, &document)?;
            let (shared, decided) = (self.shared(&document), Decided::default());
            let read = read::model(&document, &shared, &decided, &corrections);
            decisions.extend(read.map(|read| read.decisions()).unwrap_or_default());
        }
        Ok(decisions.into_iter().collect())
    }

    /// Returns the corrections for a model with that ID and the document's input.
    fn corrections_for(&self, id: &str, document: &Document) -> Result<Vec<&Correction>, Error> {
        let shared = self.shared(document);
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        let mut has = |field| {
            let read = || {
                let Some(input) = document.value.get("input") else { return false };
                declares((input, Resolver { base: input, shared: &shared }), field)
            };
            *known.entry(field).or_insert_with(read)
        };
        let task = document.value.get("task").and_then(Value::as_str);
        let mut corrections = self.corrections_of(id)?;
        corrections.retain(|correction| correction.task.is_none() || correction.task.as_deref() == task);
        corrections.retain(|correction| correction.input.iter().all(|field| has(field)));
        Ok(corrections)
    }

    /// Returns the corrections whose `models` match an ID.
    fn corrections_of(&self, id: &str) -> Result<Vec<&Correction>, Error> {
        let names = |pattern: &str| glob(pattern, id);
        if let Some(own) = &self.corrections {
            let of = own.iter().filter(|(models, _)| models.iter().any(|pattern| names(pattern)));
            return Ok(of.map(|(_, correction)| correction).collect());
        }
        let of = compiled::RULES.iter().enumerate();
        let of = of.filter(|(_, (models, ..))| models.iter().any(|pattern| names(pattern)));
        of.map(|(index, _)| compiled_correction(index)).collect()
    }

    /// Returns all corrections, with the patterns of the models they apply to.
    ///
    /// # Errors
    /// Fails if a correction is invalid.
    pub fn rules(&self) -> Result<Vec<(Vec<String>, Correction)>, Error> {
        if let Some(own) = &self.corrections {
            return Ok(own.clone());
        }
        let owned = |models: &[&str]| models.iter().map(|&pattern| pattern.to_owned()).collect();
        let ruled = |(index, (models, ..)): (usize, &(&[&str], &str, _))| {
            Ok((owned(models), compiled_correction(index)?.clone()))
        };
        compiled::RULES.iter().enumerate().map(ruled).collect()
    }

    /// Returns the facts about a model beside its schema, even if it has none or an unreadable one.
    ///
    /// # Errors
    /// Fails if the model is unknown, or its file cannot be read.
    pub fn info(&self, id: &str) -> Result<Info, Error> {
        let document = self.document(id)?;
        read::info(&document, &self.shared(&document), &self.corrections_for(id, &document)?)
    }

    /// Returns upstream's schema of a model's input or output, with shared parts inlined and no correction applied.
    ///
    /// `side` is `input` or `output`.
    ///
    /// # Errors
    /// Fails if the model is unknown, or its file cannot be read.
    pub fn upstream_schema(&self, id: &str, side: &str) -> Result<Option<Value>, Error> {
        let document = self.document(id)?;
        let shared = self.shared(&document);
        Ok(document.value.get(side).map(|schema| inline(schema, &shared)))
    }

    /// Returns the decisions about shared types that are recorded beside a document. Those about the snapshot are part of the
    /// corrections.
    fn decided(&self, document: &Document) -> Decided {
        let folder = match (&document.path, &self.folder) {
            (None, _) => None,
            (Some(_), Some(folder)) => Some(folder.as_path()),
            (Some(path), None) => path.parent(),
        };
        Decided::of(folder)
    }

    fn shared(&self, document: &Document) -> Shared {
        match (&document.path, &self.folder) {
            (Some(_), Some(folder)) => Shared::folder(&folder.join("shared")),
            (Some(path), None) => {
                Shared::folder(&path.parent().map_or_else(|| PathBuf::from("shared"), |folder| folder.join("shared")))
            }
            (None, _) => Shared::Embedded,
        }
    }
}

/// Returns all corrections, with the patterns of the models they apply to.
///
/// # Errors
/// Fails if the compiled corrections are invalid.
pub fn corrections() -> Result<Vec<(&'static [&'static str], Correction)>, Error> {
    compiled::RULES.iter().map(|(models, text, _)| Ok((*models, Correction::parse(text)?))).collect()
}

/// Returns a shared type as the type of a model, and its index. The shared types are generated from this.
///
/// # Errors
/// Fails if there is no such type, or if what it sends or reads is not an object, an enum or a union.
pub fn shape(name: &str) -> Result<(Model, usize), Error> {
    read::shape(name)
}

/// Returns a compiled correction, which is parsed once per process.
fn compiled_correction(index: usize) -> Result<&'static Correction, Error> {
    type Parsed = Box<[OnceLock<Result<Correction, Error>>]>;
    static PARSED: OnceLock<Parsed> = OnceLock::new();
    let parsed = PARSED.get_or_init(|| compiled::RULES.iter().map(|_| OnceLock::new()).collect());
    let (Some(slot), Some((_, text, decided))) = (parsed.get(index), compiled::RULES.get(index)) else {
        return Err(Error::NotJson { place: "the corrections".to_owned(), cause: format!("no correction {index}") });
    };
    slot.get_or_init(|| Ok(Correction { decided, ..Correction::parse(text)? })).as_ref().map_err(Clone::clone)
}
