//! A row in every table of accounts, mails and changes, with every column filled. The person is fictitious.

use leerkring::domain::account::{Account, AccountRole, AccountStatus, Grant, LinkPurpose, Scope, TokenScope};
use leerkring::domain::actor::Actor;
use leerkring::domain::id::{AccountId, SessionId, TokenId};
use leerkring::domain::mail::NewMail;
use leerkring::store::{Store, account, api_token, audit, identity, link, mail, recovery_code, session, throttle};

use crate::harness::now;

pub async fn write_all(store: &Store) {
    let id = AccountId::generate();
    let account = Account {
        id: id.clone(),
        mail: "voorbeeld@voorbeeld.example".into(),
        name: "Voorbeeld Persoon".into(),
        status: AccountStatus::Active,
        grants: vec![Grant { role: AccountRole::Administrator, scope: Scope::Everywhere }],
        version: 1,
        created_at: now(),
        signed_in_at: Some(now()),
    };
    let some = || Some("voorbeeld".to_owned());
    let secrets = account::Secrets { password: some(), totp: some(), totp_pending: some(), totp_step: Some(1) };
    let write = store.write().await.unwrap();
    account::insert(&write, &account::Entry { account, secrets }, now()).await.unwrap();
    let session = session::Session {
        id: SessionId::generate(),
        account: id.clone(),
        created_at: now(),
        seen_at: now(),
        expires_at: now(),
        second_factor: true,
        agent: "Firefox".into(),
        address: "192.0.2.0".into(),
    };
    session::insert(&write, "a", &session).await.unwrap();
    let token = api_token::ApiToken {
        id: TokenId::generate(),
        account: id.clone(),
        name: "proef".into(),
        scope: TokenScope::Read,
        created_at: now(),
        expires_at: now(),
        used_at: Some(now()),
    };
    api_token::insert(&write, "b", &token).await.unwrap();
    let link = link::Link {
        account: id.clone(),
        purpose: LinkPurpose::Invitation,
        created_at: now(),
        expires_at: now(),
        used_at: Some(now()),
    };
    link::insert(&write, "c", &link).await.unwrap();
    let who = identity::Identity { issuer: "https://voorbeeld.example".into(), subject: "1".into() };
    identity::insert(&write, &who, &id, now()).await.unwrap();
    recovery_code::replace(&write, &id, &["d".into()]).await.unwrap();
    assert!(recovery_code::use_up(&write, &id, "d", now()).await.unwrap());
    let failures = throttle::Failures { count: 1, last_at: now() };
    throttle::save(&write, "e", false, failures).await.unwrap();
    let new = NewMail {
        key: "f".into(),
        account: Some(id.clone()),
        recipient: "voorbeeld@voorbeeld.example".into(),
        reply_to: Some("antwoord@voorbeeld.example".into()),
        subject: "Voorbeeld".into(),
        body: "Voorbeeld.".into(),
    };
    mail::put(&write, &new, now()).await.unwrap();
    // Nobody is told the same twice.
    mail::put(&write, &new, now()).await.unwrap();
    audit::append(&write, &Actor::System, "proef", "account:1", serde_json::json!({}), Some("192.0.2.1"), now())
        .await
        .unwrap();
    write.commit_apart().await.unwrap();

    let mut sent = mail::due(store, now(), 10).await.unwrap();
    assert_eq!(sent.len(), 1);
    sent[0].sent_at = Some(now());
    let write = store.write().await.unwrap();
    mail::save(&write, &sent[0]).await.unwrap();
    write.commit_apart().await.unwrap();
    assert_eq!(mail::latest(store, 10).await.unwrap(), sent);
    assert_eq!(audit::latest(store, None, Some("account:1"), 10).await.unwrap().len(), 1);
    assert_eq!(recovery_code::left(store, &id).await.unwrap(), 0);
}
