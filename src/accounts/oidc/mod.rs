//! Signing in with a provider, by OpenID Connect: the authorization code flow with PKCE.
//!
//! - [`attempt`]: what is remembered between leaving for the provider and coming back
//! - [`fetch`]: asking the provider, with bounds
//!
//! Invariant: who somebody is, is the pair of issuer and subject. A mail address that the provider tells is not even
//! asked for: addresses change hands and a provider may not check them, so an address must open nobody's account.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, TokenResponse,
};
use tokio::sync::Mutex;
use tokio_rustls::rustls;

use crate::config;
use crate::store::identity::Identity;

pub mod attempt;
pub mod fetch;

use attempt::Attempt;
use fetch::{Fetch, reasons};

/// How long the provider may take, all questions of one request together.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what the provider says of itself is kept; its keys may change.
const KEPT: Duration = Duration::from_secs(600);
/// The longest name of somebody, by the standard.
const SUBJECT_MAX: usize = 255;
/// How the proof of who somebody is may be signed: with a key that only the provider has.
const SIGNED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A client that knows where to send people and where to trade codes.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Why nobody signed in. The text is for the log: it holds no secret and nothing of a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("de aanbieder is niet te gebruiken: {0}")]
    Unreachable(String),
    #[error("de aanbieder antwoordt niet binnen {} seconden", .0.as_secs())]
    Slow(Duration),
    /// The code was used before, is too old, or belongs to another attempt.
    #[error("de aanbieder neemt de code niet aan: {0}")]
    Code(String),
    /// What the provider said does not prove who somebody is.
    #[error("het bewijs van de aanbieder klopt niet: {0}")]
    Proof(String),
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Setting {
    #[error("ca_file is niet te gebruiken: {0}")]
    Authorities(#[from] rustls::Error),
    #[error("public_url of oidc_issuer is geen adres: {0}")]
    Address(#[from] url::ParseError),
}

/// Somebody, as the provider proved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub identity: Identity,
    /// Whether a second factor was shown there, by the setting that says what counts.
    pub second_factor: bool,
}

/// The provider of this site. Cheap to clone.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
    patience: Duration,
}

struct Shared {
    issuer: IssuerUrl,
    client: ClientId,
    secret: ClientSecret,
    back: RedirectUrl,
    label: String,
    second_factor: Option<String>,
    fetch: Fetch,
    /// What the provider said of itself, and when.
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    /// `back` is our address to which the provider sends people back.
    pub fn new(settings: &config::Provider, authorities: Option<&[u8]>, back: String) -> Result<Provider, Setting> {
        // The settings let an address without TLS pass only where it is on this machine.
        let plain = settings.issuer.starts_with("http://");
        let shared = Shared {
            issuer: IssuerUrl::new(settings.issuer.clone())?,
            client: ClientId::new(settings.client_id.clone()),
            secret: ClientSecret::new(settings.client_secret.0.clone()),
            back: RedirectUrl::new(back)?,
            label: settings.label.clone(),
            second_factor: settings.second_factor.clone(),
            fetch: Fetch::new(authorities, plain)?,
            known: Mutex::new(None),
        };
        Ok(Provider { shared: Arc::new(shared), patience: PATIENCE })
    }

    /// The same with other patience.
    pub fn patient(self, patience: Duration) -> Provider {
        Provider { patience, ..self }
    }

    /// What it is called on a button.
    pub fn label(&self) -> &str {
        &self.shared.label
    }

    /// Whether this is the issuer it says it is; an answer that names none leaves it to the proof.
    pub fn is_issuer(&self, named: Option<&str>) -> bool {
        named.is_none_or(|it| it == self.shared.issuer.as_str())
    }

