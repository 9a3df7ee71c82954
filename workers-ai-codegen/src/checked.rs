//! Compares the user's own struct with the model's input: missing, unknown and mistyped fields.

use proc_macro2::{Ident, Span, TokenStream};
use workers_ai_catalog::{Model, Presence, suggest};

use crate::{
    Target, expand, lower,
    plan::{Builder, Member},
};

/// A field of the user's struct.
#[derive(Debug, Clone)]
pub struct CheckedField {
    /// Its Rust name.
    pub ident: Ident,
    /// The name of the model's field that it represents.
    pub name: String,
    /// The name was written in an attribute: it may be that on the wire.
    pub renamed: bool,
    /// The user renamed it for serde, which does not concern the model.
    pub for_serde: bool,
    /// The span of that name.
    pub span: Span,
    /// Its type.
    pub ty: TokenStream,
}

/// A mistake: its span and its message.
pub type Mistake = (Span, String);

/// Generates everything that `#[workers_ai_model]` adds to a struct with fields, and returns it with all mistakes.
///
/// A mistake is a required field that the struct lacks, or a field that the model does not have. The generated code omits
/// the latter.
#[must_use]
pub fn checked(model: &Model, target: &Target, fields: &[CheckedField]) -> (TokenStream, Vec<Mistake>) {
    let plan = lower::plan(model, &target.plain_name());
    let mut mistakes = Vec::new();
    let mut meant: Vec<usize> = Vec::new();
    let mut pairs: Vec<(&CheckedField, &Member)> = Vec::new();
    for field in fields {
        let found = plan.input.members.iter().position(|member| {
            member.missing.is_none()
                && (member.name == field.name
                    || (member.wire == field.name
                        && !plan.input.members.iter().any(|other| other.name == field.name)
                        && (field.renamed || member.name == member.wire)))
        });
        match found {
            Some(index) => {
                meant.push(index);
                pairs.push((field, &plan.input.members[index]));
            }
            None => {
                let (message, index) = unknown(&plan.input, field, fields, model);
                meant.extend(index);
                mistakes.push((field.span, message));
            }
        }
    }
    mistakes.extend(missing(&plan.input, &meant, model).into_iter().map(|message| (target.name.span(), message)));
    if let Some(message) = exclusive(&plan.input, &meant) {
        mistakes.push((target.name.span(), message));
    }
    (expand::checked_tokens(&plan, target, &pairs), mistakes)
}

/// Returns the message for a field that the model does not have, and the field that was probably meant.
fn unknown(input: &Builder, field: &CheckedField, fields: &[CheckedField], model: &Model) -> (String, Option<usize>) {
    let free = |member: &&Member| member.missing.is_none() && !fields.iter().any(|other| other.name == member.name);
    let by_wire = input.members.iter().find(|member| member.wire == field.name && free(member));
    let meant = by_wire.map(|member| member.name.as_str()).or_else(|| {
        let names = input.members.iter().filter(free).map(|member| member.name.as_str());
        suggest(&field.name, names, 1).first().copied()
    });
    let message = format!("no field `{}` in the input of {}", field.name, model.id);
    match meant {
        Some(name) => {
            (format!("{message}; did you mean `{name}`?"), input.members.iter().position(|member| member.name == name))
        }
        None if field.for_serde => (format!("{message}; `#[wire(rename = \"…\")]` names the model's field"), None),
        None => (format!("{message}; `#[wire(skip)]` leaves a field out"), None),
    }
}

fn missing(input: &Builder, meant: &[usize], model: &Model) -> Vec<String> {
    let key = |index: usize| input.alternatives.iter().any(|way| way.key == index);
    let mut messages = Vec::new();
    for (index, member) in input.members.iter().enumerate() {
        if member.presence == Presence::Required && member.alternatives == 0 && !key(index) && !meant.contains(&index) {
            messages.push(format!("`{}` is required by {}", member.name, model.id));
        }
    }
    if !input.alternatives.is_empty() && !input.alternatives.iter().any(|way| meant.contains(&way.key)) {
        messages.push(format!("{} is required by {}", keys(input).join(" or "), model.id));
    }
    messages
}

/// Returns the message for fields of alternatives that exclude each other.
fn exclusive(input: &Builder, meant: &[usize]) -> Option<String> {
    let all = u32::MAX;
    let possible = meant
        .iter()
        .filter_map(|index| input.members.get(*index))
        .filter(|member| member.alternatives != 0)
        .fold(all, |ways, member| ways & member.alternatives);
    (possible == 0).then(|| match keys(input).as_slice() {
        [a, b] => format!("an input takes either {a} or {b}"),
        keys => format!("an input takes only one of {}", keys.join(", ")),
    })
}

fn keys(input: &Builder) -> Vec<String> {
    input
        .alternatives
        .iter()
        .filter_map(|way| input.members.get(way.key))
        .map(|member| format!("`{}`", member.name))
        .collect()
}
