//! The intermediate form: a model as named types, fields and facts, independent of both JSON Schema and Rust.

use serde_json::{Map, Value};

use crate::Bounds;

/// A model of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The model's ID, `@cf/author/name`.
    pub id: String,
    /// The facts beside its schema.
    pub info: Info,
    /// Its input.
    pub input: Input,
    /// Its output.
    pub output: Output,
    /// The named types of the input and the output.
    pub types: Vec<Type>,
    /// The parts of the schema that could not be expressed exactly, each with what was done instead.
    pub notes: Vec<Note>,
}

/// The facts about a model beside its schema.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Info {
    /// The task, as the catalog names it.
    pub task: String,
    /// The context window: the maximum number of input and output tokens together.
    pub context_window: Option<u64>,
    /// A smaller limit that the service was reported to enforce, although the catalog has the other.
    pub reported_context_window: Option<u64>,
    /// The maximum number of input tokens.
    pub max_input_tokens: Option<u64>,
    /// The dimension of an embedding.
    pub output_dimensions: Option<u64>,
    /// Its prices.
    pub prices: Vec<Price>,
    /// The rate limit: requests per minute and account.
    pub requests_per_minute: Option<u64>,
    /// The model's capabilities, sorted.
    pub capabilities: Vec<Capability>,
    /// Its deprecation, if one is planned.
    pub deprecation: Option<Deprecation>,
    /// The date on which it was added, `YYYY-MM-DD`.
    pub created: Option<String>,
    /// The URL of its terms.
    pub terms: Option<String>,
    /// The model is in beta.
    pub beta: bool,
    /// A partner hosts the model.
    pub partner: bool,
    /// The model requires the paid plan.
    pub paid_plan_only: bool,
    /// The languages it supports, as the catalog names them.
    pub languages: Vec<String>,
}

/// A price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The amount, as an exact decimal.
    pub amount: String,
    /// The currency, usually `USD`.
    pub currency: String,
    /// The unit that is billed, in the catalog's words (`per M input tokens`).
    pub unit: String,
    /// The catalog's name of the price, if it has one.
    pub label: Option<String>,
    /// The requests that it is for, by their number of input tokens: more than the first, and at most the second.
    pub tokens: Option<(u64, Option<u64>)>,
}

impl Price {
    /// Returns its label, or its unit if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.unit)
    }
}

/// A planned deprecation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// The date had passed when the model's facts were retrieved.
    pub passed: bool,
    /// The ID of the recommended successor, if one is recorded.
    pub successor: Option<String>,
}

/// A capability of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub enum Capability {
    Run,
    Streaming,
    Batch,
    Tools,
    Vision,
    Lora,
    Realtime,
    TextEmbedding,
    Reasoning,
    JsonMode,
    GatewayCompatible,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 11] = [
        Self::Run,
        Self::Streaming,
        Self::Batch,
        Self::Tools,
        Self::Vision,
        Self::Lora,
        Self::Realtime,
        Self::TextEmbedding,
        Self::Reasoning,
        Self::JsonMode,
        Self::GatewayCompatible,
    ];

    /// Returns the name of its trait.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::Streaming => "Streaming",
            Self::Batch => "Batch",
            Self::Tools => "Tools",
            Self::Vision => "Vision",
            Self::Lora => "Lora",
            Self::Realtime => "Realtime",
            Self::TextEmbedding => "TextEmbedding",
            Self::Reasoning => "Reasoning",
            Self::JsonMode => "JsonMode",
            Self::GatewayCompatible => "GatewayCompatible",
        }
    }
}

/// A part of a schema that could not be expressed exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// JSON pointer into the model's file.
    pub pointer: String,
    /// The loss, and what is accepted instead.
    pub text: String,
}

/// The input of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Input {
    /// All fields of all alternatives, required ones first.
    pub fields: Vec<Field>,
    /// The alternatives, if there are several.
    pub alternatives: Vec<Alternative>,
    /// The form of the request body.
    pub body: Body,
    /// The inputs of a batch, if the model takes batches.
    pub batch: Option<Batch>,
    /// The default of the `stream` member, if there is one.
    pub stream: Option<bool>,
    /// The schema allows members that it does not name.
    pub open: bool,
}

/// One of several ways to call a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The [name](Field::name) of the field that selects it.
    pub key: String,
    /// The index of the output that answers it.
    pub output: Option<usize>,
}

/// The inputs of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The type of each.
    pub item: BatchItem,
    /// The bounds of the list of them.
    pub bounds: Bounds,
    /// The schema describes batches. Otherwise only a flag says that the model takes them.
    pub described: bool,
}

/// The type of an input of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchItem {
    /// An ordinary input.
    Input,
    /// A type of its own, as an index into [`Model::types`].
    Type(usize),
}

