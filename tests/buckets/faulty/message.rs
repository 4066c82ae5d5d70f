//! Header sections, line by line as they came, and what frames the body after them (RFC 9112 §6.3).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// A header section. Written out, it is byte for byte what was read, but for what was changed.
#[derive(Clone, Debug)]
pub(super) struct Head {
    start: String,
    fields: Vec<Vec<u8>>,
}

/// How long a body is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    /// Until the connection is closed.
    Close,
}

impl Head {
    /// Reads one; `None` if the connection is closed before its end.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => bytes.push(byte),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        let start = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let fields = lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect();
        Ok(Some(Self { start, fields }))
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let lines = std::iter::once(self.start.as_bytes()).chain(self.fields.iter().map(Vec::as_slice));
        let mut bytes = lines.collect::<Vec<_>>().join(&b"\r\n"[..]);
        bytes.extend(b"\r\n\r\n");
        bytes
    }

    /// The first word of a request.
    pub(super) fn method(&self) -> String {
        self.word(0)
    }

    /// The second word of a request.
    pub(super) fn target(&self) -> String {
        self.word(1)
    }

    /// The second word of an answer.
    pub(super) fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or_else(|_| panic!("no answer: {}", self.start))
    }

    fn word(&self, index: usize) -> String {
        self.start.split(' ').nth(index).unwrap_or_else(|| panic!("no message: {}", self.start)).to_owned()
    }

    /// The value of a field, by its name in lower case.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let line = self.fields.iter().find(|line| is_named(line, name))?;
        let value = line.get(name.len() + 1..).unwrap_or_default();
        Some(String::from_utf8_lossy(value.trim_ascii()).into_owned())
    }

    /// The field lines, as names and values.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter().map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').expect("a field line has a colon");
            (&line[..colon], line[colon + 1..].trim_ascii())
        })
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.fields.retain(|line| !is_named(line, name));
    }

    pub(super) fn add(&mut self, line: &[u8]) {
        self.fields.push(line.to_vec());
    }

    pub(super) fn set_start(&mut self, start: &str) {
        start.clone_into(&mut self.start);
    }

    /// What frames the body of an answer to a request with this method.
    pub(super) fn framing_after(&self, method: &str) -> Framing {
        match self.status() {
            100..200 | 204 | 304 => Framing::Length(0),
            _ if method == "HEAD" => Framing::Length(0),
            _ => self.framing().unwrap_or(Framing::Close),
        }
    }

    /// What frames the body, if the fields say.
    pub(super) fn framing(&self) -> Option<Framing> {
        if self.field("transfer-encoding").is_some() {
            return Some(Framing::Chunked);
        }
        let length = self.field("content-length")?;
        Some(Framing::Length(length.parse().unwrap_or_else(|_| panic!("no length: {length}"))))
    }
}

fn is_named(line: &[u8], name: &str) -> bool {
    let found = line.split(|byte| *byte == b':').next().unwrap_or_default();
    found.eq_ignore_ascii_case(name.as_bytes())
}
