//! Reasoning effort. The efforts that a model knows are a matter of type.

use crate::open_enum::open_enum;

open_enum! {
    /// The effort that a model puts into its reasoning.
    ReasoningEffort {
        /// No reasoning.
        None = "none",
        /// As little as possible.
        Minimal = "minimal",
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Extra high.
        Xhigh = "xhigh",
        /// As much as possible.
        Max = "max",
    }
}

/// A reasoning effort as a type, so that a model can refuse it at compile time.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a reasoning effort", note = "write one as `effort::High`")]
pub trait Effort: Copy {
    /// The effort as a value.
    const VALUE: ReasoningEffort;
}

/// Reasoning efforts as types: `effort::High`.
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
