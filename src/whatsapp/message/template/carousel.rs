//! Carousel templates: up to 10 cards, each with a header of its own.

use std::collections::HashSet;

use super::super::fields::Fields;
use super::super::interactive::card_index;
use super::super::node::Node;
use super::super::{MediaKind, Place};
use super::parameter::Spot;
use super::read_components;

const CAROUSEL: &str = "developers.facebook.com/documentation/business-messaging/whatsapp/templates/marketing-templates/media-card-carousel-templates";

const HEADER: Spot = Spot::Header {
    place: Place::TemplateCard,
    media: &[MediaKind::Image, MediaKind::Video],
    source: CAROUSEL,
};

/// Reads the component `carousel`.
pub(super) fn read(mut fields: Fields<'_>) {
    let cards = fields.required("cards", CAROUSEL).and_then(|cards| cards.array_of(1..=10, CAROUSEL));
    fields.finish();
    let mut indices = HashSet::new();
    cards.into_iter().flatten().for_each(|node| card(&node, &mut indices));
}

fn card(node: &Node<'_>, indices: &mut HashSet<u64>) {
    let Some(mut fields) = node.object() else { return };
    if let Some(index) = fields.required("card_index", CAROUSEL) {
        card_index(&index, indices);
    }
    let components = fields.required("components", CAROUSEL).and_then(|components| components.array());
    fields.finish();
    read_components(components.unwrap_or_default(), &HEADER);
}
