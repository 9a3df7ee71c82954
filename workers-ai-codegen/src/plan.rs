//! The plan of an expansion: a model with all Rust names and types decided, but no tokens yet.

use workers_ai_catalog::{Bounds, Capability, Doc, Presence};

use crate::names::{self, accepted_trait};

/// A model as Rust types.
pub(crate) struct Plan<'m> {
    pub(crate) model: &'m workers_ai_catalog::Model,
    /// The name of the user's struct, which is the prefix of every generated name.
    pub(crate) name: String,
    pub(crate) input: Builder,
    pub(crate) output: Output,
    pub(crate) types: Vec<Local>,
    /// The type of a batch item, if it is not the input.
    pub(crate) batch_item: Option<usize>,
    /// The position of the member with the messages, if the model is a chat model.
    pub(crate) chat: Option<usize>,
    /// The facts about the models, if it is a set of several.
    pub(crate) set: Option<SetPlan>,
}

/// The models of a set.
pub(crate) struct SetPlan {
    /// The capabilities that only some of the models have, each with those that lack it: `` `Assistant::Gemma` (@cf/…) ``.
    pub(crate) lacking: Vec<(Capability, Vec<String>)>,
    /// Whether responses can have a format that some models take in an envelope, and others do not.
    pub(crate) formats_differ: bool,
}

impl SetPlan {
    /// Returns the models that lack a capability, and whether they are several.
    pub(crate) fn lacking(&self, capability: Capability) -> Option<(String, bool)> {
        let (_, models) = self.lacking.iter().find(|(of, _)| *of == capability)?;
        Some((models.join(" and "), models.len() > 1))
    }
}

impl Plan<'_> {
    /// Returns the name of the output's type.
    pub(crate) fn output_name(&self) -> String {
        format!("{}Output", self.name)
    }

    /// Returns whether a type of the output names the model's, as embeddings do.
    pub(crate) fn output_names_model(&self) -> bool {
        let has = |object: &Object| object.members.iter().any(|member| member.ty.names_model());
        let answer = match &self.output {
            Output::Object(object) | Output::Either(object, _) => has(object),
            Output::Single(single) => single.names_model(),
            Output::Several(answers) => answers.iter().any(|(_, answer)| match answer {
                Answer::Object(object) => has(object),
                Answer::Type(of) => of.names_model(),
            }),
            Output::Media(_) => false,
        };
        answer
            || self.types.iter().any(|local| match &local.form {
                LocalForm::Read(object) => has(object),
                LocalForm::Union { variants, .. } => variants.iter().any(|variant| variant.ty.names_model()),
                LocalForm::Built(_) | LocalForm::Choice { .. } | LocalForm::Unused => false,
            })
    }
}

/// A type that is generated for the model.
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) form: LocalForm,
}

impl Local {
    /// Returns whether it belongs to the output.
    pub(crate) fn is_of_output(&self) -> bool {
        matches!(
            self.form,
            LocalForm::Read(_) | LocalForm::Choice { open: true, .. } | LocalForm::Union { input: false, .. }
        )
    }

    /// Returns all names that are generated for the type.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.form {
            LocalForm::Built(builder) => builder.names(),
            LocalForm::Unused => Vec::new(),
            LocalForm::Choice { open: false, .. } => vec![self.name.clone(), accepted_trait(&self.name)],
            LocalForm::Read(_) | LocalForm::Choice { .. } | LocalForm::Union { .. } => vec![self.name.clone()],
        }
    }
}

pub(crate) enum LocalForm {
    /// An object of the input, with a builder.
    Built(Builder),
    /// An object of the output.
    Read(Object),
    /// An enum of strings; open in outputs.
    Choice { values: Vec<(String, String)>, open: bool },
    /// A union of types.
    Union { variants: Vec<Variant>, input: bool },
    /// A type that nothing uses. It is not generated.
    Unused,
}

/// An object that is sent.
pub(crate) struct Builder {
    /// The name of the struct.
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    /// The members that have only one value.
    pub(crate) constants: Vec<Constant>,
    pub(crate) alternatives: Vec<Alternative>,
    /// Whether fields that the catalog does not name can be set.
    pub(crate) open: bool,
    /// Whether an object with others is invalid.
    pub(crate) closed: bool,
}

impl Builder {
    /// Returns the name of the builder.
    pub(crate) fn builder_name(&self) -> String {
        format!("{}Builder", self.name)
    }

    /// Returns the name of the trait of states in which a member is set.
    pub(crate) fn given_trait(&self, member: usize) -> String {
        let camel = |member: &Member| names::camel(&member.name);
        let Some(name) = self.members.get(member).map(camel) else { return String::new() };
        // Names that differ in underscores only are one in camel case.
        let same = self.members.iter().take(member).filter(|other| camel(other) == name).count();
        let suffix = if same == 0 { String::new() } else { format!("_{same}") };
        format!("{}Has{name}{suffix}", self.name)
    }

    /// Returns the name of the trait of states in which an alternative is chosen.
    pub(crate) fn complete_trait(&self) -> String {
        format!("{}Complete", self.name)
    }

    /// Returns the members that select some alternatives.
    pub(crate) fn keys(&self, alternatives: u32) -> impl Iterator<Item = &Member> {
        let chosen = self.alternatives.iter().enumerate().filter(move |(at, _)| alternatives & (1 << at) != 0);
        chosen.filter_map(|(_, alternative)| self.members.get(alternative.key))
    }

