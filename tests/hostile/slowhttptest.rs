//! The same attacks by a tool that others use against servers: slowhttptest says itself whether the server was available.

use std::process::Command;

use crate::scene::{server, under_attack};

#[test]
#[ignore = "needs slowhttptest: scripts/test"]
fn slowhttptest_finds_the_server_available() {
    let server = server(
        "[limits]\nheader-timeout = \"2s\"\nidle-timeout = \"2s\"\nsend-timeout = \"2s\"\nconnections = 1000\n",
    );
    server.get("large.bin");
    let url = format!("http://{}/media/large.bin", server.address);
    under_attack(&server, || {
        for attack in [&["-H"][..], &["-B"], &["-R"], &["-X", "-w", "1", "-y", "2", "-z", "8", "-n", "1"]] {
            let output = Command::new("slowhttptest")
                .args(["-c", "200", "-r", "200", "-i", "1", "-l", "4", "-p", "3", "-u", &url])
                .args(attack)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            let seen: Vec<_> = said.lines().filter(|line| line.contains("service available")).collect();
            assert!(!seen.is_empty(), "{attack:?}: {said}");
            assert!(seen.iter().all(|line| line.contains("YES")), "{attack:?}: {said}");
        }
    });
}
