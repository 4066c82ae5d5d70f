//! All of a server on one thread.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::request::Parts;
use hyper::body::Incoming;
use media_origin::clock::Clock;
use media_origin::config::{Config, Environment, ListenAddress, Overrides, Proxies};
use media_origin::log::{AccessLog, Sink};
use media_origin::origin::{Metrics, Origin, ResponseBody};
use media_origin::peer::Peer;
use media_origin::response::Response;
use media_origin::server::admission::Admission;
use media_origin::server::answer::Answer;
use media_origin::server::connections;
use media_origin::server::conversation::Front;
use media_origin::server::http::{Content, Protocol};
use media_origin::server::listener::{BoundAddress, Listener, PassedSockets};
use media_origin::server::metrics::ConnectionMetrics;
use media_origin::server::phase::{Course, Phase};
use media_origin::server::pulse::Heart;
use media_origin::server::workers::Workers;
use media_origin::store::{Directory, MediaStore};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

/// What is kept in memory.
const SMALL: [u8; 4 << 10] = [7; 4 << 10];

/// More than is kept there.
const LARGE: usize = 8 << 20;

const CONFIGURATION: &str = "[memory]\nlargest = \"1 MiB\"\n";

/// A server over a folder of its own, which works while its runtime does.
pub struct Server {
    pub runtime: Runtime,
    pub address: SocketAddr,
    _course: (watch::Sender<Phase>, Heart),
    _folder: TempDir,
}

impl Server {
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("small.bin"), SMALL).unwrap();
        std::fs::write(folder.path().join("large.bin"), vec![7; LARGE]).unwrap();
        let overrides = Overrides { root: Some(folder.path().to_owned()), ..Overrides::default() };
        let config = Config::parse("test.toml", CONFIGURATION, overrides, &Environment::default());
        let config = config.unwrap_or_else(|error| panic!("{error}")).config;
        let origin = Arc::new(origin(&config, folder.path()));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (phases, mut heart) = (watch::Sender::new(Phase::Serving), Heart::default());
        let (listener, workers) = {
            let _within = runtime.enter();
            let anywhere = ListenAddress::Tcp((Ipv4Addr::LOCALHOST, 0).into());
            let listener = Listener::bind(&[anywhere], 0o600, &mut PassedSockets::default()).unwrap();
            (listener, Arc::new(Workers::here()))
        };
        let Some(&BoundAddress::Tcp(address)) = listener.addresses().next() else { panic!("it is bound") };
        let front = front(&config);
        let assets = move |peer| Assets { origin: Arc::clone(&origin), peer };
        let course = Course::public(phases.subscribe());
        let (front, pulse) = (move || Arc::clone(&front), heart.pulse());
        runtime.spawn(connections::serve(listener, front, assets, course, workers, pulse));
        Self { runtime, address, _course: (phases, heart), _folder: folder }
    }
}

/// What is answered to one client.
struct Assets {
    origin: Arc<Origin>,
    peer: Peer,
}

impl Answer for Assets {
    type Body = ResponseBody;

    async fn answer(&self, request: Arc<Parts>, _content: Option<Incoming>) -> Response<ResponseBody> {
        self.origin.respond(&request, self.peer).await
    }
}

/// The entity tag of what is kept in memory.
pub fn etag_of_small() -> String {
    format!("\"{}\"", hex::encode(Sha256::digest(SMALL)))
}

/// The origin, which counts, and writes its log.
fn origin(config: &Config, root: &Path) -> Origin {
    // An hour ahead, so that files written just now did not change just now, and are remembered.
    let clock = Clock::new(|| SystemTime::now() + Duration::from_hours(1));
    let sink = Sink::start(std::io::sink()).unwrap();
    tracing_subscriber::fmt().with_env_filter("info").with_writer(sink.clone()).init();
    let store = MediaStore::of_directory(Directory::new(root, config.memory, None, clock.clone()).unwrap());
    let metrics = Metrics::new(|registry| store.register(registry));
    let log = AccessLog::new(sink, config.log.access, false);
    Origin::watched(config, Arc::new(store), clock, Arc::new(metrics), log)
}

/// What stands before it, with default limits.
fn front(config: &Config) -> Arc<Front> {
    Arc::new(Front {
        admission: Arc::new(Admission::unlimited()),
        proxies: Proxies::default(),
        proxy_protocol: None,
        protocol: Protocol::new(&config.limits, Content::Refused),
        tls: None,
        metrics: ConnectionMetrics::default(),
    })
}
