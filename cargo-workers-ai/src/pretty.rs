//! Formats JSON for the snapshot: on one line if it fits, else one member per line.

use std::fmt::Write as _;

use serde_json::Value;

/// The line width.
const WIDTH: usize = 100;

/// Returns the text of a file with this value, including the final newline.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0, 0);
    text.push('\n');
    text
}

/// Writes a value that starts at column `before` of a line with this indentation.
fn write(text: &mut String, value: &Value, indent: usize, before: usize) {
    if let Some(line) = one_line(value, WIDTH.saturating_sub(before + 1)) {
        text.push_str(&line);
        return;
    }
    let inner = indent + 2;
    let pad = " ".repeat(inner);
    match value {
        Value::Object(members) => {
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                let name = format!("{}: ", Value::from(name.as_str()));
                text.push_str(if index == 0 { "\n" } else { ",\n" });
                text.push_str(&pad);
                text.push_str(&name);
                write(text, member, inner, inner + name.chars().count());
            }
            text.push('\n');
            text.push_str(&pad[..indent]);
            text.push('}');
        }
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            text.push('[');
            fill(text, items, inner);
            text.push('\n');
            text.push_str(&pad[..indent]);
            text.push(']');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "\n" } else { ",\n" });
                text.push_str(&pad);
                write(text, item, inner, inner);
            }
            text.push('\n');
            text.push_str(&pad[..indent]);
            text.push(']');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

/// Writes scalars side by side, as many as fit on a line.
fn fill(text: &mut String, items: &[Value], indent: usize) {
    let mut column = WIDTH;
    for (index, item) in items.iter().enumerate() {
        let item = item.to_string();
        let width = item.chars().count() + 1;
        if index > 0 {
            text.push(',');
        }
        if column + width + 1 > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent + width;
        } else {
            text.push(' ');
            column += width + 1;
        }
        text.push_str(&item);
    }
}

/// Returns the value on one line, if it fits into `room` columns.
fn one_line(value: &Value, room: usize) -> Option<String> {
    let mut line = String::new();
    inline(&mut line, value, room).then_some(line)
}

fn inline(line: &mut String, value: &Value, room: usize) -> bool {
    match value {
        Value::Object(members) => {
            line.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                let _ = write!(line, "{comma}{}: ", Value::from(name.as_str()));
                if line.len() > room * 4 || !inline(line, member, room) {
                    return false;
                }
            }
            line.push('}');
        }
        Value::Array(items) => {
            line.push('[');
            for (index, item) in items.iter().enumerate() {
                line.push_str(if index == 0 { "" } else { ", " });
                if line.len() > room * 4 || !inline(line, item, room) {
                    return false;
                }
            }
            line.push(']');
        }
        scalar => {
            let _ = write!(line, "{scalar}");
        }
    }
    line.chars().count() <= room
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::pretty;

    #[test]
    fn short_values_share_a_line_and_long_ones_break_by_member() {
        let value = json!({
            "a": {"type": "string", "minLength": 1},
            "long": {"enum": ["x".repeat(60), "y".repeat(60)], "type": "string"},
        });
        let (x, y) = ("x".repeat(60), "y".repeat(60));
        let expected = format!(
            "{{\n  \"a\": {{\"minLength\": 1, \"type\": \"string\"}},\n  \"long\": {{\n    \"enum\": [\n      \"{x}\",\n      \"{y}\"\n    ],\n    \"type\": \"string\"\n  }}\n}}\n"
        );
        assert_eq!(pretty(&value), expected);
    }
}
