//! How a command ends.

use std::process::ExitCode;

/// The exit status of the program: part of its interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The command did what it was asked.
    Success = 0,
    /// The answer is no: a failed check, an asset that is not there, a server that is not ready, a port that is taken.
    No = 1,
    /// The arguments or the configuration are wrong.
    Usage = 2,
    /// The server stopped, and cut responses that had not finished in time.
    Cut = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
