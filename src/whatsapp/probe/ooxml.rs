//! Office documents since 2007: the names in the central directory of the archive. Nothing is unpacked.

use std::cell::RefCell;
use std::io::{self, Read, Seek};

use rawzip::{RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipLocator};

use super::facts::{Office, Ooxml};
use super::fence::{Damage, Fence};

/// So many names are looked at: a document has some hundreds, one for each picture.
const MOST_ENTRIES: usize = 1 << 14;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Ooxml, Damage> {
    let length = file.length();
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let located = ZipLocator::new().locate_in_reader(At(RefCell::new(file)), &mut buffer, length);
    let archive = located.map_err(|_| "it has no directory at its end, so it may be cut off")?;
    let mut found = Ooxml { program: None, macros: false };
    let mut entries = archive.entries(&mut buffer);
    for _ in 0..MOST_ENTRIES {
        let Some(entry) = entries.next_entry().map_err(|_| "its directory is damaged")? else { break };
        let path = entry.file_path();
        let name: &[u8] = path.as_ref();
        found.program = found.program.or_else(|| program(name));
        found.macros |= name.ends_with(b"vbaProject.bin");
    }
    Ok(found)
}

/// Whose main part this is.
fn program(name: &[u8]) -> Option<Office> {
    [
        (&b"word/document"[..], Office::Word),
        (b"xl/workbook", Office::Excel),
        (b"ppt/presentation", Office::PowerPoint),
    ]
    .into_iter()
    .find_map(|(part, program)| name.starts_with(part).then_some(program))
}

/// The file, as the library wants to read it: at any offset.
struct At<'a, R>(RefCell<&'a mut Fence<R>>);

impl<R: Read + Seek> ReaderAt for At<'_, R> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut file = self.0.borrow_mut();
        file.go_to(offset);
        file.read(buffer)
    }
}
