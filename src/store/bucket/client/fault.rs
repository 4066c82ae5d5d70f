//! Why an attempt came to no answer, whatever its status.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use object_store::client::{HttpError, HttpErrorKind};

use super::counters::Outcome;
use crate::store::bucket::UpstreamError;

/// The ways in which a request ends without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is nothing to sign it with.
    Credentials(Box<str>),
    /// There is no URL of such a length: the base is one, and everything behind it is encoded.
    TooLong,
    /// No address is known for the host.
    NoSuchHost,
    /// Nothing listens there.
    Refused,
    /// TLS could not be agreed on, or the certificate is not to be trusted.
    Tls(Box<str>),
    /// No connection, for another reason.
    NoConnection(Box<str>),
    /// No answer in time.
    TimedOut,
    /// What came is no HTTP.
    NotHttp(Box<str>),
    /// The connection broke.
    Broken(Box<str>),
}

impl Fault {
    /// As it is counted.
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::NoSuchHost | Self::Refused | Self::Tls(_) | Self::NoConnection(_) => Outcome::Connect,
            Self::TimedOut => Outcome::Timeout,
            Self::Credentials(_) | Self::TooLong | Self::NotHttp(_) | Self::Broken(_) => Outcome::Reset,
        }
    }

    /// Whether the same request may well be answered a moment later. Whoever gives out credentials was asked more
    /// than once already.
    pub(super) fn is_transient(&self) -> bool {
        !matches!(self, Self::Credentials(_) | Self::TooLong | Self::Tls(_))
    }
}

impl From<&HttpError> for Fault {
    fn from(error: &HttpError) -> Self {
        let why = || root_cause(error).to_string().into_boxed_str();
        let connecting = error.kind() == HttpErrorKind::Connect;
        if error.kind() == HttpErrorKind::Timeout {
            return Self::TimedOut;
        }
        for cause in causes(error) {
            if let Some(tls) = tls_error(cause) {
                return Self::Tls(tls.to_string().into());
            }
            if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
                return Self::NotHttp(why());
            }
            if connecting && is_of_kind(cause, io::ErrorKind::ConnectionRefused) {
                return Self::Refused;
            }
            // The connector's error has no other sign of it.
            if connecting && cause.to_string().starts_with("dns error") {
                return Self::NoSuchHost;
            }
        }
        if connecting { Self::NoConnection(why()) } else { Self::Broken(why()) }
    }
}

impl From<HttpError> for Fault {
    fn from(error: HttpError) -> Self {
        Self::from(&error)
    }
}

impl From<Fault> for UpstreamError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TimedOut => Self::TimedOut,
            other => Self::Unreachable(other.to_string().into()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials(why) => write!(f, "there are no credentials: {why}"),
            Self::TooLong => f.write_str("what is to be asked is too long for a URL"),
            Self::NoSuchHost => f.write_str("no address is known for its host"),
            Self::Refused => f.write_str("nothing listens at its address"),
            Self::Tls(why) => write!(f, "TLS could not be agreed on: {why}"),
            Self::NoConnection(why) => write!(f, "it cannot be connected to: {why}"),
            Self::TimedOut => f.write_str("it does not answer in time"),
            Self::NotHttp(why) => write!(f, "what it answers is no HTTP/1.1: {why}"),
            Self::Broken(why) => write!(f, "the connection broke: {why}"),
        }
    }
}

/// The error and what it came of, outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The innermost error: the one that says what happened.
pub(super) fn root_cause<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    causes(error).last().unwrap_or(error)
}

/// An error of the TLS library travels inside of I/O errors, which do not name it as their source.
fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let inner = cause.downcast_ref::<io::Error>()?.get_ref()?;
    inner.downcast_ref().or_else(|| tls_error(inner))
}

fn is_of_kind(cause: &(dyn StdError + 'static), kind: io::ErrorKind) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == kind)
}
