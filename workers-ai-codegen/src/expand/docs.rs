//! The documentation of fields: a description, and the facts.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use workers_ai_catalog::{Bounds, Doc, Presence, is_always_checked, is_explosive};

use super::Context;
use crate::plan::{LocalForm, Member, Shape, Ty};

/// Generates the attributes that `///` stands for: one for each line, with a space before the text.
pub(super) fn attribute(text: &str) -> TokenStream {
    let mut tokens = Vec::new();
    for line in text.lines() {
        let line = if line.is_empty() { String::new() } else { [" ", line].concat() };
        let content = [
            TokenTree::Ident(Ident::new("doc", Span::call_site())),
            TokenTree::Punct(Punct::new('=', Spacing::Alone)),
            TokenTree::Literal(Literal::string(&line)),
        ];
        tokens.push(TokenTree::Punct(Punct::new('#', Spacing::Alone)));
        tokens.push(TokenTree::Group(Group::new(Delimiter::Bracket, content.into_iter().collect())));
    }
    tokens.into_iter().collect()
}

/// Escapes text so that rustdoc shows it verbatim: without code blocks to run, links to resolve, or HTML.
pub(super) fn escape(text: &str) -> String {
    let mut lines = Vec::new();
    // Markdown also ends a line at a lone carriage return.
    for line in text.replace('\r', "\n").lines() {
        let mut escaped = String::new();
        for word in line.trim().split_inclusive(' ') {
            let bare = word.trim_end();
            if bare.starts_with("http://") || bare.starts_with("https://") {
                let end = bare.trim_end_matches(['.', ',', ';', ')']);
                escaped.push('<');
                escaped.push_str(end);
                escaped.push('>');
                escaped.push_str(&word[end.len()..]);
                continue;
            }
            for c in word.chars() {
                if matches!(c, '[' | ']' | '<' | '>' | '`' | '*' | '_' | '\\' | '~') {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
        lines.push(escaped);
    }
    lines.join("\n")
}

/// Returns the documentation of a member: its description, then its facts.
pub(super) fn member(cx: &Context<'_>, member: &Member, input: bool) -> String {
    let mut text = match &member.doc {
        Some(Doc::Glossary(text)) => (*text).to_owned(),
        Some(Doc::Upstream(text)) => escape(text),
        None => String::new(),
    };
    // The type of an output is visible in its signature. Only bounds add to it.
    let plain = !input && !text.is_empty() && member.bounds == Bounds::default();
    if !plain {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&facts(cx, member, input));
    }
    if let Some(why) = &member.why {
        text.push_str("\n\nRequired because: ");
        text.push_str(why);
    }
    if member.wire != member.name {
        text.extend(["\n\nWire name: ", &code(&member.wire), "."]);
    }
    text
}

/// Returns the facts of a member: `Integer, 1 to 8, required.`
fn facts(cx: &Context<'_>, member: &Member, input: bool) -> String {
    let mut facts = vec![kind(cx, &member.ty).to_owned()];
    let bounds = &member.bounds;
    match (bounds.minimum, bounds.maximum) {
        (Some(least), Some(most)) => facts.push(format!("{least} to {most}")),
        (Some(least), None) => facts.push(format!("at least {least}")),
        (None, Some(most)) => facts.push(format!("at most {most}")),
        (None, None) => {}
    }
    facts.extend(bounds.exclusive_minimum.map(|limit| format!("above {limit}")));
    facts.extend(bounds.exclusive_maximum.map(|limit| format!("below {limit}")));
    facts.extend(bounds.multiple_of.map(|of| format!("a multiple of {of}")));
    for (least, most, unit) in [
        (bounds.min_length, bounds.max_length, "characters"),
        (bounds.min_items, bounds.max_items, "items"),
        (bounds.min_members, bounds.max_members, "members"),
    ] {
        match (least, most) {
            (Some(1), None) => facts.push("not empty".to_owned()),
            (Some(least), Some(most)) => facts.push(format!("{least} to {most} {unit}")),
            (Some(least), None) => facts.push(format!("at least {least} {unit}")),
            (None, Some(most)) => facts.push(format!("at most {most} {unit}")),
            (None, None) => {}
        }
    }
    if bounds.unique_items {
        facts.push("no item twice".to_owned());
    }
    if !bounds.values.is_empty() {
        let values: Vec<String> = bounds.values.iter().map(|value| code(value)).collect();
        facts.push(format!("one of {}", values.join(", ")));
    }
    for (words, list) in bounds.demands.iter().flat_map(|demands| {
        [
            ("of the type", &demands.types),
            ("one of", &demands.equals),
            ("with", &demands.present),
            ("without", &demands.absent),
        ]
    }) {
        let list: Vec<String> = list.iter().map(|one| code(one)).collect();
        facts.extend((!list.is_empty() && input).then(|| format!("{words} {}", list.join(", "))));
    }
    match member.presence {
        Presence::Required if input => facts.push("required".to_owned()),
        Presence::Required => {}
        Presence::Defaulted | Presence::Optional => facts.push("optional".to_owned()),
    }
    if let Some(default) = member.default.as_ref().filter(|_| input) {
        let default = default.to_string();
        if default.len() <= 60 {
            facts.push(format!("default {}", escape(&default)));
        }
    }
    if let Some(pattern) =
        bounds.pattern.as_deref().filter(|pattern| !is_always_checked(pattern) && !is_explosive(pattern))
    {
        facts.push(format!("matching {} (checked with the feature `patterns`)", code(pattern)));
    }
    if !member.unchecked.is_empty() && input {
        let keywords: Vec<String> = member.unchecked.iter().map(|keyword| code(keyword)).collect();
        facts.push(format!("not checked: {}", keywords.join(", ")));
    }
    let mut text = facts.join(", ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text.push('.');
    text
}

/// Returns a text as code inside a line.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('`', "'").replace(char::is_control, " ");
    format!("`{text}`")
}

fn kind(cx: &Context<'_>, ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "boolean",
        Ty::Int(_) => "integer",
        Ty::Number => "number",
        Ty::String => "string",
        Ty::Json => "any JSON value",
        Ty::Object => "any JSON object",
        Ty::List(_) | Ty::Shape(Shape::Messages(_) | Shape::Tools { .. }) => "list",
        Ty::Map(_) => "map",
        Ty::OneOrMany(_) => "one or a list",
        Ty::Local(index) => match cx.plan.types.get(*index).map(|local| &local.form) {
            Some(LocalForm::Choice { .. }) => "choice",
            Some(LocalForm::Union { .. }) => "one of several types",
            _ => "object",
        },
        Ty::Boxed(inner) | Ty::Nullable(inner) => kind(cx, inner),
        Ty::Shape(Shape::Effort(_)) => "choice",
        Ty::Shape(Shape::Pooling) => "pooling",
        Ty::Shape(Shape::Named(name)) => match name.as_str() {
            "Base64Data" | "DataUri" | "ByteArray" | "FormFile" | "RawBody" => "bytes",
            "Image" => "image",
            "Audio" => "audio",
            "ToolChoice" | "FunctionChoice" | "Modality" => "choice",
            _ => "object",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn upstream_prose_cannot_become_code_links_or_html() {
        assert_eq!(escape("    let x = 1;"), "let x = 1;");
        assert_eq!(escape("```rust"), "\\`\\`\\`rust");
        assert_eq!(escape("see [here] <b>"), "see \\[here\\] \\<b\\>");
        assert_eq!(escape("see https://a.b/c_d."), "see <https://a.b/c_d>.");
    }
}
