//! Reads a model's output: JSON, an event stream, bytes, or the ID of a queued request.

use super::{names::camel, types::Types};
use crate::{Answer, Error, Output, Place, Side, schema::Node};

pub(crate) fn read(types: &mut Types, node: &Node<'_>) -> Result<Output, Error> {
    types.side = Side::Output;
    let mut output = Output::default();
    modes(types, node, &mut output)?;
    if let [one] = output.json.as_mut_slice() {
        one.name = String::new();
    }
    Ok(output)
}

/// Reads the alternatives of an output.
fn modes(types: &mut Types, node: &Node<'_>, output: &mut Output) -> Result<(), Error> {
    if node.shape().is_none() && node.has_alternatives() {
        let branches = node.alternatives()?;
        let is_receipt = |branch: &Node<'_>| branch.declares("request_id");
        let objects = branches.iter().filter(|branch| branch.type_name() != Some("string")).count();
        // The receipt of a queue is the one answer with an ID, whatever else it has.
        let queued = objects > 1 && branches.iter().filter(|branch| is_receipt(branch)).count() == 1;
        output.queued |= queued;
        for branch in branches.iter().filter(|branch| !(queued && is_receipt(branch))) {
            modes(types, branch, output)?;
        }
        return Ok(());
    }
    let content_type = node.text("contentType");
    if node.type_name() == Some("string") && node.shape().is_none() {
        match content_type {
            Some("text/event-stream") => output.events = true,
            Some("application/json" | "text/plain") => {
                output.json.push(Answer { name: "Text".to_owned(), place: types.place(node, &[])? });
            }
            Some(binary) => output.binary = Some(binary.to_owned()),
            // In the generic text schema the stream is just a binary string, beside the JSON branch.
            None if node.text("format") == Some("binary") => output.events = true,
            None => output.json.push(Answer { name: "Text".to_owned(), place: types.place(node, &[])? }),
        }
        return Ok(());
    }
    let members: Vec<String> = node.children("properties")?.into_iter().map(|(name, _)| name).collect();
    if members == ["request_id"] {
        output.queued = true;
        return Ok(());
    }
    let given = node.note("name");
    let name = given.map_or_else(|| camel(members.first().map_or("Answer", String::as_str)), camel);
    let names: Vec<String> = if node.type_name() == Some("array") { vec!["Entries".to_owned()] } else { vec![] };
    let place: Place = if node.shape().is_none() && !members.is_empty() {
        let fields = types.fields(node, &names)?;
        let open = node.child("additionalProperties")?.is_some_and(|more| !more.is_never());
        let index = types.list.len();
        types.list.push(crate::Type {
            name: name.clone(),
            side: Side::Output,
            form: crate::Form::Object { fields, open, closed: false },
            pointer: node.pointer.clone(),
        });
        Place::new(crate::Kind::Type(index))
    } else {
        types.place(node, &names)?
    };
    if output.json.iter().any(|known| known.place == place && matches!(place.kind, crate::Kind::Shape(_)))
        && given.is_none()
    {
        return Ok(());
    }
    output.json.push(Answer { name, place });
    Ok(())
}
