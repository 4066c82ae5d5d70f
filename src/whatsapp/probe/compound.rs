//! Compound files: the names in the root directory.

use std::io::{BufReader, Read, Seek};

use cfb::CompoundFile;

use super::facts::{Compound, Office};
use super::fence::{Damage, Fence};

/// Its tables lie in sectors of so many bytes, all over the file.
const SECTOR: usize = 512;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Compound, Damage> {
    let file = BufReader::with_capacity(SECTOR, file);
    let directory = CompoundFile::open(file).map_err(Damage::from)?;
    let mut found = Compound { program: None, macros: false, encrypted: false };
    for entry in directory.read_root_storage() {
        let name = entry.name();
        found.program = found.program.or_else(|| program(name));
        found.macros |= matches!(name, "Macros" | "_VBA_PROJECT_CUR");
        found.encrypted |= name == "EncryptedPackage";
    }
    Ok(found)
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
