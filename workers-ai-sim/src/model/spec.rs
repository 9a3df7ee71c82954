//! The facts about a model that the simulator uses, read from the catalog.

use serde_json::Value;
use workers_ai_catalog::{Body, Capability, Catalog, Error, Kind, Presence};

use super::schema::Schema;

/// A model of the catalog.
pub(crate) struct ModelSpec {
    pub(crate) id: String,
    pub(crate) task: String,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) dimensions: Option<usize>,
    pub(crate) body: Body,
    /// `None` if every input is accepted.
    pub(crate) schema: Option<Schema>,
    /// Members that corrections require beyond the schema: the name on the wire, and whether it is an integer.
    pub(crate) required: Vec<(String, bool)>,
    /// The schemas of JSON outputs.
    pub(crate) outputs: Vec<Value>,
    /// The content type of an output that is bytes.
    pub(crate) binary: Option<String>,
}

impl ModelSpec {
    /// Reads a model of a catalog.
    pub(crate) fn read(catalog: &Catalog, id: &str) -> Result<Self, Error> {
        let info = catalog.info(id)?;
        let upstream = |side| catalog.upstream_schema(id, side).ok().flatten();
        let mut spec = Self {
            id: id.to_owned(),
            task: info.task.clone(),
            dimensions: info.output_dimensions.and_then(|count| usize::try_from(count).ok()),
            capabilities: info.capabilities,
            body: Body::Json,
            schema: upstream("input").as_ref().map(Schema::new),
            required: Vec::new(),
            outputs: Vec::new(),
            binary: None,
        };
        if let Some(output) = upstream("output") {
            spec.sort_outputs(&output);
        }
        // A model without a readable schema takes anything.
        if let Ok(model) = catalog.model(id) {
            let beyond = model.input.fields.iter().filter(|field| {
                field.presence == Presence::Required && field.why.is_some() && field.alternatives.is_empty()
            });
            spec.required =
                beyond.map(|field| (field.wire.clone(), matches!(field.place.kind, Kind::Integer))).collect();
            spec.body = model.input.body;
            spec.capabilities = model.info.capabilities;
            spec.binary = spec.binary.or(model.output.binary);
        }
        Ok(spec)
    }

    /// Tells JSON outputs from bytes, event streams and receipts of the queue.
    fn sort_outputs(&mut self, output: &Value) {
        if let Some(branches) = ["oneOf", "anyOf"].iter().find_map(|name| output.get(*name)?.as_array()) {
            for branch in branches {
                self.sort_outputs(branch);
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
                    self.outputs.push(output.clone());
                }
            }
        }
    }

    /// Returns whether the model has a capability.
    pub(crate) fn supports(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Returns whether the model answers with a text.
    pub(crate) fn is_chat(&self) -> bool {
        self.task == "Text Generation" && self.output_with("answers").is_none()
    }

    /// Returns the schema of the first JSON output that has this member.
    pub(crate) fn output_with(&self, member: &str) -> Option<&Value> {
        self.outputs.iter().find(|output| output.pointer(&format!("/properties/{member}")).is_some())
    }

    /// Returns the length of the model's vectors, falling back to a plausible one.
    pub(crate) fn vector_length(&self) -> usize {
        self.dimensions.unwrap_or(match self.id.as_str() {
            id if id.contains("embeddinggemma") => 768,
            id if id.contains("plamo") => 2048,
            _ => 1024,
        })
    }
}
