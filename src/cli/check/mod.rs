//! `media-origin check`: whether the configuration is valid, and which assets each rule governs.
//!
//! | file | holds |
//! |---|---|
//! | `census` | counting the assets, of a directory or, if asked to, of a bucket |
//! | `report` | what was found, as a person reads it |

mod census;
mod report;

use clap::Args;

use crate::clock::Clock;
use crate::config::Config;
use crate::server::tls::Tls;

use super::{Configured, Exit, answer, answer_json, complain, runtime};
use report::Report;

/// Validate the configuration and list what each rule governs
///
/// The files of a directory are looked at. Of a bucket nothing is asked without --online.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin check --strict\n  media-origin check --online\n\n\
                        Exit status: 0 valid, 1 with warnings under --strict, or if the bucket cannot be used,\n2 \
                        invalid.")]
pub(super) struct Check {
    /// Exit with 1 if there is a warning
    #[arg(long)]
    strict: bool,
    /// Ask the bucket too: whether it can be used, and how many assets each rule governs
    #[arg(long)]
    online: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

impl Check {
    pub(super) fn run(self) -> Exit {
        let (strict, json) = (self.strict, self.json);
        let report = match self.report() {
            Ok(report) => report,
            Err(exit) => return exit,
        };
        let exit = if strict && !report.warnings.is_empty() { Exit::No } else { Exit::Success };
        if json {
            return answer_json(&report, exit);
        }
        let exit = answer(report.to_string().trim_end(), exit);
        report.warnings.iter().for_each(|warning| complain(warning));
        exit
    }

    fn report(self) -> Result<Report, Exit> {
        let file = self.configured.config.clone();
        let loaded = self.configured.load()?;
        let certificates = certificates(&loaded.config)?;
        let census = runtime()?.block_on(census::take(&loaded.config, self.online))?;
        Ok(Report::new(&file, &loaded, certificates, census))
    }
}

/// What is odd about the certificates; that they cannot be used is the end of it.
fn certificates(config: &Config) -> Result<Vec<String>, Exit> {
    let Some(tls) = &config.tls else { return Ok(Vec::new()) };
    let warnings = Tls::examine(tls, &config.public_url, Clock::system()).map_err(|error| {
        complain(&format!("error: {error}"));
        Exit::Usage
    })?;
    Ok(warnings.iter().map(|warning| format!("warning: {warning}")).collect())
}
