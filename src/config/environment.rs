//! What the configuration takes from outside its file, passed in so that nothing else reads it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

/// The variables that configuration reads, as they were when this was made. One set to nothing counts as not set.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

/// The bearer token of the control listener.
pub(super) const CONTROL_TOKEN: &str = "MEDIA_ORIGIN_CONTROL_TOKEN";

/// The keys that links are signed with.
pub(super) const SIGNING_KEYS: &str = "MEDIA_ORIGIN_SIGNING_KEYS";

const NAMES: [&str; 5] = [CONTROL_TOKEN, SIGNING_KEYS, "CACHE_DIRECTORY", "XDG_CACHE_HOME", "HOME"];

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn process() -> Self {
        NAMES.iter().filter_map(|name| Some((*name, env::var_os(name)?))).collect()
    }

    /// The names of all the variables, for the manual, which explains each.
    #[cfg(test)]
    pub(crate) const fn names() -> &'static [&'static str] {
        &NAMES
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// The folder for what can be made again: the one that systemd gives a service, else the one of the XDG Base
    /// Directory Specification; `None` if no variable names one by its full path.
    pub(super) fn cache_folder(&self) -> Option<PathBuf> {
        // systemd joins several folders with colons; the first is as good as any.
        let systemd = self.get("CACHE_DIRECTORY").and_then(|folders| env::split_paths(folders).next());
        let xdg = self.get("XDG_CACHE_HOME").map(|folder| Path::new(folder).join("media-origin"));
        let home = self.get("HOME").map(|folder| Path::new(folder).join(".cache/media-origin"));
        [systemd, xdg, home].into_iter().flatten().find(|folder| folder.is_absolute())
    }
}

impl<K: Into<String>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// The names alone: some of the values are secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_full_path_is_the_cache_folder() {
        for (variables, folder) in [
            (&[][..], None),
            (&[("HOME", "/home/a")], Some("/home/a/.cache/media-origin")),
            (&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "/x")], Some("/x/media-origin")),
            (&[("XDG_CACHE_HOME", "/x"), ("CACHE_DIRECTORY", "/c:/d")], Some("/c")),
            (&[("HOME", "/home/a"), ("XDG_CACHE_HOME", "relative")], Some("/home/a/.cache/media-origin")),
            (&[("HOME", "/home/a"), ("CACHE_DIRECTORY", "")], Some("/home/a/.cache/media-origin")),
            (&[("HOME", "")], None),
        ] {
            let environment: Environment = variables.iter().copied().collect();
            assert_eq!(environment.cache_folder(), folder.map(PathBuf::from), "{variables:?}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let environment: Environment = [(CONTROL_TOKEN, "a secret of some length")].into_iter().collect();
        assert_eq!(format!("{environment:?}"), r#"{"MEDIA_ORIGIN_CONTROL_TOKEN"}"#);
    }
}
