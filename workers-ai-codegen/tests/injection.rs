//! No text of a catalog becomes code: neither Rust nor an example that rustdoc would run.

use std::fs;

use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};
use syn::{Attribute, Expr, ExprLit, Lit, Meta, visit::Visit};
use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

const ID: &str = "@cf/test/model";

const HOSTILE: [&str; 12] = [
    "*/ } pub fn injected() {} /*",
    "\"] pub fn injected() {} #[doc = \"",
    "\"#] pub fn injected() {} #[doc = r#\"",
    "text\n```\ninjected()\n```\n",
    "text\n\n~~~rust\ninjected()\n~~~",
    "text\n\n    injected()\n",
    "text\r\r    injected()\r",
    "text\n\n\tinjected()",
    "text\u{b}\u{b}    injected()\u{2028}\u{2028}    injected()\u{85}    injected()",
    "- a list\n\n      injected()\n\n```injected()```",
    "\\`\\`\\`\ninjected()\n\\`\\`\\`",
    "injected!(); #![doc = include_str!(\"/etc/passwd\")] {} {{}} $crate #name",
];

/// Returns a model whose every text is this one.
fn document(text: &str) -> Value {
    let described = |schema: Value| {
        let mut schema = schema;
        schema["description"] = json!(text);
        schema["title"] = json!(text);
        schema
    };
    let properties = json!({
        "plain": described(json!({"type": "string", "default": text, "examples": [text], "pattern": text})),
        text: described(json!({"type": "string"})),
        "choice": described(json!({"type": "string", "enum": [text, "a"]})),
        "constant": described(json!({"const": text})),
        "nested": described(json!({"type": "object", "required": [text, "b"], "properties": {
            text: described(json!({"type": "integer"})), "b": described(json!({"type": "string"})),
        }})),
        "union": described(json!({"oneOf": [
            described(json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": text}}})),
            described(json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "b"}}})),
        ]})),
    });
    json!({
        "id": ID, "task": text, "description": text, "created": text, "terms": text, "info": text,
        "deprecated": text, "successor": text,
        "pricing": [{"unit": text, "price": 1.0, "currency": text}],
        "input": described(json!({"type": "object", "required": ["plain"], "properties": properties})),
        "output": described(json!({"type": "object", "properties": properties})),
    })
}

#[derive(Default)]
struct Found {
    items: Vec<String>,
    examples: usize,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
        let name = ident.to_string();
        if name.contains("injected") {
            self.items.push(name);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.items.push(item.sig.ident.to_string());
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.items.push(item.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default());
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[Attribute] = match item {
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Enum(item) => &item.attrs,
            syn::Item::Trait(item) => &item.attrs,
            _ => &[],
        };
        self.examples += examples(attributes);
        syn::visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.examples += examples(&item.attrs);
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.examples += examples(&field.attrs);
        syn::visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.examples += examples(&variant.attrs);
        syn::visit::visit_variant(self, variant);
    }
}

/// Counts the code blocks in the documentation of an item.
fn examples(attributes: &[Attribute]) -> usize {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attribute.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value
        {
            text += &line.value();
            text.push('\n');
        }
    }
    Parser::new(&text).filter(|event| matches!(event, Event::Start(Tag::CodeBlock(_)))).count()
}

fn generated(text: &str) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    fs::write(&file, document(text).to_string()).unwrap();
    let model = Catalog::at(&file).model(ID).unwrap();
    let tokens = workers_ai_codegen::model(&model, &Target::named("Model"));
    let parsed: syn::File = syn::parse2(tokens).unwrap();
    let mut found = Found::default();
    found.visit_file(&parsed);
    found
}

#[test]
fn no_text_of_a_catalog_becomes_code() {
    let harmless = generated("words");
    for text in HOSTILE {
        let found = generated(text);
        // Names are made of the letters of a text, so they may hold the word, but a text is never more than a name.
        let made = |found: &Found| found.items.iter().filter(|name| *name == "injected").count();
        assert_eq!(made(&found), 0, "{text:?}: {:?}", found.items);
        assert_eq!(found.examples, harmless.examples, "{text:?}: examples in the documentation");
    }
}
