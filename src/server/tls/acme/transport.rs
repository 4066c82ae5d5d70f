//! HTTP to the authority: over TLS alone, and never for long.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::Unprepared;

/// How long connecting may take, and a whole exchange.
const CONNECT: Duration = Duration::from_secs(10);
const EXCHANGE: Duration = Duration::from_mins(1);

/// A client that trusts some authorities, and no others.
#[derive(Clone, Debug)]
pub(super) struct Transport(reqwest::Client);

impl Transport {
    /// One that trusts those in this file, or those that the public web trusts.
    ///
    /// # Errors
    /// If there are none in the file.
    pub(super) fn trusting(authority: Option<&Path>) -> Result<Self, Unprepared> {
        let roots = match authority {
            Some(file) => read(file).map_err(|why| Unprepared::Authority(file.to_owned(), why))?,
            None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_safe_default_protocol_versions().expect("ring speaks TLS 1.2 and 1.3");
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(builder.with_root_certificates(roots).with_no_client_auth())
            .https_only(true)
            .user_agent(concat!("media-origin/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(EXCHANGE)
            .build();
        client.map(Self).map_err(|error| Unprepared::Client(cause(&error)))
    }

    async fn exchange(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let other = |error: reqwest::Error| Error::Other(cause(&error).into());
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let request =
            self.0.request(parts.method, url).headers(parts.headers).body(reqwest::Body::wrap(body));
        let mut response = request.send().await.map_err(other)?;
        let mut answer = http::Response::new(());
        *answer.status_mut() = response.status();
        std::mem::swap(answer.headers_mut(), response.headers_mut());
        let body = response.bytes().await.map_err(other)?;
        Ok(BytesResponse { parts: answer.into_parts().0, body: Box::new(body) })
    }
}

impl HttpClient for Transport {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().exchange(request))
    }
}

fn read(file: &Path) -> Result<RootCertStore, String> {
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("there is no certificate in it".into()) } else { Ok(roots) }
}

/// What is at the bottom of an error: the outer ones say no more than that a request was sent.
fn cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
