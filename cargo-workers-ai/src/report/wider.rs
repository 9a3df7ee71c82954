//! Whether a type of an input is wider than the one before, so that programs go on to compile.

use workers_ai_catalog::{Form, Kind, Model, Place};

/// Returns whether an input takes all that setters of the old type took.
#[must_use]
pub fn takes(old: (&Model, &Place), new: (&Model, &Place)) -> bool {
    let of = |(model, _): (&Model, &Place), index: usize| model.types.get(index).map(|named| named.form.clone());
    match (&old.1.kind, &new.1.kind) {
        (Kind::Integer, Kind::Number) => true,
        (Kind::Shape(old), Kind::Shape(new)) => holds(new, old),
        (Kind::List(a), Kind::List(b)) | (Kind::OneOrMany(a), Kind::OneOrMany(b)) => takes((old.0, a), (new.0, b)),
        (Kind::OneOrMany(one), Kind::Type(index)) => match of(new, *index) {
            Some(Form::Union { variants }) => {
                let list = Kind::List(one.clone());
                [&one.kind, &list].iter().all(|kind| {
                    variants.iter().any(|variant| match (&variant.place.kind, kind) {
                        (Kind::List(a), Kind::List(b)) => a.kind == b.kind,
                        (a, b) => a == *b,
                    })
                })
            }
            _ => false,
        },
        (scalar, Kind::OneOrMany(one)) if *scalar == Kind::String => takes(old, (new.0, one)),
        (scalar, Kind::Type(index)) if is_scalar(scalar) => match of(new, *index) {
            Some(Form::Union { variants }) => variants.iter().any(|variant| variant.place.kind == *scalar),
            _ => false,
        },
        (Kind::Type(a), Kind::Type(b)) => match (of(old, *a), of(new, *b)) {
            (Some(Form::Object { .. }), Some(Form::Object { .. }))
            | (Some(Form::Enum { .. }), Some(Form::Enum { .. })) => old.0.types[*a].name == new.0.types[*b].name,
            (Some(Form::Union { variants: a }), Some(Form::Union { variants: b })) => {
                old_name(old) == old_name(new) && a.iter().all(|a| b.iter().any(|b| a.name == b.name))
            }
            _ => false,
        },
        (a, b) => a == b,
    }
}

fn old_name((model, place): (&Model, &Place)) -> Option<String> {
    match place.kind {
        Kind::Type(index) => model.types.get(index).map(|named| named.name.clone()),
        _ => None,
    }
}

fn is_scalar(kind: &Kind) -> bool {
    matches!(kind, Kind::Boolean | Kind::Integer | Kind::Number | Kind::String)
}

/// Returns whether a shared type takes all that another one is made from.
#[must_use]
pub fn holds(wide: &str, narrow: &str) -> bool {
    const CONTENTS: [&str; 4] =
        ["Messages<Text>", "Messages<VisionContent>", "Messages<MediaNoVideo>", "Messages<MediaContent>"];
    let rank = |name: &str| CONTENTS.iter().position(|content| *content == name);
    wide == narrow
        || (wide, narrow) == ("Tools", "Tools<Described>")
        || matches!((rank(wide), rank(narrow)), (Some(wide), Some(narrow)) if wide >= narrow)
}
