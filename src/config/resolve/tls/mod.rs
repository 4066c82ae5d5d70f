//! `[tls]` and what it means for the listener without TLS.

mod acme;

use super::setting::{Origin, Setting};
use super::{listen, values};
use crate::config::ListenAddress;
use crate::config::error::Problem;
use crate::config::file::{PairTable, Text, TlsTable};
use crate::config::report::Report;
use crate::config::{CertificateFiles, Certificates, Environment, Plain, PublicUrl, Tls, TlsVersion};
use std::net::SocketAddr;
use toml::Spanned;

/// What the rest of the file says that TLS has to do with.
pub(super) struct Around<'a> {
    pub(super) public_url: &'a PublicUrl,
    pub(super) listen: &'a Setting<Vec<ListenAddress>>,
    /// `[listen] plain`.
    pub(super) plain: Option<&'a Text>,
    /// Whether there are `trusted-proxies`.
    pub(super) names_proxies: bool,
    pub(super) environment: &'a Environment,
}

/// Where the listener with TLS binds, if there is one.
pub(super) fn addresses(table: Option<&TlsTable>, report: &Report) -> Option<Setting<Vec<ListenAddress>>> {
    let default = || vec![SocketAddr::from(([127, 0, 0, 1], 8443)).into()];
    table.map(|table| listen::addresses(&table.listen, default(), report))
}

/// The listener with TLS, if there is one.
pub(super) fn tls(
    table: Option<&TlsTable>,
    addresses: Option<&Setting<Vec<ListenAddress>>>,
    around: &Around<'_>,
    report: &Report,
) -> Option<Tls> {
    let plain = Setting::of(around.plain, Plain::Serve, plain, report);
    let (Some(table), Some(addresses)) = (table, addresses) else {
        if plain.value != Plain::Serve && report.is_readable() {
            plain.refuse(nothing_else(), report);
        }
        return None;
    };
    judge_plain(&plain, around, report);
    let minimum = Setting::of(table.minimum_version.as_ref(), TlsVersion::Tls12, version, report);
    let certificates = certificates(table, around, report)?;
    let listen = listen::listen(&table.listen, addresses.value.clone(), around.names_proxies, report);
    Some(Tls { listen, minimum: minimum.value, certificates, plain: plain.value })
}

/// `None` if what there should be is reported as missing.
fn certificates(table: &TlsTable, around: &Around<'_>, report: &Report) -> Option<Certificates> {
    let has_files = table.pair.has_certificate || table.pair.has_key || !table.additional.is_empty();
    match &table.acme {
        Some(acme) if has_files => {
            report.add(both(table).beside(acme.header.clone(), "these come from an authority"));
            None
        }
        Some(acme) => acme::acme(acme, around.public_url, around.environment, report).map(Certificates::Acme),
        None if !has_files => {
            if report.is_readable() {
                report.add(no_certificate().at(table.header.clone()));
            }
            None
        }
        None => {
            let pairs = [&table.pair].into_iter().chain(&table.additional);
            // All of them are judged, also after one that is refused.
            let pairs: Vec<_> = pairs.map(|pair| files(pair, report)).collect();
            pairs.into_iter().collect::<Option<_>>().map(Certificates::Files)
        }
    }
}

fn files(pair: &PairTable, report: &Report) -> Option<CertificateFiles> {
    let missing = match (pair.has_certificate, pair.has_key) {
        (true, true) => None,
        (false, _) => Some("certificate"),
        (true, false) => Some("key"),
    };
    if let Some(missing) = missing.filter(|_| report.is_readable()) {
        let place = [&pair.certificate, &pair.key].into_iter().flatten().next().map(Spanned::span);
        report.add(half_a_pair(missing).at(place.unwrap_or_else(|| pair.header.clone())));
    }
    let path = |text: &Text| Setting::of(Some(text), "-".into(), values::path, report).value;
    let [certificate, key] = [&pair.certificate, &pair.key].map(|text| text.as_ref().map(path));
    Some(CertificateFiles { certificate: certificate?, key: key? })
}

fn plain(text: &str) -> Result<Plain, Problem> {
    match text {
        "serve" => Ok(Plain::Serve),
        "not-found" => Ok(Plain::NotFound),
        "off" => Ok(Plain::Off),
        _ => Err(Problem::error(format!("unknown answer `{text}`"))
            .label("expected `serve`, `not-found` or `off`")
            .help_if(text.contains("redirect").then(|| {
                "links are never redirected: not every fetcher follows; have `public-url` begin with https://"
                    .to_owned()
            }))),
    }
}

fn version(text: &str) -> Result<TlsVersion, Problem> {
    match text {
        "1.2" => Ok(TlsVersion::Tls12),
        "1.3" => Ok(TlsVersion::Tls13),
        "1.0" | "1.1" => Err(Problem::error(format!("TLS {text} is not spoken"))
            .label("expected \"1.2\" or \"1.3\"")
            .help("it must not be used any more (RFC 8996)")),
        _ => {
            Err(Problem::error(format!("unknown version of TLS `{text}`"))
                .label("expected \"1.2\" or \"1.3\""))
        }
    }
}

/// Whether links lead to the listener that does not answer them, and whether a flag is in vain.
fn judge_plain(plain: &Setting<Plain>, around: &Around<'_>, report: &Report) {
    if plain.value == Plain::Serve {
        return;
    }
    if plain.value == Plain::Off && matches!(around.listen.origin, Origin::Flag(_)) {
        around.listen.refuse(no_plain_listener(), report);
    }
    if around.public_url.as_str().starts_with("http://") {
        plain.refuse(links_in_clear(plain.value), report);
    }
}

fn nothing_else() -> Problem {
    Problem::error("there would be no listener that serves assets")
        .label("only beside a listener with TLS")
        .help("add `[tls]`, or remove this")
}

fn no_plain_listener() -> Problem {
    Problem::error("there is no listener for this address: the file says `plain = \"off\"`")
        .help("leave out the flag, or write `plain = \"serve\"`")
}

fn links_in_clear(plain: Plain) -> Problem {
    let answer = if plain == Plain::Off { "is not there" } else { "answers 404" };
    Problem::warning(format!("links lead to the listener without TLS, which {answer}"))
        .label("`public-url` begins with http://")
        .help("set `public-url` to the https:// URL at which this server is reached")
}

fn no_certificate() -> Problem {
    Problem::error("`[tls]` has no certificate")
        .label("expected `certificate` and `key`, or `[tls.acme]`")
        .help("name the files, or have `[tls.acme]` obtain them; without TLS, remove `[tls]`")
}

fn half_a_pair(missing: &'static str) -> Problem {
    Problem::error(format!("a certificate needs its key, and `{missing}` is missing"))
        .label(format!("expected `{missing}` beside it"))
}

fn both(table: &TlsTable) -> Problem {
    let pairs = [&table.pair].into_iter().chain(&table.additional);
    let place = pairs.flat_map(|pair| [&pair.certificate, &pair.key]).flatten().next().map(Spanned::span);
    Problem::error("certificates come from files or from `[tls.acme]`, not from both")
        .at(place.unwrap_or_else(|| table.header.clone()))
        .label("these come from files")
        .help("remove one of the two")
}
