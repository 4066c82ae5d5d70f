//! Failures of the message as it was written.

use super::super::cause::Cause;
use super::{ERROR_CODES, Words, quoting, words};

pub(super) fn of(cause: &Cause, written: Option<&str>) -> Option<Words> {
    let quoted = |explanation: &str, remedy: &str| words(quoting(explanation, written), remedy, ERROR_CODES);
    Some(match cause {
        Cause::TemplateHeader { expected, received } => words(
            format!("the template's header takes {expected}, and the message brought {received}"),
            "let the header's parameter be of the template's type, with an object of that name: \
             `{\"type\":\"image\",\"image\":{\"link\":…}}`",
            "github.com/netflie/laravel-notification-whatsapp/issues/36",
        ),
        Cause::UnexpectedKey { key, parameter } => words(
            format!("`{parameter}` takes no `{key}`"),
            format!("leave `{key}` out of `{parameter}`"),
            "github.com/DaggieBlanqx/whatsappcloudapi_wrapper/issues/5",
        ),
        Cause::InvalidRequest => quoted(
            "something in the message is misspelt, too long, or not supported",
            "compare the message with the documentation of its type",
        ),
        Cause::MissingParameter => quoted("something that is required is missing from the message", "add it"),
        Cause::InvalidValue => quoted("a value in the message is not allowed", "correct it"),
        Cause::UnsupportedMessage => quoted("messages of this type are not supported", "send another type"),
        Cause::TemplateParameter => quoted(
            "a parameter is not of the format that the template has",
            "compare the message's parameters with those of the template",
        ),
        _ => return None,
    })
}
