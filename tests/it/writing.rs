//! Writing, reviewing and keeping documents through the pages. All people and organisations here are fictitious.

use std::collections::BTreeMap;

use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::library::Library;
use leerkring::domain::organisation::Organisation;
use leerkring::domain::theme::Theme;
use leerkring::store;
use poem::http::StatusCode;
use poem::test::TestResponse;

use crate::harness::{Html, SignedIn, TestApp, grant};

pub async fn site() -> TestApp {
    let site = TestApp::empty().await;
    let organisation = |slug: &str| Organisation {
        slug: slug.into(),
        name: format!("Voorbeeldzorg {slug}"),
        ..Organisation::default()
    };
    let theme = |slug: &str| Theme { slug: slug.into(), name: format!("Thema {slug}"), ..Theme::default() };
    let catalogue = Catalogue {
        organisations: vec![organisation("eigen"), organisation("ander")].into(),
        themes: vec![theme("thema"), theme("elders")].into(),
        ..Catalogue::default()
    };
    site.take_in(&Library { catalogue, ..Library::default() }).await;
    site.settle().await;
    site
}

pub async fn author(site: &TestApp) -> SignedIn<'_> {
    site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("eigen".into()))]).await
}

pub async fn editor(site: &TestApp) -> SignedIn<'_> {
    site.as_user(&[grant(AccountRole::Editor, Scope::Theme("thema".into()))]).await
}

/// Where an answer sends a browser on.
#[track_caller]
pub fn location(answer: &TestResponse) -> String {
    assert_eq!(answer.0.status(), StatusCode::SEE_OTHER);
    answer.0.headers()["location"].to_str().unwrap().to_owned()
}

/// The fields of the form of a draft as they stand.
async fn fields(who: &SignedIn<'_>, path: &str) -> BTreeMap<String, String> {
    let page = who.page(path).await;
    let mut res = BTreeMap::new();
    for css in ["form.write input[name=versie]", "form.write input[type=text]"] {
        for (name, value) in page.attr(css, "name").into_iter().zip(page.attr(css, "value")) {
            res.insert(name, value);
        }
    }
    res.remove("form_token");
    res
}

/// Begins a factsheet, fills it in and hands it in; its address.
pub async fn submitted(author: &SignedIn<'_>, title: &str) -> String {
    let path = location(&author.post("/schrijven", &[("soort", "factsheet")]).await);
    write(author, &path, title, "indienen").await;
    let page = author.page(&format!("{path}/indienen")).await;
    let version = page.attr("form input[name=versie]", "value").concat();
    let to = location(&author.post(&format!("{path}/indienen"), &[("versie", &version)]).await);
    assert_eq!(to, format!("{path}?gedaan=ingediend"));
    path
}

pub async fn write(author: &SignedIn<'_>, path: &str, title: &str, action: &str) -> TestResponse {
    let fields = fields(author, path).await;
    author
        .post(
            path,
            &[
                ("versie", &fields["versie"]),
                ("titel", title),
                ("adres", fields.get("adres").map_or("", String::as_str)),
                ("samenvatting", "Wat we deden en wat het opleverde."),
                ("organisaties.0.organisatie", "Voorbeeldzorg eigen"),
                ("organisaties.0.rol", "trekker"),
                ("themas", "thema"),
                ("kernpunten", "Eén\r\nTwee"),
                ("tekst", "De **tekst** over wandelen."),
                ("actie", action),
            ],
        )
        .await
}

pub async fn decide(editor: &SignedIn<'_>, path: &str, fields: &[(&str, &str)]) -> TestResponse {
    let path = path.replace("/schrijven/", "/beoordelen/");
    let page = editor.page(&path).await;
    let version = page.attr("form input[name=versie]", "value").first().cloned().unwrap_or_default();
    let mut all = vec![("versie", version.as_str())];
    all.extend_from_slice(fields);
    editor.post(&path, &all).await
}

async fn mails(site: &TestApp) -> Vec<(String, String)> {
    let all = store::mail::latest(site.store(), 100).await.unwrap();
    all.into_iter().rev().map(|it| (it.recipient, it.subject)).collect()
}

