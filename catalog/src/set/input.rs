//! The input that all models of a set take.

use serde_json::Value;

use super::{Conflict, Merge, Variation, kind::Purpose, place::FILES, way::Way};
use crate::{Alternative, BatchItem, Field, Form, Input, Kind, Presence, Side, Type};

/// The common input, and how it is sent to each model.
pub(super) struct Merged {
    pub(super) fields: Vec<Field>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) variations: Vec<Variation>,
    pub(super) ways: Vec<Way>,
}

/// A field that all models have.
struct Common<'m> {
    field: Field,
    /// The field of each model.
    own: Vec<&'m Field>,
    /// The positions of the ways in which all of them have it.
    ways: Vec<usize>,
}

/// The fields and the alternatives of an input, or of an item of a batch.
#[derive(Clone, Copy)]
struct Source<'m> {
    fields: &'m [Field],
    alternatives: &'m [Alternative],
}

impl<'m> Source<'m> {
    fn of(input: &'m Input) -> Self {
        Self { fields: &input.fields, alternatives: &input.alternatives }
    }

    fn field(&self, name: &str) -> Option<&'m Field> {
        self.fields.iter().find(|field| field.name == name && !is_constant(field))
    }
}

fn is_constant(field: &Field) -> bool {
    matches!(field.place.kind, Kind::Constant(_))
}

/// Finds the fields that all models have, in the ways that all models have.
pub(super) fn of_all(merge: &mut Merge<'_>, purpose: Purpose) -> Result<Merged, Conflict> {
    let sources: Vec<Source<'_>> = merge.members.iter().map(|member| Source::of(&member.model.input)).collect();
    let mut ways = ways(merge, &sources)?;
    if purpose == Purpose::Embeddings && ways.iter().any(|way| way.returns_embeddings(merge)) {
        ways.retain(|way| way.returns_embeddings(merge));
    }
    let (common, ways) = common(merge, &sources, ways)?;
    let has_names = common.iter().any(|common| is_open_ai_format(&common.field));
    let variations = sources.iter().enumerate().map(|(at, source)| Variation {
        renamed: renamed(at, &common),
        sent: sent(at, *source, &common, &ways),
        files: files(at, &common),
        native_format: has_names && !source.fields.iter().any(is_open_ai_format),
        ..Variation::default()
    });
    let variations = variations.collect();
    let (fields, alternatives) = finish(merge, common, &ways);
    Ok(Merged { fields, alternatives, variations, ways })
}

fn is_open_ai_format(field: &Field) -> bool {
    field.place.kind == Kind::Shape("OpenAiFormat".to_owned())
}

/// Returns the common input of a batch, if there is one.
pub(super) fn batch(merge: &mut Merge<'_>, merged: &Merged) -> Option<BatchItem> {
    let batches = merge.members.iter().map(|member| member.model.input.batch.as_ref().map(|batch| &batch.item));
    let batches: Vec<&BatchItem> = batches.collect::<Option<_>>()?;
    if batches.iter().all(|item| **item == BatchItem::Input) {
        return Some(BatchItem::Input);
    }
    // What an item is sent beside its fields may differ from what an input is.
    if merged.variations.iter().any(|variation| !variation.sent.is_empty() || !variation.renamed.is_empty()) {
        return None;
    }
    let sources = batches.iter().zip(merge.members).map(|(item, member)| match item {
        BatchItem::Input => Some(Source::of(&member.model.input)),
        BatchItem::Type(index) => match &member.model.types.get(*index)?.form {
            Form::Object { fields, .. } => Some(Source { fields, alternatives: &[] }),
            _ => None,
        },
    });
    let sources: Vec<Source<'_>> = sources.collect::<Option<_>>()?;
    let ways = ways(merge, &sources).ok()?;
    let (common, ways) = common(merge, &sources, ways).ok()?;
    let (fields, alternatives) = finish(merge, common, &ways);
    if !alternatives.is_empty() {
        return None;
    }
    let form = Form::Object { fields, open: true, closed: false };
    merge.types.push(Type { name: "Request".to_owned(), side: Side::Input, form, pointer: String::new() });
    Some(BatchItem::Type(merge.types.len() - 1))
}

