//! Ogg: the first packet of each stream says what it is, and the headers of pages where sound begins (RFC 3533 §6).
//!
//! Pages are skipped by their headers: the second packet of a stream has its tags, and with them a cover of megabytes.

use std::io::{Read, Seek};

use super::facts::{Ogg, OggCodec};
use super::fence::{Damage, Fence};

/// So many pages are looked at: a cover of 64 MiB has a thousand.
const MOST_PAGES: usize = 2048;

/// So many bytes of a first packet are read: the longest header that is known by them.
const IDENTITY: u64 = 64;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Ogg, Damage> {
    let first = Page::at(file, 0)?.ok_or("it does not begin as an Ogg file")?;
    let mut identity = None;
    let mut streams = 0;
    // "The initial page(s) … MUST appear together at the beginning" (RFC 3533 §4, of bos pages).
    let mut page = Some(first);
    let mut pages = 0;
    while let Some(beginning) = page
        && beginning.begins_a_stream
        && pages < MOST_PAGES
    {
        let packet = file.piece(beginning.content, IDENTITY.min(beginning.end - beginning.content))?;
        // A skeleton describes the streams behind it (wiki.xiph.org/Ogg_Skeleton_4).
        if !packet.starts_with(b"fishead\0") {
            streams += 1;
            identity = identity.or_else(|| Some(identify(&packet)));
        }
        pages += 1;
        page = Page::at(file, beginning.end)?;
    }
    let (codec, channels) = identity.unwrap_or((OggCodec::Unknown, None));
    let has_media = reaches_media(file, page)?;
    Ok(Ogg { codec, channels, streams, has_media })
}

/// Headers stand at position 0; so what has a later one, and is not the middle of a packet, is sound or pictures.
fn reaches_media<R: Read + Seek>(file: &mut Fence<R>, mut page: Option<Page>) -> Result<bool, Damage> {
    for _ in 0..MOST_PAGES {
        match page {
            None => return Ok(false),
            Some(Page { position: 1..=0xffff_ffff_ffff_fffe, .. }) => return Ok(true),
            Some(Page { end, .. }) => page = Page::at(file, end)?,
        }
    }
    Ok(true)
}

/// The header of a page.
#[derive(Clone, Copy)]
struct Page {
    begins_a_stream: bool,
    /// Where the stream is at its end; all bits where no packet ends in it.
    position: u64,
    content: u64,
    end: u64,
}

impl Page {
    /// The page there, if there is one: what stands behind the last is no matter.
    fn at<R: Read + Seek>(file: &mut Fence<R>, start: u64) -> Result<Option<Self>, Damage> {
        let head = file.piece(start, 27)?;
        let Some((head, _)) = head.split_first_chunk::<27>() else { return Ok(None) };
        let [b'O', b'g', b'g', b'S', 0, flags, p0, p1, p2, p3, p4, p5, p6, p7, .., segments] = *head else {
            return Ok(None);
        };
        let lengths = file.piece(start + 27, segments.into())?;
        let content = file.position();
        let end = content + lengths.iter().copied().map(u64::from).sum::<u64>();
        let position = u64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]);
        Ok(Some(Self { begins_a_stream: flags & 2 != 0, position, content, end }))
    }
}

/// The codec by the signature of its header, and its channels by where the header has them.
fn identify(packet: &[u8]) -> (OggCodec, Option<u8>) {
    const SIGNATURES: [(&[u8], OggCodec, Option<usize>); 5] = [
        (b"OpusHead", OggCodec::Opus, Some(9)),
        (b"\x01vorbis", OggCodec::Vorbis, Some(11)),
        (b"Speex   ", OggCodec::Speex, Some(48)),
        (b"\x7fFLAC", OggCodec::Flac, None),
        (b"\x80theora", OggCodec::Theora, None),
    ];
    let known = SIGNATURES.iter().find(|(signature, ..)| packet.starts_with(signature));
    known.map_or((OggCodec::Unknown, None), |&(_, codec, at)| {
        (codec, at.and_then(|at| packet.get(at).copied()))
    })
}
