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
    let claim = Claim::of(query);
    let now = origin.clock().now();
    let verified = claim
        .as_ref()
        .map_err(|fault| *fault)
        .and_then(|claim| origin.keys().verify(path.as_str(), claim, now));
    let claim = claim.ok();
    let finding = match (verified, &claim) {
        (Err(fault), claim) => refused(fault, claim.as_ref()),
        (Ok(()), claim) => signed_until(claim.as_ref().map_or(now, |claim| claim.expiry.moment()), now),
    };
    let signature = Signature {
        state: verified.map_or_else(Fault::as_str, |()| "good"),
        key: claim.as_ref().map(|claim| claim.key.to_string()),
        expires: claim.as_ref().map(|claim| claim.expiry.to_string()),
    };
    (signature, finding)
}

fn refused(fault: Fault, claim: Option<&Claim<'_>>) -> Finding {
    let (code, detail) = match (fault, claim) {
        (Fault::UnknownKey, Some(claim)) => (
            "signature-unknown-key",
            format!("the link was signed with the key `{}`, which is not there", claim.key),
        ),
        (Fault::Expired, Some(claim)) => ("link-expired", format!("the link ended at {}", claim.expiry)),
        (Fault::Wrong, _) => (
            "signature-wrong",
            "the signature is of another path, version or time, or was made with another secret".to_owned(),
        ),
        (Fault::Missing, _) => {
            ("signature-missing", "the rule wants signed links, and this one is not signed".to_owned())
        }
        _ => (
            "signature-malformed",
            "a part of the link's signature is missing, given twice, or not of its form".to_owned(),
        ),
    };
    Finding::new(Severity::Refuse, code, detail, "media-origin README, \"Private links\"")
}
