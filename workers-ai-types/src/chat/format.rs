//! The form that an answer must have, in both envelopes.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// The form that an answer must have.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Any JSON object.
    JsonObject,
    /// JSON that is valid under a schema.
    JsonSchema {
        /// A name for the schema; some models want one.
        name: String,
        /// The JSON Schema.
        schema: Value,
    },
}

impl ResponseFormat {
    /// JSON that is valid under a schema.
    #[must_use]
    pub fn json_schema(name: impl Into<String>, schema: impl Into<Value>) -> Self {
        Self::JsonSchema { name: name.into(), schema: schema.into() }
    }
}

/// The schema as it is, for models of the service's own text schema.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeFormat(pub ResponseFormat);

/// The schema in an envelope with its name, for models of the newer chat schema.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenAiFormat(pub ResponseFormat);

impl From<ResponseFormat> for NativeFormat {
    fn from(format: ResponseFormat) -> Self {
        Self(format)
    }
}

impl From<ResponseFormat> for OpenAiFormat {
    fn from(format: ResponseFormat) -> Self {
        Self(format)
    }
}

impl Serialize for NativeFormat {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            ResponseFormat::JsonObject => json!({ "type": "json_object" }).serialize(to),
            ResponseFormat::JsonSchema { schema, .. } => {
                json!({ "type": "json_schema", "json_schema": schema }).serialize(to)
            }
        }
    }
}

impl Serialize for OpenAiFormat {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            ResponseFormat::JsonObject => json!({ "type": "json_object" }).serialize(to),
            ResponseFormat::JsonSchema { name, schema } => {
                let envelope = json!({ "name": name, "schema": schema, "strict": true });
                json!({ "type": "json_schema", "json_schema": envelope }).serialize(to)
            }
        }
    }
}

impl crate::object::Wire for NativeFormat {}
impl crate::object::Wire for OpenAiFormat {}
