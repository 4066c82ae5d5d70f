//! What is made from the definition of the command line: completions, tried in a shell, and manual pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(clippy::disallowed_methods, reason = "tests read what the program wrote")]

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

/// The program, with these arguments.
fn media_origin(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_media-origin")).args(arguments).output().unwrap()
}

/// What it prints when all is well.
fn printed(arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = media_origin(arguments);
    assert!(status.success() && stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// What bash offers for the last of these words.
fn completed(script: &str, words: &[&str]) -> Vec<String> {
    const ASK: &str = r#"set -eu; source /dev/stdin; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        [[ $(complete -p "$1") =~ -F\ ([^ ]+) ]]
        "${BASH_REMATCH[1]}" "$1" "${!#}" "${*: -2:1}"; printf '%s\n' "${COMPREPLY[@]}""#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", ASK, "bash"]).args(words);
    let mut bash = bash.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let Output { status, stdout, .. } = bash.wait_with_output().unwrap();
    assert!(status.success(), "{words:?}");
    String::from_utf8(stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let script = printed(&["completions", "bash"]);
    for (words, offered) in [
        (&["media-origin", "ser"][..], &["serve"][..]),
        (&["media-origin", "check", "--str"], &["--strict"]),
        (&["media-origin", "message", "--type", "s"], &["sticker"]),
        (&["media-origin", "completions", "z"], &["zsh"]),
    ] {
        assert_eq!(completed(&script, words), offered, "{words:?}");
    }
    assert!(completed(&script, &["media-origin", "serve", "--"]).contains(&"--config".to_owned()));
}

/// The names of the commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A long description goes on further to the right.
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !["", "help"].contains(name)).map(str::to_owned).collect()
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    assert_eq!(printed(&["man", pages.to_str().unwrap()]), "");
    let page = |name: &str| fs::read_to_string(pages.join(name)).expect(name);
    let program = page("media-origin.1");
    for heading in ["NAME", "SYNOPSIS", "SUBCOMMANDS", "\"EXIT STATUS\"", "ENVIRONMENT", "FILES", "SIGNALS"] {
        assert!(program.contains(&format!(".SH {heading}\n")), "{heading} in\n{program}");
    }
    let commands = commands();
    assert!(commands.iter().any(|command| command == "serve"), "{commands:?}");
    for command in &commands {
        let page = page(&format!("media-origin-{command}.1"));
        assert!(page.contains(&format!(".SH EXAMPLES\n.EX\nmedia\\-origin {command}")), "{page}");
    }
    assert_eq!(fs::read_dir(&pages).unwrap().count(), commands.len() + 1);
}

#[test]
fn pages_that_cannot_be_written_are_an_error() {
    let taken = tempfile::NamedTempFile::new().unwrap();
    let Output { status, stderr, .. } = media_origin(&["man", taken.path().to_str().unwrap()]);
    assert_eq!(status.code(), Some(1));
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(stderr.starts_with("error: the pages cannot be written to"), "{stderr}");
}
