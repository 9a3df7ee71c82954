//! Every model of the catalog, as a user would write it.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// The README's programs, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The models in a table, for tests that go through all of them.
#[cfg(feature = "serde-both")]
#[allow(clippy::wildcard_imports, reason = "the calls name types of their models")]
pub mod table {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::Value;
    use workers_ai::{Body, Encode, InvalidInput, Model, Request};

    use super::*;

    include!(concat!(env!("OUT_DIR"), "/table.rs"));

    /// A model.
    #[derive(Debug)]
    pub struct Case {
        /// Its id.
        pub id: &'static str,
        /// Inputs made with its builder.
        pub inputs: &'static [Example],
        /// Reads an answer, and writes it again.
        pub decode: fn(&Value) -> Result<Value, String>,
    }

    /// An input made with a model's builder.
    #[derive(Debug)]
    pub struct Example {
        /// How much of it is filled in.
        pub filled: Filled,
        /// The field that decides for its alternative.
        pub key: Option<&'static str>,
        /// Encodes it.
        pub encode: fn() -> Sent,
        /// Reads an input, and writes it again.
        pub again: fn(&Value) -> Result<Value, String>,
        /// Reads an input, and checks it.
        pub check: fn(&Value) -> Result<(), String>,
    }

    /// What becomes of an input.
    #[derive(Debug)]
    pub struct Sent {
        /// The check that clients make first.
        pub checked: Result<(), InvalidInput>,
        /// The body that is sent.
        pub body: Body,
        /// The input as JSON.
        pub json: Value,
    }

    /// How much of an input is filled in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Filled {
        /// What must be.
        Required,
        /// All that an example knows to fill in.
        All,
    }

    fn encode<M: Model<Input: Serialize>, R: Request<M>>(request: R) -> Sent {
        let input = request.into_input();
        let body = input.encode_json(false).unwrap_or_else(|error| Body::Json(error.to_string().into_bytes()));
        Sent { checked: input.check(M::ID, M::RULES), body, json: serde_json::to_value(&input).unwrap_or_default() }
    }

    fn check<M: Model<Input: DeserializeOwned>>(json: &Value) -> Result<(), String> {
        let input: M::Input = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        input.check(M::ID, M::RULES).map_err(|error| error.to_string())
    }

    fn again<T: Serialize + DeserializeOwned>(json: &Value) -> Result<Value, String> {
        let value: T = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        serde_json::to_value(&value).map_err(|error| error.to_string())
    }
}
