//! What a person writes: every value of the file with its place, not yet judged.
//!
//! This is the one list of keys. `resolve` turns them into what they mean.

mod store;
mod tls;

pub(super) use store::{BucketTable, DirectoryTable, Key, Kind, StoreKeys, StoreTable};
pub(super) use tls::{AcmeTable, PairTable, TlsTable};

use super::error::Problem;
use super::reader::Table;
use super::report::Report;
use super::secret::{self, Credential};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeTable;

/// A string as it was written, and where, quotes included.
pub(super) type Text = Spanned<String>;

/// A whole number, and where it was written.
pub(super) type Number = Spanned<i64>;

/// The whole file. `None` is what was not written, or written as another kind of value.
pub(super) struct ConfigFile {
    pub(super) public_url: Option<Text>,
    pub(super) trusted_proxies: Option<Spanned<Vec<Text>>>,
    pub(super) client_header: Option<Text>,
    pub(super) listen: ListenTable,
    /// `[listen] plain`.
    pub(super) plain: Option<Text>,
    pub(super) tls: Option<TlsTable>,
    pub(super) control: ControlTable,
    pub(super) store: StoreTable,
    pub(super) memory: MemoryTable,
    pub(super) links: LinksTable,
    pub(super) signing: SigningTable,
    pub(super) limits: LimitsTable,
    pub(super) shutdown: ShutdownTable,
    pub(super) log: LogTable,
    pub(super) rules: Vec<RuleTable>,
}

/// What every public listener has.
pub(super) struct ListenTable {
    pub(super) addresses: Option<Spanned<Vec<Text>>>,
    pub(super) mode: Option<Text>,
    pub(super) proxy_protocol: Option<Spanned<bool>>,
}

pub(super) struct ControlTable {
    /// Whether there is a token in the file itself, which is reported.
    pub(super) holds_token: bool,
    pub(super) address: Option<Text>,
    pub(super) mode: Option<Text>,
    pub(super) token_file: Option<Text>,
}

pub(super) struct MemoryTable {
    pub(super) hot: Option<Text>,
    pub(super) largest: Option<Text>,
    pub(super) buffers: Option<Text>,
}

pub(super) struct LinksTable {
    pub(super) pin: Option<bool>,
    pub(super) on_mismatch: Option<Text>,
}

pub(super) struct SigningTable {
    /// Whether there are keys in the file itself, which is reported.
    pub(super) holds_keys: bool,
    pub(super) keys_file: Option<Text>,
    pub(super) lifetime: Option<Text>,
}

pub(super) struct LimitsTable {
    pub(super) header_field: Option<Text>,
    pub(super) headers: Option<Text>,
    pub(super) target: Option<Text>,
    pub(super) header_fields: Option<Number>,
    pub(super) header_timeout: Option<Text>,
    pub(super) idle_timeout: Option<Text>,
    pub(super) send_timeout: Option<Text>,
    pub(super) min_rate: Option<Text>,
    pub(super) connections: Option<Number>,
    pub(super) connections_per_address: Option<Number>,
    pub(super) streams: Option<Number>,
    pub(super) resets: Option<Number>,
}

pub(super) struct ShutdownTable {
    pub(super) grace: Option<Text>,
    pub(super) drain: Option<Text>,
}

pub(super) struct LogTable {
    pub(super) format: Option<Text>,
    pub(super) access: Option<Text>,
}

pub(super) struct RuleTable {
    /// Where `[[rule]]` stands.
    pub(super) header: Range<usize>,
    /// Whether `path` is there at all, be it of the right kind or not.
    pub(super) has_path: bool,
    /// The same of `cache-control`.
    pub(super) has_cache_control: bool,
    pub(super) path: Option<Text>,
    pub(super) cache_control: Option<Text>,
    pub(super) pinned_cache_control: Option<Text>,
    pub(super) send: Option<Spanned<Vec<Text>>>,
    pub(super) access: Option<Text>,
}

