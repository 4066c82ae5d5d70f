//! The client of a bucket: signed questions, asked again where that can help, and answers that are checked.
//!
//! Nothing that leaves here is taken on trust. Bytes are those that were asked for, of the version that was asked for,
//! or there is an error that says what came instead. Every question is answered in bounded time.
//!
//! The client library gives out credentials and signs; what is asked, and what an answer means, is decided here,
//! because its own reading of answers is either too strict (one field of metadata that is not ASCII, one odd key in a
//! listing) or too lax (a date of 1970 for none).
//!
//! | file | holds |
//! |---|---|
//! | [`counters`] | what is counted |
//! | [`variables`], `s3`, `gcs`, `profile`, `ini` | where the bucket is and who asks, from the environment and files |
//! | `endpoint` | the address, and the signature |
//! | `connection` | HTTP, each attempt counted and logged |
//! | `exchange`, `fault`, `refusal` | one question: retries, time, and what errors mean |
//! | `key` | what an asset is called in the bucket |
//! | `head`, `read` | what an answer says, checked |
//! | [`listing`], [`versions`], `xml` | what a listing says, entry by entry |
//! | [`probe`], `diagnosis` | whether the bucket can be used, and if not, why |
//! | [`misconfigured`] | why the bucket cannot be used, with the remedy |

mod connection;
pub mod counters;
mod diagnosis;
mod endpoint;
mod exchange;
mod fault;
mod gcs;
mod head;
mod ini;
mod key;
pub mod listing;
pub mod misconfigured;
pub mod probe;
mod profile;
mod read;
mod refusal;
mod s3;
pub mod variables;
pub mod versions;
mod xml;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderName, HeaderValue};
use http::{Method, Uri};

pub use counters::Counters;
pub use listing::{Entry, OddKey, Page};
pub use misconfigured::Misconfigured;
pub use probe::Access;
pub use variables::Variables;
pub use versions::ListedVersion;

use super::UpstreamError;
use crate::clock::Clock;
use crate::config::{self, Service};
use crate::store::AssetPath;
use counters::Operation;
use exchange::{Exchange, Question};
use key::Key;

/// How long the bucket may send nothing, at most: half of the whole time, so that there is time to ask again.
const QUIET: Duration = Duration::from_secs(5);

/// Asks for a stored digest to be sent with the answer.
const CHECKSUM_MODE: HeaderName = HeaderName::from_static("x-amz-checksum-mode");

/// One bucket, or the part of it below a prefix.
#[derive(Debug)]
pub struct Client {
    exchange: Exchange,
    prefix: String,
    versions: bool,
    timeout: Duration,
    clock: Clock,
}

impl Client {
    /// Takes what the configuration leaves open from the environment of this process, and reads the files that it
    /// names. Asks nobody.
    ///
    /// # Errors
    /// What is missing or cannot be used, with the remedy.
    pub fn new(bucket: &config::Bucket, counters: Arc<Counters>) -> Result<Self, Misconfigured> {
        Self::with_variables(bucket, &Variables::process(), counters)
    }

    /// The same with an environment that is passed in. (Google's own default file is looked for below `HOME` of this
    /// process all the same: the client library does so.)
    ///
    /// # Errors
    /// What is missing or cannot be used, with the remedy.
    #[expect(clippy::needless_pass_by_value, reason = "the caller hands over its share")]
    pub fn with_variables(
        bucket: &config::Bucket,
        variables: &Variables,
        counters: Arc<Counters>,
    ) -> Result<Self, Misconfigured> {
        // Whoever comes second finds the same provider installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let endpoint = match bucket.service {
            Service::S3 => s3::endpoint(bucket, variables, &counters)?,
            Service::Gcs => gcs::endpoint(bucket, variables, &counters)?,
        };
        check_base(&endpoint.base)?;
        let quiet = QUIET.min(bucket.timeout / 2);
        let http = connection::connect(&endpoint.base, quiet, &counters).map_err(|why| without_tls(&why))?;
        Ok(Self {
            exchange: Exchange { endpoint, http },
            prefix: bucket.prefix.clone(),
            versions: bucket.versions,
            timeout: bucket.timeout,
            clock: Clock::system(),
        })
    }

    /// A question about one object.
    fn about(&self, operation: Operation, method: Method, key: &Key, version_id: Option<&str>) -> Question {
        let service = self.exchange.endpoint.service;
        let version = match service {
            Service::S3 => "versionId",
            Service::Gcs => "generation",
        };
        let field = match service {
            Service::S3 => (CHECKSUM_MODE, "ENABLED"),
            // What is stored compressed is sent as it is stored: otherwise it has neither a length nor ranges.
            Service::Gcs => (ACCEPT_ENCODING, "gzip"),
        };
        Question {
            operation,
            method,
            path: key.encoded(),
            query: version_id.map(|id| (version, id.to_owned())).into_iter().collect(),
            fields: vec![(field.0, HeaderValue::from_static(field.1))],
        }
    }

    /// Whether an object can have the key of this asset at all.
    #[must_use]
    pub fn can_name(&self, path: &AssetPath) -> bool {
        self.key(path).is_ok()
    }

    fn key(&self, path: &AssetPath) -> Result<Key, UpstreamError> {
        Key::of(&self.prefix, path).map_err(|why| {
            tracing::debug!(path = ?path.as_str(), why, "no object can have this key");
            UpstreamError::NotFound
        })
    }
}

/// Everything that is asked begins with this.
fn check_base(base: &str) -> Result<(), Misconfigured> {
    // A variable may hold what the file may not. It is in every log from here on, so it is not even quoted.
    if base.contains('@') {
        return Err(Misconfigured::new(
            "the endpoint in the environment has a user or a password before its host",
            "leave them out: requests are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a token of Google",
        ));
    }
    // The client library reads it in both ways, and panics where one of them fails.
    let is_url = base.parse::<Uri>().is_ok() && base.parse::<reqwest::Url>().is_ok_and(|url| url.has_host());
    if is_url && (base.starts_with("http://") || base.starts_with("https://")) {
        return Ok(());
    }
    Err(Misconfigured::new(
        format!("the endpoint is no URL: {base}"),
        "set store.endpoint to http:// or https:// and a host, such as \"http://127.0.0.1:8333\"",
    ))
}

fn without_tls(why: &str) -> Misconfigured {
    Misconfigured::new(
        format!("TLS cannot be used on this machine: {why}"),
        "install its list of authorities (the package ca-certificates), or name one with SSL_CERT_FILE",
    )
}
