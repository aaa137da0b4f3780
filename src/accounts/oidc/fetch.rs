//! Asks another server over HTTP, with bounds: what it answers is no larger than [`LARGEST`], and it is asked once.
//!
//! Invariant: no redirect is followed. An answer could send us to a machine that only we can reach.

use std::pin::Pin;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::http::uri::Scheme;
use hyper::http::{HeaderValue, Uri, header};
use hyper_util::rt::TokioIo;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// The largest answer that is read, in bytes.
pub const LARGEST: usize = 256 * 1024;
/// The largest head of an answer.
const LARGEST_HEAD: usize = 32 * 1024;

/// Why there is no answer. The text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("adres {0} is niet te vragen")]
    Address(String),
    #[error("{0} is niet bereikbaar: {1}")]
    Unreachable(String, String),
    #[error("{0} antwoordt met meer dan {LARGEST} bytes")]
    TooLarge(String),
}

/// Asks servers that show a certificate we trust.
#[derive(Clone)]
pub struct Fetch {
    tls: TlsConnector,
    /// Whether it may ask without TLS: only when the one server there is runs on this machine.
    plain: bool,
}

impl Fetch {
    /// `authorities` is a PEM text of whom to trust besides the authorities everybody knows.
    pub fn new(authorities: Option<&[u8]>, plain: bool) -> Result<Fetch, rustls::Error> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for it in CertificateDer::pem_slice_iter(authorities.unwrap_or_default()) {
            roots.add(it.map_err(|error| rustls::Error::General(error.to_string()))?)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Fetch { tls: TlsConnector::from(Arc::new(config)), plain })
    }

    /// One question, one answer, over a connection of its own.
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let uri = request.uri().clone();
        let refused = || Error::Address(uri.to_string());
        let unreachable = |error: &dyn std::error::Error| Error::Unreachable(shown(&uri), reasons(error));
        let host = uri.host().ok_or_else(refused)?.trim_matches(['[', ']']).to_owned();
        let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
        let is_plain = self.plain && uri.scheme() == Some(&Scheme::HTTP);
        if !is_tls && !is_plain {
            return Err(refused());
        }
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|error| unreachable(&error))?;
        if !is_tls {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(host).map_err(|_| refused())?;
        let stream = self.tls.connect(name, stream).await.map_err(|error| unreachable(&error))?;
        exchange(stream, request).await
    }
}

impl<'a> AsyncHttpClient<'a> for Fetch {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'a>>;

    fn call(&'a self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

async fn exchange<S>(stream: S, request: HttpRequest) -> Result<HttpResponse, Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let uri = request.uri().clone();
    let failed = |error: &dyn std::error::Error| Error::Unreachable(shown(&uri), reasons(error));
    let builder = http1::Builder::new().max_buf_size(LARGEST_HEAD).to_owned();
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    // Ends by itself once nobody waits for its answer.
    tokio::spawn(connection);
    let answer = sender.send_request(prepared(request)?).await.map_err(|error| failed(&error))?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, LARGEST).collect().await.map_err(|error| match error.is::<LengthLimitError>() {
        true => Error::TooLarge(shown(&uri)),
        false => Error::Unreachable(shown(&uri), reasons(error.as_ref())),
    })?;
    Ok(HttpResponse::from_parts(head, body.to_bytes().to_vec()))
}

/// A request as it goes over the line: the path alone, and the host in its header.
fn prepared(request: HttpRequest) -> Result<hyper::Request<Full<Bytes>>, Error> {
    let (mut head, body) = request.into_parts();
    let refused = |uri: &Uri| Error::Address(uri.to_string());
    let authority = head.uri.authority().ok_or_else(|| refused(&head.uri))?.as_str();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = HeaderValue::from_str(host).map_err(|_| refused(&head.uri))?;
    let path = head.uri.path_and_query().map_or("/", |it| it.as_str());
    head.uri = path.parse().map_err(|_| refused(&head.uri))?;
    head.headers.insert(header::HOST, host);
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(hyper::Request::from_parts(head, Full::new(Bytes::from(body))))
}

/// An address as the log may hold it: without what stands behind the question mark.
fn shown(uri: &Uri) -> String {
    format!("{}{}", uri.authority().map_or("", |it| it.host()), uri.path())
}

/// An error with what caused it.
pub(super) fn reasons(error: &dyn std::error::Error) -> String {
    let mut res = error.to_string();
    let mut inner = error.source();
    while let Some(it) = inner {
        res.push_str(&format!(": {it}"));
        inner = it.source();
    }
    res
}
