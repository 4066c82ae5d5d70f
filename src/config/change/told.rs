//! Values as a configuration file would have them.

use crate::caching::policy::{Policy, Send};
use crate::caching::rules::{Access, Rule};
use crate::config::{
    AccessFormat, ClientHeader, ListenAddress, LogFormat, OnMismatch, PublicUrl, Service, Token, Trusted,
    in_bytes,
};
use crate::signing::{KeyId, Keys};
use std::path::PathBuf;
use std::time::Duration;

/// A value that can be told to whoever runs the server.
pub(super) trait Told {
    /// The value.
    fn told(&self) -> String;

    /// The value, told after another one that differs from it.
    fn told_beside(&self, _other: &Self) -> String {
        self.told()
    }
}

fn quoted(text: impl std::fmt::Display) -> String {
    format!("\"{text}\"")
}

impl Told for bool {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for String {
    fn told(&self) -> String {
        quoted(self)
    }
}

impl Told for PathBuf {
    fn told(&self) -> String {
        quoted(self.display())
    }
}

impl Told for ListenAddress {
    fn told(&self) -> String {
        quoted(self)
    }
}

/// One as itself, several as an array.
impl Told for Vec<ListenAddress> {
    fn told(&self) -> String {
        match self.as_slice() {
            [one] => one.told(),
            several => array(several.iter().map(Told::told)),
        }
    }
}

fn array(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(", "))
}

/// Permissions of a file.
#[derive(Clone, PartialEq)]
pub(super) struct Mode(pub(super) u32);

impl Told for Mode {
    fn told(&self) -> String {
        format!("\"{:04o}\"", self.0)
    }
}

impl Told for Trusted {
    fn told(&self) -> String {
        let Self { networks, unix } = self;
        array(networks.iter().map(quoted).chain(unix.then(|| quoted("unix"))))
    }
}

impl Told for ClientHeader {
    fn told(&self) -> String {
        quoted(match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        })
    }
}

impl Told for PublicUrl {
    fn told(&self) -> String {
        quoted(self)
    }
}

/// Bytes.
impl Told for u64 {
    fn told(&self) -> String {
        quoted(in_bytes(*self))
    }
}

/// Bytes.
impl Told for usize {
    fn told(&self) -> String {
        (*self as u64).told()
    }
}

/// A number of something that is no byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Count<T>(pub(super) T);

impl<T: std::fmt::Display> Told for Count<T> {
    fn told(&self) -> String {
        self.0.to_string()
    }
}

impl Told for Duration {
    fn told(&self) -> String {
        // What is written as "45d" is not told as a month, 14 days and some hours.
        match (self.as_secs() / DAY, self.as_secs() % DAY) {
            (days @ 1.., 0) => quoted(format_args!("{days}d")),
            _ => quoted(humantime::format_duration(*self)),
        }
    }
}

/// Seconds.
const DAY: u64 = 24 * 60 * 60;

impl Told for OnMismatch {
    fn told(&self) -> String {
        quoted(match self {
            Self::ServeCurrent => "serve-current",
            Self::NotFound => "not-found",
        })
    }
}

impl Told for LogFormat {
    fn told(&self) -> String {
        quoted(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl Told for AccessFormat {
    fn told(&self) -> String {
        quoted(match self {
            Self::Off => "off",
            Self::Text => "text",
            Self::Json => "json",
            Self::Combined => "combined",
        })
    }
}

impl Told for Service {
    fn told(&self) -> String {
        quoted(match self {
            Self::S3 => "s3",
            Self::Gcs => "gcs",
        })
    }
}

/// That there is one, and no more.
impl Told for Token {
    fn told(&self) -> String {
        "a token".to_owned()
    }

    fn told_beside(&self, _other: &Self) -> String {
        "another token".to_owned()
    }
}

/// Their names, in their order.
impl Told for Keys {
    fn told(&self) -> String {
        let names: Vec<_> = self.names().map(KeyId::as_str).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    fn told_beside(&self, other: &Self) -> String {
        if self.names().eq(other.names()) { "others of these names".to_owned() } else { self.told() }
    }
}

impl Told for &Rule {
    fn told(&self) -> String {
        match self.access() {
            Access::Public => self.policy().told(),
            Access::Signed => format!("{}; access: {}", self.policy().told(), Access::Signed.as_str()),
        }
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), Told::told)
    }

    fn told_beside(&self, other: &Self) -> String {
        match (self, other) {
            (Some(value), Some(other)) => value.told_beside(other),
            _ => self.told(),
        }
    }
}

impl Told for Policy {
    fn told(&self) -> String {
        let Self { cache_control, pinned_cache_control, send } = self;
        let pinned = pinned_cache_control.iter().map(|pinned| format!("; pinned: {pinned}"));
        let send = Some(send).filter(|send| **send != Send::default()).map(Told::told);
        let send = send.iter().map(|send| format!("; send: {send}"));
        cache_control.to_string() + &pinned.chain(send).collect::<String>()
    }
}

impl Told for Send {
    fn told(&self) -> String {
        let Self { cache_control, last_modified, etag } = *self;
        let fields = [("cache-control", cache_control), ("last-modified", last_modified), ("etag", etag)];
        let sent: Vec<_> = fields.into_iter().filter(|(_, sent)| *sent).map(|(name, _)| name).collect();
        if sent.is_empty() { "nothing".to_owned() } else { sent.join(", ") }
    }
}
