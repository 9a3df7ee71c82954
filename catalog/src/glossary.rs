//! Our own descriptions of the commonest fields.

use crate::{Kind, Side, compiled::GLOSSARY};

/// Returns the description of a field: that of its shape on its side, that of its side, or that of its name.
pub(crate) fn lookup(side: Side, name: &str, kind: &Kind) -> Option<&'static str> {
    let side = match side {
        Side::Input => "input",
        Side::Output => "output",
    };
    entry(&[side, "/", name, "/", shape(kind)]).or_else(|| entry(&[side, "/", name])).or_else(|| entry(&[name]))
}

/// Returns the entry whose key is these parts, one after the other.
fn entry(parts: &[&str]) -> Option<&'static str> {
    let key = || parts.iter().flat_map(|part| part.bytes());
    let found = GLOSSARY.binary_search_by(|(name, _)| name.bytes().cmp(key())).ok()?;
    GLOSSARY.get(found).map(|(_, text)| *text)
}

/// Returns the last part of a key: the name of a shape, or a word for the kind.
fn shape(kind: &Kind) -> &str {
    match kind {
        Kind::Shape(name) => name,
        Kind::Boolean => "boolean",
        Kind::Integer | Kind::Number => "number",
        Kind::String => "string",
        Kind::Json => "json",
        Kind::Object | Kind::Type(_) => "object",
        Kind::Constant(_) => "constant",
        Kind::List(_) => "list",
        Kind::Map(_) => "map",
        Kind::OneOrMany(_) => "one_or_many",
    }
}

#[cfg(test)]
mod tests {
    use super::lookup;
    use crate::{Kind, Side};

    #[test]
    fn the_longest_key_that_fits_wins() {
        let options = Kind::Shape("AudioOptions".to_owned());
        let bytes = Kind::Shape("Base64Data".to_owned());
        assert_eq!(lookup(Side::Input, "audio", &options), Some("Parameters of the audio output."));
        assert_eq!(lookup(Side::Input, "audio", &bytes), Some("The audio to transcribe."));
        assert_eq!(lookup(Side::Output, "audio", &options), Some("The audio."));
        assert_eq!(lookup(Side::Input, "nothing of that name", &bytes), None);
    }
}
