//! Version 1: one line of text (§2.1).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Header, Malformed, Progress};

pub(super) const PREFIX: &[u8] = b"PROXY ";

/// `PROXY UNKNOWN` and CRLF, in bytes.
pub(super) const SHORTEST: usize = 15;

/// "If the CRLF sequence is not found in the first 107 characters, the receiver should declare the line invalid."
pub(super) const LONGEST: usize = 107;

pub(super) fn parse(came: &[u8]) -> Result<Progress, Malformed> {
    let within = &came[..came.len().min(LONGEST)];
    match within.windows(2).position(|pair| pair == b"\r\n") {
        Some(end) => Ok(Progress::Whole(line(&within[PREFIX.len()..end])?, end + 2)),
        None if came.len() >= LONGEST => Err(Malformed::LongLine),
        None if came.ends_with(b"\r") => Ok(Progress::Needs(1)),
        None => Ok(Progress::Needs((LONGEST - came.len()).min(2))),
    }
}

/// What stands between the prefix and CRLF.
fn line(line: &[u8]) -> Result<Header, Malformed> {
    // "For "UNKNOWN", the rest of the line before the CRLF may be omitted by the sender, and the receiver must ignore
    // anything presented before the CRLF is found."
    if line == b"UNKNOWN" || line.starts_with(b"UNKNOWN ") {
        return Ok(Header::Own);
    }
    let line = std::str::from_utf8(line).map_err(|_| Malformed::Line)?;
    let fields: Vec<_> = line.split(' ').collect();
    let [family, source, destination, source_port, destination_port] = fields[..] else {
        return Err(Malformed::Line);
    };
    let (source, _destination) = match family {
        "TCP4" => (ipv4(source)?, ipv4(destination)?),
        "TCP6" => (ipv6(source)?, ipv6(destination)?),
        _ => return Err(Malformed::Line),
    };
    let (source_port, _destination_port) = (port(source_port)?, port(destination_port)?);
    Ok(Header::Relayed(SocketAddr::new(source, source_port)))
}

/// Four numbers without zeros before them, which is the only form that the standard library takes.
fn ipv4(text: &str) -> Result<IpAddr, Malformed> {
    text.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| Malformed::Line)
}

fn ipv6(text: &str) -> Result<IpAddr, Malformed> {
    text.parse::<Ipv6Addr>().map(IpAddr::V6).map_err(|_| Malformed::Line)
}

/// "a decimal integer in the range [0..65535] inclusive. Heading zeroes are not permitted"
fn port(text: &str) -> Result<u16, Malformed> {
    let leads = text.starts_with('0') && text != "0";
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits && !leads).ok_or(Malformed::Line)
}
