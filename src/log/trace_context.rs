//! The trace that a request belongs to, as W3C Trace Context says it (Recommendation of 23 November 2021).

use std::fmt;

use http::{HeaderMap, HeaderName};

/// The field that carries it.
pub static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Characters of a field of version 00, and the least of any later one (§3.2.4).
const LENGTH: usize = 55;

/// A trace, and the span in it that the request was sent from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace; never 0.
    pub trace_id: TraceId,
    /// The span that the sender calls its own; never 0.
    pub parent_id: SpanId,
    /// Whether the sender records it.
    pub sampled: bool,
}

/// 128 bits that name a trace, shown as 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(pub u128);

/// 64 bits that name a span, shown as 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanId(pub u64);

impl TraceContext {
    /// What the fields of a request say; `None` if that is nothing, or nothing that can be used. Several fields are
    /// none: which of them is right cannot be known.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut fields = headers.get_all(&TRACEPARENT).iter();
        match (fields.next(), fields.next()) {
            (Some(field), None) => Self::parse(field.as_bytes()),
            _ => None,
        }
    }

    /// Reads a field value. A version that is not known is read as far as version 00 goes (§3.2.4).
    #[must_use]
    pub fn parse(value: &[u8]) -> Option<Self> {
        let (known, more) = value.split_at_checked(LENGTH)?;
        let [version, trace_id, parent_id, flags] = divided(known)?;
        match number(version)? {
            // "Version ff is forbidden" §3.2.2
            0xff => return None,
            0 if !more.is_empty() => return None,
            // "Vendors MUST check that the 2 characters are either the end of the string or a dash." §3.2.4
            _ if more.first().is_some_and(|next| *next != b'-') => return None,
            _ => {}
        }
        // All bytes as zero are no name, neither of a trace nor of a span.
        let trace_id = number(trace_id).filter(|id| *id != 0)?;
        let parent_id = number(parent_id).and_then(|id| u64::try_from(id).ok()).filter(|id| *id != 0)?;
        let sampled = number(flags)? & 1 == 1;
        Some(Self { trace_id: TraceId(trace_id), parent_id: SpanId(parent_id), sampled })
    }
}

/// The four parts of version 00, divided by dashes.
fn divided(known: &[u8]) -> Option<[&[u8]; 4]> {
    let mut parts = known.split(|byte| *byte == b'-');
    let mut part = |length| parts.next().filter(|part| part.len() == length);
    let divided = [part(2)?, part(32)?, part(16)?, part(2)?];
    parts.next().is_none().then_some(divided)
}

/// What hex digits stand for: "lowercase hex character" (§3.2.2), and no other.
fn number(digits: &[u8]) -> Option<u128> {
    let lowercase = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = str::from_utf8(digits).ok().filter(|digits| digits.as_bytes().iter().all(lowercase))?;
    u128::from_str_radix(digits, 16).ok()
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    #[test]
    fn what_can_be_used_and_what_cannot() {
        let zeros = (&"0".repeat(32), &"0".repeat(16));
        for (value, sampled) in [
            (format!("00-{TRACE}-{PARENT}-01"), Some(true)),
            (format!("00-{TRACE}-{PARENT}-00"), Some(false)),
            (format!("00-{TRACE}-{PARENT}-ff"), Some(true)),
            (format!("00-{TRACE}-{PARENT}-02"), Some(false)),
            (format!("cc-{TRACE}-{PARENT}-01"), Some(true)),
            (format!("cc-{TRACE}-{PARENT}-01-what-the-future-says"), Some(true)),
            (format!("fe-{TRACE}-{PARENT}-01-"), Some(true)),
            (format!("cc-{TRACE}-{PARENT}-01.what"), None),
            (format!("cc-{TRACE}-{PARENT}-0"), None),
            (format!("00-{TRACE}-{PARENT}-01-"), None),
            (format!("00-{TRACE}-{PARENT}-011"), None),
            (format!("ff-{TRACE}-{PARENT}-01"), None),
            (format!("00-{}-{PARENT}-01", TRACE.to_uppercase()), None),
            (format!("00-{TRACE}-{}-01", PARENT.to_uppercase()), None),
            (format!("0A-{TRACE}-{PARENT}-01"), None),
            (format!("00-{}-{PARENT}-01", zeros.0), None),
            (format!("00-{TRACE}-{}-01", zeros.1), None),
            (format!("00-{TRACE}-{PARENT}-0g"), None),
            (format!("00-{TRACE}-{PARENT}-+1"), None),
            (format!("00_{TRACE}_{PARENT}_01"), None),
            (format!("00-{TRACE}{PARENT}--01"), None),
            (format!("00-{TRACE}-{PARENT}"), None),
            (String::new(), None),
        ] {
            let read = TraceContext::parse(value.as_bytes());
            assert_eq!(read.map(|context| context.sampled), sampled, "{value}");
            if let Some(context) = read {
                assert_eq!(context.trace_id.to_string(), TRACE);
                assert_eq!(context.parent_id.to_string(), PARENT);
            }
        }
    }

    #[test]
    fn several_fields_are_none() {
        let field = HeaderValue::from_str(&format!("00-{TRACE}-{PARENT}-01")).unwrap();
        let named = |field: &HeaderValue| (TRACEPARENT.clone(), field.clone());
        let mut headers = HeaderMap::from_iter([named(&field)]);
        assert!(TraceContext::of(&headers).is_some());
        headers.append(TRACEPARENT.clone(), field);
        assert_eq!(TraceContext::of(&headers), None);
        assert_eq!(TraceContext::of(&HeaderMap::new()), None);
    }
}
