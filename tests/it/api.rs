//! The API as a program sees it: answers, faults, headers, and that all of it is as the OpenAPI document says.

use std::collections::{BTreeMap, BTreeSet};

use leerkring::domain::library::Library;
use leerkring::domain::record::{Common, Own, Record};
use leerkring::domain::status::Status;
use leerkring::domain::visibility::Visibility;
use leerkring::domain::vocabulary::{RecordKind, Role};
use leerkring::exchange::content_dir;
use poem::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use url::form_urlencoded;

use crate::harness::{TestApp, content};

mod catalogue;
mod described;
mod refused;
mod suggestion;
mod write;

const BASE: &str = "/api/v1";
const FACETS: [&str; 9] =
    ["soort", "thema", "organisatie", "regio", "sector", "programma", "fase", "bouwsteen", "jaar"];

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

async fn send(app: &TestApp, method: Method, path: &str) -> Answer {
    let answer = app.client.request(method, path).send().await.0;
    let (status, headers) = (answer.status(), answer.headers().clone());
    Answer { status, headers, text: answer.into_body().into_string().await.unwrap() }
}

async fn get(app: &TestApp, path: &str) -> Answer {
    send(app, Method::GET, &format!("{BASE}{path}")).await
}

/// A good answer.
async fn data(app: &TestApp, path: &str) -> Value {
    let answer = get(app, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.json()
}

/// The problem of an answer with a status, in the form that all problems have.
fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem = answer.json();
    assert_eq!(keys(&problem), ["status", "title", "detail", "fouten"]);
    assert_eq!(problem["status"], status);
    assert!(["title", "detail"].iter().all(|it| !problem[it].as_str().unwrap().is_empty()));
    problem
}

async fn total(app: &TestApp, pairs: &[(&str, &str)]) -> u64 {
    data(app, &search(pairs)).await["totaal"].as_u64().unwrap()
}

