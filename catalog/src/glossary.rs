//! Our own descriptions of the commonest fields.

use crate::{Kind, Side, compiled::GLOSSARY};

/// Returns the description of a field: that of its shape on its side, that of its side, or that of its name.
pub(crate) fn lookup(side: Side, name: &str, kind: &Kind) -> Option<&'static str> {
    let side = match side {
        Side::Input => "input/",
        Side::Output => "output/",
    };
    let key = [side, name, "/", shape(kind)].concat();
    let of_side = &key[..side.len() + name.len()];
    entry(&key).or_else(|| entry(of_side)).or_else(|| entry(name))
}

fn entry(key: &str) -> Option<&'static str> {
    let found = GLOSSARY.binary_search_by_key(&key, |(key, _)| key).ok()?;
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
