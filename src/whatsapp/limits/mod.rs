//! What each kind of media takes, and the judgement of a file by it.
//!
//! The messaging API accepts a link at once and looks behind it later, so whatever would fail then is refused here.
//! A rule that several sources give, Meta's own among them, refuses. One that a single source gives, or that only
//! some phones keep, warns. A note tells what will be different from what one may expect.
//!
//! **MB** is nowhere defined. Files above the larger reading (2²⁰ bytes) are certainly too large, and refused. Between
//! the smaller reading (10⁶ bytes) and the larger, one of the two readings refuses, so that gap warns: below it no
//! reading does. KB likewise.
//!
//! | file | holds |
//! |---|---|
//! | [`table`] | Meta's table, a row for each kind |
//! | `media_type`, `size`, `name` | the rules for every kind |
//! | `image`, `sticker`, `audio`, `video`, `document` | the rules for the one |
//! | [`remedy`] | the commands that put things right |

mod audio;
mod document;
mod image;
mod media_type;
mod name;
pub mod remedy;
mod size;
mod sticker;
pub mod table;
mod video;

#[cfg(test)]
mod tests;

pub(crate) use table::MEDIA_PAGE;
pub use table::{Limit, kinds_that_take};

use crate::whatsapp::probe::Facts;
use crate::whatsapp::{Finding, MediaKind, Severity, worst_first};

/// The code of the finding that a kind takes other media types than the file's: then nothing else is said of it.
pub const TYPE_NOT_TAKEN: &str = "type-not-taken";

/// A file, as far as it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Media<'a> {
    /// The `Content-Type` that it is served with.
    pub content_type: &'a str,
    /// Its length in bytes.
    pub length: u64,
    /// What is inside.
    pub facts: &'a Facts,
    /// The type that its name's extension stands for, where that is another one.
    pub name_says: Option<&'a str>,
}

/// Judges a file as media of that kind, as a voice message or not: everything that is found, the worst first. Nothing
/// found means that nothing is known for which it would not be taken. What is not looked into can still fail: the
/// picture behind a header, a film behind its index.
///
/// ```
/// use media_origin::whatsapp::limits::{Media, judge};
/// use media_origin::whatsapp::{MediaKind, probe::Facts};
///
/// let gif = Media { content_type: "image/gif", length: 2000, facts: &Facts::Other, name_says: None };
/// let findings = judge(MediaKind::Image, false, &gif);
/// assert_eq!(findings[0].code, "type-not-taken");
/// assert!(findings[0].refuses());
/// ```
#[must_use]
pub fn judge(kind: MediaKind, voice: bool, media: &Media<'_>) -> Vec<Finding> {
    if media.length == 0 {
        let what = "the file is empty, and Meta takes nothing from it";
        return vec![Finding::new(Severity::Refuse, "empty", what, MEDIA_PAGE)];
    }
    let mut findings = media_type::rules(kind, media);
    // Of a file that this kind does not take, or that cannot be read, nothing more can be said.
    if !findings.iter().any(Finding::refuses) {
        findings.extend(match kind {
            MediaKind::Audio => audio::rules(voice, media),
            MediaKind::Document => document::rules(media),
            MediaKind::Image => image::rules(media),
            MediaKind::Sticker => sticker::rules(media),
            MediaKind::Video => video::rules(media),
        });
        findings.extend(size::rule(kind, media));
    }
    if !findings.iter().any(|finding| finding.code == "damaged") {
        findings.extend(name::rule(media));
    }
    worst_first(&mut findings);
    remedy::say_once(&mut findings);
    findings
}

/// A finding that the message would not survive.
fn refuse(code: &'static str, detail: impl Into<String>) -> Finding {
    Finding::new(Severity::Refuse, code, detail, MEDIA_PAGE)
}

/// A finding that the message may not survive everywhere.
fn warn(code: &'static str, detail: impl Into<String>) -> Finding {
    Finding::new(Severity::Warn, code, detail, MEDIA_PAGE)
}

/// A finding that changes what one sees, and not whether one sees it.
fn note(code: &'static str, detail: impl Into<String>) -> Finding {
    Finding::new(Severity::Note, code, detail, MEDIA_PAGE)
}
