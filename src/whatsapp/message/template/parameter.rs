//! One value for a template: media, text, money, a date, or something else.

use super::super::choice::Choice;
use super::super::fields::Fields;
use super::super::node::{Node, is_link};
use super::super::{MediaKind, Place, Requested, media};
use super::{TEMPLATE, TEMPLATE_MEDIA};
use crate::whatsapp::{Finding, Severity};

const TEXT_INSTEAD_OF_MEDIA: &str = "github.com/chatwoot/chatwoot/issues/13159";

const TEXT_IN_ONE_LINE: &str = "github.com/netflie/whatsapp-cloud-api/issues/201";

/// What is read here.
const KNOWN: [&str; 8] = ["text", "currency", "date_time", "image", "video", "document", "audio", "sticker"];

/// What goes on as it is.
const OTHERS: [&str; 7] =
    ["action", "coupon_code", "gif", "limited_time_offer", "location", "payload", "product"];

/// Where a parameter stands.
pub(super) enum Spot {
    /// In a header, which may be media.
    Header { place: Place, media: &'static [MediaKind], source: &'static str },
    /// In the body, which never is.
    Body,
}

impl Spot {
    /// Whether it is the header of a card.
    pub(super) fn is_card(&self) -> bool {
        matches!(self, Self::Header { place: Place::TemplateCard, .. })
    }

    /// The media that may stand here.
    fn media(&self) -> &'static [MediaKind] {
        match self {
            Self::Header { media, .. } => media,
            Self::Body => &[],
        }
    }
}

/// Reads a parameter, and says of which kind it is if it is media.
pub(super) fn read(node: &Node<'_>, spot: &Spot) -> Option<MediaKind> {
    let mut fields = node.object()?;
    let inferred = fields.only(&KNOWN);
    let kind = fields.kind(inferred, TEMPLATE);
    let choice = kind.and_then(|kind| kind.one_of_many(&KNOWN, &OTHERS, TEMPLATE));
    let Some(Choice::Known(name)) = choice.or(inferred.map(Choice::Known)) else {
        node.carried();
        return None;
    };
    if let Some(parameter_name) = fields.optional("parameter_name") {
        parameter_name.filled();
    }
    let media = MediaKind::named(name);
    if let Some(value) = fields.named(name, TEMPLATE) {
        match media {
            Some(media) => read_media(&kind.unwrap_or(*node), &value, media, spot),
            None => read_value(&value, name, spot),
        }
    }
    fields.finish();
    media
}

fn read_media(kind: &Node<'_>, value: &Node<'_>, media: MediaKind, spot: &Spot) {
    if !spot.media().contains(&media) {
        kind.remark(|| not_allowed(media, spot));
    }
    let place = match spot {
        Spot::Header { place, .. } => *place,
        Spot::Body => Place::TemplateHeader,
    };
    let has_id = matches!(media::header(value, media, place), Some(Requested::Id(_)));
    if let Spot::Header { place: Place::TemplateCard, source, .. } = spot
        && !has_id
    {
        value.remark(|| {
            let detail =
                "Meta's page shows `id` only for the cards of a template; whether a link is taken is not known";
            Finding::new(Severity::Warn, "link-not-documented", detail, source)
                .remedy("upload the file and give `id`, or try one message first")
        });
    }
}

fn not_allowed(media: MediaKind, spot: &Spot) -> Finding {
    let names: Vec<_> = spot.media().iter().map(|kind| kind.as_str()).collect();
    let remedy = match spot {
        Spot::Body => "put it into the component `header`".to_owned(),
        Spot::Header { .. } => format!("the media of this header is one of `{}`", names.join("`, `")),
    };
    let detail = format!("`{media}` has no place here");
    Finding::new(Severity::Refuse, "media-not-allowed", detail, TEMPLATE_MEDIA).remedy(remedy)
}

fn read_value(value: &Node<'_>, name: &str, spot: &Spot) {
    match name {
        "text" => read_text(value, spot),
        "currency" => read_currency(value),
        _ => read_date_time(value),
    }
}

fn read_text(value: &Node<'_>, spot: &Spot) {
    let Some(text) = value.string() else { return };
    if is_link(text) && matches!(spot, Spot::Header { .. }) {
        value.remark(|| {
            let detail = "a text header is given a URL; media does not come into a header as text";
            let remedy =
                "where the template has a media header, write `{\"type\": \"image\", \"image\": {\"link\": …}}`";
            Finding::new(Severity::Warn, "url-in-text-header", detail, TEXT_INSTEAD_OF_MEDIA).remedy(remedy)
        });
    }
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        value.remark(|| {
            let detail = "the API answers `(#100) Param text cannot have new-line/tab characters or more than 4 \
                          consecutive spaces`, and this text has such";
            Finding::new(Severity::Refuse, "template-text", detail, TEXT_IN_ONE_LINE)
                .remedy("write it in one line; line breaks belong into the template itself")
        });
    }
}

fn read_currency(value: &Node<'_>) {
    let Some(mut fields) = value.object() else { return };
    filled(&mut fields, "fallback_value");
    filled(&mut fields, "code");
    if let Some(amount) = fields.required("amount_1000", TEMPLATE) {
        amount.integer();
    }
    fields.finish();
}

/// Besides the text that is shown, older pages give a date in parts: they go on as they are.
fn read_date_time(value: &Node<'_>) {
    if let Some(mut fields) = value.object() {
        filled(&mut fields, "fallback_value");
        value.carried();
    }
}

fn filled(fields: &mut Fields<'_>, key: &'static str) {
    if let Some(text) = fields.required(key, TEMPLATE) {
        text.filled();
    }
}
