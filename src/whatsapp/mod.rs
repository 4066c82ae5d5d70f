//! What WhatsApp takes, as far as its documentation and the reports of its users say.
//!
//! This room is pure: tables, and checks of plain values and of bytes that it is handed. `store` asks it how Meta spells a media type; the control
//! listener and the commands ask it whether a message, and the bytes it links to, will be accepted.
//!
//! | file | holds |
//! |---|---|
//! | [`media_type`] | the media types, as Meta spells them |
//! | [`media_kind`] | the five kinds of media in a message |
//! | [`probe`] | what is inside a media file |
//! | [`limits`] | what each kind takes, and the judgement of a file by it |
//! | [`failure`] | what Meta reports afterwards, in plain words |
//! | [`finding`] | what is found about any of these: one shape for all |
//! | [`message`] | a message as its sender wrote it, checked, and as it is sent |
//! | [`link`] | whose a link is, and whether Meta can fetch it |

pub mod failure;
pub mod finding;
pub mod limits;
pub mod link;
pub mod media_kind;
pub mod media_type;
pub mod message;
pub mod probe;

pub use finding::{Finding, Severity, worst_first};
pub use media_kind::MediaKind;
