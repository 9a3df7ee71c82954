//! Random numbers from the operating system, or from the JavaScript host on wasm32.

use crate::error::ConfigError;

/// Returns a random number that nobody can guess.
pub(crate) fn u64() -> Result<u64, ConfigError> {
    getrandom::u64().map_err(|error| ConfigError::Random(error.to_string()))
}
