//! The proxies in front of the server: who is believed, and in which header.

use super::setting::Setting;
use crate::config::error::Problem;
use crate::config::file::{ConfigFile, Text};
use crate::config::report::Report;
use crate::config::{ClientHeader, Config, Proxies, Trusted};
use ipnet::IpNet;
use std::net::IpAddr;
use toml::Spanned;

pub(super) fn proxies(file: &ConfigFile, report: &Report) -> Proxies {
    let default = Config::default().proxies;
    let header = file.client_header.as_ref();
    let client_header = Setting::of(header, default.client_header, client_header, report).value;
    let mut trusted = Trusted::default();
    for text in file.trusted_proxies.iter().flat_map(Spanned::get_ref) {
        match peers(text.get_ref()) {
            Ok(Peers::Network(network)) => trusted.networks.push(network),
            Ok(Peers::Unix) => trusted.unix = true,
            Err(problem) => report.add(problem.at(text.span())),
        }
        if text.get_ref().ends_with("/0") {
            report.add(everybody(text));
        }
    }
    Proxies { trusted, client_header }
}

fn client_header(text: &str) -> Result<ClientHeader, Problem> {
    match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ClientHeader::XForwardedFor),
        "forwarded" => Ok(ClientHeader::Forwarded),
        _ => Err(Problem::error(format!("unknown header `{text}`"))
            .label("expected `x-forwarded-for` or `forwarded`")),
    }
}

/// Who is trusted by one entry.
enum Peers {
    Network(IpNet),
    Unix,
}

fn peers(text: &str) -> Result<Peers, Problem> {
    if text == "unix" {
        return Ok(Peers::Unix);
    }
    let address = text.parse::<IpAddr>().map(IpNet::from);
    let network = address.or_else(|_| text.parse::<IpNet>()).map_err(|_| {
        Problem::error(format!("`{text}` is not a network"))
            .label("expected an IP address, a network such as \"10.0.0.0/8\", or `unix`")
    })?;
    match meant(network) {
        same if same == network => Ok(Peers::Network(network)),
        meant => Err(Problem::error(format!("`{text}` is not a network"))
            .label("expected the first address of the network, an IPv4 one as such")
            .help(format!("write \"{meant}\""))),
    }
}

/// The network as it is to be written: without bits for a host, and IPv4 as such, for so peers are compared.
fn meant(network: IpNet) -> IpNet {
    let within_ipv4 = || {
        let IpNet::V6(mapped) = network else { return None };
        let address = mapped.addr().to_ipv4_mapped()?;
        IpNet::new(address.into(), mapped.prefix_len().checked_sub(96)?).ok()
    };
    within_ipv4().unwrap_or(network).trunc()
}

fn everybody(text: &Text) -> Problem {
    Problem::warning("everybody is a trusted proxy")
        .at(text.span())
        .label("whoever connects may say to be anybody")
        .help("name the networks of your proxies alone")
}
