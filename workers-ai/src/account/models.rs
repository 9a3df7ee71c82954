//! The models of the account, as the service lists them.

use std::{collections::BTreeMap, future::IntoFuture};

use serde::Deserialize;
use serde_json::Value;

use super::read;
use crate::{
    Error, WorkersAi,
    transport::{BoxFuture, Endpoint, Input, ModelQuery},
};

/// A model as the service lists it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ListedModel {
    /// Its ID.
    pub id: String,
    /// The name of its task.
    pub task: String,
    /// The service's description.
    pub description: String,
    /// Everything else: `context_window`, `price` and the like.
    pub properties: BTreeMap<String, Value>,
}

impl ListedModel {
    /// Returns `true` if the model has this property and its value is true.
    #[must_use]
    pub fn supports(&self, property: &str) -> bool {
        self.properties.get(property).is_some_and(|value| *value == true || *value == "true")
    }
}

/// The JSON Schemas of a model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ModelSchema {
    /// The schema of the input.
    pub input: Value,
    /// The schema of the output.
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

const ROUTE: &str = "model search";

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
        ModelSearch { ai: self.clone(), query: ModelQuery::default() }
    }

    /// Returns the JSON Schemas of a model, as the service has them now.
    ///
    /// # Errors
    /// Fails if the service has no such model, and as every call does.
    pub async fn model_schema(&self, id: &str) -> Result<ModelSchema, Error> {
        read(self, "model schema", Endpoint::ModelSchema(id.to_owned()), Input::None).await
    }
}

/// A search for models. Returned by [`WorkersAi::models`]; awaiting it returns everything found, page by page.
#[derive(Debug, Clone)]
#[must_use = "a search is made when it is awaited"]
pub struct ModelSearch {
    ai: WorkersAi,
    query: ModelQuery,
}

impl ModelSearch {
    /// Finds models whose name contains a text.
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.query.search = Some(text.into());
        self
    }

    /// Finds models for a task.
    pub fn task(mut self, name: impl Into<String>) -> Self {
        self.query.task = Some(name.into());
        self
    }

    /// Finds models by an author.
    pub fn author(mut self, name: impl Into<String>) -> Self {
        self.query.author = Some(name.into());
        self
    }

    /// Includes deprecated models.
    pub fn include_deprecated(mut self) -> Self {
        self.query.include_deprecated = true;
        self
    }

    /// Leaves out experimental models.
    pub fn hide_experimental(mut self) -> Self {
        self.query.hide_experimental = true;
        self
    }
}

impl IntoFuture for ModelSearch {
    type Output = Result<Vec<ListedModel>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        /// More pages than any catalog has.
        const MAX_PAGES: u32 = 1_000;
        const PER_PAGE: u32 = 100;
        Box::pin(async move {
            let mut found: Vec<ListedModel> = Vec::new();
            for page in 1..=MAX_PAGES {
                let query = ModelQuery { page, per_page: PER_PAGE, ..self.query.clone() };
                let entries: Vec<Entry> = read(&self.ai, ROUTE, Endpoint::Models(query), Input::None).await?;
                // A service that does not know pages returns the first one again.
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
