//! Hashes the structure of a schema: names, types, requirements and enums, without bounds, defaults and titles.
//!
//! Decisions about shared types are recorded by it, since nothing else of a place matters to them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::limits::{MAX_DEPTH, MAX_PLACES};

/// The hashes of a document computed so far. Models refer to the same schemas in many places.
#[derive(Default)]
pub(crate) struct Hashes(BTreeMap<*const Value, u64>);

impl Hashes {
    /// Returns the hash of a schema's structure.
    pub(crate) fn of<'a>(&mut self, schema: &'a Value, resolve: impl Fn(&str) -> Option<&'a Value> + Copy) -> u64 {
        let mut walk = Walk { known: &mut self.0, resolve, places: 0 };
        walk.once(schema, 0)
    }
}

/// The keywords that make the structure.
const STRUCTURE: [&str; 13] = [
    "type",
    "enum",
    "const",
    "format",
    "contentType",
    "nullable",
    "required",
    "items",
    "additionalProperties",
    "oneOf",
    "anyOf",
    "allOf",
    "properties",
];

struct Walk<'k, R> {
    known: &'k mut BTreeMap<*const Value, u64>,
    resolve: R,
    /// The number of places read: references can make a small file a large schema.
    places: usize,
}

struct Fnv(u64);

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn add_hash(&mut self, hash: u64) {
        self.0 = (self.0 ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    }
}

impl<'a, R: Fn(&str) -> Option<&'a Value> + Copy> Walk<'_, R> {
    /// Hashes a schema that other places may share.
    fn once(&mut self, schema: &'a Value, depth: usize) -> u64 {
        if let Some(known) = self.known.get(&std::ptr::from_ref(schema)) {
            return *known;
        }
        let hash = self.hash(schema, depth);
        self.known.insert(std::ptr::from_ref(schema), hash);
        hash
    }

    /// Hashes a schema. One that is referred to has the same hash as if it stood there.
    fn hash(&mut self, schema: &'a Value, depth: usize) -> u64 {
        let mut state = Fnv(0xcbf2_9ce4_8422_2325);
        self.places += 1;
        if depth > MAX_DEPTH || self.places > MAX_PLACES {
            return state.0;
        }
        let Value::Object(members) = schema else {
            state.add(&schema.to_string());
            return state.0;
        };
        if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(self.resolve) {
            let target = self.once(target, depth + 1);
            if !members.keys().any(|name| STRUCTURE.contains(&name.as_str())) {
                return target;
            }
            state.add("$ref");
            state.add_hash(target);
        }
        for name in ["type", "enum", "const", "format", "contentType", "nullable"] {
            match members.get(name) {
                Some(Value::String(text)) => {
                    state.add(name);
                    state.add(text);
                }
                Some(value) => {
                    state.add(name);
                    state.add(&value.to_string());
                }
                None => {}
            }
        }
        if let Some(Value::Array(required)) = members.get("required") {
            let mut names: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
            names.sort_unstable();
            state.add("required");
            for name in names {
                state.add(name);
            }
        }
        for name in ["items", "additionalProperties"] {
            if let Some(value) = members.get(name) {
                state.add(name);
                state.add_hash(self.hash(value, depth + 1));
            }
        }
        for name in ["oneOf", "anyOf", "allOf"] {
            if let Some(Value::Array(branches)) = members.get(name) {
                state.add(name);
                for branch in branches {
                    state.add_hash(self.once(branch, depth + 1));
                }
                state.add("end");
            }
        }
        if let Some(Value::Object(properties)) = members.get("properties") {
            state.add("properties");
            for (name, value) in properties {
                state.add(name);
                state.add_hash(self.hash(value, depth + 1));
            }
            state.add("end");
        }
        state.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Hashes;

    #[test]
    fn a_referred_schema_has_the_hash_that_it_has_in_place() {
        let (part, other) = (json!({"type": "string", "enum": ["a"]}), json!({"type": "string"}));
        let list = |items: &Value| json!({"type": "array", "items": items});
        let mut titled = list(&part);
        titled["title"] = json!("T");
        titled["maxItems"] = json!(3);
        let schemas = [list(&json!({"$ref": "/shared/part.json"})), list(&part), titled, list(&other)];
        let resolve = |reference: &str| (reference == "/shared/part.json").then_some(&part);
        let [referred, in_place, titled, other] =
            schemas.each_ref().map(|schema| Hashes::default().of(schema, resolve));
        assert_eq!(referred, in_place);
        assert_eq!(referred, titled);
        assert_ne!(referred, other);
    }
}
