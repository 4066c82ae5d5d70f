//! A public listener: where it binds, and what comes on it.

use super::setting::{Origin, Setting};
use super::values;
use crate::config::error::Problem;
use crate::config::file::{ListenTable, Text};
use crate::config::report::Report;
use crate::config::{Config, Listen, ListenAddress};
use toml::Spanned;

/// Where it binds, by the file.
pub(super) fn addresses(
    table: &ListenTable,
    default: Vec<ListenAddress>,
    report: &Report,
) -> Setting<Vec<ListenAddress>> {
    match &table.addresses {
        Some(written) => read(written, default, report),
        None => Setting { value: default, origin: Origin::Default },
    }
}

fn read(
    written: &Spanned<Vec<Text>>,
    default: Vec<ListenAddress>,
    report: &Report,
) -> Setting<Vec<ListenAddress>> {
    let mut addresses: Vec<ListenAddress> = Vec::new();
    let mut refused = written.get_ref().is_empty();
    for text in written.get_ref() {
        match values::address(text.get_ref()) {
            Ok(address) if addresses.contains(&address) => report.add(twice(text)),
            Ok(address) => addresses.push(address),
            Err(problem) => {
                report.add(problem.at(text.span()));
                refused = true;
            }
        }
    }
    if refused {
        return Setting { value: default, origin: Origin::Refused };
    }
    Setting { value: addresses, origin: Origin::File(written.span()) }
}

fn twice(text: &Text) -> Problem {
    Problem::error(format!("`{}` is given twice", text.get_ref()))
        .at(text.span())
        .label("it is there already")
        .help("remove it")
}

/// The whole of it.
pub(super) fn listen(
    table: &ListenTable,
    addresses: Vec<ListenAddress>,
    names_proxies: bool,
    report: &Report,
) -> Listen {
    let default = Config::default().listen;
    let mode = Setting::of(table.mode.as_ref(), default.mode, values::mode, report);
    if let Some(written) = &table.proxy_protocol
        && *written.get_ref()
        && !names_proxies
    {
        report.add(nobody_may_connect(written));
    }
    let proxy_protocol = table.proxy_protocol.as_ref().map(|written| *written.get_ref());
    Listen { addresses, mode: mode.value, proxy_protocol: proxy_protocol.unwrap_or(default.proxy_protocol) }
}

/// "The receiver SHOULD ensure proper access filtering so that only trusted proxies are allowed to use this protocol."
/// PROXY protocol §2
fn nobody_may_connect(written: &Spanned<bool>) -> Problem {
    Problem::error("nobody may connect: PROXY protocol headers are taken from trusted proxies alone")
        .at(written.span())
        .label("expected `trusted-proxies` beside it")
        .help(
            "name the addresses of your proxies at the top of the file: `trusted-proxies = [\"10.0.0.0/8\"]`",
        )
}
