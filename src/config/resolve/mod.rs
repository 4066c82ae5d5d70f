//! From what was written to what it means.
//!
//! A value that is refused is reported, and its default takes its place, so that the rest can still be judged. No
//! such [`Config`] leaves this module's caller: a report with an error gives none.

mod control;
mod limits;
mod lint;
mod listen;
mod proxies;
mod rules;
mod setting;
mod signing;
mod store;
mod tls;
mod values;

pub(super) use values::in_bytes;

use super::file::{ConfigFile, LinksTable, LogTable, MemoryTable, ShutdownTable, Text};
use super::report::Report;
use super::{AccessFormat, Config, Environment, Links, Log, LogFormat, Memory, Overrides, Plain, Shutdown};
use setting::Setting;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Judges everything in `file`; what is wrong is in `report`.
pub(super) fn resolve(
    file: &ConfigFile,
    overrides: Overrides,
    environment: &Environment,
    report: &Report,
) -> Config {
    let default = Config::default();
    let public_url = Setting::of(file.public_url.as_ref(), default.public_url, values::public_url, report);
    let proxies = proxies::proxies(file, report);
    let names_proxies = file.trusted_proxies.as_ref().is_some_and(|list| !list.get_ref().is_empty());
    let listen = listen::addresses(&file.listen, default.listen.addresses, report);
    let listen = listen.unless("--listen", Some(overrides.listen).filter(|flag| !flag.is_empty()));
    let tls_addresses = tls::addresses(file.tls.as_ref(), report);
    let public_url = overrides.public_url.unwrap_or(public_url.value);
    let around = tls::Around {
        public_url: &public_url,
        listen: &listen,
        plain: file.plain.as_ref(),
        names_proxies,
        environment,
    };
    let tls = tls::tls(file.tls.as_ref(), tls_addresses.as_ref(), &around, report);
    let has_plain = tls.as_ref().is_none_or(|tls| tls.plain != Plain::Off);
    let public: Vec<_> = [&listen].into_iter().filter(|_| has_plain).chain(&tls_addresses).collect();
    let links = links(&file.links, default.links, report);
    let rules = rules::rules(&file.rules, &file.store, links.pin, report);
    Config {
        control: control::control(&file.control, overrides.control, &public, environment, report),
        public_url,
        listen: listen::listen(&file.listen, listen.value, names_proxies, report),
        proxies,
        tls,
        store: store::store(&file.store, overrides.root, environment, report),
        memory: memory(&file.memory, default.memory, report),
        links,
        signing: signing::signing(file, default.signing.lifetime, environment, report),
        limits: limits::limits(&file.limits, default.limits, report),
        shutdown: shutdown(&file.shutdown, default.shutdown, report),
        log: log(&file.log, default.log, report),
        rules,
    }
}

fn memory(table: &MemoryTable, default: Memory, report: &Report) -> Memory {
    let hot = Setting::of(table.hot.as_ref(), default.hot, values::size(0..=1024 * GIB), report);
    let largest = Setting::of(table.largest.as_ref(), default.largest, values::size(0..=GIB), report);
    let largest = largest.at_most(&hot, ["largest", "hot"], report);
    let least = 16 * MIB;
    let buffers =
        Setting::of(table.buffers.as_ref(), default.buffers, values::size(least..=1024 * GIB), report);
    Memory { hot: hot.value, largest, buffers: buffers.value }
}

fn links(table: &LinksTable, default: Links, report: &Report) -> Links {
    let on_mismatch =
        Setting::of(table.on_mismatch.as_ref(), default.on_mismatch, values::on_mismatch, report);
    Links { pin: table.pin.unwrap_or(default.pin), on_mismatch: on_mismatch.value }
}

fn shutdown(table: &ShutdownTable, default: Shutdown, report: &Report) -> Shutdown {
    let time = |text: Option<&Text>, default, most| {
        Setting::of(text, default, values::duration(0..=most), report).value
    };
    Shutdown {
        grace: time(table.grace.as_ref(), default.grace, 300),
        drain: time(table.drain.as_ref(), default.drain, 3600),
    }
}

/// Requests are written as the rest is, unless they are to be written otherwise.
fn log(table: &LogTable, default: Log, report: &Report) -> Log {
    let format = Setting::of(table.format.as_ref(), default.format, values::log_format, report).value;
    let like_the_rest = match format {
        LogFormat::Text => AccessFormat::Text,
        LogFormat::Json => AccessFormat::Json,
    };
    let access = Setting::of(table.access.as_ref(), like_the_rest, values::access_format, report).value;
    Log { format, access }
}