#[tokio::test]
async fn the_whole_way_through_the_pages() {
    let site = site().await;
    let (author, editor) = (author(&site).await, editor(&site).await);
    let mail = |who: &SignedIn<'_>| format!("{}@voorbeeld.example", who.account.as_str().to_lowercase());

    // Handed in incomplete: the form says what is missing, with links to the fields.
    let path = location(&author.post("/schrijven", &[("soort", "factsheet")]).await);
    let page = author.page(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("form.write textarea[name=tekst]") && page.has("input[name='organisaties.0.organisatie'][list]"));
    let to = location(&author.post(&path, &[("versie", "1"), ("titel", ""), ("actie", "indienen")]).await);
    let page = author.page(&to).await;
    assert!(page.attr("#fouten a", "href").contains(&"#veld-titel".to_owned()));
    assert!(page.has("#veld-titel[aria-invalid=true]"));

    let path = submitted(&author, "Buiten wandelen helpt").await;
    assert_eq!(mails(&site).await, [(mail(&editor), "Ter beoordeling: Buiten wandelen helpt".to_owned())]);
    let page = author.page("/mijn").await;
    assert!(page.select("section[aria-labelledby=ingediend] li").concat().contains("aan zet: Voorbeeld Persoon"));
    assert!(editor.page("/mijn").await.select("section[aria-labelledby=aan-zet] a").concat().contains("wandelen"));
    assert!(editor.page("/beoordelen").await.select("h2").contains(&"Thema thema".to_owned()));
    site.settle().await;
    assert_eq!(site.get("/kennisbank/buiten-wandelen-helpt").await.0.status(), StatusCode::NOT_FOUND);

    // The review: as it will look, a remark on a field, and no rejection without a reason.
    let page = editor.page(&path.replace("schrijven", "beoordelen")).await;
    assert_eq!(page.select(".shown h1"), ["Buiten wandelen helpt"]);
    let done =
        decide(&editor, &path, &[("actie", "opmerking"), ("veld", "kernpunten"), ("opmerking", "Te kort")]).await;
    assert!(location(&done).ends_with("#opmerkingen"));
    let done = decide(&editor, &path, &[("actie", "wijzigingen"), ("reden", " ")]).await;
    assert_eq!(done.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let done = decide(&editor, &path, &[("actie", "wijzigingen"), ("reden", "Noem het getal")]).await;
    assert_eq!(location(&done), "/beoordelen");
    let page = author.page(&path).await;
    assert!(page.select(".notice").concat().contains("Noem het getal"));
    assert!(page.select(".remark").concat().contains("Te kort"));
    assert_eq!(mails(&site).await[1], (mail(&author), "Wijzigingen gevraagd: Buiten wandelen helpt".to_owned()));

    // Again, and published: found by everybody.
    write(&author, &path, "Samen wandelen helpt", "bewaren").await;
    let version = fields(&author, &path).await["versie"].clone();
    location(&author.post(&format!("{path}/indienen"), &[("versie", &version), ("toelichting", "Klaar")]).await);
    let done = decide(&editor, &path, &[("actie", "publiceren")]).await;
    assert_eq!(location(&done), "/kennisbank/buiten-wandelen-helpt");
    site.settle().await;
    let page = site.page("/kennisbank/buiten-wandelen-helpt").await;
    assert_eq!(page.select("h1"), ["Samen wandelen helpt"]);
    assert!(!page.has(".tools"));
    assert_eq!(site.page("/zoeken?q=wandelen").await.select(".hits h2"), ["Samen wandelen helpt"]);
    assert_eq!(mails(&site).await.last().unwrap(), &(mail(&author), "Gepubliceerd: Samen wandelen helpt".to_owned()));
    assert_eq!(location(&author.get(&path).await), "/kennisbank/buiten-wandelen-helpt");

    // A new version, compared word by word and put back.
    let page = author.page("/kennisbank/buiten-wandelen-helpt").await;
    assert_eq!(page.select(".tools button"), ["Bewerken", "Klopt nog"]);
    let from = [("document", "buiten-wandelen-helpt"), ("wat", "versie")];
    let next = location(&author.post("/schrijven", &from).await);
    write(&author, &next, "Samen fietsen helpt", "bewaren").await;
    assert!(author.page(&format!("{next}/voorbeeld")).await.select("ins").contains(&"fietsen".to_owned()));
    let version = fields(&author, &next).await["versie"].clone();
    location(&author.post(&format!("{next}/indienen"), &[("versie", &version)]).await);
    location(&decide(&editor, &next, &[("actie", "publiceren")]).await);
    site.settle().await;
    let page = site.page("/kennisbank/buiten-wandelen-helpt/versies").await;
    assert_eq!(page.select("tbody th"), ["Versie 2 (nu)", "Versie 1"]);
    assert!(!page.has("tbody button"));
    let page = site.page("/kennisbank/buiten-wandelen-helpt/versies/1..2").await;
    assert_eq!((page.select("del"), page.select("ins")), (vec!["wandelen".to_owned()], vec!["fietsen".to_owned()]));
    assert_eq!(site.page("/kennisbank/buiten-wandelen-helpt/versies/1").await.select("h1"), ["Samen wandelen helpt"]);
    location(&author.post("/kennisbank/buiten-wandelen-helpt/herstellen", &[("versie", "1")]).await);
    site.settle().await;
    assert_eq!(site.page("/kennisbank/buiten-wandelen-helpt").await.select("h1"), ["Samen wandelen helpt"]);

    // Withdrawn: gone at once, and its address says so.
    let gone = author.post("/kennisbank/buiten-wandelen-helpt/intrekken", &[("reden", "")]).await;
    assert_eq!(gone.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    location(&author.post("/kennisbank/buiten-wandelen-helpt/intrekken", &[("reden", "Achterhaald")]).await);
    site.settle().await;
    let page = site.page("/kennisbank/buiten-wandelen-helpt").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.select("main").concat().contains("Achterhaald"));
    assert!(!page.select("main").concat().contains("wandelen"));
    assert_eq!(site.get("/api/v1/documenten/buiten-wandelen-helpt").await.0.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.page("/zoeken?q=wandelen").await.select(".hits h2"), [] as [String; 0]);
    assert_eq!(site.get("/kennisbank/buiten-wandelen-helpt/versies").await.0.status(), StatusCode::NOT_FOUND);
    assert_eq!(author.get("/kennisbank/buiten-wandelen-helpt/versies").await.0.status(), StatusCode::OK);
}

/// Every page and form of a draft is, for others, as if it were not there.
#[tokio::test]
async fn drafts_of_others_are_not_found() {
    let site = site().await;
    let owner = author(&site).await;
    let path = location(&owner.post("/schrijven", &[("soort", "factsheet")]).await);
    write(&owner, &path, "Geheim plan", "bewaren").await;
    let strangers = [
        site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("ander".into()))]).await,
        site.as_user(&[grant(AccountRole::Reader, Scope::Organisation("eigen".into()))]).await,
        editor(&site).await,
    ];
    let review = path.replace("schrijven", "beoordelen");
    for stranger in &strangers {
        for page in ["", "/voorbeeld", "/indienen", "/weg"] {
            let answer = stranger.get(&format!("{path}{page}")).await;
            assert_eq!(answer.0.status(), StatusCode::NOT_FOUND, "{page}");
        }
        for action in ["", "/bewaren", "/indienen", "/terug", "/verder", "/delen", "/weg"] {
            let answer = stranger.post(&format!("{path}{action}"), &[("versie", "2")]).await;
            assert_eq!(answer.0.status(), StatusCode::NOT_FOUND, "{action}");
        }
        assert_eq!(stranger.get(&review).await.0.status(), StatusCode::NOT_FOUND);
        let answer = stranger.post(&review, &[("actie", "publiceren"), ("versie", "2")]).await;
        assert_eq!(answer.0.status(), StatusCode::NOT_FOUND);
    }
    for path in ["/mijn", "/schrijven", "/beoordelen", path.as_str()] {
        let status = site.get(path).await.0.status();
        assert!(status == StatusCode::UNAUTHORIZED || status == StatusCode::SEE_OTHER, "{path}: {status}");
    }
    assert_eq!(strangers[0].get("/beoordelen").await.0.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn rows_come_and_go_without_script() {
    let site = site().await;
    let author = author(&site).await;
    let path = location(&author.post("/schrijven", &[("soort", "verbeterplan")]).await);
    let filled = [
        ("versie", "1"),
        ("titel", "Rijen"),
        ("organisaties.0.organisatie", "eigen"),
        ("organisaties.0.rol", "trekker"),
        ("organisaties.1.organisatie", "ander"),
        ("organisaties.1.rol", "partner"),
        ("actie", "erbij:organisaties"),
    ];
    let to = location(&author.post(&path, &filled).await);
    assert!(to.ends_with("?erbij=organisaties#veld-organisaties-2"), "{to}");
    let page = author.page(to.split('#').next().unwrap()).await;
    assert!(page.has("input[name='organisaties.2.organisatie']"));
    let mut filled = filled.to_vec();
    filled[0].1 = "2";
    filled[6].1 = "weg:organisaties.0";
    let to = location(&author.post(&path, &filled).await);
    assert!(to.ends_with("#veld-organisaties"), "{to}");
    let page = author.page(&path).await;
    assert_eq!(page.attr("input[name='organisaties.0.organisatie']", "value"), ["Voorbeeldzorg ander"]);
    assert!(!page.has("input[name='organisaties.1.organisatie']"));
}

/// Two browsers: the second gets both texts, its own stays in the form, and it may go on from there.
#[tokio::test]
async fn two_at_once() {
    let site = site().await;
    let one = author(&site).await;
    let other = author(&site).await;
    let path = location(&one.post("/schrijven", &[("soort", "factsheet")]).await);
    write(&one, &path, "Begin", "bewaren").await;
    let before = fields(&other, &path).await["versie"].clone();
    write(&one, &path, "Van de een", "bewaren").await;
    let late = [("versie", before.as_str()), ("titel", "Van de ander"), ("actie", "bewaren")];
    let page = Html::read(other.post(&path, &late).await).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        page.select("#botsing del").concat().contains("een") && page.select("#botsing ins").concat().contains("ander")
    );
    assert_eq!(page.attr("#veld-titel", "value"), ["Van de ander"]);
    let saved = other.post(&format!("{path}/bewaren"), &late).await;
    assert_eq!(saved.0.status(), StatusCode::CONFLICT);
    assert_eq!(one.page(&path).await.attr("#veld-titel", "value"), ["Van de een"]);
    let version = page.attr("form.write input[name=versie]", "value").concat();
    let now = [("versie", version.as_str()), ("titel", "Van de ander"), ("actie", "bewaren")];
    location(&other.post(&path, &now).await);
    assert_eq!(one.page(&path).await.attr("#veld-titel", "value"), ["Van de ander"]);
}

