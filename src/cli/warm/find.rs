//! Which assets match: the store, listed from here.

use std::ops::ControlFlow;

use crate::caching::pattern::Patterns;
use crate::cli::store::{self, Remember};
use crate::cli::tally::Tally;
use crate::cli::{Exit, keys, no};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::bucket::client::{Client, Entry, OddKey};
use crate::store::directory::Listed;
use crate::store::{AssetPath, Backend, Directory};

/// What a listing has for some patterns.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) assets: Vec<Wanted>,
    /// Keys, or files, that no link can name. They are all of those where the patterns look.
    pub(super) odd_keys: Tally,
}

/// An asset to be brought in.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) path: AssetPath,
    /// Its length, by the listing.
    pub(super) bytes: u64,
}

/// Lists the store that the configuration names, or says why it cannot be listed.
pub(super) async fn find(config: &Config, patterns: &Patterns) -> Result<Found, Exit> {
    let store = store::open(config, Remember::Nothing, Clock::system())?;
    match store.backend() {
        Backend::Directory(directory) => Ok(in_directory(directory, patterns)),
        Backend::Bucket(bucket) => in_bucket(bucket.client(), patterns).await,
    }
}

async fn in_bucket(client: &Client, patterns: &Patterns) -> Result<Found, Exit> {
    client.probe().await.map_err(|misconfigured| no(&misconfigured.to_string()))?;
    let mut found = Found::default();
    for start in patterns.prefixes() {
        let listed = keys::each(client, start, |key| {
            found.take(key, patterns);
            ControlFlow::Continue(())
        });
        listed.await.map_err(|error| {
            no(&format!(
                "error: the bucket cannot be listed: {error}\n\
                 help: `media-origin check --online` says what this machine may do with it"
            ))
        })?;
    }
    Ok(found)
}

fn in_directory(directory: &Directory, patterns: &Patterns) -> Found {
    let root = directory.path();
    let mut found = Found::default();
    for listed in directory.list() {
        match listed {
            Listed::Asset(path) if patterns.matches(path.as_str()) => {
                let bytes = std::fs::metadata(root.join(path.as_str())).map_or(0, |file| file.len());
                found.assets.push(Wanted { path, bytes });
            }
            Listed::Asset(_) => {}
            Listed::Unreachable(path, why) => {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
                if patterns.prefixes().iter().any(|prefix| name.starts_with(prefix)) {
                    found.odd_keys.add(&name, why);
                }
            }
        }
    }
    found
}

impl Found {
    fn take(&mut self, key: Result<Entry, OddKey>, patterns: &Patterns) {
        match key {
            Ok(Entry { path, complete_length, .. }) if patterns.matches(path.as_str()) => {
                self.assets.push(Wanted { path, bytes: complete_length });
            }
            Ok(_) => {}
            Err(OddKey { key, why }) => self.odd_keys.add(&key, why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::pattern::Pattern;

    #[test]
    fn an_odd_key_is_counted_and_the_rest_matched() {
        let patterns = Patterns::new(&[Pattern::parse("a/*.jpg").unwrap()]).unwrap();
        let mut found = Found::default();
        for (name, complete_length) in [("a/b.jpg", 7), ("a/b.png", 8), ("a/c/d.jpg", 9)] {
            let path = AssetPath::try_from(name.to_owned()).unwrap();
            found.take(Ok(Entry { path, complete_length, tag: None }), &patterns);
        }
        found.take(Err(OddKey { key: "a//b.jpg".to_owned(), why: "it is odd" }), &patterns);
        let names: Vec<_> = found.assets.iter().map(|asset| (asset.path.as_str(), asset.bytes)).collect();
        assert_eq!(names, [("a/b.jpg", 7)]);
        assert_eq!(found.odd_keys.lines().collect::<Vec<_>>(), ["a//b.jpg: it is odd"]);
    }
}
