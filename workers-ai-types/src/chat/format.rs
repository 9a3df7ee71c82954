//! The format of a response, in both envelopes.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Value, json};

/// The format that a response must have.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Any JSON object.
    JsonObject,
    /// JSON that matches a schema.
    JsonSchema {
        /// The name of the schema, which some models require.
        name: String,
        /// The JSON Schema.
        schema: Value,
    },
}

impl ResponseFormat {
    /// JSON that matches a schema.
    #[must_use]
    pub fn json_schema(name: impl Into<String>, schema: impl Into<Value>) -> Self {
        Self::JsonSchema { name: name.into(), schema: schema.into() }
    }
}

/// The schema as it is, for models with the service's own schema.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeFormat(pub ResponseFormat);

/// The schema in an envelope with its name, for models with OpenAI's schema.
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

/// Reads either envelope.
fn read<'de, D: Deserializer<'de>>(from: D) -> Result<ResponseFormat, D::Error> {
    let mut format = Value::deserialize(from)?;
    let schema = format.get_mut("json_schema").map(Value::take);
    match (format.get("type").and_then(Value::as_str), schema) {
        (Some("json_object"), _) => Ok(ResponseFormat::JsonObject),
        (Some("json_schema"), Some(mut schema)) => {
            let name = schema.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let schema = match schema.get_mut("schema").map(Value::take) {
                Some(inner) if !name.is_empty() => inner,
                _ => schema,
            };
            Ok(ResponseFormat::JsonSchema { name, schema })
        }
        (other, _) => Err(D::Error::custom(format_args!("`{}` is not a response format", other.unwrap_or_default()))),
    }
}

impl<'de> Deserialize<'de> for NativeFormat {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read(from).map(Self)
    }
}

impl<'de> Deserialize<'de> for OpenAiFormat {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read(from).map(Self)
    }
}

impl crate::wire::Wire for NativeFormat {}
impl crate::wire::Wire for OpenAiFormat {}
