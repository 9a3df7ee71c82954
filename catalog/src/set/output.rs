//! The output that is read alike from all models of a set.

use super::{Conflict, Merge, kind::Purpose, way::Way};
use crate::{Answer, Field, Form, Kind, Output, Place, Presence, Side, Type};

/// Returns the output of all models, of that kind, for an input that is built in one of these ways.
pub(super) fn of_all(merge: &mut Merge<'_>, purpose: Purpose, ways: &[Way]) -> Result<Output, Conflict> {
    let members = merge.members;
    let outputs = || members.iter().map(|member| &member.model.output);
    let output = match purpose {
        Purpose::Chat => Some(Output { json: vec![answer(shape("ChatCompletion"))], ..Output::default() }),
        Purpose::Embeddings => ways
            .iter()
            .all(|way| way.returns_embeddings(merge))
            .then(|| Output { json: vec![answer(shape("Embeddings"))], ..Output::default() }),
        Purpose::Image => media(merge, "Image"),
        Purpose::Audio => media(merge, "Audio"),
        Purpose::Other => other(merge, ways),
    };
    let Some(output) = output else {
        let names: Vec<String> = members.iter().map(|member| format!("`{}`", member.name)).collect();
        let text = format!("the outputs of {} have nothing in common", listed(&names));
        return Err(Conflict { at: members.len().saturating_sub(1), text });
    };
    Ok(Output {
        events: outputs().all(|output| output.events),
        queued: outputs().all(|output| output.queued),
        ..output
    })
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

fn answer(place: Place) -> Answer {
    Answer { name: String::new(), place }
}

fn shape(name: &str) -> Place {
    Place::new(Kind::Shape(name.to_owned()))
}

/// Returns an output that holds media: in a member of JSON, as binary data, or either.
fn media(merge: &mut Merge<'_>, of: &str) -> Option<Output> {
    let mut binary = None;
    let mut found: Option<&Field> = None;
    for (at, member) in merge.members.iter().enumerate() {
        let output = &member.model.output;
        if binary.is_none() {
            binary.clone_from(&output.binary);
        }
        for answer in &output.json {
            let fields = merge.object(at, &answer.place)?;
            let field = fields.iter().find(|field| field.place.kind == Kind::Shape(of.to_owned()))?;
            if found.is_some_and(|known| known.wire != field.wire) {
                return None;
            }
            found = Some(field);
        }
    }
    let json = found.map(|field| {
        let fields = vec![Field { presence: Presence::Required, ..field.clone() }];
        let form = Form::Object { fields, open: false, closed: false };
        merge.types.push(Type { name: "Answer".to_owned(), side: Side::Output, form, pointer: String::new() });
        answer(Place::new(Kind::Type(merge.types.len() - 1)))
    });
    Some(Output { json: json.into_iter().collect(), binary, ..Output::default() })
}

/// Returns the members that the outputs of all models have.
fn other(merge: &mut Merge<'_>, ways: &[Way]) -> Option<Output> {
    let way = ways.first()?;
    let answers = (0..merge.members.len()).map(|at| way.answer(merge, at));
    let places: Vec<&Place> = answers.map(|answer| answer.map(|answer| &answer.place)).collect::<Option<_>>()?;
    merge.side = Side::Output;
    let place = merge.place(&places);
    merge.side = Side::Input;
    let place = place?;
    if let Kind::Type(index) = place.kind
        && let Form::Object { fields, .. } = &merge.types.get(index)?.form
        && fields.is_empty()
    {
        return None;
    }
    Some(Output { json: vec![answer(place)], ..Output::default() })
}
