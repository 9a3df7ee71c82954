//! What a model's generated code offers to programs beside the fields of the schema: the traits that it implements, and the
//! integer types of setters.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::{FnArg, ImplItem, ImplItemFn, Item, ItemImpl, Type};
use workers_ai_catalog::Model;
use workers_ai_codegen::Target;

/// The name of the struct that code is generated for.
pub const STRUCT: &str = "M";

/// The traits that programs name in bounds. Capabilities are facts of the model, and compared as such.
const TRAITS: [&str; 10] = [
    "BinaryOutput",
    "Chat",
    "ChatReply",
    "Dimensions",
    "HasAudio",
    "HasChatReply",
    "HasFile",
    "HasImage",
    "Transcript",
    "JsonMode",
];

/// What generated code offers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// The implemented traits, with their associated types, and the type that implements each.
    pub traits: BTreeSet<(String, String)>,
    /// The integer types that setters take, by type and method.
    pub integers: BTreeMap<(String, String), String>,
    /// The argument of every method, by type and method.
    pub arguments: BTreeMap<(String, String), String>,
}

/// Generates the code for a model.
///
/// # Errors
/// Fails if the code is not valid Rust, which is a bug in the generator.
pub fn generate(model: &Model) -> Result<syn::File, String> {
    let tokens = workers_ai_codegen::model(model, &Target::named(STRUCT));
    syn::parse2(tokens).map_err(|error| format!("its code is not valid Rust: {error}"))
}

/// Returns what generated code offers.
#[must_use]
pub fn of(file: &syn::File) -> Surface {
    let mut surface = Surface::default();
    items(&file.items, &mut surface);
    surface
}

fn items(items: &[Item], surface: &mut Surface) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, inside)) = &module.content {
                    self::items(inside, surface);
                }
            }
            Item::Impl(block) => implementation(block, surface),
            _ => {}
        }
    }
}

fn implementation(block: &ItemImpl, surface: &mut Surface) {
    let owner = match &*block.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        _ => return,
    };
    match &block.trait_ {
        Some((path, _)) => {
            let Some(last) = path.segments.last().filter(|last| TRAITS.contains(&last.ident.to_string().as_str()))
            else {
                return;
            };
            let mut types = block.items.iter().filter_map(|item| match item {
                ImplItem::Type(assigned) => Some(format!("{} = {}", assigned.ident, plain(&assigned.ty))),
                _ => None,
            });
            let arguments = last.arguments.to_token_stream().to_string().replace(' ', "");
            let assigned = types.next().map(|assigned| format!("<{assigned}>")).unwrap_or_default();
            surface.traits.insert((owner, format!("{}{arguments}{assigned}", last.ident)));
        }
        None => {
            for item in &block.items {
                if let ImplItem::Fn(method) = item {
                    let name = (owner.clone(), method.sig.ident.to_string());
                    surface.integers.extend(integer(method).map(|of| (name.clone(), of)));
                    surface.arguments.insert(name, argument(method));
                }
            }
        }
    }
}

/// Returns the type of a method's argument as it is written.
fn argument(method: &ImplItemFn) -> String {
    match method.sig.inputs.iter().nth(1) {
        Some(FnArg::Typed(argument)) => argument.ty.to_token_stream().to_string(),
        _ => String::new(),
    }
}

/// Returns the integer type that a setter takes.
fn integer(method: &ImplItemFn) -> Option<String> {
    let Some(FnArg::Typed(argument)) = method.sig.inputs.iter().nth(1) else { return None };
    let of = plain(&argument.ty);
    ["u8", "u16", "u32", "u64", "i64"].contains(&of.as_str()).then_some(of)
}

/// Returns a type without the path to it.
fn plain(of: &Type) -> String {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.to_token_stream().to_string()),
        _ => None,
    }
    .unwrap_or_else(|| of.to_token_stream().to_string())
}
