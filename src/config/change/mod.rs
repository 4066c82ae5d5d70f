//! What a configuration that is read again changes in a running server, and what it can change only after a restart.
//!
//! [`Config::succeeded_by`] names every key. It takes every struct apart and puts it together again, so that a key that
//! is new cannot be forgotten here: the compiler asks which of the two it is.

mod rules;
mod store;
mod tls;
mod told;

use super::{
    Config, Control, Limits, Links, Listen, ListenAddress, Log, Memory, Proxies, Shutdown, Signing, Token,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use told::{Count, Mode, Told};
use utoipa::ToSchema;

/// A key, and its values as a configuration file would have them. A secret is told only by where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Change {
    /// The key, such as `limits.target`, or `rule "campaigns/**"`.
    pub key: String,
    /// The value by which the server ran.
    pub old: String,
    /// The value that was read.
    pub new: String,
}

/// Everything that differs between the configuration by which a server runs and one that was read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What the server goes by from now on.
    pub applied: Vec<Change>,
    /// What it would go by after a restart.
    pub needs_restart: Vec<Change>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, old, new } = self;
        write!(f, "{key}: {old} → {new}")
    }
}

impl Config {
    /// What a server that runs by this configuration goes by once `read` has been read: `read`, but for the keys that
    /// need a restart; and what differs.
    #[must_use]
    pub fn succeeded_by(&self, read: Self) -> (Self, Changes) {
        let mut changes = Changes::default();
        let Self {
            public_url,
            listen,
            tls,
            proxies,
            control,
            store,
            memory,
            links,
            signing,
            limits,
            shutdown,
            log,
            rules,
        } = read;
        let successor = Self {
            public_url: changes.at_once("public-url", &self.public_url, public_url),
            listen: changes.listen(
                ["listen.address", "listen.mode", "listen.proxy-protocol"],
                &self.listen,
                listen,
            ),
            tls: changes.tls(self.tls.as_ref(), tls),
            proxies: changes.proxies(&self.proxies, proxies),
            control: changes.control(&self.control, control),
            store: changes.store(&self.store, &store),
            memory: changes.memory(self.memory, memory),
            links: changes.links(self.links, links),
            signing: changes.signing(&self.signing, signing),
            limits: changes.limits(self.limits, limits),
            shutdown: changes.shutdown(self.shutdown, shutdown),
            log: changes.log(self.log, log),
            rules: changes.rules(&self.rules, rules),
        };
        (successor, changes)
    }
}

