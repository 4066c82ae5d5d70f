//! Where assets come from: a directory or a bucket, and no key of the one with the other.

mod bucket;
mod endpoint;
mod prefix;

use super::setting::{Origin, Setting};
use super::values;
use crate::config::error::Problem;
use crate::config::file::{BucketTable, DirectoryTable, Key, Kind, StoreKeys, StoreTable, Text};
use crate::config::reader::TextOrFalse;
use crate::config::report::Report;
use crate::config::{Directory, Environment, Store};
use std::path::PathBuf;
use toml::Spanned;

/// The file that keeps digests, below the cache folder.
const DIGESTS: &str = "digests.redb";

/// The table and the flag `--root` together.
pub(super) fn store(
    table: &StoreTable,
    root: Option<PathBuf>,
    environment: &Environment,
    report: &Report,
) -> Store {
    let kind = Setting::of(table.kind.as_ref(), Kind::Directory, kind, report);
    misplaced(table, &kind, report);
    match &table.keys {
        StoreKeys::Directory(keys) => Store::Directory(directory(keys, root, environment, report)),
        StoreKeys::Bucket(keys) => {
            if let (Some(_), Some(written)) = (root, &table.kind) {
                kind.refuse(root_of_a_bucket(written), report);
            }
            if !table.has_kind && report.is_readable() {
                report.add(no_kind(keys));
            }
            Store::Bucket(bucket::bucket(keys, table.kind.as_ref(), report))
        }
    }
}

fn kind(text: &str) -> Result<Kind, Problem> {
    Kind::named(text).ok_or_else(|| {
        Problem::error(format!("unknown kind of store `{text}`")).label("expected `directory`, `s3` or `gcs`")
    })
}

fn directory(
    table: &DirectoryTable,
    root: Option<PathBuf>,
    environment: &Environment,
    report: &Report,
) -> Directory {
    let written = Setting::of(table.root.as_ref(), PathBuf::from("media"), values::path, report);
    let digests = match &table.digests {
        None => environment.cache_folder().map(|folder| folder.join(DIGESTS)),
        Some(TextOrFalse::False) => None,
        Some(TextOrFalse::Text(text)) => {
            Some(Setting::of(Some(text), PathBuf::new(), values::path, report).value)
        }
    };
    Directory { root: root.unwrap_or(written.value), digests }
}

/// Reports the keys that the store's kind does not have, unless the kind itself is in question.
fn misplaced(table: &StoreTable, kind: &Setting<Kind>, report: &Report) {
    let is_sure = match kind.origin {
        Origin::Refused => false,
        Origin::Default => {
            !table.has_kind && report.is_readable() && matches!(table.keys, StoreKeys::Directory(_))
        }
        Origin::File(_) | Origin::Flag(_) => true,
    };
    for key in table.misplaced.iter().filter(|_| is_sure) {
        let problem = of_another_kind(key, kind.value);
        report.add(match &table.kind {
            Some(written) => problem.beside(written.span(), "this is the store's kind"),
            None => problem,
        });
    }
}

fn of_another_kind(key: &Key, kind: Kind) -> Problem {
    let name = key.name.as_str();
    let (store, owner, remedy) = match (kind, name) {
        (Kind::Directory, "region") => ("a directory", "`s3`", "write `kind = \"s3\"`, or remove it"),
        (Kind::Directory, _) => {
            ("a directory", "`s3` or `gcs`", "write `kind = \"s3\"` or `kind = \"gcs\"`, or remove it")
        }
        (Kind::Bucket(_), "root") => {
            ("a bucket", "`directory`", "remove it; a folder of the bucket is named by `prefix`")
        }
        (Kind::Bucket(_), "region") => ("a bucket of `gcs`", "`s3`", "remove it"),
        (Kind::Bucket(_), _) => ("a bucket", "`directory`", "remove it"),
    };
    Problem::error(format!("{store} has no `{name}`"))
        .at(key.place.clone())
        .label(format!("only for stores of kind {owner}"))
        .help(remedy)
}

fn no_kind(keys: &BucketTable) -> Problem {
    Problem::error("this store has a `bucket` and no `kind`")
        .at(keys.bucket.as_ref().map_or_else(|| keys.header.clone(), Spanned::span))
        .label("expected a `kind` beside it")
        .help("add `kind = \"s3\"` or `kind = \"gcs\"`")
}

fn root_of_a_bucket(kind: &Text) -> Problem {
    Problem::error("`--root` names a directory, and this store is a bucket")
        .label(format!("`{}` has no root", kind.get_ref()))
        .help("leave out `--root`, or write `kind = \"directory\"`")
}
