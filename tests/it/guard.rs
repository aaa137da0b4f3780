//! What a request that changes something must pass, and how answers to somebody who signed in are kept.

use chrono::TimeDelta;
use leerkring::accounts::{session, token};
use leerkring::domain::account::{AccountRole, Scope, TokenScope};
use poem::http::StatusCode;

use crate::harness::{Html, TestApp, grant, now};

/// An address that takes forms; without the guard's leave none reaches it.
const FORM: &str = "/zoeken";

async fn heading(answer: poem::test::TestResponse) -> (StatusCode, String) {
    let page = Html::read(answer).await;
    (page.status, page.select("h1").join(" "))
}

/// A form without the mark of its session, or from elsewhere, changes nothing.
#[tokio::test]
async fn forged_forms_are_refused() {
    let site = TestApp::empty().await;
    let me = site.as_user(&[]).await;
    let other = site.as_user(&[]).await;
    let refused = (StatusCode::FORBIDDEN, "Dit formulier hoort niet bij u".to_owned());
    // The mark is right: the form goes through to the address, which takes none.
    assert_eq!(me.post(FORM, &[]).await.0.status(), StatusCode::METHOD_NOT_ALLOWED);
    for fields in [&[][..], &[("form_token", "")], &[("form_token", "x")], &[("form_token", other.form_token.as_str())]]
    {
        assert_eq!(heading(me.post_bare(FORM, fields).await).await, refused, "{fields:?}");
    }
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://kwaad.example"),
        ("origin", "null"),
    ] {
        let request = site.client.post(FORM).header("cookie", me.cookie()).header(name, value);
        let body = format!("form_token={}", me.form_token);
        let answer = request.content_type("application/x-www-form-urlencoded").body(body).send().await;
        assert_eq!(heading(answer).await, refused, "{name}: {value}");
        // Also without a session: nobody signs somebody in as somebody else.
        let answer = site.client.post(FORM).header(name, value).send().await;
        assert_eq!(heading(answer).await, refused, "{name}: {value}");
    }
}

