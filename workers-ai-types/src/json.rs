//! JSON from and to texts, and objects whose values stay as they are written.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};

/// Reads the JSON of a text. It is read as bytes, as bodies are, so that a type is compiled for one reader and not for two.
///
/// # Errors
/// Fails if it is not JSON, or has another type.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text.as_bytes())
}

/// Writes JSON as a text. Its `Display` would bring the code for indented JSON, too.
#[must_use]
pub fn to_text(json: &Value) -> String {
    // A value can always be written.
    serde_json::to_string(json).unwrap_or_default()
}

/// The members of a JSON object, each with the text of its value.
pub struct RawMembers<'j>(pub Vec<(String, &'j RawValue)>);

impl<'j> RawMembers<'j> {
    /// Reads an object. `None` if the JSON is none.
    #[must_use]
    pub fn of(json: &'j [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// Returns the text of a member, without space around it. The last of several counts.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'j str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.get())
    }
}

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawMembers<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawMembers<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(RawMembers(members))
    }
}
