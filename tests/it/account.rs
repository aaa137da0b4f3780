//! Accounts through the front door: invited, password, second factor, roles, blocked. All people are fictitious.

use std::sync::Arc;

use chrono::TimeDelta;
use leerkring::accounts::{second_factor, secret};
use leerkring::app::Clock;
use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::{Item, ItemKind};
use leerkring::domain::library::Library;
use leerkring::domain::mail::MailState;
use leerkring::jobs::mail::Post;
use leerkring::store::{account, audit, mail};
use leerkring::workflow::account::{self as accounts, By, Invitation};
use poem::http::StatusCode;
use poem::test::TestResponse;

use crate::harness::{Html, SignedIn, TestApp, form, grant, now};

pub const PASSWORD: &str = "paard batterij nietje wolk";
pub const MAIL: &str = "voorbeeld@voorbeeld.example";

pub fn administrator() -> Grant {
    grant(AccountRole::Administrator, Scope::Everywhere)
}

pub fn reader() -> Grant {
    grant(AccountRole::Reader, Scope::Organisation("voorbeeldhuis".into()))
}

/// One organisation and nothing else.
pub async fn site() -> TestApp {
    let site = TestApp::empty().await;
    let values = serde_json::json!({ "slug": "voorbeeldhuis", "naam": "Voorbeeldhuis", "soort": "zorgaanbieder" });
    let mut library = Library::default();
    library.catalogue.push(Item::from_value(ItemKind::Organisation, values.as_object().unwrap().clone()).unwrap());
    site.take_in(&library).await;
    site.settle().await;
    site
}

/// Invites somebody; the path of the link.
pub async fn invited(site: &TestApp, grant: Grant) -> String {
    let actor = Actor::System;
    let by = By { store: site.store(), actor: &actor, from: None, now: now(), site: "https://leerkring.example" };
    let invitation = Invitation { mail: "Voorbeeld@voorbeeld.example", name: "Voorbeeld Persoon", grant };
    let (_, link) = accounts::invite(by, &invitation).await.unwrap();
    link.strip_prefix("https://leerkring.example").unwrap().to_owned()
}

/// Sends a form without a session.
pub async fn post(site: &TestApp, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let request = site.client.post(path).content_type("application/x-www-form-urlencoded");
    request.body(form(fields)).send().await
}

pub async fn choose(site: &TestApp, path: &str) -> StatusCode {
    post(site, path, &[("wachtwoord", PASSWORD), ("herhaling", PASSWORD)]).await.0.status()
}

pub async fn enter(site: &TestApp, password: &str) -> poem::Response {
    post(site, "/inloggen", &[("mailadres", MAIL), ("wachtwoord", password), ("naar", "/themas")]).await.0
}

pub fn location(answer: &poem::Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

/// The browser that got this answer.
async fn browser<'a>(site: &'a TestApp, answer: &poem::Response) -> SignedIn<'a> {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let token = cookie.strip_prefix("__Host-leerkring=").unwrap().split(';').next().unwrap();
    site.browser(token).await
}

