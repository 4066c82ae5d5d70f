//! What single values may be. Each reader names what it expected, and the remedy where there is a usual mistake.

use crate::caching::rules::Access;
use crate::config::error::Problem;
use crate::config::{AccessFormat, ListenAddress, ListenAddressError, LogFormat, OnMismatch, PublicUrl};
use bytesize::ByteSize;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

pub(super) fn public_url(text: &str) -> Result<PublicUrl, Problem> {
    text.parse().map_err(|error: crate::config::PublicUrlError| {
        Problem::error(error.to_string()).label(error.expected())
    })
}

/// Where to listen.
pub(super) fn address(text: &str) -> Result<ListenAddress, Problem> {
    text.parse().map_err(|error: ListenAddressError| {
        Problem::error(error.to_string()).label(error.expected()).help(error.remedy())
    })
}

/// Permissions of a file, in octal digits as `chmod` takes them.
pub(super) fn mode(text: &str) -> Result<u32, Problem> {
    let digits = (3..=4).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'0'..=b'7'));
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| digits && *mode <= 0o777);
    mode.ok_or_else(|| {
        Problem::error(format!("`{text}` is no set of permissions"))
            .label("expected octal digits, such as \"0660\"")
    })
}

pub(super) fn path(text: &str) -> Result<PathBuf, Problem> {
    if text.is_empty() || text.contains('\0') {
        return Err(Problem::error("this is not a path").label("expected the path of a file or folder"));
    }
    Ok(text.into())
}

pub(super) fn on_mismatch(text: &str) -> Result<OnMismatch, Problem> {
    match text {
        "serve-current" => Ok(OnMismatch::ServeCurrent),
        "not-found" => Ok(OnMismatch::NotFound),
        _ => Err(Problem::error(format!("unknown answer `{text}`"))
            .label("expected `serve-current` or `not-found`")),
    }
}

pub(super) fn access(text: &str) -> Result<Access, Problem> {
    let known = [Access::Public, Access::Signed];
    known.into_iter().find(|access| access.as_str() == text).ok_or_else(|| {
        Problem::error(format!("unknown access `{text}`")).label("expected `public` or `signed`")
    })
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Problem> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        "combined" => {
            Err(unknown_format(text, "`text` or `json`").help("that format is for requests: `access`"))
        }
        _ => Err(unknown_format(text, "`text` or `json`")),
    }
}

pub(super) fn access_format(text: &str) -> Result<AccessFormat, Problem> {
    match text {
        "off" => Ok(AccessFormat::Off),
        "text" => Ok(AccessFormat::Text),
        "json" => Ok(AccessFormat::Json),
        "combined" => Ok(AccessFormat::Combined),
        _ => Err(unknown_format(text, "`text`, `json`, `combined` or `off`")),
    }
}

fn unknown_format(text: &str, known: &str) -> Problem {
    Problem::error(format!("unknown format `{text}`")).label(format!("expected {known}"))
}

/// Bytes within `range`.
pub(super) fn size(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, Problem> {
    move |text| {
        let bytes = text.parse::<ByteSize>().map(|size| size.as_u64()).map_err(|_| {
            Problem::error(format!("`{text}` is not a size"))
                .label("expected a number and a unit, such as \"256 MiB\"")
        })?;
        if range.contains(&bytes) {
            return Ok(bytes);
        }
        let (least, most) = (in_bytes(*range.start()), in_bytes(*range.end()));
        Err(out_of_range(text, &least, &most))
    }
}

/// A time span, its bounds in seconds.
pub(super) fn duration(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<Duration, Problem> {
    move |text| {
        let duration = humantime::parse_duration(text).map_err(|_| {
            Problem::error(format!("`{text}` is not a time span"))
                .label("expected numbers and units, such as \"30s\" or \"1m 30s\"")
        })?;
        let [least, most] = [*range.start(), *range.end()].map(Duration::from_secs);
        if (least..=most).contains(&duration) {
            return Ok(duration);
        }
        let [least, most] = [least, most].map(|bound| humantime::format_duration(bound).to_string());
        Err(out_of_range(text, &least, &most))
    }
}

/// A number within `range`.
pub(super) fn count(range: RangeInclusive<u64>) -> impl Fn(i64) -> Result<u64, Problem> {
    move |number| {
        let count = u64::try_from(number).ok().filter(|count| range.contains(count));
        let [least, most] = [range.start(), range.end()].map(ToString::to_string);
        count.ok_or_else(|| out_of_range(&number.to_string(), &least, &most))
    }
}

fn out_of_range(text: &str, least: &str, most: &str) -> Problem {
    Problem::error(format!("`{text}` is out of range")).label(format!("expected {least} to {most}"))
}

/// A size in the largest unit that takes it whole.
pub(in crate::config) fn in_bytes(size: u64) -> String {
    const UNITS: [(u32, &str); 5] = [(50, "PiB"), (40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = |(power, _): &&(u32, &str)| size > 0 && size.trailing_zeros() >= *power;
    match UNITS.iter().find(whole) {
        Some((power, unit)) => format!("{} {unit}", size >> power),
        None => format!("{size} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_taken_as_people_write_them() {
        for (text, bytes) in [
            ("0", Some(0)),
            ("512", Some(512)),
            ("512 B", Some(512)),
            ("1KiB", Some(1024)),
            ("1 kB", Some(1000)),
            ("1.5 MiB", Some(1_572_864)),
            ("1 GiB", Some(1 << 30)),
            ("1.1 GiB", None),
            ("99999999999999999999 EiB", None),
            ("", None),
            ("-1 B", None),
            ("many", None),
            ("1 parsec", None),
        ] {
            assert_eq!(size(0..=1 << 30)(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn time_spans_have_units_and_bounds() {
        for (text, seconds) in [
            ("1s", Some(1)),
            ("1m 30s", Some(90)),
            ("5min", Some(300)),
            ("301s", None),
            ("0s", None),
            ("10", None),
            ("soon", None),
            ("", None),
        ] {
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(duration(1..=300)(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn sizes_are_told_in_whole_units() {
        for (bytes, told) in [
            (0, "0 B"),
            (256, "256 B"),
            (1536, "1536 B"),
            (8192, "8 KiB"),
            (1 << 40, "1 TiB"),
            (1 << 50, "1 PiB"),
        ] {
            assert_eq!(in_bytes(bytes), told);
        }
    }
}
