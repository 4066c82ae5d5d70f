//! Configuration as people meet it: the files that are shipped, and the messages for files that are wrong.
//!
//! Nothing here depends on the environment of the process; what a test needs of one, it says.

#![expect(clippy::disallowed_methods, reason = "a test reads the files that it is about")]

use media_origin::caching::policy::Promise;
use media_origin::caching::rules::{Access, Rules};
use media_origin::config::{
    AccessFormat, Acme, Bucket, CertificateFiles, Certificates, Config, ConfigError, Directory, Disk,
    Environment, Listen, Loaded, Log, LogFormat, Overrides, Plain, Problem, Service, Severity, Store, Tls,
    TlsVersion,
};
use media_origin::signing::KeyId;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const SHIPPED: &str = include_str!("../config/media-origin.toml");

fn parse(text: &str) -> Result<Loaded, ConfigError> {
    Config::parse("test.toml", text, Overrides::default(), &Environment::default())
}

/// The same with flags, and with variables in place of those of the process.
fn parse_with(text: &str, overrides: Overrides, variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    Config::parse("test.toml", text, overrides, &variables.iter().copied().collect())
}

fn load(path: &Path) -> Result<Loaded, ConfigError> {
    Config::load(path, Overrides::default(), &Environment::default())
}

/// The TOML files in a folder of this repository, by name.
fn toml_files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect(folder).map(|entry| entry.expect(folder).path());
    let mut files: Vec<_> = entries.filter(|path| path.extension() == Some(OsStr::new("toml"))).collect();
    files.sort();
    files
}

/// What a person sees: the error, or the warnings, or nothing.
fn messages(outcome: &Result<Loaded, ConfigError>) -> String {
    match outcome {
        Ok(loaded) if loaded.warnings.is_empty() => String::new(),
        Ok(loaded) => {
            let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
            format!("{}\n", warnings.join("\n\n"))
        }
        Err(error) => format!("{error}\n"),
    }
}

#[test]
fn every_shipped_file_loads_without_a_warning() {
    let files = [toml_files("config"), toml_files("config/examples")].concat();
    assert!(files.len() >= 6, "{files:?}");
    for file in files {
        assert_eq!(messages(&load(&file)), "", "{}", file.display());
    }
}

#[test]
fn the_shipped_file_means_the_default_but_for_its_rules() {
    let config = parse(SHIPPED).expect("it loads").config;
    let governed: Vec<_> = config.rules.iter().map(|rule| rule.pattern().to_owned()).collect();
    assert_eq!(governed, ["campaigns/**", "stickers/**", "prices/**", "invoices/**", "voice/**", "logos/**"]);
    assert_eq!(Config { rules: Rules::default(), ..config }, Config::default());
}

#[test]
fn an_empty_file_means_the_default() {
    for text in ["", "\n", "# nothing\n", "\u{feff}", "[listen]\n[store]\n"] {
        assert_eq!(parse(text).map(|loaded| loaded.config), Ok(Config::default()), "{text:?}");
    }
}

#[test]
fn every_default_in_the_shipped_file_is_true() {
    let mut uncommented = String::new();
    let mut keys = 0;
    for line in SHIPPED.lines() {
        let default =
            line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        keys += usize::from(default.is_some());
        uncommented.push_str(default.unwrap_or(line));
        uncommented.push('\n');
    }
    assert_eq!(keys, 32, "keys with a default");
    let config = parse(&uncommented).unwrap_or_else(|error| panic!("{error}")).config;
    assert_eq!(config, parse(SHIPPED).expect("it loads").config);
}

