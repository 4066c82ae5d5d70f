//! What interactive messages have in common: header, body and footer.

use super::super::fields::Fields;
use super::super::node::{Limit, Node};
use super::super::{Place, Requested, media};
use crate::whatsapp::{Finding, MediaKind, Severity};

/// Every kind of header that there is.
const HEADERS: [&str; 6] = ["text", "image", "video", "document", "audio", "sticker"];

/// Which headers a message may have.
pub(super) struct Header {
    pub(super) text: bool,
    pub(super) media: &'static [MediaKind],
    pub(super) place: Place,
    pub(super) source: &'static str,
}

impl Header {
    /// Text, an image, a video or a document.
    pub(super) fn any(place: Place, source: &'static str) -> Self {
        Self { text: true, media: &[MediaKind::Image, MediaKind::Video, MediaKind::Document], place, source }
    }

    fn names(&self) -> Vec<&'static str> {
        let text = self.text.then_some("text");
        text.into_iter().chain(self.media.iter().map(|kind| kind.as_str())).collect()
    }
}

/// A header that may be there.
pub(super) fn header(fields: &mut Fields<'_>, allowed: &Header) {
    if let Some(header) = fields.optional("header") {
        read_header(&header, allowed);
    }
}

/// A header: `type`, and the property of that name.
pub(super) fn read_header(header: &Node<'_>, allowed: &Header) {
    let Some(mut fields) = header.object() else { return };
    let inferred = fields.only(&HEADERS);
    let kind = fields.kind(inferred, allowed.source);
    let name = kind.and_then(|kind| kind.one_of(&HEADERS, allowed.source)).or(inferred);
    let Some(name) = name else { return header.carried() };
    if !allowed.names().contains(&name) {
        kind.unwrap_or(*header).remark(|| {
            let detail = format!("a header of `{name}` has no place here");
            Finding::new(Severity::Refuse, "header-not-allowed", detail, allowed.source)
                .remedy(format!("the headers here are `{}`", allowed.names().join("`, `")))
        });
    }
    if let Some(value) = fields.named(name, allowed.source) {
        match MediaKind::named(name) {
            Some(kind) => medium(&value, kind, allowed),
            None => drop(value.text(Limit { most: 60, source: allowed.source })),
        }
    }
    fields.finish();
}

fn medium(value: &Node<'_>, kind: MediaKind, allowed: &Header) {
    let by_id = matches!(media::header(value, kind, allowed.place), Some(Requested::Id(_)));
    let link_only = matches!(allowed.place, Place::CtaUrlHeader | Place::CarouselCard);
    if link_only && by_id {
        value.remark(|| {
            let detail = "only `link` is documented for this header, and whether `id` is taken is not known";
            Finding::new(Severity::Warn, "id-not-documented", detail, allowed.source)
                .remedy("give `path` or `link`")
        });
    } else if allowed.place == Place::ButtonHeader && by_id {
        value.remark(|| {
            let detail = "Meta documents `id` for this header; some providers take `link` only";
            Finding::new(Severity::Note, "id-in-header", detail, allowed.source)
        });
    }
}

/// The text above the buttons; it must be there.
pub(super) fn body(fields: &mut Fields<'_>, limit: Limit) {
    if let Some(body) = fields.required("body", limit.source) {
        text(&body, limit);
    }
}

/// The small print, if there is any.
pub(super) fn footer(fields: &mut Fields<'_>, source: &'static str) {
    if let Some(footer) = fields.optional("footer") {
        text(&footer, Limit { most: 60, source });
    }
}

/// An object that has a text and nothing else.
pub(super) fn text<'a>(node: &Node<'a>, limit: Limit) -> Option<Node<'a>> {
    let mut fields = node.object()?;
    let text = fields.required("text", limit.source);
    fields.finish();
    text.filter(|text| text.text(limit).is_some())
}