/// The form of a request body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Body {
    /// A JSON object.
    #[default]
    Json,
    /// A multipart form.
    Form,
    /// The bytes of one field; the others become query parameters.
    Raw {
        /// The wire name of that field.
        field: String,
    },
    /// A JSON object over the binding; over REST, the bytes of one field.
    Bytes {
        /// The wire name of that field.
        field: String,
    },
}

/// The output of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Output {
    /// The outputs that are JSON.
    pub json: Vec<Answer>,
    /// The content type of the output that is binary, if there is one.
    pub binary: Option<String>,
    /// The output can be an event stream.
    pub events: bool,
    /// The output can be the ID of a queued request.
    pub queued: bool,
}

/// One JSON output of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The name that distinguishes it from the others: `Query`, `Chat`.
    pub name: String,
    /// Its type.
    pub place: Place,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name in the schema and in requests.
    pub wire: String,
    /// The name for users: the wire name, unless a correction renames the field. It need not be a Rust identifier.
    pub name: String,
    /// The type of its value.
    pub place: Place,
    /// Whether it must be present.
    pub presence: Presence,
    /// The schema requires it, and it can be null: null is a value, and not the same as nothing.
    pub keeps_null: bool,
    /// The reason why it is required, if a correction requires it.
    pub why: Option<String>,
    /// Its description.
    pub doc: Option<Doc>,
    /// The default that the service uses if it is absent.
    pub default: Option<Value>,
    /// The indexes of the alternatives that have it. Empty means all.
    pub alternatives: Vec<usize>,
    /// The JSON pointer of its schema.
    pub pointer: String,
}

/// The description of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doc {
    /// From our glossary: Markdown.
    Glossary(&'static str),
    /// From upstream's schema: plain text, to be escaped.
    Upstream(String),
}

impl Doc {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Glossary(text) => text,
            Self::Upstream(text) => text,
        }
    }
}

/// Whether a member must be present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The caller must set it, or the service always returns it.
    Required,
    /// The schema requires it and has a default, which is sent if the caller sets nothing.
    Defaulted,
    /// It can be absent.
    Optional,
}

/// The type and the bounds of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its kind.
    pub kind: Kind,
    /// Its bounds.
    pub bounds: Bounds,
    /// The value can be null.
    pub nullable: bool,
    /// Bounds inside a [`Kind::Shape`], by their path from it: `[].content`.
    pub inside: Vec<(String, Bounds)>,
    /// The keywords of its schema that an input is not checked against.
    pub unchecked: Vec<&'static str>,
}

/// The kind of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A boolean.
    Boolean,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    Object,
    /// A constant: no other value is valid.
    Constant(Value),
    /// A list.
    List(Box<Place>),
    /// An object with arbitrary keys.
    Map(Box<Place>),
    /// One value, or a list of values.
    OneOrMany(Box<Place>),
    /// A named type, as an index into [`Model::types`].
    Type(usize),
    /// A shared type, by its name in the types crate.
    Shape(String),
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// Its name, without the model's: `Tool`, `Word`.
    pub name: String,
    /// The side that it belongs to.
    pub side: Side,
    /// Its definition.
    pub form: Form,
    /// The JSON pointer of its schema.
    pub pointer: String,
}

/// The two sides of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub enum Side {
    Input,
    Output,
}

/// The definition of a named type.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// An object.
    Object {
        /// Its members, required ones first.
        fields: Vec<Field>,
        /// The schema allows others.
        open: bool,
        /// The schema forbids others.
        closed: bool,
    },
    /// An enum of strings.
    Enum {
        /// The values.
        values: Vec<String>,
    },
    /// A union of types.
    Union {
        /// The types it can be.
        variants: Vec<Variant>,
    },
}

/// One of the types of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Its type.
    pub place: Place,
    /// The member and value that distinguish it from the others.
    pub tag: Option<(String, String)>,
}

impl Place {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, bounds: Bounds::default(), nullable: false, inside: Vec::new(), unchecked: Vec::new() }
    }
}

impl Model {
    /// Returns the default width and height of an image, if the schema has them.
    #[must_use]
    pub fn image_size(&self) -> Option<(u32, u32)> {
        let default = |wire: &str| {
            let field = self.input.fields.iter().find(|field| field.wire == wire)?;
            u32::try_from(field.default.as_ref()?.as_u64()?).ok()
        };
        Some((default("width")?, default("height")?))
    }

    /// Returns whether the model has a capability.
    #[must_use]
    pub fn can(&self, capability: Capability) -> bool {
        self.info.capabilities.contains(&capability)
    }
}

/// Returns the members of a JSON object, or none.
pub(crate) fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).map(Map::iter).into_iter().flatten()
}
