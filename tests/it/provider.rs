//! Signing in with a provider of OpenID Connect: a real one, run beside the test. All people are fictitious.

use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;
use leerkring::accounts::oidc::attempt::HOLDS;
use leerkring::app::{self, App, Clock};
use leerkring::config::{self, Config};
use leerkring::domain::account::{AccountRole, AccountStatus, Scope};
use leerkring::store::{account, audit, identity, mail};
use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::account::{MAIL, PASSWORD, choose, invited, location, reader, site};
use crate::harness::{Html, TestApp, form, grant, now};
use crate::tools::{self, Browser, Tool, Trust};

const BACK: &str = "https://leerkring.example/inloggen/aanbieder/terug";
const SECRET: &str = "een geheim van de aanbieder";
const SESSION: &str = "__Host-leerkring=";
const ATTEMPT: &str = "__Host-leerkring-aanbieder=";

/// A provider that knows us.
fn provider() -> Tool {
    let folder = tools::installed().join("provider");
    Tool::start(Command::new("node").args(["provider.js", BACK, SECRET]).current_dir(folder))
}

fn settings(site: &TestApp, issuer: &str, secret: &str, second_factor: &str) -> Config {
    let typed = [
        ("oidc_issuer", issuer),
        ("oidc_client_id", "leerkring"),
        ("oidc_client_secret", secret),
        ("oidc_label", "Voorbeeldzorg"),
        ("oidc_second_factor", second_factor),
    ];
    let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let config = config::load(None, std::iter::empty(), typed).unwrap();
    Config { provider: config.provider, ..site.app.config.clone() }
}

/// A browser at a site with a provider.
struct Visit<'a> {
    site: &'a TestApp,
    client: TestClient<BoxEndpoint<'static, Response>>,
    /// Name and value.
    cookies: Vec<(String, String)>,
    elsewhere: Browser,
}

impl<'a> Visit<'a> {
    fn new(site: &'a TestApp, issuer: &str) -> Visit<'a> {
        Visit::with(site, settings(site, issuer, SECRET, ""), Clock::Fixed(now()))
    }

    fn with(site: &'a TestApp, config: Config, clock: Clock) -> Visit<'a> {
        let provider = app::provider(&config).unwrap().map(|it| it.patient(Duration::from_secs(20)));
        let app = App { config, clock, provider, ..site.app.clone() };
        let client = TestClient::new(leerkring::web::build(app));
        Visit { site, client, cookies: vec![], elsewhere: Browser::default() }
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}{value}; ")).collect()
    }

    fn keep(&mut self, answer: &TestResponse) {
        for it in answer.0.headers().get_all("set-cookie") {
            let text = it.to_str().unwrap();
            assert!(text.contains("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{text}");
            let (name, rest) = text.split_once('=').unwrap();
            let (name, value) = (format!("{name}="), rest.split(';').next().unwrap().to_owned());
            self.cookies.retain(|it| it.0 != name);
            if !value.is_empty() {
                self.cookies.push((name, value));
            }
        }
    }

    async fn get(&mut self, path: &str) -> TestResponse {
        let answer = self.client.get(path).header("cookie", self.cookie()).send().await;
        self.keep(&answer);
        answer
    }

    async fn page(&mut self, path: &str) -> Html {
        Html::read(self.get(path).await).await
    }

    /// Sends a form with the mark of the session, if there is one.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let mark = match self.session() {
            Some(token) => self.site.browser(&token).await.form_token,
            None => String::new(),
        };
        let mut fields = fields.to_vec();
        fields.push(("form_token", &mark));
        let request = self.client.post(path).header("cookie", self.cookie());
        let answer = request.content_type("application/x-www-form-urlencoded").body(form(&fields)).send().await;
        self.keep(&answer);
        answer
    }

    fn session(&self) -> Option<String> {
        self.cookies.iter().find(|it| it.0 == SESSION).map(|it| it.1.clone())
    }

    /// Signs in at the provider as somebody; where that leads back to.
    fn at_provider(&mut self, address: &str, who: &str) -> String {
        let address = format!("{address}&login_hint={who}");
        let back = self.elsewhere.follow(&address, BACK);
        back.strip_prefix("https://leerkring.example").unwrap().to_owned()
    }

    /// From the button to the answer after the provider.
    async fn sign_in(&mut self, who: &str) -> TestResponse {
        let leaving = self.get("/inloggen/aanbieder?naar=%2Fthemas").await;
        assert_eq!(leaving.0.status(), StatusCode::SEE_OTHER);
        let back = self.at_provider(location(&leaving.0), who);
        self.get(&back).await
    }

