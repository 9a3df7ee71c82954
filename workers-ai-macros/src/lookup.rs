//! Which catalog answers for an id, and what the expansion depends on.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use workers_ai_catalog::{Catalog, Error, Model};

use crate::attribute::Arguments;

/// The variable that lays a folder over the embedded snapshot.
const VARIABLE: &str = "WORKERS_AI_CATALOG";

/// A model, and what cargo must watch.
pub(crate) struct Found {
    pub(crate) model: Model,
    pub(crate) tracked: TokenStream,
}

/// Why there is no such model.
pub(crate) struct Missed {
    /// Where it was written.
    pub(crate) span: Span,
    /// What is wrong, and what to write instead.
    pub(crate) message: String,
    /// The model that was probably meant.
    pub(crate) stand_in: Option<Box<Model>>,
}

pub(crate) fn find(arguments: &Arguments) -> Result<Found, Missed> {
    let id = arguments.id.value();
    let catalog = match (&arguments.catalog, std::env::var_os(VARIABLE)) {
        (Some(path), _) => Catalog::at(from_manifest(Path::new(&path.value()))),
        (None, Some(path)) if !path.is_empty() => Catalog::over(from_manifest(Path::new(&path))),
        (None, _) => Catalog::embedded(),
    };
    if id.trim().is_empty() {
        let message = "the model's id is empty; write one as `@cf/author/model`".to_owned();
        return Err(Missed { span: arguments.id.span(), message, stand_in: None });
    }
    let path = catalog.path(&id);
    let model = catalog.model(&id).map_err(|error| missed(&error, arguments, &catalog))?;
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

fn missed(error: &Error, arguments: &Arguments, catalog: &Catalog) -> Missed {
    let of_the_catalog = matches!(error, Error::Unreadable { .. } | Error::NotJson { .. } | Error::OtherModel { .. });
    let place = arguments.catalog.as_ref().filter(|_| of_the_catalog).unwrap_or(&arguments.id);
    let stand_in = match error {
        Error::Unknown { near, .. } => near.first().and_then(|id| catalog.model(id).ok()),
        _ => Catalog::embedded().model(&arguments.id.value()).ok(),
    };
    let message = explain(error, arguments.catalog.is_some());
    Missed { span: place.span(), message, stand_in: stand_in.map(Box::new) }
}

fn from_manifest(path: &Path) -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    manifest.join(path)
}

/// The error, and what works where this build is.
fn explain(error: &Error, exact: bool) -> String {
    match error {
        Error::Unknown { .. } if exact => error.to_string(),
        Error::Unknown { .. } => {
            let remedy = if inside_the_workspace() {
                "a newer model needs `cargo xtask refresh-catalog`"
            } else {
                "a newer model needs a newer `workers-ai` or a catalog in `WORKERS_AI_CATALOG`"
            };
            let end = if error.to_string().ends_with('?') { " " } else { "; " };
            format!("{error}{end}{remedy}")
        }
        Error::NoSchema { .. } => format!("{error}; call it untyped, with `DynModel`"),
        _ => error.to_string(),
    }
}

/// Whether the crate that is compiled is a member of the workspace that this one comes from.
fn inside_the_workspace() -> bool {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match (ours, manifest) {
        (Some(ours), Some(manifest)) => manifest.starts_with(ours) && ours.join("xtask").is_dir(),
        _ => false,
    }
}
