//! `media-origin explain`: what goes out for an asset, and by which rule.
//!
//! The answer comes from the code that answers requests, asked without a connection.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use http::header::{CACHE_CONTROL, HOST};
use http::{HeaderMap, Request};
use serde::Serialize;

use super::fields::{self, Fields};
use super::{Configured, Exit, complain, open_store, printable, say, say_json};
use crate::clock::Clock;
use crate::config::Config;
use crate::origin::Origin;
use crate::store::{Agreement, Asset, AssetPath, NotAnAssetPath};

/// Say what goes out for an asset, and by which rule
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin explain campaigns/summer.jpg\n\n\
                        Exit status: 0 it is served, 1 it is not, 2 the configuration is invalid.")]
pub(super) struct Explain {
    /// The asset's path below the media directory, not percent-encoded, or a link to it
    #[arg(value_name = "PATH")]
    path: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

/// The answer, in the order in which it is printed.
#[derive(Serialize)]
struct Explanation {
    path: String,
    link: String,
    status: u16,
    headers: Fields,
    /// The `Cache-Control` of the pinned link, where it is another than that of the bare one.
    pinned_cache_control: Option<String>,
    /// The rule that governs the asset, `null` if none names it.
    rule: Option<Place>,
    /// Where the name and the bytes say different things of what the asset is.
    disagreement: Option<Disagreement>,
}

/// A rule, and where it is written.
#[derive(Serialize)]
struct Place {
    pattern: String,
    file: PathBuf,
    line: usize,
}

#[derive(Serialize)]
struct Disagreement {
    name_says: String,
    bytes_are: String,
}

impl Explain {
    pub(super) fn run(self) -> Exit {
        let file = self.configured.config.clone();
        let explained = self.configured.load().and_then(|loaded| explain(&self.path, &file, &loaded.config));
        let explanation = match explained {
            Ok(explanation) => explanation,
            Err(exit) => return exit,
        };
        if self.json {
            say_json(&explanation);
        } else {
            say(&explanation.to_string());
        }
        if explanation.status == 200 { Exit::Success } else { Exit::No }
    }
}

fn explain(path: &str, file: &Path, config: &Config) -> Result<Explanation, Exit> {
    let no = |why: &dyn fmt::Display| {
        complain(&format!("{}: {why}", printable(path)));
        Exit::No
    };
    let name = asset_named(path, config).map_err(|_| no(&NO_SUCH_NAME))?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| no(&error))?;
    let store = Arc::new(open_store(config, None, Clock::system())?);
    let origin = Origin::new(config, store, Clock::system());
    runtime.block_on(async {
        let asset = origin.store().open(&name).await.map_err(|error| no(&error))?;
        Ok(Explanation::of(&name, &asset, file, config, &origin).await)
    })
}

const NO_SUCH_NAME: &str = "no asset has such a name; give the path below the media directory, as `ls` shows it. Names \
                            that begin with a dot are never served";

/// The asset that a person means: by its path, or by a whole link to this server.
fn asset_named(text: &str, config: &Config) -> Result<AssetPath, NotAnAssetPath> {
    match text.strip_prefix(config.public_url.as_str()).and_then(|rest| rest.strip_prefix('/')) {
        Some(link) => AssetPath::decode(link.split(['?', '#']).next().unwrap_or(link)),
        None => AssetPath::try_from(text.trim_start_matches("./").to_owned()),
    }
}

impl Explanation {
    async fn of(name: &AssetPath, asset: &Asset, file: &Path, config: &Config, origin: &Origin) -> Self {
        let encoded = name.encoded();
        let pinned_query = format!("?v={}", asset.representation.version().pin());
        let (status, headers) = head(origin, config, &encoded, "").await;
        let (_, pinned) = head(origin, config, &encoded, &pinned_query).await;
        let query = if config.links.pin { pinned_query.as_str() } else { "" };
        let rule = origin.rules().govern(name.as_str()).rule.map(|(_, rule)| Place {
            pattern: rule.pattern().to_owned(),
            file: file.to_owned(),
            line: rule.place().line,
        });
        let pinned = pinned.get(CACHE_CONTROL).filter(|value| Some(*value) != headers.get(CACHE_CONTROL));
        Self {
            path: name.to_string(),
            link: format!("{}/{encoded}{query}", config.public_url.as_str()),
            status,
            headers: Fields::of(&headers),
            pinned_cache_control: pinned.map(fields::text),
            rule,
            disagreement: disagreement(&asset.agreement),
        }
    }
}

/// The answer to a HEAD of the asset.
async fn head(origin: &Origin, config: &Config, encoded: &str, query: &str) -> (u16, HeaderMap) {
    let target = format!("{}/{encoded}{query}", config.public_url.mount());
    let request = Request::head(target).header(HOST, "localhost").body(());
    let (request, ()) = request.expect("a mount and an encoded path are a target").into_parts();
    let response = origin.respond(&request, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await;
    (response.status().as_u16(), response.headers().clone())
}

fn disagreement(agreement: &Agreement) -> Option<Disagreement> {
    match agreement {
        Agreement::Agree => None,
        Agreement::Differ { name, bytes } => {
            Some(Disagreement { name_says: name.to_string(), bytes_are: bytes.to_string() })
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", printable(&self.path))?;
        writeln!(f, "  link     {}", self.link)?;
        writeln!(f, "  rule     {}", self.rule_sentence())?;
        writeln!(f, "  status   {}", self.status)?;
        let labels = std::iter::once("headers").chain(std::iter::repeat(""));
        for (label, (name, value)) in labels.zip(self.headers.iter()) {
            writeln!(f, "  {label:8} {name}: {value}")?;
        }
        if let Some(value) = &self.pinned_cache_control {
            writeln!(f, "  pinned   Cache-Control: {value}")?;
        }
        if let Some(Disagreement { name_says, bytes_are }) = &self.disagreement {
            writeln!(f, "  beware   the name says {name_says}, the bytes are {bytes_are}; the bytes decide")?;
        }
        Ok(())
    }
}

impl Explanation {
    fn rule_sentence(&self) -> String {
        match &self.rule {
            Some(Place { pattern, file, line }) => format!("{pattern}  ({}:{line})", file.display()),
            None => "none names it: caches may store it and must ask before each use".to_owned(),
        }
    }
}