    /// Takes an invitation up with the provider.
    async fn accept(&mut self, path: &str, who: &str) -> TestResponse {
        let page = Html::read(self.post(path, &[("wat", "aanbieder")]).await).await;
        assert_eq!(page.select("main a.button"), ["Ga naar Voorbeeldzorg"]);
        let back = self.at_provider(&page.attr("main a.button", "href")[0], who);
        self.get(&back).await
    }
}

/// The status and heading of an answer that signs nobody in.
async fn refusal(visit: &mut Visit<'_>, answer: TestResponse) -> (u16, String) {
    assert!(visit.session().is_none(), "somebody is signed in");
    assert!(!visit.cookies.iter().any(|it| it.0 == ATTEMPT), "the attempt is not over");
    let page = Html::read(answer).await;
    (page.status.as_u16(), page.select("h1").join(" "))
}

fn told(status: u16, heading: &str) -> (u16, String) {
    (status, heading.to_owned())
}

fn expired() -> (u16, String) {
    told(400, "Het inloggen is verlopen")
}

/// An invitation is taken up with the provider, and from then on the button signs in, each time in a new session.
#[tokio::test]
async fn an_invitation_links_and_the_button_signs_in() {
    let (site, provider) = (site().await, provider());
    let path = invited(&site, reader()).await;
    let mut visit = Visit::new(&site, &provider.address);
    assert!(visit.page(&path).await.select("main").join(" ").contains("account bij Voorbeeldzorg"));
    let answer = visit.accept(&path, "1").await;
    assert_eq!((answer.0.status(), location(&answer.0)), (StatusCode::SEE_OTHER, "/"));
    assert!(visit.page("/").await.has("details.me"));
    assert_eq!(visit.get(&path).await.0.status(), StatusCode::GONE);
    let entry = account::by_mail(site.store(), MAIL).await.unwrap().unwrap();
    assert_eq!((entry.account.status, entry.secrets.password), (AccountStatus::Active, None));
    let linked = identity::list(site.store(), &entry.account.id).await.unwrap();
    assert_eq!((linked[0].issuer.as_str(), linked[0].subject.as_str()), (provider.address.as_str(), "1"));

    let first = visit.session().unwrap();
    let mut later = Visit::new(&site, &provider.address);
    let page = later.page("/inloggen?naar=/themas").await;
    let button = page.attr("main a.button", "href").remove(0);
    assert_eq!(button, "/inloggen/aanbieder?naar=%2Fthemas");
    assert_eq!(page.select("main a.button"), ["Inloggen met Voorbeeldzorg"]);
    let answer = later.sign_in("1").await;
    assert_eq!((answer.0.status(), location(&answer.0)), (StatusCode::SEE_OTHER, "/themas"));
    assert_ne!(later.session().unwrap(), first);
    // Who is signed in is not sent away again.
    assert_eq!(location(&later.get(&button).await.0), "/themas");
    let log = audit::latest(site.store(), None, None, 20).await.unwrap();
    let log: Vec<&str> = log.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(log[..4], ["ingelogd", "ingelogd", "uitnodiging aangenomen", "uitgenodigd"]);
    assert!(!visit.cookies.iter().any(|it| it.0 == ATTEMPT));
}

/// The provider says the same mail address, checked: that opens no account, invited or in use.
#[tokio::test]
async fn an_address_opens_no_account() {
    let (site, provider) = (site().await, provider());
    let path = invited(&site, reader()).await;
    for _ in 0..2 {
        let mut visit = Visit::new(&site, &provider.address);
        let answer = visit.sign_in("1").await;
        assert_eq!(refusal(&mut visit, answer).await, told(403, "Dit account is niet gekoppeld"));
        choose(&site, &path).await;
    }
    let entry = account::by_mail(site.store(), MAIL).await.unwrap().unwrap();
    assert_eq!(identity::list(site.store(), &entry.account.id).await.unwrap(), []);
    // With the link of a new password nothing is linked either.
    let mut visit = Visit::new(&site, &provider.address);
    assert_eq!(visit.post(&path, &[("wat", "aanbieder")]).await.0.status(), StatusCode::GONE);
}

