//! What the system says of this process, under the names that all programs have for it, read whenever somebody looks.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};

/// The process that this is. Away from Linux there is nothing to be read, and nothing is shown.
#[derive(Debug)]
pub struct Process;

/// Of `/proc/self/stat`, what is shown of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stat {
    cpu_seconds: f64,
    threads: u64,
    virtual_bytes: u64,
    resident_bytes: u64,
    /// Since the system started.
    start_seconds: f64,
}

impl Stat {
    /// Reads the line. The name of the program, in parentheses, may hold anything; the fields after it are numbered from
    /// 3 in `proc_pid_stat(5)`.
    fn parse(line: &str, ticks_per_second: u64, page: u64) -> Option<Self> {
        let (_, fields) = line.rsplit_once(") ")?;
        let fields: Vec<_> = fields.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let seconds = |ticks: u64| exact(ticks) / exact(ticks_per_second);
        Some(Self {
            cpu_seconds: seconds(field(14)? + field(15)?),
            threads: field(20)?,
            start_seconds: seconds(field(22)?),
            virtual_bytes: field(23)?,
            resident_bytes: field(24)? * page,
        })
    }

    fn of_this_process() -> Option<Self> {
        let line = read("/proc/self/stat")?;
        Self::parse(&line, clock_ticks_per_second(), page_size() as u64)
    }
}

/// Metrics are 64-bit floats: what is larger than 2⁵³ loses its last digits.
#[expect(clippy::cast_precision_loss, reason = "that is what Prometheus keeps")]
fn exact(number: u64) -> f64 {
    number as f64
}

/// When the system started, in seconds since 1970.
fn booted() -> Option<u64> {
    read("/proc/stat")?.lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse().ok())
}

fn open_files() -> Option<u64> {
    // Without the one that is open to count them.
    fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count().saturating_sub(1) as u64)
}

#[expect(clippy::disallowed_methods, reason = "files of the kernel, not assets")]
fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let stat = Stat::of_this_process();
        if let Some(stat) = stat {
            let (name, help) = ("process_cpu_seconds", "Time that all processors spent on the process.");
            let counter = ConstCounter::new(stat.cpu_seconds);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        let limit = getrlimit(Resource::Nofile).current.map(exact);
        let started = stat.zip(booted()).map(|(stat, booted)| stat.start_seconds + exact(booted));
        for (name, help, value) in [
            ("process_resident_memory_bytes", "Memory in use.", stat.map(|stat| exact(stat.resident_bytes))),
            ("process_virtual_memory_bytes", "Memory reserved.", stat.map(|stat| exact(stat.virtual_bytes))),
            ("process_threads", "Threads.", stat.map(|stat| exact(stat.threads))),
            ("process_start_time_seconds", "When the process started, in Unix time.", started),
            ("process_open_fds", "Open files and connections.", open_files().map(exact)),
            ("process_max_fds", "Files and connections that may be open.", limit),
        ] {
            let Some(value) = value else { continue };
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_fields_misleads_nobody() {
        let line = "7 (a) R 9 (b) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 5 0 1000 8192 3 18446744073709551615";
        let expected = Stat {
            cpu_seconds: 3.0,
            threads: 5,
            virtual_bytes: 8192,
            resident_bytes: 12288,
            start_seconds: 10.0,
        };
        assert_eq!(Stat::parse(line, 100, 4096), Some(expected));
        assert_eq!(Stat::parse("7 (a) R", 100, 4096), None);
    }
}
