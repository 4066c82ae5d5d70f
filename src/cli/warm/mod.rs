//! `media-origin warm`: fills the caches of a running server before a campaign.
//!
//! ```text
//! find       which assets match: the store is listed from here
//! fill       the server is asked for each, four at a time     POST /warm
//! progress   how far it is, on standard error
//! summary    what came of it, on standard output
//! ```

mod capacity;
mod fill;
mod find;
mod progress;
mod summary;

use clap::Args;
use http::{Method, StatusCode};

use super::operator::Operator;
use super::{Configured, Exit, answer, answer_json, complain, no, printable, runtime};
use crate::caching::pattern::{Pattern, Patterns};
use crate::config::Config;
use summary::Summary;

/// Fill the caches of a running server with the assets that match, before a campaign
///
/// Lists the directory or the bucket, and has the server fetch each asset that matches: into memory, and onto its disk
/// where store.cache-dir is set. Progress goes to standard error. Interrupted, it fetches nothing more.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin warm 'campaigns/**' 'logos/*.png'\n\n\
                        Exit status: 0 all are in the caches, 1 some are not, or nothing matches, or no server \
                        answers,\n2 the configuration or the command line is invalid.")]
pub(super) struct Warm {
    /// A glob over the paths of assets, as in the rules of the configuration; quote it
    #[arg(value_name = "PATTERN", required = true, value_parser = Pattern::parse)]
    patterns: Vec<Pattern>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

impl Warm {
    pub(super) fn run(self) -> Exit {
        let json = self.json;
        let summary = match self.warm() {
            Ok(summary) => summary,
            Err(exit) => return exit,
        };
        let exit = if summary.is_complete() { Exit::Success } else { Exit::No };
        if json { answer_json(&summary, exit) } else { answer(summary.to_string().trim_end(), exit) }
    }

    fn warm(self) -> Result<Summary, Exit> {
        let patterns = Patterns::new(&self.patterns).map_err(|error| {
            complain(&format!("error: the patterns are too much for one run: {error}"));
            Exit::Usage
        })?;
        let config = self.configured.load()?.config;
        runtime()?.block_on(warm(&config, &patterns))
    }
}

async fn warm(config: &Config, patterns: &Patterns) -> Result<Summary, Exit> {
    let mut operator = Operator::of(&config.control).map_err(|why| no(&format!("error: {why}")))?;
    check_ready(&mut operator).await?;
    let found = find::find(config, patterns).await?;
    if found.assets.is_empty() {
        complain(NOTHING);
    }
    let remarks = capacity::remarks(&config.store, config.memory, &found.assets);
    let mut summary = Summary::new(&found.assets, found.odd_keys, remarks);
    if let Some(unanswered) = fill::fill(&operator, found.assets, &mut summary).await {
        complain(&format!("error: {unanswered}\nhelp: {}", unanswered.help()));
        summary.stop();
    }
    Ok(summary)
}

const NOTHING: &str = "error: no asset matches\n\
    help: patterns are globs over the paths of assets, as in the rules of the configuration, such as 'campaigns/**'; \
    quote them, or the shell takes them for files of its own";

/// Before the store is listed, which may take long: whether there is a server to be warmed.
async fn check_ready(operator: &mut Operator) -> Result<(), Exit> {
    match operator.ask(Method::GET, "/readyz").await {
        Ok(answer) if answer.status == StatusCode::OK => Ok(()),
        Ok(answer) => Err(no(&format!("error: the server is not ready: {}", printable(&answer.line())))),
        Err(unanswered) => Err(no(&format!("error: {unanswered}\nhelp: {}", unanswered.help()))),
    }
}
