//! How a GCS bucket is reached: what the configuration says, then what the environment does.

use std::sync::Arc;

use object_store::client::ClientConfigKey;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};

use super::connection::Connector;
use super::counters::Counters;
use super::endpoint::{Endpoint, Signer};
use super::fault::root_cause;
use super::misconfigured::Misconfigured;
use super::s3::{is_true, retries};
use super::variables::Variables;
use crate::config::{Bucket, Service};

/// Google itself.
const GOOGLE: &str = "https://storage.googleapis.com";

/// Variables that name or hold credentials.
const CREDENTIALS: [&str; 6] = [
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_BEARER_TOKEN",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "SERVICE_ACCOUNT",
];

/// Reads all settings. A server other than Google's is asked without credentials unless there are some: emulators
/// take none.
pub(super) fn endpoint(
    bucket: &Bucket,
    variables: &Variables,
    counters: &Arc<Counters>,
) -> Result<Endpoint, Misconfigured> {
    let builder = builder(variables)
        .with_bucket_name(&bucket.name)
        .with_retry(retries(bucket.timeout))
        .with_http_connector(Connector(Arc::clone(counters)));
    let base_url = builder.get_config_value(&GoogleConfigKey::BaseUrl);
    let url = bucket.endpoint.as_deref().or(base_url.as_deref());
    let skips =
        builder.get_config_value(&GoogleConfigKey::SkipSignature).is_some_and(|value| is_true(&value));
    let base = format!("{}/{}", url.unwrap_or(GOOGLE).trim_end_matches('/'), bucket.name);
    let signer = if skips || (url.is_some() && variables.first(&CREDENTIALS).is_none()) {
        Signer::Anonymous
    } else {
        let store = builder.build().map_err(|error| unusable(&error))?;
        Signer::Google(Arc::clone(store.credentials()))
    };
    Ok(Endpoint { service: Service::Gcs, base, signer })
}

fn builder(variables: &Variables) -> GoogleCloudStorageBuilder {
    let mut builder = GoogleCloudStorageBuilder::new()
        .with_config(GoogleConfigKey::Client(ClientConfigKey::ConnectTimeout), "3 seconds")
        .with_config(GoogleConfigKey::Client(ClientConfigKey::Timeout), "5 seconds");
    if let Some(path) = variables.get("SERVICE_ACCOUNT") {
        builder = builder.with_service_account_path(path);
    }
    variables.settings("GOOGLE_").fold(builder, |builder, (key, value)| builder.with_config(key, value))
}

fn unusable(error: &object_store::Error) -> Misconfigured {
    let why = root_cause(error);
    // Its own words quote what it found, and that is a secret.
    let why = why.downcast_ref::<serde_json::Error>().map_or_else(
        || why.to_string(),
        |json| format!("no service account in JSON at line {} column {}", json.line(), json.column()),
    );
    Misconfigured::new(
        format!("the credentials in the environment cannot be used: {why}"),
        "let GOOGLE_APPLICATION_CREDENTIALS name the JSON file of a service account, or run where the metadata \
         server gives out tokens",
    )
}
