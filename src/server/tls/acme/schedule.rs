//! When to renew a certificate, and when to try again after a failure. Pure: chance is an argument, from 0 to 1.

use std::time::{Duration, SystemTime};

use crate::server::tls::identity::Facts;

/// The first wait after a failure, how much longer each next one is, and the longest.
///
/// Let's Encrypt lets a name fail five times an hour: these are five attempts in the first hour, and one an hour after
/// that.
const FIRST: Duration = Duration::from_secs(10);
const GROWTH: u32 = 6;
const LONGEST: Duration = Duration::from_hours(1);

/// When a third of a certificate's life is left, or up to a thirtieth earlier, so that not all of a fleet come at once.
pub(super) fn renewal(facts: &Facts, chance: f64) -> SystemTime {
    let lifetime = facts.lifetime();
    facts.not_before + (lifetime * 2 / 3).saturating_sub((lifetime / 30).mul_f64(chance))
}

/// How long to wait after the failure that has so many before it. Up to a quarter longer, by chance.
pub(super) fn backoff(failures: u32, chance: f64) -> Duration {
    let wait =
        GROWTH.checked_pow(failures).map_or(LONGEST, |growth| FIRST.saturating_mul(growth).min(LONGEST));
    wait + (wait / 4).mul_f64(chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn a_certificate_is_renewed_when_a_third_is_left() {
        let day = |days: u64| UNIX_EPOCH + Duration::from_hours(24 * days);
        let facts = Facts { names: Vec::new(), not_before: day(100), not_after: day(190) };
        assert_eq!(renewal(&facts, 0.0), day(160));
        assert_eq!(renewal(&facts, 1.0), day(157));
        let never = Facts { not_after: day(1), ..facts };
        assert_eq!(renewal(&never, 0.5), day(100), "one that ends before it begins is renewed at once");
    }

    #[test]
    fn five_attempts_are_made_in_the_first_hour() {
        let mut at = Duration::ZERO;
        let mut attempts = 1;
        for failures in 0.. {
            at += backoff(failures, 0.0);
            if at >= Duration::from_hours(1) {
                break;
            }
            attempts += 1;
        }
        assert_eq!(attempts, 5);
        assert_eq!(backoff(0, 0.0), FIRST);
        assert_eq!(backoff(4, 0.0), LONGEST);
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST * 5 / 4);
    }
}
