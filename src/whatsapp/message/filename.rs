//! The name that a document is given in the chat. It is all that the recipient sees of the file before opening it.

use super::Requested;
use super::fields::Fields;
use super::media::UNEXPECTED_KEY;
use super::node::{Limit, Node, too_long};
use crate::whatsapp::{Finding, MediaKind, Severity};

const UNTITLED: &str = "github.com/chatwoot/chatwoot/issues/12283";
const DOCUMENT: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/document-messages";

/// The longest file name that a provider of the API allows; Meta names no limit.
const FILENAME: Limit = Limit { most: 240, source: "github.com/infobip-community/infobip-api-python-sdk" };

/// The code of the finding that a document has no name. It is settled where the caller fills one in.
pub const WITHOUT_FILENAME: &str = "document-without-filename";

/// Reads `filename`, which only documents may have.
pub(super) fn read(
    fields: &mut Fields<'_>,
    kind: MediaKind,
    requested: Option<&Requested>,
) -> Option<String> {
    if kind != MediaKind::Document {
        fields.forbidden("filename", || {
            let detail = format!(
                "only documents have a file name, not `{kind}`: the API answers `(#100) Unexpected key \"filename\"`"
            );
            let remedy = "remove it, or send the file as a `document`";
            Finding::new(Severity::Refuse, "filename-not-allowed", detail, UNEXPECTED_KEY).remedy(remedy)
        });
        return None;
    }
    let value = fields.optional("filename");
    // A file of this origin has a name to be filled in.
    if value.is_none() && matches!(requested, Some(Requested::Link(_) | Requested::Id(_))) {
        let detail = "without `filename` the document is shown as \"Untitled\"";
        let finding = Finding::new(Severity::Warn, WITHOUT_FILENAME, detail, UNTITLED);
        fields.node().remark(finding.remedy("add `filename`, with the extension that picks its icon"));
    }
    let name = value.as_ref()?.filled()?;
    check(value.as_ref()?, name);
    Some(name.to_owned())
}

fn check(value: &Node<'_>, name: &str) {
    if name.contains(['/', '\\']) || name.chars().any(char::is_control) {
        let detail = "a file name has neither slashes nor control characters";
        value.remark(Finding::new(Severity::Refuse, "not-a-filename", detail, DOCUMENT));
    }
    let found = name.chars().count();
    if found > FILENAME.most {
        let (detail, remedy) = too_long(found, FILENAME.most);
        value.remark(Finding::new(Severity::Warn, "long-filename", detail, FILENAME.source).remedy(remedy));
    }
    let has_extension = name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && !extension.is_empty() && extension.chars().all(|c| c.is_ascii_alphanumeric())
    });
    if !has_extension {
        let detail = "the file name has no extension, by which the client picks an icon and an application";
        let finding = Finding::new(Severity::Warn, "filename-without-extension", detail, DOCUMENT);
        value.remark(finding.remedy("end it as the file itself ends, such as `.pdf`"));
    }
}
