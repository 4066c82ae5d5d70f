//! The bearer token of the control listener.

use std::fmt;

use http::HeaderValue;

/// A secret of at least [`Token::SHORTEST`] visible ASCII characters. `Debug` prints none of them.
#[derive(Clone)]
pub struct Token(Box<str>);

impl Token {
    /// The fewest characters: less can be guessed.
    pub const SHORTEST: usize = 16;

    /// Reads a token, without the line end that editors and `echo` leave.
    ///
    /// # Errors
    /// The reason as a sentence; it holds nothing of the secret.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let token = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
        if let Some(at) = token.find(|c: char| !c.is_ascii_graphic()) {
            return Err(format!("byte {at} of the token is not a visible ASCII character"));
        }
        if token.len() < Self::SHORTEST {
            return Err(format!("the token has {} characters", token.len()));
        }
        Ok(Self(token.into()))
    }

    /// As a request presents it: `Authorization: Bearer <token>` (RFC 6750 §2.1). `Debug` prints nothing of it.
    ///
    /// # Panics
    /// Never: visible ASCII characters are a field value.
    #[must_use]
    pub fn credentials(&self) -> HeaderValue {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))
            .expect("visible ASCII characters are a field value");
        value.set_sensitive(true);
        value
    }

    /// Whether `presented` is this token. The time this takes does not tell where they differ.
    #[must_use]
    pub fn matches(&self, presented: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let differences = own.iter().zip(presented).fold(0, |all, (a, b)| all | (a ^ b));
        own.len() == presented.len() && std::hint::black_box(differences) == 0
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other.0.as_bytes())
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_not_part_of_it() {
        for text in ["0123456789abcdef", "0123456789abcdef\n", "0123456789abcdef\r\n"] {
            let token = Token::parse(text).expect(text);
            assert!(token.matches(b"0123456789abcdef"));
            for other in
                ["", "0123456789abcdeF", "0123456789abcdef0", "0123456789abcde", "0123456789abcdef\n"]
            {
                assert!(!token.matches(other.as_bytes()), "{other:?}");
            }
        }
    }

    #[test]
    fn what_is_short_or_invisible_is_refused() {
        for (text, reason) in [
            ("", "the token has 0 characters"),
            ("0123456789abcde\n", "the token has 15 characters"),
            ("0123456789 abcdef", "byte 10 of the token is not a visible ASCII character"),
            ("0123456789abcdef\n\n", "byte 16 of the token is not a visible ASCII character"),
            ("0123456789abcdefé", "byte 16 of the token is not a visible ASCII character"),
        ] {
            assert_eq!(Token::parse(text).expect_err(text), reason);
        }
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Token::parse("0123456789abcdef")), "Ok(Token(…))");
        let credentials = Token::parse("0123456789abcdef").unwrap().credentials();
        assert_eq!(format!("{credentials:?}"), "Sensitive");
        assert_eq!(credentials, "Bearer 0123456789abcdef");
    }
}
