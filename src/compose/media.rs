//! One medium of a message: found, opened, judged, linked.

use serde::Serialize;
use utoipa::ToSchema;

use super::findings::{cannot_be_read, no_such_asset, no_such_name, only_pdf};
use crate::caching::verdict::Verdict;
use crate::explain::{Described, caches};
use crate::origin::Origin;
use crate::signing::Expiry;
use crate::store::{AssetPath, Explored, NotAnAssetPath, OpenError};
use crate::whatsapp::limits::judge;
use crate::whatsapp::link::{self, Examined, Whose};
use crate::whatsapp::message::{
    Medium, Pointer, Position, Remark, Requested, Sendable, Slot, WITHOUT_FILENAME,
};
use crate::whatsapp::{Finding, MediaKind, worst_first};

/// A medium of a message, as it will be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Linked {
    /// The media object in the message (RFC 6901).
    pub pointer: Pointer,
    /// What it is sent as.
    pub kind: MediaKind,
    /// The link or the id; absent where there is none to be had.
    #[serde(flatten)]
    pub sendable: Option<Sendable>,
    /// The asset's path, where it is one of this origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The bytes, where they are of this origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Described>,
    /// What was found about it, the worst first.
    pub findings: Vec<Finding>,
    /// What each cache does with the answer to the link, where it is of this origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Verdict>>)]
    pub caches: Option<[Verdict; 3]>,
    /// The key that names the file: where a finding belongs.
    #[serde(skip)]
    reference: Pointer,
    /// Where that key stands in the message.
    #[serde(skip)]
    at: Position,
}

/// Finds the file that a medium names, and judges whether its place takes it.
///
/// # Errors
/// If the file keeps changing while it is read, or the bucket cannot be asked: then nothing can be said of it now.
pub(super) async fn resolve(origin: &Origin, medium: &Medium) -> Result<Linked, OpenError> {
    let mut linked = find(origin, medium).await?;
    worst_first(&mut linked.findings);
    Ok(linked)
}

async fn find(origin: &Origin, medium: &Medium) -> Result<Linked, OpenError> {
    let found = Linked::nothing(medium);
    match &medium.requested {
        Requested::Id(id) => Ok(found.sent(Sendable::Id(id.clone()))),
        Requested::Path(path) => {
            asset(origin, medium, found, (path, AssetPath::try_from(path.clone()))).await
        }
        Requested::Link(text) => {
            match link::examine(text, origin.public_url().as_str(), origin.clock().now()) {
                Err(findings) => Ok(Linked { findings, ..found }),
                Ok(Examined { whose: Whose::Ours { path, .. }, findings }) => {
                    let found = Linked { findings, ..found };
                    asset(origin, medium, found, (path, AssetPath::decode(path))).await
                }
                Ok(Examined { whose: Whose::Foreign(_), findings }) => {
                    Ok(Linked { findings, ..found }.sent(Sendable::Link(text.clone())))
                }
            }
        }
    }
}

/// An asset of this origin, by its name as it was written and as it was read.
async fn asset(
    origin: &Origin,
    medium: &Medium,
    found: Linked,
    (written, path): (&str, Result<AssetPath, NotAnAssetPath>),
) -> Result<Linked, OpenError> {
    let store = origin.store();
    let path = match path {
        Ok(path) => path,
        Err(wrong) => {
            let meant = store.meant(written).await;
            return Ok(found.refused(no_such_name(wrong, meant.as_ref(), &medium.requested)));
        }
    };
    match store.explore(&path).await {
        Ok(explored) => Ok(found.of(origin, medium, &path, &explored).await),
        Err(OpenError::NotFound) => {
            Ok(found.refused(no_such_asset(store.meant(written).await.as_ref(), &medium.requested)))
        }
        Err(unreadable @ OpenError::Io(_)) => {
            tracing::error!(asset = ?path.as_str(), "{unreadable}");
            Ok(found.refused(cannot_be_read()))
        }
        Err(passing @ (OpenError::KeepsChanging | OpenError::Upstream(_) | OpenError::Overloaded)) => {
            Err(passing)
        }
    }
}

impl Linked {
    fn nothing(medium: &Medium) -> Self {
        Self {
            pointer: medium.pointer.clone(),
            kind: medium.kind,
            sendable: None,
            path: None,
            content: None,
            findings: Vec::new(),
            caches: None,
            reference: medium.reference(),
            at: medium.at,
        }
    }

    fn sent(self, sendable: Sendable) -> Self {
        Self { sendable: Some(sendable), ..self }
    }

    fn refused(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// The asset that was found.
    async fn of(mut self, origin: &Origin, medium: &Medium, path: &AssetPath, explored: &Explored) -> Self {
        let media = explored.media();
        self.findings.extend(judge(medium.kind, medium.voice, &media));
        self.findings.extend(link::unreachable_origin(origin.public_url().as_str()));
        self.findings.extend(only_pdf(medium, media.content_type));
        let version = explored.asset.representation.version;
        let link = origin.link(path, &version);
        let now = origin.clock().now();
        let until = |expiry: Expiry| link::signed_until(expiry.moment(), expiry.left(now));
        self.findings.extend(link.expiry().map(until));
        let link = link.to_string();
        let caches = caches(origin, &link).await;
        Self {
            path: Some(path.to_string()),
            content: Some(Described::of(explored)),
            caches: Some(caches),
            ..self.sent(Sendable::Link(link))
        }
    }

    /// What was found, each with its place in the message.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Remark> {
        let remark = |finding: &Finding| Remark {
            at: self.at,
            pointer: self.reference.clone(),
            finding: finding.clone(),
        };
        self.findings.iter().map(remark)
    }

    /// Whether a remark asks for what is done here: a document of this origin gets the name of its file.
    pub(super) fn answers(&self, remark: &Remark) -> bool {
        let unnamed = remark.finding.code == WITHOUT_FILENAME && remark.pointer == self.pointer;
        unnamed && self.path.is_some()
    }

    /// Puts the link, and the name of a document that has none, into their places in the message.
    pub(super) fn fill(&self, slot: Slot<'_, Requested>) -> Option<Sendable> {
        if let (Some(filename @ None), Some(path)) = (slot.filename, &self.path) {
            *filename = path.rsplit('/').next().map(str::to_owned);
        }
        self.sendable.clone()
    }
}
