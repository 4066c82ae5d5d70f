//! Whether an answer is an asset at all: what is said of Meta's cache is said of assets only.

use super::{Cache, Reuse, Verdict};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

const ERRORS: &str = "developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
const REDIRECTS: &str = "github.com/chatwoot/chatwoot/pull/15702";
const WEB_PAGES: &str = "github.com/chatwoot/chatwoot/issues/10428";

/// What came in place of an asset, as far as status and fields show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAsset {
    /// Another link (RFC 9110 §15.4), as a fetcher could follow it.
    Redirect(StatusCode),
    /// A failure, of whoever asked or of the server.
    Error(StatusCode),
    /// No error, and not the whole file either.
    OtherStatus(StatusCode),
    /// A page for people at a browser.
    WebPage,
    /// No byte.
    Empty,
}

impl NoAsset {
    /// `None` if it may be an asset.
    pub(super) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        match status.as_u16() {
            200 if is_web_page(headers) => Some(Self::WebPage),
            200 if is_empty(headers) => Some(Self::Empty),
            200 => None,
            _ if is_redirect(status) => Some(Self::Redirect(status)),
            400..=599 => Some(Self::Error(status)),
            _ => Some(Self::OtherStatus(status)),
        }
    }

    /// Neither model of Meta's cache keeps it.
    pub(super) fn verdict(self, cache: Cache) -> Verdict {
        let (because, source) = self.words();
        Verdict { cache, reuse: Reuse::Never, because, source }
    }

    fn words(self) -> (String, &'static str) {
        match self {
            Self::Redirect(status) => {
                let code = status.as_u16();
                (
                    format!(
                        "the answer is {code}, a redirect: Meta may not follow it, and the message fails"
                    ),
                    REDIRECTS,
                )
            }
            Self::Error(status) => (
                format!("the answer is {}, an error: the message fails with 131053", status.as_u16()),
                ERRORS,
            ),
            Self::OtherStatus(status) => {
                let code = status.as_u16();
                (format!("the answer is {code}, not a whole file: the message may fail with 131053"), ERRORS)
            }
            Self::WebPage => {
                ("the answer is a web page, not a file: the message fails with 131053".to_owned(), WEB_PAGES)
            }
            Self::Empty => {
                ("the answer is empty, not a file: the message may fail with 131053".to_owned(), ERRORS)
            }
        }
    }
}

/// The statuses that name another link which a GET may be sent to. A 304 is none, nor is 300, which leaves the choice to
/// a person, nor 305 and 306, which are not used any more.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301..=303 | 307 | 308)
}

fn is_web_page(headers: &HeaderMap) -> bool {
    let essence = |value: &[u8]| {
        value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase()
    };
    headers.get(CONTENT_TYPE).is_some_and(|value| essence(value.as_bytes()) == b"text/html")
}

fn is_empty(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_LENGTH).is_some_and(|value| value.as_bytes().trim_ascii() == b"0")
}
