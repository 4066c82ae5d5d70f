//! `[store]` of a bucket.

use super::super::setting::Setting;
use super::super::values;
use super::super::{GIB, MIB};
use super::endpoint::endpoint;
use super::prefix::prefix;
use crate::config::error::Problem;
use crate::config::file::{BucketTable, Text};
use crate::config::report::Report;
use crate::config::{Bucket, Disk, Service};
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;
use toml::Spanned;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// All of the table but its kind.
pub(super) fn bucket(table: &BucketTable, kind: Option<&Text>, report: &Report) -> Bucket {
    if !table.has_bucket && report.is_readable() {
        report.add(no_bucket(kind.map_or_else(|| table.header.clone(), Spanned::span)));
    }
    let service = table.service;
    let named = |text: &str| name(text, service);
    let time = |text: &Option<Text>, default, range| {
        Setting::of(text.as_ref(), Duration::from_secs(default), values::duration(range), report).value
    };
    Bucket {
        service,
        name: Setting::of(table.bucket.as_ref(), String::new(), named, report).value,
        prefix: Setting::of(table.prefix.as_ref(), String::new(), prefix, report).value,
        region: table.region.as_ref().and_then(|text| known(text, region, report)),
        endpoint: table.endpoint.as_ref().and_then(|text| endpoint(text, service, report)),
        versions: table.versions.unwrap_or(false),
        fresh_for: time(&table.fresh_for, 10, 0..=HOUR),
        missing_for: time(&table.missing_for, 2, 0..=MINUTE),
        stale_if_error: time(&table.stale_if_error, HOUR, 0..=30 * DAY),
        timeout: time(&table.timeout, 10, 1..=MINUTE),
        slice: Setting::of(table.slice.as_ref(), MIB, values::size(MIB..=8 * MIB), report).value,
        disk: disk(table, report),
    }
}

fn known<T>(text: &Text, parse: impl FnOnce(&str) -> Result<T, Problem>, report: &Report) -> Option<T> {
    let parse = |text: &str| parse(text).map(Some);
    Setting::of(Some(text), None, parse, report).value
}

fn disk(table: &BucketTable, report: &Report) -> Option<Disk> {
    let range = 64 * MIB..=1024 * 1024 * GIB;
    let capacity = Setting::of(table.cache_size.as_ref(), 10 * GIB, values::size(range), report);
    if let (Some(text), false, true) = (&table.cache_size, table.has_cache_dir, report.is_readable()) {
        report.add(size_of_nothing(text));
    }
    let folder = table.cache_dir.as_ref().and_then(|text| known::<PathBuf>(text, values::path, report))?;
    Some(Disk { folder, capacity: capacity.value })
}

fn no_bucket(place: Range<usize>) -> Problem {
    Problem::error("this store names no bucket")
        .at(place)
        .label("expected a `bucket` in this table")
        .help("add a line such as `bucket = \"media\"`")
}

fn size_of_nothing(text: &Text) -> Problem {
    Problem::error("this `cache-size` is of no cache")
        .at(text.span())
        .label("expected a `cache-dir` beside it")
        .help("add a line such as `cache-dir = \"/var/cache/media-origin\"`, or remove `cache-size`")
}

/// Both services take 3 to 63 lower-case letters, digits, hyphens and dots between letters or digits; GCS also
/// underscores, and up to 222 characters with dots. Of S3 underscores are taken as well: old buckets have them.
fn name(text: &str, service: Service) -> Result<String, Problem> {
    if is_name(text, service) {
        return Ok(text.to_owned());
    }
    let most = longest(text, service);
    Err(Problem::error(format!("`{text}` is not the name of a bucket"))
        .label(format!("expected 3 to {most} of `a` to `z`, `0` to `9`, `-`, `.` and `_`"))
        .help_if(name_meant(text, service)))
}

fn is_name(text: &str, service: Service) -> bool {
    let of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let at_ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=longest(text, service)).contains(&text.len())
        && text.chars().all(of_name)
        && text.starts_with(at_ends)
        && text.ends_with(at_ends)
        && !text.contains("..")
}

