//! Who asks: from the cookie of a browser or the token of a program to an [`Actor`].
//!
//! It is looked up once per request, before anything else; a handler takes [`Visitor`] as a parameter.
//!
//! Invariant: a cookie changes nothing through the API, so no page of another site can make a browser do it.
//! Invariant: what is answered to somebody who signed in is kept nowhere and not compressed.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use poem::http::{HeaderValue, Method, header};
use poem::{Endpoint, FromRequest, IntoResponse, Request, RequestBody, Response};

use crate::accounts::oidc::attempt;
use crate::accounts::session::{self, SignedIn};
use crate::accounts::token::{self, Program};
use crate::app::App;
use crate::config::{Config, Range};
use crate::domain::account::TokenScope;
use crate::domain::actor::{Actor, User};
use crate::domain::permission::Denied;

use super::cache::CachePolicy;
use super::error::Failure;
use super::url;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub actor: Actor,
    /// Stands in every form that changes something; empty for who is not signed in.
    pub form_token: String,
    /// The session, if a browser signed in.
    pub session: Option<Arc<SignedIn>>,
    /// What a program may do, if one asks with a token.
    pub scope: Option<TokenScope>,
    /// The address this comes from, for the log of changes; `None` when it is not known.
    pub address: Option<String>,
}

impl Visitor {
    pub fn anonymous() -> Visitor {
        Visitor { actor: Actor::Anonymous, form_token: String::new(), session: None, scope: None, address: None }
    }

    /// Who signed in; nobody is sent to the page for it.
    pub fn user(&self) -> Result<&User, Failure> {
        self.actor.user().ok_or(Failure::Denied(Denied::SignIn))
    }

    /// The session of a browser; nobody else is sent to the page to sign in.
    pub fn signed_in(&self) -> Result<&SignedIn, Failure> {
        self.session.as_deref().ok_or(Failure::Denied(Denied::SignIn))
    }

    fn is_anonymous(&self) -> bool {
        self.actor.user().is_none()
    }
}

/// What was found out; a failure waits for the face that can show it.
#[derive(Clone)]
enum Known {
    Visitor(Visitor),
    /// A token that is none.
    BadToken,
    Failed(String),
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Visitor> {
        Ok(of(request)?)
    }
}

/// Who asks, as it was found out for this request.
pub(super) fn of(request: &Request) -> Result<Visitor, Failure> {
    match request.data::<Known>() {
        Some(Known::Visitor(visitor)) => Ok(visitor.clone()),
        Some(Known::BadToken) => Err(Failure::BadToken),
        Some(Known::Failed(error)) => Err(Failure::Unexpected(error.clone().into())),
        None => Ok(Visitor::anonymous()),
    }
}

/// Finds out who asks, and keeps what only that person may see out of every memory.
pub(super) async fn visitors<E: Endpoint>(next: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let known = match request.data::<App>().cloned() {
        Some(app) => find(&app, &request).await,
        None => Known::Visitor(Visitor::anonymous()),
    };
    let is_private = !matches!(&known, Known::Visitor(it) if it.is_anonymous() && it.session.is_none());
    let is_asset = url::is_below(url::ASSETS, request.uri().path());
    let is_api = url::is_below("/api", request.uri().path());
    if is_private && !is_asset {
        // Compressed, the length of an answer tells about secrets in it.
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    request.set_data(known);
    let mut answer = match next.call(request).await {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };
    if !is_asset {
        let headers = answer.headers_mut();
        if is_private {
            headers.insert(header::CACHE_CONTROL, CachePolicy::NoStore.header());
        }
        let differs = if is_api { "Authorization, Cookie" } else { "Cookie" };
        headers.append(header::VARY, HeaderValue::from_static(differs));
    }
    Ok(answer)
}

async fn find(app: &App, request: &Request) -> Known {
    let is_api = url::is_below("/api", request.uri().path());
    let now = app.clock.now();
    let address = address(request).map(|it| it.to_string());
    let anonymous = Visitor { address: address.clone(), ..Visitor::anonymous() };
    if is_api && let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let Some(bearer) = value.to_str().ok().and_then(bearer) else { return Known::BadToken };
        return match token::find(&app.store, bearer, now).await {
            Ok(Some(program)) => Known::Visitor(of_program(program, address)),
            Ok(None) => Known::BadToken,
            Err(error) => Known::Failed(error.to_string()),
        };
    }
    if is_api && !is_reading(request.method()) {
        return Known::Visitor(anonymous);
    }
    let Some(cookie) = cookie(request, &cookie_name(&app.config)) else { return Known::Visitor(anonymous) };
    match session::find(&app.store, &cookie, now).await {
        Ok(Some(it)) => Known::Visitor(Visitor {
            actor: it.actor(),
            form_token: it.form_token.clone(),
            session: Some(Arc::new(it)),
            scope: None,
            address,
        }),
        Ok(None) => Known::Visitor(anonymous),
        Err(error) => Known::Failed(error.to_string()),
    }
}

