//! `[store]`: which keys it has depends on the kind of store that it is.

use super::Text;
use crate::config::Service;
use crate::config::error::Problem;
use crate::config::reader::{Table, TextOrFalse};
use crate::config::report::Report;
use crate::config::secret::{self, Credential};
use std::ops::Range;

pub(in crate::config) struct StoreTable {
    /// Whether `kind` is there at all, be it of the right kind of value or not.
    pub(in crate::config) has_kind: bool,
    pub(in crate::config) kind: Option<Text>,
    /// Keys of the other kinds of store.
    pub(in crate::config) misplaced: Vec<Key>,
    pub(in crate::config) keys: StoreKeys,
}

/// A key, and where it stands.
pub(in crate::config) struct Key {
    pub(in crate::config) name: String,
    pub(in crate::config) place: Range<usize>,
}

pub(in crate::config) enum StoreKeys {
    Directory(DirectoryTable),
    Bucket(Box<BucketTable>),
}

pub(in crate::config) struct DirectoryTable {
    pub(in crate::config) root: Option<Text>,
    pub(in crate::config) digests: Option<TextOrFalse>,
}

pub(in crate::config) struct BucketTable {
    pub(in crate::config) service: Service,
    /// Where `[store]` stands.
    pub(in crate::config) header: Range<usize>,
    /// Whether `bucket` is there at all, be it of the right kind of value or not.
    pub(in crate::config) has_bucket: bool,
    /// The same of `cache-dir`.
    pub(in crate::config) has_cache_dir: bool,
    pub(in crate::config) bucket: Option<Text>,
    pub(in crate::config) prefix: Option<Text>,
    pub(in crate::config) region: Option<Text>,
    pub(in crate::config) endpoint: Option<Text>,
    pub(in crate::config) versions: Option<bool>,
    pub(in crate::config) fresh_for: Option<Text>,
    pub(in crate::config) missing_for: Option<Text>,
    pub(in crate::config) stale_if_error: Option<Text>,
    pub(in crate::config) timeout: Option<Text>,
    pub(in crate::config) slice: Option<Text>,
    pub(in crate::config) cache_dir: Option<Text>,
    pub(in crate::config) cache_size: Option<Text>,
}

/// What a store can be, which says what keys it has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::config) enum Kind {
    Directory,
    Bucket(Service),
}

const OF_A_DIRECTORY: [&str; 2] = ["root", "digests"];

const OF_ANY_BUCKET: [&str; 11] = [
    "bucket",
    "prefix",
    "endpoint",
    "versions",
    "fresh-for",
    "missing-for",
    "stale-if-error",
    "timeout",
    "slice",
    "cache-dir",
    "cache-size",
];

const OF_S3: &str = "region";

impl Kind {
    /// The kind of this name.
    pub(in crate::config) fn named(name: &str) -> Option<Self> {
        match name {
            "directory" => Some(Self::Directory),
            "s3" => Some(Self::Bucket(Service::S3)),
            "gcs" => Some(Self::Bucket(Service::Gcs)),
            _ => None,
        }
    }

    /// Whether `key` is one of another kind alone.
    fn misplaces(self, key: &str) -> bool {
        match self {
            Self::Directory => OF_ANY_BUCKET.contains(&key) || key == OF_S3,
            Self::Bucket(Service::S3) => OF_A_DIRECTORY.contains(&key),
            Self::Bucket(Service::Gcs) => OF_A_DIRECTORY.contains(&key) || key == OF_S3,
        }
    }
}

impl StoreTable {
    /// Whether assets are files, as far as one can tell.
    pub(in crate::config) fn is_directory(&self) -> bool {
        let named = self.kind.as_ref().map(|name| Kind::named(name.get_ref()));
        match named {
            None => matches!(self.keys, StoreKeys::Directory(_)),
            Some(kind) => kind == Some(Kind::Directory),
        }
    }
}

/// Reads `[store]` as one of the kind that is written, or else of the kind that its keys suggest.
pub(super) fn read(mut table: Table<'_>, report: &Report) -> StoreTable {
    let has_kind = table.has("kind");
    let written = table.string("kind", "directory");
    let suggested = if table.has("bucket") { Kind::Bucket(Service::S3) } else { Kind::Directory };
    let kind = written.as_ref().and_then(|name| Kind::named(name.get_ref())).unwrap_or(suggested);
    for (key, place) in table.forbidden_where(|key| Credential::named(key).is_some()) {
        report.add(credential(&key, kind).at(place));
    }
    let misplaced = table.forbidden_where(|key| kind.misplaces(key)).into_iter();
    let misplaced = misplaced.map(|(name, place)| Key { name, place }).collect();
    let keys = match kind {
        Kind::Directory => StoreKeys::Directory(directory(&mut table)),
        Kind::Bucket(service) => StoreKeys::Bucket(Box::new(bucket(&mut table, service))),
    };
    table.finish();
    StoreTable { has_kind, kind: written, misplaced, keys }
}

fn directory(table: &mut Table<'_>) -> DirectoryTable {
    DirectoryTable {
        root: table.string("root", "media"),
        digests: table.string_or_false("digests", "a file"),
    }
}

fn bucket(table: &mut Table<'_>, service: Service) -> BucketTable {
    BucketTable {
        service,
        header: table.range(),
        has_bucket: table.has("bucket"),
        has_cache_dir: table.has("cache-dir"),
        bucket: table.string("bucket", "media"),
        prefix: table.string("prefix", "campaigns/"),
        region: (service == Service::S3).then(|| table.string(OF_S3, "eu-central-1")).flatten(),
        endpoint: table.string("endpoint", "http://127.0.0.1:8333"),
        versions: table.boolean("versions"),
        fresh_for: table.string("fresh-for", "10s"),
        missing_for: table.string("missing-for", "2s"),
        stale_if_error: table.string("stale-if-error", "1h"),
        timeout: table.string("timeout", "10s"),
        slice: table.string("slice", "1 MiB"),
        cache_dir: table.string("cache-dir", "/var/cache/media-origin"),
        cache_size: table.string("cache-size", "10 GiB"),
    }
}

fn credential(key: &str, kind: Kind) -> Problem {
    let problem = match Credential::named(key) {
        Some(Credential::Whereabouts) => Problem::error(format!("`{key}` has no place in this file"))
            .label("credentials are not named here"),
        _ => secret::in_file().label("credentials do not belong in this file"),
    };
    problem.help(match kind {
        Kind::Directory => "remove it: a directory needs no credentials",
        Kind::Bucket(service) => secret::elsewhere(service),
    })
}
