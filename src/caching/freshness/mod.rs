//! RFC 9111 for a shared cache, clause by clause: from a response to what may be done with it.
//!
//! | file | section |
//! |---|---|
//! | [`storage`] | §3: whether it may be stored |
//! | [`mod@lifetime`] | §4.2.1, §4.2.2: for how long it is fresh |
//! | [`age`] | §4.2.3: how old it is |
//! | [`stale`] | §4.2.4, RFC 5861: what may be done with it afterwards |
//! | [`validation`] | §4.3.1: with what the origin is asked |
//! | [`mod@reuse`] | §4: all of these together, the one decision |
//!
//! The cache that is modelled serves many people, answers GET only, and knows no request but one without `Cache-Control`
//! and `Authorization`: the one that fetches a link. `immutable` changes nothing for it: that keeps browsers from asking
//! when a person reloads (RFC 8246 §2), and makes nothing fresh.

pub mod age;
pub mod lifetime;
pub mod reuse;
pub mod stale;
pub mod storage;
#[cfg(test)]
mod tests;
pub mod validation;

pub use age::{Age, initial_age};
pub use lifetime::{Basis, FreshnessLifetime, Lifetime, lifetime};
pub use reuse::{Reuse, reuse};
pub use stale::Stale;
pub use storage::{Storage, Unstorable, may_store};
pub use validation::How;

/// For how many seconds more a response of this age is fresh: "The calculation to determine if a response is fresh is:
/// `response_is_fresh = (freshness_lifetime > current_age)`" §4.2, so it is not at the last one.
///
/// The only place where the two meet: they are both seconds, and to confuse them is to serve what is stale.
#[must_use]
pub fn fresh_for(lifetime: FreshnessLifetime, age: Age) -> u64 {
    lifetime.seconds().saturating_sub(age.seconds())
}
