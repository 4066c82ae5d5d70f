//! What is found of a medium that neither its message nor its bytes show.

use crate::store::AssetPath;
use crate::whatsapp::message::{Medium, Place};
use crate::whatsapp::{Finding, MediaKind, Severity};

/// Where this origin's own rules are written.
const OURS: &str = "media-origin README, \"Build the message\"";
const TEMPLATES: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/reference (OpenAPI, template media)";

/// `meant` is the asset that the sender had in mind, if that is clear.
pub(super) fn no_such_name(meant: Option<&AssetPath>) -> Finding {
    let detail = "no asset can have such a name: it leaves the media directory, or a part of it is empty or begins with a dot";
    let general =
        "give the path below the media directory, without a slash before it and not percent-encoded";
    Finding::new(Severity::Refuse, "not-an-asset-path", detail, OURS).remedy(did_you_mean(meant, general))
}

/// The same for a name that no asset has.
pub(super) fn no_such_asset(meant: Option<&AssetPath>) -> Finding {
    let detail =
        "there is no such asset: the link would be answered with 404, and the message would never arrive";
    let general =
        "give the path of a file below the media directory; case counts, and nothing is percent-encoded";
    Finding::new(Severity::Refuse, "no-such-asset", detail, OURS).remedy(did_you_mean(meant, general))
}

fn did_you_mean(meant: Option<&AssetPath>, general: &str) -> String {
    meant.map_or_else(|| general.to_owned(), |path| format!("did you mean `{path}`?"))
}

pub(super) fn cannot_be_read() -> Finding {
    let detail = "the asset is there and cannot be read: the link would be answered with 500";
    Finding::new(Severity::Refuse, "asset-unreadable", detail, OURS)
        .remedy("see the server's log for the reason: most often its user may not read the file")
}

/// That the document of a template has to be a PDF is of one source, so it warns.
pub(super) fn only_pdf(medium: &Medium, content_type: &str) -> Option<Finding> {
    let template = matches!(medium.place, Place::TemplateHeader | Place::TemplateCard);
    if !template || medium.kind != MediaKind::Document || content_type == "application/pdf" {
        return None;
    }
    let detail = format!("the document of a template is to be a PDF, and this is {content_type}");
    Some(
        Finding::new(Severity::Warn, "template-document-not-pdf", detail, TEMPLATES)
            .remedy("send it as a PDF"),
    )
}
