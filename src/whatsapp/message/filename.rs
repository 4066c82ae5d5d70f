//! The name that a document is given in the chat. It is all that the recipient sees of the file before opening it.

use super::Requested;
use super::fields::Fields;
use super::media::UNEXPECTED_KEY;
use super::node::{Limit, too_long};
use crate::whatsapp::{Finding, MediaKind, Severity};

const UNTITLED: &str = "github.com/chatwoot/chatwoot/issues/12283";
const DOCUMENT: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/document-messages";

/// The longest file name that a provider of the API allows; Meta names no limit.
const FILENAME: Limit = Limit { most: 240, source: "github.com/infobip-community/infobip-api-python-sdk" };

/// The code of the finding that a document has no name. It is settled where the caller fills one in.
pub const WITHOUT_FILENAME: &str = "document-without-filename";

/// What it does to a text to be written from right to left, or to be written over: U+202A to U+202E, U+2066 to U+2069.
const BIDI: [std::ops::RangeInclusive<char>; 2] = ['\u{202A}'..='\u{202E}', '\u{2066}'..='\u{2069}'];

/// Reads `filename` of a document.
pub(super) fn read(fields: &mut Fields<'_>, requested: Option<&Requested>) -> Option<String> {
    let value = fields.optional("filename");
    // A file of this origin has a name to be filled in.
    if value.is_none() && matches!(requested, Some(Requested::Link(_) | Requested::Id(_))) {
        fields.node().remark(|| {
            let detail = "without `filename` the document is shown as \"Untitled\"";
            Finding::new(Severity::Warn, WITHOUT_FILENAME, detail, UNTITLED)
                .remedy("add `filename`, with the extension that picks its icon")
        });
    }
    let value = value?;
    let name = value.filled()?;
    [characters(name), slash(name), bidi(name), long(name), extension(name)]
        .into_iter()
        .flatten()
        .for_each(|finding| value.remark(|| finding));
    Some(name.to_owned())
}

/// What is to be said of a `filename` that stands in another media object.
pub(super) fn not_allowed(kind: MediaKind) -> Finding {
    let detail = format!(
        "only documents have a file name, not `{kind}`: the API answers `(#100) Unexpected key \"filename\"`"
    );
    Finding::new(Severity::Refuse, "filename-not-allowed", detail, UNEXPECTED_KEY)
        .remedy("remove it, or send the file as a `document`")
}

fn characters(name: &str) -> Option<Finding> {
    name.chars().any(char::is_control).then(|| {
        let detail = "a file name has no control characters";
        Finding::new(Severity::Refuse, "not-a-filename", detail, DOCUMENT)
    })
}

fn slash(name: &str) -> Option<Finding> {
    name.contains(['/', '\\']).then(|| {
        let detail = "there is a slash in the file name, and clients save the file under another name";
        Finding::new(Severity::Warn, "filename-with-slash", detail, DOCUMENT)
            .remedy("write `-` instead, or give the name without the folders before it")
    })
}

fn bidi(name: &str) -> Option<Finding> {
    name.chars().any(|c| BIDI.iter().any(|range| range.contains(&c))).then(|| {
        let detail =
            "characters in the file name turn the direction of writing, which can hide its extension";
        Finding::new(Severity::Warn, "filename-bidi", detail, "Unicode UAX #9 §2").remedy("remove them")
    })
}

fn long(name: &str) -> Option<Finding> {
    let found = name.chars().count();
    (found > FILENAME.most).then(|| {
        let (detail, remedy) = too_long(found, FILENAME.most);
        Finding::new(Severity::Warn, "long-filename", detail, FILENAME.source).remedy(remedy)
    })
}

fn extension(name: &str) -> Option<Finding> {
    let has_extension = name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && !extension.is_empty() && extension.chars().all(|c| c.is_ascii_alphanumeric())
    });
    (!has_extension).then(|| {
        let detail = "the file name has no extension, by which the client picks an icon and an application";
        Finding::new(Severity::Warn, "filename-without-extension", detail, DOCUMENT)
            .remedy("end it as the file itself ends, such as `.pdf`")
    })
}
