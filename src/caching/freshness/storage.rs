//! RFC 9111 §3: "Storing Responses in Caches".

use crate::caching::directive::Name;
use crate::caching::received::{Received, Scope};
use http::StatusCode;

/// Whether a shared cache may store a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// It may.
    Allowed,
    /// It must not.
    Forbidden(Unstorable),
}

/// The clause that forbids it, in the order of §3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unstorable {
    /// "the response status code is final" – this one is not.
    NotFinal,
    /// "if the response status code is 206 or 304, or the must-understand cache directive … is present: the cache
    /// understands the response status code" – it does not.
    NotUnderstood,
    /// "the no-store cache directive is not present in the response" – it is.
    NoStore,
    /// "if the cache is shared: the private response directive is either not present or allows a shared cache to store
    /// a modified response" – it is, and does not.
    Private,
    /// "the response contains at least one of the following: …" – it does not, and its status is none that is
    /// heuristically cacheable.
    NothingSaysSo,
}

/// "A cache MUST NOT store a response to a request unless: …" §3
#[must_use]
pub fn may_store(response: &Received) -> Storage {
    let (status, directives) = (response.status, &response.cache_control);
    if status.is_informational() {
        return Storage::Forbidden(Unstorable::NotFinal);
    }
    let must_understand = directives.has(Name::MustUnderstand);
    if (must_understand || matches!(status.as_u16(), 206 | 304)) && !is_understood(status) {
        return Storage::Forbidden(Unstorable::NotUnderstood);
    }
    // "When a cache that implements the must-understand directive receives a response that includes it, the cache
    // SHOULD ignore the no-store directive if it understands and implements the status code's caching requirements."
    // §5.2.2.3
    if directives.has(Name::NoStore) && !must_understand {
        return Storage::Forbidden(Unstorable::NoStore);
    }
    if directives.scope(Name::Private) == Scope::Everything {
        return Storage::Forbidden(Unstorable::Private);
    }
    if !says_so(response) && !is_heuristically_cacheable(status) {
        return Storage::Forbidden(Unstorable::NothingSaysSo);
    }
    Storage::Allowed
}

/// "a public response directive …; an Expires header field …; a max-age response directive …; if the cache is shared: an
/// s-maxage response directive …" §3
fn says_so(response: &Received) -> bool {
    let directives = &response.cache_control;
    let explicit = [Name::Public, Name::MaxAge, Name::SMaxAge].into_iter().any(|name| directives.has(name));
    explicit || !response.expires.is_absent()
}

/// "… (e.g., 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, and 501 in this specification)" RFC 9110 §15.1
pub(super) fn is_heuristically_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// The final status codes that RFC 9110 §15 defines and that are stored as they come. This cache puts no parts
/// together (206), and a 304 is news of another response.
fn is_understood(status: StatusCode) -> bool {
    matches!(
        status.as_u16(),
        200..=205 | 300..=303 | 305 | 307 | 308 | 400..=417 | 421 | 422 | 426 | 500..=505
    )
}