#[test]
fn requests_are_logged_as_the_rest_is_unless_they_are_to_be_logged_otherwise() {
    for (toml, log) in [
        ("", Log { format: LogFormat::Text, access: AccessFormat::Text }),
        ("format = \"json\"", Log { format: LogFormat::Json, access: AccessFormat::Json }),
        ("access = \"off\"", Log { format: LogFormat::Text, access: AccessFormat::Off }),
        (
            "format = \"json\"\naccess = \"combined\"",
            Log { format: LogFormat::Json, access: AccessFormat::Combined },
        ),
    ] {
        assert_eq!(parse(&format!("[log]\n{toml}\n")).expect(toml).config.log, log, "{toml}");
    }
}

/// Set `UPDATE_EXPECT=1` to write what the messages are now; then read the difference.
#[test]
fn every_bad_file_is_told_what_is_wrong() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let files = toml_files("tests/config/bad");
    assert!(files.len() >= 25, "{} bad files", files.len());
    for file in files {
        let told = messages(&load(&file));
        assert_ne!(told, "", "{} is not bad", file.display());
        let expected = file.with_extension("stderr");
        if update {
            fs::write(&expected, &told).expect("the folder is ours");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(told, expected, "{}\n{told}", file.display());
    }
}

#[test]
fn all_problems_of_a_file_are_told_in_one_run() {
    let error = load(Path::new("tests/config/bad/many-at-once.toml")).expect_err("it is bad");
    let found: BTreeSet<_> = error.problems.iter().map(Problem::found).collect();
    assert!(found.len() >= 10, "{found:#?}");
    let places: Vec<_> = error.problems.iter().map(Problem::line_and_column).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
}

#[test]
fn a_problem_can_be_taken_apart() {
    let error = parse("[listen]\naddress = \":8080\"").expect_err("no address");
    let [problem] = error.problems.as_slice() else { panic!("{error}") };
    assert_eq!(problem.severity(), Severity::Error);
    assert_eq!((problem.file(), problem.line_and_column()), ("test.toml", Some((2, 11))));
    assert_eq!(problem.found(), "`:8080` is not an address to listen on");
    assert_eq!(problem.expected(), "expected an IP address and a port");
    assert_eq!(problem.remedy(), Some("write \"0.0.0.0:8080\""));
    assert!(!error.to_string().contains('\u{1b}') && error.styled().contains('\u{1b}'));
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    for (path, reason, remedy) in [
        ("config/none.toml", "there is no such file", "name the configuration with `--config FILE`"),
        ("config", "it is a directory", "name a file in it: `--config config/media-origin.toml`"),
        ("/dev/zero", "it is too large", "a configuration has at most 1 MiB; is this the right file?"),
    ] {
        let told = load(Path::new(path)).expect_err(path).to_string();
        let expected = format!(
            "error: {path} cannot be read: {reason}\n |\n = help: {remedy}\n\n\
             error: {path} is refused: 1 error"
        );
        assert_eq!(told, expected);
    }
}

#[test]
fn flags_take_the_place_of_what_the_file_says() {
    let text = "public-url = \"http://a\"\n[listen]\naddress = \"1.1.1.1:1\"\n[store]\nroot = \"a\"\n\
                [control]\naddress = \"127.0.0.1:2\"";
    let overrides = Overrides {
        root: Some("b".into()),
        listen: vec!["127.0.0.1:3".parse().expect("an address"), "unix:/a".parse().expect("a path")],
        control: "systemd:b".parse().ok(),
        public_url: "https://b/c".parse().ok(),
    };
    let config = parse_with(text, overrides, &[]).expect("it loads").config;
    assert_eq!(directory(&config).root, Path::new("b"));
    let listen: Vec<_> = config.listen.addresses.iter().map(ToString::to_string).collect();
    let control = config.control.address.to_string();
    assert_eq!((listen.join(" ").as_str(), control.as_str()), ("127.0.0.1:3 unix:/a", "systemd:b"));
    assert_eq!((config.public_url.as_str(), config.public_url.mount()), ("https://b/c", "/c"));
}

