//! Why a link gave no answer: every way in which a fetch ends before its header section is read.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::certificate::CertificateFault;
use super::target::HostAndPort;
use crate::whatsapp::{Finding, Severity};

/// Why there is no answer. [`finding`](Self::finding) says what to do about it.
#[derive(Debug)]
pub enum Unreachable {
    /// The link cannot be fetched as it is written.
    Link(Finding),
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
    Certificate(HostAndPort, CertificateFault),
    /// The server does not speak TLS at this port.
    NoTls(HostAndPort),
    /// TLS could not be agreed on, for another reason.
    Tls(HostAndPort, String),
    /// The server closed the connection before it had answered.
    NoAnswer,
    /// The connection broke before the answer had come.
    Broken(String),
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
    pub(super) fn of_handshake(error: &io::Error, server: &HostAndPort) -> Self {
        let server = server.clone();
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(fault)) => {
                Self::Certificate(server, CertificateFault::of(fault))
            }
            Some(rustls::Error::InvalidMessage(_)) => Self::NoTls(server),
            Some(other) => Self::Tls(server, other.to_string()),
            None => Self::Tls(server, format!("the connection broke: {error}")),
        }
    }

    /// A failure to read the head of an answer.
    pub(super) fn of_answer(error: &hyper::Error) -> Self {
        let why = || error.source().map_or_else(|| error.to_string(), ToString::to_string);
        if error.is_parse_too_large() {
            Self::HeaderTooLarge
        } else if error.is_parse() {
            Self::NotHttp(why())
        } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            Self::NoAnswer
        } else {
            Self::Broken(why())
        }
    }

    /// The same as a finding. It always refuses: nobody else would have got an answer.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let (code, source, remedy) = match self {
            Self::Link(finding) => return finding.clone(),
            Self::NoSuchHost { host, .. } => {
                ("no-such-host", AUTHORITY, format!("compare the spelling, then ask `dig +short {host}`"))
            }
            Self::Refused(address) => ("connection-refused", AUTHORITY, start(*address)),
            Self::NoConnection(address, _) => ("no-connection", AUTHORITY, start(*address)),
            Self::Timeout(Step::Connect, _) => {
                ("timeout", AUTHORITY, "look for a firewall that drops connections".into())
            }
            Self::Timeout(Step::FirstByte, _) => ("timeout", SLOW_ORIGIN, HAVE_IT_READY.into()),
            Self::Certificate(server, fault) => (fault.code(), SECURED_AUTHORITY, fault.remedy(server)),
            Self::NoTls(server) => (
                "tls-failed",
                SECURED_AUTHORITY,
                format!("try `http://{server}`, or {}", compare_tls(server)),
            ),
            Self::Tls(server, _) => ("tls-failed", SECURED_AUTHORITY, compare_tls(server)),
            Self::NoAnswer | Self::Broken(_) => ("no-answer", MESSAGE, COMPARE.into()),
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
/// A slow origin, seen from both sides: 499 in its own log, "http code 500" in Meta's report.
pub(super) const SLOW_ORIGIN: &str = "github.com/WhatsApp/WhatsApp-Business-API-Setup-Scripts/issues/110";

pub(super) const HAVE_IT_READY: &str =
    "serve the finished file: do not make it, or fetch it from elsewhere, while a request waits";
const COMPARE: &str = "compare with `curl -v LINK`";

/// The command that shows the same handshake. A name is asked for by name; an address cannot be (RFC 6066 §3).
pub(super) fn compare_tls(server: &HostAndPort) -> String {
    let is_address = server.host.parse::<IpAddr>().is_ok();
    let name = if is_address { String::new() } else { format!(" -servername {}", server.host) };
    format!("see `openssl s_client -connect {server}{name}`")
}

fn start(address: SocketAddr) -> String {
    format!("start the server, or open port {} in the firewall", address.port())
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link(finding) => f.write_str(&finding.detail),
            Self::NoSuchHost { host, why } => write!(f, "no address is known for {host}: {why}"),
            Self::Refused(address) => write!(f, "nothing listens at {address}"),
            Self::NoConnection(address, why) => write!(f, "{address} cannot be connected to: {why}"),
            Self::Timeout(step, limit) => write!(f, "{step} took longer than {} s", limit.as_secs_f64()),
            Self::Certificate(_, fault) => fault.fmt(f),
            Self::NoTls(server) => {
                write!(f, "port {} speaks no TLS: HTTP without it, most likely", server.port)
            }
            Self::Tls(_, why) => write!(f, "TLS could not be agreed on: {why}"),
            Self::NoAnswer => f.write_str("the server closed the connection before it had answered"),
            Self::Broken(why) => write!(f, "the connection broke before the answer had come: {why}"),
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