/// What may not be kept is not kept, and stays in the form.
#[tokio::test]
async fn hostile_texts() {
    let site = site().await;
    let author = author(&site).await;
    let path = location(&author.post("/schrijven", &[("soort", "factsheet")]).await);
    let bsn = [("versie", "1"), ("titel", "Cliënt 111222333"), ("actie", "bewaren")];
    let page = Html::read(author.post(&path, &bsn).await).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attr("#veld-titel", "value"), ["Cliënt 111222333"]);
    assert!(page.select("#fouten").concat().contains("burgerservicenummer"));
    assert!(!author.page(&path).await.attr("#veld-titel", "value").concat().contains("111"));

    let bad = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>";
    let markdown = format!("{bad}\n\n[x](javascript:alert(1))");
    let filled = [
        ("versie", "1"),
        ("titel", bad),
        ("samenvatting", bad),
        ("kernpunten", bad),
        ("effecten_clienten", &markdown),
        ("organisaties.0.organisatie", bad),
        ("themas", bad),
        ("zichtbaarheid", bad),
        ("adres", bad),
        ("tekst", &markdown),
        ("onbekend", bad),
        ("actie", "bewaren"),
    ];
    location(&author.post(&path, &filled).await);
    for page in ["", "?controle=1", "/voorbeeld", "/indienen", "/weg"] {
        let answer = author.get(&format!("{path}{page}")).await;
        assert_eq!(answer.0.status(), StatusCode::OK, "{page}");
        let html = answer.0.into_body().into_string().await.unwrap();
        for mark in ["<script>alert", "<img src=x", "<svg", "href=\"javascript:"] {
            assert!(!html.contains(mark), "{page}: {mark}");
        }
    }
}

