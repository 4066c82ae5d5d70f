//! The files that configuration is read from. Nothing else here touches a disk.

use super::error::Problem;
use super::source::Source;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

/// The most bytes of a configuration: a hundred times what a long one has.
const CONFIGURATION: u64 = 1 << 20;

/// The most bytes of a token's file.
const TOKEN: u64 = 4 << 10;

/// The most bytes of a file of keys, and of what it says of them.
const KEYS: u64 = 64 << 10;

/// The text of the configuration at `path`.
pub(super) fn configuration(path: &Path) -> Result<String, Problem> {
    let source = |text: &str| Arc::new(Source::new(&path.display().to_string(), text));
    let bytes = bytes(path, CONFIGURATION).map_err(|error| unread(path, &error).of(&source("")))?;
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let text = String::from_utf8_lossy(bytes);
        not_utf8(bytes, error.utf8_error().valid_up_to()).of(&source(&text))
    })
}

/// The text of the token's file at `path`; the problem has no place yet.
pub(super) fn token(path: &Path) -> Result<String, Problem> {
    secret(path, "the token", TOKEN)
}

/// The text of the file of keys at `path`; the problem has no place yet.
pub(super) fn keys(path: &Path) -> Result<String, Problem> {
    secret(path, "the keys", KEYS)
}

fn secret(path: &Path, what: &str, most: u64) -> Result<String, Problem> {
    let refused = |reason: &str| {
        Problem::error(format!("{what} in {} cannot be read: {reason}", path.display()))
            .label("expected a file that this user may read")
    };
    let bytes = bytes(path, most).map_err(|error| refused(&reason(&error)))?;
    String::from_utf8(bytes).map_err(|_| refused("it is not text"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "configuration is not an asset: whoever starts the server names it"
)]
fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn unread(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::error(format!("{} cannot be read: {}", path.display(), reason(error)));
    match error.kind() {
        io::ErrorKind::NotFound => problem.help("name the configuration with `--config FILE`"),
        io::ErrorKind::IsADirectory => problem
            .help(format!("name a file in it: `--config {}`", path.join("media-origin.toml").display())),
        io::ErrorKind::PermissionDenied => problem.help("let the user that runs the server read it"),
        io::ErrorKind::FileTooLarge => {
            problem.help("a configuration has at most 1 MiB; is this the right file?")
        }
        _ => problem,
    }
}

/// The system's own words differ between systems; these do not.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::IsADirectory => "it is a directory".into(),
        io::ErrorKind::PermissionDenied => "this user may not read it".into(),
        io::ErrorKind::FileTooLarge => "it is too large".into(),
        _ => error.to_string(),
    }
}

/// The first byte that is not UTF-8 stands in the text as U+FFFD, three bytes long.
fn not_utf8(bytes: &[u8], at: usize) -> Problem {
    let byte = bytes.get(at).copied().unwrap_or_default();
    Problem::error(format!("the file is not UTF-8: byte {at} is 0x{byte:02X}"))
        .at(at..at + char::REPLACEMENT_CHARACTER.len_utf8())
        .label("expected text in UTF-8")
        .help("save the file again, with UTF-8 as its encoding")
}
