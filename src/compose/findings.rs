//! What is found of a medium that neither its message nor its bytes show.

use crate::store::{AssetPath, NotAnAssetPath};
use crate::whatsapp::message::{Medium, Place, Requested};
use crate::whatsapp::{Finding, MediaKind, Severity};

/// Where this origin's own rules are written.
const OURS: &str = "media-origin README, \"Build the message\"";
const TEMPLATES: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/reference (OpenAPI, template media)";

/// `meant` is the asset that the sender had in mind, if that is clear.
pub(super) fn no_such_name(
    wrong: NotAnAssetPath,
    meant: Option<&AssetPath>,
    requested: &Requested,
) -> Finding {
    let detail = wrong.to_string();
    Finding::new(Severity::Refuse, "not-an-asset-path", detail, OURS).remedy(did_you_mean(meant, requested))
}

/// The same for a name that no asset has.
pub(super) fn no_such_asset(meant: Option<&AssetPath>, requested: &Requested) -> Finding {
    let detail =
        "there is no such asset: the link would be answered with 404, and the message would never arrive";
    Finding::new(Severity::Refuse, "no-such-asset", detail, OURS).remedy(did_you_mean(meant, requested))
}

fn did_you_mean(meant: Option<&AssetPath>, requested: &Requested) -> String {
    match (meant, requested) {
        (Some(path), _) => format!("did you mean `{path}`? Give it as `path`"),
        (None, Requested::Link(_)) => "link to a file that is there, or give its `path`".to_owned(),
        (None, _) => {
            "give the path of a file below the media directory, without a slash before it and not percent-encoded; \
             case counts"
                .to_owned()
        }
    }
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
