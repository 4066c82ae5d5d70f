//! The grammar of `Forwarded` (RFC 7239 §4), to the letter.

use super::asked::Asked;
use super::{Hop, Malformed};
use crate::peer::Node;

/// `Forwarded = 1#forwarded-element`; an element that says nothing of the client leaves it unknown. `None` if the line is
/// not of that form. "A recipient MUST parse and ignore a reasonable number of empty list elements." RFC 9110 §5.6.1.2
pub(super) fn elements(line: &[u8]) -> Option<Vec<Hop>> {
    let mut rest = line;
    let mut hops = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if !matches!(rest.first(), None | Some(b',')) {
            let hop;
            (hop, rest) = element(rest)?;
            hops.push(hop);
            rest = rest.trim_ascii_start();
        }
        match rest.split_first() {
            None => return Some(hops),
            Some((b',', after)) => rest = after,
            Some(_) => return None,
        }
    }
}

/// `forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )`
fn element(mut rest: &[u8]) -> Option<(Hop, &[u8])> {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    loop {
        if rest.first().is_some_and(|byte| is_token(*byte)) {
            let (name, value);
            (name, value, rest) = pair(rest)?;
            // "Each parameter MUST NOT occur more than once per field-value."
            if pairs.iter().any(|(other, _)| *other == name) {
                return None;
            }
            pairs.push((name, value));
        }
        match rest.split_first() {
            Some((b';', after)) => rest = after,
            _ => return Some((hop(&pairs).ok()?, rest)),
        }
    }
}

/// `forwarded-pair = token "=" value`: the name in lower case, the value without quotes, and what follows.
fn pair(rest: &[u8]) -> Option<(Vec<u8>, Vec<u8>, &[u8])> {
    let (name, rest) = token(rest)?;
    let rest = rest.strip_prefix(b"=")?;
    let (value, rest) = match rest.strip_prefix(b"\"") {
        Some(rest) => quoted(rest)?,
        None => token(rest).map(|(value, rest)| (value.to_vec(), rest))?,
    };
    Some((name.to_ascii_lowercase(), value, rest))
}

fn token(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = rest.iter().position(|byte| !is_token(*byte)).unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// `tchar` (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What follows the opening quote: `quoted-string` (RFC 9110 §5.6.4). A field value has no bytes that neither `qdtext` nor
/// `quoted-pair` would take.
fn quoted(mut rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    loop {
        let (byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((value, rest)),
            b'\\' => {
                let (escaped, after) = rest.split_first()?;
                value.push(*escaped);
                rest = after;
            }
            byte => value.push(*byte),
        }
    }
}

fn hop(pairs: &[(Vec<u8>, Vec<u8>)]) -> Result<Hop, Malformed> {
    let value =
        |wanted: &[u8]| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_slice());
    let text = |value| std::str::from_utf8(value).map_err(|_| Malformed);
    let node = match value(b"for") {
        Some(value) => Node::parse(text(value)?).ok_or(Malformed)?,
        None => Node::Unknown,
    };
    Ok(Hop { node, asked: Asked::of(value(b"proto"), value(b"host")) })
}
