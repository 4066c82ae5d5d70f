//! `media-origin explain`: what goes out for an asset or a link, by which rule, and what becomes of it.

mod facts;
mod layout;
mod webhook;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::store::Remember;
use super::{Configured, Exit, answer, answer_json, no, printable, runtime, store};
use crate::clock::Clock;
use crate::config::Config;
use crate::examine::Limits;
use crate::explain::{Asked, Explanation, Own, Subject, explain_asset, explain_url, own};
use crate::origin::Origin;
use crate::store::AssetPath;

/// Say what goes out for an asset or a link, by which rule, whether WhatsApp takes it, and what caches do with it
///
/// A PATH, or a link that begins with public-url, is answered from the media directory, without a server. Any other link
/// is fetched: redirects are not followed, and no more than 100 MiB are read.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin explain campaigns/summer.jpg\n  \
                        media-origin explain https://bucket.s3.amazonaws.com/summer.jpg\n  \
                        media-origin explain --webhook failed.json\n\n\
                        Exit status: 0 it can be sent, 1 it cannot, or the report is of a failure,\n2 the configuration \
                        or the report is invalid.")]
pub(super) struct Explain {
    /// The asset's path below the media directory, not percent-encoded, or a link to anywhere
    #[arg(value_name = "PATH|URL", required_unless_present = "webhook")]
    subject: Option<String>,
    /// Fetch the link even if it is one of this origin: through the proxies that stand before it
    #[arg(long)]
    fetch: bool,
    /// Say in plain words what went wrong with a message, from the JSON that your webhook got; "-" is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "subject")]
    webhook: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

impl Explain {
    pub(super) fn run(self) -> Exit {
        let json = self.json;
        if let Some(file) = &self.webhook {
            return webhook::explain(file, json);
        }
        let explanation = match self.explain() {
            Ok(explanation) => explanation,
            Err(exit) => return exit,
        };
        let exit = if explanation.can_be_sent() { Exit::Success } else { Exit::No };
        if json { answer_json(&explanation, exit) } else { answer(&layout::explanation(&explanation), exit) }
    }

    fn explain(self) -> Result<Explanation, Exit> {
        let subject = self.subject.unwrap_or_default();
        let is_link = is_link(&subject);
        // A link of others needs no configuration, so none has to be there.
        let config = if is_link && self.configured.is_absent() {
            Config::default()
        } else {
            self.configured.load()?.config
        };
        let own = own(&subject, &config.public_url, Clock::system().now());
        if is_link && (self.fetch || own.is_none()) {
            return fetched(&subject);
        }
        match of_asset(&subject, own, &config)? {
            Explanation { subject: Subject::Asset { link, .. }, .. } if self.fetch => fetched(&link),
            explanation => Ok(explanation),
        }
    }
}

fn is_link(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn fetched(link: &str) -> Result<Explanation, Exit> {
    Ok(runtime()?.block_on(explain_url(link, &Limits::default(), &Clock::system())))
}

/// An asset, by its path or by a link of this origin.
fn of_asset(text: &str, link: Option<Own<'_>>, config: &Config) -> Result<Explanation, Exit> {
    let by_name =
        || Own { path: AssetPath::try_from(text.trim_start_matches("./").to_owned()), asked: Asked::OfPath };
    let Own { path, asked } = link.unwrap_or_else(by_name);
    let store = Arc::new(store::open(config, Remember::Nothing, Clock::system())?);
    let origin = Origin::new(config, store, Clock::system());
    runtime()?.block_on(async {
        let explained = match path {
            Ok(path) => explain_asset(&origin, &path, asked).await.map_err(|error| error.to_string()),
            Err(wrong) => Err(wrong.to_string()),
        };
        match explained {
            Ok(explanation) => Ok(explanation),
            Err(why) => Err(refused(text, &why, origin.store().meant(text).await.as_ref())),
        }
    })
}

fn refused(text: &str, why: &str, meant: Option<&AssetPath>) -> Exit {
    let help = match meant {
        Some(path) => format!("did you mean {}?", printable(path.as_str())),
        None => "give the path of a file below the media directory, or a link that begins with https:// or http://".into(),
    };
    no(&format!("error: {}: {why}\n  help: {help}", printable(text)))
}
