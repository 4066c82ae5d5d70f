//! argv to exit code. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    media_origin::cli::run(std::env::args_os()).into()
}
