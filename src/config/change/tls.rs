//! HTTPS: certificates change at once, listeners after a restart.

use super::told::Told;
use super::{Change, Changes};
use crate::config::{Certificates, Plain, Tls, TlsVersion};

impl Changes {
    pub(super) fn tls(&mut self, old: Option<&Tls>, new: Option<Tls>) -> Option<Tls> {
        match (old, new) {
            (Some(old), Some(new)) => {
                let Tls { listen, minimum, certificates, plain } = new;
                let keys = ["tls.address", "tls.mode", "tls.proxy-protocol"];
                Some(Tls {
                    listen: self.listen(keys, &old.listen, listen),
                    minimum: self.at_once("tls.minimum-version", &old.minimum, minimum),
                    certificates: self.at_once("tls.certificate", &old.certificates, certificates),
                    plain: self.plain(old.plain, plain),
                })
            }
            (old, new) => {
                let place = |tls: Option<&Tls>| tls.map(|tls| tls.listen.addresses.clone());
                self.needs_restart.extend(Change::between("tls", &place(old), &place(new.as_ref())));
                old.cloned()
            }
        }
    }

    /// What the listener answers, or whether it is there.
    fn plain(&mut self, old: Plain, new: Plain) -> Plain {
        if old == Plain::Off || new == Plain::Off {
            self.after_restart("listen.plain", &old, &new)
        } else {
            self.at_once("listen.plain", &old, new)
        }
    }
}

impl Told for TlsVersion {
    fn told(&self) -> String {
        let version = match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        };
        format!("\"{version}\"")
    }
}

impl Told for Plain {
    fn told(&self) -> String {
        let plain = match self {
            Self::Serve => "serve",
            Self::NotFound => "not-found",
            Self::Off => "off",
        };
        format!("\"{plain}\"")
    }
}

/// Where they come from.
impl Told for Certificates {
    fn told(&self) -> String {
        match self {
            Self::Files(files) => {
                let pairs =
                    files.iter().map(|one| format!("{} with {}", one.certificate.told(), one.key.told()));
                pairs.collect::<Vec<_>>().join(", ")
            }
            Self::Acme(acme) => {
                let (domains, directory) = (acme.domains.join(", "), acme.directory_url.told());
                format!("for {domains} from {directory}, kept in {}", acme.cache_dir.told())
            }
        }
    }
}
