//! Admission: how many connections there may be, in all and from one address.
//!
//! A connection is admitted before a byte of it is read, and costs nothing yet when it is not.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Limits;
use crate::peer::Peer;

/// Why a connection is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are as many as there may be.
    Full,
    /// There are as many from its address as there may be.
    AddressFull,
}

impl Refusal {
    /// The word for it in logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "connections",
            Self::AddressFull => "connections-per-address",
        }
    }
}

/// Who counts the connections that there are.
#[derive(Debug)]
pub struct Admission {
    most: usize,
    most_per_address: AtomicUsize,
    open: AtomicUsize,
    addresses: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that is admitted, until it is dropped.
#[derive(Debug)]
pub struct Admitted {
    admission: Arc<Admission>,
    address: Option<IpAddr>,
}

impl Admission {
    /// So many in all, and as many from one address as these limits allow.
    #[must_use]
    pub fn new(connections: usize, limits: &Limits) -> Self {
        Self::of(connections, limits.connections_per_address)
    }

    /// As many as there are file descriptors for: the operator is never locked out by clients.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::of(usize::MAX, usize::MAX)
    }

    fn of(most: usize, most_per_address: usize) -> Self {
        let most_per_address = AtomicUsize::new(most_per_address);
        Self { most, most_per_address, open: AtomicUsize::new(0), addresses: Mutex::default() }
    }

    /// Goes by other limits for connections that come from now on. How many there may be in all stays.
    pub fn adjust(&self, limits: &Limits) {
        self.most_per_address.store(limits.connections_per_address, Ordering::Relaxed);
    }

    /// How many there are.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Admits a connection. Where `shared` is true, its address is not the client's own, as that of a proxy is not, and
    /// only all connections together are bounded.
    ///
    /// # Errors
    /// Why it is not admitted.
    pub fn admit(self: &Arc<Self>, peer: Peer, shared: bool) -> Result<Admitted, Refusal> {
        if self.open.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return Err(Refusal::Full);
        }
        let mut admitted = Admitted { admission: Arc::clone(self), address: None };
        let Some(address) = counted(peer).filter(|_| !shared) else { return Ok(admitted) };
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let open = addresses.entry(address).or_default();
        if *open >= self.most_per_address.load(Ordering::Relaxed) {
            // Without the lock, which the counter of the dropped one does not take: it has no address.
            return Err(Refusal::AddressFull);
        }
        *open += 1;
        admitted.address = Some(address);
        Ok(admitted)
    }
}

/// The address by which a connection is counted. Of IPv6 a whole /64, which is what one subscriber has (RFC 6177 §2).
fn counted(peer: Peer) -> Option<IpAddr> {
    let Peer::Address(address) = peer else { return None };
    Some(match address.ip().to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
        ip @ IpAddr::V4(_) => ip,
    })
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.admission.open.fetch_sub(1, Ordering::Relaxed);
        let Some(address) = self.address else { return };
        let mut addresses = self.admission.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = addresses.get_mut(&address) {
            *open -= 1;
            if *open == 0 {
                addresses.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(ip: &str) -> Peer {
        Peer::Address((ip.parse::<IpAddr>().unwrap(), 1).into())
    }

    #[test]
    fn what_is_full_has_room_again() {
        let admission = Arc::new(Admission::of(3, 2));
        let first = admission.admit(peer("192.0.2.1"), false).unwrap();
        let _second = admission.admit(peer("::ffff:192.0.2.1"), false).unwrap();
        assert_eq!(admission.admit(peer("192.0.2.1"), false).unwrap_err(), Refusal::AddressFull);
        let third = admission.admit(peer("192.0.2.1"), true).unwrap();
        assert_eq!(admission.admit(peer("192.0.2.2"), false).unwrap_err(), Refusal::Full);
        assert_eq!(admission.open(), 3);
        drop((first, third));
        let _again = admission.admit(peer("192.0.2.1"), false).unwrap();
        let _socket = admission.admit(Peer::Unix, false).unwrap();
        assert_eq!(admission.open(), 3);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let admission = Arc::new(Admission::of(9, 1));
        let one = admission.admit(peer("2001:db8::1"), false).unwrap();
        assert_eq!(admission.admit(peer("2001:db8::2:3"), false).unwrap_err(), Refusal::AddressFull);
        let other = admission.admit(peer("2001:db8:0:1::1"), false).unwrap();
        assert_eq!(admission.addresses.lock().unwrap().len(), 2);
        drop((one, other));
        assert!(admission.addresses.lock().unwrap().is_empty(), "nothing is remembered");
    }
}
