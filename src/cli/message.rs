//! `media-origin message`: builds the message to send, without a server.

use std::io::{IsTerminal, Read};
use std::sync::Arc;

use clap::Args;
use serde_json::{Map, Value, json};

use super::findings::finding_lines;
use super::store::Remember;
use super::{Configured, Exit, answer_json, complain, no, runtime, store};
use crate::clock::Clock;
use crate::compose::{Composed, LARGEST, Refused, compose};
use crate::origin::Origin;
use crate::whatsapp::message::Remark;

/// Build the message to send, its link pinned to the bytes that are there now
///
/// Reads a WhatsApp message with "path" where "link" would stand from standard input, or makes one of the flags.
/// Prints the payload; what is wrong with it goes to standard error.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    media-origin message --to +4915123456789 --type image --path campaigns/summer.jpg --caption Hi\n  \
    echo '{\"to\":\"+4915123456789\",\"type\":\"image\",\"image\":{\"path\":\"campaigns/summer.jpg\"}}' | media-origin message\n\n\
    Exit status: 0 it can be sent, 1 it would fail, 2 the configuration or the command line is invalid.")]
pub(super) struct Message {
    #[command(flatten)]
    flags: Flags,
    /// Print what was found too, as POST /messages?explain does
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    configured: Configured,
}

/// A message of one of the five types, said in flags.
#[derive(Args, Debug)]
struct Flags {
    /// The recipient's number, with its plus sign
    #[arg(long, value_name = "NUMBER", requires = "kind")]
    to: Option<String>,
    /// What the file is sent as
    #[arg(long = "type", value_name = "TYPE", requires = "to", value_parser = ["audio", "document", "image", "sticker", "video"])]
    kind: Option<String>,
    /// The file, by its path below the media directory
    #[arg(long, value_name = "PATH", requires = "to")]
    path: Option<String>,
    /// The file, by a link that is yours
    #[arg(long, value_name = "URL", requires = "to")]
    link: Option<String>,
    /// The file, by the id of an upload
    #[arg(long, value_name = "ID", requires = "to")]
    id: Option<String>,
    /// The text below an image, a video or a document
    #[arg(long, value_name = "TEXT", requires = "to")]
    caption: Option<String>,
    /// The name of a document; that of the file, if it is not given
    #[arg(long, value_name = "NAME", requires = "to")]
    filename: Option<String>,
    /// Send audio as a voice message
    #[arg(long, requires = "to")]
    voice: bool,
    /// The id of the message that this one answers
    #[arg(long, value_name = "WAMID", requires = "to")]
    reply_to: Option<String>,
}

impl Message {
    pub(super) fn run(self) -> Exit {
        let explain = self.explain;
        let composed = match self.compose() {
            Ok(composed) => composed,
            Err(exit) => return exit,
        };
        if explain {
            return answer_json(&composed, Exit::Success);
        }
        for remark in &composed.warnings {
            complain(&remark_lines(remark));
        }
        answer_json(&composed.message, Exit::Success)
    }

    fn compose(self) -> Result<Composed, Exit> {
        let config = self.configured.load()?.config;
        let json = match self.flags.message() {
            Some(message) => message.to_string().into_bytes(),
            None => read_stdin()?,
        };
        let store = Arc::new(store::open(&config, Remember::Nothing, Clock::system())?);
        let origin = Origin::new(&config, store, Clock::system());
        runtime()?.block_on(compose(&origin, &json)).map_err(refused)
    }
}

impl Flags {
    /// The message that the flags describe, if there are any.
    fn message(self) -> Option<Value> {
        let kind = self.kind?;
        let text = |key: &str, value: Option<String>| Some((key.to_owned(), Value::String(value?)));
        let media = [
            text("path", self.path),
            text("link", self.link),
            text("id", self.id),
            text("caption", self.caption),
            text("filename", self.filename),
            self.voice.then(|| ("voice".to_owned(), Value::Bool(true))),
        ];
        let context = self.reply_to.map(|id| ("context".to_owned(), json!({ "message_id": id })));
        let media: Map<_, _> = media.into_iter().flatten().collect();
        let message = [text("to", self.to), text("type", Some(kind.clone())), context];
        Some(Value::Object(message.into_iter().flatten().chain([(kind, Value::Object(media))]).collect()))
    }
}

fn read_stdin() -> Result<Vec<u8>, Exit> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        complain("reading a message from the terminal; end it with Ctrl-D. See --help for flags instead");
    }
    let mut json = Vec::new();
    match stdin.lock().take(LARGEST as u64 + 1).read_to_end(&mut json) {
        Ok(_) if json.len() <= LARGEST => Ok(json),
        Ok(_) => Err(no(&format!("error: a message has at most {LARGEST} bytes"))),
        Err(error) => Err(no(&format!("error: standard input cannot be read: {error}"))),
    }
}

fn refused(refused: Refused) -> Exit {
    match refused {
        Refused::NotJson(wrong) => complain(&finding_lines(wrong.pointer().as_str(), &wrong.finding())),
        Refused::Message(remarks) => remarks.iter().for_each(|remark| complain(&remark_lines(remark))),
        Refused::Store(error) => complain(&format!("error: {error}; try again")),
    }
    Exit::No
}

fn remark_lines(remark: &Remark) -> String {
    finding_lines(remark.pointer.as_str(), &remark.finding)
}
