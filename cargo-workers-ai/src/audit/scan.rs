//! Finds the IDs of models in Rust files.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use workers_ai_catalog::Catalog;

use crate::error::{Error, Result};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// Set if the attribute names the model. Otherwise a text does.
    pub by_attribute: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.by_attribute { "" } else { " (a text)" };
        write!(f, "{}:{}{how}", self.file.display(), self.line)
    }
}

/// The result of a scan.
#[derive(Debug, Default)]
pub struct Scanned {
    /// The IDs, each with its place, in the order of the files.
    pub places: Vec<(String, Place)>,
    /// Files that are not Rust.
    pub unreadable: Vec<String>,
}

/// Finds the IDs of models in the Rust files below a folder, or in one file. What cargo builds is left out.
///
/// # Errors
/// Returns an error if a file or folder cannot be read.
pub fn scan(path: &Path) -> Result<Scanned> {
    let mut scanned = Scanned::default();
    let known = Catalog::embedded().ids()?;
    let mut waiting = vec![path.to_owned()];
    fs::metadata(path).map_err(Error::read(path))?;
    while let Some(path) = waiting.pop() {
        if !path.is_dir() {
            file(&path, &known, &mut scanned);
            continue;
        }
        let Ok(entries) = fs::read_dir(&path) else {
            scanned.unreadable.push(path.display().to_string());
            continue;
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::read(&path))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().map_err(Error::read(&path))?.is_dir();
            let is_rust = Path::new(&name).extension().is_some_and(|extension| extension == "rs");
            let is_left_out = name.starts_with('.') || matches!(name.as_str(), "target" | "node_modules");
            if !is_left_out && (is_folder || is_rust) {
                paths.push(entry.path());
            }
        }
        paths.sort_unstable_by(|a, b| b.cmp(a));
        waiting.extend(paths);
    }
    Ok(scanned)
}

/// Larger files, and those that are nested more deeply, are not what people write.
const MAX_BYTES: u64 = 4 << 20;
const MAX_DEPTH: usize = 500;

fn file(path: &Path, known: &[String], scanned: &mut Scanned) {
    let Some(tokens) = read(path).and_then(|text| text.parse::<TokenStream>().ok()) else {
        scanned.unreadable.push(path.display().to_string());
        return;
    };
    visit(tokens, Context::Code, &mut |id, line, by_attribute| {
        // The models of other companies have IDs like any other text.
        if by_attribute || is_id(&id) || id.contains('/') && known.contains(&id) {
            scanned.places.push((id, Place { file: path.to_owned(), line, by_attribute }));
        }
    });
}

/// Reads a file that can be parsed without too much memory and stack.
fn read(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAX_BYTES);
    let text = metadata.and_then(|_| fs::read_to_string(path).ok())?;
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    (deepest <= MAX_DEPTH).then_some(text)
}

/// Returns whether a text can only be the ID of a model: `@cf/author/model`.
fn is_id(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("@cf/").or_else(|| text.strip_prefix("@hf/")) else { return false };
    let plain = |segment: &str| {
        !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    rest.split('/').count() >= 2 && rest.split('/').all(plain)
}

/// Where tokens stand.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Code,
    /// Inside `#[…]`.
    Attribute,
    /// Inside the parentheses of an attribute that names a model.
    Model,
}

/// Visits the texts among tokens. In the attribute of a model only the first is an ID.
fn visit(tokens: TokenStream, context: Context, found: &mut impl FnMut(String, usize, bool)) {
    let mut before = String::new();
    let mut is_first = context == Context::Model;
    let is_doc = context == Context::Attribute && tokens.to_string().starts_with("doc =");
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                let inside = match (context, group.delimiter(), before.as_str()) {
                    (Context::Attribute, Delimiter::Parenthesis, "workers_ai_model" | "model") => Context::Model,
                    (Context::Code, Delimiter::Bracket, "#") | (Context::Attribute, Delimiter::Parenthesis, _) => {
                        Context::Attribute
                    }
                    _ => Context::Code,
                };
                visit(group.stream(), inside, found);
            }
            TokenTree::Literal(literal) if !is_doc => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found(text.value(), literal.span().start().line, is_first);
                    is_first = false;
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        before = if let TokenTree::Group(_) = token { String::new() } else { token.to_string() };
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::scan;

    #[test]
    fn models_are_found_by_the_attribute_and_by_texts() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = r##"
            /// Like "@cf/in/documentation".
            #[workers_ai_model("@cf/a/one", catalog = "models/catalog.json")]
            struct One;

            #[workers_ai_model]
            enum Some { #[model("openai/gpt-9")] Other }

            fn f(ai: WorkersAi) {
                ai.model("@cf/a/two").run(json!({ "prompt": "@cf/not an id" }));
                let id = concat!("@cf/", "b/three");
                let raw = r#"@cf/a/one"#;
                assert_eq!(a.model("text"), if choice == model { "→" } else { "a/b" });
            }
        "##;
        fs::create_dir_all(folder.path().join("src")).expect("a folder");
        fs::create_dir_all(folder.path().join("target")).expect("a folder");
        fs::write(folder.path().join("src/main.rs"), source).expect("a file");
        fs::write(folder.path().join("src/broken.rs"), "fn f( {").expect("a file");
        fs::write(folder.path().join("target/made.rs"), "\"@cf/a/made\"").expect("a file");
        let scanned = scan(folder.path()).expect("a scan");
        let found: Vec<(&str, usize, bool)> =
            scanned.places.iter().map(|(id, place)| (id.as_str(), place.line, place.by_attribute)).collect();
        assert_eq!(
            found,
            [("@cf/a/one", 3, true), ("openai/gpt-9", 7, true), ("@cf/a/two", 10, false), ("@cf/a/one", 12, false)]
        );
        assert!(scanned.unreadable[0].ends_with("broken.rs") && scanned.unreadable.len() == 1);
    }
}
