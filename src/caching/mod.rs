//! RFC 9111: what the origin promises caches, and about which assets.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no logging. The configuration builds a
//! [`Rules`](rules::Rules) at start; from then on each request asks it one question, [`govern`](rules::Rules::govern),
//! and the answer's [`Policy`](policy::Policy) says what goes out.
//!
//! * [`directive`]: a `Cache-Control` field value as typed directives, and where they contradict each other.
//! * [`pattern`]: the glob that says which assets a rule is about.
//! * [`policy`]: what is promised about an asset.
//! * [`rules`]: which policy governs an asset; the first rule that matches wins.
//! * [`reachability`]: which rules can never win, decided exactly.
//! * [`received`]: a response as a cache reads it, which forgives.
//! * [`freshness`]: what a shared cache may then do with it, in the order of the RFC.
//! * [`verdict`]: what each of three caches will do with a response, and why, in words.

pub mod directive;
pub mod freshness;
pub mod pattern;
pub mod policy;
pub mod reachability;
pub mod received;
pub mod rules;
pub mod verdict;
