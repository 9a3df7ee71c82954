//! The file of a model: its facts, their source and the day of retrieval.

use serde_json::{Map, Value, json};

/// The facts about a model, in a form that is independent of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Its ID.
    pub id: String,
    /// The name of its task.
    pub task: String,
    /// The day it appeared, `YYYY-MM-DD`.
    pub created: Option<String>,
    /// Its properties by ID.
    pub properties: Map<String, Value>,
    /// The input schema, with shared parts inlined.
    pub input: Option<Value>,
    /// The output schema, with shared parts inlined.
    pub output: Option<Value>,
}

/// Facts with their origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The model's ID.
    pub id: String,
    /// The kind of source: `docs`, `account`, `unified` or `file`.
    pub source: String,
    /// The day these facts were first retrieved, `YYYY-MM-DD`.
    pub retrieved: String,
    /// A hash of the facts.
    pub hash: String,
    /// The facts.
    pub facts: Facts,
}

impl Facts {
    /// Returns a hash that depends on the facts only, not on their source or day.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = json!({
            "id": self.id, "task": self.task, "created": self.created, "properties": self.properties,
            "input": self.input, "output": self.output,
        })
        .to_string();
        let fnv = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv))
    }
}

impl Record {
    /// Creates a record of facts that were retrieved on a day. Unchanged facts keep their origin.
    #[must_use]
    pub fn new(facts: Facts, source: &str, day: &str, old: Option<&Self>) -> Self {
        let hash = facts.hash();
        match old {
            Some(old) if old.hash == hash => Self { facts, ..old.clone() },
            _ => Self { id: facts.id.clone(), source: source.to_owned(), retrieved: day.to_owned(), hash, facts },
        }
    }

    /// Reads a model's file.
    ///
    /// # Errors
    /// Returns a description of the problem.
    pub fn read(value: &Value, inline: impl Fn(&Value) -> Result<Value, String>) -> Result<Self, String> {
        let text = |name: &str| match value.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(format!("has no string `{name}`")),
        };
        let schema = |name: &str| value.get(name).map(&inline).transpose();
        let facts = Facts {
            id: text("id")?,
            task: text("task")?,
            created: value.get("created").and_then(Value::as_str).map(str::to_owned),
            properties: match value.get("properties") {
                Some(Value::Object(properties)) => properties.clone(),
                _ => return Err("has no object `properties`".to_owned()),
            },
            input: schema("input")?,
            output: schema("output")?,
        };
        let hash = text("hash")?;
        Ok(Self { id: facts.id.clone(), source: text("source")?, retrieved: text("retrieved")?, hash, facts })
    }

    /// Returns the content of the file, with these schemas instead of its own.
    #[must_use]
    pub fn value(&self, input: Option<Value>, output: Option<Value>) -> Value {
        let mut value = json!({
            "id": self.id, "source": self.source, "retrieved": self.retrieved, "hash": self.hash,
            "task": self.facts.task, "properties": self.facts.properties,
        });
        let mut add = |name: &str, member: Option<Value>| {
            if let Some(member) = member {
                value[name] = member;
            }
        };
        add("created", self.facts.created.clone().map(Value::String));
        add("input", input);
        add("output", output);
        value
    }
}
