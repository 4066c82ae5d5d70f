//! What a link answered, and what was found.

use std::fs::File;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::HeaderMap;

use super::session::Fetched;
use super::spool::Spooled;
use crate::store::sniff::Format;
use crate::whatsapp::Finding;

/// What a link answered.
#[derive(Debug)]
pub struct Examination {
    /// The status of the GET.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: HeaderMap,
    /// Its body, as far as it came.
    pub body: Body,
    /// When the GET was sent.
    pub requested: SystemTime,
    /// When the header section of its answer was complete.
    pub received: SystemTime,
    /// How long that took.
    pub timings: Timings,
    /// Which of the host's addresses answered.
    pub remote: SocketAddr,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
}

/// A body that was fetched.
#[derive(Debug)]
pub struct Body {
    /// Its bytes, read from their beginning. The file has no name and goes when this does.
    pub file: File,
    /// How many bytes there are.
    pub length: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// What they are.
    pub format: Format,
    /// Whether they are all.
    pub ending: Ending,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is whole.
    Whole,
    /// The connection ended before it did.
    CutShort,
    /// It has, or announces, as many bytes as [`Limits::bytes`](super::Limits::bytes) or more.
    TooLarge,
    /// It took longer than [`Limits::whole`](super::Limits::whole), or than is left of [`Limits::all`](super::Limits::all).
    TimedOut,
}

/// How long each step of the GET took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// Looking up the name.
    pub lookup: Duration,
    /// Connecting (TCP).
    pub connect: Duration,
    /// Agreeing on TLS, where there is any.
    pub tls: Option<Duration>,
    /// From the request to the end of the header section of its answer.
    pub first_byte: Duration,
    /// All of it, to the end of the body.
    pub whole: Duration,
}

impl Examination {
    pub(super) fn new(first: Fetched, findings: Vec<Finding>) -> Self {
        let (head, ()) = first.response.into_parts();
        let Spooled { file, length, sha256, format, opening: _ } = first.body;
        Self {
            status: head.status,
            headers: head.headers,
            body: Body { file, length, sha256, format, ending: first.ending },
            requested: first.requested,
            received: first.received,
            timings: Timings {
                lookup: first.opened.lookup,
                connect: first.opened.connect,
                tls: first.opened.tls,
                first_byte: first.first_byte,
                whole: first.whole,
            },
            remote: first.opened.remote,
            findings,
        }
    }
}
