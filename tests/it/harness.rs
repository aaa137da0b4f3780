//! [`TestApp`]: a whole Leerkring of its own for one test, in a temporary folder.
//!
//! It has its own database file, index and fixed clock, and speaks HTTP without a port. Two flavours: empty, and
//! with the content of this repository. Both are made once and copied.
//!
//! Invariant: a test that writes also follows: see [`TestApp::settle`].

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use leerkring::accounts::{session, token};
use leerkring::app::{App, Clock};
use leerkring::config::{self, Config};
use leerkring::domain::account::{Account, AccountRole, AccountStatus, Grant, Scope, TokenScope};
use leerkring::domain::actor::Actor;
use leerkring::domain::id::AccountId;
use leerkring::domain::library::Library;
use leerkring::exchange::extract::Extractor;
use leerkring::exchange::{self, content_dir};
use leerkring::search::follower::Follower;
use leerkring::store::{Store, account, change_log};
use leerkring::workflow;
use leerkring::workflow::library::Plan;
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use scraper::Selector;
use tempfile::TempDir;
use tokio::sync::watch;

/// The time in every test.
pub fn now() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// The content of this repository.
pub fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content")
}

pub struct TestApp {
    pub app: App,
    pub client: TestClient<BoxEndpoint<'static, Response>>,
    /// Removed with everything in it when the test ends.
    _folder: TempDir,
    /// Rings for commits since the index last followed.
    unread: Mutex<watch::Receiver<()>>,
}

impl TestApp {
    /// Tables without rows.
    pub async fn empty() -> TestApp {
        static FILES: OnceLock<Files> = OnceLock::new();
        TestApp::copy_of(FILES.get_or_init(|| made(None))).await
    }

    /// The content of this repository.
    pub async fn library() -> TestApp {
        static FILES: OnceLock<Files> = OnceLock::new();
        TestApp::copy_of(FILES.get_or_init(|| made(Some(content())))).await
    }

    /// Tables without rows and an index that nothing was ever put in.
    pub async fn unindexed() -> TestApp {
        TestApp::copy_of(&Files::new()).await
    }

    async fn copy_of(files: &Files) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let mut app = App::open(config(folder.path()), Clock::Fixed(now())).await.unwrap();
        // The program that runs now is this test.
        app.intake.extractor = Extractor::new(env!("CARGO_BIN_EXE_leerkring").into(), Duration::from_secs(60));
        let client = TestClient::new(leerkring::web::build(app.clone()));
        let unread = Mutex::new(app.store.changed());
        TestApp { app, client, _folder: folder, unread }
    }

    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Asks for an address.
    pub async fn get(&self, path: &str) -> TestResponse {
        self.client.get(path).send().await
    }

    /// Asks for an address and reads the answer as HTML, whatever its status.
    pub async fn page(&self, path: &str) -> Html {
        Html::read(self.get(path).await).await
    }

    /// A client of somebody with these roles, who signed in with a second factor.
    pub async fn as_user(&self, grants: &[Grant]) -> SignedIn<'_> {
        let account = self.account(grants).await;
        self.signed_in(&account, true).await
    }

    /// Makes an account with these roles. Its mail address is its identity at voorbeeld.example; it has no password.
    pub async fn account(&self, grants: &[Grant]) -> AccountId {
        let id = AccountId::generate();
        let account = Account {
            id: id.clone(),
            mail: format!("{}@voorbeeld.example", id.as_str().to_lowercase()),
            name: "Voorbeeld Persoon".into(),
            status: AccountStatus::Active,
            grants: grants.to_vec(),
            version: 1,
            created_at: now(),
            signed_in_at: None,
        };
        let write = self.store().write().await.unwrap();
        let entry = account::Entry { account, secrets: account::Secrets::default() };
        account::insert(&write, &entry, now()).await.unwrap();
        write.commit_apart().await.unwrap();
        id
    }

    /// A new session of an account.
    pub async fn signed_in(&self, account: &AccountId, second_factor: bool) -> SignedIn<'_> {
        let write = self.store().write().await.unwrap();
        let from = session::From { agent: "Firefox".into(), address: "192.0.2.0".into() };
        let (_, token) = session::open(&write, account, second_factor, &from, now()).await.unwrap();
        write.commit_apart().await.unwrap();
        let found = session::find(self.store(), &token, now()).await.unwrap().unwrap();
        SignedIn { site: self, account: account.clone(), form_token: found.form_token, token }
    }

    /// A token for the API of an account.
    pub async fn api_token(&self, account: &AccountId, scope: TokenScope) -> String {
        let write = self.store().write().await.unwrap();
        let (_, token) = token::open(&write, account, "proef", scope, TimeDelta::days(1), now()).await.unwrap();
        write.commit_apart().await.unwrap();
        token
    }

    /// Waits until the index has every change of the store.
    pub async fn settle(&self) {
        *self.unread.lock().unwrap() = self.store().changed();
        let head = Follower::open(&self.app.store, &self.app.search).unwrap().catch_up().await.unwrap();
        assert_eq!(head, change_log::head(self.store()).await.unwrap());
        assert_eq!(self.app.search.cursor(), Some(head));
    }

    /// Takes a content folder in.
    pub async fn import(&self, folder: &Path) -> Result<Plan, exchange::Error> {
        self.import_or_try(folder, false).await
    }

    /// Takes a content folder in, or with `dry_run` only says what that would do.
    pub async fn import_or_try(&self, folder: &Path, dry_run: bool) -> Result<Plan, exchange::Error> {
        let mut content = content_dir::read(folder)?;
        let intake = &self.app.intake;
        content_dir::receive(&mut content, self.store(), intake, &Actor::System, now(), dry_run).await?;
        content_dir::take_in(self.store(), &Actor::System, content, now(), dry_run, &|_, _| ()).await
    }

    /// Takes a library in that has no faults.
    pub async fn take_in(&self, library: &Library) -> Plan {
        take_in(self.store(), library).await
    }
}

