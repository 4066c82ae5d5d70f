//! `media-origin man`: the manual pages, from the definition of the command line.
//!
//! | file | holds |
//! |---|---|
//! | `page` | one page in the language of man(7) |
//! | `reference` | what the page of the program says beyond its flags: files, variables, signals, exit status |

mod page;
mod reference;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};

use super::{Cli, Exit, no};

/// Write the manual pages into a folder
///
/// There is one of the program, and one of each command: `media-origin-serve.1` and so on. They are in section 1.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin man ~/.local/share/man/man1\n  man media-origin-serve")]
pub(super) struct Man {
    /// The folder; it is made if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    pub(super) fn run(self) -> Exit {
        // The page of `help` would say nothing.
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        match write(&program, &self.folder) {
            Ok(()) => Exit::Success,
            Err(error) => {
                no(&format!("error: the pages cannot be written to {}: {error}", self.folder.display()))
            }
        }
    }
}

/// Writes a page for each command that `--help` lists, and one for the program.
fn write(program: &Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set());
    for command in [program].into_iter().chain(commands) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        fs::write(folder.join(format!("{name}.1")), page::render(command)?)?;
    }
    Ok(())
}
