//! What models the account has, as the service lists them.

use std::{collections::BTreeMap, future::IntoFuture};

use http::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::{Error, WorkersAi, call::account, error::undecodable, transport::maybe_send::BoxFuture};

/// A model as the service lists it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ListedModel {
    /// The id that it is called by.
    pub id: String,
    /// The task's name.
    pub task: String,
    /// What the service says of it.
    pub description: String,
    /// Everything else: `context_window`, `price` and the like.
    pub properties: BTreeMap<String, Value>,
}

impl ListedModel {
    /// Whether a property is there and says yes.
    #[must_use]
    pub fn supports(&self, property: &str) -> bool {
        self.properties.get(property).is_some_and(|value| *value == true || *value == "true")
    }
}

/// The JSON Schemas of a model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ModelSchema {
    /// What it takes.
    pub input: Value,
    /// What it answers.
    pub output: Value,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    task: Option<Task>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Task {
    name: String,
}

#[derive(Deserialize)]
struct Property {
    property_id: String,
    value: Value,
}

impl From<Entry> for ListedModel {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.name,
            task: entry.task.map(|task| task.name).unwrap_or_default(),
            description: entry.description.unwrap_or_default(),
            properties: entry.properties.into_iter().map(|property| (property.property_id, property.value)).collect(),
        }
    }
}

impl WorkersAi {
    /// Lists models.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// for model in ai.models().task("Text Embeddings").await? {
    ///     println!("{} {:?}", model.id, model.properties.get("output_dimensions"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn models(&self) -> ModelSearch {
        ModelSearch { ai: self.clone(), query: Vec::new() }
    }

    /// The JSON Schemas of a model, as the service has them now.
    ///
    /// # Errors
    /// When the service has no such model, or cannot be asked.
    pub async fn model_schema(&self, id: &str) -> Result<ModelSchema, Error> {
        let query = vec![("model".to_owned(), id.to_owned())];
        let (raw, _) = account(self, Method::GET, "ai/models/schema".to_owned(), None, query).await?;
        serde_json::from_slice(&raw.body).map_err(|error| undecodable("ai/models/schema", &error, &raw))
    }
}

/// A search for models. [`WorkersAi::models`] returns it; awaiting it gives all that are found, page by page.
#[derive(Debug, Clone)]
#[must_use = "a search is made when it is awaited"]
pub struct ModelSearch {
    ai: WorkersAi,
    query: Vec<(String, String)>,
}

impl ModelSearch {
    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Those whose name holds a text.
    pub fn search(self, text: impl Into<String>) -> Self {
        self.with("search", text)
    }

    /// Those for a task.
    pub fn task(self, name: impl Into<String>) -> Self {
        self.with("task", name)
    }

    /// Those by an author.
    pub fn author(self, name: impl Into<String>) -> Self {
        self.with("author", name)
    }

    /// Those that are going to be retired, too.
    pub fn include_deprecated(self) -> Self {
        self.with("include_deprecated", "true")
    }

    /// None that are experimental.
    pub fn hide_experimental(self) -> Self {
        self.with("hide_experimental", "true")
    }
}

impl IntoFuture for ModelSearch {
    type Output = Result<Vec<ListedModel>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        /// More pages than any catalog has.
        const MOST_PAGES: u32 = 1_000;
        Box::pin(async move {
            let mut found: Vec<ListedModel> = Vec::new();
            for page in 1..=MOST_PAGES {
                let mut query = self.query.clone();
                query.extend([("page".to_owned(), page.to_string()), ("per_page".to_owned(), "100".to_owned())]);
                let (raw, _) = account(&self.ai, Method::GET, "ai/models/search".to_owned(), None, query).await?;
                let entries: Vec<Entry> =
                    serde_json::from_slice(&raw.body).map_err(|error| undecodable("ai/models/search", &error, &raw))?;
                // A service that does not know pages gives the first one again.
                let known = entries.first().is_some_and(|entry| found.iter().any(|model| model.id == entry.name));
                if entries.is_empty() || known {
                    break;
                }
                found.extend(entries.into_iter().map(ListedModel::from));
            }
            Ok(found)
        })
    }
}
