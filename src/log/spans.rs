//! Requests as spans of OpenTelemetry, exported by OTLP over HTTP for whoever collects traces.
//!
//! The variables are those of the standard: `OTEL_EXPORTER_OTLP_ENDPOINT` and its kin, `OTEL_TRACES_SAMPLER`,
//! `OTEL_SERVICE_NAME`. Spans are made when the answer has ended, and sent in batches by a thread of their own, which
//! drops them if the collector is too slow. No request waits for any of it.

use std::env;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceState, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;

use super::Exchange;
use super::trace_context::{SpanId, TraceContext, TraceId};

/// Makes spans of exchanges, and sends them on. Clones do the same.
#[derive(Clone)]
pub struct Spans {
    tracer: SdkTracer,
    provider: SdkTracerProvider,
}

/// Where the collector is.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// How long one export may take, in milliseconds.
const TIMEOUTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];

/// In which form the spans are sent; there is one here.
const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
const PROTOCOL: &str = "http/protobuf";

/// "The default value is 10 seconds", says the specification of the exporter.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The methods that are a name of a span: those of RFC 9110 and RFC 5789.
const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

impl Spans {
    /// What the environment asks for; `None` unless it names a collector, or says `OTEL_TRACES_EXPORTER=otlp`.
    ///
    /// # Errors
    /// If it asks for what is not here, or cannot be; the sentence says what.
    pub fn from_environment() -> Result<Option<Self>, String> {
        if !is_wanted()? {
            return Ok(None);
        }
        if let Some(protocol) = first(PROTOCOLS).filter(|protocol| protocol != PROTOCOL) {
            return Err(format!("spans are sent by {PROTOCOL} alone, not by `{protocol}`"));
        }
        let client = Client::new().map_err(|error| format!("spans cannot be sent: {error}"))?;
        let exporter = SpanExporter::builder().with_http().with_http_client(client).build();
        let exporter = exporter.map_err(|error| format!("spans cannot be sent: {error}"))?;
        let provider =
            SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(exporter).build();
        Ok(Some(Self { tracer: provider.tracer(env!("CARGO_PKG_NAME")), provider }))
    }

    /// Makes a span of an exchange that has ended, in the trace that the request belongs to, or in a new one.
    #[must_use]
    pub fn export(&self, exchange: &Exchange<'_>) -> (TraceId, SpanId) {
        let parent = exchange
            .trace
            .map_or_else(Context::new, |trace| Context::new().with_remote_span_context(remote(trace)));
        let builder = self
            .tracer
            .span_builder(name(exchange))
            .with_kind(SpanKind::Server)
            .with_start_time(exchange.begun)
            .with_attributes(attributes(exchange));
        let mut span = self.tracer.build_with_context(builder, &parent);
        // What the client did wrong is no error of the server's.
        if exchange.status.is_some_and(|status| status.is_server_error()) {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(exchange.ended());
        let context = span.span_context();
        (
            TraceId(u128::from_be_bytes(context.trace_id().to_bytes())),
            SpanId(u64::from_be_bytes(context.span_id().to_bytes())),
        )
    }

    /// Sends what is still to be sent, for so long at most.
    pub fn finish(&self, patience: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(patience) {
            tracing::warn!("the last spans were not sent: {error}");
        }
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spans")
    }
}

/// Whether spans are to be exported.
fn is_wanted() -> Result<bool, String> {
    if first(["OTEL_SDK_DISABLED"]).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(false);
    }
    match first(["OTEL_TRACES_EXPORTER"]).as_deref() {
        None => Ok(first(ENDPOINTS).is_some()),
        Some("otlp") => Ok(true),
        Some("none") => Ok(false),
        Some(other) => Err(format!("OTEL_TRACES_EXPORTER is `otlp` or `none` here, not `{other}`")),
    }
}