#[tokio::test]
async fn bodies_have_limits() {
    let site = TestApp::empty().await;
    let me = site.as_user(&[]).await;
    let long = "a".repeat(65 * 1024);
    let (status, text) = heading(me.post(FORM, &[("tekst", &long)]).await).await;
    assert_eq!((status, text.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "Dat is te veel in één keer"));
    // Where documents are written more fits, but not everything.
    assert_ne!(me.post("/schrijven", &[("tekst", &long)]).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let longer = "a".repeat(2 * 1024 * 1024);
    assert_eq!(me.post("/schrijven", &[("tekst", &longer)]).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
    // Without a told length it is counted while it comes.
    let stream = futures_stream(200);
    let answer = site.client.post(FORM).content_type("application/x-www-form-urlencoded").body(stream).send().await;
    assert_eq!(answer.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let answer = site.client.post(FORM).content_type("text/plain").body("form_token=x").send().await;
    assert_eq!(answer.0.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let pairs = "a=&".repeat(10_001);
    let answer = site.client.post(FORM).content_type("application/x-www-form-urlencoded").body(pairs).send().await;
    assert_eq!(answer.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

/// So many kilobytes without a told length.
fn futures_stream(kilobytes: usize) -> poem::Body {
    let (mut writer, reader) = tokio::io::duplex(1024);
    tokio::spawn(async move {
        for _ in 0..kilobytes {
            if tokio::io::AsyncWriteExt::write_all(&mut writer, &[b'a'; 1024]).await.is_err() {
                return;
            }
        }
    });
    poem::Body::from_async_read(reader)
}

/// A session ends when it is not used, when it is old, and when its account is blocked; a wrong cookie is nobody.
#[tokio::test]
async fn sessions_end() {
    let site = TestApp::empty().await;
    let me = site.as_user(&[]).await;
    let holds = async |at| session::find(site.store(), &me.token, at).await.unwrap().is_some();
    assert!(holds(now() + TimeDelta::minutes(59)).await);
    // That it was used keeps it alive, but not past its end.
    assert!(holds(now() + TimeDelta::minutes(110)).await);
    assert!(!holds(now() + TimeDelta::minutes(171)).await);
    let mut at = now() + TimeDelta::minutes(110);
    while at + TimeDelta::minutes(50) < now() + TimeDelta::hours(12) {
        at += TimeDelta::minutes(50);
        assert!(holds(at).await);
    }
    assert!(!holds(now() + TimeDelta::hours(12)).await);
    for cookie in ["x".repeat(64), "0".repeat(64), String::new(), me.token.to_uppercase(), format!("{}0", me.token)] {
        assert!(session::find(site.store(), &cookie, now()).await.unwrap().is_none(), "{cookie}");
    }
}

/// A token of a program: unknown, over, without scheme, or only for reading.
#[tokio::test]
async fn tokens_are_checked() {
    let site = TestApp::empty().await;
    let account = site.account(&[grant(AccountRole::Reader, Scope::Everywhere)]).await;
    let good = site.api_token(&account, TokenScope::Read).await;
    let get = async |value: &str| site.client.get("/api/v1/documenten").header("authorization", value).send().await.0;
    let answer = get(&format!("Bearer {good}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    for bad in [format!("Bearer {}", &good[3..]), format!("Bearer {good}0"), "Bearer".into(), format!("Basic {good}")] {
        let answer = get(&bad).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{bad}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    assert!(token::find(site.store(), &good, now() + TimeDelta::hours(25)).await.unwrap().is_none());
    // It reads, and does no more.
    let post = site.client.post("/api/v1/documenten").header("authorization", format!("Bearer {good}"));
    assert_eq!(post.send().await.0.status(), StatusCode::FORBIDDEN);
    // On pages a token is nothing.
    let page = site.client.get("/").header("authorization", format!("Bearer {good}")).send().await.0;
    assert_eq!(page.headers()["cache-control"], "no-cache");
}

/// What is for one reader is kept nowhere and not compressed; what is for all is.
#[tokio::test]
async fn private_answers_are_not_kept() {
    let site = TestApp::library().await;
    let me = site.as_user(&[]).await;
    let get = async |path: &str, cookie: Option<String>| {
        let request = site.client.get(path).header("accept-encoding", "gzip");
        let request = cookie.into_iter().fold(request, |it, cookie| it.header("cookie", cookie));
        request.send().await.0
    };
    for path in ["/", "/zoeken?q=verzuim", "/api/v1/documenten", "/bestaat-niet", "/sitemap.xml"] {
        let answer = get(path, Some(me.cookie())).await;
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        assert!(!answer.headers().contains_key("content-encoding"), "{path}");
        let vary = |answer: &poem::Response| {
            answer.headers().get_all("vary").iter().any(|it| it.to_str().unwrap().contains("Cookie"))
        };
        assert!(vary(&answer), "{path}");
        let answer = get(path, None).await;
        assert!(vary(&answer), "{path}");
    }
    let answer = get("/", None).await;
    assert_eq!(
        (&answer.headers()["cache-control"], &answer.headers()["content-encoding"]),
        (&"no-cache".parse().unwrap(), &"gzip".parse().unwrap())
    );
    let style = site.page("/").await.attr("link[rel=stylesheet]", "href").remove(0);
    let answer = get(&style, Some(me.cookie())).await;
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(answer.headers()["content-encoding"], "gzip");
}

/// Signing out ends the session, not only the cookie.
#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = TestApp::empty().await;
    let me = site.as_user(&[]).await;
    let page = me.page("/").await;
    assert_eq!(page.select("details.me summary"), ["Voorbeeld Persoon"]);
    assert_eq!(page.attr(".me input[name=form_token]", "value"), [me.form_token.as_str()]);
    let answer = me.post("/uitloggen", &[]).await.0;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert!(answer.headers()["clear-site-data"].to_str().unwrap().contains("\"cookies\""));
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert_eq!(cookie, "__Host-leerkring=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    assert!(session::find(site.store(), &me.token, now()).await.unwrap().is_none());
    assert!(!me.page("/").await.has("details.me"));
}
