//! How hard a model thinks before it answers. Which efforts a model knows is a matter of type.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How hard a model thinks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum ReasoningEffort {
    None,
    Minimal,
    Low,
    Medium,
    High,
    Xhigh,
    Max,
    /// A value that is not known yet.
    Other(String),
}

impl ReasoningEffort {
    /// Every value that is known.
    pub const ALL: [Self; 7] = [Self::None, Self::Minimal, Self::Low, Self::Medium, Self::High, Self::Xhigh, Self::Max];

    /// The value on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
            Self::Max => "max",
            Self::Other(other) => other,
        }
    }
}

impl From<&str> for ReasoningEffort {
    fn from(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "minimal" => Self::Minimal,
            "low" => Self::Low,
            "medium" => Self::Medium,
            "high" => Self::High,
            "xhigh" => Self::Xhigh,
            "max" => Self::Max,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl std::str::FromStr for ReasoningEffort {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

impl Serialize for ReasoningEffort {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ReasoningEffort {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self::from(text.as_str()))
    }
}

impl crate::wire::Wire for ReasoningEffort {}

/// An effort as a type, so that a model can refuse it at compile time.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a reasoning effort", note = "write one as `effort::High`")]
pub trait Effort: Copy {
    /// The effort as a value.
    const VALUE: ReasoningEffort;
}

/// Efforts as types: `effort::High`.
pub mod effort {
    use super::{Effort, ReasoningEffort};

    macro_rules! efforts {
        ($($name:ident)*) => { $(
            #[doc = concat!("`", stringify!($name), "`, as a type.")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $name;
            impl Effort for $name {
                const VALUE: ReasoningEffort = ReasoningEffort::$name;
            }
        )* };
    }
    efforts!(None Minimal Low Medium High Xhigh Max);
}
