//! `[signing]`: the keys that links are signed with, and how long these are good.

use super::setting::{Origin, Setting};
use super::values;
use crate::caching::rules::Access;
use crate::config::environment::SIGNING_KEYS;
use crate::config::error::Problem;
use crate::config::file::{ConfigFile, Text};
use crate::config::report::Report;
use crate::config::{Environment, Signing, read};
use crate::signing::{Keys, KeysError, LONGEST};
use crate::whatsapp::link::WAIT;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

/// In seconds.
const LIFETIMES: RangeInclusive<u64> = 60..=LONGEST.as_secs();

/// The table and the environment together; rules that want signed links need a key.
pub(super) fn signing(
    file: &ConfigFile,
    lifetime: Duration,
    environment: &Environment,
    report: &Report,
) -> Signing {
    let keys = keys(file.signing.keys_file.as_ref(), environment, report);
    if keys.is_none() && !file.signing.holds_keys {
        refuse_signed_rules(file, report);
    }
    let lifetime = Setting::of(file.signing.lifetime.as_ref(), lifetime, values::duration(LIFETIMES), report);
    warn_of_waiting_messages(&lifetime, report);
    Signing { keys: keys.unwrap_or_default(), lifetime: lifetime.value }
}

/// The keys, if there are any to be had: the variable's, else the file's. None of those that are refused is used.
fn keys(file: Option<&Text>, environment: &Environment, report: &Report) -> Option<Keys> {
    let variable = environment.get(SIGNING_KEYS);
    if let (Some(file), Some(_)) = (file, variable) {
        report.add(ignored_file(file));
    }
    if let Some(value) = variable {
        let refused = |problem| report.add_outside(problem);
        return Some(from_variable(value).map_err(refused).unwrap_or_default());
    }
    file.map(|file| {
        let refused = |problem: Problem| report.add(problem.at(file.span()));
        from_file(file).map_err(refused).unwrap_or_default()
    })
}

fn from_variable(value: &OsStr) -> Result<Keys, Problem> {
    let text = value.to_str().ok_or_else(|| unfit(SIGNING_KEYS, "the keys are not text"))?;
    Keys::parse(text).map_err(|error| of_list(SIGNING_KEYS, &error))
}

fn from_file(file: &Text) -> Result<Keys, Problem> {
    let text = read::keys(Path::new(file.get_ref()))?;
    Keys::parse(&text).map_err(|error| of_list(file.get_ref(), &error))
}

fn of_list(origin: &str, error: &KeysError) -> Problem {
    unfit(origin, &error.to_string())
}

fn unfit(origin: &str, reason: &str) -> Problem {
    Problem::error(format!("{origin}: {reason}"))
        .label(format!(
            "expected lines of a name, `:` and a secret of {} or more hex digits",
            Keys::SHORTEST * 2
        ))
        .help(MAKE_ONE)
}

const MAKE_ONE: &str = "make one with `echo \"$(date +%Y-%m):$(openssl rand -hex 32)\"`";
const KEEP_IT: &str = "put what `echo \"$(date +%Y-%m):$(openssl rand -hex 32)\"` prints into a file, and name that as \
                       `keys-file` in `[signing]`";

/// Without a key, nobody could read the assets of such a rule.
fn refuse_signed_rules(file: &ConfigFile, report: &Report) {
    let signed = file.rules.iter().filter_map(|rule| rule.access.as_ref());
    for access in signed.filter(|access| access.get_ref() == Access::Signed.as_str()) {
        let problem = Problem::error("this rule wants signed links, and there is no key to sign with");
        let problem = problem.at(access.span()).label("nobody could read these assets");
        report.add(problem.help(format!("{KEEP_IT}; or set {SIGNING_KEYS} to it")));
    }
}

fn warn_of_waiting_messages(lifetime: &Setting<Duration>, report: &Report) {
    if matches!(lifetime.origin, Origin::Refused) || lifetime.value >= WAIT {
        return;
    }
    let problem = Problem::warning("links may be over before their messages arrive");
    let problem = problem.label("a message may wait 30 days for its recipient, and its link is fetched then");
    lifetime.refuse(problem.help("write \"45d\", or at least \"30d\""), report);
}

fn ignored_file(file: &Text) -> Problem {
    Problem::warning("the keys are given twice")
        .at(file.span())
        .label(format!("ignored, since {SIGNING_KEYS} is set"))
        .help("keep one of the two")
}
