//! A file as the origin would see it: its bytes, its media type by both bytes and name, what is inside.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use media_origin::store::Agreement;
use media_origin::store::media_type::settle;
use media_origin::store::sniff::sniff;
use media_origin::whatsapp::limits::{Media, judge};
use media_origin::whatsapp::probe::{Facts, probe};
use media_origin::whatsapp::{Finding, MediaKind};

pub(crate) struct Sample {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: String,
    name_says: Option<Box<str>>,
}

impl Sample {
    #[expect(clippy::disallowed_methods, reason = "a test reads its own files")]
    pub(crate) fn read(path: &Path) -> Self {
        Self::named(path.file_name().unwrap().to_str().unwrap(), std::fs::read(path).unwrap())
    }

    pub(crate) fn named(name: &str, bytes: Vec<u8>) -> Self {
        let media_type = settle(&sniff(Cursor::new(&bytes)).unwrap(), name);
        let name_says = match media_type.agreement {
            Agreement::Differ { name, .. } => Some(name),
            Agreement::Agree => None,
        };
        Self { bytes, content_type: media_type.content_type.to_str().unwrap().into(), name_says }
    }

    pub(crate) fn facts(&self) -> Facts {
        probe(Cursor::new(&self.bytes), self.bytes.len() as u64, &self.content_type).unwrap()
    }

    pub(crate) fn judge(&self, kind: MediaKind, voice: bool) -> Vec<Finding> {
        let facts = self.facts();
        let media = Media {
            content_type: &self.content_type,
            length: self.bytes.len() as u64,
            facts: &facts,
            name_says: self.name_says.as_deref(),
        };
        judge(kind, voice, &media)
    }
}

/// The names of findings, the worst first.
pub(crate) fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

/// Counts what is read.
pub(crate) struct Counting<R> {
    inner: R,
    pub(crate) bytes: u64,
    pub(crate) reads: u32,
}

impl<R> Counting<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, bytes: 0, reads: 0 }
    }
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        self.reads += 1;
        Ok(read)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}
