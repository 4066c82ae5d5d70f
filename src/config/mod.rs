//! The configuration: from what a person writes to what the program uses.
//!
//! Two phases. First the text becomes a `ConfigFile`: what was written, each value with its place. Then it is
//! judged, and becomes a [`Config`], which cannot be invalid. Both go on after each problem, so that one run
//! reports all of them, each with its place and its remedy; a configuration with an error is never half used.
//!
//! `config/media-origin.toml` is the reference for whoever writes one: every key, its meaning, range and default.

mod change;
mod environment;
mod error;
mod file;
mod listen;
mod proxies;
mod public_url;
mod read;
mod reader;
mod report;
mod resolve;
mod secret;
mod source;
mod syntax;
mod tls;
mod token;

pub use change::{Change, Changes};
pub use environment::Environment;
pub use error::{ConfigError, Problem, Severity};
pub use listen::{Listen, ListenAddress, ListenAddressError};
pub use proxies::{ClientHeader, Proxies, Trusted};
pub use public_url::{PublicUrl, PublicUrlError};
pub use tls::{Acme, CertificateFiles, Certificates, Plain, Tls, TlsVersion};
pub use token::Token;

use crate::caching::rules::Rules;
use crate::signing::Keys;
use file::ConfigFile;
use report::Report;
use resolve::in_bytes;
use source::Source;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use syntax::Readable;

/// Everything that a server is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The prefix of every link, and the path at which assets are served.
    pub public_url: PublicUrl,
    /// The public listener.
    pub listen: Listen,
    /// The public listener with TLS, if there is one.
    pub tls: Option<Tls>,
    /// The proxies in front of both.
    pub proxies: Proxies,
    /// The listener for those who run the server.
    pub control: Control,
    /// Where assets come from.
    pub store: Store,
    /// What is kept in memory.
    pub memory: Memory,
    /// How links are pinned to a version.
    pub links: Links,
    /// How links are signed.
    pub signing: Signing,
    /// What a request may be at most.
    pub limits: Limits,
    /// How the server stops.
    pub shutdown: Shutdown,
    /// What the log looks like.
    pub log: Log,
    /// Which caching fields go out with which asset.
    pub rules: Rules,
}

/// The control listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Where it binds.
    pub address: ListenAddress,
    /// Permissions of its Unix socket: 0 to 0o777.
    pub mode: u32,
    /// What requests must present; always there if `address` is an IP address other than a loopback one.
    pub token: Option<Token>,
}

/// Where assets come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// A directory of this machine.
    Directory(Directory),
    /// A bucket elsewhere.
    Bucket(Bucket),
}

/// Assets in a bucket. Its credentials are not here: they come from the environment, or from where the service's own
/// tools look for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Which protocol it speaks.
    pub service: Service,
    /// Its name.
    pub name: String,
    /// What stands before the path of every asset in its key: empty, or folders that end with a slash.
    pub prefix: String,
    /// The region that requests are signed for; `None` leaves it to the environment.
    pub region: Option<String>,
    /// Where the service is, `http://` or `https://`, without a path; `None` for AWS or Google itself.
    pub endpoint: Option<String>,
    /// Whether a pinned link is answered from the version that it names when that is no longer the current one.
    pub versions: bool,
    /// How long an object is taken for unchanged without asking again: 0 s to 1 h.
    pub fresh_for: Duration,
    /// How long an object is taken for missing without asking again: 0 s to 1 min.
    pub missing_for: Duration,
    /// How long after that what is cached is served while the bucket cannot be asked: 0 s to 30 d.
    pub stale_if_error: Duration,
    /// How long a request may wait for the bucket to say how an object is, and again for the bytes that its answer
    /// begins with, all attempts together: 1 s to 1 min.
    pub timeout: Duration,
    /// Bytes of a slice, in which bodies are fetched and cached: 1 MiB to 8 MiB.
    pub slice: u64,
    /// Where slices are kept on disk, if they are.
    pub disk: Option<Disk>,
}

/// The protocol of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Amazon S3, and whatever speaks its protocol.
    S3,
    /// Google Cloud Storage.
    Gcs,
}

/// A cache on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The folder, which is this program's alone.
    pub folder: PathBuf,
    /// Bytes that it may take: 64 MiB to 1 PiB.
    pub capacity: u64,
}

/// Assets in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// The directory, relative to the working directory unless absolute. That it exists is for the store to find.
    pub root: PathBuf,
    /// The file that keeps digests over a restart; `None` computes them anew after each start.
    pub digests: Option<PathBuf>,
}

/// What is kept in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Bytes of bodies kept, all together: 0 (none) to 1 TiB.
    pub hot: u64,
    /// Bytes of the largest body kept: 0 to 1 GiB, and at most `hot`.
    pub largest: u64,
    /// Bytes held for answers under way beside what is kept, all together: 16 MiB to 1 TiB. Beyond: 503.
    pub buffers: u64,
}

/// How links are pinned to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// Whether links that we write carry `?v=`.
    pub pin: bool,
    /// What a link answers whose `?v=` is not the asset's version any more.
    pub on_mismatch: OnMismatch,
}

/// How links to assets are signed that are not for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The keys; at least one if any rule wants signed links.
    pub keys: Keys,
    /// How long a link that we write is good, at least: 1 min to 10 years.
    pub lifetime: Duration,
}

/// The answer to a link that is pinned to another version than the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMismatch {
    /// The current bytes, with `no-store`.
    ServeCurrent,
    /// 404.
    NotFound,
}

