//! `media-origin reload`: has a running server read its configuration again.

use clap::Args;
use http::{Method, StatusCode};

use super::operator::{Answer, Operator};
use super::{Configured, Exit, answer, answer_json, complain, no, printable, runtime};
use crate::config::Change;
use crate::control::{Mistake, RefusedConfiguration, Reloaded};

/// Have a running server read its configuration again
///
/// It says what is in force now, and what needs a restart. A configuration with an error is refused, here already, and
/// the old one stays. No request is dropped. SIGHUP does the same, and says it in the log.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin reload --config /etc/media-origin.toml\n\n\
                        Where the server listens, and its token, are those of the configuration as it is now: after\n\
                        changing these, give the old address with --control, or send SIGHUP.\n\n\
                        Exit status: 0 it is in force, but for what needs a restart, 1 no server answers, 2 the\n\
                        configuration or the command line is invalid.")]
pub(super) struct Reload {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

impl Reload {
    pub(super) fn run(self) -> Exit {
        self.reload().unwrap_or_else(|exit| exit)
    }

    fn reload(self) -> Result<Exit, Exit> {
        let config = self.configured.load()?.config;
        let mut operator = Operator::of(&config.control).map_err(|why| no(&format!("error: {why}")))?;
        let asked = runtime()?.block_on(operator.ask(Method::POST, "/reload"));
        let answered = asked.map_err(|error| no(&format!("error: {error}\nhelp: {}", error.help())))?;
        let reloaded = understood(&answered)?;
        if self.json {
            return Ok(answer_json(&reloaded, Exit::Success));
        }
        reloaded.warnings.iter().for_each(|warning| complain(&told("warning", warning)));
        Ok(answer(&lines(&reloaded), Exit::Success))
    }
}

/// What the server did. Why it did nothing is said.
fn understood(answered: &Answer) -> Result<Reloaded, Exit> {
    let broken =
        |error: serde_json::Error| no(&format!("error: the server's answer is not understood: {error}"));
    match answered.status {
        StatusCode::OK => serde_json::from_slice(&answered.body).map_err(broken),
        StatusCode::UNPROCESSABLE_ENTITY => {
            let refused: RefusedConfiguration = serde_json::from_slice(&answered.body).map_err(broken)?;
            refused.warnings.iter().for_each(|warning| complain(&told("warning", warning)));
            refused.errors.iter().for_each(|error| complain(&told("error", error)));
            complain(&format!("error: {}", printable(&refused.detail)));
            Err(Exit::Usage)
        }
        _ => Err(no(&format!("error: {}", printable(&answered.detail())))),
    }
}

fn told(what: &str, mistake: &Mistake) -> String {
    let help = mistake.help.iter().map(|help| format!("\nhelp: {}", printable(help)));
    format!("{what}: {}{}", printable(&mistake.to_string()), help.collect::<String>())
}

fn lines(Reloaded { changed, needs_restart, .. }: &Reloaded) -> String {
    if changed.is_empty() && needs_restart.is_empty() {
        return "nothing has changed".to_owned();
    }
    let list = |what: &'static str, changes: &[Change]| -> Vec<String> {
        changes.iter().map(|change| format!("{what:14}{}", printable(&change.to_string()))).collect()
    };
    [list("in force", changed), list("needs restart", needs_restart)].concat().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_force_and_what_needs_a_restart_are_told_apart() {
        let change =
            |key: &str| Change { key: key.to_owned(), old: "\"1s\"".to_owned(), new: "\"2s\"".to_owned() };
        let reloaded = |changed: &[Change], needs_restart: &[Change]| Reloaded {
            changed: changed.to_vec(),
            needs_restart: needs_restart.to_vec(),
            warnings: Vec::new(),
        };
        assert_eq!(lines(&reloaded(&[], &[])), "nothing has changed");
        assert_eq!(
            lines(&reloaded(&[change("a"), change("b")], &[change("c")])),
            "in force      a: \"1s\" → \"2s\"\nin force      b: \"1s\" → \"2s\"\nneeds restart c: \"1s\" → \"2s\""
        );
    }
}
