//! A film of a hundred megabytes, of which a few kilobytes are read.

use std::io::{Read, Result, Seek, SeekFrom};

use media_origin::whatsapp::probe::facts::{Index, Mp4};
use media_origin::whatsapp::probe::{Facts, probe};

use crate::samples::sample;
use crate::support::Counting;

const MEDIA: u64 = 100_000_000;

/// What an encoder wrote around its media data, with that data replaced by a hole.
struct Sparse {
    head: Vec<u8>,
    hole: u64,
    tail: Vec<u8>,
    position: u64,
}

impl Sparse {
    fn length(&self) -> u64 {
        self.head.len() as u64 + self.hole + self.tail.len() as u64
    }

    fn byte(&self, at: u64) -> u8 {
        let behind = at.checked_sub(self.head.len() as u64);
        match (behind, behind.and_then(|behind| behind.checked_sub(self.hole))) {
            (None, _) => self.head[usize::try_from(at).unwrap()],
            (_, Some(tail)) => self.tail[usize::try_from(tail).unwrap()],
            _ => 0,
        }
    }
}

impl Read for Sparse {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let there = usize::try_from(self.length().saturating_sub(self.position)).unwrap().min(buffer.len());
        for byte in &mut buffer[..there] {
            *byte = self.byte(self.position);
            self.position += 1;
        }
        Ok(there)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let SeekFrom::Start(position) = to else { panic!("{to:?}") };
        self.position = position;
        Ok(position)
    }
}

/// The boxes of a film, each whole.
fn boxes(film: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut boxes = Vec::new();
    let mut rest = film;
    while !rest.is_empty() {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap());
        let (this, next) = rest.split_at(size as usize);
        boxes.push((&this[4..8], this));
        rest = next;
    }
    boxes
}

fn film(index: Index) -> Sparse {
    let sample = sample("campaigns/summer.mp4").bytes;
    let boxes = boxes(&sample);
    let find = |kind: &[u8]| boxes.iter().find(|(found, _)| *found == kind).unwrap().1.to_vec();
    let media_header = [&1_u32.to_be_bytes()[..], b"mdat", &(MEDIA + 16).to_be_bytes()].concat();
    let (head, tail) = match index {
        Index::First => ([find(b"ftyp"), find(b"moov"), media_header].concat(), Vec::new()),
        Index::Last => ([find(b"ftyp"), media_header].concat(), find(b"moov")),
    };
    Sparse { head, hole: MEDIA, tail, position: 0 }
}

#[test]
fn of_a_hundred_megabytes_a_few_kilobytes_are_read() {
    for index in [Index::First, Index::Last] {
        let film = film(index);
        let length = film.length();
        let mut counting = Counting::new(film);
        let Facts::Mp4(found) = probe(&mut counting, length, "video/mp4").unwrap() else { panic!("no film") };
        let Facts::Mp4(sample) = sample("campaigns/summer.mp4").facts() else { panic!("no film") };
        assert_eq!(found, Mp4 { index, ..sample });
        println!("index {index:?}: {} bytes in {} reads of {length}", counting.bytes, counting.reads);
        assert!(counting.bytes < 4096, "{} bytes read", counting.bytes);
        assert!(counting.reads < 200, "{} reads", counting.reads);
    }
}
