//! How an S3 bucket is reached: what the configuration says, then what the environment does.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::ClientConfigKey;
use object_store::{BackoffConfig, RetryConfig};

use super::connection::Connector;
use super::counters::Counters;
use super::endpoint::{Endpoint, Signer};
use super::fault::root_cause;
use super::misconfigured::Misconfigured;
use super::profile::{self, Profile};
use super::variables::Variables;
use crate::config::{Bucket, Service};

/// What a server that has no regions is usually told.
const ANY_REGION: &str = "us-east-1";

/// Where the file names no endpoint; the one for S3 alone goes before the one for every service.
const ENDPOINTS: [&str; 3] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];

/// Reads all settings, and the profile that the environment names if it holds no credentials itself.
pub(super) fn endpoint(
    bucket: &Bucket,
    variables: &Variables,
    counters: &Arc<Counters>,
) -> Result<Endpoint, Misconfigured> {
    let profile = profile::find(variables)?;
    let url = bucket.endpoint.as_deref().or_else(|| variables.first(&ENDPOINTS));
    let region = region(bucket, variables, profile.as_ref(), url)?;
    let builder = builder(variables)
        .with_bucket_name(&bucket.name)
        .with_region(&region)
        .with_retry(retries(bucket.timeout))
        .with_http_connector(Connector(Arc::clone(counters)));
    let builder = match profile.and_then(Profile::into_credentials) {
        Some(credentials) => builder.with_credentials(credentials),
        None => builder,
    };
    let says = |key| builder.get_config_value(&key).is_some_and(|value| is_true(&value));
    let base = base(&bucket.name, url, &region, says(AmazonS3ConfigKey::VirtualHostedStyleRequest));
    let request_payer = says(AmazonS3ConfigKey::RequestPayer);
    let signer = if says(AmazonS3ConfigKey::SkipSignature) {
        Signer::Anonymous
    } else {
        let store = builder.build().map_err(|error| unusable(&error))?;
        Signer::Aws { credentials: Arc::clone(store.credentials()), region, request_payer }
    };
    Ok(Endpoint { service: Service::S3, base, signer })
}

/// Retries of requests for credentials.
pub(super) fn retries(limit: Duration) -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(1),
        base: 2.0,
    };
    RetryConfig { backoff, max_retries: 2, retry_timeout: limit }
}

fn builder(variables: &Variables) -> AmazonS3Builder {
    let builder = AmazonS3Builder::new()
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout), "3 seconds")
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), "5 seconds");
    variables.settings("AWS_").fold(builder, |builder, (key, value)| builder.with_config(key, value))
}

fn unusable(error: &object_store::Error) -> Misconfigured {
    let why = root_cause(error);
    Misconfigured::new(
        format!("the credentials in the environment cannot be used: {why}"),
        "look at the variables that begin with AWS_",
    )
}

fn region(
    bucket: &Bucket,
    variables: &Variables,
    profile: Option<&Profile>,
    endpoint: Option<&str>,
) -> Result<String, Misconfigured> {
    let configured =
        bucket.region.as_deref().or_else(|| variables.first(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
    let known = configured.or_else(|| profile.and_then(Profile::region));
    known.or_else(|| endpoint.map(|_| ANY_REGION)).map(str::to_owned).ok_or_else(|| {
        Misconfigured::new(
            format!("it is not known in which region the bucket {} is", bucket.name),
            "set store.region, such as \"eu-west-1\", or AWS_REGION; or store.endpoint for a server other than AWS",
        )
    })
}

/// The address of the bucket. An endpoint that is told to be of virtual-hosted style has the bucket in its host name
/// already.
fn base(bucket: &str, endpoint: Option<&str>, region: &str, virtual_hosted: bool) -> String {
    match (endpoint.map(|endpoint| endpoint.trim_end_matches('/')), virtual_hosted) {
        (Some(endpoint), true) => endpoint.to_owned(),
        (Some(endpoint), false) => format!("{endpoint}/{bucket}"),
        (None, true) => format!("https://{bucket}.s3.{region}.{}", domain(region)),
        (None, false) => format!("https://s3.{region}.{}/{bucket}", domain(region)),
    }
}

/// The partition of China has a domain of its own.
fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// As the library reads a yes; whoever asks pays if the variable says who does.
pub(super) fn is_true(value: &str) -> bool {
    ["1", "true", "on", "yes", "y", "requester"].iter().any(|yes| yes.eq_ignore_ascii_case(value))
}
