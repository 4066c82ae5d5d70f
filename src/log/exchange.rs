//! What is known of a request and its answer, once the answer has ended, one way or the other.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use http::{HeaderValue, StatusCode, Version};

use super::trace_context::{SpanId, TraceId};
use super::{RequestId, TraceContext};
use crate::peer::{Node, Peer};

/// A request and its answer. The query is left out, here and everywhere: it may carry a signature.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// When the request came in.
    pub begun: SystemTime,
    /// From then to the end of the answer.
    pub duration: Duration,
    /// From then to the first byte of the answer's body, or to the answer where it has none; `None` if there was no
    /// answer.
    pub first_byte: Option<Duration>,
    /// Who asked: the other end of the connection.
    pub peer: Peer,
    /// For whom that one asked, where it is a proxy that is trusted to say so.
    pub client: Option<&'a Node>,
    /// The method, as it was sent.
    pub method: &'a str,
    /// The path, as it was sent.
    pub path: &'a str,
    /// The version of HTTP.
    pub version: Version,
    /// `None` if the client left before there was an answer.
    pub status: Option<StatusCode>,
    /// How many bytes of the body were handed to the connection.
    pub sent_bytes: u64,
    /// The pattern of the rule that governs the asset; empty without one.
    pub rule: &'a str,
    /// What the link says of its version: `matches`, `differs`, `malformed`.
    pub pin: Option<&'static str>,
    /// How an asset of a bucket was come by: `hit`, `revalidated`, `miss`, `stale`.
    pub cache: Option<&'static str>,
    /// Where the first bytes of the body were found: `memory`, `disk`, `bucket`.
    pub tier: Option<&'static str>,
    /// What is wrong with the signature of the link, if it gives no access.
    pub signature: Option<&'static str>,
    /// Why the answer is not whole, if it is not.
    pub cut: Option<&'a str>,
    /// By which name to look for the request elsewhere.
    pub request_id: &'a RequestId,
    /// The trace that the request belongs to.
    pub trace: Option<TraceContext>,
    /// The span that it became, and its trace, where spans are exported.
    pub span: Option<(TraceId, SpanId)>,
    /// `User-Agent`, as it was sent.
    pub user_agent: Option<&'a HeaderValue>,
    /// `Referer`, as it was sent: its query, too, is for nobody's eyes. See [`referer_path`](Self::referer_path).
    pub referer: Option<&'a HeaderValue>,
}

/// At most so many bytes of a value that the client chose are logged.
const LONGEST: usize = 1000;

impl Exchange<'_> {
    /// When the answer ended.
    #[must_use]
    pub fn ended(&self) -> SystemTime {
        self.begun + self.duration
    }

    /// The address of the client, as far as it is known.
    #[must_use]
    pub fn client_ip(&self) -> Option<IpAddr> {
        self.client.map_or_else(|| self.peer.ip(), Node::ip)
    }

    /// The trace that it belongs to: one that was begun here, if the request names none.
    #[must_use]
    pub fn trace_id(&self) -> Option<TraceId> {
        self.span.map(|(trace, _)| trace).or_else(|| Some(self.trace?.trace_id))
    }

    /// The span that it became.
    #[must_use]
    pub fn span_id(&self) -> Option<SpanId> {
        self.span.map(|(_, span)| span)
    }

    /// The method, cut where it is too long to log.
    #[must_use]
    pub fn shown_method(&self) -> &[u8] {
        shortened(self.method.as_bytes())
    }

    /// The path, cut where it is too long to log.
    #[must_use]
    pub fn shown_path(&self) -> &[u8] {
        shortened(self.path.as_bytes())
    }

    /// `User-Agent`, cut where it is too long to log.
    #[must_use]
    pub fn shown_user_agent(&self) -> Option<&[u8]> {
        self.user_agent.map(|value| shortened(value.as_bytes()))
    }

    /// `Referer` without its query and fragment.
    #[must_use]
    pub fn referer_path(&self) -> Option<&[u8]> {
        let value = self.referer?.as_bytes();
        value.split(|byte| matches!(byte, b'?' | b'#')).next().map(shortened)
    }
}

fn shortened(value: &[u8]) -> &[u8] {
    value.get(..LONGEST).unwrap_or(value)
}
