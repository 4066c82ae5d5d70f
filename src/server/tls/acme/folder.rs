//! The account's key and the certificate, kept over a restart: authorities let an account ask only so often.
//!
//! Each file is this user's alone, and is replaced as a whole.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use tempfile::NamedTempFile;

use super::Unprepared;
use crate::server::tls::identity::Identity;

const ACCOUNT: &str = "account.json";

/// Key and chain in one file: there is no moment at which one is new and the other old.
const CERTIFICATE: &str = "certificate.pem";

/// A folder for one authority.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes it, below `root`, if it is not there.
    ///
    /// # Errors
    /// If nothing can be written to it.
    pub(super) fn open(root: &Path, directory_url: &str) -> Result<Self, Unprepared> {
        let folder = root.join(name(directory_url));
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        let tried = made.and_then(|()| NamedTempFile::new_in(&folder));
        tried.map_err(|error| Unprepared::Folder(folder.clone(), error.to_string()))?;
        Ok(Self(folder))
    }

    /// The certificate that was obtained last, if there is one that can be used.
    pub(super) fn certificate(&self) -> Option<Identity> {
        let text = self.read(CERTIFICATE)?;
        Identity::from_pem(&text, &text)
            .inspect_err(|error| self.note(CERTIFICATE, &format!("{error:?}")))
            .ok()
    }

    /// Keeps a chain and its key.
    pub(super) fn keep_certificate(&self, chain: &str, key: &str) -> io::Result<()> {
        self.write(CERTIFICATE, format!("{}\n{chain}", key.trim_end()).as_bytes())
    }

    /// The account, if there is one.
    pub(super) fn account(&self) -> Option<AccountCredentials> {
        let text = self.read(ACCOUNT)?;
        serde_json::from_slice(&text).inspect_err(|error| self.note(ACCOUNT, &error.to_string())).ok()
    }

    /// Keeps an account.
    pub(super) fn keep_account(&self, account: &AccountCredentials) -> io::Result<()> {
        self.write(ACCOUNT, &serde_json::to_vec(account)?)
    }

    #[expect(clippy::disallowed_methods, reason = "what was kept here is no asset")]
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let read = fs::read(self.0.join(name));
        read.inspect_err(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                self.note(name, &error.to_string());
            }
        })
        .ok()
    }

    fn write(&self, name: &str, text: &[u8]) -> io::Result<()> {
        // It is made with mode 0600.
        let mut file = NamedTempFile::new_in(&self.0)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(self.0.join(name))?;
        Ok(())
    }

    fn note(&self, name: &str, why: &str) {
        tracing::warn!(file = %self.0.join(name).display(), "what was kept cannot be used, and is made anew: {why}");
    }
}

/// A name for the folder of an authority: its URL without what a file's name cannot have.
fn name(directory_url: &str) -> String {
    let rest = directory_url.strip_prefix("https://").unwrap_or(directory_url);
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' };
    rest.trim_matches('.').chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_kept_is_for_this_user_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(&root.path().join("a/b"), "https://acme.test:14000/dir").unwrap();
        assert!(folder.certificate().is_none() && folder.account().is_none());
        let issued = rcgen::generate_simple_self_signed(["a.test".to_owned()]).unwrap();
        folder.keep_certificate(&issued.cert.pem(), &issued.signing_key.serialize_pem()).unwrap();
        assert_eq!(folder.certificate().unwrap().facts.names, ["a.test"]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = root.path().join("a/b/acme.test_14000_dir");
        assert_eq!((mode(&path), mode(&path.join(CERTIFICATE))), (0o700, 0o600));
        fs::write(path.join(CERTIFICATE), "junk").unwrap();
        fs::write(path.join(ACCOUNT), "junk").unwrap();
        assert!(folder.certificate().is_none() && folder.account().is_none());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_of() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Folder::open(&file, "https://a.test/dir").unwrap_err();
        assert!(error.to_string().contains("cache-dir"), "{error}");
    }
}
