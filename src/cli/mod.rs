//! The commands: one file or folder each. The only room that prints.

mod check;
mod completions;
mod exit;
mod explain;
mod findings;
mod health;
mod keys;
mod log;
mod man;
mod message;
mod operator;
mod purge;
mod reload;
mod serve;
mod sign;
mod store;
mod tally;
mod warm;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;

pub use exit::Exit;

use crate::config::{
    Config, ConfigError, Environment, ListenAddress, ListenAddressError, Loaded, Overrides, PublicUrl,
};

/// The server behind WhatsApp media links: hosts the files, builds the messages, explains the caches.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    max_term_width = 100,
    after_help = "Run `media-origin COMMAND --help` for an example of each."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Check(check::Check),
    Explain(explain::Explain),
    Message(message::Message),
    Sign(sign::Sign),
    Warm(warm::Warm),
    Purge(purge::Purge),
    Reload(reload::Reload),
    Health(health::Health),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Where the configuration is, unless a flag says otherwise.
const DEFAULT_CONFIG: &str = "config/media-origin.toml";

/// Where the configuration is, and what overrides it.
#[derive(Args, Debug)]
struct Configured {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = DEFAULT_CONFIG)]
    config: PathBuf,
    /// The directory whose files are the assets; overrides store.root
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The public listener: IP:PORT, unix:PATH or systemd:NAME; may be repeated; overrides listen.address
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    listen: Vec<ListenAddress>,
    /// The control listener, as --listen takes it; overrides control.address
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    control: Option<ListenAddress>,
    /// The prefix of every link; overrides public-url
    #[arg(long, value_name = "URL")]
    public_url: Option<PublicUrl>,
}

/// Runs the command that the arguments name. The first argument is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers, not errors; a closed terminal is no reason to fail.
            let _printed = answer.print();
            let asked = matches!(answer.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { Exit::Success } else { Exit::Usage };
        }
    };
    match cli.command {
        Command::Serve(serve) => serve.run(),
        Command::Check(check) => check.run(),
        Command::Explain(explain) => explain.run(),
        Command::Message(message) => message.run(),
        Command::Sign(sign) => sign.run(),
        Command::Warm(warm) => warm.run(),
        Command::Purge(purge) => purge.run(),
        Command::Reload(reload) => reload.run(),
        Command::Health(health) => health.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    }
}

/// An address to listen on, as a flag says it.
fn listen_address(text: &str) -> Result<ListenAddress, String> {
    text.parse().map_err(|error: ListenAddressError| format!("{}; {}", error.expected(), error.remedy()))
}

impl Configured {
    /// Whether nobody named a configuration, and the default place has none.
    fn is_absent(&self) -> bool {
        self.config == Path::new(DEFAULT_CONFIG) && !self.config.exists()
    }

    /// Reads the configuration, saying on standard error what is wrong with it.
    fn load(&self) -> Result<Loaded, Exit> {
        self.read(&Environment::process()).map_err(|error| {
            complain(&rendered(&error));
            Exit::Usage
        })
    }

    /// Reads the configuration as it is now.
    fn read(&self, environment: &Environment) -> Result<Loaded, ConfigError> {
        let overrides = Overrides {
            root: self.root.clone(),
            listen: self.listen.clone(),
            control: self.control.clone(),
            public_url: self.public_url.clone(),
        };
        Config::load(&self.config, overrides, environment)
    }
}

/// Says why the answer is no.
fn no(why: &str) -> Exit {
    complain(why);
    Exit::No
}

/// A runtime for one answer.
fn runtime() -> Result<tokio::runtime::Runtime, Exit> {
    let started = tokio::runtime::Builder::new_current_thread().enable_all().build();
    started.map_err(|error| {
        complain(&format!("error: the runtime cannot be started: {error}"));
        Exit::No
    })
}

fn rendered(error: &ConfigError) -> String {
    if std::io::stderr().is_terminal() { error.styled() } else { error.to_string() }
}

/// A name as it may be shown on a terminal: what would move the cursor, or end the line, is escaped.
fn printable(name: &str) -> String {
    let shown = |c: char| {
        let direction = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || direction { c.escape_default().to_string() } else { c.to_string() }
    };
    name.chars().map(shown).collect()
}

/// Prints a line for the person or program that asked. A reader that has gone away is no failure.
fn say(text: &str) {
    let _gone = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints the answer of a command that ends with `exit`; or says why it could not be written, and ends with no.
fn answer(text: &str, exit: Exit) -> Exit {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            no(&format!("error: the answer cannot be written to standard output: {error}"))
        }
        _ => exit,
    }
}

/// The same as JSON, for a program.
fn answer_json(json: &impl Serialize, exit: Exit) -> Exit {
    match serde_json::to_string_pretty(json) {
        Ok(text) => answer(&text, exit),
        Err(error) => no(&format!("error: the answer cannot be written as JSON: {error}")),
    }
}

/// Prints a line about what went wrong.
fn complain(text: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{text}");
}