impl Changes {
    /// Whether the configuration is what it was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.needs_restart.is_empty()
    }

    /// Takes the new value.
    fn at_once<T: Told + PartialEq>(&mut self, key: &str, old: &T, new: T) -> T {
        self.applied.extend(Change::between(key, old, &new));
        new
    }

    /// Keeps the old value.
    fn after_restart<T: Told + PartialEq + Clone>(&mut self, key: &str, old: &T, new: &T) -> T {
        self.needs_restart.extend(Change::between(key, old, new));
        old.clone()
    }

    fn listen(&mut self, [address, permissions, first]: [&str; 3], old: &Listen, new: Listen) -> Listen {
        let Listen { addresses, mode, proxy_protocol } = new;
        Listen {
            addresses: self.after_restart(address, &old.addresses, &addresses),
            mode: self.mode(permissions, old.mode, mode),
            proxy_protocol: self.at_once(first, &old.proxy_protocol, proxy_protocol),
        }
    }

    fn proxies(&mut self, old: &Proxies, new: Proxies) -> Proxies {
        let Proxies { trusted, client_header } = new;
        Proxies {
            trusted: self.at_once("trusted-proxies", &old.trusted, trusted),
            client_header: self.at_once("client-header", &old.client_header, client_header),
        }
    }

    fn control(&mut self, old: &Control, new: Control) -> Control {
        let Control { address, mode, token } = new;
        let address = self.after_restart("control.address", &old.address, &address);
        let token = self.token(&address, old.token.as_ref(), token);
        Control { mode: self.mode("control.mode", old.mode, mode), address, token }
    }

    /// Permissions are those of the file that is there.
    fn mode(&mut self, key: &str, old: u32, new: u32) -> u32 {
        self.after_restart(key, &Mode(old), &Mode(new)).0
    }

    /// A token that the new address does without stays as long as the old address needs it.
    fn token(&mut self, address: &ListenAddress, old: Option<&Token>, new: Option<Token>) -> Option<Token> {
        let old = old.cloned();
        if new.is_none() && address.is_local() != Some(true) {
            return self.after_restart("control.token-file", &old, &new);
        }
        self.at_once("control.token-file", &old, new)
    }

    fn memory(&mut self, old: Memory, new: Memory) -> Memory {
        let Memory { hot, largest, buffers } = new;
        Memory {
            hot: self.after_restart("memory.hot", &old.hot, &hot),
            largest: self.after_restart("memory.largest", &old.largest, &largest),
            buffers: self.after_restart("memory.buffers", &old.buffers, &buffers),
        }
    }

    fn links(&mut self, old: Links, new: Links) -> Links {
        let Links { pin, on_mismatch } = new;
        Links {
            pin: self.at_once("links.pin", &old.pin, pin),
            on_mismatch: self.at_once("links.on-mismatch", &old.on_mismatch, on_mismatch),
        }
    }

    fn signing(&mut self, old: &Signing, new: Signing) -> Signing {
        let Signing { keys, lifetime } = new;
        Signing {
            keys: self.at_once("signing.keys-file", &old.keys, keys),
            lifetime: self.at_once("signing.lifetime", &old.lifetime, lifetime),
        }
    }

    fn limits(&mut self, old: Limits, new: Limits) -> Limits {
        let Limits { header_field, headers, target, header_fields, .. } = new;
        let Limits { header_timeout, idle_timeout, send_timeout, min_rate, .. } = new;
        let Limits { connections, connections_per_address, streams, resets, .. } = new;
        Limits {
            header_field: self.at_once("limits.header-field", &old.header_field, header_field),
            headers: self.at_once("limits.headers", &old.headers, headers),
            target: self.at_once("limits.target", &old.target, target),
            header_fields: self.count("limits.header-fields", old.header_fields, header_fields),
            header_timeout: self.at_once("limits.header-timeout", &old.header_timeout, header_timeout),
            idle_timeout: self.at_once("limits.idle-timeout", &old.idle_timeout, idle_timeout),
            send_timeout: self.at_once("limits.send-timeout", &old.send_timeout, send_timeout),
            min_rate: self.at_once("limits.min-rate", &old.min_rate, min_rate),
            connections: self.connections(old.connections, connections),
            connections_per_address: self.count(
                "limits.connections-per-address",
                old.connections_per_address,
                connections_per_address,
            ),
            streams: self.count("limits.streams", old.streams, streams),
            resets: self.count("limits.resets", old.resets, resets),
        }
    }

    /// The file descriptors that connections need are secured at the start.
    fn connections(&mut self, old: Option<usize>, new: Option<usize>) -> Option<usize> {
        let [was, is] = [old, new].map(|number| number.map(Count));
        self.after_restart("limits.connections", &was, &is);
        old
    }

    /// Takes the new number.
    fn count<T: Copy + PartialEq + fmt::Display>(&mut self, key: &str, old: T, new: T) -> T {
        self.applied.extend(Change::between(key, &Count(old), &Count(new)));
        new
    }

    fn log(&mut self, old: Log, new: Log) -> Log {
        let Log { format, access } = new;
        Log {
            format: self.after_restart("log.format", &old.format, &format),
            access: self.at_once("log.access", &old.access, access),
        }
    }

    fn shutdown(&mut self, old: Shutdown, new: Shutdown) -> Shutdown {
        let Shutdown { grace, drain } = new;
        Shutdown {
            grace: self.at_once("shutdown.grace", &old.grace, grace),
            drain: self.at_once("shutdown.drain", &old.drain, drain),
        }
    }
}

impl Change {
    /// The change of this key, if it is one.
    fn between<T: Told + PartialEq>(key: &str, old: &T, new: &T) -> Option<Self> {
        (old != new).then(|| Self { key: key.to_owned(), old: old.told(), new: new.told_beside(old) })
    }
}

#[cfg(test)]
mod tests;