impl ConfigFile {
    /// Reads all tables, reporting unknown keys and values of the wrong kind.
    pub(super) fn read(entries: DeTable<'_>, report: &Report) -> Self {
        let mut root = Table::root(entries, report);
        let public_url = root.string("public-url", "https://media.example.com/media");
        let trusted_proxies = root.strings("trusted-proxies", r#"["10.0.0.0/8", "unix"]"#);
        let client_header = root.string("client-header", "x-forwarded-for");
        let (listen, plain) = listen(root.table("listen"));
        let file = Self {
            public_url,
            trusted_proxies,
            client_header,
            listen,
            plain,
            tls: tls::read(&mut root),
            control: control(root.table("control"), report),
            store: store::read(root.table("store"), report),
            memory: memory(root.table("memory")),
            links: links(root.table("links")),
            signing: signing(root.table("signing"), report),
            limits: limits(root.table("limits")),
            shutdown: shutdown(root.table("shutdown")),
            log: log(root.table("log")),
            rules: root.tables("rule").into_iter().map(rule).collect(),
        };
        root.finish();
        file
    }
}

fn listen(mut table: Table<'_>) -> (ListenTable, Option<Text>) {
    let listen = ListenTable::read(&mut table, "127.0.0.1:8080");
    let plain = table.string("plain", "serve");
    table.finish();
    (listen, plain)
}

impl ListenTable {
    fn read(table: &mut Table<'_>, example: &str) -> Self {
        Self {
            addresses: table.string_or_strings("address", example),
            mode: table.string("mode", "0660"),
            proxy_protocol: table.spanned_boolean("proxy-protocol"),
        }
    }
}

fn control(mut table: Table<'_>, report: &Report) -> ControlTable {
    let control = ControlTable {
        holds_token: table.has("token"),
        address: table.string("address", "127.0.0.1:8081"),
        mode: table.string("mode", "0600"),
        token_file: table.string("token-file", "/run/secrets/media-origin"),
    };
    if let Some(place) = table.forbidden("token") {
        report.add(token_in_file(place));
    }
    table.finish();
    control
}

fn token_in_file(place: Range<usize>) -> Problem {
    secret::in_file()
        .at(place)
        .label("a token does not belong in this file")
        .help("put it in a file of its own and name that as `token-file`, or set MEDIA_ORIGIN_CONTROL_TOKEN")
}

fn memory(mut table: Table<'_>) -> MemoryTable {
    let memory = MemoryTable {
        hot: table.string("hot", "256 MiB"),
        largest: table.string("largest", "32 MiB"),
        buffers: table.string("buffers", "256 MiB"),
    };
    table.finish();
    memory
}

fn links(mut table: Table<'_>) -> LinksTable {
    let links =
        LinksTable { pin: table.boolean("pin"), on_mismatch: table.string("on-mismatch", "serve-current") };
    table.finish();
    links
}

fn signing(mut table: Table<'_>, report: &Report) -> SigningTable {
    let keys = table.forbidden_where(|key| Credential::named(key) == Some(Credential::Secret));
    let signing = SigningTable {
        holds_keys: !keys.is_empty(),
        keys_file: table.string("keys-file", "/run/secrets/media-origin-signing"),
        lifetime: table.string("lifetime", "45d"),
    };
    for (_, place) in keys {
        report.add(key_in_file(place));
    }
    table.finish();
    signing
}

fn key_in_file(place: Range<usize>) -> Problem {
    secret::in_file().at(place).label("keys do not belong in this file").help(
        "put them in a file of their own and name that as `keys-file`, or set MEDIA_ORIGIN_SIGNING_KEYS",
    )
}

fn limits(mut table: Table<'_>) -> LimitsTable {
    let limits = LimitsTable {
        header_field: table.string("header-field", "8 KiB"),
        headers: table.string("headers", "32 KiB"),
        target: table.string("target", "8 KiB"),
        header_fields: table.integer("header-fields", 100),
        header_timeout: table.string("header-timeout", "10s"),
        idle_timeout: table.string("idle-timeout", "75s"),
        send_timeout: table.string("send-timeout", "1m"),
        min_rate: table.string("min-rate", "1 KiB"),
        connections: table.integer("connections", 10_000),
        connections_per_address: table.integer("connections-per-address", 1000),
        streams: table.integer("streams", 100),
        resets: table.integer("resets", 500),
    };
    table.finish();
    limits
}

fn shutdown(mut table: Table<'_>) -> ShutdownTable {
    let shutdown = ShutdownTable { grace: table.string("grace", "10s"), drain: table.string("drain", "30s") };
    table.finish();
    shutdown
}

fn log(mut table: Table<'_>) -> LogTable {
    let log = LogTable { format: table.string("format", "json"), access: table.string("access", "combined") };
    table.finish();
    log
}

fn rule(mut table: Table<'_>) -> RuleTable {
    let rule = RuleTable {
        header: table.range(),
        has_path: table.has("path"),
        has_cache_control: table.has("cache-control"),
        path: table.string("path", "campaigns/**"),
        cache_control: table.string("cache-control", "public, max-age=3600"),
        pinned_cache_control: table.string("pinned-cache-control", "public, max-age=31536000, immutable"),
        send: table.strings("send", r#"["cache-control", "etag"]"#),
        access: table.string("access", "signed"),
    };
    table.finish();
    rule
}
