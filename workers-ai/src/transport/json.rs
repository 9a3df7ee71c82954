//! JSON that has been encoded: finds and adds members.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Value, value::RawValue};

/// Returns whether JSON has a member of this name, or a string that is the same. Most bytes of a large document are passed over at once,
/// and the search for a quote is small in a Worker, unlike the search for a text.
pub(crate) fn mentions(json: &[u8], name: &str) -> bool {
    let is_name = |rest: &[u8]| rest.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"\""));
    let mut rest = json;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        rest = &rest[quote + 1..];
        if is_name(rest) {
            return true;
        }
    }
    false
}

/// Returns the object with these members, which replace members of the same name. The other members stay as they are written.
pub(crate) fn insert<'n>(
    json: &[u8],
    members: impl IntoIterator<Item = (&'n str, Value)>,
) -> Result<Vec<u8>, serde_json::Error> {
    let members: Vec<(&str, Value)> = members.into_iter().collect();
    let mut object: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_slice(json)?;
    let texts = members.iter().map(|(_, value)| serde_json::value::to_raw_value(value));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    for ((name, _), text) in members.iter().zip(&texts) {
        object.insert(Cow::Borrowed(*name), text);
    }
    serde_json::to_vec(&object)
}

/// Asks for a failure at once if the model has no capacity. The input's other options are kept.
pub(crate) fn reject_if_busy(json: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    #[derive(serde::Deserialize)]
    struct Input {
        #[serde(default)]
        options: Value,
    }
    let mut options = match serde_json::from_slice(json)? {
        Input { options: Value::Object(options) } => options,
        Input { .. } => serde_json::Map::new(),
    };
    options.insert("rejectIfBusy".to_owned(), true.into());
    insert(json, [("options", options.into())])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn members_are_added_and_replaced_and_the_others_keep_their_digits() {
        let object = br#"{"b":0.10,"a\n":[1 ],"options":{}}"#;
        let written = super::insert(object, [("options", json!({ "x": true })), ("c", json!(1))]).expect("an object");
        assert_eq!(String::from_utf8_lossy(&written), r#"{"a\n":[1 ],"b":0.10,"c":1,"options":{"x":true}}"#);
        assert!(super::insert(b"[1]", [("a", json!(1))]).is_err());
    }

    #[test]
    fn the_options_of_the_input_are_kept() {
        let written = super::reject_if_busy(br#"{"options":{"x":1}}"#).expect("an object");
        assert_eq!(String::from_utf8_lossy(&written), r#"{"options":{"rejectIfBusy":true,"x":1}}"#);
    }
}
