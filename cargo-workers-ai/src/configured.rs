//! The catalog that the attribute reads here.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The variable that names a folder with a catalog, for the attribute and for this command.
pub const VARIABLE: &str = "WORKERS_AI_CATALOG";

/// Returns the folder that the attribute reads in the current folder: `WORKERS_AI_CATALOG`, from the environment or from the `[env]` table
/// of cargo's configuration, which cargo itself sets for compilers and programs only.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    if let Some(value) = env::var_os(VARIABLE) {
        return Some(PathBuf::from(value)).filter(|path| !path.as_os_str().is_empty());
    }
    let here = env::current_dir().ok()?;
    let found = here.ancestors().find_map(in_configuration)?;
    // Shorter to read, where that is possible.
    let short = found.strip_prefix(&here).ok().filter(|short| !short.as_os_str().is_empty()).map(Path::to_owned);
    Some(short.unwrap_or(found))
}

fn in_configuration(folder: &Path) -> Option<PathBuf> {
    // Cargo, too, prefers the older name.
    let text =
        [".cargo/config", ".cargo/config.toml"].iter().find_map(|name| fs::read_to_string(folder.join(name)).ok())?;
    let configuration: toml::Table = text.parse().ok()?;
    let variable = configuration.get("env")?.get(VARIABLE)?;
    let is_relative = variable.get("relative").and_then(toml::Value::as_bool).unwrap_or_default();
    let value = variable.as_str().or_else(|| variable.get("value")?.as_str()).filter(|value| !value.is_empty())?;
    Some(if is_relative { folder.join(value) } else { PathBuf::from(value) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::in_configuration;

    #[test]
    fn the_folder_is_read_as_cargo_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(".cargo")).expect("a folder");
        for (text, expected) in [
            ("[env]\nWORKERS_AI_CATALOG = { value = \"models\", relative = true }", Some(folder.path().join("models"))),
            ("[env]\nWORKERS_AI_CATALOG = \"/models\"", Some("/models".into())),
            ("[env]\nWORKERS_AI_CATALOG.value = \"/models\"", Some("/models".into())),
            ("[env]\nOTHER = \"/models\"", None),
            ("[env", None),
        ] {
            fs::write(folder.path().join(".cargo/config.toml"), text).expect("a file");
            assert_eq!(in_configuration(folder.path()), expected, "{text}");
        }
    }
}