/// In a session: with the password, by the session that began, and nobody's who belongs to another.
#[tokio::test]
async fn an_account_links_itself() {
    let (site, provider) = (site().await, provider());
    choose(&site, &invited(&site, reader()).await).await;
    let mut visit = Visit::new(&site, &provider.address);
    visit.post("/inloggen", &[("mailadres", MAIL), ("wachtwoord", PASSWORD)]).await;
    let wrong = visit.post("/mijn/account", &[("wat", "koppelen"), ("koppelwachtwoord", "x")]).await;
    assert_eq!(wrong.0.status(), StatusCode::BAD_REQUEST);
    let begin = [("wat", "koppelen"), ("koppelwachtwoord", PASSWORD)];
    let page = Html::read(visit.post("/mijn/account", &begin).await).await;
    let address = page.attr("main a.button", "href").remove(0);
    let back = visit.at_provider(&address, "1");

    // Another session that comes back with it links nothing.
    let other = site.account(&[reader()]).await;
    let stolen = site.signed_in(&other, true).await;
    let mine = visit.cookies.clone();
    visit.cookies.retain(|it| it.0 == ATTEMPT);
    visit.cookies.push((SESSION.into(), stolen.token.clone()));
    assert_eq!(visit.page(&back).await.select("h1"), ["Deze koppeling kan niet meer"]);
    assert_eq!(identity::list(site.store(), &other).await.unwrap(), []);

    visit.cookies = mine;
    let page = Html::read(visit.post("/mijn/account", &begin).await).await;
    let back = visit.at_provider(&page.attr("main a.button", "href")[0], "1");
    assert_eq!(location(&visit.get(&back).await.0), "/mijn/account?melding=gekoppeld");
    assert!(visit.page("/mijn/account").await.select("button").contains(&"Maak de koppeling los".to_owned()));
    let twice = visit.post("/mijn/account", &begin).await;
    assert_eq!(twice.0.status(), StatusCode::BAD_REQUEST);
    let mut later = Visit::new(&site, &provider.address);
    assert_eq!(location(&later.sign_in("1").await.0), "/themas");

    // Somebody else cannot take the same person of the provider.
    let path = invited_as(&site, "ander@voorbeeld.example").await;
    let mut other = Visit::new(&site, &provider.address);
    let answer = other.accept(&path, "1").await;
    assert_eq!(refusal(&mut other, answer).await, told(409, "Dit account is al gekoppeld"));
    // Its invitation still holds.
    assert_eq!(other.get(&path).await.0.status(), StatusCode::OK);

    let loose = visit.post("/mijn/account", &[("wat", "loskoppelen"), ("koppelwachtwoord", PASSWORD)]).await;
    assert_eq!(location(&loose.0), "/mijn/account?melding=losgemaakt");
    assert!(!later.page("/").await.has("details.me"), "sessions of the provider end");
    let answer = later.sign_in("1").await;
    assert_eq!(answer.0.status(), StatusCode::FORBIDDEN);
    let mails = mail::latest(site.store(), 10).await.unwrap();
    assert_eq!(mails.iter().filter(|it| it.body.contains("account van een aanbieder")).count(), 2);
}

async fn invited_as(site: &TestApp, mail: &str) -> String {
    use leerkring::domain::actor::Actor;
    use leerkring::workflow::account::{By, Invitation, invite};
    let by = By { store: site.store(), actor: &Actor::System, from: None, now: now(), site: "" };
    let invitation = Invitation { mail, name: "Ander Persoon", grant: reader() };
    invite(by, &invitation).await.unwrap().1
}

/// Blocked is blocked, however one signs in; opened again, the link still holds.
#[tokio::test]
async fn the_blocked_do_not_come_in_by_a_provider() {
    use leerkring::domain::actor::Actor;
    use leerkring::workflow::account::{By, block, unblock};
    let (site, provider) = (site().await, provider());
    let path = invited(&site, reader()).await;
    let mut visit = Visit::new(&site, &provider.address);
    visit.accept(&path, "1").await;
    let admin = site.as_user(&[crate::account::administrator()]).await;
    let id = account::by_mail(site.store(), MAIL).await.unwrap().unwrap().account.id;
    let by = By { store: site.store(), actor: &Actor::System, from: None, now: now(), site: "" };
    block(by, &id).await.unwrap();
    assert!(!visit.page("/").await.has("details.me"));
    let mut later = Visit::new(&site, &provider.address);
    let answer = later.sign_in("1").await;
    assert_eq!(refusal(&mut later, answer).await, told(403, "Dit account is niet gekoppeld"));
    unblock(by, &id).await.unwrap();
    assert_eq!(location(&later.sign_in("1").await.0), "/themas");
    drop(admin);
}