fn search(pairs: &[(&str, &str)]) -> String {
    format!("/documenten?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn slugs(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|it| it["slug"].as_str().unwrap()).collect()
}

/// The content as its files say it, read without the store and the search.
fn library() -> Library {
    let read = content_dir::read(&content()).unwrap();
    assert!(read.faults.is_empty());
    read.library
}

fn is_open(record: &Record) -> bool {
    record.common.visibility == Visibility::Public && record.common.status == Status::Published
}

fn by_hand(library: &Library, holds: impl Fn(&Record) -> bool) -> u64 {
    library.records.iter().filter(|it| is_open(it) && holds(it)).count() as u64
}

fn has_theme(library: &Library, record: &Record, theme: &str) -> bool {
    let family = library.catalogue.theme_family(theme);
    record.common.themes.iter().any(|it| family.contains(&it.as_str()))
}

fn takes_part(record: &Record, organisation: &str, role: Option<Role>) -> bool {
    let fits = |it: Role| role.is_none_or(|role| role == it);
    record.common.organisations.iter().any(|it| it.organisation == organisation && fits(it.role))
}

#[tokio::test]
async fn a_search_answers_with_every_promised_property() {
    let app = TestApp::library().await;
    let answer = data(&app, "/documenten?q=verzuim&perPagina=3").await;
    let promised = ["totaal", "pagina", "perPagina", "documenten", "facetten", "suggestie", "ookGezochtOp", "fraseLos"];
    assert_eq!(keys(&answer), promised);
    assert_eq!((&answer["pagina"], &answer["perPagina"]), (&1.into(), &3.into()));
    assert_eq!(answer["suggestie"], Value::Null);
    assert!(answer["ookGezochtOp"].as_array().unwrap().contains(&"ziekteverzuim".into()), "{}", answer["ookGezochtOp"]);
    assert_eq!(keys(&answer["facetten"]), FACETS);

    let rows = answer["documenten"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(
            keys(row),
            [
                "id",
                "slug",
                "soort",
                "titel",
                "samenvatting",
                "fragment",
                "vindplaats",
                "themas",
                "organisaties",
                "regio",
                "jaar",
                "url",
                "score"
            ]
        );
        assert_eq!(row["url"], format!("/kennisbank/{}", row["slug"].as_str().unwrap()));
        let fragment = row["fragment"].as_str().unwrap().replace("<mark>", "").replace("</mark>", "");
        assert!(!fragment.is_empty() && !fragment.contains('<'), "{fragment}");
        assert!(0.0 < row["score"].as_f64().unwrap());
    }
    assert!(rows[0]["fragment"].as_str().unwrap().contains("<mark>"));

    let values = answer["facetten"]["soort"].as_array().unwrap();
    assert_eq!(keys(&values[0]), ["waarde", "naam", "aantal", "actief"]);
    assert!(values.iter().any(|it| it["waarde"] == "transitieproject" && it["naam"] == "Transitieproject"));

    let everything = data(&app, "/documenten?perPagina=100").await;
    assert!(everything["documenten"].as_array().unwrap().iter().all(|it| it["fragment"] == ""));
    assert_eq!(everything["totaal"], by_hand(&library(), |_| true));
}

#[tokio::test]
async fn filters_on_themes_find_what_the_files_say() {
    let (app, library) = (TestApp::library().await, library());
    let themes = data(&app, "/themas").await;
    let themes = themes["themas"].as_array().unwrap();
    assert_eq!(themes.len(), library.catalogue.themes.len());
    for (theme, shown) in library.catalogue.themes.iter().zip(themes) {
        let counted = by_hand(&library, |it| has_theme(&library, it, &theme.slug));
        assert_eq!(total(&app, &[("thema", &theme.slug)]).await, counted, "{}", theme.slug);
        assert_eq!((&shown["slug"], &shown["aantalDocumenten"]), (&theme.slug.clone().into(), &counted.into()));
    }

    // Two of one filter are "or", two filters are "and".
    let (a, b) = (&library.catalogue.themes[1].slug, &library.catalogue.themes[2].slug);
    let either = by_hand(&library, |it| has_theme(&library, it, a) || has_theme(&library, it, b));
    assert_eq!(total(&app, &[("thema", a), ("thema", b)]).await, either);
    let both = by_hand(&library, |it| has_theme(&library, it, a) && it.kind() == RecordKind::Publication);
    assert!(0 < both);
    assert_eq!(total(&app, &[("thema", a), ("soort", "publicatie")]).await, both);
}

#[tokio::test]
async fn filters_on_organisations_find_what_the_files_say() {
    let (app, library) = (TestApp::library().await, library());
    let listed = data(&app, "/organisaties").await;
    let shown: BTreeMap<&str, &Value> =
        listed["organisaties"].as_array().unwrap().iter().map(|it| (it["slug"].as_str().unwrap(), it)).collect();
    assert_eq!(shown.len(), library.catalogue.organisations.len());
    let mut with_documents = 0;
    for organisation in &library.catalogue.organisations {
        let slug = organisation.slug.as_str();
        let counted = by_hand(&library, |it| takes_part(it, slug, None));
        assert_eq!(shown[slug]["aantalDocumenten"], counted, "{slug}");
        if counted == 0 {
            continue;
        }
        with_documents += 1;
        assert_eq!(total(&app, &[("organisatie", slug)]).await, counted, "{slug}");
        for role in Role::ALL.iter().take(if with_documents <= 10 { 4 } else { 0 }) {
            let counted = by_hand(&library, |it| takes_part(it, slug, Some(*role)));
            let narrowed = format!("{slug}:{}", role.word());
            assert_eq!(total(&app, &[("organisatie", &narrowed)]).await, counted, "{narrowed}");
        }
    }
    assert!(10 < with_documents);
}

#[tokio::test]
async fn a_count_is_what_choosing_the_value_gives() {
    let app = TestApp::library().await;
    let everything = data(&app, "/documenten?q=zorg").await;
    for facet in FACETS {
        let values = everything["facetten"][facet].as_array().unwrap();
        assert!(!values.is_empty(), "{facet}");
        for value in values.iter().take(4) {
            let chosen = value["waarde"].as_str().unwrap();
            let answer = data(&app, &search(&[("q", "zorg"), (facet, chosen)])).await;
            assert_eq!(answer["totaal"], value["aantal"], "{facet}={chosen}");
            let active: Vec<&Value> =
                answer["facetten"][facet].as_array().unwrap().iter().filter(|it| it["actief"] == true).collect();
            assert_eq!(active.len(), 1);
            assert_eq!((&active[0]["waarde"], &active[0]["aantal"]), (&value["waarde"], &value["aantal"]));
        }
    }

    // What is chosen stays, also when it gives nothing.
    let nothing = data(&app, "/documenten?q=qqzzxx&soort=factsheet&jaar=1901").await;
    assert_eq!(nothing["totaal"], 0);
    for (facet, value) in [("soort", "factsheet"), ("jaar", "1901")] {
        let values = nothing["facetten"][facet].as_array().unwrap();
        assert!(values.iter().any(|it| it["waarde"] == value && it["aantal"] == 0 && it["actief"] == true), "{facet}");
    }
    assert_eq!(keys(&nothing["facetten"]), FACETS);
}

#[tokio::test]
async fn pages_join_without_gaps_in_every_order() {
    let app = TestApp::library().await;
    for sort in ["relevantie", "nieuwste", "titel"] {
        let mut seen = BTreeSet::new();
        let mut total = 0;
        for page in 1..=100 {
            let page = page.to_string();
            let answer = data(&app, &search(&[("sorteer", sort), ("perPagina", "20"), ("pagina", &page)])).await;
            total = answer["totaal"].as_u64().unwrap();
            let found = slugs(&answer["documenten"]).into_iter().map(str::to_owned).collect::<Vec<_>>();
            if found.is_empty() {
                break;
            }
            assert!(found.into_iter().all(|it| seen.insert(it)), "{sort}: a document on two pages");
        }
        assert_eq!(seen.len() as u64, total, "{sort}");
    }
}

#[tokio::test]
async fn a_document_is_whole() {
    let (app, library) = (TestApp::library().await, library());
    let fields: Vec<String> = Common::FIELDS.iter().map(|it| camel(it.name)).collect();
    for record in library.records.iter().filter(|it| is_open(it)) {
        let shown = data(&app, &format!("/documenten/{}", record.slug)).await;
        let has: BTreeSet<&str> = keys(&shown).into_iter().collect();
        for name in fields.iter().map(String::as_str).chain([
            "id",
            "slug",
            "soort",
            "velden",
            "tekst",
            "tekstHtml",
            "versie",
            "gewijzigdOp",
            "url",
            "jaar",
        ]) {
            assert!(has.contains(name), "{}: {name}", record.slug);
        }
        assert_eq!(shown["soort"], record.kind().word());
        assert_eq!(shown["titel"], record.common.title);
        assert_eq!(shown["tekst"], record.body);
        assert_eq!(shown["bronnen"].as_array().unwrap().len(), record.common.sources.len());
        assert_eq!(shown["relaties"].as_array().unwrap().len(), record.common.relations.len());
        assert_eq!(shown["gewijzigdOp"], "2026-11-22T12:00:00Z");
        assert_eq!(shown["versie"], 1);
        let own: Vec<String> = Own::fields(record.kind()).iter().map(|it| camel(it.name)).collect();
        assert_eq!(keys(&shown["velden"]), own);
        assert!(!shown["tekstHtml"].as_str().unwrap().contains("<script"));
        let (roles, written) = (shown["organisaties"].as_array().unwrap(), &record.common.organisations);
        assert_eq!(roles.len(), written.len());
        for (role, written) in roles.iter().zip(written) {
            assert_eq!(
                (&role["slug"], &role["rol"]),
                (&written.organisation.clone().into(), &written.role.word().into())
            );
        }
    }
}

#[tokio::test]
async fn an_old_address_leads_to_the_new_one() {
    let app = TestApp::library().await;
    let mut library = library();
    let old = "forto-formatietool";
    let record = library.records.iter_mut().find(|it| it.slug == old).unwrap();
    record.slug = "forto-nieuw".into();
    record.common.former_slugs.push(old.into());
    app.take_in(&library).await;
    app.settle().await;
    for method in [Method::GET, Method::HEAD] {
        let answer = send(&app, method, &format!("{BASE}/documenten/{old}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/api/v1/documenten/forto-nieuw"));
        assert_eq!(answer.header("api-version"), "1.0.0");
    }
    assert_eq!(data(&app, "/documenten/forto-nieuw").await["oudeSlugs"][0], old);
    problem(&get(&app, &format!("/documenten/{old}?x=1")).await, 400);
}

#[tokio::test]
async fn a_hidden_document_is_nowhere() {
    let app = TestApp::library().await;
    let mut library = library();
    let named =
        |it: &Record, slug: &str| serde_json::to_string(&it.to_value()).unwrap().contains(&format!("\"{slug}\""));
    let hidden = library
        .records
        .iter()
        .map(|it| it.slug.clone())
        .find(|slug| library.records.iter().any(|it| it.slug != *slug && named(it, slug)));
    let hidden = hidden.unwrap();
    let naming: Vec<String> =
        library.records.iter().filter(|it| it.slug != hidden && named(it, &hidden)).map(|it| it.slug.clone()).collect();
    let before = total(&app, &[]).await;
    let record = library.records.iter_mut().find(|it| it.slug == hidden).unwrap();
    record.common.visibility = Visibility::Network;
    let organisation = record.common.organisations.first().map(|it| it.organisation.clone());
    app.take_in(&library).await;
    app.settle().await;

    problem(&get(&app, &format!("/documenten/{hidden}")).await, 404);
    assert_eq!(total(&app, &[]).await, before - 1);
    for slug in naming {
        let shown = data(&app, &format!("/documenten/{slug}")).await;
        for part in ["velden", "relaties"] {
            assert!(!shown[part].to_string().contains(&format!("\"{hidden}\"")), "{slug}: {part}");
        }
    }
    if let Some(organisation) = organisation {
        let shown = data(&app, &format!("/organisaties/{organisation}")).await;
        assert!(!slugs(&shown["documenten"]).contains(&hidden.as_str()));
    }
}

/// `herzien_voor` as `herzienVoor`.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut res = parts.next().unwrap().to_owned();
    for part in parts {
        res.push_str(&part[..1].to_uppercase());
        res.push_str(&part[1..]);
    }
    res
}
