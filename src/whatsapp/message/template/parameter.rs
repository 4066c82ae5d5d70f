//! One value for a template: media, text, money, a date, or something else.

use super::super::choice::Choice;
use super::super::fields::Fields;
use super::super::node::Node;
use super::super::{MediaKind, Place, Requested, media};
use super::{TEMPLATE, TEMPLATE_MEDIA};
use crate::whatsapp::{Finding, Severity};

const TEXT_INSTEAD_OF_MEDIA: &str = "github.com/chatwoot/chatwoot/issues/13159";

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

/// Reads a parameter.
pub(super) fn read(node: &Node<'_>, spot: &Spot) {
    let Some(mut fields) = node.object() else { return };
    let Some(kind) = fields.required("type", TEMPLATE) else { return };
    let name = match kind.one_of_many(&KNOWN, &OTHERS, TEMPLATE) {
        Some(Choice::Known(name)) => name,
        Some(Choice::Other) => return node.refuse_paths(),
        None => return,
    };
    if let Some(parameter_name) = fields.optional("parameter_name") {
        parameter_name.filled();
    }
    if let Some(value) = fields.required(name, TEMPLATE) {
        match MediaKind::named(name) {
            Some(media) => read_media(&kind, &value, media, spot),
            None => read_value(&value, name, spot),
        }
    }
    fields.finish();
}

fn read_media(kind: &Node<'_>, value: &Node<'_>, media: MediaKind, spot: &Spot) {
    let (place, allowed) = match spot {
        Spot::Header { place, media, .. } => (*place, *media),
        Spot::Body => (Place::TemplateHeader, [].as_slice()),
    };
    if !allowed.contains(&media) {
        let names: Vec<_> = allowed.iter().map(|kind| kind.as_str()).collect();
        let remedy = match spot {
            Spot::Body => "put it into the component `header`".to_owned(),
            Spot::Header { .. } => format!("the media of this header is one of `{}`", names.join("`, `")),
        };
        let detail = format!("`{media}` has no place here");
        let finding = Finding::new(Severity::Refuse, "media-not-allowed", detail, TEMPLATE_MEDIA);
        kind.remark(finding.remedy(remedy));
    }
    let medium = media::header(value, media, place);
    let has_id = medium.is_some_and(|medium| matches!(medium.requested, Requested::Id(_)));
    if let Spot::Header { place: Place::TemplateCard, source, .. } = spot
        && !has_id
    {
        let detail =
            "Meta's page shows `id` only for the cards of a template; whether a link is taken is not known";
        let finding = Finding::new(Severity::Warn, "link-not-documented", detail, source);
        value.remark(finding.remedy("upload the file and give `id`, or try one message first"));
    }
}

fn read_value(value: &Node<'_>, name: &str, spot: &Spot) {
    match name {
        "text" => read_text(value, spot),
        "currency" => read_currency(value),
        _ => read_date_time(value),
    }
}

fn read_text(value: &Node<'_>, spot: &Spot) {
    let text = value.string().unwrap_or_default().trim_start().to_ascii_lowercase();
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    if is_url && matches!(spot, Spot::Header { .. }) {
        let detail = "a text header is given a URL; media does not come into a header as text";
        let finding = Finding::new(Severity::Warn, "url-in-text-header", detail, TEXT_INSTEAD_OF_MEDIA);
        let remedy =
            "where the template has a media header, write `{\"type\": \"image\", \"image\": {\"link\": …}}`";
        value.remark(finding.remedy(remedy));
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
    }
}

fn filled(fields: &mut Fields<'_>, key: &'static str) {
    if let Some(text) = fields.required(key, TEMPLATE) {
        text.filled();
    }
}
