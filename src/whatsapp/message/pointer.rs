//! JSON Pointer (RFC 6901): which value of a message is meant, and where it stands among the others.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// The longest pointer that is written out, in bytes. The longest that a documented message needs has about 100.
const LONGEST: usize = 1024;

/// The place of one value in a JSON document, such as `/template/components/0`. The document itself is the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Pointer(String);

/// Where something stands in the document: positions sort as what they stand for does, and the document itself is first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(usize);

/// One step from a value to a value in it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// To the member of this name.
    Member(&'a str),
    /// To the element of this number.
    Element(usize),
}

/// The way to a value that is being read: a list whose links stand on the stack, so that a step costs nothing until
/// somebody asks for the [`Pointer`].
#[derive(Clone, Copy)]
pub(super) struct Trail<'a>(Option<(&'a Self, Step<'a>)>);

impl Pointer {
    /// The place of a member of this object. "'~' needs to be encoded as '~0' and '/' needs to be encoded as '~1' when
    /// these characters appear in a reference token" (RFC 6901 §3).
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        self.then(Step::Member(name))
    }

    /// The pointer as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pointer of the value to which these steps lead from the document. Where it would be too long to be read, that
    /// of the innermost value around it that has a short one.
    pub(super) fn of<'a>(steps: impl IntoIterator<Item = Step<'a>>) -> Self {
        let mut pointer = Self::default();
        for step in steps {
            let next = pointer.then(step);
            if next.0.len() > LONGEST {
                break;
            }
            pointer = next;
        }
        pointer
    }

    fn then(&self, step: Step<'_>) -> Self {
        Self(match step {
            Step::Member(name) => format!("{}/{}", self.0, name.replace('~', "~0").replace('/', "~1")),
            Step::Element(index) => format!("{}/{index}", self.0),
        })
    }
}

impl Position {
    /// Behind everything in the document.
    pub(super) const END: Self = Self(usize::MAX);

    /// The one that follows.
    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl<'a> Trail<'a> {
    /// The way to the document itself.
    pub(super) const DOCUMENT: Self = Self(None);

    /// The way one step further.
    pub(super) fn then<'b>(&'b self, step: Step<'b>) -> Trail<'b>
    where
        'a: 'b,
    {
        Trail(Some((self, step)))
    }

    /// Where it leads.
    pub(super) fn pointer(&self) -> Pointer {
        let back = std::iter::successors(self.0.as_ref(), |(before, _)| before.0.as_ref());
        let mut steps: Vec<_> = back.map(|(_, step)| *step).collect();
        steps.reverse();
        Pointer::of(steps)
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
    }

    #[test]
    fn a_pointer_that_would_be_too_long_is_that_of_a_value_around() {
        let long = "k".repeat(256);
        let steps = |count| (0..count).map(|_| Step::Member(&long));
        assert_eq!(Pointer::of(steps(3)).as_str().len(), 3 * 257);
        assert_eq!(Pointer::of(steps(60)), Pointer::of(steps(3)));
        let (document, mut trail) = (Trail::DOCUMENT, Trail::DOCUMENT);
        assert_eq!(trail.pointer(), Pointer::default());
        trail = document.then(Step::Member("a"));
        assert_eq!(trail.then(Step::Element(7)).pointer().as_str(), "/a/7");
    }
}
