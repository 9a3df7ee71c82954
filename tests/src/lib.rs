//! Every model of the catalog, as a user would write it.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/models.rs"));

/// Compiles the README's programs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// A table of the models, for tests of all of them.
#[cfg(feature = "serde-both")]
#[allow(clippy::wildcard_imports, reason = "the calls name types of their models")]
pub mod table {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::Value;
    use workers_ai::{
        InvalidInput, Model, Request,
        catalog::ModelFacts,
        codec::{Body, Encode},
    };

    use super::*;

    include!(concat!(env!("OUT_DIR"), "/table.rs"));
    include!(concat!(env!("OUT_DIR"), "/sets.rs"));
    include!(concat!(env!("OUT_DIR"), "/sets_table.rs"));

    /// A set of models.
    #[derive(Debug)]
    pub struct SetCase {
        /// Its models.
        pub models: &'static [ModelFacts],
        /// Inputs made with its builder.
        pub inputs: &'static [SetExample],
    }

    /// An input made with the builder of a set.
    #[derive(Debug)]
    pub struct SetExample {
        /// How many of its fields are set.
        pub filled: Filled,
        /// The field that selects its alternative.
        pub key: Option<&'static str>,
        /// Encodes it for the model at a position.
        pub encode: fn(usize) -> Sent,
    }

    /// A model.
    #[derive(Debug)]
    pub struct Case {
        /// Its ID.
        pub id: &'static str,
        /// Inputs made with its builder.
        pub inputs: &'static [Example],
        /// Reads an output, and writes it again.
        pub decode: fn(&Value) -> Result<Value, String>,
    }

    /// An input made with a model's builder.
    #[derive(Debug)]
    pub struct Example {
        /// How many of its fields are set.
        pub filled: Filled,
        /// The field that selects its alternative.
        pub key: Option<&'static str>,
        /// Encodes it.
        pub encode: fn() -> Sent,
        /// Reads an input, and writes it again.
        pub again: fn(&Value) -> Result<Value, String>,
        /// Reads an input, and checks it.
        pub check: fn(&Value) -> Result<(), String>,
    }

    /// An input as it is sent.
    #[derive(Debug)]
    pub struct Sent {
        /// The result of the check before sending.
        pub checked: Result<(), InvalidInput>,
        /// The request body.
        pub body: Body,
        /// The input as JSON.
        pub json: Value,
    }

    /// How many fields of an input are set.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Filled {
        /// The required ones.
        Required,
        /// All that examples can set.
        All,
    }

    fn encode<M: Model<Input: Serialize>, R: Request<M>>(request: R) -> Sent {
        encode_for(0, request)
    }

    fn encode_for<M: Model<Input: Serialize>, R: Request<M>>(at: usize, request: R) -> Sent {
        let (input, model) = (request.into_input(), &M::MODELS[at]);
        let body = input.encode_json(model, false).unwrap_or_else(|error| Body::Json(error.to_string().into_bytes()));
        Sent { checked: input.check(model), body, json: serde_json::to_value(&input).unwrap_or_default() }
    }

    fn check<M: Model<Input: DeserializeOwned>>(json: &Value) -> Result<(), String> {
        let input: M::Input = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        input.check(&M::MODELS[0]).map_err(|error| error.to_string())
    }

    fn again<T: Serialize + DeserializeOwned>(json: &Value) -> Result<Value, String> {
        let value: T = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        serde_json::to_value(&value).map_err(|error| error.to_string())
    }
}
