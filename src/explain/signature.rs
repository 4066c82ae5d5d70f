//! What a link to an asset that is not for everybody says of its signature, and whether that is true.

use serde::Serialize;
use utoipa::ToSchema;

use crate::origin::Origin;
use crate::signing::{Claim, Fault};
use crate::store::AssetPath;
use crate::whatsapp::link::signed_until;
use crate::whatsapp::{Finding, Severity};

/// The signature of a link.
#[derive(Debug, Serialize, ToSchema)]
pub struct Signature {
    /// "good", or what is wrong with it: "missing", "malformed", "`unknown_key`", "wrong" or "expired".
    pub state: &'static str,
    /// The name of the key that it says it was made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Until when the link says it is good (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// Examines the signature of a link to the asset with this query.
pub(super) fn examine(origin: &Origin, path: &AssetPath, query: Option<&str>) -> (Signature, Finding) {
    let now = origin.clock().now();
    let claim = match Claim::of(query) {
        Ok(claim) => claim,
        Err(fault) => {
            let signature = Signature { state: fault.as_str(), key: None, expires: None };
            return (signature, refused(fault));
        }
    };
    let expiry = claim.expiry;
    let (state, finding) = match origin.keys().verify(path.as_str(), &claim, now) {
        Ok(()) => ("good", signed_until(expiry.moment(), expiry.left(now))),
        Err(fault) => (fault.as_str(), refused(fault)),
    };
    let signature =
        Signature { state, key: Some(claim.key.to_string()), expires: Some(claim.expiry.to_string()) };
    (signature, finding)
}

/// Why the link is refused; its key and its end stand beside this.
fn refused(fault: Fault) -> Finding {
    let (code, detail) = match fault {
        Fault::Missing => ("signature-missing", "the rule wants signed links, and this one is not signed"),
        Fault::Malformed => (
            "signature-malformed",
            "a part of the link's signature is missing, given twice, or not of its form",
        ),
        Fault::UnknownKey => ("signature-unknown-key", "the key that the link names is not there"),
        Fault::Wrong => (
            "signature-wrong",
            "the signature is of another path, version or time, or was made with another secret",
        ),
        Fault::Expired => ("link-expired", "the link was good, and is over"),
    };
    Finding::new(Severity::Refuse, code, detail, "media-origin README, \"Private links\"")
}
