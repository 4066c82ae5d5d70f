//! What came in place of the media, if anything did.

use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};

use super::{Observed, error_message, named, text};
use crate::semantics::field_text;
use crate::store::sniff::Format;
use crate::whatsapp::{Finding, Severity};

/// What a link answered with, instead of media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Instead {
    /// A page of the service in front of the server, meant for a person at a browser.
    Interstitial(Guard, String),
    /// Another link, where it names one.
    Redirect(StatusCode, Option<String>),
    /// 404 or 410.
    Missing(StatusCode),
    /// 401 or 403.
    Forbidden(StatusCode),
    /// 429.
    TooManyRequests,
    /// 5xx.
    ServerError(StatusCode),
    /// Any other status.
    Other(StatusCode),
    /// A 200 with a web page.
    Html,
    /// A 200 with a message that something went wrong: its first words.
    ErrorMessage(String),
}

/// Who put a page of its own before the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Cloudflare,
    Ngrok,
}

/// `None` if it was a 200 that may be the media.
pub(super) fn instead(observed: &Observed<'_>) -> Option<Instead> {
    if let Some((guard, said)) = guard(observed) {
        return Some(Instead::Interstitial(guard, said));
    }
    let status = observed.first.response.status();
    Some(match status.as_u16() {
        200 if is_html(observed) => Instead::Html,
        200 => {
            let declared = text(observed.headers(), &CONTENT_TYPE).unwrap_or_default();
            return error_message::read(&declared, &observed.first.body.opening).map(Instead::ErrorMessage);
        }
        301 | 302 | 303 | 307 | 308 => {
            let location = text(observed.headers(), &LOCATION);
            Instead::Redirect(status, location.map(|location| observed.target.absolute(&location)))
        }
        401 | 403 => Instead::Forbidden(status),
        404 | 410 => Instead::Missing(status),
        429 => Instead::TooManyRequests,
        500..=599 => Instead::ServerError(status),
        _ => Instead::Other(status),
    })
}

/// Both services mark pages of their own with a field, whatever the status.
fn guard(observed: &Observed<'_>) -> Option<(Guard, String)> {
    let marks = [(Guard::Cloudflare, "cf-mitigated"), (Guard::Ngrok, "ngrok-error-code")];
    marks.into_iter().find_map(|(guard, mark)| {
        let value = observed.headers().get(mark)?;
        Some((guard, field_text(value)))
    })
}

/// A page by its bytes; or by its type, where the bytes are text of no other kind.
fn is_html(observed: &Observed<'_>) -> bool {
    let declared = text(observed.headers(), &CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    match &observed.first.body.format {
        Format::Signature(found) => &**found == "text/html",
        Format::Text | Format::TextOr(_) => declared.starts_with("text/html"),
        Format::Unknown | Format::Empty => false,
    }
}

impl Instead {
    /// In words. Each of them refuses.
    pub(super) fn finding(&self) -> Finding {
        let (code, detail, remedy, source) = match self {
            Self::Interstitial(guard, said) => return guard.finding(said),
            Self::Redirect(status, to) => redirect(*status, to.as_deref()),
            Self::Missing(status) => (
                "not-found",
                format!("the link answers {}", named(*status)),
                "compare the path with the file's name, case by case; a link that expires has to outlive the message"
                    .into(),
                "github.com/chatwoot/chatwoot/issues/13656",
            ),
            Self::Forbidden(status) => (
                "forbidden",
                format!("the link answers {}", named(*status)),
                "make the file readable without signing in, or sign the link for longer than the message may wait".into(),
                "github.com/chatwoot/chatwoot/issues/10682",
            ),
            Self::TooManyRequests => (
                "rate-limited",
                "the link answers 429 Too Many Requests".into(),
                "raise the limit for media: Meta fetches each file anew, from many addresses".into(),
                "RFC 6585 §4",
            ),
            Self::ServerError(status) => (
                "server-error",
                format!("the link answers {}", named(*status)),
                "read the server's log of this moment".into(),
                "github.com/shridarpatil/frappe_whatsapp/issues/87",
            ),
            Self::Other(status) => (
                "unexpected-status",
                format!("the link answers {}{}", named(*status), instead_of_a_file(*status)),
                "answer a plain GET with 200 and the whole file".into(),
                "RFC 9110 §15",
            ),
            Self::Html => (
                "html-instead-of-media",
                "the link answers 200, and its bytes are a web page (HTML), not a file".into(),
                "link to the file itself: this is a login page, a preview, or the page that stands in for unknown paths"
                    .into(),
                "github.com/chatwoot/chatwoot/issues/10428",
            ),
            Self::ErrorMessage(said) => (
                "error-instead-of-media",
                format!("the link answers 200 with an error message, not with a file: {said}"),
                "mend what it says, and answer errors with a status of 400 or more: a 200 is taken for the file".into(),
                "RFC 9110 §15",
            ),
        };
        Finding::new(Severity::Refuse, code, detail, source).remedy(remedy)
    }
}

/// What an unexpected status says about the content.
fn instead_of_a_file(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => ": there is no file in such an answer",
        StatusCode::PARTIAL_CONTENT => ": a part of the file, for which nobody has asked",
        StatusCode::NOT_MODIFIED => ": there is no file in such an answer, and the request had no condition",
        _ => ", and only 200 brings a file",
    }
}

/// Reports say both that the fetcher follows redirects and that it does not; none says that it can be relied on.
fn redirect(status: StatusCode, to: Option<&str>) -> (&'static str, String, String, &'static str) {
    let (detail, remedy) = match to {
        Some(to) => (
            format!("the link answers {} and points to {to}", named(status)),
            format!("send the link that it points to, if that stays valid: {to}"),
        ),
        None => (
            format!("the link answers {} and points nowhere", named(status)),
            "answer with the file itself".into(),
        ),
    };
    ("redirect", detail, remedy, "github.com/chatwoot/chatwoot/pull/15702")
}

impl Guard {
    fn finding(self, said: &str) -> Finding {
        let (detail, remedy, source) = match self {
            Self::Cloudflare => (
                format!(
                    "Cloudflare answers in the server's place (cf-mitigated: {said}): a page that a browser must solve"
                ),
                "let requests for media pass without a challenge: a rule that skips it for the media's path",
                "developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response",
            ),
            Self::Ngrok => (
                format!("ngrok answers in the server's place (ngrok-error-code: {said})"),
                "start the tunnel again; for messages that matter use a host of your own",
                "ngrok.com/docs/errors",
            ),
        };
        Finding::new(Severity::Refuse, "security-interstitial", detail, source).remedy(remedy)
    }
}
