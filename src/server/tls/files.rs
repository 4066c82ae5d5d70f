//! Certificates in files: read, and judged before they are used.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::identity::{Facts, Fault, Identity, IdentityError};
use crate::config::CertificateFiles;

/// The most bytes of a file: a chain has some thousands.
const LARGEST: u64 = 1 << 20;

/// How long before its end a certificate should have been renewed, unless it is one that lives for some days only.
const SOON: Duration = Duration::from_hours(14 * 24);

/// What stands in a pair of files.
pub(super) struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Tells contents from others, and keeps none of a key.
pub(super) type Fingerprint = [u8; 32];

/// What is odd about a certificate that can be used. `Display` is a sentence, and a line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is odd.
    pub sentence: String,
    /// What to do.
    pub help: String,
}

/// Why a pair of files is of no use. `Display` is a sentence, and a line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Unread(&'static str, String),
    Certificate(Fault),
    Key(Fault),
    /// The key is that of another certificate than the one in this file.
    Mismatch(PathBuf),
}

impl Contents {
    /// Reads both files, following links as they are now.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub(super) fn read(files: &CertificateFiles) -> Result<Self, FileError> {
        let read = |path: &Path, what| {
            bytes(path).map_err(|error| FileError {
                path: path.to_owned(),
                problem: Problem::Unread(what, reason(&error)),
            })
        };
        Ok(Self { certificate: read(&files.certificate, "certificate")?, key: read(&files.key, "key")? })
    }

    /// What tells them from others.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let length = (self.certificate.len() as u64).to_be_bytes();
        Sha256::new()
            .chain_update(length)
            .chain_update(&self.certificate)
            .chain_update(&self.key)
            .finalize()
            .into()
    }

    /// The certificate and its key.
    ///
    /// # Errors
    /// If they are not what they should be, or do not belong together.
    pub(super) fn identity(&self, files: &CertificateFiles) -> Result<Identity, FileError> {
        Identity::from_pem(&self.certificate, &self.key).map_err(|error| match error {
            IdentityError::Certificate(fault) => {
                FileError { path: files.certificate.clone(), problem: Problem::Certificate(fault) }
            }
            IdentityError::Key(fault) => FileError { path: files.key.clone(), problem: Problem::Key(fault) },
            IdentityError::Mismatch => {
                FileError { path: files.key.clone(), problem: Problem::Mismatch(files.certificate.clone()) }
            }
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "a certificate is not an asset: the configuration names it")]
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".into(),
        ErrorKind::IsADirectory => "it is a directory".into(),
        ErrorKind::PermissionDenied => "this user may not read it".into(),
        ErrorKind::FileTooLarge => "it is too large".into(),
        _ => error.to_string(),
    }
}

/// What whoever named these files should know, though they can be used.
pub(super) fn warnings(files: &CertificateFiles, facts: &Facts, now: SystemTime) -> Vec<Warning> {
    let key = files.key.display();
    let exposed = std::fs::metadata(&files.key).is_ok_and(|file| file.permissions().mode() & 0o004 != 0);
    let exposed = exposed.then(|| Warning {
        sentence: format!("the key in {key} can be read by every user of this machine"),
        help: format!("chmod o= {key}"),
    });
    of_time(files, facts, now).into_iter().chain(exposed).collect()
}

/// What is odd about the time for which a certificate is good.
pub(super) fn of_time(files: &CertificateFiles, facts: &Facts, now: SystemTime) -> Option<Warning> {
    const RENEW: &str = "renew it; it is read again when it changes";
    let date = humantime::format_rfc3339_seconds;
    let remaining = facts.remaining(now);
    let (odd, help) = if remaining.is_zero() {
        (format!("has expired at {}: clients refuse it", date(facts.not_after)), RENEW)
    } else if now < facts.not_before {
        let help = "set the clock of the machine that issued it, or this one's";
        (format!("is not valid before {}: clients refuse it", date(facts.not_before)), help)
    } else if remaining < SOON.min(facts.lifetime() / 3) {
        (format!("expires in {} days", remaining.as_secs() / (24 * 60 * 60)), RENEW)
    } else {
        return None;
    };
    let sentence = format!("the certificate in {} {odd}", files.certificate.display());
    Some(Warning { sentence, help: help.to_owned() })
}

impl Warning {
    /// Has the log told.
    pub fn log(&self) {
        tracing::warn!(help = self.help, "{}", self.sentence);
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhelp: {}", self.sentence, self.help)
    }
}

impl FileError {
    /// What to do.
    pub(super) fn help(&self) -> String {
        let path = self.path.display();
        match &self.problem {
            Problem::Unread(..) => "name a file that the user who runs the server may read".into(),
            Problem::Certificate(Fault::Swapped) | Problem::Key(Fault::Swapped) => {
                "swap `certificate` and `key`".into()
            }
            Problem::Certificate(_) => {
                format!(
                    "it should be the whole chain in PEM (fullchain.pem); see `openssl x509 -in {path} -text`"
                )
            }
            Problem::Key(Fault::Encrypted) => {
                format!(
                    "remove the passphrase: `openssl pkey -in {path} -out …`, and let nobody else read the result"
                )
            }
            Problem::Key(_) => {
                format!("it should be a private key in PEM; see `openssl pkey -in {path} -check`")
            }
            Problem::Mismatch(certificate) => format!(
                "name the key that the certificate was issued for; `openssl pkey -in {path} -pubout` and \
                 `openssl x509 -in {} -pubkey -noout` print the same for those that belong together",
                certificate.display()
            ),
        }
    }

    /// The sentence alone.
    pub(super) fn sentence(&self) -> String {
        let path = self.path.display();
        match &self.problem {
            Problem::Unread(what, why) => format!("the {what} in {path} cannot be read: {why}"),
            Problem::Certificate(fault) => format!("the certificate in {path} cannot be used: {fault}"),
            Problem::Key(fault) => format!("the key in {path} cannot be used: {fault}"),
            Problem::Mismatch(certificate) => {
                format!("the key in {path} is not that of the certificate in {}", certificate.display())
            }
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhelp: {}", self.sentence(), self.help())
    }
}

impl std::error::Error for FileError {}
