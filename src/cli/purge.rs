//! `media-origin purge`: makes a running server forget what is cached of assets.

use std::fmt;

use bytesize::ByteSize;
use clap::Args;
use http::{Method, StatusCode};

use super::operator::{Operator, Unanswered};
use super::{Configured, Exit, answer, answer_json, complain, no, printable, runtime};
use crate::control::Forgotten;
use crate::store::AssetPath;

/// Make a running server forget what it has cached of assets
///
/// The next request for each asks the bucket, or looks at its file.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin purge campaigns/summer.jpg\n\n\
                        Exit status: 0 forgotten, 1 a name that no asset can have, or no server answers,\n2 the \
                        configuration or the command line is invalid.")]
pub(super) struct Purge {
    /// The asset's path below the media directory or in the bucket, not percent-encoded
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

impl Purge {
    pub(super) fn run(self) -> Exit {
        let json = self.json;
        let (forgotten, exit) = match self.purge() {
            Ok(purged) => purged,
            Err(exit) => return exit,
        };
        if json {
            return answer_json(&forgotten, exit);
        }
        let lines: Vec<_> = forgotten.iter().map(Forgotten::to_string).collect();
        if lines.is_empty() { exit } else { answer(&lines.join("\n"), exit) }
    }

    /// What was forgotten. What could not be asked for has been said.
    fn purge(self) -> Result<(Vec<Forgotten>, Exit), Exit> {
        let config = self.configured.load()?.config;
        let mut operator = Operator::of(&config.control).map_err(|why| no(&format!("error: {why}")))?;
        let mut exit = Exit::Success;
        let mut forgotten = Vec::new();
        let runtime = runtime()?;
        for name in self.paths {
            let asked = runtime.block_on(forget(&mut operator, &name));
            match asked.map_err(|error| no(&format!("error: {error}\nhelp: {}", error.help())))? {
                Ok(purged) => forgotten.push(purged),
                Err(why) => {
                    complain(&format!("error: {}: {}", printable(&name), printable(&why)));
                    exit = Exit::No;
                }
            }
        }
        Ok((forgotten, exit))
    }
}

/// Asks for one asset to be forgotten; the inner error is of that asset alone.
async fn forget(operator: &mut Operator, name: &str) -> Result<Result<Forgotten, String>, Unanswered> {
    let path = match AssetPath::try_from(name.trim_start_matches("./").to_owned()) {
        Ok(path) => path,
        Err(wrong) => return Ok(Err(wrong.to_string())),
    };
    let answer = operator.ask(Method::POST, &format!("/purge/{}", path.encoded())).await?;
    Ok(match answer.status {
        StatusCode::OK => serde_json::from_slice(&answer.body).map_err(|error| error.to_string()),
        _ => Err(answer.detail()),
    })
}

impl fmt::Display for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = printable(&self.path);
        match self.slices {
            0 => write!(f, "{path}: none of it was cached"),
            1 => write!(f, "{path}: 1 body or slice, {}", ByteSize(self.bytes)),
            slices => write!(f, "{path}: {slices} bodies or slices, {}", ByteSize(self.bytes)),
        }
    }
}
