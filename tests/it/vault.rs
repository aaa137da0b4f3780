//! Second factors in the database: sealed with a key beside it, and what happens when that is lost. All people are
//! fictitious.

use leerkring::accounts::second_factor;
use leerkring::accounts::vault::{self, FILE, Vault};
use leerkring::app::App;
use leerkring::domain::id::AccountId;
use leerkring::store::account;
use leerkring::workflow::account::own;
use poem::http::StatusCode;
use poem::test::TestClient;

use crate::harness::{SignedIn, TestApp, form, now};
use crate::program::Program;

/// Sets a second factor up through the pages; its secret and the recovery codes.
async fn set_up(me: &SignedIn<'_>) -> (String, Vec<String>) {
    let key = me.page("/mijn/account/tweede-factor").await.select("li code")[0].replace(' ', "");
    let code = second_factor::code_at(&key, now()).unwrap();
    let answer = me.post("/mijn/account/tweede-factor", &[("code", &code)]).await;
    let codes = crate::harness::Html::read(answer).await.select(".codes code");
    assert_eq!(codes.len(), 10);
    (key, codes)
}

async fn stored(site: &TestApp, id: &AccountId) -> String {
    account::get(site.store(), id).await.unwrap().unwrap().secrets.totp.unwrap()
}

/// What the code of an app, or a recovery code, gives in a new session.
async fn enter(site: &TestApp, app: &App, id: &AccountId, code: &str) -> StatusCode {
    let half = site.signed_in(id, false).await;
    let client = TestClient::new(leerkring::web::build(app.clone()));
    let request = client.post("/inloggen/code").header("cookie", half.cookie());
    let body = form(&[("code", code), ("form_token", &half.form_token)]);
    request.content_type("application/x-www-form-urlencoded").body(body).send().await.0.status()
}

/// Neither what is offered nor what is taken over stands in the database as it is.
#[tokio::test]
async fn secrets_are_sealed() {
    let site = TestApp::empty().await;
    let id = site.account(&[]).await;
    let me = site.signed_in(&id, false).await;
    let (key, _) = set_up(&me).await;
    assert!(vault::is_sealed(&stored(&site, &id).await));
    let later = second_factor::code_at(&key, now() + chrono::TimeDelta::seconds(30)).unwrap();
    assert_eq!(enter(&site, &site.app, &id, &later).await, StatusCode::SEE_OTHER);
    let offered = site.account(&[]).await;
    let me = site.signed_in(&offered, false).await;
    let shown = me.page("/mijn/account/tweede-factor").await.select("li code")[0].replace(' ', "");
    // What is offered stays the same until it is taken over.
    assert_eq!(me.page("/mijn/account/tweede-factor").await.select("li code")[0].replace(' ', ""), shown);
    site.store().close().await.unwrap();
    for (path, bytes) in crate::harness::files(&site.app.config.data) {
        for hidden in [&key, &shown] {
            assert!(!bytes.windows(hidden.len()).any(|it| it == hidden.as_bytes()), "{}", path.display());
        }
    }
}

/// What was stored before there was a key still works, and is sealed at the next start, once.
#[tokio::test]
async fn old_secrets_are_sealed_at_the_start() {
    let site = TestApp::empty().await;
    let id = site.account(&[]).await;
    let key = second_factor::generate().unwrap();
    let mut entry = account::get(site.store(), &id).await.unwrap().unwrap();
    entry.secrets.totp = Some(key.clone());
    entry.secrets.totp_pending = Some(key.clone());
    let write = site.store().write().await.unwrap();
    account::save(&write, &mut entry).await.unwrap();
    write.commit_apart().await.unwrap();
    let code = |seconds| second_factor::code_at(&key, now() + chrono::TimeDelta::seconds(seconds)).unwrap();
    assert_eq!(enter(&site, &site.app, &id, &code(0)).await, StatusCode::SEE_OTHER);
    assert_eq!(own::seal_factors(site.store(), &site.app.vault).await.unwrap(), 1);
    assert_eq!(own::seal_factors(site.store(), &site.app.vault).await.unwrap(), 0);
    let secrets = account::get(site.store(), &id).await.unwrap().unwrap().secrets;
    assert!(vault::is_sealed(&secrets.totp.unwrap()) && vault::is_sealed(&secrets.totp_pending.unwrap()));
    assert_eq!(enter(&site, &site.app, &id, &code(30)).await, StatusCode::SEE_OTHER);
}

/// With another key codes do not fit; recovery codes do, and the check says what to put back.
#[tokio::test]
async fn a_lost_key_leaves_the_recovery_codes() {
    let site = TestApp::empty().await;
    let id = site.account(&[]).await;
    let (key, codes) = set_up(&site.signed_in(&id, false).await).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let app = App { vault: Vault::open(elsewhere.path()).unwrap(), ..site.app.clone() };
    let later = second_factor::code_at(&key, now() + chrono::TimeDelta::seconds(30)).unwrap();
    assert_eq!(enter(&site, &app, &id, &later).await, StatusCode::BAD_REQUEST);
    assert_eq!(enter(&site, &app, &id, &codes[0]).await, StatusCode::SEE_OTHER);
    assert_eq!(own::unopened(site.store(), Some(&site.app.vault)).await.unwrap(), 0);
    assert_eq!(own::unopened(site.store(), Some(&app.vault)).await.unwrap(), 1);
    assert_eq!(own::unopened(site.store(), None).await.unwrap(), 1);
}

/// The program makes the key at its first start, keeps it, and refuses to go on with a damaged one.
#[test]
fn the_program_keeps_its_key() {
    let program = Program::new();
    assert_eq!(program.serve(&[]).stop().0, Some(0));
    let path = program.path("data").join(FILE);
    let first = std::fs::read(&path).unwrap();
    assert_eq!(program.serve(&[]).stop().0, Some(0));
    assert_eq!(std::fs::read(&path).unwrap(), first);
    std::fs::write(&path, "onzin").unwrap();
    let ended = program.try_serve(&[]).err().unwrap();
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("sleutelbestand") && ended.err.contains("zet de reservekopie terug"), "{}", ended.err);
}
