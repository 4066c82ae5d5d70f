//! Ogg: the first packet of each stream says what it is.

use std::io::{Read, Seek};

use ogg::reading::PacketReader;

use super::facts::{Ogg, OggCodec};
use super::fence::{Damage, Fence};

/// So many streams are counted.
const MOST_STREAMS: usize = 16;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Ogg, Damage> {
    let mut packets = PacketReader::new(file);
    let first = packets.read_packet_expected().map_err(Damage::said)?;
    let (codec, channels) = identify(&first.data);
    let mut streams = 1;
    // "bos pages of all logical bitstreams MUST appear together at the beginning" (RFC 3533 §4).
    while streams < MOST_STREAMS {
        match packets.read_packet().map_err(Damage::said)? {
            Some(packet) if packet.first_in_stream() => streams += 1,
            _ => break,
        }
    }
    Ok(Ogg { codec, channels, streams })
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
