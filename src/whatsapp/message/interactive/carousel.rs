//! Carousels of media cards: 2 to 10 of them, with the same buttons on each.

use super::super::cards::Indices;
use super::super::choice::Choice;
use super::super::fields::Fields;
use super::super::node::{Limit, Node};
use super::super::{MediaKind, Place};
use super::buttons;
use super::parts::{self, Header};
use crate::whatsapp::{Finding, Severity};

const CAROUSEL: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-media-carousel-messages";

const HEADER: Header = Header {
    text: false,
    media: &[MediaKind::Image, MediaKind::Video],
    place: Place::CarouselCard,
    source: CAROUSEL,
};

/// The buttons of a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Buttons {
    Url,
    Replies(usize),
}

/// Reads a carousel.
pub(super) fn read(mut fields: Fields<'_>) {
    for key in ["header", "footer"] {
        fields.forbidden(key, || {
            let detail = format!("a carousel has no `{key}`");
            Finding::new(Severity::Refuse, "unknown-key", detail, CAROUSEL).remedy("put it into the cards")
        });
    }
    parts::body(&mut fields, Limit { most: 1024, source: CAROUSEL });
    if let Some(mut action) = fields.required("action", CAROUSEL).and_then(|action| action.object()) {
        if let Some(list) = action.required("cards", CAROUSEL) {
            cards(&list);
        }
        action.finish();
    }
    fields.finish();
}

fn cards(node: &Node<'_>) {
    let Some(cards) = node.array_of(2..=10, CAROUSEL) else { return };
    let (mut indices, mut first) = (Indices::new(CAROUSEL), None);
    for node in &cards {
        let buttons = card(node, &mut indices);
        if let (Some(buttons), Some(first)) = (buttons, first)
            && buttons != first
        {
            node.remark(|| {
                let detail =
                    "this card has other buttons than the first: their kind and number must be the same on all";
                Finding::new(Severity::Refuse, "buttons-differ", detail, CAROUSEL)
            });
        }
        first = first.or(buttons);
    }
}

fn card(node: &Node<'_>, indices: &mut Indices) -> Option<Buttons> {
    let mut fields = node.object()?;
    if let Some(kind) = fields.optional("type") {
        // A card of products has no media of ours; what else it has goes on as it is.
        if let Some(Choice::Other) = kind.one_of_many(&["cta_url"], &["product"], CAROUSEL) {
            node.carried();
            return None;
        }
    } else {
        fields.missing("type", || {
            let detail =
                "`type` is missing; the documentation gives every card `cta_url`, even one with quick replies";
            Finding::new(Severity::Warn, "card-without-type", detail, CAROUSEL)
                .remedy("add `\"type\": \"cta_url\"`")
        });
    }
    if let Some(index) = fields.required("card_index", CAROUSEL) {
        indices.see(&index);
    }
    if let Some(header) = fields.required("header", CAROUSEL) {
        parts::read_header(&header, &HEADER);
    }
    if let Some(body) = fields.optional("body") {
        card_body(&body);
    }
    let action = fields.required("action", CAROUSEL);
    fields.finish();
    buttons_of(action?.object()?)
}

/// "Max 160 characters, and up to 2 line breaks."
fn card_body(node: &Node<'_>) {
    let Some(text) = parts::text(node, Limit { most: 160, source: CAROUSEL }) else { return };
    let breaks = text.string().map_or(0, |text| text.matches('\n').count());
    if breaks > 2 {
        text.remark(|| {
            let detail = format!("the text has {breaks} line breaks, where 2 are taken");
            Finding::new(Severity::Warn, "line-breaks", detail, CAROUSEL)
        });
    }
}

fn buttons_of(mut action: Fields<'_>) -> Option<Buttons> {
    let list = action.optional("buttons");
    let buttons = if let Some(list) = list {
        for key in ["name", "parameters"] {
            action.forbidden(key, || {
                let detail = format!(
                    "`buttons` and `{key}` are both there: a card has quick replies, or one URL button"
                );
                Finding::new(Severity::Refuse, "buttons-and-url", detail, CAROUSEL)
                    .remedy("keep one of the two kinds")
            });
        }
        buttons::replies(&list, "quick_reply", 1..=usize::MAX, CAROUSEL).map(Buttons::Replies)
    } else {
        buttons::url(&mut action, CAROUSEL);
        Some(Buttons::Url)
    };
    action.finish();
    buttons
}
