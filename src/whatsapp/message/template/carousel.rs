//! Carousel templates: up to 10 cards, each with a header of its own.

use super::super::cards::Indices;
use super::super::fields::Fields;
use super::super::json::Value;
use super::super::node::Node;
use super::super::{MediaKind, Place};
use super::parameter::Spot;
use super::{Headed, read_components};
use crate::whatsapp::{Finding, Severity};

const CAROUSEL: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/templates/marketing-templates/media-card-carousel-templates";

const HEADER: Spot = Spot::Header {
    place: Place::TemplateCard,
    media: &[MediaKind::Image, MediaKind::Video],
    source: CAROUSEL,
};

/// Reads the component `carousel`.
pub(super) fn read(mut fields: Fields<'_>) {
    let list = fields.required("cards", CAROUSEL);
    // That one card is too few is of one source, so it is not refused.
    let is_one = list.is_some_and(|list| matches!(&list.json.value, Value::Array(cards) if cards.len() == 1));
    let count = if is_one { 1..=1 } else { 2..=10 };
    let cards = list.and_then(|list| list.array_of(count, CAROUSEL)).unwrap_or_default();
    fields.finish();
    if let Some(list) = list.filter(|_| is_one) {
        list.remark(|| {
            let detail = "there is one card, and a carousel template is said to have 2 to 10";
            Finding::new(Severity::Warn, "one-card", detail, CAROUSEL)
        });
    }
    let (mut indices, mut first) = (Indices::new(CAROUSEL), None);
    for node in &cards {
        let media = card(node, &mut indices);
        if first.is_some() && media.is_some() && media != first {
            node.remark(|| {
                let detail =
                    "this card has another kind of media than the first: all have images, or all have videos";
                Finding::new(Severity::Warn, "headers-differ", detail, CAROUSEL)
            });
        }
        first = first.or(media);
    }
}

/// Reads a card, and says of which kind the media in its header is.
fn card(node: &Node<'_>, indices: &mut Indices) -> Option<MediaKind> {
    let mut fields = node.object()?;
    if let Some(index) = fields.required("card_index", CAROUSEL) {
        indices.see(&index);
    }
    let list = fields.required("components", CAROUSEL);
    let components = list.and_then(|components| components.array());
    fields.finish();
    let headed = read_components(components?, &HEADER);
    if headed == Headed::Not {
        list?.remark(|| {
            let detail =
                "the card has no header, and every card of a carousel template has media in its header";
            Finding::new(Severity::Warn, "card-without-header", detail, CAROUSEL)
                .remedy("add the component `header`, even if the template has an example of it")
        });
    }
    match headed {
        Headed::With(kind) => Some(kind),
        Headed::Not | Headed::Otherwise => None,
    }
}
