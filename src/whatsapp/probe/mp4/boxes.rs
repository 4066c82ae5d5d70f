//! The boxes of a file: their headers, and the content of small ones (ISO/IEC 14496-12 §4.2).

use std::io::{Read, Seek};

use crate::whatsapp::probe::fence::{Damage, Fence};

/// So many boxes are looked at in one container. A long film in fragments has more; what it is stands at its front.
const MOST_BOXES: usize = 1024;

/// So many bytes of a box are read: a description of a codec has hundreds.
const MOST_CONTENT: u64 = 16 << 10;

/// The four letters of a box.
pub(super) type Kind = [u8; 4];

/// A box that was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Its four letters.
    pub(super) kind: Kind,
    /// Where its header begins.
    pub(super) start: u64,
    /// Where its content begins.
    pub(super) content: u64,
    /// Where it ends.
    pub(super) end: u64,
}

fn is_part_of_a_film(kind: Kind) -> bool {
    matches!(&kind, b"moov" | b"mdat" | b"moof")
}

/// Whether these are an index and something that it can point at.
fn is_whole(boxes: &[Found]) -> bool {
    let has = |kind: Kind| boxes.iter().any(|found| found.kind == kind);
    has(*b"moov") && (has(*b"mdat") || has(*b"moof"))
}

/// The boxes of a file.
pub(super) struct Boxes<'a, R> {
    file: &'a mut Fence<R>,
}

impl<'a, R: Read + Seek> Boxes<'a, R> {
    pub(super) fn of(file: &'a mut Fence<R>) -> Self {
        Self { file }
    }

    /// The boxes of the file itself. Cameras and programs put things of their own behind the last, and players stop
    /// there: once the index and media data were seen, what is no box ends the walk, unless it is more of either.
    pub(super) fn top(&mut self) -> Result<Vec<Found>, Damage> {
        let end = self.file.length();
        let mut found: Vec<Found> = Vec::new();
        let mut at = 0;
        while end.saturating_sub(at) >= 8 && found.len() < MOST_BOXES {
            match self.header(at, end) {
                Ok(next) => {
                    at = next.end;
                    found.push(next);
                }
                Err(damage) if is_part_of_a_film(self.kind_at(at)?) || !is_whole(&found) => {
                    return Err(damage);
                }
                Err(_) => break,
            }
        }
        Ok(found)
    }

    /// The four letters of what begins there.
    fn kind_at(&mut self, start: u64) -> Result<Kind, Damage> {
        self.file.go_to(start + 4);
        self.file.array()
    }

    /// Whether these are all, and not only as many as are looked at.
    pub(super) fn are_all(found: &[Found]) -> bool {
        found.len() < MOST_BOXES
    }

    /// The boxes in a box.
    pub(super) fn children(&mut self, parent: &Found) -> Result<Vec<Found>, Damage> {
        self.between(parent.content, parent.end)
    }

    /// The first box of that kind in a box.
    pub(super) fn child(&mut self, parent: &Found, kind: Kind) -> Result<Option<Found>, Damage> {
        Ok(self.children(parent)?.into_iter().find(|found| found.kind == kind))
    }

    /// The first box of the last kind, down that path.
    pub(super) fn descendant(&mut self, from: &Found, path: &[Kind]) -> Result<Option<Found>, Damage> {
        let mut here = *from;
        for &kind in path {
            match self.child(&here, kind)? {
                Some(found) => here = found,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    /// The boxes from an offset to the end of another box.
    pub(super) fn between(&mut self, from: u64, end: u64) -> Result<Vec<Found>, Damage> {
        let mut found = Vec::new();
        let mut at = from;
        // Less than a header is padding.
        while end.saturating_sub(at) >= 8 && found.len() < MOST_BOXES {
            let next = self.header(at, end)?;
            at = next.end;
            found.push(next);
        }
        Ok(found)
    }

    /// The content of a box, or its beginning.
    pub(super) fn content(&mut self, found: &Found) -> Result<Vec<u8>, Damage> {
        self.file.piece(found.content, (found.end - found.content).min(MOST_CONTENT))
    }

    fn header(&mut self, start: u64, parent_end: u64) -> Result<Found, Damage> {
        self.file.go_to(start);
        let [s3, s2, s1, s0, k0, k1, k2, k3] = self.file.array()?;
        let kind = [k0, k1, k2, k3];
        let size = match u64::from(u32::from_be_bytes([s3, s2, s1, s0])) {
            // To the end; the size is in 64 bits behind the kind.
            0 => parent_end - start,
            1 => u64::from_be_bytes(self.file.array()?),
            size => size,
        };
        let content = self.file.position();
        match start.checked_add(size) {
            Some(end) if end < content => Err(Self::lies(kind, size, parent_end - start)),
            Some(end) if end <= parent_end => Ok(Found { kind, start, content, end }),
            _ => Err(Self::lies(kind, size, parent_end - start)),
        }
    }

    fn lies(kind: Kind, size: u64, there: u64) -> Damage {
        let kind = kind.escape_ascii();
        Damage(format!("its box `{kind}` claims {size} bytes where there are {there}").into())
    }
}
