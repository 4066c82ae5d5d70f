//! `[tls]`: certificates from files, or from an authority.

use super::{ListenTable, Text};
use crate::config::reader::Table;
use std::ops::Range;
use toml::Spanned;

pub(in crate::config) struct TlsTable {
    /// Where `[tls]` stands.
    pub(in crate::config) header: Range<usize>,
    pub(in crate::config) listen: ListenTable,
    pub(in crate::config) minimum_version: Option<Text>,
    pub(in crate::config) pair: PairTable,
    pub(in crate::config) additional: Vec<PairTable>,
    pub(in crate::config) acme: Option<AcmeTable>,
}

/// A certificate's files.
pub(in crate::config) struct PairTable {
    /// Where the table stands that they are in.
    pub(in crate::config) header: Range<usize>,
    /// Whether `certificate` is there at all, be it of the right kind of value or not.
    pub(in crate::config) has_certificate: bool,
    /// The same of `key`.
    pub(in crate::config) has_key: bool,
    pub(in crate::config) certificate: Option<Text>,
    pub(in crate::config) key: Option<Text>,
}

pub(in crate::config) struct AcmeTable {
    /// Where `[tls.acme]` stands.
    pub(in crate::config) header: Range<usize>,
    pub(in crate::config) domains: Option<Spanned<Vec<Text>>>,
    pub(in crate::config) contact: Option<Spanned<Vec<Text>>>,
    pub(in crate::config) directory_url: Option<Text>,
    pub(in crate::config) cache_dir: Option<Text>,
    pub(in crate::config) authority: Option<Text>,
}

/// Reads `[tls]`, if it is there.
pub(super) fn read(root: &mut Table<'_>) -> Option<TlsTable> {
    let is_there = root.has("tls");
    let mut table = root.table("tls");
    let has_acme = table.has("acme");
    let read = TlsTable {
        header: table.range(),
        listen: ListenTable::read(&mut table, "0.0.0.0:443"),
        minimum_version: table.string("minimum-version", "1.2"),
        pair: pair(&mut table),
        additional: table.tables("additional").into_iter().map(additional).collect(),
        acme: Some(acme(table.table("acme"))).filter(|_| has_acme),
    };
    table.finish();
    Some(read).filter(|_| is_there)
}

fn pair(table: &mut Table<'_>) -> PairTable {
    PairTable {
        header: table.range(),
        has_certificate: table.has("certificate"),
        has_key: table.has("key"),
        certificate: table.string("certificate", "/etc/media-origin/fullchain.pem"),
        key: table.string("key", "/etc/media-origin/privkey.pem"),
    }
}

fn additional(mut table: Table<'_>) -> PairTable {
    let pair = pair(&mut table);
    table.finish();
    pair
}

fn acme(mut table: Table<'_>) -> AcmeTable {
    let acme = AcmeTable {
        header: table.range(),
        domains: table.strings("domains", r#"["media.example.com"]"#),
        contact: table.strings("contact", r#"["operations@example.com"]"#),
        directory_url: table.string("directory-url", "https://acme.example.com/directory"),
        cache_dir: table.string("cache-dir", "/var/lib/media-origin/acme"),
        authority: table.string("authority", "/etc/media-origin/authority.pem"),
    };
    table.finish();
    acme
}