    /// Returns the name of the trait of states in which the members of some alternatives can be set.
    pub(crate) fn choice_trait(&self, alternatives: u32) -> String {
        let keys: String = self.keys(alternatives).map(|member| names::camel(&member.name)).collect();
        format!("{}Takes{keys}", self.name)
    }

    /// Returns the name of the trait of a missing capability.
    pub(crate) fn capability_trait(&self, missing: MissingCapability) -> String {
        let capability = match missing {
            MissingCapability::Tools => "Tools",
            MissingCapability::Lora => "Lora",
        };
        format!("{}Supports{capability}", self.name)
    }

    /// Returns the name of the trait of the efforts that the model accepts.
    pub(crate) fn effort_trait(&self) -> String {
        format!("{}Effort", self.name)
    }

    /// Returns all names that are generated for the object.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.clone(), self.builder_name()];
        for (index, member) in self.members.iter().enumerate() {
            if member.presence == Presence::Required {
                names.push(self.given_trait(index));
            }
            if !self.alternatives.is_empty() {
                names.push(self.choice_trait(member.alternatives));
            }
            if matches!(member.ty, Ty::Shape(Shape::Effort(_))) {
                names.push(self.effort_trait());
            }
            names.extend(member.missing.map(|missing| self.capability_trait(missing)));
        }
        if !self.alternatives.is_empty() {
            names.push(self.complete_trait());
        }
        names
    }
}

/// A member with only one value.
pub(crate) struct Constant {
    pub(crate) wire: String,
    pub(crate) value: serde_json::Value,
    /// Whether a complete object has it.
    pub(crate) required: bool,
    /// The alternatives that have it, as a bit set. 0 means all.
    pub(crate) alternatives: u32,
}

/// One of several ways to fill an input.
pub(crate) struct Alternative {
    /// The position of the member that chooses it.
    pub(crate) key: usize,
    /// The index of the model's output that answers it.
    pub(crate) output: Option<usize>,
}

/// An object that is received.
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    /// Whether unknown members are kept.
    pub(crate) open: bool,
}

/// A member of an object.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) wire: String,
    pub(crate) ty: Ty,
    pub(crate) presence: Presence,
    /// Whether null is a value.
    pub(crate) keeps_null: bool,
    pub(crate) why: Option<String>,
    pub(crate) doc: Option<Doc>,
    /// The keywords of its schema that are not checked.
    pub(crate) unchecked: Vec<&'static str>,
    pub(crate) default: Option<serde_json::Value>,
    pub(crate) bounds: Bounds,
    /// The alternatives that have it, as a bit set. 0 means all.
    pub(crate) alternatives: u32,
    /// The capability that it needs and the model lacks.
    pub(crate) missing: Option<MissingCapability>,
}

impl Member {
    /// Returns whether every alternative that has this member has the other one, too.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        other.alternatives == 0 || (self.alternatives != 0 && self.alternatives & !other.alternatives == 0)
    }
}

/// A capability that a member needs and the model lacks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingCapability {
    Tools,
    Lora,
}

impl MissingCapability {
    pub(crate) fn capability(self) -> Capability {
        match self {
            Self::Tools => Capability::Tools,
            Self::Lora => Capability::Lora,
        }
    }
}

pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    /// The member and value that distinguish it from the others.
    pub(crate) tag: Option<(String, String)>,
}

/// A Rust type.
#[derive(Clone, PartialEq)]
pub(crate) enum Ty {
    Bool,
    /// An integer type, by its name.
    Int(&'static str),
    Number,
    String,
    Json,
    /// Any JSON object.
    Object,
    List(Box<Ty>),
    Map(Box<Ty>),
    OneOrMany(Box<Ty>),
    /// A generated type, as an index into [`Plan::types`].
    Local(usize),
    Shape(Shape),
    /// A recursive type.
    Boxed(Box<Ty>),
    /// An item that may be null.
    Nullable(Box<Ty>),
}

impl Ty {
    /// Returns whether it is a collection of integers, which may be written with a decimal point.
    pub(crate) fn has_integers(&self) -> bool {
        match self {
            Self::Int(_) => true,
            Self::List(inner) | Self::Map(inner) | Self::OneOrMany(inner) | Self::Nullable(inner) => {
                inner.has_integers()
            }
            _ => false,
        }
    }

    fn names_model(&self) -> bool {
        match self {
            Self::Shape(Shape::Named(name)) => name == "Embeddings",
            Self::List(inner)
            | Self::Map(inner)
            | Self::OneOrMany(inner)
            | Self::Boxed(inner)
            | Self::Nullable(inner) => inner.names_model(),
            _ => false,
        }
    }
}

/// A shared type.
#[derive(Clone, PartialEq)]
pub(crate) enum Shape {
    /// Messages with that content type.
    Messages(String),
    Tools {
        /// Whether every argument must have a description.
        described: bool,
    },
    Effort(Vec<String>),
    Pooling,
    /// Any other shared type, by its name.
    Named(String),
}

/// The output of a model.
pub(crate) enum Output {
    /// A JSON object.
    Object(Object),
    /// Another JSON value.
    Single(Ty),
    /// One of several JSON outputs: variant name and type.
    Several(Vec<(String, Answer)>),
    /// Binary data.
    Media(Media),
    /// A JSON object with the media, or the media alone.
    Either(Object, Media),
}

pub(crate) enum Answer {
    Object(Object),
    Type(Ty),
}

/// The kind of binary data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Image,
    Audio,
    File,
}

impl Media {
    /// Returns the name of the type that holds it.
    pub(crate) fn shape(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::Audio => "Audio",
            Self::File => "File",
        }
    }
}
