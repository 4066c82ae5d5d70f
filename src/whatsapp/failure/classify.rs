//! What a code and a sentence of Meta's stand for.
//!
//! The sentences are not documented. Each pattern here was seen in somebody's report; what fits none keeps its code's
//! meaning, and what has no known code is shown as it came.

use super::cause::Cause;

/// What a code and its details stand for. The details say more, except of [`Cause::InboundMedia`]: there the same words
/// are about somebody else's file.
#[must_use]
pub fn classify(code: Option<u64>, details: &str) -> Cause {
    let by_code = of_code(code);
    if by_code == Cause::InboundMedia {
        return by_code;
    }
    of_details(details).unwrap_or(by_code)
}

fn of_code(code: Option<u64>) -> Cause {
    match code {
        Some(100) => Cause::InvalidRequest,
        Some(130_429) => Cause::TooManyMessages,
        Some(131_008) => Cause::MissingParameter,
        Some(131_009) => Cause::InvalidValue,
        Some(131_026) => Cause::Undeliverable,
        Some(131_047) => Cause::WindowClosed,
        Some(131_051) => Cause::UnsupportedMessage,
        Some(131_052) => Cause::InboundMedia,
        Some(131_053) => Cause::MediaNotTaken,
        Some(131_056) => Cause::TooManyToRecipient,
        Some(131_062) => Cause::RecipientNotSupported,
        Some(132_012) => Cause::TemplateParameter,
        _ => Cause::Unknown,
    }
}

fn of_details(details: &str) -> Option<Cause> {
    egress_limited(details)
        .or_else(|| not_fetched(details))
        .or_else(|| type_not_taken(details))
        .or_else(|| processed(details))
        .or_else(|| template_header(details))
        .or_else(|| unexpected_key(details))
}

/// `… ratelimit reason: Request ratelimit by fwdproxy. … destination matcher asn_list: 47583`
///
/// That is the name of the limiter. The proxy alone may be named for other reasons.
fn egress_limited(details: &str) -> Option<Cause> {
    let names = |name| cut(details, name).is_some();
    if !names("ratelimit") || !(names("fwdproxy") || names("GlobalCountingRatelimiter")) {
        return None;
    }
    let list = cut(details, "asn_list:").map_or("", |(_, list)| list);
    let numbers = list.split(',').map_while(|item| {
        let digits = item.trim_start_matches([' ', '[']).split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    });
    Some(Cause::EgressLimited(numbers.collect()))
}

/// `Downloading media from weblink failed with http code 404, status message Not Found`
fn not_fetched(details: &str) -> Option<Cause> {
    let (_, why) = cut(details, "Downloading media from weblink failed")?;
    let status = cut(why, "http code ").and_then(|(_, rest)| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok().filter(|status| (100..=999).contains(status))
    });
    Some(status.map_or(Cause::NotFetched, Cause::Status))
}

/// `Unsupported Image mime type text/html. Please use one of image/png, image/jpeg.`
fn type_not_taken(details: &str) -> Option<Cause> {
    let (_, rest) = cut(details, "Unsupported ")?;
    let (kind, rest) = cut(rest, " mime type ")?;
    let (declared, list) = cut(rest, ". Please use one of ").unwrap_or((rest, ""));
    let declared = sentence(declared);
    if is_html(declared) {
        return Some(Cause::WebPage);
    }
    let taken = sentence(list).split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Some(Cause::TypeNotTaken { kind: kind.to_owned(), declared: declared.to_owned(), taken })
}

/// `Video file uploaded with mimetype as video/mp4, however on processing it is of type video/mp4, videoCodec=h264, …`
fn processed(details: &str) -> Option<Cause> {
    let (_, rest) = cut(details, " file uploaded with mimetype as ")?;
    let (declared, rest) = cut(rest, ", however on processing it is of type ")?;
    let found = rest.split_once(". ").map_or(rest, |(found, _advice)| found);
    let mut parts = sentence(found).split(", ");
    let found = parts.next().unwrap_or_default();
    let codecs: Vec<_> = parts.map(str::to_owned).collect();
    let declared = declared.to_owned();
    Some(if found.eq_ignore_ascii_case(&declared) && !codecs.is_empty() {
        Cause::CodecNotTaken { declared, codecs }
    } else if is_html(found) {
        Cause::WebPage
    } else {
        Cause::TypeDiffers { declared, found: found.to_owned() }
    })
}

/// `header: Format mismatch, expected IMAGE, received UNKNOWN`
fn template_header(details: &str) -> Option<Cause> {
    let (_, rest) = cut(details, "Format mismatch, expected ")?;
    let (expected, received) = cut(rest, ", received ")?;
    Some(Cause::TemplateHeader { expected: expected.to_owned(), received: sentence(received).to_owned() })
}

/// `Unexpected key "caption" on param "audio".`
fn unexpected_key(details: &str) -> Option<Cause> {
    let (_, rest) = cut(details, "Unexpected key \"")?;
    let (key, rest) = cut(rest, "\" on param \"")?;
    let (parameter, _) = rest.split_once('"')?;
    Some(Cause::UnexpectedKey { key: key.to_owned(), parameter: parameter.to_owned() })
}

fn is_html(media_type: &str) -> bool {
    media_type.get(.."text/html".len()).is_some_and(|name| name.eq_ignore_ascii_case("text/html"))
}

/// What stands before the first `at`, and what stands behind it, in whichever case that is written.
fn cut<'a>(text: &'a str, at: &str) -> Option<(&'a str, &'a str)> {
    let start = text.to_ascii_lowercase().find(&at.to_ascii_lowercase())?;
    Some((text.get(..start)?, text.get(start + at.len()..)?))
}

/// A sentence's last words without its full stop.
fn sentence(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix('.').unwrap_or(text)
}
