//! What the bytes of a file are, whatever it is called.

use std::io::{self, Read, Seek, SeekFrom};

use file_format::FileFormat;

use super::media_type::begins_by_chance;
use crate::whatsapp::probe::facts::{Compound, Facts, Mp4, Office, OggCodec};
use crate::whatsapp::probe::{is_text, probe};

/// So many bytes are looked at to tell text from binary data (WHATWG MIME Sniffing §5.2 reads 1,445).
const SAMPLE: u64 = 8 * 1024;

/// Readers of PDF accept its header in so many bytes (ISO 32000-1, Annex H, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// What was found in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// The signature of this media type, named as the sniffing library names it.
    Signature(Box<str>),
    /// Text which begins as files of this media type do, which are none: `MAC Address,…`, `P1,P2,…`, `true,false`.
    TextOr(Box<str>),
    /// Text, of a kind that its first bytes do not tell.
    Text,
    /// Bytes without a known signature.
    Unknown,
    /// No bytes.
    Empty,
}

/// Names under which the formats without a signature are written down.
const TEXT: &str = "text";
const TEXT_OR: &str = "text or ";
const UNKNOWN: &str = "unknown";
const EMPTY: &str = "empty";

impl Format {
    /// A name to write down. At most 255 bytes.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Signature(media_type) => (**media_type).to_owned(),
            Self::TextOr(media_type) => format!("{TEXT_OR}{media_type}"),
            Self::Text => TEXT.to_owned(),
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Empty => EMPTY.to_owned(),
        }
    }

    /// The format of that [`name`](Self::name).
    #[must_use]
    pub fn named(name: &str) -> Self {
        match (name, name.strip_prefix(TEXT_OR)) {
            (_, Some(media_type)) => Self::TextOr(media_type.into()),
            (TEXT, _) => Self::Text,
            (UNKNOWN, _) => Self::Unknown,
            (EMPTY, _) => Self::Empty,
            (media_type, _) => Self::Signature(media_type.into()),
        }
    }
}

/// Looks at the first bytes, and at such other places as the signature names.
///
/// # Errors
/// If the file cannot be read.
pub fn sniff(mut file: impl Read + Seek) -> io::Result<Format> {
    file.rewind()?;
    let format = FileFormat::from_reader(&mut file)?;
    let found = match format {
        FileFormat::Empty => return Ok(Format::Empty),
        FileFormat::PlainText | FileFormat::ArbitraryBinaryData => None,
        _ => Some(format.media_type()),
    };
    file.rewind()?;
    let mut sample = Vec::new();
    file.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
    let found = second_opinion(&mut file, found, &sample)?.or(found);
    Ok(match (found, is_text(&sample)) {
        (Some(found), true) if begins_by_chance(found) => Format::TextOr(found.into()),
        (Some("application/pdf"), true) if !sample.starts_with(b"%PDF-") => {
            Format::TextOr("application/pdf".into())
        }
        (Some(found), _) => Format::Signature(found.into()),
        (None, true) => Format::Text,
        (None, false) => Format::Unknown,
    })
}

/// Where the sniffing library is undecided, and what decides instead:
///
/// | its verdict | because | here |
/// |---|---|---|
/// | a compound file | many writers leave the class at its root empty | whose stream is in it |
/// | a tag, `ID3` | it looks right behind the tag | the first frames, wherever they are |
/// | Ogg | a skeleton comes first | the first stream behind it |
/// | none, of `ftyp` | the brand is not in its list, or bytes stand behind the last box | the tracks, and the other brands |
/// | none, or PostScript | bytes stand before `%PDF-`, as readers allow | that header, and an object or the end |
fn second_opinion(
    file: &mut (impl Read + Seek),
    found: Option<&str>,
    sample: &[u8],
) -> io::Result<Option<&'static str>> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut ask = |media_type| probe(&mut *file, length, media_type);
    Ok(match found {
        Some(asked @ "application/x-cfb") => of_compound(&ask(asked)?),
        Some("application/x-id3v2") => match ask("audio/mpeg")? {
            Facts::Adts(_) => Some("audio/aac"),
            Facts::MpegAudio(_) => Some("audio/mpeg"),
            _ => None,
        },
        Some(asked @ "application/ogg") => match ask(asked)? {
            Facts::Ogg(ogg) if ogg.codec == OggCodec::Opus => Some("audio/opus"),
            Facts::Ogg(ogg) if ogg.codec == OggCodec::Vorbis => Some("audio/ogg"),
            _ => None,
        },
        None if sample.get(4..8) == Some(b"ftyp") => of_film(&ask("video/mp4")?, sample),
        None | Some("application/postscript") => is_pdf(file, sample)?.then_some("application/pdf"),
        Some(_) => None,
    })
}

fn of_compound(facts: &Facts) -> Option<&'static str> {
    match facts {
        // As libmagic calls it, whichever program may open it with the password.
        Facts::Compound(Compound { encrypted: true, .. }) => Some("application/encrypted"),
        Facts::Compound(Compound { program: Some(program), .. }) => Some(match program {
            Office::Word => "application/msword",
            Office::Excel => "application/vnd.ms-excel",
            Office::PowerPoint => "application/vnd.ms-powerpoint",
        }),
        _ => None,
    }
}

/// By the tracks. Where they cannot be read the brands alone have to do; those of pictures and of Canon's raw data are
/// of no film.
fn of_film(facts: &Facts, sample: &[u8]) -> Option<&'static str> {
    let size = sample.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let brands = sample.get(8..size.min(sample.len())).unwrap_or_default().as_chunks::<4>().0;
    let has = |known: &[&[u8]]| brands.iter().any(|brand| known.iter().any(|known| brand.starts_with(known)));
    let is_mp4 = has(&[b"iso", b"mp4", b"avc", b"dash", b"cmf"]);
    match facts {
        Facts::Mp4(mp4) if mp4.video_codecs().next().is_some() => (),
        Facts::Mp4(Mp4 { .. }) | Facts::Damaged { .. } | Facts::Unexplored
            if has(&[b"mif", b"heic", b"avif"]) =>
        {
            return None;
        }
        Facts::Mp4(mp4) if mp4.audio_codecs().next().is_some() && (is_mp4 || !has(&[b"3g"])) => {
            return Some("audio/mp4");
        }
        _ if is_mp4 || has(&[b"3g"]) => (),
        _ => return None,
    }
    Some(if !is_mp4 && has(&[b"3g"]) { "video/3gpp" } else { "video/mp4" })
}

/// Whether the header stands near the beginning, and anything of a document behind it: texts may speak of the header.
fn is_pdf(file: &mut (impl Read + Seek), sample: &[u8]) -> io::Result<bool> {
    let find = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).position(|window| window == word);
    let head = sample.get(..PDF_HEADER_WITHIN).unwrap_or(sample);
    let behind = find(head, b"%PDF-").and_then(|at| sample.get(at + 5..));
    let Some(behind @ [b'1' | b'2', b'.', ..]) = behind else { return Ok(false) };
    if find(behind, b" obj").is_some() {
        return Ok(true);
    }
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(PDF_HEADER_WITHIN as u64)))?;
    let mut tail = Vec::new();
    file.take(PDF_HEADER_WITHIN as u64).read_to_end(&mut tail)?;
    Ok(find(&tail, b"%%EOF").is_some())
}

#[cfg(test)]
mod tests;
