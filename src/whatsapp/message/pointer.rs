//! JSON Pointer (RFC 6901): which value of a message is meant.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// The place of one value in a JSON document, such as `/template/components/0`. The document itself is the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The place of a member of this object. "'~' needs to be encoded as '~0' and '/' needs to be encoded as '~1' when
    /// these characters appear in a reference token" (RFC 6901 §3).
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self(format!("{}/{}", self.0, name.replace('~', "~0").replace('/', "~1")))
    }

    /// The place of an element of this array, counted from 0.
    #[must_use]
    pub fn element(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_the_rfc_does() {
        // The examples of RFC 6901 §5 that need it.
        for (name, pointer) in [("a/b", "/a~1b"), ("m~n", "/m~0n"), ("", "/"), (" ", "/ "), ("~1", "/~01")] {
            assert_eq!(Pointer::default().member(name).as_str(), pointer);
        }
        assert_eq!(Pointer::default().member("foo").element(0).as_str(), "/foo/0");
    }
}
