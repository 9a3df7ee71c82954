//! Tells the kinds of models apart: a set has models of one kind.

use super::{Conflict, Member};
use crate::{Answer, Form, Kind, Model};

/// The kind of a model's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Chat,
    Embeddings,
    Image,
    Audio,
    /// Anything else, which is told apart by the task.
    Other,
}

/// Returns the kind of all models.
pub(super) fn of_all(members: &[Member<'_>]) -> Result<Purpose, Conflict> {
    let first = members.first().map(|member| (member.name, member.model));
    let Some((name, model)) = first else {
        return Err(Conflict { at: 0, text: "a set needs at least one model".to_owned() });
    };
    let of = purpose(model);
    for (at, other) in members.iter().enumerate().skip(1) {
        let differs = purpose(other.model) != of || (of == Purpose::Other && other.model.info.task != model.info.task);
        if differs {
            let (this, that) = (does(other.model), does(model));
            let text = format!("`{}` {this}, `{name}` {that}: a set has models of one kind", other.name);
            return Err(Conflict { at, text });
        }
    }
    if of == Purpose::Embeddings {
        same_dimensions(members)?;
    }
    Ok(of)
}

/// Checks that the vectors of all models have the same length, as far as the catalog knows it.
fn same_dimensions(members: &[Member<'_>]) -> Result<(), Conflict> {
    let known = members
        .iter()
        .enumerate()
        .filter_map(|(at, member)| Some((at, member.name, member.model.info.output_dimensions?)));
    let mut before: Option<(&str, u64)> = None;
    for (at, name, dimensions) in known {
        match before {
            Some((other, length)) if length != dimensions => {
                let text = format!(
                    "the embeddings of `{name}` have {dimensions} dimensions, those of `{other}` have {length}"
                );
                return Err(Conflict { at, text });
            }
            _ => before = Some((name, dimensions)),
        }
    }
    Ok(())
}

fn purpose(model: &Model) -> Purpose {
    let mut shapes: Vec<&str> = Vec::new();
    for Answer { place, .. } in &model.output.json {
        match &place.kind {
            Kind::Shape(name) => shapes.push(name),
            Kind::Type(index) => {
                if let Some(Form::Object { fields, .. }) = model.types.get(*index).map(|known| &known.form) {
                    shapes.extend(fields.iter().filter_map(|field| match &field.place.kind {
                        Kind::Shape(name) => Some(name.as_str()),
                        _ => None,
                    }));
                }
            }
            _ => {}
        }
    }
    let has = |wanted: &[&str]| shapes.iter().any(|shape| wanted.contains(shape));
    let binary = |kind: &str| model.output.binary.as_deref().is_some_and(|of| of.starts_with(kind));
    let takes_messages = model.input.fields.iter().any(|field| field.wire == "messages");
    if takes_messages && has(&["ChatCompletion", "LegacyResponse", "Vec<Choice>"]) {
        Purpose::Chat
    } else if has(&["Embeddings"]) {
        Purpose::Embeddings
    } else if has(&["Image"]) || binary("image/") {
        Purpose::Image
    } else if has(&["Audio"]) || binary("audio/") {
        Purpose::Audio
    } else {
        Purpose::Other
    }
}

/// Says what a model does.
fn does(model: &Model) -> String {
    match purpose(model) {
        Purpose::Chat => "answers chats".to_owned(),
        Purpose::Embeddings => "returns embeddings".to_owned(),
        Purpose::Image => "makes images".to_owned(),
        Purpose::Audio => "makes speech".to_owned(),
        Purpose::Other => format!("is for {}", model.info.task),
    }
}
