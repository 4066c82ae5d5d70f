//! What is wrong with an asset before anybody asks for it.

use std::fmt;
use std::io::{BufReader, Seek};

use super::{Agreement, AssetPath, Directory, Explored, OpenError, media_type, sniff};
use crate::whatsapp::limits::{Media, judge, kinds_that_take};
use crate::whatsapp::probe::probe;
use crate::whatsapp::{Finding, MediaKind};

/// Why an asset would not do its work.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It cannot be read.
    Unreadable(OpenError),
    /// Its name and its bytes say different things of what it is.
    Disagreement(String),
    /// The kind of message that is there for its type would not take it, for the worst reason there is.
    Refused(MediaKind, Finding),
}

impl Directory {
    /// What is wrong with an asset at first sight, if anything is. Reads the parts of the file that tell.
    #[must_use]
    pub fn fault(&self, path: &AssetPath) -> Option<Fault> {
        self.look_at(path).unwrap_or_else(|error| Some(Fault::Unreadable(error)))
    }

    fn look_at(&self, path: &AssetPath) -> Result<Option<Fault>, OpenError> {
        let opened = self.root.asset(path)?;
        let mut reader = BufReader::new(opened.reader()?);
        let media = media_type::settle(&sniff::sniff(&mut reader)?, path.file_name());
        let length = opened.fingerprint().length();
        if let Some(fault) = disagreement(&media.agreement, length) {
            return Ok(Some(fault));
        }
        reader.rewind()?;
        let content_type = media.content_type.to_str().unwrap_or_default();
        let facts = probe(reader, length, content_type)?;
        Ok(refused(&Media { content_type, length, facts: &facts, name_says: None }))
    }
}

impl Explored {
    /// What is wrong with the asset, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let disagreement = disagreement(&self.asset.agreement, self.asset.representation.complete_length);
        disagreement.or_else(|| refused(&self.media()))
    }
}

/// Of an asset without bytes, that it has none is all there is to say.
fn disagreement(agreement: &Agreement, length: u64) -> Option<Fault> {
    agreement.warning().filter(|_| length > 0).map(Fault::Disagreement)
}

/// The refusal of the last of the kinds that are there for the type, if every one of them refuses.
fn refused(media: &Media<'_>) -> Option<Fault> {
    let worst =
        |kind| judge(kind, false, media).into_iter().find(Finding::refuses).map(|worst| (kind, worst));
    let verdicts: Option<Vec<_>> = kinds_that_take(media.content_type).map(worst).collect();
    verdicts?.pop().map(|(kind, worst)| Fault::Refused(kind, worst))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::Disagreement(warning) => f.write_str(warning),
            Self::Refused(kind, Finding { detail, remedy, .. }) => {
                write!(f, "WhatsApp will not take it as {kind}: {detail}")?;
                remedy.iter().try_for_each(|remedy| write!(f, "\n  help: {remedy}"))
            }
        }
    }
}
