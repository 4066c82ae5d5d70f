//! Whether the name of a file says what its bytes are.

use super::{Media, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::media_type::{MediaType, OCTET_STREAM, essence};
use crate::whatsapp::probe::Facts;

/// Meta looks at the header and the bytes; it is people, and the programs between, that go by a name. One that leaves
/// the codec open is right about what it says; and two types that WhatsApp takes neither of may be one by two names.
pub(super) fn rule(media: &Media<'_>) -> Option<Finding> {
    let named = media.name_says.filter(|named| essence(named) != essence(media.content_type))?;
    if MediaType::named(named).is_none() && MediaType::named(media.content_type).is_none() {
        return None;
    }
    let bytes = match (media.content_type, media.facts) {
        (OCTET_STREAM, Facts::Text(_)) => "HTML, XML or a script",
        (OCTET_STREAM, _) => "of no known format",
        (content_type, _) => content_type,
    };
    let detail = format!("its name stands for {named}, its bytes are {bytes}");
    let remedy = format!("give it a name that ends as its bytes are, or convert it to {named}");
    Some(warn("name-differs", detail).remedy(remedy))
}
