//! Which asset a request's target names, and which version of it.

use http::Uri;

use super::Refusal;
use crate::semantics::representation::Version;
use crate::signing::{Claim, Fault};
use crate::store::AssetPath;

/// The target of a request, below the mount.
#[derive(Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The asset.
    pub path: AssetPath,
    /// The value of `v` in the query. What is not of a signature is ignored: senders add it to get past Meta's cache.
    pin: Option<&'a str>,
    /// The query as it was written.
    query: Option<&'a str>,
}

/// What the link says about the version of the asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    /// Nothing.
    #[default]
    Absent,
    /// It names the version that the asset has.
    Matches,
    /// It names another.
    Differs,
    /// It is not of the form of a pin: a sender's own parameter, most likely.
    Malformed,
}

impl Pin {
    /// A word for it, if there is one to speak of.
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Matches => Some("matches"),
            Self::Differs => Some("differs"),
            Self::Malformed => Some("malformed"),
        }
    }
}

impl<'a> Target<'a> {
    /// Reads the target. `mount` is the path of the public URL, empty or with a leading slash.
    ///
    /// # Errors
    /// If it is not below the mount, or names no asset.
    pub fn of(uri: &'a Uri, mount: &str) -> Result<Self, Refusal> {
        let below = uri.path().strip_prefix(mount).and_then(|rest| rest.strip_prefix('/'));
        let path = AssetPath::decode(below.ok_or(Refusal::NotFound)?)?;
        let mut parameters = uri.query().unwrap_or("").split('&');
        let pin = parameters.find_map(|parameter| parameter.strip_prefix("v="));
        Ok(Self { path, pin, query: uri.query() })
    }

    /// What the link says of its signature.
    ///
    /// # Errors
    /// If it has none, or none that is whole.
    pub fn claim(&self) -> Result<Claim<'a>, Fault> {
        Claim::of(self.query)
    }

    /// The value of `v` in the link, if there is one.
    #[must_use]
    pub fn pinned_to(&self) -> Option<&'a str> {
        self.pin
    }

    /// Compares the link's pin with the version that the asset has.
    #[must_use]
    pub fn pin(&self, version: &Version) -> Pin {
        match self.pin {
            None => Pin::Absent,
            Some(pin) if version.is_pinned_by(pin) => Pin::Matches,
            Some(pin) if pin.len() == 16 && pin.bytes().all(|b| b.is_ascii_hexdigit()) => Pin::Differs,
            Some(_) => Pin::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(uri: &'static str, mount: &str) -> Result<(String, Option<String>), Refusal> {
        let uri = Uri::from_static(uri);
        Target::of(&uri, mount).map(|t| (t.path.to_string(), t.pin.map(str::to_owned)))
    }

    #[test]
    fn targets() {
        for (uri, mount, path, pin) in [
            ("/media/a.jpg", "/media", "a.jpg", None),
            ("/a.jpg", "", "a.jpg", None),
            ("/media/media/a.jpg", "/media", "media/a.jpg", None),
            ("http://example.com/media/a.jpg", "/media", "a.jpg", None),
            ("/media/a.jpg?v=0123", "/media", "a.jpg", Some("0123")),
            ("/media/a.jpg?x=1&v=0123&y", "/media", "a.jpg", Some("0123")),
            ("/media/a.jpg?v=1&v=2", "/media", "a.jpg", Some("1")),
            ("/media/a.jpg?abc123", "/media", "a.jpg", None),
            ("/media/a.jpg?V=1&vv=2&v", "/media", "a.jpg", None),
            ("/media/a.jpg?v=", "/media", "a.jpg", Some("")),
        ] {
            assert_eq!(target(uri, mount), Ok((path.to_owned(), pin.map(str::to_owned))), "{uri}");
        }
    }

    #[test]
    fn what_is_not_below_the_mount_is_not_found() {
        for uri in [
            "/",
            "/media",
            "/media/",
            "/mediax/a.jpg",
            "/Media/a.jpg",
            "/a.jpg",
            "/%6dedia/a.jpg",
            "//media/a",
        ] {
            assert_eq!(target(uri, "/media"), Err(Refusal::NotFound), "{uri}");
        }
    }
}