/// Our own code is asked for, unless the setting says what of the provider counts as a second factor.
#[tokio::test]
async fn the_second_factor_stays_ours_unless_it_is_set() {
    let (site, provider) = (site().await, provider());
    let path = invited(&site, grant(AccountRole::Editor, Scope::Everywhere)).await;
    let visit =
        |setting: &str| Visit::with(&site, settings(&site, &provider.address, SECRET, setting), Clock::Fixed(now()));
    let answer = visit("").accept(&path, "mfa:1").await;
    assert_eq!(location(&answer.0), "/mijn/account/tweede-factor");
    for (setting, who, to) in [
        ("", "mfa:1", "/mijn/account/tweede-factor"),
        ("mfa", "1", "/mijn/account/tweede-factor"),
        ("mfa", "otp:1", "/mijn/account/tweede-factor"),
        ("mfa", "mfa:1", "/themas"),
    ] {
        let mut visit = visit(setting);
        assert_eq!(location(&visit.sign_in(who).await.0), to, "{setting} {who}");
        assert_eq!(visit.get("/beoordelen").await.0.status().is_success(), to == "/themas", "{setting} {who}");
    }
    // An account with a code of its own is asked for it.
    let mut entry = account::by_mail(site.store(), MAIL).await.unwrap().unwrap();
    entry.secrets.totp = Some(leerkring::accounts::second_factor::generate().unwrap());
    let write = site.store().write().await.unwrap();
    account::save(&write, &mut entry).await.unwrap();
    write.commit_apart().await.unwrap();
    let mut asked = visit("");
    assert_eq!(location(&asked.sign_in("mfa:1").await.0), "/inloggen/code?naar=%2Fthemas");
    assert!(!asked.page("/").await.has("details.me"));
    assert_eq!(location(&visit("mfa").sign_in("mfa:1").await.0), "/themas");
}

/// Each way to come back that proves nothing gets a plain page, and nobody is signed in.
#[tokio::test]
async fn what_does_not_fit_signs_nobody_in() {
    let (site, provider) = (site().await, provider());
    let path = invited(&site, reader()).await;
    Visit::new(&site, &provider.address).accept(&path, "1").await;
    let changed = |address: &str, name: &str, value: &str| {
        let mut url = url::Url::parse(address).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let with = pairs.iter().map(|(n, v)| (n.as_str(), if n == name { value } else { v.as_str() }));
        url.query_pairs_mut().clear().extend_pairs(with);
        url.to_string()
    };

    // Replayed: by the browser that has come back already, and by one that kept the cookie.
    let mut visit = Visit::new(&site, &provider.address);
    let leaving = visit.get("/inloggen/aanbieder").await;
    let kept = visit.cookies.clone();
    let back = visit.at_provider(location(&leaving.0), "1");
    assert_eq!(location(&visit.get(&back).await.0), "/");
    for cookies in [vec![], kept] {
        visit.cookies = cookies;
        let answer = visit.get(&back).await;
        assert_eq!(refusal(&mut visit, answer).await, expired());
    }

    for (name, value, expected) in [
        ("nonce", "anders", told(502, "We konden niet nagaan wie u bent")),
        ("state", "anders", expired()),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", expired()),
    ] {
        let leaving = visit.get("/inloggen/aanbieder").await;
        let back = visit.at_provider(&changed(location(&leaving.0), name, value), "1");
        let answer = visit.get(&back).await;
        assert_eq!(refusal(&mut visit, answer).await, expected, "{name}");
    }

    // In another browser, with the cookie of another attempt, and without anything.
    let leaving = visit.get("/inloggen/aanbieder").await;
    let back = visit.at_provider(location(&leaving.0), "1");
    let mut other = Visit::new(&site, &provider.address);
    let answer = other.get(&back).await;
    assert_eq!(refusal(&mut other, answer).await, expired());
    other.get("/inloggen/aanbieder").await;
    let answer = other.get(&back).await;
    assert_eq!(refusal(&mut other, answer).await, expired());
    for path in ["/inloggen/aanbieder/terug", "/inloggen/aanbieder/terug?code=a&state=b"] {
        let answer = other.get(path).await;
        assert_eq!(refusal(&mut other, answer).await, expired(), "{path}");
    }

    // Too late.
    let leaving = visit.get("/inloggen/aanbieder").await;
    let back = visit.at_provider(location(&leaving.0), "1");
    let clock = Clock::Fixed(now() + HOLDS + TimeDelta::seconds(1));
    let mut late = Visit::with(&site, settings(&site, &provider.address, SECRET, ""), clock);
    late.cookies = visit.cookies.clone();
    let answer = late.get(&back).await;
    assert_eq!(refusal(&mut late, answer).await, expired());

    // Another issuer than ours, and no code.
    let whole = format!("https://leerkring.example{back}");
    for (name, value, expected) in [
        ("iss", "https://kwaad.example", told(502, "We konden niet nagaan wie u bent")),
        ("code", "", told(400, "Het inloggen is afgebroken")),
        ("code", "verzonnen", expired()),
    ] {
        let mut again = Visit::new(&site, &provider.address);
        again.cookies = visit.cookies.clone();
        let path = changed(&whole, name, value);
        let answer = again.get(path.strip_prefix("https://leerkring.example").unwrap()).await;
        assert_eq!(refusal(&mut again, answer).await, expected, "{name}={value}");
    }
    let answer = Visit::new(&site, &provider.address).sign_in("nee").await;
    assert_eq!(Html::read(answer).await.select("h1"), ["Het inloggen is afgebroken"]);

    // The operator mistyped the secret.
    let mut mistyped =
        Visit::with(&site, settings(&site, &provider.address, "een ander geheim", ""), Clock::Fixed(now()));
    let answer = mistyped.sign_in("1").await;
    assert_eq!(refusal(&mut mistyped, answer).await, told(502, "De aanbieder is niet bereikbaar"));
}

