//! No wrong byte, no client that hangs, no answer that the log is silent about: whatever becomes of the bucket.
//!
//! The program itself stands before a real server, which is killed, stopped and started again, or before a proxy that
//! spoils its answers. All the time clients ask for whole bodies and ranges, and assets are replaced under them.
//!
//! | file | holds |
//! |---|---|
//! | [`scene`] | a storm from its beginning to its end, and what must be true of any |
//! | [`truth`] | what the bucket ever held |
//! | [`storm`] | clients and a writer at work, phase by phase |
//! | [`client`], [`connection`] | asking, and judging what comes |
//! | [`writer`] | uploads and purges |
//! | [`origin`] | the program, and what it takes of the machine |
//! | [`report`] | each request beside its line in the log, counted |

mod client;
mod connection;
mod origin;
mod report;
mod scene;
mod storm;
mod truth;
mod writer;

use std::time::Duration;

use crate::buckets::bucket::Bucket;
use crate::buckets::faulty::{Fault, FaultyProxy};
use crate::buckets::seaweedfs::SeaweedFs;
use report::Counts;
use scene::{Scene, USABLE, lasts};

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_bucket_that_is_killed_stopped_and_started_again_costs_no_right_byte() {
    let mut server = SeaweedFs::start();
    let mut scene = Scene::set(Bucket::at(server.address()), server.address());
    scene.storm.enter("stopped");
    server.stop_for(Duration::from_millis(3500));
    scene.storm.enter("going on");
    lasts(1000);
    scene.storm.enter("killed");
    server.kill();
    std::thread::sleep(USABLE);
    // Whoever asks now asks later than anything known is good for.
    lasts(500);
    scene.storm.enter("killed beyond stale-if-error");
    lasts(1000);
    scene.storm.enter("starting again");
    server.restart();
    scene.storm.enter("started again");
    lasts(1000);
    let outcome = scene.end();
    println!("{outcome}");
    let report = outcome.sound();
    assert!(report.of_phase("stopped").gateway_timeout > 0, "nobody answers in time");
    let killed = report.of_phase("killed");
    assert!(killed.stale > 0 && killed.bad_gateway > 0, "nobody is there");
    let Counts { whole, ranges, cut, missing, bad_gateway, .. } =
        report.of_phase("killed beyond stale-if-error");
    assert_eq!((*whole, *ranges, *cut, *missing), (0, 0, 0, 0), "what is too old is not sent");
    assert!(*bad_gateway > 0, "it is said");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn answers_that_are_spoilt_cost_no_right_byte() {
    let server = SeaweedFs::start();
    let proxy = FaultyProxy::start(server.address());
    let mut scene = Scene::set(Bucket::at(server.address()), proxy.address());
    let refuse = |status, code| Fault::Refuse { status, code };
    let (all, reads) = (None, Some("GET"));
    // What strikes reads alone stands between what strikes all: the bucket is asked how objects are in between.
    let faults = [
        ("403", refuse(403, "AccessDenied"), all, 1200),
        ("reset mid-body", Fault::Reset { after: 10_000 }, reads, 1200),
        ("429", refuse(429, "TooManyRequests"), all, 1200),
        ("the whole for a range", Fault::WholeForRange, reads, 1200),
        ("500", refuse(500, "InternalError"), all, 1200),
        ("stalled mid-body", Fault::Stall { after: 10_000 }, reads, 2500),
        ("too short", Fault::Short { after: 10_000 }, reads, 1200),
        ("503", refuse(503, "SlowDown"), all, 1200),
        ("closed without an answer", Fault::Close, all, 1200),
    ];
    for (name, fault, method, milliseconds) in faults {
        let asked = || method.map_or_else(|| proxy.exchanges(), |method| proxy.asked(method)).len();
        let before = asked();
        scene.storm.enter(name);
        proxy.inject(method.map_or_else(|| fault.clone().into(), |method| fault.clone().on(method)));
        lasts(milliseconds);
        proxy.mend();
        println!("{name}: struck {} answers of the bucket", asked() - before);
        assert!(asked() > before, "{name}: it never struck");
    }
    let outcome = scene.end();
    println!("{outcome}");
    let report = outcome.sound();
    for name in ["403", "429", "500", "503", "closed without an answer"] {
        let Counts { stale, bad_gateway, .. } = report.of_phase(name);
        assert!(stale + bad_gateway > 0, "{name}: somebody noticed");
    }
    let Counts { bad_gateway, gateway_timeout, .. } = report.total();
    assert!(bad_gateway > 0 && gateway_timeout > 0, "what is not here cannot be had");
}