/// The first of these variables that says anything.
fn first<const N: usize>(variables: [&str; N]) -> Option<String> {
    variables.into_iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// Who sends the spans: as the environment says, and this program by default.
fn resource() -> Resource {
    let said = Resource::builder().build();
    let name = said.get(&"service.name".into()).map(|name| name.to_string());
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_attribute(version);
    match name {
        Some(name) if !name.starts_with("unknown_service") => resource.build(),
        _ => resource.with_service_name(env!("CARGO_PKG_NAME")).build(),
    }
}

fn remote(trace: TraceContext) -> SpanContext {
    let flags = if trace.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace_id, parent_id) = (trace.trace_id.0.into(), trace.parent_id.0.into());
    SpanContext::new(trace_id, parent_id, flags, true, TraceState::default())
}

/// "{method} {target}" where there is a target of few values, else "{method}"; `HTTP` for a method that is not known.
fn name(exchange: &Exchange<'_>) -> String {
    let method = if METHODS.contains(&exchange.method) { exchange.method } else { "HTTP" };
    if exchange.rule.is_empty() { method.to_owned() } else { format!("{method} {}", exchange.rule) }
}

/// By the semantic conventions for HTTP servers. The query is left out.
fn attributes(exchange: &Exchange<'_>) -> Vec<KeyValue> {
    let known = METHODS.contains(&exchange.method);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut attributes = vec![
        KeyValue::new(
            "http.request.method",
            if known { exchange.method.to_owned() } else { "_OTHER".into() },
        ),
        KeyValue::new("url.path", text(exchange.shown_path())),
        KeyValue::new("network.protocol.version", protocol(exchange.version)),
        KeyValue::new("http.response.body.size", i64::try_from(exchange.sent_bytes).unwrap_or(i64::MAX)),
        KeyValue::new("media_origin.request_id", exchange.request_id.to_string()),
    ];
    let mut add = |name: &'static str, value: Option<String>| {
        attributes.extend(value.map(|value| KeyValue::new(name, value)));
    };
    add("client.address", exchange.client_ip().map(|address| address.to_string()));
    add("http.request.method_original", (!known).then(|| text(exchange.shown_method())));
    add("http.route", Some(exchange.rule.to_owned()).filter(|rule| !rule.is_empty()));
    add("user_agent.original", exchange.shown_user_agent().map(text));
    add("media_origin.pin", exchange.pin.map(str::to_owned));
    add("media_origin.cache", exchange.cache.map(str::to_owned));
    add("media_origin.tier", exchange.tier.map(str::to_owned));
    add("media_origin.signature", exchange.signature.map(str::to_owned));
    add("media_origin.cut", exchange.cut.map(str::to_owned));
    let failed = exchange.status.filter(http::StatusCode::is_server_error);
    add("error.type", failed.map(|status| status.as_str().to_owned()));
    let status = exchange.status.map(|status| i64::from(status.as_u16()));
    attributes.extend(status.map(|status| KeyValue::new("http.response.status_code", status)));
    attributes
}

fn protocol(version: http::Version) -> &'static str {
    match version {
        http::Version::HTTP_09 => "0.9",
        http::Version::HTTP_10 => "1.0",
        http::Version::HTTP_2 => "2",
        http::Version::HTTP_3 => "3",
        _ => "1.1",
    }
}

/// The way to the collector, on a runtime of its own: the thread that sends spans is none of the server's.
#[derive(Debug)]
struct Client {
    http: reqwest::Client,
    runtime: Runtime,
}

impl Client {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let timeout = first(TIMEOUTS).and_then(|milliseconds| milliseconds.parse().ok());
        // Whoever installed one before chose the same.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .timeout(timeout.map_or(TIMEOUT, Duration::from_millis))
            .redirect(reqwest::redirect::Policy::none());
        // A machine without authorities can still speak to a collector without TLS.
        let encrypted = first(ENDPOINTS).is_some_and(|endpoint| endpoint.starts_with("https:"));
        let http = if encrypted { builder } else { builder.tls_certs_only([]) }.build()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { http, runtime })
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, reqwest::Error> {
        let mut answer = self.http.execute(request.try_into()?).await?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut response = http::Response::new(answer.bytes().await?);
        (*response.status_mut(), *response.headers_mut()) = (status, headers);
        Ok(response)
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        Ok(self.runtime.block_on(self.exchange(request))?)
    }
}