#[test]
fn a_flag_is_judged_like_the_file() {
    let control = "0.0.0.0:8081".parse().ok();
    let error = parse_with("", Overrides { control, ..Overrides::default() }, &[]).expect_err("it is open");
    let told = error.to_string();
    assert!(told.starts_with("error: --control: the control listener is open to other machines"), "{told}");
    assert!(error.problems.iter().all(|problem| problem.line_and_column().is_none()));
}

#[test]
fn digests_are_kept_in_the_cache_folder_unless_told_otherwise() {
    let home = &[("HOME", "/home/a")][..];
    for (text, variables, digests) in [
        ("", &[][..], None),
        ("", home, Some("/home/a/.cache/media-origin/digests.redb")),
        ("[store]\ndigests = false", home, None),
        ("[store]\ndigests = \"d.redb\"", home, Some("d.redb")),
    ] {
        let config = parse_with(text, Overrides::default(), variables).expect(text).config;
        assert_eq!(directory(&config).digests.as_deref(), digests.map(Path::new), "{text}");
    }
}

/// What a store means that has a kind and a bucket, and nothing else.
fn plain_bucket(service: Service) -> Bucket {
    Bucket {
        service,
        name: "media".into(),
        prefix: String::new(),
        region: None,
        endpoint: None,
        versions: false,
        fresh_for: Duration::from_secs(10),
        missing_for: Duration::from_secs(2),
        stale_if_error: Duration::from_hours(1),
        timeout: Duration::from_secs(10),
        slice: 1 << 20,
        disk: None,
    }
}

#[test]
fn a_bucket_needs_a_kind_and_a_name() {
    for (kind, service) in [("s3", Service::S3), ("gcs", Service::Gcs)] {
        let text = format!("[store]\nkind = \"{kind}\"\nbucket = \"media\"");
        let loaded = parse(&text).expect(kind);
        assert_eq!(loaded.config.store, Store::Bucket(plain_bucket(service)));
        assert_eq!(loaded.warnings, []);
    }
}

/// The keys of a bucket stand indented in the shipped file: those of one kind of store exclude the other's.
#[test]
fn every_default_of_a_bucket_in_the_shipped_file_is_true() {
    let (_, store) = SHIPPED.split_once("#   kind = \"s3\"\n").expect("a bucket");
    let (store, _) = store.split_once("\n[memory]").expect("the next table");
    let keys: Vec<_> = store.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    assert_eq!(keys.len(), 12, "{keys:#?}");
    let text = format!("[store]\nkind = \"s3\"\n{}", keys.join("\n"));
    let loaded = parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let Store::Bucket(bucket) = loaded.config.store else { panic!("no bucket") };
    let disk = bucket.disk.as_ref().expect("a cache on disk");
    assert_eq!(disk.capacity, 10 << 30);
    // Three have none.
    assert!(bucket.region.is_some() && bucket.endpoint.is_some());
    let defaults = Bucket { region: None, endpoint: None, disk: None, ..bucket };
    assert_eq!(defaults, plain_bucket(Service::S3));
}

#[test]
fn every_key_of_a_bucket_is_taken() {
    let text = "[store]\nkind = \"s3\"\nbucket = \"my.media\"\nprefix = \"a/b\"\nregion = \"eu-west-1\"\n\
                endpoint = \"http://LOCALHOST:8333/\"\nversions = true\nfresh-for = \"0s\"\nmissing-for = \"1m\"\n\
                stale-if-error = \"30d\"\ntimeout = \"60s\"\nslice = \"8 MiB\"\ncache-dir = \"c\"\n\
                cache-size = \"1 PiB\"";
    let expected = Bucket {
        name: "my.media".into(),
        prefix: "a/b/".into(),
        region: Some("eu-west-1".into()),
        endpoint: Some("http://localhost:8333".into()),
        versions: true,
        fresh_for: Duration::ZERO,
        missing_for: Duration::from_mins(1),
        stale_if_error: Duration::from_hours(30 * 24),
        timeout: Duration::from_mins(1),
        slice: 8 << 20,
        disk: Some(Disk { folder: "c".into(), capacity: 1 << 50 }),
        ..plain_bucket(Service::S3)
    };
    let loaded = parse(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.config.store, Store::Bucket(expected));
    assert_eq!(loaded.warnings, []);
}

