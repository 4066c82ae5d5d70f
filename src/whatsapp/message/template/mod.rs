//! Templates: the values for what a template leaves open, media in its header or in the headers of its cards among them.

mod carousel;
mod parameter;

use std::collections::HashSet;

use super::choice::Choice;
use super::content::Template;
use super::fields::Fields;
use super::node::{Limit, Node};
use super::tree::Tree;
use super::{MediaKind, Place, Requested};
use crate::whatsapp::{Finding, Severity};

use parameter::Spot;

const TEMPLATE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/templates/components";
const TEMPLATE_MEDIA: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-media";

/// Components that are known and not read here.
const OTHERS: [&str; 4] = ["footer", "limited_time_offer", "order_status", "tap_target_configuration"];

/// The header of a template that is no carousel.
const HEADER: Spot = Spot::Header {
    place: Place::TemplateHeader,
    media: &[MediaKind::Image, MediaKind::Video, MediaKind::Document],
    source: TEMPLATE_MEDIA,
};

/// Reads the property `template`.
pub(super) fn read(node: &Node<'_>) -> Option<Template<Requested>> {
    let mut fields = node.object()?;
    if let Some(name) = fields.required("name", TEMPLATE) {
        name.text(Limit { most: 512, source: TEMPLATE });
    }
    if let Some(language) = fields.required("language", TEMPLATE) {
        read_language(&language);
    }
    if let Some(namespace) = fields.optional("namespace") {
        let detail = "`namespace` was for the on-premises API, and names nothing here";
        namespace.remark(Finding::new(Severity::Warn, "namespace", detail, TEMPLATE).remedy("remove it"));
    }
    let components = fields.optional("components").and_then(|components| components.array());
    fields.finish();
    read_components(components.unwrap_or_default(), &HEADER);
    Some(Template(Tree::of(node.json, &node.report.media())))
}

fn read_language(node: &Node<'_>) {
    let Some(mut fields) = node.object() else { return };
    if let Some(code) = fields.required("code", TEMPLATE) {
        code.filled();
    }
    if let Some(policy) = fields.optional("policy") {
        policy.one_of(&["deterministic"], TEMPLATE);
    }
    fields.finish();
}

/// The components of a template, or of a card, whose header is `header`. Of all but buttons there is one at most.
fn read_components(components: Vec<Node<'_>>, header: &Spot) {
    let mut seen = HashSet::new();
    for node in components {
        let Some(mut fields) = node.object() else { continue };
        let Some(kind) = fields.required("type", TEMPLATE) else { continue };
        match kind.one_of_many(&["header", "body", "button", "carousel"], &OTHERS, TEMPLATE) {
            Some(Choice::Known(name)) if name != "button" && !seen.insert(name) => {
                let detail = format!("there is another `{name}` before, and a template has one at most");
                kind.remark(Finding::new(Severity::Refuse, "repeated-component", detail, TEMPLATE));
            }
            Some(choice) => read_component(&node, fields, &choice, header),
            None => {}
        }
    }
}

fn read_component(node: &Node<'_>, fields: Fields<'_>, choice: &Choice, header: &Spot) {
    match choice {
        Choice::Known("header") => parameters(fields, header),
        Choice::Known("body") => parameters(fields, &Spot::Body),
        Choice::Known("carousel") => carousel::read(fields),
        // What a button takes depends on its kind, of which there are many; none of them takes media.
        Choice::Known(_) | Choice::Other => node.refuse_paths(),
    }
}

fn parameters(mut fields: Fields<'_>, spot: &Spot) {
    let list = match spot {
        Spot::Header { source, .. } => {
            let list = fields.required("parameters", source);
            list.and_then(|list| list.array_of(1..=1, source))
        }
        Spot::Body => fields.optional("parameters").and_then(|list| list.array()),
    };
    fields.finish();
    list.into_iter().flatten().for_each(|node| parameter::read(&node, spot));
}