/// A link shows one draft to whoever has it, until it is taken back or expires.
#[tokio::test]
async fn preview_links() {
    let site = site().await;
    let author = author(&site).await;
    let path = location(&author.post("/schrijven", &[("soort", "factsheet")]).await);
    write(&author, &path, "Kijk mee", "bewaren").await;
    let page = Html::read(author.post(&format!("{path}/delen"), &[("dagen", "1"), ("wat", "maken")]).await).await;
    let link = page.select("section code").concat().replace("https://leerkring.example", "");
    assert!(link.starts_with("/voorbeeld/"), "{link}");
    let seen = site.page(&link).await;
    assert_eq!((seen.status, seen.select("h1")), (StatusCode::OK, vec!["Kijk mee".to_owned()]));
    assert!(seen.has("meta[name=robots][content=noindex]"));
    assert_eq!(site.get("/voorbeeld/x").await.0.status(), StatusCode::NOT_FOUND);
    location(&author.post(&format!("{path}/delen"), &[("wat", "intrekken")]).await);
    assert_eq!(site.get(&link).await.0.status(), StatusCode::NOT_FOUND);
}

/// What was published is confirmed by its owner through a link that works once.
#[tokio::test]
async fn confirmed_by_the_link_in_a_mail() {
    let site = site().await;
    let (author, editor) = (author(&site).await, editor(&site).await);
    let path = submitted(&author, "Nog geldig").await;
    location(&decide(&editor, &path, &[("actie", "publiceren")]).await);
    let slug = "nog-geldig";
    let stored = store::record::any(site.store(), slug).await.unwrap().unwrap();
    let late = leerkring::workflow::record::Act {
        store: site.store(),
        actor: &Actor::System,
        now: crate::harness::now() + chrono::Duration::days(400),
        from: None,
        is_four_eyes: true,
        site: "https://leerkring.example",
    };
    let token = leerkring::accounts::secret::generate().unwrap();
    let pair = || Some((token.clone(), leerkring::accounts::secret::hash(&token)));
    use leerkring::workflow::record::keep;
    assert_eq!(keep::remind(&late, pair).await.unwrap(), 1);
    assert_eq!(keep::remind(&late, pair).await.unwrap(), 0);
    assert!(mails(&site).await.last().unwrap().1.starts_with("Klopt dit nog?"));
    let link = format!("/bevestigen/{token}");
    assert_eq!(site.get(&link).await.0.status(), StatusCode::OK);
    assert_eq!(site.get(&link).await.0.status(), StatusCode::OK);
    let send = || site.client.post(&link).content_type("application/x-www-form-urlencoded").body("").send();
    assert_eq!(location(&send().await), "/kennisbank/nog-geldig");
    assert_eq!(send().await.0.status(), StatusCode::NOT_FOUND);
    assert_eq!(store::keeping::get(site.store(), &stored.id).await.unwrap().reminded_for, None);
    site.settle().await;
}