/// Takes a library in through any store.
pub async fn take_in(store: &Store, library: &Library) -> Plan {
    workflow::library::take_in(store, &Actor::System, library, now(), false, &|_, _| ()).await.unwrap()
}

impl Drop for TestApp {
    /// A test that leaves changes unread has not seen what a visitor would see.
    fn drop(&mut self) {
        if !thread::panicking() {
            let is_unread = self.unread.lock().unwrap().has_changed().unwrap();
            assert!(!is_unread, "the change log was written but not followed: call settle()");
        }
    }
}

/// Settings with everything inside one folder.
pub fn config(folder: &Path) -> Config {
    let flags = [
        ("data", folder.join("data").display().to_string()),
        ("content", folder.join("content").display().to_string()),
        ("public_url", "https://leerkring.example".to_owned()),
    ];
    let flags = flags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    config::load(None, std::iter::empty(), flags).unwrap()
}

/// Files by their path.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// A data folder, migrated, filled and indexed, then closed.
fn made(content: Option<PathBuf>) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    blocking(async move {
        let app = App::open(config, Clock::Fixed(now())).await.unwrap();
        if let Some(content) = content {
            let content = content_dir::read(&content).unwrap();
            let done = content_dir::take_in(&app.store, &Actor::System, content, now(), false, &|_, _| ()).await;
            done.unwrap_or_else(|error| panic!("content/ has faults: {error:?}"));
        }
        Follower::open(&app.store, &app.search).unwrap().catch_up().await.unwrap();
        app.store.close().await.unwrap();
    });
    files(folder.path())
}

/// Waits for work on a thread of its own: the caller may already be inside a runtime.
fn blocking<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    thread::scope(|scope| scope.spawn(|| runtime().block_on(work)).join().unwrap())
}

/// Every file of a folder with its content, by path relative to it, in order.
pub fn files(folder: &Path) -> Files {
    let mut res = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(below).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => res.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap())),
            }
        }
    }
    res.sort();
    res
}

/// A browser of somebody who signed in.
pub struct SignedIn<'a> {
    site: &'a TestApp,
    pub account: AccountId,
    /// The mark its forms carry.
    pub form_token: String,
    /// What its cookie holds.
    pub token: String,
}

impl SignedIn<'_> {
    /// The cookie as the browser sends it.
    pub fn cookie(&self) -> String {
        format!("__Host-leerkring={}", self.token)
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        self.site.client.get(path).header("cookie", self.cookie()).send().await
    }

    pub async fn page(&self, path: &str) -> Html {
        Html::read(self.get(path).await).await
    }

    /// Sends a form, with the mark of this session.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let mut fields = fields.to_vec();
        fields.push(("form_token", &self.form_token));
        self.post_bare(path, &fields).await
    }

    /// Sends a form as it is.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let body = form(fields);
        let request = self.site.client.post(path).header("cookie", self.cookie());
        request.content_type("application/x-www-form-urlencoded").body(body).send().await
    }
}

/// Fields as the body of a form.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A role somewhere.
pub fn grant(role: AccountRole, scope: Scope) -> Grant {
    Grant { role, scope }
}

/// A page that was answered.
pub struct Html {
    pub status: StatusCode,
    document: scraper::Html,
}

impl Html {
    /// Reads an answer, whatever its status.
    pub async fn read(answer: TestResponse) -> Html {
        let status = answer.0.status();
        let text = answer.0.into_body().into_string().await.unwrap();
        Html { status, document: scraper::Html::parse_document(&text) }
    }

    /// The texts of the elements of a selector, spaces folded.
    pub fn select(&self, css: &str) -> Vec<String> {
        let text = |it: scraper::ElementRef| it.text().collect::<String>();
        let fold = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.document.select(&selector(css)).map(text).map(fold).collect()
    }

    /// The values of an attribute of the elements of a selector that have it.
    pub fn attr(&self, css: &str, name: &str) -> Vec<String> {
        self.document.select(&selector(css)).filter_map(|it| it.attr(name)).map(str::to_owned).collect()
    }

    /// The names of the elements of a selector, in their order.
    pub fn names(&self, css: &str) -> Vec<String> {
        self.document.select(&selector(css)).map(|it| it.value().name().to_owned()).collect()
    }

    pub fn has(&self, css: &str) -> bool {
        self.document.select(&selector(css)).next().is_some()
    }
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}
