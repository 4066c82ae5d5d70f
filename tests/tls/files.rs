//! Certificate files that are wrong, or odd: said at the start and by `check`, with the remedy.

use std::os::unix::fs::PermissionsExt;

use crate::support::server::{Scene, TLS};

/// What `check` and `serve` both say on standard error before they end with status 2.
#[track_caller]
fn refused(scene: &Scene) -> String {
    let (status, said) = scene.run("check", TLS);
    assert_eq!(status, Some(2), "{said}");
    let served = scene.run("serve", TLS);
    assert_eq!(served, (Some(2), said.clone()), "both say the same");
    said
}

#[test]
fn files_that_cannot_be_used_are_an_error() {
    let scene = Scene::new();
    let right = scene.issue(&["localhost"]);
    let other = scene.issue(&["localhost"]);
    let cut = right.chain.get(..right.chain.len() - 40).unwrap();
    let encrypted = right.key.replace(" PRIVATE", " ENCRYPTED PRIVATE");
    for (chain, key, parts) in [
        (
            right.chain.as_str(),
            other.key.as_str(),
            &["key.pem is not that of the certificate in cert.pem", "-pubout"],
        ),
        (
            "hello",
            &right.key,
            &["the certificate in cert.pem cannot be used: there is none in it", "fullchain.pem"],
        ),
        (cut, &right.key, &["the certificate in cert.pem cannot be used: it is not PEM", "fullchain.pem"]),
        (&right.chain, "", &["the key in key.pem cannot be used: there is none in it", "openssl pkey"]),
        (&right.chain, &encrypted, &["it is encrypted with a passphrase", "help: remove the passphrase"]),
        (&right.key, &right.chain, &["are swapped", "help: swap `certificate` and `key`"]),
    ] {
        std::fs::write(scene.path("cert.pem"), chain).unwrap();
        std::fs::write(scene.path("key.pem"), key).unwrap();
        let said = refused(&scene);
        assert!(parts.iter().all(|part| said.contains(part)), "{parts:?} in\n{said}");
        assert!(!said.contains("BEGIN"), "nothing of a key is said");
    }
    std::fs::remove_file(scene.path("key.pem")).unwrap();
    assert!(refused(&scene).contains("the key in key.pem cannot be read: there is no such file\nhelp: "));
    std::fs::create_dir(scene.path("key.pem")).unwrap();
    assert!(refused(&scene).contains("the key in key.pem cannot be read: it is a directory"));
}

#[test]
fn what_is_odd_is_a_warning() {
    const DAY: i64 = 24 * 3600;
    let scene = Scene::new();
    std::fs::remove_file(scene.path("media/empty.txt")).unwrap();
    let warned = |names: &[&str], from, until, part: &str| {
        scene.authority.issue_for(names, from, until).write(scene.folder());
        std::fs::set_permissions(scene.path("key.pem"), PermissionsExt::from_mode(0o600)).unwrap();
        let (status, said) = scene.run("check", TLS);
        assert_eq!(status, Some(0), "{said}");
        assert!(said.contains(part) && said.contains("help: ") != part.is_empty(), "{part} in\n{said}");
        assert_eq!(said.matches("warning:").count(), usize::from(!part.is_empty()), "{said}");
    };
    warned(&["localhost"], -DAY, 60 * DAY, "");
    warned(&["localhost"], -3 * DAY, 3 * DAY, "");
    warned(&["localhost"], -2 * DAY, -DAY, "the certificate in cert.pem has expired at ");
    warned(&["localhost"], DAY, 60 * DAY, "the certificate in cert.pem is not valid before ");
    warned(&["localhost"], -60 * DAY, 9 * DAY + 3600, "the certificate in cert.pem expires in 9 days");
    warned(&["a.test"], -DAY, 60 * DAY, "links lead to localhost, and no certificate is for it");
    scene.issue(&["localhost"]).write(scene.folder());
    std::fs::set_permissions(scene.path("key.pem"), PermissionsExt::from_mode(0o644)).unwrap();
    let (status, said) = scene.run("check", TLS);
    assert!(said.contains("the key in key.pem can be read by every user"), "{said}");
    assert!(status == Some(0) && said.contains("help: chmod o= key.pem"), "{said}");
}
