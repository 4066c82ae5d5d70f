//! Why a link gave no answer: every way in which a fetch ends before its header section is read.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::certificate::CertificateFault;
use super::target::NotATarget;
use crate::whatsapp::{Finding, Severity};

/// Why there is no answer. [`finding`](Self::finding) says what to do about it.
#[derive(Debug)]
pub enum Unreachable {
    /// The link cannot be fetched as it is written.
    Link(NotATarget),
    /// No address is known for its host.
    NoSuchHost {
        /// The host's name.
        host: String,
        /// What the resolver said.
        why: String,
    },
    /// Nothing listens at this address.
    Refused(SocketAddr),
    /// The address cannot be connected to, for another reason.
    NoConnection(SocketAddr, io::Error),
    /// A step took longer than it may.
    Timeout(Step, Duration),
    /// The server's certificate is not to be trusted.
    Certificate(CertificateFault),
    /// TLS could not be agreed on.
    Tls(String),
    /// The server closed the connection instead of answering.
    NoAnswer(String),
    /// What it answered is no HTTP/1.1.
    NotHttp(String),
    /// The header section of the answer is larger than is read: 100 fields, or 64 KiB.
    HeaderTooLarge,
    /// The body could not be kept on this machine's disk: nothing is wrong with the link.
    Disk(io::Error),
}

/// The steps that have limits of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looking up the name, connecting, agreeing on TLS.
    Connect,
    /// Waiting for the header section of the answer.
    FirstByte,
}

impl Unreachable {
    /// A failure of the TLS handshake.
    pub(super) fn of_handshake(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(fault)) => Self::Certificate(CertificateFault::of(fault)),
            Some(rustls::Error::InvalidMessage(_)) => Self::Tls("the server does not speak TLS there".into()),
            Some(other) => Self::Tls(other.to_string()),
            None => Self::Tls(format!("the connection broke: {error}")),
        }
    }

    /// A failure to read the head of an answer.
    pub(super) fn of_answer(error: &hyper::Error) -> Self {
        let why = || error.source().map_or_else(|| error.to_string(), ToString::to_string);
        if error.is_parse_too_large() {
            Self::HeaderTooLarge
        } else if error.is_parse() {
            Self::NotHttp(why())
        } else {
            Self::NoAnswer(why())
        }
    }

    /// The same as a finding. It always refuses: nobody else would have got an answer.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let (code, source, remedy) = match self {
            Self::Link(why) => link(*why),
            Self::NoSuchHost { host, .. } => {
                ("no-such-host", AUTHORITY, format!("compare the spelling, then ask `dig +short {host}`"))
            }
            Self::Refused(address) => ("connection-refused", AUTHORITY, start(*address)),
            Self::NoConnection(address, _) => ("no-connection", AUTHORITY, start(*address)),
            Self::Timeout(Step::Connect, _) => {
                ("timeout", AUTHORITY, "look for a firewall that drops connections".into())
            }
            Self::Timeout(Step::FirstByte, _) => ("timeout", SLOW_ORIGIN, HAVE_IT_READY.into()),
            Self::Certificate(fault) => (fault.code(), SECURED_AUTHORITY, fault.remedy().into()),
            Self::Tls(_) => ("tls-failed", SECURED_AUTHORITY, COMPARE_TLS.into()),
            Self::NoAnswer(_) => ("no-answer", MESSAGE, COMPARE.into()),
            Self::NotHttp(_) => ("answer-not-http", MESSAGE, COMPARE.into()),
            Self::HeaderTooLarge => ("header-too-large", FIELD_LIMITS, "send fewer header fields".into()),
            Self::Disk(_) => {
                ("disk-failed", THIS_MACHINE, "make room, or set TMPDIR to where there is some".into())
            }
        };
        Finding::new(Severity::Refuse, code, self.to_string(), source).remedy(remedy)
    }
}

const AUTHORITY: &str = "RFC 9110 §4.3.3";
const SECURED_AUTHORITY: &str = "RFC 9110 §4.3.4";
const FIELD_LIMITS: &str = "RFC 9110 §5.4";
const MESSAGE: &str = "RFC 9112 §2.1";
const THIS_MACHINE: &str = "this machine";
const LINKS: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages";
/// A slow origin, seen from both sides: 499 in its own log, "http code 500" in Meta's report.
pub(super) const SLOW_ORIGIN: &str = "github.com/WhatsApp/WhatsApp-Business-API-Setup-Scripts/issues/110";

pub(super) const HAVE_IT_READY: &str =
    "serve the finished file: do not make it, or fetch it from elsewhere, while a request waits";
const COMPARE: &str = "compare with `curl -v LINK`";
const COMPARE_TLS: &str = "compare with `openssl s_client -connect HOST:443 -servername HOST`";

fn link(why: NotATarget) -> (&'static str, &'static str, String) {
    match why {
        NotATarget::NotAUrl => (
            "not-a-url",
            "RFC 3986 §3",
            "write it like `https://media.example.com/a.jpg`, with all but letters, digits and `-._~` encoded".into(),
        ),
        NotATarget::Scheme => ("not-http", LINKS, "use a link that begins with `https://`".into()),
        NotATarget::UserInfo => (
            "user-name-in-link",
            "RFC 9110 §4.2.4",
            "leave the user name out: a file for Meta has to be open to all, or its link signed".into(),
        ),
    }
}

fn start(address: SocketAddr) -> String {
    format!("start the server, or open port {} in the firewall", address.port())
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(why) => why.fmt(f),
            Self::NoSuchHost { host, why } => write!(f, "no address is known for {host}: {why}"),
            Self::Refused(address) => write!(f, "nothing listens at {address}"),
            Self::NoConnection(address, why) => write!(f, "{address} cannot be connected to: {why}"),
            Self::Timeout(step, limit) => write!(f, "{step} took longer than {} s", limit.as_secs_f64()),
            Self::Certificate(fault) => fault.fmt(f),
            Self::Tls(why) => write!(f, "TLS could not be agreed on: {why}"),
            Self::NoAnswer(why) => write!(f, "the server closed the connection without an answer: {why}"),
            Self::NotHttp(why) => write!(f, "what the server answered is no HTTP/1.1: {why}"),
            Self::HeaderTooLarge => f.write_str("the header section has more than 100 fields, or 64 KiB"),
            Self::Disk(why) => write!(f, "the body cannot be kept on this machine's disk: {why}"),
        }
    }
}

impl StdError for Unreachable {}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::FirstByte => "the beginning of the answer",
        })
    }
}
