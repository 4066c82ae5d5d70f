//! What the page of the program says beyond what `--help` does.

/// A heading, and terms with what each means.
type Section = (&'static str, &'static [(&'static str, &'static str)]);

/// The sections, in the order of man-pages(7).
pub(super) const SECTIONS: [Section; 4] = [
    (
        "EXIT STATUS",
        &[
            ("0", "The command did what it was asked."),
            (
                "1",
                "The answer is no: a failed check, an asset that is not there, a server that is not ready, a port \
                 that is taken.",
            ),
            ("2", "The command line or the configuration is wrong."),
            ("3", "The server stopped, and cut responses that had not finished in time."),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("MEDIA_ORIGIN_CONTROL_TOKEN", "The bearer token of the control listener."),
            (
                "MEDIA_ORIGIN_SIGNING_KEYS",
                "The keys that private links are signed with: a line for each, NAME:HEX.",
            ),
            (
                "CACHE_DIRECTORY, XDG_CACHE_HOME, HOME",
                "The folder for digests of assets is $CACHE_DIRECTORY, $XDG_CACHE_HOME/media-origin or \
                 $HOME/.cache/media-origin: the first that is a full path.",
            ),
            ("RUST_LOG", "How much is logged: error, warn, info or debug. Default: info."),
            (
                "AWS_*, GOOGLE_APPLICATION_CREDENTIALS",
                "Credentials of a bucket, as the clients of Amazon and Google read them.",
            ),
        ],
    ),
    (
        "FILES",
        &[
            ("config/media-origin.toml", "The configuration, unless --config names another."),
            (
                "/etc/media-origin/media-origin.toml",
                "The configuration of the service that a package installs.",
            ),
        ],
    ),
    (
        "SIGNALS",
        &[
            ("SIGTERM, SIGINT", "Finish the responses under way, and end. A second one cuts them."),
            ("SIGHUP", "Read the configuration again."),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::SECTIONS;
    use crate::config::Environment;

    #[test]
    fn every_variable_of_the_configuration_is_explained() {
        let (_, variables) = SECTIONS.iter().find(|(heading, _)| *heading == "ENVIRONMENT").unwrap();
        for name in Environment::names() {
            let explained = variables.iter().any(|(names, _)| names.split(", ").any(|other| other == *name));
            assert!(explained, "{name}");
        }
    }
}