fn of_program(program: Program, address: Option<String>) -> Visitor {
    let actor = Actor::User(program.user);
    Visitor { actor, form_token: String::new(), session: None, scope: Some(program.scope), address }
}

/// Whether a method only reads.
pub(super) fn is_reading(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The address this comes from: the one that knocks, or who a trusted proxy says it passes on.
pub(super) fn address(request: &Request) -> Option<IpAddr> {
    let peer = request.remote_addr().as_socket_addr()?.ip().to_canonical();
    let trusted = request.data::<App>().map_or(&[][..], |it| &it.config.trusted_proxies);
    let lines = request.headers().get_all(FORWARDED).into_iter().map(|it| it.to_str().unwrap_or("?"));
    let told: Vec<&str> = lines.flat_map(|it| it.split(',')).collect();
    Some(passed_on(peer, trusted, &told))
}

/// Where a proxy says for whom it asks. `Forwarded`, which says the same, is not read: a proxy writes one of the two
/// and passes the other on as the visitor made it up.
const FORWARDED: &str = "x-forwarded-for";

/// Each proxy adds whom it heard. Read from the end, the first that is none of ours is the visitor; whatever stands
/// before it, the visitor wrote.
fn passed_on(peer: IpAddr, trusted: &[Range], told: &[&str]) -> IpAddr {
    let mut at = peer;
    for it in told.iter().rev() {
        let is_trusted = trusted.iter().any(|range| range.contains(at));
        match host(it.trim()).filter(|_| is_trusted) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// An address, some proxies add a port.
fn host(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    bare.parse().ok().or_else(with_port).map(|it: IpAddr| it.to_canonical())
}

/// The name of the cookie of a session. Over HTTPS it is one that only this host can set.
pub(super) fn cookie_name(config: &Config) -> String {
    match config.public_url.starts_with("https://") {
        true => "__Host-leerkring".to_owned(),
        false => "leerkring".to_owned(),
    }
}

/// The cookie of a session. It ends with the browser; the session itself ends sooner.
pub(super) fn session_cookie(config: &Config, token: &str) -> String {
    set(config, token, "")
}

/// The cookie that takes the one of a session away.
pub(super) fn ended_cookie(config: &Config) -> String {
    set(config, "", "; Max-Age=0")
}

fn set(config: &Config, value: &str, more: &str) -> String {
    cookie_of(config, &cookie_name(config), value, more)
}

fn cookie_of(config: &Config, name: &str, value: &str, more: &str) -> String {
    let secure = if config.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")
}

/// The name of the cookie of somebody who is at the provider to sign in.
pub(super) fn attempt_name(config: &Config) -> String {
    format!("{}-aanbieder", cookie_name(config))
}

/// The cookie of an attempt to sign in with the provider.
pub(super) fn attempt_cookie(config: &Config, value: &str) -> String {
    let holds = format!("; Max-Age={}", attempt::HOLDS.num_seconds());
    cookie_of(config, &attempt_name(config), value, &holds)
}

/// The cookie that takes the one of an attempt away.
pub(super) fn ended_attempt_cookie(config: &Config) -> String {
    cookie_of(config, &attempt_name(config), "", "; Max-Age=0")
}

/// The value of a cookie of the request.
pub(super) fn cookie(request: &Request, name: &str) -> Option<String> {
    let cookies = request.headers().get_all(header::COOKIE).into_iter().filter_map(|it| it.to_str().ok());
    let mut pairs = cookies.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|it| it.0 == name).map(|it| it.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_believed_as_far_as_they_are_trusted() {
        let trusted = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|it| Range::parse(it).unwrap());
        for (peer, told, expected) in [
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.5, 10.1.2.3", "203.0.113.5"),
            ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
            ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
            ("203.0.113.5", "127.0.0.1", "203.0.113.5"),
            ("127.0.0.1", "203.0.113.5, rommel", "127.0.0.1"),
            ("127.0.0.1", "rommel, 203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
            ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
            ("fd00::1", "[2001:db8::7]", "2001:db8::7"),
            ("127.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
            ("127.0.0.1", "203.0.113.5,", "127.0.0.1"),
        ] {
            let told: Vec<&str> = told.split(',').filter(|_| !told.is_empty()).collect();
            let found = passed_on(peer.parse().unwrap(), &trusted, &told);
            assert_eq!(found.to_string(), expected, "{peer} {told:?}");
            assert_eq!(passed_on(peer.parse().unwrap(), &[], &told).to_string(), peer);
        }
    }

    #[test]
    fn cookies_are_read() {
        let request = |text: &str| Request::builder().header("cookie", text).finish();
        for (text, expected) in [
            ("a=1; leerkring=x; b=2", Some("x")),
            ("leerkring=x", Some("x")),
            ("xleerkring=x", None),
            ("leerkring", None),
            ("", None),
        ] {
            assert_eq!(cookie(&request(text), "leerkring").as_deref(), expected, "{text}");
        }
        assert_eq!(bearer("Bearer x"), Some("x"));
        assert_eq!(bearer("bearer  x "), Some("x"));
        assert_eq!(bearer("Basic x"), None);
    }
}
