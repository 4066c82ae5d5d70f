//! Why a message failed, as a program goes by it.

use serde::{Serialize, Serializer};

/// Why a message failed: what [`classify`](super::classify) makes of a code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The link was answered with this status.
    Status(u16),
    /// Meta's own network holds back its requests to the networks of these numbers (ASN); the origin saw none.
    EgressLimited(Vec<u32>),
    /// The link could not be fetched, for another reason.
    NotFetched,
    /// A web page came in place of the file.
    WebPage,
    /// The `Content-Type` is none that such a message takes.
    TypeNotTaken {
        /// What it was to be: `Image`, `Audio`, `Voice`.
        kind: String,
        /// What the server called it.
        declared: String,
        /// What would have been taken.
        taken: Vec<String>,
    },
    /// The bytes are not what the `Content-Type` says.
    TypeDiffers {
        /// What the server called the file.
        declared: String,
        /// What it was found to be.
        found: String,
    },
    /// The container is right, and something in it is not.
    CodecNotTaken {
        /// What the server called the file.
        declared: String,
        /// What was found in it: `videoCodec=h264`.
        codecs: Vec<String>,
    },
    /// A template's header is of one format, and the message brings another.
    TemplateHeader {
        /// The template's: `IMAGE`.
        expected: String,
        /// The message's.
        received: String,
    },
    /// The message has a key that its type does not allow.
    UnexpectedKey {
        /// The key: `caption`.
        key: String,
        /// Where it stands: `audio`.
        parameter: String,
    },
    /// Code 100: something is misspelt, too long, or not supported.
    InvalidRequest,
    /// Code 130429: too many messages in all.
    TooManyMessages,
    /// Code 131008: something is missing.
    MissingParameter,
    /// Code 131009: a value is not allowed.
    InvalidValue,
    /// Code 131026: the recipient cannot be reached.
    Undeliverable,
    /// Code 131047: the recipient has not written for 24 hours.
    WindowClosed,
    /// Code 131051: the type of message is not supported.
    UnsupportedMessage,
    /// Code 131052: a file that the *recipient* sent cannot be had. No link of the sender's is concerned.
    InboundMedia,
    /// Code 131053, with a sentence that says nothing known: the file was not taken.
    MediaNotTaken,
    /// Code 131056: too many messages to this recipient.
    TooManyToRecipient,
    /// Code 131062: the recipient is named in a way that this request does not support.
    RecipientNotSupported,
    /// Code 132012: a parameter is not of the format that the template has.
    TemplateParameter,
    /// None of these.
    Unknown,
}

impl Cause {
    /// Its name, in kebab case. It stays the same when the sentences are improved.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Status(400) => "link-bad-request",
            Self::Status(401 | 403) => "link-forbidden",
            Self::Status(404 | 410) => "link-not-found",
            Self::Status(429) => "link-rate-limited",
            Self::Status(500) => "link-server-error-or-slow",
            Self::Status(501..=599) => "link-server-error",
            Self::Status(300..=399) => "link-redirect",
            Self::Status(_) => "link-unexpected-status",
            Self::EgressLimited(_) => "meta-egress-limited",
            Self::NotFetched => "link-not-fetched",
            Self::WebPage => "html-instead-of-media",
            Self::TypeNotTaken { .. } => "content-type-not-taken",
            Self::TypeDiffers { .. } => "wrong-content-type",
            Self::CodecNotTaken { .. } => "codec-not-taken",
            Self::TemplateHeader { .. } => "template-header-format",
            Self::UnexpectedKey { .. } => "unexpected-key",
            Self::InvalidRequest => "invalid-request",
            Self::TooManyMessages => "too-many-messages",
            Self::MissingParameter => "missing-parameter",
            Self::InvalidValue => "invalid-value",
            Self::Undeliverable => "undeliverable",
            Self::WindowClosed => "window-closed",
            Self::UnsupportedMessage => "unsupported-message",
            Self::InboundMedia => "inbound-media",
            Self::MediaNotTaken => "media-not-taken",
            Self::TooManyToRecipient => "too-many-to-recipient",
            Self::RecipientNotSupported => "recipient-not-supported",
            Self::TemplateParameter => "template-parameter",
            Self::Unknown => "unknown",
        }
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
