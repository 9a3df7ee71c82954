//! A model with its Rust names and types decided: all that the expansion needs to know, and no tokens yet.

use workers_ai_catalog::{Bounds, Doc, Presence};

/// A model in Rust.
pub(crate) struct Plan<'m> {
    pub(crate) model: &'m workers_ai_catalog::Model,
    /// The user's name for it, which every generated name starts with.
    pub(crate) name: String,
    pub(crate) input: Builder,
    pub(crate) output: Output,
    pub(crate) types: Vec<Local>,
    /// The type of one item of a batch, where it is not the input.
    pub(crate) batch_item: Option<usize>,
}

/// A type generated beside the model.
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) form: LocalForm,
}

pub(crate) enum LocalForm {
    /// An object of the input, with a builder.
    Built(Builder),
    /// An object of the output.
    Read(Object),
    /// A choice of strings; open in outputs.
    Choice { values: Vec<(String, String)>, open: bool },
    /// A choice of types.
    Union { variants: Vec<Variant>, input: bool },
    /// Not generated: nothing of the plan uses it.
    Unused,
}

/// An object that is written to the service.
pub(crate) struct Builder {
    /// The name of the struct.
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    /// Members with one possible value: wire name and value.
    pub(crate) constants: Vec<(String, serde_json::Value)>,
    pub(crate) alternatives: Vec<Alternative>,
}

/// One of several ways to fill an input.
pub(crate) struct Alternative {
    /// The position of the member that chooses it.
    pub(crate) key: usize,
    /// The index of the model's output that answers it.
    pub(crate) output: Option<usize>,
}

/// An object that is read from the service.
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    /// Whether members that the schema does not name are kept.
    pub(crate) open: bool,
}

/// A member of an object.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) wire: String,
    pub(crate) ty: Ty,
    pub(crate) presence: Presence,
    pub(crate) why: Option<String>,
    pub(crate) doc: Option<Doc>,
    pub(crate) default: Option<serde_json::Value>,
    pub(crate) bounds: Bounds,
    /// The alternatives that have it, as a bit set; 0: all.
    pub(crate) alternatives: u32,
    /// The capability that it needs and the model lacks.
    pub(crate) missing: Option<MissingCapability>,
}

/// A capability that a member needs and the model lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingCapability {
    Tools,
    Lora,
}

pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    /// A member and value that tell it from the others.
    pub(crate) tag: Option<(String, String)>,
    /// Members that must be there for it.
    pub(crate) required: Vec<String>,
}

/// A Rust type.
#[derive(Clone, PartialEq)]
pub(crate) enum Ty {
    Bool,
    /// An integer type by its name.
    Int(&'static str),
    Number,
    String,
    Json,
    /// Any JSON object.
    Object,
    List(Box<Ty>),
    Map(Box<Ty>),
    OneOrMany(Box<Ty>),
    /// An index into [`Plan::types`].
    Local(usize),
    Shape(Shape),
    /// A recursive place.
    Boxed(Box<Ty>),
}

/// A type written by hand in the types crate.
#[derive(Clone, PartialEq)]
pub(crate) enum Shape {
    /// Messages whose content is of that marker type.
    Messages(String),
    Tools {
        /// Whether every argument must have a description.
        described: bool,
    },
    Effort(Vec<String>),
    Pooling,
    /// Any other, by its name.
    Named(String),
}

/// What a model answers.
pub(crate) enum Output {
    /// One JSON answer that is an object.
    Object(Object),
    /// One JSON answer of a type of its own.
    Single(Ty),
    /// One of several JSON answers: variant name and type.
    Several(Vec<(String, Answer)>),
    /// Bytes.
    Media(Media),
    /// An object with one media member, or those bytes alone.
    Either(Object, Media),
}

pub(crate) enum Answer {
    Object(Object),
    Type(Ty),
}

/// What bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Image,
    Audio,
    File,
}
