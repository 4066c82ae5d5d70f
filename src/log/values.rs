//! The values of a line, written without the machinery of `format!`: every request has a line, and a line has a dozen of
//! them.

use std::cell::RefCell;
use std::fmt::Display;
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::RequestId;
use crate::peer::Peer;

/// Appends what few lines have.
pub(super) fn displayed(line: &mut Vec<u8>, value: impl Display) {
    // Writing to memory cannot fail.
    let _written = write!(line, "{value}");
}

thread_local! {
    /// The second that was last asked for, and how it is written.
    static LAST: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
}

/// Appends a time to the microsecond: `2018-02-14T00:28:07.133000Z` (RFC 3339).
pub(super) fn timestamp(line: &mut Vec<u8>, time: SystemTime) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    LAST.with_borrow_mut(|(second, written)| {
        if *second != since.as_secs() {
            *second = since.as_secs();
            *written = humantime::format_rfc3339_seconds(time).to_string();
        }
        line.extend_from_slice(written.trim_end_matches('Z').as_bytes());
    });
    line.push(b'.');
    figures::<6>(line, since.subsec_micros().into());
    line.push(b'Z');
}

/// Appends the last `N` figures of a number.
fn figures<const N: usize>(line: &mut Vec<u8>, mut number: u64) {
    let mut figures = [b'0'; N];
    for figure in figures.iter_mut().rev() {
        *figure += u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    line.extend_from_slice(&figures);
}

/// Appends a number.
pub(super) fn number(line: &mut Vec<u8>, number: u64) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a time span in thousandths of a second, to the microsecond.
pub(super) fn milliseconds(line: &mut Vec<u8>, span: Duration) {
    let microseconds = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
    number(line, microseconds / 1000);
    line.push(b'.');
    figures::<3>(line, microseconds);
}

/// Appends an address and a port, as they are written everywhere.
pub(super) fn peer(line: &mut Vec<u8>, peer: Peer) {
    match peer {
        Peer::Address(SocketAddr::V4(address)) => {
            let [a, b, c, d] = address.ip().octets();
            number(line, a.into());
            for octet in [b, c, d] {
                line.push(b'.');
                number(line, octet.into());
            }
            line.push(b':');
            number(line, address.port().into());
        }
        Peer::Address(_) | Peer::Unix => displayed(line, peer),
    }
}

/// Appends the name of a request.
pub(super) fn request_id(line: &mut Vec<u8>, id: &RequestId) {
    match id {
        RequestId::Made(bits) => {
            let mut digits = [0; 32];
            let _fits = hex::encode_to_slice(bits.to_be_bytes(), &mut digits);
            line.extend_from_slice(&digits);
        }
        RequestId::Given(name) => line.extend_from_slice(name.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut line = Vec::new();
        write(&mut line);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn values_are_written_as_they_are_displayed() {
        for (microseconds, expected) in
            [(0, "0.000"), (7, "0.007"), (1_234_567, "1234.567"), (90_000, "90.000")]
        {
            let span = Duration::from_micros(microseconds);
            assert_eq!(written(|line| milliseconds(line, span)), expected);
        }
        for nanoseconds in [0, 999, 1000, 1_795_402_800_123_456_789, 1_795_402_800_000_001_000] {
            let time = UNIX_EPOCH + Duration::from_nanos(nanoseconds);
            let expected = humantime::format_rfc3339_micros(time).to_string();
            assert_eq!(written(|line| timestamp(line, time)), expected);
        }
        for address in ["192.0.2.1:1", "255.255.255.255:65535", "[2001:db8::1]:80"] {
            let address: SocketAddr = address.parse().unwrap();
            assert_eq!(written(|line| peer(line, address.into())), address.to_string());
        }
        assert_eq!(written(|line| peer(line, Peer::Unix)), "unix");
        for id in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_u128 << 13] {
            let id = RequestId::Made(id);
            assert_eq!(written(|line| request_id(line, &id)), id.to_string());
        }
    }
}