    /// Where a browser goes to sign in.
    pub async fn address(&self, attempt: &Attempt) -> Result<String, Error> {
        let client = self.in_time(self.client(KEPT)).await?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier()));
        let (state, nonce) = (attempt.state(), attempt.nonce());
        let going = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        );
        let (address, ..) = going.set_pkce_challenge(challenge).url();
        self.check_address(&address)?;
        Ok(address.into())
    }

    /// Who came back with this code.
    pub async fn who(&self, attempt: &Attempt, code: &str) -> Result<Proven, Error> {
        self.in_time(self.proven(attempt, code)).await
    }

    async fn proven(&self, attempt: &Attempt, code: &str) -> Result<Proven, Error> {
        let client = self.client(KEPT).await?;
        let asked = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let asked = asked.map_err(|error| Error::Unreachable(error.to_string()))?;
        let verifier = PkceCodeVerifier::new(attempt.verifier());
        let tokens =
            asked.set_pkce_verifier(verifier).request_async(&self.shared.fetch).await.map_err(|error| match error {
                RequestTokenError::ServerResponse(it) if *it.error() != CoreErrorResponseType::InvalidClient => {
                    Error::Code(it.error().to_string())
                }
                // The operator mistyped the secret: nothing the visitor can mend.
                RequestTokenError::ServerResponse(it) => Error::Unreachable(it.error().to_string()),
                RequestTokenError::Request(error) => Error::Unreachable(reasons(&error)),
                // What the answer was is not said: a token may be in it.
                RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                    Error::Proof("het antwoord op de code is niet te lezen".to_owned())
                }
            })?;
        let token = tokens.id_token().ok_or_else(|| Error::Proof("er is geen ID-token".to_owned()))?;
        let nonce = Nonce::new(attempt.nonce());
        let claims = match token.claims(&client.id_token_verifier().set_allowed_algs(SIGNED), &nonce) {
            Ok(claims) => claims.clone(),
            // It may be signed with a key that is newer than what we know.
            Err(_) => {
                let fresh = self.client(Duration::ZERO).await?;
                let verifier = fresh.id_token_verifier().set_allowed_algs(SIGNED);
                token.claims(&verifier, &nonce).map_err(|error| Error::Proof(reasons(&error)))?.clone()
            }
        };
        let subject = claims.subject().as_str();
        if subject.is_empty() || SUBJECT_MAX < subject.len() {
            return Err(Error::Proof("de aanbieder noemt geen bruikbaar nummer".to_owned()));
        }
        let methods = claims.auth_method_refs().into_iter().flatten().map(|it| it.as_str());
        let class = claims.auth_context_ref().map(|it| it.as_str());
        let wanted = self.shared.second_factor.as_deref();
        Ok(Proven {
            second_factor: wanted.is_some_and(|wanted| methods.chain(class).any(|it| it == wanted)),
            identity: Identity { issuer: claims.issuer().to_string(), subject: subject.to_owned() },
        })
    }

    /// A client by what the provider said of itself no longer ago than `kept`.
    async fn client(&self, kept: Duration) -> Result<Client, Error> {
        let it = &self.shared;
        let metadata = self.metadata(kept).await?;
        let methods = metadata.token_endpoint_auth_methods_supported().cloned().unwrap_or_default();
        let is_basic = methods.is_empty() || methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        let token = metadata.token_endpoint().cloned();
        let token = token.ok_or_else(|| Error::Unreachable("er is geen token_endpoint".to_owned()))?;
        self.check_address(token.url())?;
        let client = CoreClient::from_provider_metadata(metadata, it.client.clone(), Some(it.secret.clone()));
        let client = client.set_redirect_uri(it.back.clone());
        Ok(if is_basic { client } else { client.set_auth_type(AuthType::RequestBody) })
    }

    async fn metadata(&self, kept: Duration) -> Result<CoreProviderMetadata, Error> {
        let mut known = self.shared.known.lock().await;
        if let Some((at, metadata)) = &*known
            && at.elapsed() < kept
        {
            return Ok(metadata.clone());
        }
        let asked = CoreProviderMetadata::discover_async(self.shared.issuer.clone(), &self.shared.fetch).await;
        let metadata = asked.map_err(|error| match error {
            DiscoveryError::Request(error) => Error::Unreachable(reasons(&error)),
            other => Error::Unreachable(reasons(&other).chars().take(300).collect()),
        })?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    /// Whether an address the provider names is as safe as that of the provider itself.
    fn check_address(&self, address: &url::Url) -> Result<(), Error> {
        let scheme = self.shared.issuer.url().scheme();
        match address.scheme() == "https" || address.scheme() == scheme {
            true => Ok(()),
            false => Err(Error::Unreachable(format!("adres met {}: is niet toegestaan", address.scheme()))),
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        tokio::time::timeout(self.patience, work).await.unwrap_or(Err(Error::Slow(self.patience)))
    }
}