fn longest(name: &str, service: Service) -> usize {
    if service == Service::Gcs && name.contains('.') { 222 } else { 63 }
}

/// The keys to write for a URL, an ARN, a path or a name in capitals.
fn name_meant(text: &str, service: Service) -> Option<String> {
    let of = |scheme, service| text.strip_prefix(scheme).map(|rest| (rest, service));
    let url = of("s3://", Service::S3).or_else(|| of("gs://", Service::Gcs));
    let (rest, meant) = url.or_else(|| of("arn:aws:s3:::", Service::S3)).unwrap_or((text, service));
    let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
    let name = name.to_ascii_lowercase();
    if !is_name(&name, meant) {
        return None;
    }
    let kind = match meant {
        _ if meant == service => None,
        Service::S3 => Some("`kind = \"s3\"`".to_owned()),
        Service::Gcs => Some("`kind = \"gcs\"`".to_owned()),
    };
    let below = Some(below.trim_matches('/')).filter(|below| !below.is_empty());
    let below = below.map(|below| format!("`prefix = \"{below}/\"`"));
    let keys = [kind, Some(format!("`bucket = \"{name}\"`")), below];
    let keys: Vec<_> = keys.into_iter().flatten().collect();
    Some(format!("write {}", keys.join(" and ")))
}

/// It becomes part of a host's name and of what is signed.
fn region(text: &str) -> Result<String, Problem> {
    let of_region = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !text.is_empty() && text.len() <= 63 && text.chars().all(of_region) {
        return Ok(text.to_owned());
    }
    Err(Problem::error(format!("`{text}` is not a region")).label("expected a name such as \"eu-central-1\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_either_service_gives() {
        let long = "a".repeat(63);
        let longer = "a".repeat(64);
        let dotted = format!("{}.{}", "a".repeat(63), "b".repeat(158));
        let too_long = format!("{dotted}b");
        for (text, s3, gcs) in [
            ("abc", true, true),
            ("my-media.example.com_2", true, true),
            ("0a0", true, true),
            (long.as_str(), true, true),
            (longer.as_str(), false, false),
            (dotted.as_str(), false, true),
            (too_long.as_str(), false, false),
            ("ab", false, false),
            ("", false, false),
            ("Media", false, false),
            ("médias", false, false),
            ("a b", false, false),
            ("-media", false, false),
            ("media.", false, false),
            ("...", false, false),
            ("a..b", false, false),
            ("media/a", false, false),
        ] {
            let taken = [Service::S3, Service::Gcs].map(|service| name(text, service).is_ok());
            assert_eq!(taken, [s3, gcs], "{text}");
        }
    }

    #[test]
    fn a_bucket_by_another_word_is_told_its_keys() {
        for (text, service, meant) in [
            ("s3://media", Service::S3, Some("`bucket = \"media\"`")),
            ("s3://media/", Service::S3, Some("`bucket = \"media\"`")),
            ("s3://media/a/b", Service::S3, Some("`bucket = \"media\"` and `prefix = \"a/b/\"`")),
            ("gs://media/a/", Service::Gcs, Some("`bucket = \"media\"` and `prefix = \"a/\"`")),
            ("gs://media", Service::S3, Some("`kind = \"gcs\"` and `bucket = \"media\"`")),
            ("s3://media", Service::Gcs, Some("`kind = \"s3\"` and `bucket = \"media\"`")),
            ("arn:aws:s3:::media", Service::S3, Some("`bucket = \"media\"`")),
            ("media/a", Service::S3, Some("`bucket = \"media\"` and `prefix = \"a/\"`")),
            ("Media", Service::S3, Some("`bucket = \"media\"`")),
            ("s3://m", Service::S3, None),
            ("https://media.s3.amazonaws.com", Service::S3, None),
            ("", Service::S3, None),
        ] {
            let meant = meant.map(|keys| format!("write {keys}"));
            assert_eq!(name_meant(text, service), meant, "{text}");
        }
    }
}
