//! `media-origin sign`: the link to an asset that is not for everybody, for a person to pass on.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::Args;
use serde::Serialize;

use super::findings::finding_lines;
use super::store::Remember;
use super::{Configured, Exit, answer, answer_json, complain, no, printable, runtime, store};
use crate::caching::rules::Access;
use crate::clock::Clock;
use crate::origin::Origin;
use crate::signing::{Expiry, LONGEST};
use crate::store::AssetPath;
use crate::whatsapp::link::signed_until;
use crate::whatsapp::{Finding, Severity};

/// Print the link to an asset, signed if its rule wants that
///
/// The link is pinned to the bytes that are there now. The messages that `message` and POST /messages build have such
/// links by themselves.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin sign invoices/invoice-0042.pdf --for 30d\n  \
                        media-origin sign invoices/invoice-0042.pdf --until 2027-01-31T00:00:00Z\n\n\
                        Exit status: 0 here is the link, 1 there is no such asset, 2 the configuration or the\ncommand line \
                        is invalid.")]
pub(super) struct Sign {
    /// The asset's path below the media directory or in the bucket, not percent-encoded
    #[arg(value_name = "PATH")]
    path: String,
    /// How long the link is good: "30d", "12h", at most ten years; signing.lifetime, if it is not given
    #[arg(long = "for", value_name = "TIME", value_parser = lifetime, conflicts_with = "until")]
    lifetime: Option<Duration>,
    /// Until when it is good, as 2027-01-31T00:00:00Z
    #[arg(long, value_name = "DATE", value_parser = humantime::parse_rfc3339_weak)]
    until: Option<SystemTime>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

/// The link, and what is to be said about it.
#[derive(Serialize)]
struct Signed {
    path: String,
    link: String,
    access: Access,
    /// RFC 3339; absent if the link is never over.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    findings: Vec<Finding>,
}

impl Sign {
    pub(super) fn run(self) -> Exit {
        let json = self.json;
        let signed = match self.sign(&Clock::system()) {
            Ok(signed) => signed,
            Err(exit) => return exit,
        };
        if json {
            return answer_json(&signed, Exit::Success);
        }
        let to_say = signed.findings.iter().filter(|finding| finding.severity > Severity::Note);
        to_say.for_each(|finding| complain(&finding_lines("", finding)));
        answer(&signed.link, Exit::Success)
    }

    fn sign(self, clock: &Clock) -> Result<Signed, Exit> {
        let now = clock.now();
        if self.until.is_some_and(|until| Expiry::at(until).is_over(now)) {
            complain("error: the link would be over already\nhelp: give --until a date that is to come");
            return Err(Exit::Usage);
        }
        let config = self.configured.load()?.config;
        let store = Arc::new(store::open(&config, Remember::Nothing, clock.clone())?);
        let origin = Origin::new(&config, store, clock.clone());
        let expiry = match (self.until, self.lifetime) {
            (Some(until), _) => Expiry::at(until),
            (None, lifetime) => Expiry::after(now, lifetime.unwrap_or(origin.lifetime())),
        };
        runtime()?.block_on(of_asset(&origin, &self.path, expiry, now))
    }
}

async fn of_asset(origin: &Origin, name: &str, expiry: Expiry, now: SystemTime) -> Result<Signed, Exit> {
    let opened = match AssetPath::try_from(name.trim_start_matches("./").to_owned()) {
        Ok(path) => {
            origin.store().open(&path).await.map(|asset| (path, asset)).map_err(|error| error.to_string())
        }
        Err(wrong) => Err(wrong.to_string()),
    };
    let (path, asset) = match opened {
        Ok(opened) => opened,
        Err(why) => return Err(no(&no_asset(name, &why, origin.store().meant(name).await.as_ref()))),
    };
    let link = origin.link_until(&path, &asset.representation.version, expiry);
    let access = origin.rules().govern(path.as_str()).access();
    let finding = match link.expiry() {
        Some(expiry) => signed_until(expiry.moment(), expiry.left(now)),
        None => for_everybody(),
    };
    Ok(Signed {
        path: path.to_string(),
        link: link.to_string(),
        access,
        expires: link.expiry().map(|expiry| expiry.to_string()),
        findings: vec![finding],
    })
}

fn for_everybody() -> Finding {
    let detail =
        "the link is not signed: whoever knows the path may read the asset, and the link is never over";
    Finding::new(Severity::Warn, "link-not-signed", detail, "media-origin README, \"Private links\"")
        .remedy("write `access = \"signed\"` in the rule that governs it")
}

/// Why there is no asset of this name, and which one was meant.
fn no_asset(name: &str, why: &str, meant: Option<&AssetPath>) -> String {
    let help = match meant {
        Some(path) => format!("did you mean {}?", printable(path.as_str())),
        None => "give the path of a file below the media directory".to_owned(),
    };
    format!("error: {}: {why}\n  help: {help}", printable(name))
}

/// A second to ten years.
fn lifetime(text: &str) -> Result<Duration, String> {
    let lifetime = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if (Duration::from_secs(1)..=LONGEST).contains(&lifetime) {
        return Ok(lifetime);
    }
    Err("a link is good for a second at least, and for ten years at most".to_owned())
}
