//! File descriptors: as many as connections need, or an error before the first one.

use rustix::io;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Limits;

/// What the server needs beside connections and the files they are sent: listeners, the control listener's connections,
/// those to the bucket, the ledger, the slices on disk.
const RESERVE: u64 = 512;

/// Fewer connections are none to speak of.
const FEWEST: usize = 10;

/// What the process may have, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptors {
    /// As many as it may have.
    pub limit: u64,
    /// As many connections as they are for.
    pub connections: usize,
}

/// Raises the soft limit to the hard one, and says for how many connections that is enough, beside so many files that
/// are open at a time: for those that are `wanted`, or else the usual number at most.
///
/// # Errors
/// If it is too low for as many as are wanted, or for any to speak of; the sentences say what to do.
pub fn secure(wanted: Option<usize>, files: u64) -> Result<Descriptors, String> {
    let limit = raise(getrlimit(Resource::Nofile));
    allot(limit, wanted, files).map(|connections| Descriptors { limit, connections })
}

fn allot(limit: u64, wanted: Option<usize>, files: u64) -> Result<usize, String> {
    let affordable = limit.saturating_sub(RESERVE + files);
    let connections = match wanted {
        Some(wanted) => wanted,
        None => usize::try_from(affordable).unwrap_or(usize::MAX).clamp(FEWEST, Limits::USUAL_CONNECTIONS),
    };
    if connections as u64 <= affordable {
        return Ok(connections);
    }
    let needed = connections as u64 + files + RESERVE;
    let remedy = match affordable {
        affordable if affordable >= FEWEST as u64 => format!(", or set limits.connections to {affordable}"),
        _ => String::new(),
    };
    Err(format!(
        "{connections} connections need {needed} file descriptors, and this process may have {limit}\n\
         help: raise that limit (`ulimit -Hn {needed}` as root, LimitNOFILE={needed} in a systemd unit){remedy}"
    ))
}

/// The limit, once it is as high as it may be. A limit that cannot be raised is one all the same.
fn raise(limits: Rlimit) -> u64 {
    let raised: io::Result<()> =
        setrlimit(Resource::Nofile, Rlimit { current: limits.maximum, maximum: limits.maximum });
    let limit = if raised.is_ok() { limits.maximum } else { limits.current };
    limit.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_there_are_descriptors_for() {
        assert_eq!(allot(1 << 20, None, 100), Ok(10_000), "the usual number");
        assert_eq!(allot(4096, None, 100), Ok(4096 - 612), "fewer where nobody asked for more");
        assert_eq!(allot(622, None, 100), Ok(10));
        assert_eq!(allot(20_612, Some(20_000), 100), Ok(20_000));
        let error = allot(4096, Some(20_000), 100).unwrap_err();
        assert!(
            error
                .starts_with("20000 connections need 20612 file descriptors, and this process may have 4096")
        );
        assert!(error.ends_with("or set limits.connections to 3484"), "{error}");
        assert_eq!(allot(4096, Some(3484), 100), Ok(3484), "the remedy is enough");
        assert!(
            !allot(100, None, 100).unwrap_err().contains("limits.connections"),
            "nothing would help but more"
        );
    }
}