/// What a provider may say of itself when it is down, slow, or made to do harm.
#[tokio::test]
async fn providers_that_are_down_slow_or_hostile() {
    let site = site().await;
    let unreachable = told(502, "De aanbieder is niet bereikbaar");
    let ask = async |issuer: &str, patience: Duration| {
        let config = settings(&site, issuer, SECRET, "");
        let provider = app::provider(&config).unwrap().map(|it| it.patient(patience));
        let app = App { config, provider, ..site.app.clone() };
        let answer = TestClient::new(leerkring::web::build(app)).get("/inloggen/aanbieder").send().await;
        let page = Html::read(answer).await;
        (page.status.as_u16(), page.select("h1").join(" "))
    };
    let long = Duration::from_secs(20);
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    assert_eq!(ask(&issuer, long).await, unreachable);

    let issuer = answering(Vec::new()).await;
    assert_eq!(ask(&issuer, Duration::from_millis(300)).await, told(504, "De aanbieder antwoordt niet op tijd"));

    let ok = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{body}").into_bytes();
    let document = |name: &str, value: &str| {
        let fields = [
            ("issuer", "ISSUER"),
            ("authorization_endpoint", "ISSUER/a"),
            ("token_endpoint", "ISSUER/b"),
            ("jwks_uri", "ISSUER/c"),
        ];
        let fields = fields.map(|(n, v)| format!("\"{n}\":\"{}\",", if n == name { value } else { v })).concat();
        format!(
            "{{{fields}\"response_types_supported\":[\"code\"],\"subject_types_supported\":[\"public\"],\"id_token_signing_alg_values_supported\":[\"RS256\"]}}"
        )
    };
    for (what, answer) in [
        ("endless", ok(&"[".repeat(1 << 20))),
        ("endless head", format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(1 << 20)).into_bytes()),
        ("deep", ok(&"[".repeat(10_000))),
        ("no JSON", ok("<html>")),
        ("no HTTP", b"SSH-2.0\r\n".to_vec()),
        ("sent on", b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n".to_vec()),
        ("another issuer", ok(&document("issuer", "https://kwaad.example"))),
        ("keys without TLS elsewhere", ok(&document("jwks_uri", "file:///etc/passwd"))),
    ] {
        assert_eq!(ask(&answering(answer).await, long).await, unreachable, "{what}");
    }
    // With keys, so that it is the address that is looked at.
    for name in ["authorization_endpoint", "token_endpoint"] {
        for value in ["javascript:alert(1)", "ftp://voorbeeld.example/"] {
            let answer = ok(&format!("{} ", document(name, value)).replacen('{', "{\"keys\":[],", 1));
            assert_eq!(ask(&answering(answer).await, long).await, unreachable, "{name} {value}");
        }
    }
    let good = ok(&document("", "").replacen('{', "{\"keys\":[],", 1));
    assert_eq!(ask(&answering(good).await, long).await.0, 303, "the document itself is one we take");
}