/// Returns the fields that all models have, and those of the ways in which no model lacks what another one needs.
fn common<'m>(
    merge: &mut Merge<'m>,
    sources: &[Source<'m>],
    mut ways: Vec<Way>,
) -> Result<(Vec<Common<'m>>, Vec<Way>), Conflict> {
    let names = sources.first().into_iter().flat_map(|source| source.fields).filter(|field| !is_constant(field));
    let mut common = Vec::new();
    for name in names.map(|field| &field.name) {
        let own = sources.iter().map(|source| source.field(name)).collect::<Option<Vec<&'m Field>>>();
        let Some(own) = own else { continue };
        let has = |way: &Way| own.iter().enumerate().all(|(model, field)| way.has(model, field));
        let at: Vec<usize> = (0..ways.len()).filter(|at| has(&ways[*at])).collect();
        if !at.is_empty()
            && let Some(mut field) = merge.field(&own)
        {
            // Where the models differ, it has the name that users see.
            let differ = own.iter().any(|own| own.wire != field.wire);
            let is_taken = sources
                .iter()
                .flat_map(|source| source.fields)
                .any(|other| other.wire == field.name && other.name != field.name);
            if differ && !is_taken {
                field.wire.clone_from(&field.name);
            }
            common.push(Common { field, own, ways: at });
        }
    }
    // A way in which one model needs what another one does not take is not common.
    let lacking: Vec<Option<Conflict>> = (0..ways.len()).map(|at| lacks(merge, sources, &common, &ways, at)).collect();
    if let Some(conflict) = lacking.iter().flatten().next().filter(|_| lacking.iter().all(Option::is_some)) {
        return Err(conflict.clone());
    }
    let left: Vec<usize> = (0..ways.len()).filter(|at| lacking[*at].is_none()).collect();
    for field in &mut common {
        field.ways = left.iter().enumerate().filter(|(_, old)| field.ways.contains(old)).map(|(new, _)| new).collect();
    }
    common.retain(|field| !field.ways.is_empty());
    let mut at = 0..;
    ways.retain(|_| at.next().is_some_and(|at| left.contains(&at)));
    Ok((common, ways))
}

/// Returns the ways to call a model that all models have.
fn ways(merge: &Merge<'_>, sources: &[Source<'_>]) -> Result<Vec<Way>, Conflict> {
    let Some(chooser) = sources.iter().position(|source| !source.alternatives.is_empty()) else {
        return Ok(vec![Way { key: None, at: vec![None; sources.len()] }]);
    };
    let alternative = |source: &Source<'_>, key: &str| {
        if source.alternatives.is_empty() {
            return source.field(key).map(|_| None);
        }
        source.alternatives.iter().position(|alternative| alternative.key == key).map(Some)
    };
    let keys = sources[chooser].alternatives.iter().map(|alternative| alternative.key.as_str());
    let ways: Vec<Way> = keys
        .clone()
        .filter_map(|key| {
            let at = sources.iter().map(|source| alternative(source, key)).collect::<Option<_>>()?;
            Some(Way { key: Some(key.to_owned()), at })
        })
        .collect();
    if !ways.is_empty() {
        return Ok(ways);
    }
    let keys: Vec<&str> = keys.collect();
    let lacks = |source: &Source<'_>| keys.iter().all(|key| alternative(source, key).is_none());
    let other = sources.iter().position(lacks).unwrap_or(sources.len() - 1);
    let (name, other_name) = (merge.name(chooser), merge.name(other));
    let text = format!("`{name}` takes `{}`, which `{other_name}` does not", keys.join("` or `"));
    Err(Conflict { at: other.max(chooser), text })
}

