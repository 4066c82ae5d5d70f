//! Explains a link: which headers go out, by which rule, whether a message with it arrives, and what caches do with it.
//!
//! The answer for an asset of this origin comes from the code that answers requests, asked without a connection; the
//! answer for any other link from fetching it. Either way it is an [`Explanation`]: the commands print it, the control
//! listener sends it as JSON.

mod asset;
mod fields;
mod signature;
mod url;

use std::time::SystemTime;

use serde::Serialize;
use utoipa::ToSchema;

pub use asset::{Asked, caches, explain_asset};
pub use fields::Fields;
pub use signature::Signature;
pub use url::explain_url;

use crate::caching::rules::{Access, Place};
use crate::caching::verdict::Verdict;
use crate::config::PublicUrl;
use crate::store::{AssetPath, NotAnAssetPath};
use crate::whatsapp::limits::{Media, judge};
use crate::whatsapp::link::{self, Whose};
use crate::whatsapp::probe::Facts;
use crate::whatsapp::{Finding, MediaKind};

/// What goes out for a link, and what becomes of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// What was asked about.
    #[serde(flatten)]
    pub subject: Subject,
    /// The status of a GET; `null` if there was no answer.
    #[schema(minimum = 100, maximum = 999)]
    pub status: Option<u16>,
    /// The fields of the answer, in their order.
    pub headers: Fields,
    /// What was found about the link and the answer, the worst first.
    pub findings: Vec<Finding>,
    /// The bytes, where the answer is an asset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Described>,
    /// What a message can send it as, and why not as the rest. Empty where there is nothing to send.
    pub send_as: Vec<SendAs>,
    /// What each cache does with the answer. Empty where there is none.
    pub caches: Vec<Verdict>,
}

/// What an explanation is about.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Subject {
    /// An asset of this origin.
    Asset {
        /// Its path below the root, as it is on disk.
        path: String,
        /// The link to send, or the one that was asked about.
        link: String,
        /// The rule that governs it; `null` if none names it.
        rule: Option<Governing>,
        /// Who may read it.
        access: Access,
        /// What the link's signature is worth, where it needs one.
        #[serde(skip_serializing_if = "Option::is_none")]
        signature: Option<Signature>,
        /// The `Cache-Control` of the link without a pin, where it is another than that of the link.
        #[serde(skip_serializing_if = "Option::is_none")]
        unpinned_cache_control: Option<String>,
    },
    /// A link to anywhere.
    Url {
        /// The link, as it was given, apart from a user name and a password.
        url: String,
        /// How long the fetch took; absent if there was no answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        timings_ms: Option<Timings>,
    },
}

/// A link of this origin.
#[derive(Debug)]
pub struct Own<'a> {
    /// The asset that it names, if an asset can have that name.
    pub path: Result<AssetPath, NotAnAssetPath>,
    /// The rest of the link.
    pub asked: Asked<'a>,
}

/// A rule, and where it is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Governing {
    /// The glob.
    pub pattern: String,
    /// Where it is written.
    #[serde(flatten)]
    pub place: Place,
}

/// How long a fetch took, in milliseconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timings {
    /// Looking up the name, connecting, and TLS.
    pub connect: u64,
    /// From the request to the end of the header section of its answer.
    pub first_byte: u64,
    /// All of it, to the end of the body.
    pub whole: u64,
}

/// The bytes behind a link.
#[derive(Debug, Serialize, ToSchema)]
pub struct Described {
    /// What they are.
    pub content_type: String,
    /// How many there are, or how many of them were read.
    pub bytes: u64,
    /// Whether that is all of the file; otherwise it is the beginning.
    pub whole: bool,
    /// The file's SHA-256, in hex, where all of it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What is inside.
    #[schema(value_type = Object)]
    pub facts: Facts,
}

/// Whether a kind of message takes the media.
#[derive(Debug, Serialize, ToSchema)]
pub struct SendAs {
    /// The kind.
    pub kind: MediaKind,
    /// Whether a message with it is accepted, as far as can be known beforehand.
    pub accepted: bool,
    /// What speaks against it, the worst first.
    pub findings: Vec<Finding>,
}

impl Explanation {
    /// Whether there is any kind of message that it can be sent with.
    #[must_use]
    pub fn can_be_sent(&self) -> bool {
        self.send_as.iter().any(|send_as| send_as.accepted)
    }
}

/// The asset that a link of this origin names; `None` if the link is of another.
#[must_use]
pub fn own<'a>(link: &'a str, public_url: &PublicUrl, now: SystemTime) -> Option<Own<'a>> {
    let examined = link::examine(link, public_url.as_str(), now).ok()?;
    match examined.whose {
        Whose::Foreign(_) => None,
        Whose::Ours { path, query } => {
            Some(Own { path: AssetPath::decode(path), asked: Asked::Link(query, examined.findings) })
        }
    }
}

/// Every kind of message, and whether it takes the media. `reachable` is whether the link itself is in order.
fn send_as(media: &Media<'_>, reachable: bool) -> Vec<SendAs> {
    let of_kind = |kind| {
        let findings = judge(kind, false, media);
        let accepted = reachable && !findings.iter().any(Finding::refuses);
        SendAs { kind, accepted, findings }
    };
    MediaKind::ALL.map(of_kind).into()
}
