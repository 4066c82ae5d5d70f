//! Whether the name of a file says what its bytes are.

use super::{Media, warn};
use crate::whatsapp::Finding;

/// Meta looks at the header and the bytes; it is people, and the programs between, that go by a name.
pub(super) fn rule(media: &Media<'_>) -> Option<Finding> {
    let named = media.name_says.filter(|named| *named != media.content_type)?;
    let detail = format!("its name stands for {named}, its bytes are {}", media.content_type);
    let remedy = format!("rename it to what its bytes are, or convert it to {named}");
    Some(warn("name-differs", detail).remedy(remedy))
}
