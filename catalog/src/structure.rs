//! Hashes the structure of a schema: names, types, requirements and enums, without bounds, defaults and titles.
//!
//! A correction that maps a place to a shared Rust type lists the structures that the type covers. If a model's schema has
//! another structure, the correction does not apply, and a type of the model's own is generated.

use serde_json::Value;

use crate::limits::{MAX_DEPTH, MAX_PLACES};

/// Returns the hash of a schema's structure, as 16 hexadecimal digits.
pub(crate) fn hash<'a>(schema: &'a Value, resolve: impl Fn(&str) -> Option<&'a Value> + Copy) -> String {
    let mut state = Fnv { hash: 0xcbf2_9ce4_8422_2325, places: 0 };
    walk(schema, resolve, &mut state, 0);
    format!("{:016x}", state.hash)
}

struct Fnv {
    hash: u64,
    /// The number of places read: references can make a small file a large schema.
    places: usize,
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn walk<'a>(schema: &'a Value, resolve: impl Fn(&str) -> Option<&'a Value> + Copy, state: &mut Fnv, depth: usize) {
    state.places += 1;
    if depth > MAX_DEPTH || state.places > MAX_PLACES {
        return;
    }
    let Value::Object(members) = schema else {
        state.add(&schema.to_string());
        return;
    };
    if let Some(target) = members.get("$ref").and_then(Value::as_str).and_then(resolve) {
        return walk(target, resolve, state, depth + 1);
    }
    for name in ["type", "enum", "const", "format", "contentType"] {
        if let Some(value) = members.get(name) {
            state.add(name);
            state.add(&value.to_string());
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
            walk(value, resolve, state, depth + 1);
        }
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        if let Some(Value::Array(branches)) = members.get(name) {
            state.add(name);
            for branch in branches {
                walk(branch, resolve, state, depth + 1);
            }
            state.add("end");
        }
    }
    if let Some(Value::Object(properties)) = members.get("properties") {
        state.add("properties");
        for (name, value) in properties {
            state.add(name);
            walk(value, resolve, state, depth + 1);
        }
        state.add("end");
    }
}