/// The keys of `[tls]` in the shipped file, those of files or those of ACME. They stand indented: without certificates
/// there is no such table.
fn shipped_tls(acme: bool) -> String {
    let (_, tls) = SHIPPED.split_once("#   [tls]\n").expect("TLS");
    let (tls, _) = tls.split_once("\n[control]").expect("the next table");
    let keys = |text: &str| {
        let keys: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
        keys.join("\n")
    };
    let (common, rest) = tls.split_once("# The certificate, followed").expect("files");
    let (files, authority) = rest.split_once("#   [tls.acme]\n").expect("ACME");
    let rest = if acme { format!("[tls.acme]\n{}", keys(authority)) } else { keys(files) };
    format!("public-url = \"https://media.example.com\"\n[tls]\n{}\n{rest}", keys(common))
}

#[test]
fn every_key_of_tls_in_the_shipped_file_is_taken() {
    let files =
        |certificate: &str, key: &str| CertificateFiles { certificate: certificate.into(), key: key.into() };
    let live = "/etc/letsencrypt/live/media.example.com";
    let certificates = Certificates::Files(vec![
        files(&format!("{live}/fullchain.pem"), &format!("{live}/privkey.pem")),
        files("/etc/media-origin/other.pem", "/etc/media-origin/other.key"),
    ]);
    let expected = Tls {
        listen: Listen {
            addresses: vec!["127.0.0.1:8443".parse().expect("an address")],
            ..Config::default().listen
        },
        minimum: TlsVersion::Tls12,
        certificates,
        plain: Plain::Serve,
    };
    let loaded = parse(&shipped_tls(false)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((loaded.config.tls, loaded.warnings), (Some(expected.clone()), vec![]));

    let acme = Acme {
        domains: vec!["media.example.com".into()],
        contact: vec!["mailto:operations@example.com".into()],
        directory_url: Acme::DEFAULT_DIRECTORY.into(),
        cache_dir: "/var/lib/media-origin/acme".into(),
        authority: Some("/etc/media-origin/authority.pem".into()),
    };
    let expected = Tls { certificates: Certificates::Acme(acme.clone()), ..expected };
    let loaded = parse(&shipped_tls(true)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((loaded.config.tls, loaded.warnings), (Some(expected.clone()), vec![]));

    let text =
        "public-url = \"https://media.example.com\"\n[listen]\nplain = \"not-found\"\n[tls]\n[tls.acme]";
    let home = &[("HOME", "/home/a")];
    let loaded = parse_with(text, Overrides::default(), home).unwrap_or_else(|error| panic!("{error}"));
    let acme = Acme {
        contact: vec![],
        cache_dir: "/home/a/.cache/media-origin/acme".into(),
        authority: None,
        ..acme
    };
    let expected = Tls { certificates: Certificates::Acme(acme), plain: Plain::NotFound, ..expected };
    assert_eq!((loaded.config.tls, loaded.warnings), (Some(expected), vec![]));
}

#[test]
fn a_flag_for_a_listener_that_is_off_is_an_error() {
    let text =
        "public-url = \"https://a\"\n[listen]\nplain = \"off\"\n[tls]\ncertificate = \"a\"\nkey = \"b\"";
    let listen = vec!["127.0.0.1:8080".parse().expect("an address")];
    let error = parse_with(text, Overrides { listen, ..Overrides::default() }, &[]).expect_err("it is off");
    assert!(
        error.to_string().starts_with("error: --listen: there is no listener for this address"),
        "{error}"
    );
    assert!(parse(text).is_ok());
}

#[test]
fn a_rule_may_leave_cache_control_to_a_bucket() {
    let text = "[store]\nkind = \"s3\"\nbucket = \"media\"\n[[rule]]\npath = \"**\"\n\
                cache-control = \" from-store \"\npinned-cache-control = \"max-age=60\"";
    let loaded = parse(text).unwrap_or_else(|error| panic!("{error}"));
    let policy = loaded.config.rules.govern("a.jpg").policy;
    assert_eq!(policy.cache_control, Promise::FromStore);
    assert_eq!(policy.pinned_field(None), "max-age=60");
    assert_eq!(loaded.warnings, []);
}

#[test]
fn a_bucket_has_no_root_not_even_by_a_flag() {
    let overrides = Overrides { root: Some("media".into()), ..Overrides::default() };
    let text = "[store]\nkind = \"gcs\"\nbucket = \"media\"";
    let told = parse_with(text, overrides, &[]).expect_err("there is no root").to_string();
    let expected = "error: `--root` names a directory, and this store is a bucket\n \
                    --> test.toml:2:8\n  |\n2 | kind = \"gcs\"\n  |        ^^^^^ `gcs` has no root\n  |\n  \
                    = help: leave out `--root`, or write `kind = \"directory\"`\n\n\
                    error: test.toml is refused: 1 error";
    assert_eq!(told, expected);
}

#[test]
fn credentials_in_a_configuration_are_never_told() {
    for line in [
        "secret-access-key = \"a-horse\"",
        "secret-access-key = a-horse",
        "secret-access-key a-horse",
        "access_key_id = \"a-horse",
        "service-account = \"\"\"\na-horse\n\\q horse\"\"\"",
        "credentials = { id = \"a-horse\" }",
        "endpoint = \"https://a:horse@s3.example.com/media\"",
        "endpoint = \"https://a:horse@s3.example.com\", secret = \"horse\"",
    ] {
        let text = format!("[store]\nkind = \"s3\"\nbucket = \"media\"\n{line}\n");
        let error = parse(&text).expect_err("a secret");
        assert!(!format!("{error}{}{error:?}", error.styled()).contains("horse"), "{error}");
    }
}

#[test]
fn a_token_comes_from_the_environment_or_a_file_and_is_never_told() {
    const SECRET: &str = "correct-horse-battery";
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), format!("{SECRET}\n")).expect("it is ours");
    let open = "[control]\naddress = \"0.0.0.0:8081\"\n";
    let named = format!("{open}token-file = '{}'", file.path().display());
    let variable = &[("MEDIA_ORIGIN_CONTROL_TOKEN", SECRET)][..];
    for (text, variables, warnings) in [(open, variable, 0), (&named, &[][..], 0), (&named, variable, 1)] {
        let loaded = parse_with(text, Overrides::default(), variables).expect(text);
        let token = loaded.config.control.token.as_ref().expect("a token");
        assert!(token.matches(SECRET.as_bytes()) && !token.matches(b"another"));
        assert_eq!(loaded.warnings.len(), warnings, "{text}");
        assert!(!format!("{loaded:?}").contains(SECRET));
    }
}