/// Returns what one model needs that another one does not take, in a way of calling them.
fn lacks(
    merge: &Merge<'_>,
    sources: &[Source<'_>],
    common: &[Common<'_>],
    ways: &[Way],
    at: usize,
) -> Option<Conflict> {
    let way = &ways[at];
    for (model, source) in sources.iter().enumerate() {
        let needed = source
            .fields
            .iter()
            .filter(|field| field.presence == Presence::Required && !is_constant(field) && way.has(model, field));
        for Field { name, .. } in needed {
            if common.iter().any(|field| field.field.name == *name && field.ways.contains(&at)) {
                continue;
            }
            let takes =
                |other: usize, source: &Source<'_>| source.field(name).is_some_and(|field| way.has(other, field));
            let without = sources.iter().enumerate().position(|(other, source)| !takes(other, source));
            let this = merge.name(model);
            let text = match without {
                Some(without) => {
                    format!("`{this}` requires `{name}`, which `{}` does not have", merge.name(without))
                }
                None => format!("no value of `{name}`, which `{this}` requires, is valid for all models of the set"),
            };
            return Some(Conflict { at: without.map_or(sources.len() - 1, |without| without.max(model)), text });
        }
    }
    None
}

/// Returns the fields of the input, and its alternatives if there are several.
fn finish(merge: &Merge<'_>, common: Vec<Common<'_>>, ways: &[Way]) -> (Vec<Field>, Vec<Alternative>) {
    let several = ways.len() > 1;
    let mut fields: Vec<Field> = common
        .into_iter()
        .map(|Common { mut field, own, ways: of }| {
            let needing: Vec<String> = own
                .iter()
                .enumerate()
                .filter(|(_, own)| own.presence == Presence::Required)
                .map(|(at, _)| format!("`{}` ({})", merge.name(at), merge.members[at].model.id))
                .collect();
            if own.iter().any(|own| own.why != field.why) {
                field.why = None;
            }
            if !needing.is_empty() && needing.len() < own.len() {
                let requires = if needing.len() == 1 { "requires" } else { "require" };
                field.why = Some(format!("{} {requires} it", needing.join(" and ")));
            }
            if several && of.len() < ways.len() {
                field.alternatives = of;
            }
            field
        })
        .collect();
    fields.sort_by_key(|field| field.presence != Presence::Required);
    let keys = ways.iter().filter_map(|way| way.key.clone()).filter(|_| several);
    (fields, keys.map(|key| Alternative { key, output: None }).collect())
}

/// Returns the fields that have another name on the wire in a model.
fn renamed(at: usize, common: &[Common<'_>]) -> Vec<(String, String)> {
    let names = common.iter().map(|Common { field, own, .. }| (field.wire.clone(), own[at].wire.clone()));
    names.filter(|(wire, own)| wire != own).collect()
}

/// Returns what a model is sent beside what the common input sets: its constants, and defaults that it requires to be sent.
fn sent(at: usize, source: Source<'_>, common: &[Common<'_>], ways: &[Way]) -> Vec<(String, Value)> {
    let always = source.fields.iter().filter(|field| ways.iter().all(|way| way.has(at, field)));
    let values = always.filter_map(|field| {
        let value = match &field.place.kind {
            Kind::Constant(value) => value,
            _ if field.presence == Presence::Defaulted => field.default.as_ref()?,
            _ => return None,
        };
        let by_all =
            |common: &Common<'_>| common.field.name == field.name && common.field.presence == Presence::Defaulted;
        (!common.iter().any(by_all)).then(|| (field.wire.clone(), value.clone()))
    });
    values.collect()
}

/// Returns the files that a model takes in another shape.
fn files(at: usize, common: &[Common<'_>]) -> Vec<(String, String)> {
    let shape = |kind: &Kind| match kind {
        Kind::Shape(name) if FILES.contains(&name.as_str()) => Some(name.clone()),
        _ => None,
    };
    let files = common.iter().filter_map(|Common { field, own, .. }| {
        let (common, own) = (shape(&field.place.kind)?, shape(&own[at].place.kind)?);
        (common != own).then(|| (field.wire.clone(), own))
    });
    files.collect()
}
