//! Without the feature `catalog`, nothing is known.

use serde_json::Value;
use workers_ai_types::{
    InvalidInput,
    catalog::{Capability, ModelFacts},
};

/// Stands for a model of the catalog without the catalog: no value of it exists.
#[derive(Debug)]
pub(crate) enum Known {}

pub(crate) fn find(_: &str) -> Option<&'static Known> {
    None
}

impl Known {
    pub(crate) fn facts(&self) -> ModelFacts {
        match *self {}
    }

    pub(crate) fn check(&self, _: &Value) -> Result<(), InvalidInput> {
        match *self {}
    }

    pub(crate) fn can(&self, _: Capability) -> bool {
        match *self {}
    }
}