#[test]
fn a_token_that_is_refused_is_not_told_either() {
    let variables = &[("MEDIA_ORIGIN_CONTROL_TOKEN", "too short")][..];
    let error = parse_with("", Overrides::default(), variables).expect_err("it is short");
    assert!(
        error.to_string().starts_with("error: MEDIA_ORIGIN_CONTROL_TOKEN: byte 3 of the token"),
        "{error}"
    );
    for line in
        ["token = \"a-horse\"", "token = a-horse", "token a-horse", "token = \"a-horse", "token = a=horse"]
    {
        let error = parse(&format!("[control]\n{line}\n")).expect_err("a secret");
        assert!(!format!("{error}{}{error:?}", error.styled()).contains("horse"), "{error}");
    }
}

#[test]
fn keys_come_from_the_environment_or_a_file_and_are_never_told() {
    let secret = "5ec7e7".repeat(11);
    let list = format!("# the new one\n2026-02:{secret}\n2026-01:{}\n", secret.to_uppercase());
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), &list).expect("it is ours");
    let rule = "[[rule]]\npath = \"**\"\ncache-control = \"private\"\naccess = \"signed\"\n";
    let named = format!("{rule}[signing]\nkeys-file = '{}'", file.path().display());
    let variable = &[("MEDIA_ORIGIN_SIGNING_KEYS", list.as_str())][..];
    for (text, variables, warnings) in [(rule, variable, 0), (&named, &[][..], 0), (&named, variable, 1)] {
        let loaded =
            parse_with(text, Overrides::default(), variables).unwrap_or_else(|error| panic!("{error}"));
        let found: Vec<_> = loaded.config.signing.keys.names().map(KeyId::as_str).collect();
        assert_eq!(found, ["2026-02", "2026-01"]);
        assert_eq!(loaded.config.rules.govern("a.jpg").access(), Access::Signed);
        assert_eq!(loaded.warnings.len(), warnings, "{text}");
        assert!(!format!("{loaded:?}").to_ascii_lowercase().contains(&secret), "{loaded:?}");
    }
    for list in [
        format!("{secret}:2026-01"),
        format!("2026-01:{secret}x"),
        format!("a:{secret} b:{}", "5ec7e7".repeat(10)),
    ] {
        let variables = &[("MEDIA_ORIGIN_SIGNING_KEYS", list.as_str())][..];
        let told = parse_with(rule, Overrides::default(), variables).expect_err("it is no list").to_string();
        assert!(told.starts_with("error: MEDIA_ORIGIN_SIGNING_KEYS: line 1: "), "{told}");
        assert!(told.contains("refused: 1 error") && !told.contains("5ec7e7"), "{told}");
    }
    let written =
        format!("{rule}[signing]\nkeys = [\n  '2026-01:{secret}',\n  '2026-02:{secret}\n]\nlifetime = 1");
    let told = parse(&written).expect_err("it holds a secret");
    assert!(!format!("{told}{told:?}").contains("5ec7e7"), "{told}");
}