/// A file is added to a draft, taken away again, and published with it.
#[tokio::test]
async fn a_file_goes_with_its_document() {
    let site = site().await;
    let (author, editor) = (author(&site).await, editor(&site).await);
    let path = location(&author.post("/schrijven", &[("soort", "factsheet")]).await);
    write(&author, &path, "Met bijlage", "bewaren").await;
    let send = async |mark: &str, file: &[u8]| {
        let mut body = format!(
            "--rand\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{mark}\r\n--rand\r\nContent-Disposition: form-data; name=\"titel\"\r\n\r\nHet verslag\r\n--rand\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"verslag.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--rand--\r\n");
        let request = site.client.post(format!("{path}/bijlagen")).header("cookie", author.cookie());
        request.content_type("multipart/form-data; boundary=rand").body(body).send().await
    };
    let pdf = crate::files::pdf(&["Wandelstokkenplan"]);
    assert_eq!(send("x", &pdf).await.0.status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&author.form_token, b"<svg/>").await.0.status(), StatusCode::BAD_REQUEST);
    assert!(location(&send(&author.form_token, &pdf).await).ends_with("#bijlagen"));
    assert!(author.page(&path).await.select("form.write li").concat().contains("Het verslag"));
    // What is typed later keeps it; a button takes it away.
    write(&author, &path, "Met bijlage", "weg:bijlagen.0").await;
    assert!(!author.page(&path).await.has("form.write button[value='weg:bijlagen.0']"));
    location(&send(&author.form_token, &pdf).await);
    write(&author, &path, "Met bijlage", "bewaren").await;
    let version = fields(&author, &path).await["versie"].clone();
    location(&author.post(&format!("{path}/indienen"), &[("versie", &version)]).await);
    let to = location(&decide(&editor, &path, &[("actie", "publiceren")]).await);
    site.settle().await;
    assert_eq!(site.page(&to).await.select(".attachments a"), ["Het verslag"]);
    assert_eq!(site.get(&format!("{to}/bijlagen/verslag.pdf")).await.0.status(), StatusCode::OK);
}
