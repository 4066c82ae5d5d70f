//! What a cause means, and what to do about it, in plain words.

mod link;
mod message;

use super::cause::Cause;

/// A cause in words.
pub(super) struct Words {
    pub(super) explanation: String,
    pub(super) remedy: String,
    pub(super) source: &'static str,
}

const ERROR_CODES: &str = "developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

fn words(explanation: impl Into<String>, remedy: impl Into<String>, source: &'static str) -> Words {
    Words { explanation: explanation.into(), remedy: remedy.into(), source }
}

/// The words for a cause. What Meta wrote is repeated only where it is all there is.
pub(super) fn of(cause: &Cause, written: Option<&str>) -> Words {
    link::of(cause, written)
        .or_else(|| message::of(cause, written))
        .unwrap_or_else(|| of_delivery(cause, written))
}

/// Failures that neither the link nor the message has a part in, and those that nobody knows.
fn of_delivery(cause: &Cause, written: Option<&str>) -> Words {
    let plain = |explanation: &str, remedy: &str| words(explanation, remedy, ERROR_CODES);
    match cause {
        Cause::Undeliverable => plain(
            "the message could not be delivered, for a reason on the recipient's side",
            "ask them by other means whether this number has WhatsApp, in a recent version, with its terms accepted",
        ),
        Cause::WindowClosed => plain(
            "more than 24 hours have passed since the recipient last wrote",
            "send an approved template; it can carry the same file in its header",
        ),
        Cause::InboundMedia => plain(
            "a file that the other side sent could not be had; it is not about your link",
            "ask them to send it again, and smaller: there is a limit of 100 MB",
        ),
        Cause::TooManyMessages => {
            plain("more messages were sent than the number may send at a time", "send it again, more slowly")
        }
        Cause::TooManyToRecipient => {
            plain("too many messages went to this recipient in a short time", "wait, and send it again")
        }
        Cause::RecipientNotSupported => plain(
            "this request cannot name its recipient by a business-scoped user id",
            "name the recipient by telephone number, in `to`",
        ),
        _ => match written {
            Some(written) => plain(&wrote(written), "look the code up in the list of error codes"),
            None => {
                plain("Meta gave no reason", "look at the message in the WhatsApp Manager, and send it again")
            }
        },
    }
}

/// The meaning, and what Meta wrote of this case.
fn quoting(meaning: &str, written: Option<&str>) -> String {
    written.map_or_else(|| meaning.to_owned(), |written| format!("{meaning}; {}", wrote(written)))
}

/// What Meta wrote, as the end of a sentence without its full stop.
fn wrote(written: &str) -> String {
    format!("Meta wrote: {}", written.trim_end_matches(['.', ' ']))
}