#[test]
fn links_are_good_for_longer_than_a_message_waits_unless_told_otherwise() {
    for (text, days, warnings) in
        [("", 45, 0), ("[signing]\nlifetime = '30d'", 30, 0), ("[signing]\nlifetime = '1d'", 1, 1)]
    {
        let loaded = parse(text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.config.signing.lifetime, Duration::from_hours(24 * days));
        assert_eq!(loaded.warnings.len(), warnings, "{text}");
    }
}

/// Lines of the shipped file, some of them damaged: so the samples get past the first error.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[ -~é\\n]{0,3}");
    prop::collection::vec(damage, 0..6).prop_map(|damages| {
        let uncommented = SHIPPED.replace("\n#", "\n");
        let mut text: Vec<char> = uncommented.chars().collect();
        for (start, length, inserted) in damages {
            let start = start.index(text.len());
            let end = (start + length.index(12)).min(text.len());
            text.splice(start..end, inserted.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn any_text_is_a_configuration_or_is_told_why_not(text in prop_oneof![any::<String>(), damaged()]) {
        match parse(&text) {
            Ok(loaded) => prop_assert!(loaded.warnings.iter().all(|warning| !warning.to_string().is_empty())),
            Err(error) => {
                prop_assert!(error.problems.iter().any(|problem| problem.severity() == Severity::Error));
                prop_assert!(error.to_string().contains("test.toml is refused"));
            }
        }
    }
}

/// The directory that it serves.
fn directory(config: &Config) -> &Directory {
    match &config.store {
        Store::Directory(directory) => directory,
        Store::Bucket(bucket) => panic!("{bucket:?}"),
    }
}
