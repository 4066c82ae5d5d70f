//! How a link is written: which characters stand in it, and which should be encoded.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{Finding, LINKS, Parts, Severity};

const ENCODING: &str = "RFC 3986 §2";

/// The findings of a link that cannot be taken as it is written.
pub(super) const UNREADABLE: [&str; 4] =
    ["link-not-encoded", "link-host-not-ascii", "link-backslash", "link-too-long"];

/// What must not stand in a URI as it is, besides everything that is not ASCII (RFC 3986 §2).
const NEVER: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A link above this, in bytes, is suspicious: no limit is documented.
const LONG: usize = 2048;

/// The longest link that can be read, in bytes.
const LONGEST: usize = 65_534;

/// The longest path that is written out in a remedy, in characters.
const SHOWN: usize = 256;

/// What is to be said about the link as a text.
pub(super) fn findings(link: &str, parts: &Parts<'_>) -> Vec<Finding> {
    let checks = [
        authority(parts),
        unencoded(link, parts),
        percent(link),
        plus(parts),
        dot_segments(parts),
        escaped_ampersand(parts),
        fragment(parts),
        long(link),
    ];
    checks.into_iter().flatten().collect()
}

fn is_unencoded(text: &str) -> bool {
    utf8_percent_encode(text, NEVER).to_string() != text
}

/// A text of a link with everything encoded that must be, so that the rest of the link can be read.
pub(super) fn readable(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, NEVER)
}

/// A path as it is right: `%` without two digits behind it is a percent sign, and `+` a plus sign.
fn mended(path: &str) -> String {
    let mut pieces = path.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    let mended = pieces
        .fold(first, |before, piece| before + if is_escape(piece.as_bytes()) { "%" } else { "%25" } + piece);
    utf8_percent_encode(&mended.replace('+', "%2B"), NEVER).to_string()
}

/// Whether this can follow a `%`: `pct-encoded = "%" HEXDIG HEXDIG` (RFC 3986 §2.1).
fn is_escape(after: &[u8]) -> bool {
    after.get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
}

fn authority(parts: &Parts<'_>) -> Option<Finding> {
    if parts.authority.contains('\\') {
        let detail = "there is a `\\` in or behind the host, where only `/` begins a path";
        let finding = Finding::new(Severity::Refuse, "link-backslash", detail, "RFC 3986 §3.2");
        return Some(finding.remedy("write `/` for each `\\`"));
    }
    is_unencoded(parts.authority).then(|| {
        let detail = "the host has characters that no host has in a URL";
        Finding::new(Severity::Refuse, "link-host-not-ascii", detail, "RFC 3986 §3.2.2")
            .remedy("write an internationalized name in its ASCII form, which begins with `xn--`")
    })
}

/// Clients cut a link at a space, and each repairs the rest in its own way.
fn unencoded(link: &str, parts: &Parts<'_>) -> Option<Finding> {
    let behind = [Some(parts.path), parts.query, parts.fragment];
    let after_authority = behind.into_iter().flatten().any(is_unencoded);
    if !after_authority && link.trim() == link && !is_unencoded(parts.scheme) {
        return None;
    }
    let detail = if link.trim() == link {
        "the link has spaces, control characters, letters beyond ASCII or one of `\" < > \\ ^ ` { | }` as they are"
    } else {
        "there is white space around the link"
    };
    let encoded = mended(parts.path.trim_end());
    let remedy = if encoded.chars().count() <= SHOWN && is_unencoded(parts.path.trim_end()) {
        format!("percent-encode them: the path is `/{encoded}`")
    } else {
        "percent-encode each segment of the path and each value of the query, and trim the link".to_owned()
    };
    Some(Finding::new(Severity::Refuse, "link-not-encoded", detail, ENCODING).remedy(remedy))
}

fn percent(link: &str) -> Option<Finding> {
    let well_formed = link.as_bytes().split(|&byte| byte == b'%').skip(1).all(is_escape);
    (!well_formed).then(|| {
        let detail = "a `%` in the link is not followed by two hexadecimal digits";
        Finding::new(Severity::Refuse, "link-percent", detail, "RFC 3986 §2.1")
            .remedy("write `%25` for a percent sign")
    })
}

fn plus(parts: &Parts<'_>) -> Option<Finding> {
    parts.path.contains('+').then(|| {
        let detail =
            "there is a `+` in the path, and a fetch of such a link has failed with \"invalid image\"";
        Finding::new(Severity::Warn, "link-plus", detail, "github.com/glific/glific/issues/2062")
            .remedy("write `%2B` for a plus sign, `%20` for a space")
    })
}

fn dot_segments(parts: &Parts<'_>) -> Option<Finding> {
    let is_dots =
        |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    parts.path.split('/').any(is_dots).then(|| {
        let detail = "the path has a segment `.` or `..`, which clients take out before they ask";
        Finding::new(Severity::Warn, "link-dot-segments", detail, "RFC 3986 §5.2.4")
            .remedy("write the path without it")
    })
}

fn escaped_ampersand(parts: &Parts<'_>) -> Option<Finding> {
    parts.query.is_some_and(|query| query.contains("&amp;")).then(|| {
        let detail = "the query has `&amp;`, which is how HTML writes `&`";
        Finding::new(Severity::Warn, "link-html-escaped", detail, "github.com/fazer-ai/chatwoot/issues/349")
            .remedy("write `&`")
    })
}

fn fragment(parts: &Parts<'_>) -> Option<Finding> {
    parts.fragment.map(|_| {
        let detail = "what stands behind `#` is never sent to a server";
        Finding::new(Severity::Warn, "link-fragment", detail, "RFC 9110 §7.1")
            .remedy("write `%23` if it belongs to the file's name, otherwise remove it")
    })
}

fn long(link: &str) -> Option<Finding> {
    let remedy = "make a short link for the file";
    if link.len() > LONGEST {
        let detail = format!("the link is {} bytes long; programs stop reading at {LONGEST}", link.len());
        return Some(Finding::new(Severity::Refuse, "link-too-long", detail, LINKS).remedy(remedy));
    }
    (link.len() > LONG).then(|| {
        let detail = format!(
            "the link is {} bytes long; a long one has been accepted and never delivered, where a short one was",
            link.len()
        );
        Finding::new(Severity::Warn, "link-long", detail, LINKS).remedy(remedy)
    })
}
