//! By which name a request is to be found in the logs of all that it passed.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The field in which a proxy says it.
pub static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// At most so many characters are taken.
const LONGEST: usize = 128;

/// A name for one request: the sender's, where that is fit to be logged, or one of our own.
///
/// It is not sent back. A shared cache would keep the field with the answer, and hand the name of the request that
/// filled it to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestId {
    /// As a proxy, or the client, chose it.
    Given(HeaderValue),
    /// Chosen here: 128 random bits.
    Made(u128),
}

impl RequestId {
    /// The name of the request that has these fields. Only one field of 1 to 128 ASCII letters, digits and
    /// `-._~+/=:@` is taken.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let mut given = headers.get_all(&X_REQUEST_ID).iter();
        match (given.next(), given.next()) {
            (Some(id), None) if is_sane(id.as_bytes()) => Self::Given(id.clone()),
            _ => Self::Made(fastrand::u128(..)),
        }
    }
}

fn is_sane(id: &[u8]) -> bool {
    let sane = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:@".contains(byte);
    (1..=LONGEST).contains(&id.len()) && id.iter().all(sane)
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(id) => f.write_str(id.to_str().unwrap_or_default()),
            Self::Made(id) => write!(f, "{id:032x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&[u8]]) -> RequestId {
        let values = values.iter().map(|value| HeaderValue::from_bytes(value).unwrap());
        RequestId::of(&values.map(|value| (X_REQUEST_ID.clone(), value)).collect())
    }

    #[test]
    fn a_sane_name_is_kept() {
        let longest = "a".repeat(128);
        for id in ["7", "c0ffee-1_2", "1-67891233-abcdef012345678912345678", "Root=1-5:a@b/c+d~e.f", &longest]
        {
            assert_eq!(of(&[id.as_bytes()]).to_string(), id);
        }
    }

    #[test]
    fn any_other_is_replaced() {
        let long = "a".repeat(129);
        let values: [&[&[u8]]; 8] =
            [&[], &[b""], &[long.as_bytes()], &[b"a b"], &[b"a\"b"], &[b"a\\n"], &[b"\xffid"], &[b"a", b"b"]];
        for value in values {
            let made = of(value);
            assert!(matches!(made, RequestId::Made(_)), "{value:?}");
            assert_eq!(made.to_string().len(), 32);
            assert_ne!(made, of(value), "another each time");
        }
    }
}
