//! The intermediate form: one model as named types, fields and facts, with no Rust in it and no JSON Schema left.

use serde_json::{Map, Value};

/// A model of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The id that the service knows it by, `@cf/author/name`.
    pub id: String,
    /// What is known of it beside its schema.
    pub info: Info,
    /// What it takes.
    pub input: Input,
    /// What it answers.
    pub output: Output,
    /// The named types of input and output.
    pub types: Vec<Type>,
    /// What of the schema could not be expressed exactly, and what was done instead.
    pub notes: Vec<Note>,
}

/// What is known of a model beside its schema.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Info {
    /// The task's name, as the catalog has it.
    pub task: String,
    /// Tokens of input and output together.
    pub context_window: Option<u64>,
    /// Tokens of input.
    pub max_input_tokens: Option<u64>,
    /// The length of a vector.
    pub output_dimensions: Option<u64>,
    /// Prices as exact decimals.
    pub prices: Vec<Price>,
    /// Requests a minute and account.
    pub requests_per_minute: Option<u64>,
    /// What the model can do, sorted.
    pub capabilities: Vec<Capability>,
    /// When it will go, and what replaces it.
    pub deprecation: Option<Deprecation>,
    /// The day it appeared, `YYYY-MM-DD`.
    pub created: Option<String>,
    /// Where its terms stand.
    pub terms: Option<String>,
    /// Whether it is in beta.
    pub beta: bool,
    /// Whether a partner runs it.
    pub partner: bool,
    /// Whether it needs the paid plan.
    pub paid_plan_only: bool,
    /// The languages it speaks, as the catalog names them.
    pub languages: Vec<String>,
}

/// A price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// An exact decimal.
    pub amount: String,
    /// Mostly `USD`.
    pub currency: String,
    /// What one pays for, in the catalog's words (`per M input tokens`).
    pub unit: String,
}

/// When a model will go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// The id of the model to use instead, where one is recorded.
    pub successor: Option<String>,
}

/// What a model can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
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

    /// The name of its trait.
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

/// Something that could not be expressed exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// JSON pointer into the model's file.
    pub pointer: String,
    /// What is lost or loosened there.
    pub text: String,
}

/// What a model takes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Input {
    /// All fields of all alternatives, required ones first.
    pub fields: Vec<Field>,
    /// The alternatives, where there are several.
    pub alternatives: Vec<Alternative>,
    /// How a request's body is made of the fields.
    pub body: Body,
    /// What one item of a batch is, where the schema says so.
    pub batch: Option<Batch>,
    /// Whether there is a `stream` member, and its default.
    pub stream: Option<bool>,
    /// Whether the schema itself allows more members than it names.
    pub open: bool,
}

/// One of several ways to call a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The [name](Field::name) of the field that decides for it.
    pub key: String,
    /// Which of the model's outputs it is answered with.
    pub output: Option<usize>,
}

/// One item of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// An ordinary input.
    Input,
    /// An object of its own.
    Type(usize),
}

/// How a request's body is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Body {
    /// A JSON object.
    #[default]
    Json,
    /// A multipart form.
    Form,
    /// One field as it is, the others beside it.
    Raw {
        /// The wire name of that field.
        field: String,
    },
    /// A JSON object over the binding; over REST one field as it is, the others beside it.
    Bytes {
        /// The wire name of that field.
        field: String,
    },
}

/// What a model answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Output {
    /// JSON answers.
    pub json: Vec<Answer>,
    /// The content type of an answer that is bytes.
    pub binary: Option<String>,
    /// Whether it can answer with a stream of events.
    pub events: bool,
    /// Whether it can answer that the request was queued.
    pub queued: bool,
}

/// A JSON answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What tells it from the others: `Query`, `Chat`.
    pub name: String,
    /// What it is.
    pub place: Place,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name for people; the wire's, unless a correction says otherwise. Not yet a Rust identifier.
    pub name: String,
    /// What it holds.
    pub place: Place,
    /// Whether it must be there.
    pub presence: Presence,
    /// Why, where a correction says that it must.
    pub why: Option<String>,
    /// Its description.
    pub doc: Option<Doc>,
    /// What upstream assumes where it is absent.
    pub default: Option<Value>,
    /// The alternatives that have it, as indexes; empty: all.
    pub alternatives: Vec<usize>,
    /// JSON pointer of its schema.
    pub pointer: String,
}

/// The description of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doc {
    /// From our glossary: Markdown, as it is.
    Glossary(&'static str),
    /// From upstream's schema: prose that must be escaped.
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

/// Whether a member must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The caller gives it, or the service always does.
    Required,
    /// Required by the schema, which has a default: sent without being asked for.
    Defaulted,
    /// It may be absent.
    Optional,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its kind.
    pub kind: Kind,
    /// Its bounds.
    pub bounds: Bounds,
    /// Whether null may stand there.
    pub nullable: bool,
    /// Bounds inside a [`Kind::Shape`], by their path from here: `[].content`.
    pub inside: Vec<(String, Bounds)>,
}

/// The kind of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// true or false
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// Any JSON.
    Json,
    /// Any JSON object.
    Object,
    /// The one value that may stand there.
    Constant(Value),
    /// A list.
    List(Box<Place>),
    /// An object with members of any name.
    Map(Box<Place>),
    /// One, or a list of several.
    OneOrMany(Box<Place>),
    /// An index into [`Model::types`].
    Type(usize),
    /// A type written by hand, by its name in the types crate.
    Shape(String),
}

/// Bounds of a value.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "JSON Schema's own names")]
pub struct Bounds {
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub min_members: Option<u64>,
    pub max_members: Option<u64>,
    pub pattern: Option<String>,
    /// The values that may stand here, where the kind itself does not say so.
    pub values: Vec<String>,
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// What a person would call it, without the model's name: `Tool`, `Word`.
    pub name: String,
    /// Whether it belongs to the input or to the output.
    pub side: Side,
    /// What it is.
    pub form: Form,
    /// JSON pointer of its schema.
    pub pointer: String,
}

/// The two sides of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Side {
    Input,
    Output,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// An object.
    Object {
        /// Its members, required ones first.
        fields: Vec<Field>,
        /// Whether the schema says that there may be more.
        open: bool,
    },
    /// A choice of strings.
    Enum {
        /// The values.
        values: Vec<String>,
    },
    /// A choice of types.
    Union {
        /// What it may be.
        variants: Vec<Variant>,
    },
}

/// One of the types a union may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// What a person would call it.
    pub name: String,
    /// What it is.
    pub place: Place,
    /// The member and value that tell it from the others.
    pub tag: Option<(String, String)>,
}

impl Place {
    pub(crate) fn of(kind: Kind) -> Self {
        Self { kind, bounds: Bounds::default(), nullable: false, inside: Vec::new() }
    }
}

impl Model {
    /// Whether the model can do that.
    #[must_use]
    pub fn can(&self, capability: Capability) -> bool {
        self.info.capabilities.contains(&capability)
    }
}

/// The members of a JSON object, or none.
pub(crate) fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).map(Map::iter).into_iter().flatten()
}