/// Over TLS, by a certificate that we trust: of an authority of the operator's own where the setting names it.
#[tokio::test]
async fn a_provider_shows_a_certificate_we_trust() {
    let (site, trust) = (site().await, Trust::new());
    let folder = tools::installed().join("provider");
    let mut command = Command::new("node");
    command.args(["provider.js", BACK, SECRET]).arg(trust.path("cert.pem")).arg(trust.path("key.pem"));
    let provider = Tool::start(command.current_dir(folder));
    assert!(provider.address.starts_with("https://localhost:"));
    let config = settings(&site, &provider.address, SECRET, "");
    let mut stranger = Visit::with(&site, config.clone(), Clock::Fixed(now()));
    let answer = stranger.get("/inloggen/aanbieder").await;
    assert_eq!(refusal(&mut stranger, answer).await, told(502, "De aanbieder is niet bereikbaar"));
    // The right authority, and a name that is not in the certificate.
    let ca_file = Some(trust.path("ca.pem"));
    let elsewhere = provider.address.replace("localhost", "127.0.0.1");
    let config = Config { ca_file, ..config };
    let other = Config { provider: settings(&site, &elsewhere, SECRET, "").provider, ..config.clone() };
    let mut other = Visit::with(&site, other, Clock::Fixed(now()));
    assert_eq!(other.get("/inloggen/aanbieder").await.0.status(), StatusCode::BAD_GATEWAY);
    let mut known = Visit::with(&site, config, Clock::Fixed(now()));
    let answer = known.get("/inloggen/aanbieder").await;
    assert_eq!(answer.0.status(), StatusCode::SEE_OTHER);
    assert!(location(&answer.0).starts_with(&format!("{}/auth?", provider.address)));
    // The code that is made up gets its answer over TLS too.
    let to = url::Url::parse(location(&answer.0)).unwrap();
    let state = to.query_pairs().find(|it| it.0 == "state").unwrap().1.into_owned();
    let answer = known.get(&format!("/inloggen/aanbieder/terug?code=a&state={state}")).await;
    assert_eq!(refusal(&mut known, answer).await, expired());
}

/// A server that gives this answer to every question, `ISSUER` filled in; none when it is empty. Its address.
async fn answering(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let answer = match String::from_utf8(answer) {
        Ok(text) => text.replace("ISSUER", &issuer).into_bytes(),
        Err(error) => error.into_bytes(),
    };
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked).await;
            if answer.is_empty() {
                open.push(stream);
            } else {
                let _ = stream.write_all(&answer).await;
            }
        }
    });
    issuer
}

/// Settings that cannot be used are told at start; the secret is shown nowhere.
#[tokio::test]
async fn settings_of_a_provider() {
    let load = |pairs: &[(&str, &str)]| {
        let typed = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        config::load(None, std::iter::empty(), typed)
    };
    let whole =
        |issuer| load(&[("oidc_issuer", issuer), ("oidc_client_id", "leerkring"), ("oidc_client_secret", SECRET)]);
    for issuer in ["https://inloggen.voorbeeld.example/realm", "http://127.0.0.1:9000", "http://[::1]:9000"] {
        let config = whole(issuer).unwrap();
        let shown = format!("{config:?} {:?}", config.shown());
        assert!(shown.contains("***") && shown.contains(issuer) && !shown.contains(SECRET), "{shown}");
    }
    for issuer in ["http://inloggen.voorbeeld.example", "inloggen.voorbeeld.example", "https://", "file:///a"] {
        let error = whole(issuer).unwrap_err().to_string();
        assert!(error.starts_with("instelling oidc_issuer = ") && !error.contains(SECRET), "{error}");
    }
    let error = load(&[("oidc_issuer", "https://voorbeeld.example"), ("oidc_client_id", "a")]).unwrap_err();
    assert!(error.to_string().starts_with("instelling oidc_client_secret = "), "{error}");
    assert!(load(&[("oidc_client_id", "a")]).unwrap().provider.is_none());

    let site = site().await;
    for page in ["/inloggen", &invited(&site, reader()).await] {
        assert!(
            !site.page(page).await.select("main").join(" ").contains("Inloggen met"),
            "no button without a setting"
        );
    }
    let mut config = settings(&site, "https://voorbeeld.example", SECRET, "");
    config.ca_file = Some(config.data.join("geen.pem"));
    let error = app::provider(&config).err().unwrap().to_string();
    assert!(error.starts_with("ca_file ") && error.contains("geen.pem is niet te lezen"), "{error}");
}
