//! Our own server, examined: what it serves is without a finding.

#[path = "../http/support/server.rs"]
#[expect(dead_code, reason = "the harness of another test, of which this one needs the beginning")]
mod server;

use media_origin::whatsapp::Severity::Refuse;

use crate::scripted::png;
use crate::{codes, examined};
use server::Server;

#[tokio::test]
async fn what_we_serve_has_nothing_to_find() {
    let toml = "[[rule]]\npath = \"campaigns/**\"\ncache-control = \"public, max-age=600\"\n\
                [[rule]]\npath = \"legacy/**\"\nsend = [\"last-modified\"]\n";
    let server = Server::start(toml, |root| {
        for folder in ["campaigns", "legacy"] {
            std::fs::create_dir(root.join(folder)).unwrap();
            std::fs::write(root.join(folder).join("a.png"), png()).unwrap();
        }
        std::fs::write(root.join("a.txt"), "words").unwrap();
        std::fs::write(root.join("large.bin"), vec![7; 900_000]).unwrap();
    });
    for (path, expected) in [
        ("campaigns/a.png", vec![]),
        ("campaigns/a.png?v=0000000000000000", vec![]),
        ("legacy/a.png", vec![]),
        ("a.txt", vec![]),
        ("large.bin", vec!["unsupported-content-type"]),
    ] {
        let examination = examined(&format!("http://{}/media/{path}", server.address)).await;
        let found: Vec<_> = codes(&examination).into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, expected, "{path}: {:?}", examination.findings);
    }
    let missing = examined(&format!("http://{}/media/b.png", server.address)).await;
    assert_eq!(codes(&missing), [("not-found", Refuse)]);
}
