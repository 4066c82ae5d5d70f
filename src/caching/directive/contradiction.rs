//! Directives that are each well formed and make no sense together.
//!
//! Where directives conflict, "the most restrictive directive should be honored" (RFC 9111 §4.2.1): the others were
//! written in vain, and whoever wrote them believes something about caches that is not so.

use super::{CacheControl, Directive, Name};
use std::fmt;
use std::ops::Range;

/// Directives of one value that cannot all come into play. `Display` says which, in a sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    sentence: String,
    because: &'static str,
    section: &'static str,
    remedy: String,
    range: Range<usize>,
    in_vain: Vec<Range<usize>>,
}

impl Contradiction {
    /// The bytes of the value where the directive stands that decides.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The bytes of the value where the directives stand that it defeats; empty if something is missing instead.
    #[must_use]
    pub fn in_vain(&self) -> &[Range<usize>] {
        &self.in_vain
    }

    /// Why they do not go together.
    #[must_use]
    pub fn because(&self) -> &'static str {
        self.because
    }

    /// Where that is written, such as `RFC 9111 §5.2.2.5`.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.section
    }

    /// How to put it right, as an instruction.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// What one directive forbids, so that others beside it are written in vain.
struct Clash {
    decides: Name,
    in_vain: &'static [Name],
    because: &'static str,
    section: &'static str,
}

/// From the most restrictive directive to the least: what has lost once is not reported again.
const CLASHES: [Clash; 6] = [
    Clash {
        decides: Name::NoStore,
        in_vain: &[
            Name::MaxAge,
            Name::SMaxAge,
            Name::NoCache,
            Name::Private,
            Name::Public,
            Name::MustRevalidate,
            Name::ProxyRevalidate,
            Name::Immutable,
            Name::StaleWhileRevalidate,
            Name::StaleIfError,
        ],
        because: "nothing is stored, so there is nothing to reuse",
        section: "RFC 9111 §5.2.2.5",
    },
    Clash {
        decides: Name::NoCache,
        in_vain: &[
            Name::MaxAge,
            Name::SMaxAge,
            Name::Immutable,
            Name::StaleWhileRevalidate,
            Name::StaleIfError,
        ],
        because: "every use must be revalidated first, fresh or not",
        section: "RFC 9111 §5.2.2.4",
    },
    Clash {
        decides: Name::Private,
        in_vain: &[Name::Public, Name::SMaxAge, Name::ProxyRevalidate],
        because: "no shared cache may store this response",
        section: "RFC 9111 §5.2.2.7",
    },
    Clash {
        decides: Name::MustRevalidate,
        in_vain: &[Name::StaleWhileRevalidate, Name::StaleIfError],
        because: "no cache may send this response once it is stale",
        section: "RFC 9111 §5.2.2.2",
    },
    Clash {
        decides: Name::SMaxAge,
        in_vain: &[Name::StaleWhileRevalidate, Name::StaleIfError],
        because: "no shared cache may send this response once it is stale",
        section: "RFC 9111 §5.2.2.10",
    },
    Clash {
        decides: Name::ProxyRevalidate,
        in_vain: &[Name::StaleWhileRevalidate, Name::StaleIfError],
        because: "no shared cache may send this response once it is stale",
        section: "RFC 9111 §5.2.2.8",
    },
];

/// Every contradiction of `value`.
pub(super) fn find(value: &CacheControl) -> Vec<Contradiction> {
    let mut lost = Vec::new();
    let clashes = CLASHES.iter().filter_map(|clash| {
        let in_vain = clash.losers(value, &lost);
        lost.extend_from_slice(&in_vain);
        clash.report(value, &in_vain)
    });
    let mut found: Vec<_> = clashes.collect();
    found.extend(useless_immutable(value).filter(|_| !lost.contains(&Name::Immutable)));
    found.extend(lonely_must_understand(value));
    found
}

impl Clash {
    /// What of `value` is in vain, in the order in which it was written.
    fn losers(&self, value: &CacheControl, lost: &[Name]) -> Vec<Name> {
        if !self.applies(value) || lost.contains(&self.decides) {
            return Vec::new();
        }
        let written = value.directives().iter().map(Directive::name);
        written
            .filter(|name| {
                self.in_vain.contains(name) && value.has_unqualified(*name) && !lost.contains(name)
            })
            .filter(|name| !(self.decides == Name::NoCache && is_zero(value, *name)))
            .collect()
    }

    /// Beside `must-understand`, `no-store` is only for caches that do not (RFC 9111 §5.2.2.3).
    fn applies(&self, value: &CacheControl) -> bool {
        let overridden = self.decides == Name::NoStore && value.has(Name::MustUnderstand);
        value.has_unqualified(self.decides) && !overridden
    }

    fn report(&self, value: &CacheControl, in_vain: &[Name]) -> Option<Contradiction> {
        let names = in_words(in_vain)?;
        Some(Contradiction {
            sentence: format!("`{}` contradicts {names}", self.decides),
            because: self.because,
            section: self.section,
            remedy: format!("keep `{}`, or {names}, but not both", self.decides),
            range: value.place(self.decides)?,
            in_vain: in_vain.iter().filter_map(|name| value.place(*name)).collect(),
        })
    }
}

/// "`a`, `b` and `c`"; `None` of nothing.
fn in_words(names: &[Name]) -> Option<String> {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last()? {
        (last, []) => Some(last.clone()),
        (last, others) => Some(format!("{} and {last}", others.join(", "))),
    }
}

/// `no-cache, max-age=0` says one thing twice, for caches that know only the one or the other.
fn is_zero(value: &CacheControl, name: Name) -> bool {
    value.seconds(name).is_some_and(|seconds| seconds.get() == 0)
}

/// `immutable` speaks of the time while the response is fresh: there must be such a time.
fn useless_immutable(value: &CacheControl) -> Option<Contradiction> {
    let fresh =
        [Name::MaxAge, Name::SMaxAge].into_iter().any(|name| value.has(name) && !is_zero(value, name));
    let range = value.place(Name::Immutable).filter(|_| !fresh)?;
    Some(Contradiction {
        sentence: "`immutable` without a time to be fresh".into(),
        because: "holds only while the response is fresh",
        section: "RFC 8246 §2",
        remedy: "add `max-age=31536000`, or remove `immutable`".into(),
        range,
        in_vain: Vec::new(),
    })
}

/// "A response that contains the must-understand directive SHOULD also contain the no-store directive." §5.2.2.3
fn lonely_must_understand(value: &CacheControl) -> Option<Contradiction> {
    let range = value.place(Name::MustUnderstand).filter(|_| !value.has(Name::NoStore))?;
    Some(Contradiction {
        sentence: "`must-understand` without `no-store`".into(),
        because: "caches that do not know it would store the response",
        section: "RFC 9111 §5.2.2.3",
        remedy: "add `no-store`, which caches that know `must-understand` then ignore".into(),
        range,
        in_vain: Vec::new(),
    })
}
