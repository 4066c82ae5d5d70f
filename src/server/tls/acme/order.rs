//! One certificate: the account, the order, a challenge for each name, and the chain (RFC 8555 §7).

use instant_acme::{
    Account, AuthorizationHandle, AuthorizationStatus, ChallengeType, Error, Identifier, NewAccount,
    NewOrder, Order, OrderStatus, RetryPolicy,
};
use std::time::Duration;

use super::Obtaining;
use super::failure::Failure;

/// How long the authority is asked how far it has come: its checks, then its signature.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_mins(2));

/// The account that the authority does not know any more.
const NO_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

/// A chain and its key, both in PEM.
pub(super) async fn obtain(obtaining: &Obtaining) -> Result<(String, String), Failure> {
    let mut order = place(obtaining).await?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        prove(authorization?, obtaining).await?;
    }
    let ready = order.poll_ready(&PATIENCE).await;
    if !matches!(ready, Ok(OrderStatus::Ready | OrderStatus::Valid)) {
        return Err(unproved(&mut order).await.unwrap_or_else(|| match ready {
            Err(error) => error.into(),
            Ok(status) => Failure::refused(status),
        }));
    }
    let key = order.finalize().await?;
    let chain = order.poll_certificate(&PATIENCE).await?;
    Ok((chain, key))
}

/// Orders a certificate with the account that is kept, or with a new one if the authority knows no such account.
async fn place(obtaining: &Obtaining) -> Result<Order, Failure> {
    let domains = obtaining.settings.domains.iter().cloned();
    let identifiers: Vec<_> = domains.map(Identifier::Dns).collect();
    let order = NewOrder::new(&identifiers);
    let client = || Box::new(obtaining.transport.clone());
    if let Some(kept) = obtaining.folder.account() {
        let account = Account::builder_with_http(client()).from_credentials(kept).await?;
        match account.new_order(&order).await {
            Err(Error::Api(problem)) if problem.r#type.as_deref() == Some(NO_ACCOUNT) => {
                tracing::warn!("the authority does not know the account any more: it is given a new one");
            }
            placed => return Ok(placed?),
        }
    }
    let contact: Vec<_> = obtaining.settings.contact.iter().map(String::as_str).collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let directory = obtaining.settings.directory_url.clone();
    let (account, credentials) = Account::builder_with_http(client()).create(&new, directory, None).await?;
    tracing::info!(account = account.id(), "the authority has a new account, and its terms are agreed to");
    if let Err(error) = obtaining.folder.keep_account(&credentials) {
        tracing::error!("the account is lost at the next start: {error}");
    }
    Ok(account.new_order(&order).await?)
}

/// Has the authority look at the answer to its challenge, unless it takes the name for proved.
async fn prove(mut authorization: AuthorizationHandle<'_>, obtaining: &Obtaining) -> Result<(), Failure> {
    match authorization.status {
        AuthorizationStatus::Valid => return Ok(()),
        AuthorizationStatus::Pending => {}
        status => return Err(Failure::not_pending(&authorization.identifier().to_string(), status)),
    }
    let domain = authorization.identifier().to_string();
    let challenge = authorization.challenge(ChallengeType::TlsAlpn01);
    let mut challenge = challenge.ok_or_else(|| Failure::no_challenge(&domain))?;
    let digest = challenge.key_authorization().digest();
    obtaining.challenges.answer(&domain, digest.as_ref()).map_err(|why| Failure::challenge(&why))?;
    Ok(challenge.set_ready().await?)
}

/// Which name was not proved, and why, in the authority's words.
async fn unproved(order: &mut Order) -> Option<Failure> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.ok()?;
        authorization.refresh().await.ok()?;
        if let Some(problem) = authorization.challenges.iter().find_map(|challenge| challenge.error.clone()) {
            return Some(Failure::unproved(&authorization.identifier().to_string(), problem));
        }
    }
    None
}