/// What a request, a client, and all of them may take at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one header field, name and value: 256 to 256 Ki, and at most `headers`. Beyond: 431.
    pub header_field: usize,
    /// Bytes of all header fields: 256 to 256 Ki. Beyond: 431.
    pub headers: usize,
    /// Bytes of the request target: 256 to 32 Ki. Beyond: 414.
    pub target: usize,
    /// How many header fields: 8 to 500. Beyond: 431.
    pub header_fields: usize,
    /// How long a client may take to send its header section: 1 s to 5 min.
    pub header_timeout: Duration,
    /// How long a connection may be kept between two requests: 1 s to 1 h.
    pub idle_timeout: Duration,
    /// How long a client that has bytes to take may take fewer than `min_rate` says: 1 s to 1 h.
    pub send_timeout: Duration,
    /// Bytes that it has to take in a second, averaged over `send_timeout`: 0 to 1 Mi. With 0, one byte in that time will do.
    pub min_rate: u64,
    /// Connections to the public listener: 10 to 1,000,000. Beyond: 503. `None` for [`USUAL_CONNECTIONS`](Self::USUAL_CONNECTIONS),
    /// or as many as there are file descriptors for.
    pub connections: Option<usize>,
    /// Those of them from one address: 1 to 1,000,000. Beyond: 503.
    pub connections_per_address: usize,
    /// Requests under way at a time on one HTTP/2 connection: 1 to 10,000.
    pub streams: u32,
    /// Requests that a client may cancel on one HTTP/2 connection before it is ended: 10 to 1,000,000.
    pub resets: u64,
}

/// How the server stops, once it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// How long connections are still taken, for balancers to notice that the server is not ready: 0 s to 5 min.
    pub grace: Duration,
    /// How long after that the responses under way may take to finish: 0 s to 1 h.
    pub drain: Duration,
}

/// What the log looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Of what the program says of itself.
    pub format: LogFormat,
    /// Of requests, a line each.
    pub access: AccessFormat,
}

/// How the program's own lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How the lines of requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessFormat {
    /// Not at all.
    Off,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
    /// In the Combined Log Format of Apache and nginx.
    Combined,
}

/// What flags say; each takes the place of what the file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--root`: [`Directory::root`].
    pub root: Option<PathBuf>,
    /// `--listen`: [`Listen::addresses`], unless it is empty.
    pub listen: Vec<ListenAddress>,
    /// `--control`: [`Control::address`].
    pub control: Option<ListenAddress>,
    /// `--public-url`: [`Config::public_url`].
    pub public_url: Option<PublicUrl>,
}

/// A configuration, and what whoever wrote it should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// What was asked for.
    pub config: Config,
    /// Problems that keep nothing from working, in the order of the file.
    pub warnings: Vec<Problem>,
}

impl Default for Config {
    /// What a file without a single key means, and nothing kept over a restart.
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080/media".parse().expect("the default is a URL"),
            listen: Listen { addresses: vec![loopback(8080)], mode: 0o660, proxy_protocol: false },
            tls: None,
            proxies: Proxies::default(),
            control: Control { address: loopback(8081), mode: 0o600, token: None },
            store: Store::Directory(Directory { root: "media".into(), digests: None }),
            memory: Memory { hot: 256 << 20, largest: 32 << 20, buffers: 256 << 20 },
            links: Links { pin: true, on_mismatch: OnMismatch::ServeCurrent },
            signing: Signing { keys: Keys::default(), lifetime: Duration::from_hours(45 * 24) },
            limits: Limits::default(),
            shutdown: Shutdown { grace: Duration::ZERO, drain: Duration::from_secs(30) },
            log: Log { format: LogFormat::Text, access: AccessFormat::Text },
            rules: Rules::default(),
        }
    }
}

impl Limits {
    /// How many connections there may be where nobody says so.
    pub const USUAL_CONNECTIONS: usize = 10_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_field: 8 << 10,
            headers: 32 << 10,
            target: 8 << 10,
            header_fields: 100,
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            send_timeout: Duration::from_mins(1),
            min_rate: 1 << 10,
            connections: None,
            connections_per_address: 1000,
            streams: 100,
            resets: 500,
        }
    }
}

fn loopback(port: u16) -> ListenAddress {
    SocketAddr::from(([127, 0, 0, 1], port)).into()
}

impl Config {
    /// Reads the file at `path`, as [`Self::parse`] does.
    ///
    /// # Errors
    /// The file cannot be read as text, or everything that is wrong with it.
    pub fn load(path: &Path, overrides: Overrides, environment: &Environment) -> Result<Loaded, ConfigError> {
        let name = path.display().to_string();
        let text = read::configuration(path).map_err(ConfigError::of)?;
        Self::parse(&name, &text, overrides, environment)
    }

    /// Reads `text`, which messages call `name`. Relative paths in it are relative to the working directory; a
    /// `token-file` and a `keys-file` are read.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(
        name: &str,
        text: &str,
        overrides: Overrides,
        environment: &Environment,
    ) -> Result<Loaded, ConfigError> {
        let source = Arc::new(Source::new(name, text));
        let readable = Readable::new(&source);
        let (entries, syntax) = readable.parse(&source);
        let report = Report::new(&source, syntax);
        let file = ConfigFile::read(entries, &report);
        let config = resolve::resolve(&file, overrides, environment, &report);
        Ok(Loaded { warnings: report.finish()?, config })
    }
}
