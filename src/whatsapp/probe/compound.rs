//! Compound files: the names in the root directory ([MS-CFB] 2.2, 2.3 and 2.6).
//!
//! Programs that write them disagree on the rest, their sector tables above all, and read each other's files none the
//! less. So only the directory is asked for, as far as its sectors can be followed.

use std::io::{Read, Seek};

use super::facts::{Compound, Office};
use super::fence::{Damage, Fence};

const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Numbers of sectors and of entries end here; what is above stands for "none" and the like.
const LAST: u32 = 0xffff_fff9;

/// So many sectors of the directory are read: 4,096 entries.
const MOST_SECTORS: usize = 1024;

/// Whether the file begins as one.
pub(super) fn is_one<R: Read + Seek>(file: &mut Fence<R>) -> Result<bool, Damage> {
    Ok(file.piece(0, 8)? == SIGNATURE)
}

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Compound, Damage> {
    let entries = directory(file)?;
    let mut found = Compound { program: None, macros: false, encrypted: false };
    for name in root(&entries) {
        found.program = found.program.or_else(|| program(&name));
        found.macros |= matches!(&*name, "Macros" | "_VBA_PROJECT_CUR");
        found.encrypted |= name == "EncryptedPackage";
    }
    Ok(found)
}

/// The entries of the directory, 128 bytes each.
fn directory<R: Read + Seek>(file: &mut Fence<R>) -> Result<Vec<[u8; 128]>, Damage> {
    file.go_to(0);
    let header: [u8; 512] = file.array()?;
    if !header.starts_with(&SIGNATURE) {
        return Err("it does not begin as a compound file".into());
    }
    let sectors = Sectors { shift: if word(&header, 30) & 0xffff == 12 { 12 } else { 9 } };
    let mut sector = word(&header, 48);
    let mut entries = Vec::new();
    for _ in 0..MOST_SECTORS {
        let bytes = sectors.read(file, sector)?;
        if bytes.is_empty() {
            break;
        }
        entries.extend_from_slice(bytes.as_chunks().0);
        match sectors.next(file, &header, sector)? {
            Some(next) => sector = next,
            None => break,
        }
    }
    if entries.is_empty() { Err("it ends before its directory".into()) } else { Ok(entries) }
}

/// How sectors are found: they are numbered from behind the header, which takes the place of one.
#[derive(Clone, Copy)]
struct Sectors {
    /// Their size, as a power of two: 9 or 12.
    shift: u32,
}

impl Sectors {
    fn start(self, sector: u32) -> u64 {
        (u64::from(sector) + 1) << self.shift
    }

    fn read<R: Read + Seek>(self, file: &mut Fence<R>, sector: u32) -> Result<Vec<u8>, Damage> {
        file.piece(self.start(sector), 1 << self.shift)
    }

    /// The number in a sector of numbers; none where the sector is not there.
    fn number<R: Read + Seek>(
        self,
        file: &mut Fence<R>,
        sector: u32,
        at: u32,
    ) -> Result<Option<u32>, Damage> {
        let bytes = file.piece(self.start(sector) + u64::from(at) * 4, 4)?;
        Ok(bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)).filter(|number| *number <= LAST))
    }

    /// The sector that follows, by the sector table. Where parts of that table are, the header says of the first 109,
    /// and a chain of sectors of the rest.
    fn next<R: Read + Seek>(
        self,
        file: &mut Fence<R>,
        header: &[u8; 512],
        sector: u32,
    ) -> Result<Option<u32>, Damage> {
        let in_each = 1 << (self.shift - 2);
        let (part, at) = (sector / in_each, sector % in_each);
        let table = match part.checked_sub(109) {
            None => Some(word(header, 76 + 4 * part as usize)),
            Some(behind) => self.table_part(file, word(header, 68), behind)?,
        };
        match table.filter(|table| *table <= LAST) {
            Some(table) => self.number(file, table, at),
            None => Ok(None),
        }
    }

    /// Each sector of the chain ends with the number of the next.
    fn table_part<R: Read + Seek>(
        self,
        file: &mut Fence<R>,
        first: u32,
        part: u32,
    ) -> Result<Option<u32>, Damage> {
        let in_each = (1 << (self.shift - 2)) - 1;
        let mut sector = first;
        for _ in 0..(part / in_each).min(64) {
            match self.number(file, sector, in_each)? {
                Some(next) => sector = next,
                None => return Ok(None),
            }
        }
        self.number(file, sector, part % in_each)
    }
}

/// The names of what lies at the root and not in a folder. The entries are a tree: each has its smaller sibling, its
/// larger sibling and its first child.
fn root(entries: &[[u8; 128]]) -> Vec<String> {
    let mut names = Vec::new();
    let mut next: Vec<_> = entries.first().map(|root| word(root, 76)).into_iter().collect();
    let mut seen = vec![false; entries.len()];
    while let Some(number) = next.pop() {
        let number = number as usize;
        let (Some(entry), Some(seen)) = (entries.get(number), seen.get_mut(number)) else { continue };
        if !std::mem::replace(seen, true) {
            names.push(name(entry));
            next.extend([word(entry, 68), word(entry, 72)]);
        }
    }
    names
}

/// In UTF-16, its length in bytes behind it, a zero at its end included.
fn name(entry: &[u8; 128]) -> String {
    let (units, _) = entry.as_chunks::<2>();
    let units = units.iter().take(32).map(|unit| u16::from_le_bytes(*unit)).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The number of 32 bits at that place.
fn word<const N: usize>(bytes: &[u8; N], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(u32::MAX, |bytes| u32::from_le_bytes(*bytes))
}

/// Whose main stream this is.
fn program(name: &str) -> Option<Office> {
    match name {
        "WordDocument" => Some(Office::Word),
        "Workbook" | "Book" => Some(Office::Excel),
        "PowerPoint Document" => Some(Office::PowerPoint),
        _ => None,
    }
}
