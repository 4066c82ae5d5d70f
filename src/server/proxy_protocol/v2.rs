//! Version 2: sixteen bytes, addresses, and vectors of type, length and value (§2.2).

use std::net::{IpAddr, SocketAddr};

use super::{Header, Malformed, Progress};

pub(super) const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Bytes before the addresses.
const FIXED: usize = 16;

/// `PP2_TYPE_CRC32C`.
const CHECKSUM: u8 = 0x03;

/// The lower half of the 13th byte.
#[derive(Clone, Copy)]
enum Command {
    Local,
    Proxy,
}

/// The upper half of the 14th byte, where the lower one names a transport.
#[derive(Clone, Copy)]
enum Family {
    Unspecified,
    Ipv4,
    Ipv6,
    Unix,
}

/// Reads what begins with the signature, or with a part of it.
pub(super) fn parse(came: &[u8]) -> Result<Progress, Malformed> {
    let command = came.get(12).map(|byte| command(*byte)).transpose()?;
    let (Some(command), Some(family), Some(length)) = (command, came.get(13), came.get(14..FIXED)) else {
        return Ok(Progress::Needs(FIXED - came.len()));
    };
    let family = match command {
        // "discard the protocol block including the family which is ignored"
        Command::Local => Family::Unspecified,
        Command::Proxy => family_of(*family)?,
    };
    let end = FIXED + usize::from(u16::from_be_bytes([length[0], length[1]]));
    match came.get(..end) {
        Some(header) => Ok(Progress::Whole(whole(header, family)?, end)),
        None => Ok(Progress::Needs(end - came.len())),
    }
}

fn command(byte: u8) -> Result<Command, Malformed> {
    match byte {
        0x20 => Ok(Command::Local),
        0x21 => Ok(Command::Proxy),
        _ => Err(Malformed::Command),
    }
}

/// Datagrams are taken too: a proxy that speaks HTTP/3 to the client has an address of it all the same.
fn family_of(byte: u8) -> Result<Family, Malformed> {
    match (byte >> 4, byte & 0xf) {
        (4.., _) | (_, 3..) => Err(Malformed::Family),
        (0, _) | (_, 0) => Ok(Family::Unspecified),
        (1, _) => Ok(Family::Ipv4),
        (2, _) => Ok(Family::Ipv6),
        _ => Ok(Family::Unix),
    }
}

/// Reads a header that came whole.
fn whole(header: &[u8], family: Family) -> Result<Header, Malformed> {
    let block = &header[FIXED..];
    let (relayed, addresses) = match family {
        Family::Unspecified => return Ok(Header::Own),
        Family::Ipv4 => (Header::Relayed(source::<4>(block)?), 12),
        Family::Ipv6 => (Header::Relayed(source::<16>(block)?), 36),
        Family::Unix => (Header::Own, 216),
    };
    let vectors = block.get(addresses..).ok_or(Malformed::Short)?;
    match checksum(vectors)? {
        Some((at, expected)) if crc32c(header, FIXED + addresses + at) != expected => {
            Err(Malformed::Checksum)
        }
        _ => Ok(relayed),
    }
}

/// Two addresses of `N` bytes, then two ports: the first of each.
fn source<const N: usize>(block: &[u8]) -> Result<SocketAddr, Malformed>
where
    IpAddr: From<[u8; N]>,
{
    let address = block.first_chunk::<N>().ok_or(Malformed::Short)?;
    let port = block.get(2 * N..).and_then(<[u8]>::first_chunk).ok_or(Malformed::Short)?;
    Ok(SocketAddr::new(IpAddr::from(*address), u16::from_be_bytes(*port)))
}

/// Where among the vectors the value of the checksum is, and the value; if there is one.
fn checksum(vectors: &[u8]) -> Result<Option<(usize, u32)>, Malformed> {
    let mut found = None;
    let mut left = vectors;
    while let Some((kind, rest)) = left.split_first() {
        let (length, rest) = rest.split_first_chunk().ok_or(Malformed::Vector)?;
        let at = vectors.len() - rest.len();
        let (value, rest) =
            rest.split_at_checked(u16::from_be_bytes(*length).into()).ok_or(Malformed::Vector)?;
        if *kind == CHECKSUM {
            let sum = value.try_into().map(u32::from_be_bytes).map_err(|_| Malformed::Vector)?;
            if found.replace((at, sum)).is_some() {
                return Err(Malformed::Vector);
            }
        }
        left = rest;
    }
    Ok(found)
}

/// The CRC-32C of the header (RFC 9260 appendix A), the four bytes at `field` taken for zeros. Bit by bit: a header is
/// short, and there is one a connection.
fn crc32c(header: &[u8], field: usize) -> u32 {
    let byte = |(at, byte): (usize, &u8)| if (field..field + 4).contains(&at) { 0 } else { *byte };
    !header.iter().enumerate().map(byte).fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0x82f6_3b78 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-32C: that of `123456789`.
    #[test]
    fn the_checksum_is_crc32c() {
        assert_eq!(crc32c(b"123456789", 100), 0xe306_9283);
        assert_eq!(crc32c(b"12345\x01\x02\x03\x04", 5), crc32c(b"12345\0\0\0\0", 100));
    }
}
