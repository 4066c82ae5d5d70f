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

const LEADS_OUT: &str =
    "it is a link that leads out of the media directory, or is written from the root of the file system";

impl Root {
    /// Everything below the root, in the order of names. Links are followed as they are for requests; a loop of
    /// them ends.
    pub fn list(&self) -> impl Iterator<Item = Listed> {
        let mut walk = WalkDir::new(self.path()).follow_links(true).sort_by_file_name().into_iter();
        std::iter::from_fn(move || {
            loop {
                let entry = match walk.next()? {
                    Ok(entry) => entry,
                    Err(error) => {
                        let path = error.path().unwrap_or(Path::new("")).to_owned();
                        return Some(Listed::Unreachable(
                            path,
                            "it cannot be read, or is a link that leads nowhere",
                        ));
                    }
                };
                let is_folder = entry.file_type().is_dir();
                let hidden = entry.depth() > 0 && is_hidden(&entry);
                let outside = !hidden && !self.stays_inside(&entry);
                if is_folder && (hidden || outside) {
                    walk.skip_current_dir();
                }
                if outside {
                    return Some(Listed::Unreachable(entry.into_path(), LEADS_OUT));
                }
                if !is_folder && !hidden {
                    return Some(self.listed(entry.path()));
                }
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

    /// What is behind a link is listed only if a request could go there.
    fn stays_inside(&self, entry: &DirEntry) -> bool {
        entry.depth() == 0 || !entry.path_is_symlink() || self.contains(self.relative(entry.path()))
    }

    fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(self.path()).unwrap_or(path)
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
