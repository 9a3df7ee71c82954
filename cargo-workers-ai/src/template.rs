//! `new`: programs to copy.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use crate::error::{Error, Result};

/// Create a program from a template
#[derive(Args, Debug)]
pub struct New {
    /// The folder to create; its name is that of the program
    pub folder: PathBuf,
    /// The template
    #[arg(long, value_enum, default_value_t)]
    pub template: Template,
}

/// A template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// A Cloudflare Worker: chat, images, and documents embedded on Queues
    #[default]
    Worker,
}

const PLACEHOLDER: &str = "{{project-name}}";

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $folder, "/", $name)))),*]
    };
}

/// The files of the Worker. One that ends in `.liquid` loses that: a folder with a `Cargo.toml` would be left out of this package.
const WORKER: &[(&str, &str)] = files!(
    "worker":
    ".gitignore", "Cargo.toml.liquid", "README.md", "migrations/0001_chunks.sql", "src/ask.rs", "src/consume.rs",
    "src/failure.rs", "src/generate.rs", "src/index.rs", "src/lib.rs", "src/lines.rs", "src/models.rs", "src/outbox.rs", "src/page.html",
    "src/split.rs", "src/store/d1.rs", "src/store/mod.rs", "src/store/vectorize.rs", "wrangler.jsonc",
    "wrangler.local.jsonc",
);

/// Creates a program, and says what comes next.
///
/// # Errors
/// Returns an error for an invalid name, a folder that exists, or one that cannot be written.
pub fn create(task: &New) -> Result<String> {
    let folder = &task.folder;
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    check_name(&name)?;
    if folder.exists() {
        return Err(Error::Usage(format!("`{}` exists already", folder.display())));
    }
    let files = match task.template {
        Template::Worker => WORKER,
    };
    for (path, text) in files {
        let path = folder.join(path.strip_suffix(".liquid").unwrap_or(path));
        let parent = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(Error::write(parent))?;
        fs::write(&path, text.replace(PLACEHOLDER, &name)).map_err(Error::write(&path))?;
    }
    let folder = folder.display();
    Ok(format!("Created {} files in `{folder}`. `{folder}/README.md` says how to run and deploy it.\n", files.len()))
}

/// Checks that a name is one of a package, a Worker and a queue.
fn check_name(name: &str) -> Result<()> {
    let is_valid = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.ends_with('-');
    if is_valid {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "invalid name `{name}`: it names a package, a Worker and its queues, so it consists of lowercase letters, digits and hyphens, \
         begins with a letter, and has at most 40 characters"
    )))
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::{New, Template, WORKER, create};

    fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(path) = waiting.pop() {
            for entry in fs::read_dir(&path).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    found.insert(path.strip_prefix(folder).expect("below").to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn a_template_has_all_files_of_its_folder() {
        let listed: BTreeSet<PathBuf> = WORKER.iter().map(|(path, _)| PathBuf::from(path)).collect();
        assert_eq!(listed, files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/worker")));
    }

    #[test]
    fn a_program_has_its_own_name_and_replaces_nothing() {
        let scratch = tempfile::tempdir().expect("a folder");
        let new = |name: &str| New { folder: scratch.path().join(name), template: Template::Worker };
        create(&new("my-worker")).expect("a program");
        let manifest = fs::read_to_string(scratch.path().join("my-worker/Cargo.toml")).expect("a manifest");
        assert!(manifest.contains("name = \"my-worker\""), "{manifest}");
        for path in files_below(&scratch.path().join("my-worker")) {
            let text = fs::read_to_string(scratch.path().join("my-worker").join(&path)).expect("text");
            assert!(!text.contains("{{"), "{}", path.display());
        }
        assert!(create(&new("my-worker")).expect_err("an error").to_string().contains("exists already"));
        assert!(create(&new("My Worker")).expect_err("an error").to_string().contains("lowercase letters"));
    }
}
