//! Why a message is no request, as whoever reads connections tells whoever answers.

/// Why a message is refused before it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It is not as RFC 9112 says: 400, and why.
    Syntax(&'static str),
    /// Its target is longer than allowed: 414.
    TargetTooLong,
    /// Its fields are more or longer than allowed: 431.
    FieldsTooLarge,
    /// Its content is coded in a way that is not known: 501.
    UnknownCoding,
}
