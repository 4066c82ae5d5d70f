//! The links to assets: pinned to a version, and signed where a rule wants that.

use std::fmt;
use std::time::SystemTime;

use super::{Origin, Target};
use crate::caching::rules::Access;
use crate::semantics::representation::Version;
use crate::signing::{Expiry, Fault, Grant};
use crate::store::AssetPath;

/// A link to an asset of this origin: absolute, and in ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetLink {
    text: String,
    expiry: Option<Expiry>,
}

impl AssetLink {
    /// When it is over; `None` if it is not signed, and so never is.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        self.expiry
    }
}

impl fmt::Display for AssetLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Origin {
    /// The link to that version of an asset, as messages carry it: pinned unless the configuration says otherwise, and
    /// good for the lifetime that it says.
    #[must_use]
    pub fn link(&self, path: &AssetPath, version: &Version) -> AssetLink {
        self.link_until(path, version, self.usual_expiry())
    }

    /// The same, good until then if it has to be signed.
    #[must_use]
    pub fn link_until(&self, path: &AssetPath, version: &Version, expiry: Expiry) -> AssetLink {
        self.link_of(path, self.links.pin.then(|| version.pin()), expiry)
    }

    /// The link to an asset in whatever version it has.
    #[must_use]
    pub fn unpinned_link(&self, path: &AssetPath) -> AssetLink {
        self.link_of(path, None, self.usual_expiry())
    }

    /// The link to an asset, whatever its version, and without a signature.
    #[must_use]
    pub fn bare_link(&self, path: &AssetPath) -> String {
        format!("{}/{}", self.public_url, path.encoded())
    }

    /// Whether the link that was asked for gives access to the asset. What this says does not depend on whether there is
    /// such an asset.
    pub(super) fn permit(&self, access: Access, target: &Target<'_>, now: SystemTime) -> Result<(), Fault> {
        match access {
            Access::Public => Ok(()),
            Access::Signed => self.signing.keys.verify(target.path.as_str(), &target.claim()?, now),
        }
    }

    fn usual_expiry(&self) -> Expiry {
        Expiry::on_the_hour(self.clock.now(), self.signing.lifetime)
    }

    fn link_of(&self, path: &AssetPath, pin: Option<String>, expiry: Expiry) -> AssetLink {
        let signature = match self.rules.govern(path.as_str()).access() {
            Access::Public => None,
            Access::Signed => {
                self.signing.keys.sign(&Grant { path: path.as_str(), pin: pin.as_deref(), expiry })
            }
        };
        let expiry = signature.is_some().then_some(expiry);
        let parameters: Vec<_> = pin.map(|pin| format!("v={pin}")).into_iter().chain(signature).collect();
        let query = if parameters.is_empty() { String::new() } else { format!("?{}", parameters.join("&")) };
        AssetLink { text: self.bare_link(path) + &query, expiry }
    }
}
