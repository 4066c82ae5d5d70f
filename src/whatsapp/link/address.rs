//! Which addresses can be reached from anywhere on the Internet: the one table of those that cannot.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the IANA registries of special-purpose addresses (RFC 6890) do not call globally reachable, multicast, and the
/// site-local addresses of RFC 3879: the first address of each block, and the bits that its addresses have in common.
const V4: [([u8; 4], u32); 14] = [
    ([0, 0, 0, 0], 8),       // this network (RFC 791)
    ([10, 0, 0, 0], 8),      // private use (RFC 1918)
    ([100, 64, 0, 0], 10),   // between a provider and its customers (RFC 6598)
    ([127, 0, 0, 0], 8),     // loopback (RFC 1122)
    ([169, 254, 0, 0], 16),  // link-local (RFC 3927)
    ([172, 16, 0, 0], 12),   // private use (RFC 1918)
    ([192, 0, 0, 0], 24),    // protocol assignments (RFC 6890)
    ([192, 0, 2, 0], 24),    // documentation (RFC 5737)
    ([192, 168, 0, 0], 16),  // private use (RFC 1918)
    ([198, 18, 0, 0], 15),   // benchmarks (RFC 2544)
    ([198, 51, 100, 0], 24), // documentation (RFC 5737)
    ([203, 0, 113, 0], 24),  // documentation (RFC 5737)
    ([224, 0, 0, 0], 4),     // multicast (RFC 5771)
    ([240, 0, 0, 0], 4),     // reserved, and broadcast (RFC 1112, RFC 919)
];

/// The same of version 6.
const V6: [([u16; 8], u32); 11] = [
    ([0, 0, 0, 0, 0, 0, 0, 0], 128),         // unspecified (RFC 4291)
    ([0, 0, 0, 0, 0, 0, 0, 1], 128),         // loopback (RFC 4291)
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48),  // translation within a network (RFC 8215)
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64),      // discard (RFC 6666)
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation (RFC 3849)
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),     // documentation (RFC 9637)
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16),     // segment routing (RFC 9602)
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),      // unique local (RFC 4193)
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),     // link-local (RFC 4291)
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),     // site-local, deprecated (RFC 3879)
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8),      // multicast (RFC 4291)
];

/// Whether the address is in none of the blocks that lead nowhere on the Internet, or somewhere else in each network.
///
/// An address of version 6 that stands for one of version 4 is judged as that: a mapped one (RFC 4291 §2.5.5.2), and one
/// in `64:ff9b::/96`, which a translator makes of a server's own (RFC 6052).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => {
            v6.to_ipv4_mapped().or_else(|| translated(v6)).map_or_else(|| is_public_v6(v6), is_public_v4)
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |&(first, bits): &([u8; 4], u32)| {
        (address.to_bits() ^ u32::from_be_bytes(first)).leading_zeros() >= bits
    };
    !V4.iter().any(is_in)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |&(first, bits): &([u16; 8], u32)| {
        (address.to_bits() ^ Ipv6Addr::from(first).to_bits()).leading_zeros() >= bits
    };
    !V6.iter().any(is_in)
}

fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_ends_where_its_registry_says() {
        for (address, expected) in [
            ("0.255.255.255", false),
            ("1.0.0.0", true),
            ("9.255.255.255", true),
            ("10.255.255.255", false),
            ("93.184.216.34", true),
            ("100.63.255.255", true),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("127.255.255.255", false),
            ("128.0.0.0", true),
            ("169.254.169.254", false),
            ("172.15.255.255", true),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.0.0.255", false),
            ("192.0.1.0", true),
            ("192.0.2.255", false),
            ("192.168.255.255", false),
            ("198.17.255.255", true),
            ("198.19.255.255", false),
            ("198.20.0.0", true),
            ("198.51.100.1", false),
            ("203.0.113.1", false),
            ("223.255.255.255", true),
            ("239.255.255.255", false),
            ("240.0.0.0", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::2", true),
            ("::ffff:127.0.0.1", false),
            ("::ffff:93.184.216.34", true),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b::93.184.216.34", true),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("100:0:0:1::", true),
            ("2001:db8:ffff::1", false),
            ("2001:db9::1", true),
            ("2606:2800:220:1::1", true),
            ("3fff:fff::1", false),
            ("3fff:1000::1", true),
            ("5f00::1", false),
            ("fbff::1", true),
            ("fdff::1", false),
            ("fe80::1", false),
            ("febf::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().expect("an address")), expected, "{address}");
        }
    }
}
