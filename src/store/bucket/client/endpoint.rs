//! Where the bucket is, and how requests to it are signed.

use std::fmt;

use http::header::{AUTHORIZATION, HeaderValue};
use object_store::aws::{AwsAuthorizer, AwsCredential, AwsCredentialProvider};
use object_store::client::HttpRequest;
use object_store::gcp::GcpCredentialProvider;

use super::fault::{Fault, root_cause};
use crate::config::Service;

/// A bucket that can be asked.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// The protocol it speaks.
    pub(super) service: Service,
    /// Scheme, authority and, unless it is part of the host name, the bucket: no slash at the end.
    pub(super) base: String,
    /// How requests are signed.
    pub(super) signer: Signer,
}

/// How requests are signed.
pub(super) enum Signer {
    /// Signature Version 4.
    Aws {
        /// Keys, which may change from request to request.
        credentials: AwsCredentialProvider,
        /// The region that signatures are for.
        region: String,
        /// Whether whoever asks pays.
        request_payer: bool,
    },
    /// A bearer token of OAuth 2.0.
    Google(GcpCredentialProvider),
    /// Not at all: everybody may read the bucket.
    Anonymous,
}

impl Signer {
    /// The region that signatures are for, if they are for one.
    pub(super) fn region(&self) -> Option<&str> {
        match self {
            Self::Aws { region, .. } => Some(region),
            Self::Google(_) | Self::Anonymous => None,
        }
    }

    /// Whether anything is said of who asks.
    pub(super) fn is_signing(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }

    /// Signs a request as it is now: whatever is changed afterwards breaks the signature.
    pub(super) async fn sign(&self, request: &mut HttpRequest) -> Result<(), Fault> {
        match self {
            Self::Aws { credentials, region, request_payer } => {
                let credential = credentials.get_credential().await.map_err(|error| none(&error))?;
                check(&credential)?;
                let authorizer =
                    AwsAuthorizer::new(&credential, "s3", region).with_request_payer(*request_payer);
                authorizer.try_authorize(request, None).map_err(|error| none(&error))
            }
            Self::Google(credentials) => {
                let credential = credentials.get_credential().await.map_err(|error| none(&error))?;
                if !credential.bearer.is_empty() {
                    request.headers_mut().insert(AUTHORIZATION, bearer(&credential.bearer)?);
                }
                Ok(())
            }
            Self::Anonymous => Ok(()),
        }
    }
}

fn none(error: &object_store::Error) -> Fault {
    Fault::Credentials(root_cause(error).to_string().into())
}

/// The library panics over what cannot stand in a field, such as the line end of a file that became a variable.
fn check(credential: &AwsCredential) -> Result<(), Fault> {
    let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible(&credential.key_id) {
        return Err(Fault::Credentials(
            "the access key id holds a space, a line end, or what is not ASCII".into(),
        ));
    }
    if !credential.token.as_deref().is_none_or(visible) {
        return Err(Fault::Credentials(
            "the session token holds a space, a line end, or what is not ASCII".into(),
        ));
    }
    Ok(())
}

fn bearer(token: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Fault::Credentials("the bearer token holds a line end".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The kind alone: the rest is secret.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aws { region, .. } => write!(f, "Aws({region})"),
            Self::Google(_) => f.write_str("Google"),
            Self::Anonymous => f.write_str("Anonymous"),
        }
    }
}
