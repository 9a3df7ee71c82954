//! Finds a model in the catalog that answers for its ID, and the files that the expansion depends on.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;
use workers_ai_catalog::{Catalog, Error, Model};

use crate::args::Arguments;

/// The environment variable with the folder that is laid over the embedded snapshot.
const VARIABLE: &str = "WORKERS_AI_CATALOG";

/// A model, and the items that make cargo watch its file.
pub(crate) struct Found {
    pub(crate) model: Model,
    pub(crate) tracked: TokenStream,
}

/// A model that was not found.
pub(crate) struct LookupError {
    /// The place to underline.
    pub(crate) span: Span,
    /// The mistake, and what to write instead.
    pub(crate) message: String,
    /// The model that was probably meant.
    pub(crate) stand_in: Option<Box<Model>>,
}

pub(crate) fn find(literal: &LitStr, arguments: &Arguments) -> Result<Found, LookupError> {
    let id = literal.value();
    let catalog = match (&arguments.catalog, std::env::var_os(VARIABLE)) {
        (Some(path), _) => Catalog::at(from_manifest(Path::new(&path.value()))),
        (None, Some(path)) if !path.is_empty() => Catalog::over(from_manifest(Path::new(&path))),
        (None, _) => Catalog::embedded(),
    };
    if id.trim().is_empty() {
        let message = "the model's ID is empty; write one as `@cf/author/model`".to_owned();
        return Err(LookupError { span: literal.span(), message, stand_in: None });
    }
    let path = catalog.path(&id);
    let model = catalog.model(&id).map_err(|error| not_found(&error, literal, arguments, &catalog))?;
    let watched_variable = arguments.catalog.is_none().then(|| {
        quote!(
            const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(#VARIABLE);
        )
    });
    let watched_file = path.as_deref().and_then(Path::to_str).map(|path| {
        quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        )
    });
    Ok(Found { model, tracked: quote!(#watched_variable #watched_file) })
}

fn not_found(error: &Error, id: &LitStr, arguments: &Arguments, catalog: &Catalog) -> LookupError {
    let in_catalog = matches!(
        error,
        Error::Unreadable { .. } | Error::NotJson { .. } | Error::OtherModel { .. } | Error::NotAModel { .. }
    );
    let place = arguments.catalog.as_ref().filter(|_| in_catalog).unwrap_or(id);
    let stand_in = match error {
        Error::Unknown { similar, .. } => similar.first().and_then(|id| catalog.model(id).ok()),
        _ => Catalog::embedded().model(&id.value()).ok(),
    };
    let message = explain(error, &id.value());
    LookupError { span: place.span(), message, stand_in: stand_in.map(Box::new) }
}

fn from_manifest(path: &Path) -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    manifest.join(path)
}

/// Returns the error's text, with the remedies that work where this build is.
fn explain(error: &Error, id: &str) -> String {
    let untyped = format!("call it without a type: `ai.model({id:?})`");
    match error {
        // Models of partners are reached by their names alone, and no catalog describes them.
        Error::Unknown { catalog, similar, .. }
            if catalog.path.is_none() && similar.is_empty() && !id.starts_with('@') =>
        {
            format!("{error}; the ID of a model with a type starts with `@`; call others with `ai.model({id:?})`")
        }
        Error::Unknown { catalog, similar, .. } => {
            let newer = if catalog.path.is_some() {
                "refresh that catalog".to_owned()
            } else if inside_the_workspace() {
                "run `cargo xtask refresh-catalog`".to_owned()
            } else {
                format!("run `cargo workers-ai add {id}`")
            };
            let end = if similar.is_empty() { "; " } else { " " };
            format!("{error}{end}for a newer model, {newer}, or {untyped}")
        }
        Error::NoSchema { .. } => format!("{error}; {untyped}"),
        _ => error.to_string(),
    }
}

/// Returns whether the crate being compiled belongs to the workspace that this one comes from.
fn inside_the_workspace() -> bool {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match (ours, manifest) {
        (Some(ours), Some(manifest)) => manifest.starts_with(ours) && ours.join("xtask").is_dir(),
        _ => false,
    }
}
