//! AMR: the first bytes say all there is to say (RFC 4867 §5.1).

use std::io::{Read, Seek};

use super::facts::Amr;
use super::fence::{Damage, Fence};

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Amr, Damage> {
    const MAGIC: [(&[u8], Amr); 4] = [
        (b"#!AMR\n", Amr { wideband: false, multichannel: false }),
        (b"#!AMR-WB\n", Amr { wideband: true, multichannel: false }),
        (b"#!AMR_MC1.0\n", Amr { wideband: false, multichannel: true }),
        (b"#!AMR-WB_MC1.0\n", Amr { wideband: true, multichannel: true }),
    ];
    let head = file.piece(0, 16)?;
    let found = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    found.map(|&(_, facts)| facts).ok_or("it does not begin as an AMR file".into())
}
