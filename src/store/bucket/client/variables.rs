//! The environment variables in which credentials and their like are given.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Variables by name, as they were when this was made. One set to nothing counts as not set.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The variables of this process, as far as they are text.
    #[must_use]
    pub fn process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The first of `names` that is set.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// All whose names begin with `prefix` and are settings that the client library knows, in the order of names.
    pub(super) fn settings<K: FromStr>(&self, prefix: &str) -> impl Iterator<Item = (K, &str)> {
        let all = self.0.iter().filter(move |(name, _)| name.starts_with(prefix));
        all.filter_map(|(name, value)| Some((name.to_ascii_lowercase().parse().ok()?, value.as_str())))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        let owned = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self(owned.filter(|(_, value): &(String, String)| !value.is_empty()).collect())
    }
}

/// The names alone: some of the values are secrets.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