/// From an invitation to a session, and a link that works once.
#[tokio::test]
async fn invited_people_choose_a_password_and_sign_in() {
    let site = site().await;
    let path = invited(&site, grant(AccountRole::Editor, Scope::Everywhere)).await;
    // Looking does not use it up.
    for _ in 0..2 {
        let page = site.page(&path).await;
        assert_eq!((page.status, page.select("h1")), (StatusCode::OK, vec!["Kies een wachtwoord".to_owned()]));
    }
    for (password, again, told) in [
        ("kort", "kort", "Het wachtwoord heeft 4 tekens"),
        ("Voorbeeld Persoon", "Voorbeeld Persoon", "Dit wachtwoord is te raden"),
        (PASSWORD, "iets anders", "Dit is niet hetzelfde als het eerste"),
    ] {
        let page = Html::read(post(&site, &path, &[("wachtwoord", password), ("herhaling", again)]).await).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.select(".faults li a")[0].starts_with(told), "{:?}", page.select(".faults"));
        assert!(page.has("input[aria-invalid=true]") && page.select("title")[0].starts_with("Fout: "));
    }
    assert_eq!(enter(&site, PASSWORD).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(choose(&site, &path).await, StatusCode::SEE_OTHER);
    assert_eq!(choose(&site, &path).await, StatusCode::GONE);
    assert_eq!(site.get(&path).await.0.status(), StatusCode::GONE);

    let answer = enter(&site, PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    // An editor sets the second factor up before anything else.
    assert_eq!(location(&answer), "/mijn/account/tweede-factor");
    let half = browser(&site, &answer).await;
    for elsewhere in ["/", "/themas", "/beheer"] {
        assert_eq!(location(&half.get(elsewhere).await.0), "/mijn/account/tweede-factor", "{elsewhere}");
    }
    let page = half.page("/mijn/account/tweede-factor").await;
    assert!(page.has("svg.qr path") && page.select(".notice")[0].contains("vraagt om een tweede factor"));
    let key = page.select("li code")[0].replace(' ', "");
    let wrong = half.post("/mijn/account/tweede-factor", &[("code", "000000")]).await.0;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let code = second_factor::code_at(&key, now()).unwrap();
    let answer = half.post("/mijn/account/tweede-factor", &[("code", &code)]).await;
    let whole = browser(&site, &answer.0).await;
    let page = Html::read(answer).await;
    let codes = page.select(".codes code");
    assert_eq!(codes.len(), 10);
    // The session was changed for another.
    assert!(!half.page("/").await.has("details.me"));
    assert_eq!(whole.page("/themas").await.status, StatusCode::OK);

    // The next time the code is asked for; until then nobody is signed in.
    let answer = enter(&site, PASSWORD).await;
    assert_eq!(location(&answer), "/inloggen/code?naar=%2Fthemas");
    let asked = browser(&site, &answer).await;
    assert!(!asked.page("/").await.has("details.me"));
    assert_eq!(asked.get("/mijn/account").await.0.status(), StatusCode::SEE_OTHER);
    // The code was used to set it up: it is good once.
    let again = asked.post("/inloggen/code", &[("code", &code), ("naar", "/themas")]).await.0;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    let recovered = asked.post("/inloggen/code", &[("code", &codes[3].to_uppercase()), ("naar", "/themas")]).await.0;
    assert_eq!((recovered.status(), location(&recovered)), (StatusCode::SEE_OTHER, "/themas"));
    let recovered = browser(&site, &recovered).await;
    assert!(recovered.page("/").await.has("details.me"));
    // So is a recovery code.
    let asked = browser(&site, &enter(&site, PASSWORD).await).await;
    let again = asked.post("/inloggen/code", &[("code", &codes[3])]).await.0;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
}

/// Wrong passwords are slowed down, known and unknown addresses alike; a session and a new password go through.
#[tokio::test]
async fn trying_passwords_is_slowed_and_locks_nobody_out() {
    let site = site().await;
    let path = invited(&site, grant(AccountRole::Editor, Scope::Everywhere)).await;
    choose(&site, &path).await;
    let mine = browser(&site, &enter(&site, PASSWORD).await).await;
    let text = async |mail: &str| {
        let page = Html::read(post(&site, "/inloggen", &[("mailadres", mail), ("wachtwoord", "x")]).await).await;
        (page.status, page.select(".faults li").join(" "))
    };
    for mail in [MAIL, "niemand@voorbeeld.example"] {
        for _ in 0..5 {
            let (status, said) = text(mail).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
            assert!(said.starts_with("Mailadres en wachtwoord horen niet bij elkaar."), "{said}");
        }
        let (status, said) = text(mail).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        assert!(said.contains("Wacht 15 seconden"), "{said}");
    }
    assert_eq!(enter(&site, PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(mine.page("/mijn/account/tweede-factor").await.status, StatusCode::OK);
    let later = site.at(Clock::Fixed(now() + TimeDelta::seconds(15)));
    let fields = form(&[("mailadres", MAIL), ("wachtwoord", PASSWORD)]);
    let request = later.post("/inloggen").content_type("application/x-www-form-urlencoded");
    assert_eq!(request.body(fields).send().await.0.status(), StatusCode::SEE_OTHER);
}

/// The link for a new password goes by mail only, ends all sessions, and says nothing about who has an account.
#[tokio::test]
async fn forgotten_passwords() {
    let site = site().await;
    choose(&site, &invited(&site, reader()).await).await;
    deliver(&site).await;
    let mine = browser(&site, &enter(&site, PASSWORD).await).await;
    let mut bodies = Vec::new();
    // A second link within minutes of the invitation is not sent.
    let soon = now() + TimeDelta::minutes(3);
    for mail in ["niemand@voorbeeld.example", "geen adres", MAIL] {
        let later = site.at(Clock::Fixed(soon));
        let request = later.post("/wachtwoord-vergeten");
        let request = request.content_type("application/x-www-form-urlencoded").body(form(&[("mailadres", mail)]));
        let answer = request.send().await.0;
        assert_eq!(answer.status(), StatusCode::OK);
        bodies.push(answer.into_body().into_string().await.unwrap());
    }
    assert!(bodies[0] == bodies[1] && bodies[1] == bodies[2]);
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting = mail::due(site.store(), soon, 10).await.unwrap();
        if !waiting.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].recipient, MAIL);
    let path = waiting[0].body.lines().find_map(|it| it.strip_prefix("https://leerkring.example")).unwrap().to_owned();
    let late = site.at(Clock::Fixed(soon + TimeDelta::minutes(60)));
    assert_eq!(late.get(&path).send().await.0.status(), StatusCode::GONE);
    let other = "negen rode fietsen slapen";
    let done = post(&site, &path, &[("wachtwoord", other), ("herhaling", other)]).await.0;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    assert!(!mine.page("/").await.has("details.me"), "sessions end with a new password");
    assert_eq!(enter(&site, PASSWORD).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(enter(&site, other).await.status(), StatusCode::SEE_OTHER);
    for path in
        ["/wachtwoord/x", &format!("/wachtwoord/{}", "0".repeat(64)), &format!("/uitnodiging/{}", "0".repeat(64))]
    {
        assert_eq!(site.get(path).await.0.status(), StatusCode::GONE, "{path}");
    }
}

/// Sends what waits to files, and says how many.
async fn deliver(site: &TestApp) -> usize {
    let post = Post::open(&site.app.config).unwrap();
    post.deliver(site.store(), now()).await.unwrap()
}

/// One's own account: name, password, sessions and tokens; those of others are not there.
#[tokio::test]
async fn ones_own_account() {
    let site = site().await;
    choose(&site, &invited(&site, reader()).await).await;
    let me = browser(&site, &enter(&site, PASSWORD).await).await;
    let elsewhere = browser(&site, &enter(&site, PASSWORD).await).await;
    let other = site.as_user(&[]).await;
    let change = async |fields: &[(&str, &str)]| me.post("/mijn/account", fields).await.0;
    assert_eq!(change(&[("wat", "naam"), ("naam", "Andere Naam")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(me.page("/").await.select("details.me summary"), ["Andere Naam"]);
    assert_eq!(change(&[("wat", "naam"), ("naam", "<script>")]).await.status(), StatusCode::BAD_REQUEST);

    let page = Html::read(
        me.post("/mijn/account", &[("wat", "token"), ("tokennaam", "proef"), ("bereik", "lezen"), ("dagen", "30")])
            .await,
    )
    .await;
    let token = page.select(".notice code").remove(0);
    let ask = async || {
        site.client.get("/api/v1/documenten").header("authorization", format!("Bearer {token}")).send().await.0.status()
    };
    assert_eq!(ask().await, StatusCode::OK);
    let page = me.page("/mijn/account").await;
    assert!(!page.select("main").join(" ").contains(&token), "shown once");
    let id = page.attr("input[name=token]", "value").remove(0);
    let foreign = other.post("/mijn/account", &[("wat", "token-intrekken"), ("token", &id)]).await.0;
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    assert_eq!(ask().await, StatusCode::OK);
    assert_eq!(change(&[("wat", "token-intrekken"), ("token", &id)]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        change(&[("wat", "token"), ("tokennaam", ""), ("dagen", "9999")]).await.status(),
        StatusCode::BAD_REQUEST
    );

    let ids = page.attr("input[name=sessie]", "value");
    assert_eq!(ids.len(), 2);
    for id in &ids {
        let foreign = other.post("/mijn/account", &[("wat", "sessie"), ("sessie", id)]).await.0;
        assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    }
    assert!(elsewhere.page("/").await.has("details.me"));
    assert_eq!(change(&[("wat", "sessies")]).await.status(), StatusCode::SEE_OTHER);
    assert!(!elsewhere.page("/").await.has("details.me"));

    let new = "negen rode fietsen slapen";
    let wrong = [("wat", "wachtwoord"), ("huidig", "x"), ("nieuw", new), ("herhaling", new)];
    assert_eq!(change(&wrong).await.status(), StatusCode::BAD_REQUEST);
    let right = [("wat", "wachtwoord"), ("huidig", PASSWORD), ("nieuw", new), ("herhaling", new)];
    assert_eq!(change(&right).await.status(), StatusCode::SEE_OTHER);
    assert!(me.page("/").await.has("details.me"));
    assert_eq!(enter(&site, new).await.status(), StatusCode::SEE_OTHER);
    for path in ["/mijn/account", "/beheer", "/beheer/gebruikers"] {
        let sent_on = site.get(path).await.0;
        assert_eq!(location(&sent_on), format!("/inloggen?naar={}", path.replace('/', "%2F")));
    }
    assert_eq!(me.get("/beheer/gebruikers").await.0.status(), StatusCode::FORBIDDEN);
}

/// An administrator invites, gives, takes and blocks; each change stands in the log.
#[tokio::test]
async fn administrators_manage_accounts() {
    let site = site().await;
    let admin = site.as_user(&[administrator()]).await;
    let invite = [("naam", "Voorbeeld Persoon"), ("mailadres", MAIL), ("rol", "redacteur overal")];
    assert_eq!(admin.post("/beheer/gebruikers", &invite).await.0.status(), StatusCode::SEE_OTHER);
    let twice = Html::read(admin.post("/beheer/gebruikers", &invite).await).await;
    assert!(twice.select(".faults li")[0].starts_with("Er is al een account met dit mailadres"));
    assert_eq!(twice.attr("input#naam", "value"), ["Voorbeeld Persoon"], "what was typed stays");
    let found = account::by_mail(site.store(), MAIL).await.unwrap().unwrap();
    let path = format!("/beheer/gebruikers/{}", found.account.id);
    assert_eq!(admin.page(&path).await.select("h1"), ["Voorbeeld Persoon"]);
    for (fields, expected) in [
        (&[("wat", "geven"), ("rol", "beheerder overal")][..], StatusCode::SEE_OTHER),
        (&[("wat", "nemen"), ("rol", "redacteur overal")], StatusCode::SEE_OTHER),
        (&[("wat", "geven"), ("rol", "lezer overal")], StatusCode::BAD_REQUEST),
        (&[("wat", "geven"), ("rol", "lezer organisatie bestaat-niet")], StatusCode::BAD_REQUEST),
        (&[("wat", "geven"), ("rol", "koning overal")], StatusCode::BAD_REQUEST),
        (&[("wat", "uitnodigen")], StatusCode::SEE_OTHER),
        (&[("wat", "blokkeren")], StatusCode::SEE_OTHER),
    ] {
        assert_eq!(admin.post(&path, fields).await.0.status(), expected, "{fields:?}");
    }
    let own = format!("/beheer/gebruikers/{}", admin.account);
    let last = Html::read(admin.post(&own, &[("wat", "blokkeren")]).await).await;
    assert!(last.select(".faults li")[0].starts_with("Dit is de enige beheerder"), "{:?}", last.select(".faults li"));
    let log: Vec<String> =
        audit::latest(site.store(), None, None, 20).await.unwrap().into_iter().map(|it| it.action).collect();
    assert_eq!(log, ["geblokkeerd", "opnieuw uitgenodigd", "rol afgenomen", "rol gegeven", "uitgenodigd"]);
    let page = admin.page("/beheer/logboek").await;
    assert_eq!(page.select("tbody tr").len(), 5);
    assert!(page.select("tbody tr:first-of-type td")[0].contains("Voorbeeld Persoon"));
    assert_eq!(admin.page("/beheer").await.status, StatusCode::OK);
    assert_eq!(admin.page("/beheer/berichten").await.select("tbody tr").len(), 2);
}

/// Who is blocked is out at once, everywhere.
#[tokio::test]
async fn the_blocked_are_out_at_once() {
    let site = site().await;
    let admin = site.as_user(&[administrator()]).await;
    let them = site.as_user(&[]).await;
    let token = site.api_token(&them.account, leerkring::domain::account::TokenScope::Read).await;
    let path = format!("/beheer/gebruikers/{}", them.account);
    assert_eq!(admin.post(&path, &[("wat", "blokkeren")]).await.0.status(), StatusCode::SEE_OTHER);
    assert!(!them.page("/").await.has("details.me"));
    let ask = site.client.get("/api/v1/documenten").header("authorization", format!("Bearer {token}")).send().await.0;
    assert_eq!(ask.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(admin.post(&path, &[("wat", "deblokkeren")]).await.0.status(), StatusCode::SEE_OTHER);
}

/// Without a server mails become files, each once; what was sent keeps no link.
#[tokio::test]
async fn mails_become_files_once() {
    let site = site().await;
    let path = invited(&site, reader()).await;
    assert_eq!(deliver(&site).await, 1);
    assert_eq!(deliver(&site).await, 0);
    let files: Vec<_> = std::fs::read_dir(site.app.config.mail_folder()).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    assert!(text.starts_with("Aan: voorbeeld@voorbeeld.example\n") && text.contains(&path), "{text}");
    let sent = mail::latest(site.store(), 1).await.unwrap();
    assert_eq!((sent[0].state, sent[0].body.as_str()), (MailState::Sent, ""));
}

/// A mail server that is down: the mail waits longer each time, goes once it is up, and goes once.
#[tokio::test]
async fn mails_wait_for_a_server_that_is_down() {
    let site = site().await;
    invited(&site, reader()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut config = site.app.config.clone();
    config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
    let post = Post::open(&config).unwrap();
    assert_eq!(post.deliver(site.store(), now()).await.unwrap(), 0);
    let waits = mail::latest(site.store(), 1).await.unwrap().remove(0);
    assert_eq!((waits.state, waits.tries, waits.next_at), (MailState::Waiting, 1, now() + TimeDelta::seconds(30)));
    assert!(!waits.error.is_empty() && !waits.body.is_empty());
    assert_eq!(post.deliver(site.store(), now()).await.unwrap(), 0);
    assert_eq!(mail::latest(site.store(), 1).await.unwrap()[0].tries, 1, "it was tried before its time");

    let received = smtp_server(port).await;
    let later = now() + TimeDelta::seconds(30);
    assert_eq!(post.deliver(site.store(), later).await.unwrap(), 1);
    assert_eq!(post.deliver(site.store(), later + TimeDelta::days(1)).await.unwrap(), 0);
    let received = received.lock().await;
    assert_eq!(received.len(), 1);
    assert!(received[0].contains("To: voorbeeld@voorbeeld.example"), "{}", received[0]);
    assert!(received[0].contains(&format!("Message-ID: <{}@localhost>", waits.id)), "{}", received[0]);
}

type Received = Arc<tokio::sync::Mutex<Vec<String>>>;

/// As much of a mail server as receiving takes.
async fn smtp_server(port: u16) -> Received {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let received = Received::default();
    let kept = received.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 proef\r\n").await.unwrap();
            let mut text = None::<String>;
            let mut line = String::new();
            while let Ok(1..) = stream.read_line(&mut line).await {
                match &mut text {
                    Some(it) if line == ".\r\n" => {
                        kept.lock().await.push(std::mem::take(it));
                        text = None;
                        stream.write_all(b"250 ok\r\n").await.unwrap();
                    }
                    Some(it) => it.push_str(&line),
                    None if line.starts_with("DATA") => {
                        text = Some(String::new());
                        stream.write_all(b"354 kom maar\r\n").await.unwrap();
                    }
                    None => stream.write_all(b"250 ok\r\n").await.unwrap(),
                }
                line.clear();
            }
        }
    });
    received
}

/// Nothing of an account is in the log of requests or in a page of another: links are cut off, secrets are hashes.
#[tokio::test]
async fn what_opens_a_door_is_not_stored() {
    let site = site().await;
    let path = invited(&site, reader()).await;
    choose(&site, &path).await;
    let answer = enter(&site, PASSWORD).await;
    let me = browser(&site, &answer).await;
    deliver(&site).await;
    site.store().close().await.unwrap();
    let mut seen = Vec::new();
    for (_, bytes) in crate::harness::files(&site.app.config.data).iter().filter(|it| !it.0.starts_with("mail")) {
        seen.extend_from_slice(bytes);
    }
    let has = |text: &str| seen.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(has(MAIL) && has(&secret::hash(&me.token)));
    for hidden in [me.token.as_str(), PASSWORD] {
        assert!(!has(hidden), "{hidden}");
    }
}
