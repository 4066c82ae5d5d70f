//! argv to exit code. Everything else is in the library.

use std::process::ExitCode;

/// The system's own keeps what a crowd of connections took, and the server would look as if they were still there.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    media_origin::cli::run(std::env::args_os()).into()
}
