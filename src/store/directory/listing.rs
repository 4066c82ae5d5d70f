//! Every asset of the directory, for `check` and for reading digests ahead of the first request.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::Root;
use crate::store::{AssetPath, OpenError};

/// Something found below the root.
#[derive(Debug, PartialEq, Eq)]
pub enum Listed {
    /// An asset that a link can name.
    Asset(AssetPath),
    /// A file that no link can name, and why. Hidden files are left out on purpose and not listed.
    Unreachable(PathBuf, &'static str),
}

impl Root {
    /// Everything below the root, in the order of names. Links are followed as they are for requests; a loop of
    /// them ends.
    pub fn list(&self) -> impl Iterator<Item = Listed> {
        WalkDir::new(self.path())
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || (!is_hidden(entry) && self.stays_inside(entry)))
            .filter_map(|found| match found {
                Ok(entry) if entry.file_type().is_dir() => None,
                Ok(entry) => Some(self.listed(entry.path())),
                Err(error) => {
                    let path = error.path().unwrap_or(Path::new("")).to_owned();
                    Some(Listed::Unreachable(path, "it cannot be read, or is a link that leads nowhere"))
                }
            })
    }

    fn listed(&self, path: &Path) -> Listed {
        let unreachable = |why| Listed::Unreachable(path.to_owned(), why);
        let Some(name) = self.relative(path).to_str() else {
            return unreachable("its name is not UTF-8");
        };
        let Ok(asset) = AssetPath::try_from(name.to_owned()) else {
            return unreachable("its name has a backslash");
        };
        match self.fingerprint(&asset) {
            Ok(_) => Listed::Asset(asset),
            Err(OpenError::NotFound) => unreachable("it is no regular file inside the root"),
            Err(_) => unreachable("it cannot be read"),
        }
    }

    /// A folder behind a link is walked only if a request could go there.
    fn stays_inside(&self, entry: &DirEntry) -> bool {
        !entry.path_is_symlink() || self.contains(self.relative(entry.path()))
    }

    fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(self.path()).unwrap_or(path)
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
