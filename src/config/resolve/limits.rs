//! What a request, a client, and all of them may take at most.

use super::setting::Setting;
use super::{KIB, MIB, values};
use crate::config::Limits;
use crate::config::file::{LimitsTable, Number, Text};
use crate::config::report::Report;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The longest time spans, in seconds.
const FIVE_MINUTES: u64 = 300;
const HOUR: u64 = 3600;

/// The most connections that a key may ask for.
const MOST_CONNECTIONS: u64 = 1_000_000;

pub(super) fn limits(table: &LimitsTable, default: Limits, report: &Report) -> Limits {
    let judge = Judge { report };
    let most = MOST_CONNECTIONS;
    let connections = table
        .connections
        .as_ref()
        .map(|number| to_usize(judge.count(Some(number), Limits::USUAL_CONNECTIONS as u64, 10..=most)));
    let per_address = default.connections_per_address as u64;
    let per_address = judge.count(table.connections_per_address.as_ref(), per_address, 1..=most);
    Limits {
        header_fields: to_usize(judge.count(
            table.header_fields.as_ref(),
            default.header_fields as u64,
            8..=500,
        )),
        header_timeout: judge.span(table.header_timeout.as_ref(), default.header_timeout, FIVE_MINUTES),
        idle_timeout: judge.span(table.idle_timeout.as_ref(), default.idle_timeout, HOUR),
        send_timeout: judge.span(table.send_timeout.as_ref(), default.send_timeout, HOUR),
        min_rate: judge.size(table.min_rate.as_ref(), default.min_rate, 0..=MIB).value,
        connections,
        connections_per_address: to_usize(per_address),
        streams: u32::try_from(judge.count(table.streams.as_ref(), default.streams.into(), 1..=10_000))
            .unwrap_or(u32::MAX),
        resets: judge.count(table.resets.as_ref(), default.resets, 10..=1_000_000),
        ..sizes(table, default, judge)
    }
}

/// The limits of what a request consists of.
fn sizes(table: &LimitsTable, default: Limits, judge: Judge<'_>) -> Limits {
    let headers = judge.size(table.headers.as_ref(), default.headers as u64, 256..=256 * KIB);
    let header_field = judge.size(table.header_field.as_ref(), default.header_field as u64, 256..=256 * KIB);
    let header_field = header_field.at_most(&headers, ["header-field", "headers"], judge.report);
    let target = judge.size(table.target.as_ref(), default.target as u64, 256..=32 * KIB);
    Limits {
        header_field: to_usize(header_field),
        headers: to_usize(headers.value),
        target: to_usize(target.value),
        ..default
    }
}

#[derive(Clone, Copy)]
struct Judge<'a> {
    report: &'a Report,
}

impl Judge<'_> {
    fn size(self, text: Option<&Text>, default: u64, range: RangeInclusive<u64>) -> Setting<u64> {
        Setting::of(text, default, values::size(range), self.report)
    }

    /// From a second to `most` of them.
    fn span(self, text: Option<&Text>, default: Duration, most: u64) -> Duration {
        Setting::of(text, default, values::duration(1..=most), self.report).value
    }

    fn count(self, number: Option<&Number>, default: u64, range: RangeInclusive<u64>) -> u64 {
        let Some(number) = number else { return default };
        values::count(range)(*number.get_ref()).unwrap_or_else(|problem| {
            self.report.add(problem.at(number.span()));
            default
        })
    }
}

/// Sizes and counts here are far below what any machine can address.
fn to_usize(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}
