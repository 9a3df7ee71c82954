//! Replaces a folder atomically: readers see either the old one or the new one.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    snapshot::Files,
};

/// A folder to replace, locked against a second refresh.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    new: PathBuf,
    old: PathBuf,
    _lock: Lock,
}

/// A locked file beside the folder.
#[derive(Debug)]
struct Lock {
    path: PathBuf,
    _file: Option<File>,
}

impl Lock {
    /// Locks the file. `None`: another process holds it.
    fn take(path: PathBuf) -> Result<Option<Self>> {
        loop {
            // Only a file of ours is locked, and later removed.
            if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file() || found.len() > 0) {
                return Err(Error::Usage(format!("invalid lock file `{}`: remove it", path.display())));
            }
            let opened = File::options().write(true).create(true).truncate(false).open(&path);
            let file = opened.map_err(Error::write(&path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                // Not every file system has locks.
                Err(fs::TryLockError::Error(_)) => return Ok(Some(Self { path, _file: None })),
            }
            // The process that held it before removes it, perhaps after it was opened here.
            if is_at(&file, &path) {
                return Ok(Some(Self { path, _file: Some(file) }));
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is locked, so that nobody else's is removed. One that remains does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns whether an open file is still the one at a path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(open), Ok(there)) if id(&open) == id(&there))
}

/// Returns whether an open file is still the one at a path.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Place {
    /// Locks the folder, and cleans up after a refresh that was killed.
    ///
    /// # Errors
    /// Returns an error if another refresh is running or the place is not writable.
    pub fn take(folder: &Path) -> Result<Self> {
        // What a link leads to is replaced, not the link.
        let is_link = fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_symlink());
        let target = if is_link { Some(fs::canonicalize(folder).map_err(Error::read(folder))?) } else { None };
        let folder = target.as_deref().unwrap_or(folder);
        let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
            return Err(Error::Usage(format!("`{}` is not a replaceable folder", folder.display())));
        };
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(Error::write(parent))?;
        let beside = |kind: &str| parent.join(format!(".{name}.{kind}"));
        let Some(lock) = Lock::take(beside("lock"))? else {
            return Err(Error::Usage(format!("another refresh is running on `{}`", folder.display())));
        };
        let place = Self { folder: folder.to_owned(), new: beside("new"), old: beside("old"), _lock: lock };
        place.recover()?;
        Ok(place)
    }

    fn recover(&self) -> Result<()> {
        // Their names are ours only if what is in them is, too.
        for left in [&self.new, &self.old] {
            super::only_a_snapshot(left)?;
        }
        if self.old.is_dir() && !self.folder.exists() {
            fs::rename(&self.old, &self.folder).map_err(Error::write(&self.folder))?;
        }
        self.clear()
    }

    fn clear(&self) -> Result<()> {
        for left in [&self.new, &self.old] {
            if left.exists() {
                fs::remove_dir_all(left).map_err(Error::write(left))?;
            }
        }
        Ok(())
    }

    /// Writes the files into a folder beside the place and returns its path.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub fn prepare(&self, files: &Files) -> Result<&Path> {
        if self.new.exists() {
            fs::remove_dir_all(&self.new).map_err(Error::write(&self.new))?;
        }
        fs::create_dir(&self.new).map_err(Error::write(&self.new))?;
        for (path, text) in files {
            let path = self.new.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(Error::write(folder))?;
            }
            fs::write(&path, text).map_err(Error::write(&path))?;
        }
        Ok(&self.new)
    }

    /// Replaces the folder with the prepared one.
    ///
    /// # Errors
    /// Returns an error if the folders cannot be swapped. The old one is still in place then.
    pub fn swap(self) -> Result<()> {
        if !self.folder.exists() {
            fs::rename(&self.new, &self.folder).map_err(Error::write(&self.folder))?;
        } else if !at_once(&self.new, &self.folder) {
            fs::rename(&self.folder, &self.old).map_err(Error::write(&self.old))?;
            if let Err(cause) = fs::rename(&self.new, &self.folder) {
                let _ = fs::rename(&self.old, &self.folder);
                return Err(Error::Write { path: self.folder.clone(), cause });
            }
        }
        self.clear()
    }

    /// Discards the prepared folder.
    ///
    /// # Errors
    /// Returns an error if the prepared folder cannot be removed.
    pub fn leave(self) -> Result<()> {
        self.clear()
    }
}

/// Swaps two folders atomically, if the system can.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn at_once(new: &Path, old: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok()
}

/// Swaps two folders atomically, if the system can.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn at_once(_new: &Path, _old: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Place;
    use crate::snapshot::Files;

    fn files(text: &str) -> Files {
        Files::from([("cf/a/b.json".to_owned(), text.to_owned())])
    }

    #[test]
    fn the_new_folder_takes_the_old_ones_place_and_nothing_is_left_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("models");
        for text in ["one", "two"] {
            let place = Place::take(&folder).unwrap();
            place.prepare(&files(text)).unwrap();
            place.swap().unwrap();
            assert_eq!(fs::read_to_string(folder.join("cf/a/b.json")).unwrap(), text);
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_run_that_died_between_two_renames_is_undone() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(".models.old/cf")).unwrap();
        fs::create_dir_all(root.path().join(".models.new/cf")).unwrap();
        let folder = root.path().join("models");
        Place::take(&folder).unwrap().leave().unwrap();
        assert!(folder.join("cf").is_dir());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_is_taken_once() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("models");
        let first = Place::take(&folder).unwrap();
        assert!(Place::take(&folder).unwrap_err().to_string().contains("another refresh"));
        Place::take(&root.path().join("others")).unwrap().leave().unwrap();
        first.leave().unwrap();
        Place::take(&folder).unwrap().leave().unwrap();
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn an_invalid_lock_file_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let victim = root.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        std::os::unix::fs::symlink(&victim, root.path().join(".models.lock")).unwrap();
        let error = Place::take(&root.path().join("models")).unwrap_err().to_string();
        assert!(error.contains("invalid lock file"), "{error}");
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_is_followed() {
        let root = tempfile::tempdir().unwrap();
        let (folder, link) = (root.path().join("models"), root.path().join("link"));
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        assert!(Place::take(&link).unwrap_err().to_string().contains("link"));
        fs::create_dir(&folder).unwrap();
        let place = Place::take(&link).unwrap();
        place.prepare(&files("new")).unwrap();
        place.swap().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.join("cf/a/b.json")).unwrap(), "new");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2);
    }
}
