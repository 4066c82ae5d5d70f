//! A command as a page in the language of man(7).

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::reference;

/// The page of a command that has been built, or of the program.
pub(super) fn render(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man =
        Man::new(command.clone()).source(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")));
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
        for (heading, definitions) in reference::SECTIONS {
            section(heading, definitions).to_writer(&mut page)?;
        }
    } else {
        after_help(command).to_writer(&mut page)?;
    }
    Ok(page)
}

/// Terms, each with what it means.
fn section(heading: &str, definitions: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    for (term, meaning) in definitions {
        roff.control("TP", []);
        roff.text([bold(*term)]);
        roff.text([roman(*meaning)]);
    }
    roff
}

/// What stands below the flags in `--help`, its paragraphs under the headings that a reader of manuals looks for.
fn after_help(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let (heading, lines) = headed(paragraph);
        roff.control("SH", [heading]);
        let as_it_is = heading == EXAMPLES;
        if as_it_is {
            roff.control("EX", []);
        }
        for line in lines.lines() {
            roff.text([roman(line.trim())]);
        }
        if as_it_is {
            roff.control("EE", []);
        }
    }
    roff
}

const EXAMPLES: &str = "EXAMPLES";

/// A paragraph's heading and the rest of it.
fn headed(paragraph: &str) -> (&'static str, &str) {
    if let Some(lines) = paragraph.strip_prefix("Example:\n") {
        (EXAMPLES, lines)
    } else if let Some(lines) = paragraph.strip_prefix("Exit status:") {
        ("EXIT STATUS", lines)
    } else {
        ("NOTES", paragraph)
    }
}
