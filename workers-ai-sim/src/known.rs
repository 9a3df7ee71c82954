//! What the catalog knows of a model, as far as the server needs it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use serde_json::Value;
use workers_ai_catalog::{Body, Capability, Catalog, Kind, Presence};

use crate::{
    answer::refuse,
    envelope::Refusal,
    validate::{Schema, kind},
};

/// A model of the catalog.
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) task: String,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) dimensions: Option<usize>,
    pub(crate) body: Body,
    /// `None`: everything is taken.
    pub(crate) schema: Option<Schema>,
    /// What corrections require beyond the schema: the name on the wire, and whether it is a whole number.
    pub(crate) required: Vec<(String, bool)>,
    /// The JSON answers' schemas.
    pub(crate) answers: Vec<Value>,
    /// The content type of an answer that is bytes.
    pub(crate) binary: Option<String>,
}

impl Known {
    /// The model of that id.
    pub(crate) fn find(id: &str) -> Result<Arc<Self>, Refusal> {
        static KNOWN: OnceLock<Mutex<HashMap<String, Arc<Known>>>> = OnceLock::new();
        let known = KNOWN.get_or_init(Mutex::default);
        if let Some(found) = known.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(found.clone());
        }
        let found = Arc::new(Self::read(id)?);
        known.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), found.clone());
        Ok(found)
    }

    fn read(id: &str) -> Result<Self, Refusal> {
        let no_such = || Refusal::new(5007, format!("AiError: No such model {id} or task"));
        let catalog = Catalog::embedded();
        let info = catalog.info(id).map_err(|_| no_such())?;
        let upstream = |side| catalog.upstream_schema(id, side).ok().flatten();
        let mut known = Self {
            id: id.to_owned(),
            task: info.task.clone(),
            dimensions: info.output_dimensions.and_then(|count| usize::try_from(count).ok()),
            capabilities: info.capabilities,
            body: Body::Json,
            schema: upstream("input").as_ref().map(Schema::new),
            required: Vec::new(),
            answers: Vec::new(),
            binary: None,
        };
        if let Some(output) = upstream("output") {
            known.sort_answers(&output);
        }
        // A model without a readable schema takes anything.
        if let Ok(model) = catalog.model(id) {
            let beyond = model.input.fields.iter().filter(|field| {
                field.presence == Presence::Required && field.why.is_some() && field.alternatives.is_empty()
            });
            known.required =
                beyond.map(|field| (field.wire.clone(), matches!(field.place.kind, Kind::Integer))).collect();
            known.body = model.input.body;
            known.capabilities = model.info.capabilities;
            known.binary = known.binary.or(model.output.binary);
        }
        Ok(known)
    }

    /// Tells JSON answers from bytes, streams and tickets of the queue.
    fn sort_answers(&mut self, output: &Value) {
        if let Some(branches) = ["oneOf", "anyOf"].iter().find_map(|name| output.get(*name)?.as_array()) {
            for branch in branches {
                self.sort_answers(branch);
            }
            return;
        }
        let content_type = output.get("contentType").and_then(Value::as_str);
        let binary = output.get("format").and_then(Value::as_str) == Some("binary");
        match content_type {
            Some("text/event-stream") => {}
            Some(of) if binary || !of.contains("json") => self.binary = Some(of.to_owned()),
            _ if binary => {}
            _ => {
                let properties = output.get("properties").and_then(Value::as_object);
                if !properties.is_some_and(|all| all.len() == 1 && all.contains_key("request_id")) {
                    self.answers.push(output.clone());
                }
            }
        }
    }

    /// Whether the model can do that.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// The first JSON answer that has such a member.
    pub(crate) fn answer_with(&self, member: &str) -> Option<&Value> {
        self.answers.iter().find(|answer| answer.pointer(&format!("/properties/{member}")).is_some())
    }

    /// The length of the model's vectors, also where the catalog does not say it.
    pub(crate) fn vector_length(&self) -> usize {
        self.dimensions.unwrap_or(match self.id.as_str() {
            id if id.contains("embeddinggemma") => 768,
            id if id.contains("plamo") => 2048,
            _ => 1024,
        })
    }

    /// Checks an input with the schema and the corrections.
    pub(crate) fn check(&self, input: &Value) -> Result<(), Refusal> {
        // Schemas of models that take bytes say nothing of objects.
        if !input.is_object() {
            return Err(Refusal::invalid(&format!("Type mismatch of '/', 'object' not in '{}'", kind(input))));
        }
        if let Some(schema) = &self.schema {
            schema.check(input).map_err(|detail| refused(input, &detail))?;
        }
        if self.task == "Text Generation" {
            refuse::check(self, input)?;
        }
        self.check_required(input)
    }

    /// Checks what corrections require.
    pub(crate) fn check_required(&self, input: &Value) -> Result<(), Refusal> {
        match self.required.iter().find(|(name, _)| input.get(name).is_none_or(Value::is_null)) {
            Some((name, true)) => Err(Refusal::new(1000, format!("AiError: int32 parameter `{name}` is undefined"))),
            Some((name, false)) => Err(Refusal::invalid(&format!("required properties at '/' are '{name}'"))),
            None => Ok(()),
        }
    }
}

/// What is said of an input that breaks its schema.
fn refused(input: &Value, detail: &str) -> Refusal {
    let both = ["prompt", "messages"].iter().all(|name| input.get(name).is_some());
    if both && detail.ends_with("2 matches") {
        return Refusal::new(1001, "AiError: Bad input: prompt and messages exclude each other");
    }
    Refusal::invalid(detail)
}
