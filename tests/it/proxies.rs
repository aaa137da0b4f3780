//! The address a request comes from, behind a proxy and without one: in the log of changes, and for slowing down.

use leerkring::accounts::throttle::{self, Subject};
use leerkring::app::App;
use leerkring::config::{self, Range};
use leerkring::store::audit;
use poem::http::{self, StatusCode};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Body, Endpoint, Request, RequestParts};

use crate::account::{MAIL, PASSWORD, choose, invited, reader, site};
use crate::harness::{TestApp, form, now};

const PROXY: &str = "10.0.0.1";

/// Signs in from an address, with headers.
async fn enter(site: &TestApp, from: &str, headers: &[(&str, &str)], password: &str) -> StatusCode {
    let trusted_proxies = vec![Range::parse("127.0.0.1").unwrap(), Range::parse("10.0.0.0/8").unwrap()];
    let config = config::Config { trusted_proxies, ..site.app.config.clone() };
    let endpoint = leerkring::web::build(App { config, ..site.app.clone() });
    let peer = std::net::SocketAddr::new(from.parse().unwrap(), 4711);
    let request = http::Request::post("/inloggen").header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    let here = (LocalAddr::default(), RemoteAddr(Addr::SocketAddr(peer)), http::uri::Scheme::HTTP);
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let parts = RequestParts::from((parts, here.0, here.1, here.2));
    let body = Body::from_string(form(&[("mailadres", MAIL), ("wachtwoord", password)]));
    endpoint.get_response(Request::from_parts(parts, body)).await.status()
}

/// The log names the visitor as far as somebody we trust tells who that is.
#[tokio::test]
async fn the_log_names_the_visitor() {
    let site = site().await;
    choose(&site, &invited(&site, reader()).await).await;
    for (from, headers, expected) in [
        ("203.0.113.5", &[][..], "203.0.113.5"),
        (PROXY, &[], PROXY),
        (PROXY, &[("x-forwarded-for", "198.51.100.7")], "198.51.100.7"),
        (PROXY, &[("x-forwarded-for", "1.2.3.4, 198.51.100.7")], "198.51.100.7"),
        (PROXY, &[("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "198.51.100.7, 10.7.7.7")], "198.51.100.7"),
        ("203.0.113.5", &[("x-forwarded-for", "198.51.100.7")], "203.0.113.5"),
        (PROXY, &[("forwarded", "for=198.51.100.7"), ("x-real-ip", "198.51.100.8")], PROXY),
        (PROXY, &[("x-forwarded-for", "\"><script>")], PROXY),
    ] {
        assert_eq!(enter(&site, from, headers, PASSWORD).await, StatusCode::SEE_OTHER);
        let last = audit::latest(site.store(), None, None, 1).await.unwrap().remove(0);
        assert_eq!((last.action.as_str(), last.address.as_deref()), ("ingelogd", Some(expected)), "{from} {headers:?}");
    }
}

/// Who keeps trying is slowed down wherever it says to be; others behind the same proxy are not.
#[tokio::test]
async fn a_made_up_address_is_no_way_out() {
    let site = site().await;
    choose(&site, &invited(&site, reader()).await).await;
    let subjects = Subject::ranges("203.0.113.5".parse().unwrap());
    for _ in 0..50 {
        throttle::failed(site.store(), &subjects, now()).await.unwrap();
    }
    for told in ["203.0.113.5", "203.0.113.77", "198.51.100.7, 203.0.113.5", "127.0.0.1, 203.0.113.5, 10.2.2.2"] {
        let status = enter(&site, PROXY, &[("x-forwarded-for", told)], PASSWORD).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{told}");
    }
    let direct = enter(&site, "203.0.113.5", &[("x-forwarded-for", "198.51.100.7")], PASSWORD).await;
    assert_eq!(direct, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(enter(&site, PROXY, &[("x-forwarded-for", "198.51.100.7")], PASSWORD).await, StatusCode::SEE_OTHER);
}

#[test]
fn wrong_ranges_are_told() {
    let load = |text: &str| {
        let typed = [("trusted_proxies".to_owned(), text.to_owned())].into();
        config::load(None, std::iter::empty(), typed)
    };
    let config = load("127.0.0.1, 10.0.0.0/8 fd00::/8").unwrap();
    let shown = config.shown().into_iter().find(|it| it.0 == "trusted_proxies").unwrap().1;
    assert_eq!(shown, "127.0.0.1/32, 10.0.0.0/8, fd00::/8");
    let error = load("127.0.0.1, proxy.local").unwrap_err().to_string();
    assert!(error.starts_with("instelling trusted_proxies = \"proxy.local\" kan niet: schrijf IP-adressen"), "{error}");
}
