//! Derives Rust identifiers from the catalog's words.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

/// The words that are not identifiers in some edition.
const KEYWORDS: [&str; 54] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while",
    "yield", "raw",
];

/// The names of methods that setters must not have. Nor may they start with `maybe_` or `null_`.
const METHODS: [&str; 8] = ["build", "extra", "clone", "validate", "into", "from", "fmt", "eq"];

/// Converts words to `snake_case`: `contentType` becomes `content_type`, `2d` becomes `_2d`.
pub(crate) fn snake(words: &str) -> String {
    let mut name = String::new();
    let mut before = '_';
    for c in words.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            name.push('_');
        }
        if c == '_' || is_continue(c) {
            name.extend(c.to_lowercase());
        } else if before != '_' {
            name.push('_');
        }
        before = name.chars().next_back().map_or('_', |_| if is_continue(c) { c } else { '_' });
    }
    let name = if name.chars().all(|c| c == '_') { "field".to_owned() } else { name };
    if name.starts_with(|c: char| !is_start(c)) { format!("_{name}") } else { name }
}

/// The names that are taken in one scope.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
    /// The last number that was appended to a name.
    numbers: BTreeMap<String, usize>,
}

impl Names {
    /// Takes a name, or the first with a number appended that is free.
    pub(crate) fn unique(&mut self, name: String, separator: &str) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let number = self.numbers.entry(name.clone()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{name}{separator}{number}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }

    /// Takes names if all are free.
    pub(crate) fn take(&mut self, names: Vec<String>) -> bool {
        let free = names.iter().all(|name| !self.taken.contains(name));
        if free {
            self.taken.extend(names);
        }
        free
    }

    /// Returns the name of a field and its setter.
    pub(crate) fn field(&mut self, words: &str) -> String {
        // Its setter has siblings.
        let siblings = |name: &str| ["maybe_", "null_"].map(|prefix| format!("{prefix}{name}"));
        let name = ident(&field(words)).to_string();
        let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
        let is_free = |name: &String| {
            !self.taken.contains(name) && siblings(name).iter().all(|sibling| !self.taken.contains(sibling))
        };
        let name = std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name);
        self.taken.extend(siblings(&name));
        self.taken.insert(name.clone());
        name
    }

    /// Returns the name of a variant.
    pub(crate) fn variant(&mut self, words: &str) -> String {
        self.unique(variant(words), "")
    }
}

/// Returns the name of a field and its setter.
pub(crate) fn field(words: &str) -> String {
    let mut name = snake(words);
    // Variables of generated code start with two underscores.
    if name.starts_with("__") {
        name = format!("_{}", name.trim_start_matches('_'));
    }
    if (KEYWORDS.contains(&name.as_str()) && name != "raw" && name != "union")
        || METHODS.contains(&name.as_str())
        || ["maybe_", "null_"].iter().any(|prefix| name.starts_with(prefix))
    {
        name.push('_');
    }
    name
}

/// Returns the name of the trait of what is taken for an enum of strings.
pub(crate) fn accepted_trait(name: &str) -> String {
    format!("Is{name}")
}

/// Returns the name of a type without the characters that are invalid in identifiers.
pub(crate) fn type_name(name: &str) -> String {
    name.chars().filter(|c| is_continue(*c)).collect()
}

/// Returns the name of a variant.
pub(crate) fn variant(words: &str) -> String {
    let mut name = camel(words);
    if name.is_empty() {
        name = words.chars().map(sign).collect();
    }
    if name.is_empty() {
        "Empty".clone_into(&mut name);
    }
    if name.starts_with(|c: char| !is_start(c)) {
        name.insert(0, 'N');
    }
    // `ALL` is the list of them.
    if matches!(name.as_str(), "Self" | "Other" | "ALL") {
        name.push('_');
    }
    name
}

/// Converts words to `UpperCamelCase`.
pub(crate) fn camel(words: &str) -> String {
    let mut name = String::new();
    let mut start = true;
    for c in words.chars() {
        if is_continue(c) && c != '_' {
            if start {
                name.extend(c.to_uppercase());
            } else {
                name.push(c);
            }
            start = false;
        } else {
            start = true;
        }
    }
    name
}

/// Returns the name of a punctuation character.
fn sign(c: char) -> &'static str {
    match c {
        '+' => "Plus",
        '-' => "Minus",
        '*' => "Star",
        '/' => "Slash",
        '.' => "Dot",
        '_' => "Underscore",
        _ => "Sign",
    }
}

fn is_start(c: char) -> bool {
    c == '_' || (unicode_ident::is_xid_start(c) && !is_composed(c))
}

fn is_continue(c: char) -> bool {
    c == '_' || c.is_ascii_digit() || is_start(c)
}

/// Returns whether Unicode normalization, which the compiler applies to identifiers, may replace a letter. Marks that combine
/// with letters do not start identifiers.
fn is_composed(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{1f00}'..='\u{1fff}' | '\u{2126}' | '\u{212a}' | '\u{212b}'
        | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// Returns an identifier. An invalid name is converted, so that an odd catalog yields an odd name instead of a panic.
pub(crate) fn ident(name: &str) -> Ident {
    let mut chars = name.chars();
    let valid = chars.next().is_some_and(is_start) && chars.all(is_continue) && name != "_";
    if valid && !KEYWORDS[..KEYWORDS.len() - 1].contains(&name) {
        return Ident::new(name, Span::call_site());
    }
    Ident::new(&field(name), Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, Names, field, snake, variant};

    #[test]
    fn awkward_names_become_identifiers() {
        for (words, name) in [
            ("contentType", "content_type"),
            ("top_p", "top_p"),
            ("content-type", "content_type"),
            ("a.b", "a_b"),
            ("2d", "_2d"),
            ("Größe", "größe"),
            ("", "field"),
            ("--", "field"),
            ("imageURL", "image_url"),
        ] {
            assert_eq!(snake(words), name, "{words}");
        }
    }

    #[test]
    fn keywords_and_builder_methods_get_an_underscore() {
        for (words, name) in
            [("type", "type_"), ("self", "self_"), ("build", "build_"), ("extra", "extra_"), ("gen", "gen_")]
        {
            assert_eq!(field(words), name);
        }
        for word in KEYWORDS {
            assert!(syn::parse_str::<syn::Ident>(&field(word)).is_ok(), "{word}");
            assert!(syn::parse_str::<syn::Ident>(&variant(word)).is_ok(), "{word}");
        }
    }

    #[test]
    fn two_fields_never_share_a_name() {
        let mut names = Names::default();
        let fields = ["a_b", "a-b", "a.b", "a_b_2", "e\u{301}", "\u{e9}", "\u{212b}", "\u{c5}"];
        let fields = fields.map(|words| names.field(words));
        assert_eq!(fields, ["a_b", "a_b_2", "a_b_3", "a_b_2_2", "e_", "\u{e9}", "field", "\u{e5}"]);
    }

    #[test]
    fn many_values_with_one_name_are_numbered_at_once() {
        let mut names = Names::default();
        let variants: Vec<String> = (0..5000).map(|count| names.variant(&format!("a{}", "-".repeat(count)))).collect();
        assert_eq!((variants[0].as_str(), variants[4999].as_str()), ("A", "A5000"));
    }

    #[test]
    fn variants_that_start_with_a_digit_or_are_signs_have_names() {
        assert_eq!(variant("1024x1024"), "N1024x1024");
        assert_eq!(variant(""), "Empty");
        assert_eq!(variant("+"), "Plus");
        assert_eq!(variant("asm_Beng"), "AsmBeng");
    }
}
