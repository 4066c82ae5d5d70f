//! A client's connection: one request after the other, each with a deadline that nothing moves.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// An answer, as far as it came.
pub struct Answer {
    pub status: u16,
    /// By their names in lower case.
    pub fields: HashMap<String, String>,
    pub body: Vec<u8>,
    pub end: End,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// With the last byte that `Content-Length` promises.
    Whole,
    /// Before it, visibly: the connection ended.
    Cut,
    /// Before it, at the deadline.
    Hung,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NoAnswer {
    /// The connection ended before it.
    Ended,
    /// The deadline came before it.
    Hung,
    /// What came is no answer.
    Garbled,
}

/// A connection to the public listener.
pub struct Connection {
    reader: BufReader<Deadlined>,
    /// The client's own end of it, by which the log names it.
    pub peer: SocketAddr,
}

impl Connection {
    pub fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        let peer = stream.local_addr()?;
        Ok(Self { reader: BufReader::new(Deadlined { stream, deadline: Instant::now() }), peer })
    }

    /// Asks, and reads to the end.
    pub fn get(&mut self, path: &str, range: Option<&str>, patience: Duration) -> Result<Answer, NoAnswer> {
        self.reader.get_mut().deadline = Instant::now() + patience;
        let range = range.map(|range| format!("Range: {range}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\n{range}\r\n");
        self.reader.get_mut().stream.write_all(request.as_bytes()).map_err(|error| no_answer(&error))?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(NoAnswer::Garbled)?;
        let mut fields = HashMap::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").ok_or(NoAnswer::Garbled)?;
            fields.insert(name.to_lowercase(), value.to_owned());
        }
        let length = fields.get("content-length").and_then(|length| length.parse().ok());
        let (body, end) = self.body(length.ok_or(NoAnswer::Garbled)?);
        Ok(Answer { status, fields, body, end })
    }

    fn line(&mut self) -> Result<String, NoAnswer> {
        let mut line = String::new();
        self.reader.read_line(&mut line).map_err(|error| no_answer(&error))?;
        line.strip_suffix("\r\n").map(str::to_owned).ok_or(NoAnswer::Ended)
    }

    fn body(&mut self, length: u64) -> (Vec<u8>, End) {
        let mut body = Vec::with_capacity(usize::try_from(length).unwrap());
        let read = (&mut self.reader).take(length).read_to_end(&mut body);
        let end = match read {
            Ok(size) if size as u64 == length => End::Whole,
            Err(error) if no_answer(&error) == NoAnswer::Hung => End::Hung,
            Ok(_) | Err(_) => End::Cut,
        };
        (body, end)
    }
}

fn no_answer(error: &io::Error) -> NoAnswer {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => NoAnswer::Hung,
        ErrorKind::InvalidData => NoAnswer::Garbled,
        _ => NoAnswer::Ended,
    }
}

/// A stream that is read until the deadline, however slowly bytes come.
struct Deadlined {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for Deadlined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}
