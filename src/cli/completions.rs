//! `media-origin completions`: what a shell needs to complete a command line, from the definition of that line.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::{Cli, Exit, answer};

/// Print the completions of a shell
///
/// Bash, fish and zsh look for them in folders of their own; the package for Debian puts them there.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    media-origin completions bash > ~/.local/share/bash-completion/completions/media-origin\n  \
    media-origin completions fish > ~/.config/fish/completions/media-origin.fish\n  \
    media-origin completions zsh > \"${fpath[1]}/_media-origin\"")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Exit {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), NAME, &mut script);
        answer(mended(&String::from_utf8_lossy(&script)).trim_end(), Exit::Success)
    }
}

const NAME: &str = env!("CARGO_PKG_NAME");

/// The script for bash names the state behind a command in two ways where the program's name has a hyphen, so that it
/// completes nothing there (clap-rs/clap#6421). In other scripts the wrong name does not occur.
fn mended(script: &str) -> String {
    script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"))
}
