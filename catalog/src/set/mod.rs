//! Intersects several models: the input that all of them take, and an output that can be read from each of them.

mod fields;
mod input;
mod kind;
mod output;
mod place;
mod way;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Batch, Body, Bounds, Capability, Form, Info, Input, Kind, Model, Place, Side, Type};

/// A model of a set, and the name that the set has for it.
#[derive(Debug, Clone, Copy)]
pub struct Member<'m> {
    /// The name.
    pub name: &'m str,
    /// The model.
    pub model: &'m Model,
}

/// Several models that are called in the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Their common input, output and capabilities, as one model.
    pub common: Model,
    /// How the common input is sent to each of them, in their order.
    pub variations: Vec<Variation>,
    /// The capabilities that only some of them have, each with the positions of those that lack it.
    pub lacking: Vec<(Capability, Vec<usize>)>,
}

/// How an input that all models of a set take is sent to one of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variation {
    /// The form of the request body.
    pub body: Body,
    /// The default of the `stream` member, if there is one.
    pub stream: Option<bool>,
    /// The wire names of the common input that the model has others for, each with that one.
    pub renamed: Vec<(String, String)>,
    /// The members that are sent unless the input has them, by their wire names.
    pub sent: Vec<(String, Value)>,
    /// The files whose shape is another one, by the wire name of the common input, each with that shape.
    pub files: Vec<(String, String)>,
    /// The response format is sent without the schema's name, although other models take it.
    pub native_format: bool,
}

/// A reason why models cannot be a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The position of the model that does not go with those before it.
    pub at: usize,
    /// The reason.
    pub text: String,
}

impl Set {
    /// Finds what models have in common. The set's name takes the place of an ID.
    ///
    /// # Errors
    /// Returns the first reason why they cannot be called in the same way.
    pub fn of(name: &str, members: &[Member<'_>]) -> Result<Self, Conflict> {
        let purpose = kind::of_all(members)?;
        let mut merge = Merge::new(members, Side::Input);
        let merged = input::of_all(&mut merge, purpose)?;
        let batch = input::batch(&mut merge, &merged);
        let answer = output::of_all(&mut merge, purpose, &merged.ways)?;
        let mut variations = merged.variations;
        for (variation, member) in variations.iter_mut().zip(members) {
            variation.body = member.model.input.body.clone();
            variation.stream = member.model.input.stream;
        }
        let is_open = members.iter().all(|member| member.model.input.open);
        let (mut capabilities, mut lacking) = (Vec::new(), Vec::new());
        for capability in Capability::ALL {
            let without: Vec<usize> = (0..members.len()).filter(|at| !members[*at].model.can(capability)).collect();
            if without.is_empty() && (capability != Capability::Batch || batch.is_some()) {
                capabilities.push(capability);
            } else if !without.is_empty() && without.len() < members.len() {
                lacking.push((capability, without));
            }
        }
        let first = members.first().map(|member| &member.model.info);
        let same = |of: fn(&Info) -> Option<u64>| {
            let first = first.and_then(of);
            first.filter(|_| members.iter().all(|member| of(&member.model.info) == first))
        };
        let info = Info {
            task: first.map(|info| info.task.clone()).unwrap_or_default(),
            output_dimensions: same(|info| info.output_dimensions),
            capabilities,
            ..Info::default()
        };
        let input = Input {
            fields: merged.fields,
            alternatives: merged.alternatives,
            body: Body::Json,
            batch: batch.map(|item| Batch { item, bounds: Bounds::default(), described: true }),
            stream: None,
            open: is_open,
        };
        let common = Model { id: name.to_owned(), info, input, output: answer, types: merge.types, notes: Vec::new() };
        Ok(Self { common, variations, lacking })
    }
}

/// The types of several models on their way to those that they have in common.
struct Merge<'m> {
    members: &'m [Member<'m>],
    side: Side,
    types: Vec<Type>,
    /// The types that were merged, by their indexes in the models. `None`: they have nothing in common.
    merged: BTreeMap<(bool, Vec<usize>), Option<usize>>,
}

impl<'m> Merge<'m> {
    fn new(members: &'m [Member<'m>], side: Side) -> Self {
        Self { members, side, types: Vec::new(), merged: BTreeMap::new() }
    }

    /// Returns a named type of the model at a position.
    fn named(&self, at: usize, index: usize) -> Option<&'m Type> {
        self.members.get(at)?.model.types.get(index)
    }

    /// Returns the fields of an object of the model at a position.
    fn object(&self, at: usize, place: &Place) -> Option<&'m [crate::Field]> {
        let Kind::Type(index) = place.kind else { return None };
        match &self.named(at, index)?.form {
            Form::Object { fields, .. } => Some(fields),
            _ => None,
        }
    }

    /// Names the model at a position in a message.
    fn name(&self, at: usize) -> &str {
        self.members.get(at).map_or("", |member| member.name)
    }
}
