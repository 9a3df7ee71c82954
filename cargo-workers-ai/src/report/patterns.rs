//! Finds invalid regular expressions, which no value can be checked against.

use serde_json::Value;

/// Returns a note for each such pattern in the input of a model.
pub(super) fn invalid(id: &str, input: &Value) -> Vec<String> {
    let mut found = Vec::new();
    visit(input, &mut |pattern| {
        if let Err(error) = regress::Regex::with_flags(pattern, "u") {
            found.push(format!(
                "{id}: invalid regular expression `{pattern}` ({error}); no value is checked against it"
            ));
        }
    });
    found.dedup();
    found
}

fn visit(schema: &Value, found: &mut impl FnMut(&str)) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("pattern", Value::String(pattern)) => found(pattern),
                    // These hold values, not schemas.
                    ("enum" | "const" | "default" | "examples", _) => {}
                    (_, value) => visit(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::invalid;

    #[test]
    fn a_pattern_that_is_no_regular_expression_is_noted_once() {
        let input = json!({"properties": {
            "pattern": {"type": "string", "pattern": "^[a-z]+$"},
            "a": {"anyOf": [{"pattern": "(["}, {"pattern": "(["}]},
            "b": {"enum": [{"pattern": "(("}]},
        }});
        let notes = invalid("@cf/test/model", &input);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].starts_with("@cf/test/model: invalid regular expression `([`"), "{notes:?}");
    }
}
