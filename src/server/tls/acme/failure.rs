//! Why there is no certificate, and what to do about it.

use std::fmt;
use std::path::PathBuf;

use instant_acme::{AuthorizationStatus, Error, OrderStatus, Problem};

use crate::config::Acme;
use crate::server::tls::identity::{Facts, IdentityError};

/// Why no certificate can be asked for at all. `Display` is a sentence, and a line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unprepared {
    /// Nothing can be kept in this folder, for this reason.
    Folder(PathBuf, String),
    /// The ACME server's own authorities cannot be read from this file, for this reason.
    Authority(PathBuf, String),
    /// TLS to the ACME server cannot be set up, for this reason.
    Client(String),
}

/// Why an attempt gave no certificate.
#[derive(Debug)]
pub(super) struct Failure {
    sentence: String,
    remedy: Remedy,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    /// The authority could not look at this server.
    BeReached,
    /// It could not be asked.
    ReachIt,
    /// It was asked too often.
    Wait,
    /// It refuses the names.
    OtherNames,
    /// It knows other ways to prove a name.
    OtherAuthority,
    /// Nothing but to see what it says.
    SeeAbove,
}

impl Failure {
    fn new(sentence: impl Into<String>, remedy: Remedy) -> Self {
        Self { sentence: sentence.into(), remedy }
    }

    pub(super) fn timed_out() -> Self {
        Self::new("the authority took too long", Remedy::ReachIt)
    }

    pub(super) fn unusable(error: &IdentityError) -> Self {
        Self::new(format!("what the authority sent cannot be used: {error:?}"), Remedy::SeeAbove)
    }

    pub(super) fn other_names(facts: &Facts) -> Self {
        Self::new(format!("the authority sent a certificate for other names: {facts}"), Remedy::SeeAbove)
    }

    pub(super) fn refused(status: OrderStatus) -> Self {
        Self::new(format!("the authority refused the order, which is {status:?}"), Remedy::SeeAbove)
    }

    pub(super) fn not_pending(domain: &str, status: AuthorizationStatus) -> Self {
        Self::new(format!("{domain} cannot be proved: the authorization is {status:?}"), Remedy::Wait)
    }

    pub(super) fn no_challenge(domain: &str) -> Self {
        Self::new(format!("the authority offers no TLS-ALPN-01 for {domain}"), Remedy::OtherAuthority)
    }

    pub(super) fn challenge(why: &str) -> Self {
        Self::new(format!("a challenge cannot be answered: {why}"), Remedy::SeeAbove)
    }

    pub(super) fn unproved(domain: &str, problem: Problem) -> Self {
        let failure = Self::of_problem(problem);
        Self { sentence: format!("{domain} was not proved: {}", failure.sentence), ..failure }
    }

    /// By the types of RFC 8555 §6.7.
    fn of_problem(problem: Problem) -> Self {
        let kind = problem.r#type.unwrap_or_default();
        let remedy = match kind.strip_prefix("urn:ietf:params:acme:error:").unwrap_or_default() {
            "connection" | "dns" | "tls" | "unauthorized" | "incorrectResponse" => Remedy::BeReached,
            "rateLimited" => Remedy::Wait,
            "rejectedIdentifier" | "unsupportedIdentifier" | "caa" => Remedy::OtherNames,
            "externalAccountRequired" => Remedy::OtherAuthority,
            _ => Remedy::SeeAbove,
        };
        Self::new(problem.detail.unwrap_or(kind), remedy)
    }

    /// What to do.
    pub(super) fn help(&self, settings: &Acme, address: &str) -> String {
        let directory = &settings.directory_url;
        let domains = settings.domains.join(", ");
        match self.remedy {
            Remedy::BeReached => format!(
                "the authority connects to port 443 of {domains}: have it lead to {address}, with nothing in between that \
                 ends TLS"
            ),
            Remedy::ReachIt => format!(
                "see that {directory} can be reached from here; an authority of your own is trusted by `authority`"
            ),
            Remedy::Wait => "wait, and keep cache-dir over restarts: authorities count how often they are asked".into(),
            Remedy::OtherNames => {
                format!("see that the authority may issue for {domains}: its policy, and CAA records in the DNS")
            }
            Remedy::OtherAuthority => {
                "choose an authority that takes TLS-ALPN-01 and new accounts, or name files with `certificate`".into()
            }
            Remedy::SeeAbove => format!("see what the authority at {directory} says"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Api(problem) => Self::of_problem(problem),
            Error::Timeout(_) => Self::timed_out(),
            Error::Json(_) => Self::new("what answered is no ACME server", Remedy::ReachIt),
            error => Self::new(format!("the authority cannot be asked: {error}"), Remedy::ReachIt),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl fmt::Display for Unprepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder, why) => write!(
                f,
                "nothing can be kept in {}: {why}\nhelp: let the user who runs the server write to it, or name another \
                 folder with tls.acme.cache-dir",
                folder.display()
            ),
            Self::Authority(file, why) => write!(
                f,
                "the authorities in {} cannot be used: {why}\nhelp: name a file with certificates in PEM with \
                 tls.acme.authority",
                file.display()
            ),
            Self::Client(why) => write!(f, "TLS to the ACME server cannot be set up: {why}"),
        }
    }
}

impl std::error::Error for Unprepared {}
