//! The models that a server knows: those of the embedded catalog, with or without another catalog laid over it.

use std::{
    collections::HashMap,
    env, fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use workers_ai_catalog::{Catalog, Error};

use crate::{error::ApiError, model::ModelSpec};

/// The environment variable with the catalog that is laid over the embedded one. The macros of `workers-ai` read it, too.
const VARIABLE: &str = "WORKERS_AI_CATALOG";

type Specs = Arc<Mutex<HashMap<String, Arc<ModelSpec>>>>;

/// The models of the embedded catalog that have been read, which all servers of a process share.
static EMBEDDED: LazyLock<Specs> = LazyLock::new(Specs::default);

/// The models of a server.
pub(crate) struct Models {
    pub(crate) catalog: Catalog,
    specs: Specs,
}

impl Models {
    pub(crate) fn embedded() -> Self {
        Self { catalog: Catalog::embedded(), specs: EMBEDDED.clone() }
    }

    /// Lays the catalog at a path over the embedded one.
    pub(crate) fn over(path: &Path) -> io::Result<Self> {
        let catalog = Catalog::over(path);
        catalog.check().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Self { catalog, specs: Specs::default() })
    }

    /// Returns a model.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<ModelSpec>, Error> {
        if let Some(found) = self.specs.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(found.clone());
        }
        let found = Arc::new(ModelSpec::read(&self.catalog, id)?);
        self.specs.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// Returns a model, or the error of the service.
    pub(crate) fn find(&self, id: &str) -> Result<Arc<ModelSpec>, ApiError> {
        self.get(id).map_err(|_| ApiError::no_such_model(id))
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Models").field("catalog", &self.catalog).finish_non_exhaustive()
    }
}

/// Returns the catalog that the environment names. Like in the macros, a relative path starts at the manifest of the package that cargo
/// runs.
pub(crate) fn in_environment() -> Option<PathBuf> {
    let path = env::var_os(VARIABLE).filter(|path| !path.is_empty())?;
    Some(env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default().join(path))
}
