//! The least that an answer costs: one thread that sends fixed bytes, with nothing between it and the kernel.
//!
//!     bare PORT FOLDER
//!
//! Each file of the folder is a whole response, head and body, ready to be sent. They are answered in the order of
//! their names, one for each request, whatever it asks for, and then from the first one again. A request is what ends
//! with a blank line; it is neither parsed nor judged, and a client that sends the next one before it has its answer
//! is not for this program.
//!
//! An answer costs one `recv` and one `send`, besides its part of an `epoll_wait`. Connections are registered once,
//! for both directions and edge-triggered, so that one whose peer reads slowly costs no call to say so. A short read
//! or write has met the end of what there was, and is not tried again until the kernel says that there is more.

mod connection;
mod events;

use std::io::{Error, ErrorKind, Result};
use std::path::Path;
use std::{env, fs};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [port, folder] = arguments.as_slice() else { return Err(invalid("usage: bare PORT FOLDER")) };
    let port = port.parse().map_err(|_| invalid("the port is not a number"))?;
    match events::serve(port, &responses(Path::new(folder))?)? {}
}

/// What is answered: the files of the folder in the order of their names.
#[expect(clippy::disallowed_methods, reason = "no assets, but responses, read once before there is a client")]
fn responses(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    if paths.is_empty() {
        return Err(invalid("there is no response in the folder"));
    }
    paths.iter().map(fs::read).collect()
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, why)
}
