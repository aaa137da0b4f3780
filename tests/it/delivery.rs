//! Figures delivered: from a file with faults to figures that count, through the front door. All organisations, people
//! and figures are fictitious.

use std::collections::BTreeMap;

use chrono::Duration;
use leerkring::domain::account::{AccountRole, Grant, Scope, TokenScope};
use leerkring::domain::catalogue::{Item, ItemKind};
use leerkring::domain::library::Library;
use leerkring::domain::measurement::State;
use leerkring::exchange::extract::Extractor;
use leerkring::exchange::table::{self, Cell};
use leerkring::jobs::publishing::Publishing;
use leerkring::store::{self, measurement};
use poem::http::StatusCode;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::files;
use crate::harness::{Html, SignedIn, TestApp, grant, now};
use crate::program::Program;

const EDGE: &str = "grens";

/// Two organisations in a network with quarters, and one outside.
pub async fn site() -> TestApp {
    let site = TestApp::empty().await;
    let item = |kind: ItemKind, value: Value| Item::from_value(kind, value.as_object().unwrap().clone()).unwrap();
    let mut library = Library::default();
    for (slug, name) in
        [("voorbeeldzorg", "Voorbeeldzorg"), ("buurzorghuis", "Buurzorghuis"), ("verzorghuis", "Verzorghuis")]
    {
        let value = json!({ "slug": slug, "naam": format!("{name} (fictief)"), "soort": "zorgaanbieder" });
        library.catalogue.push(item(ItemKind::Organisation, value));
    }
    let network = json!({
        "slug": "kring", "naam": "Voorbeeldkring",
        "leden": [{ "organisatie": "voorbeeldzorg" }, { "organisatie": "buurzorghuis" }],
        "aanleveren": [{ "periode": "kwartaal", "dagen": 60, "embargo": 10 }],
    });
    library.catalogue.push(item(ItemKind::Network, network));
    let indicator = |slug: &str, name: &str, kind: &str, factor: f64, unit: &str, parts: Value| {
        json!({
            "slug": slug, "naam": name, "groep": "verzuim", "soort": kind, "eenheid": unit, "factor": factor,
            "richting": "lager", "periode": "kwartaal", "niveau": "organisatie", "gevoeligheid": "gewoon",
            "aannemelijk_tot": 20, "waarom": "Voorbeeld.", "delen": parts,
            "definities": [
                { "versie": "1", "tot": "2025", "teller": "ziektedagen, oud", "noemer": "dagen" },
                { "versie": "2", "van": "2026", "teller": "ziektedagen", "noemer": "beschikbare dagen" },
            ],
        })
    };
    let parts = json!([{ "code": "niveau-1", "naam": "Niveau 1" }, { "code": "niveau-2", "naam": "Niveau 2" }]);
    library
        .catalogue
        .push(item(ItemKind::Indicator, indicator("verzuim", "Ziekteverzuim", "aandeel", 100.0, "%", json!([]))));
    library.catalogue.push(item(
        ItemKind::Indicator,
        indicator("meldingen", "Meldingen", "per-eenheid", 1000.0, "per 1.000 dagen", json!([])),
    ));
    library
        .catalogue
        .push(item(ItemKind::Indicator, indicator("mix", "Mix van niveaus", "samenstelling", 100.0, "%", parts)));
    site.take_in(&library).await;
    site.settle().await;
    site
}

pub fn lead(organisation: &str) -> Grant {
    grant(AccountRole::ProjectLead, Scope::Organisation(organisation.into()))
}

fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut res = Vec::new();
    for (name, value) in fields {
        res.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"{name}\"\r\n\r\n");
        res.extend(head.bytes());
        res.extend(bytes);
        res.extend(b"\r\n");
    }
    res.extend(format!("--{EDGE}--\r\n").bytes());
    res
}

/// Sends a file by the page; the answer with where it leads.
pub async fn upload(site: &TestApp, by: &SignedIn<'_>, name: &str, bytes: &[u8]) -> (Html, String) {
    send(site, by, &[("organisatie", "voorbeeldzorg"), ("wat", "bestand")], Some((name, bytes))).await
}

async fn send(
    site: &TestApp,
    by: &SignedIn<'_>,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> (Html, String) {
    let fields = [fields, &[("form_token", by.form_token.as_str())]].concat();
    let request = site.client.post("/aanleveren").header("cookie", by.cookie());
    let request = request.content_type(format!("multipart/form-data; boundary={EDGE}"));
    let answer = request.body(form(&fields, file)).send().await;
    let to = answer.0.headers().get("location").map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
    (Html::read(answer).await, to)
}

pub async fn act(by: &SignedIn<'_>, path: &str, action: &str, more: &[(&str, &str)]) -> StatusCode {
    by.post(path, &[&[("actie", action)], more].concat()).await.0.status()
}

/// The faults of a page by cell.
fn faults(page: &Html) -> BTreeMap<String, String> {
    page.select(".errors tbody th").into_iter().zip(page.select(".errors tbody td")).collect()
}

async fn delivered(site: &TestApp) -> usize {
    store::delivery::of(site.store(), &["voorbeeldzorg"], 100).await.unwrap().len()
}

pub const GOOD: &str =
    "indicator;periode;teller;noemer;waarde\nverzuim;Q3 2026;72;1.000;\nmeldingen;3e kwartaal 2026;12;4000;\n";

#[tokio::test]
async fn from_a_file_with_faults_to_figures_that_count() {
    let site = site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let second = site.as_user(&[lead("voorbeeldzorg")]).await;
    let stranger = site.as_user(&[lead("verzorghuis")]).await;

    let bad = "organisatie;indicator;definitie;periode;teller;noemer;waarde\n\
        buurzorghuis;verzuim;;2026-K3;1;10;\n\
        ;verzium;;2026-K3;1;10;\n\
        ;verzuim;1;2026-K2;1;10;\n\
        ;verzuim;;2026-09;1;10;\n\
        ;verzuim;;2026-K1;11;10;\n\
        ;verzuim;;2025-K4;-1;10;\n\
        ;verzuim;;2025-K3;veel;10;\n\
        ;meldingen;;2026-K1;1;10;\n\
        ;meldingen;;2026-K1;1;10;\n";
    let (page, _) = upload(&site, &author, "cijfers.csv", bad.as_bytes()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let found = faults(&page);
    for (cell, expected) in [
        ("Cel A2", "mag u geen cijfers aanleveren"),
        ("Cel B3", "Bedoelde u \"verzuim\""),
        ("Cel C4", "gold versie 2 van de definitie, niet 1"),
        ("Cel D5", "is geen kwartaal"),
        ("Cel E6", "groter dan de noemer"),
        ("Cel E7", "is negatief"),
        ("Cel E8", "\"veel\" is geen getal"),
        ("Cel B10", "het staat ook in cel B9"),
    ] {
        assert!(found.get(cell).is_some_and(|it| it.contains(expected)), "{cell} {expected}: {found:?}");
    }
    assert_eq!(delivered(&site).await, 0);

    let (_, to) = upload(&site, &author, "cijfers.csv", GOOD.as_bytes()).await;
    assert!(to.starts_with("/aanleveren/"), "{to}");
    let page = author.page(&to).await;
    assert!(page.select(".kind").contains(&"Concept".to_owned()), "{:?}", page.select("main"));
    assert!(page.select("tbody td").contains(&"72 van 1.000".to_owned()), "{:?}", page.select("tbody td"));
    assert!(page.select(".panel").concat().contains("U leverde dit zelf aan"));
    // Nobody sees a concept, and strangers not even that it is there.
    assert!(measurement::series(site.store(), "verzuim", None).await.unwrap().is_empty());
    assert_eq!(stranger.page(&to).await.status, StatusCode::NOT_FOUND);
    assert_eq!(act(&stranger, &to, "akkoord", &[]).await, StatusCode::NOT_FOUND);
    assert_eq!(act(&author, &to, "akkoord", &[]).await, StatusCode::FORBIDDEN);
    assert_eq!(act(&second, &to, "vrijgeven", &[]).await, StatusCode::CONFLICT);
    assert_eq!(act(&second, &to, "akkoord", &[("versie", "7")]).await, StatusCode::CONFLICT);
    assert_eq!(act(&second, &to, "akkoord", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&author, &to, "vrijgeven", &[]).await, StatusCode::SEE_OTHER);
    site.settle().await;
    let series = measurement::series(site.store(), "verzuim", None).await.unwrap();
    let figures: Vec<_> = series.figures().collect();
    let [figure] = figures[..] else { panic!("{series:?}") };
    assert_eq!((figure.numerator, figure.denominator, figure.version), (Some(72.0), Some(1000.0), 1));
    // The quarter ended 30 September; 60 days to deliver and 10 of embargo end on 9 December.
    assert!(now() < figure.visible_from, "{figure:?}");
    let page = author.page(&to).await;
    assert!(
        page.select("main li").iter().any(|it| it.contains("Tot en met 9 december 2026")),
        "{:?}",
        page.select("main li")
    );
    assert_eq!(act(&author, &to, "intrekken", &[]).await, StatusCode::CONFLICT);

    // The same file again leads to where it is.
    let (_, again) = upload(&site, &author, "ander.csv", GOOD.as_bytes()).await;
    assert_eq!(again, format!("{to}?al=1"));
    assert_eq!(delivered(&site).await, 1);
    // The same figures in another file are nothing to deliver.
    let (page, _) = upload(&site, &author, "cijfers.csv", GOOD.replace("Q3 2026", "2026-K3").as_bytes()).await;
    assert!(faults(&page).values().any(|it| it.contains("staan er al precies zo")), "{:?}", faults(&page));
    site.settle().await;
}

#[tokio::test]
async fn what_changes_needs_a_reason_and_nothing_is_lost() {
    let site = site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let coordinator = site.as_user(&[grant(AccountRole::NetworkCoordinator, Scope::Network("kring".into()))]).await;
    let (_, to) = upload(&site, &author, "a.csv", GOOD.as_bytes()).await;
    assert_eq!(act(&coordinator, &to, "akkoord", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&coordinator, &to, "vrijgeven", &[]).await, StatusCode::SEE_OTHER);

    let other = GOOD.replace(";72;", ";75;");
    let (_, to) = upload(&site, &author, "b.csv", other.as_bytes()).await;
    let page = author.page(&to).await;
    let cells = page.select("tbody td");
    assert!(cells.contains(&"7,2".to_owned()) && cells.contains(&"+0,3".to_owned()), "{cells:?}");
    assert_eq!(page.select("tbody tr").len(), 1, "what stands already is left out");
    assert_eq!(act(&coordinator, &to, "akkoord", &[]).await, StatusCode::CONFLICT);
    assert_eq!(act(&author, &to, "reden", &[("reden", "Drie dagen waren niet geteld.")]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&coordinator, &to, "akkoord", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&coordinator, &to, "vrijgeven", &[]).await, StatusCode::SEE_OTHER);
    let history = measurement::history(site.store(), "voorbeeldzorg", "verzuim").await.unwrap();
    let of: Vec<_> =
        history.iter().map(|it| (it.version, it.is_current, it.measurement.numerator, it.measurement.state)).collect();
    assert_eq!(of, [(1, false, Some(72.0), State::Reported), (2, true, Some(75.0), State::Restated)]);

    // What was withdrawn can be sent again.
    let third = GOOD.replace("Q3 2026", "2026-K2").replace("3e kwartaal", "2e kwartaal");
    let (_, to) = upload(&site, &author, "d.csv", third.as_bytes()).await;
    assert_eq!(act(&author, &to, "intrekken", &[]).await, StatusCode::SEE_OTHER);
    let (_, again) = upload(&site, &author, "d.csv", third.as_bytes()).await;
    assert!(again != to && !again.contains("al=1"), "{again}");
    site.settle().await;
}

async fn close(site: &TestApp, network: &str, period: &str) {
    let write = site.store().write().await.unwrap();
    let ids = store::catalogue::get_in(&write).await.unwrap().1;
    store::comparison_closing::insert(&write, &ids, network, period, "voorbeeld", now()).await.unwrap();
    write.commit_apart().await.unwrap();
}

/// A member of two networks delivers once: what one closed is no matter for the other.
#[tokio::test]
async fn a_closed_period_asks_for_a_reason_where_no_network_is_open() {
    let site = site().await;
    let mut library = Library::default();
    let network = |slug: &str, name: &str, member: Value, deadlines: Value| {
        let value = json!({ "slug": slug, "naam": name, "leden": [member], "aanleveren": deadlines });
        Item::from_value(ItemKind::Network, value.as_object().unwrap().clone()).unwrap()
    };
    let quarterly = || json!([{ "periode": "kwartaal", "dagen": 60 }]);
    let now_member = || json!({ "organisatie": "voorbeeldzorg" });
    library.catalogue.push(network("tweede", "Tweede kring", now_member(), quarterly()));
    let left = json!({ "organisatie": "voorbeeldzorg", "tot": "2025" });
    library.catalogue.push(network("oud", "Oude kring", left, quarterly()));
    let yearly = json!([{ "periode": "jaar", "dagen": 60 }]);
    library.catalogue.push(network("jaarlijks", "Jaarkring", now_member(), yearly));
    site.take_in(&library).await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let coordinator = site.as_user(&[grant(AccountRole::NetworkCoordinator, Scope::Network("kring".into()))]).await;
    let file = |value: usize| GOOD.replace(";72;", &format!(";{value};"));

    close(&site, "kring", "2026-K3").await;
    let (page, to) = upload(&site, &author, "a.csv", file(72).as_bytes()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "the other network waits for it: {:?}", faults(&page));
    let id = leerkring::domain::id::DeliveryId::stored(to.rsplit('/').next().unwrap().to_owned());
    let delivery = store::delivery::get(site.store(), &id).await.unwrap().unwrap();
    assert_eq!(delivery.network.as_deref(), Some("tweede"));

    // Closed while it waited: a reason, then it goes on.
    close(&site, "tweede", "2026-K3").await;
    assert_eq!(act(&coordinator, &to, "akkoord", &[]).await, StatusCode::CONFLICT);
    let told = author.page(&to).await.select(".errors").concat();
    assert!(told.contains("3e kwartaal 2026 is afgesloten in Voorbeeldkring en Tweede kring"), "{told}");
    assert!(author.page(&to).await.has("details[open] textarea[name=reden]"));
    assert_eq!(act(&author, &to, "reden", &[("reden", "De salarisverwerking was laat.")]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&coordinator, &to, "akkoord", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(&coordinator, &to, "vrijgeven", &[]).await, StatusCode::SEE_OTHER);

    // Everywhere closed: the answer says by whom and what to do, and doing it works.
    let (page, _) = upload(&site, &author, "b.csv", file(79).as_bytes()).await;
    let said = &faults(&page)["Cel B2"];
    for text in ["afgesloten in Voorbeeldkring en Tweede kring", "met de reden", "houdt de cijfers van toen"] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let fields = [("organisatie", "voorbeeldzorg"), ("wat", "bestand"), ("reden", "Zeven dagen waren niet geteld.")];
    let (page, to) = send(&site, &author, &fields, Some(("b.csv", file(79).as_bytes()))).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{:?}", faults(&page));
    let warned = author.page(&to).await.select(".notice").concat();
    assert!(warned.contains("3e kwartaal 2026 is afgesloten") && warned.contains("cijfers van toen"), "{warned}");
    for action in ["akkoord", "vrijgeven"] {
        assert_eq!(act(&coordinator, &to, action, &[]).await, StatusCode::SEE_OTHER);
    }
    let current = measurement::current_of(site.store(), "voorbeeldzorg").await.unwrap();
    let absence = current.iter().find(|it| it.measurement.indicator == "verzuim").unwrap();
    assert_eq!((absence.measurement.numerator, absence.version), (Some(79.0), 2));
    site.settle().await;
}

#[tokio::test]
async fn hostile_and_strange_files() {
    let site = site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Cijfers").unwrap();
    for (at, text) in ["indicator", "periode", "waarde"].iter().enumerate() {
        sheet.write_string(0, at as u16, *text).unwrap();
    }
    let good = book.save_to_buffer().unwrap();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Uitleg").unwrap();
    let sheet = book.add_worksheet().set_name("Cijfers").unwrap().set_hidden(true);
    sheet.write_string(0, 0, "indicator").unwrap();
    let hidden = book.save_to_buffer().unwrap();
    let macros = files::zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/vbaProject.bin", b"x")]);
    for (name, bytes, expected) in [
        ("half.xlsx", &good[..good.len() / 2], "beschadigd"),
        ("leeg.xlsx", &good[..], "nog geen enkel cijfer"),
        ("pdf.xlsx", b"%PDF-1.7\n1 0 obj", "een PDF"),
        ("macro.xlsm", &macros[..], "macro"),
        ("verborgen.xlsx", &hidden[..], "verborgen blad"),
        ("tekst.docx", &files::docx(&["Een brief"])[..], "geen werkblad"),
        ("oud.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "oud Excel-bestand"),
        ("leeg.csv", b"", "leeg"),
    ] {
        let (page, _) = upload(&site, &author, name, bytes).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{name}");
        let said = page.select(".errors").concat();
        assert!(said.contains(expected), "{name}: {said}");
    }
    let (page, _) = upload(&site, &author, "groot.csv", &vec![b'a'; (10 << 20) + 1]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.select("main").concat().contains("hoogstens 10 MB"), "{:?}", page.select("main"));
    let windows = encoding_rs::WINDOWS_1252
        .encode("indicator;periode;waarde;toelichting\nverzuim;2026-K3;7,2;geëvalueerd\n")
        .0
        .into_owned();
    let (_, to) = upload(&site, &author, "windows.csv", &windows).await;
    assert!(author.page(&to).await.select("tbody td").contains(&"geëvalueerd".to_owned()));
    assert_eq!(delivered(&site).await, 1);
    site.settle().await;
}

/// What the site hands out is filled in with another library and comes back whole.
#[tokio::test]
async fn a_template_comes_back() {
    let site = site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let page = author.page("/aanleveren").await;
    assert!(page.select("td").iter().any(|it| it == "29 november 2026"), "{:?}", page.select("td"));
    let path = "/aanleveren/sjabloon?organisatie=voorbeeldzorg&periode=2026-K3&vorm=xlsx";
    assert!(page.attr("td a", "href").contains(&path.to_owned()), "{:?}", page.attr("td a", "href"));
    let bytes = author.get(path).await.0.into_body().into_vec().await.unwrap();
    let extractor = Extractor::new(env!("CARGO_BIN_EXE_leerkring").into(), std::time::Duration::from_secs(60));
    let read = table::read(&extractor, bytes).await.unwrap();
    let names: Vec<&str> = read.sheets.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Uitleg", "Cijfers"]);
    let mut book = Workbook::new();
    for sheet in &read.sheets {
        let copy = book.add_worksheet().set_name(&sheet.name).unwrap();
        for row in &sheet.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let at = (row.number - 1, column as u16);
                match cell {
                    Cell::Number(value, _) => _ = copy.write_number(at.0, at.1, *value).unwrap(),
                    cell => _ = copy.write_string(at.0, at.1, cell.text()).unwrap(),
                }
            }
        }
    }
    let head = &read.sheets[1].rows[0].cells;
    let column = |name: &str| head.iter().position(|it| it.text() == name).unwrap() as u16;
    let (numerator, denominator, value, state) =
        (column("teller"), column("noemer"), column("waarde"), column("toestand"));
    let sheet = book.worksheet_from_name("Cijfers").unwrap();
    sheet.write_number(1, numerator, 72).unwrap();
    sheet.write_number(1, denominator, 1000).unwrap();
    sheet.write_string(2, state, "nvt").unwrap();
    sheet.write_number(3, value, 40.5).unwrap();
    let (page, to) = upload(&site, &author, "sjabloon.xlsx", &book.save_to_buffer().unwrap()).await;
    assert!(to.starts_with("/aanleveren/"), "{:?}", faults(&page));
    let page = author.page(&to).await;
    let rows = page.select("tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    for (at, expected) in [(0, "7,2 %"), (1, "niet van toepassing"), (2, "Niveau 1")] {
        assert!(rows[at].contains(expected), "{rows:?}");
    }
    let csv = author.get("/aanleveren/sjabloon?organisatie=voorbeeldzorg&periode=2026-K3&vorm=csv").await;
    assert!(csv.0.into_body().into_vec().await.unwrap().starts_with(b"\xef\xbb\xbforganisatie;indicator;"));
    site.settle().await;
}

#[tokio::test]
async fn a_few_figures_without_a_file() {
    let site = site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let head = [
        ("organisatie", "voorbeeldzorg"),
        ("wat", "cijfers"),
        ("indicator-1", "Ziekteverzuim"),
        ("periode-1", "2026-K3"),
    ];
    let (page, _) = send(&site, &author, &[&head[..], &[("waarde-1", "zeven")]].concat(), None).await;
    assert!(faults(&page)["Regel 1, waarde"].contains("\"zeven\" is geen getal"), "{:?}", faults(&page));
    assert_eq!(page.attr("#waarde-1", "value"), ["zeven"]);
    let (_, to) = send(&site, &author, &[&head[..], &[("waarde-1", "72 %")]].concat(), None).await;
    let page = author.page(&to).await;
    assert!(page.select(".notice").concat().contains("buiten wat we verwachten"), "{:?}", page.select(".notice"));
    let forged = site.client.post("/aanleveren").header("cookie", author.cookie());
    let forged = forged.content_type(format!("multipart/form-data; boundary={EDGE}"));
    let answer = forged.body(form(&[("form_token", "onzin")], None)).send().await;
    assert_eq!(answer.0.status(), StatusCode::FORBIDDEN);
    site.settle().await;
}

#[tokio::test]
async fn a_program_delivers() {
    let site = site().await;
    let account = site.account(&[lead("voorbeeldzorg")]).await;
    let token = site.api_token(&account, TokenScope::Write).await;
    let second = site.account(&[lead("voorbeeldzorg")]).await;
    let second = site.api_token(&second, TokenScope::Write).await;
    let other = site.account(&[lead("verzorghuis")]).await;
    let other = site.api_token(&other, TokenScope::Write).await;
    let ask = async |token: &str, path: &str, body: Value| -> (StatusCode, Value) {
        let request = site.client.post(path).header("authorization", format!("Bearer {token}"));
        let answer = request.content_type("application/json").body(body.to_string()).send().await;
        let status = answer.0.status();
        let text = answer.0.into_body().into_string().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    };
    let list = "/api/v1/aanleveringen";
    let bad = json!({ "organisatie": "voorbeeldzorg", "metingen": [
        { "indicator": "verzium", "periode": "2026-K3", "waarde": 7 },
        { "indicator": "verzuim", "periode": "ooit", "waarde": "veel" },
        { "indicator": "verzuim", "periode": "2026-K3", "teller": 11, "noemer": 10 },
    ] });
    let (status, said) = ask(&token, list, bad).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
    let said = said["fouten"].to_string();
    for expected in ["metingen 1, indicator", "metingen 2, periode", "metingen 2, waarde", "metingen 3, teller"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let good = json!({ "organisatie": "voorbeeldzorg", "metingen": [
        { "indicator": "verzuim", "periode": "2026-K3", "teller": 72, "noemer": 1000 },
    ] });
    assert_eq!(ask(&other, list, good.clone()).await.0, StatusCode::FORBIDDEN);
    let (status, said) = ask(&token, list, good.clone()).await;
    assert_eq!((status, &said["stand"]), (StatusCode::CREATED, &json!("concept")), "{said}");
    let (status, same) = ask(&token, list, good).await;
    assert_eq!((status, &same["id"]), (StatusCode::OK, &said["id"]), "{same}");
    let one = format!("{list}/{}", said["id"].as_str().unwrap());
    assert_eq!(ask(&token, &format!("{one}/akkoord"), json!({})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(ask(&other, &format!("{one}/akkoord"), json!({})).await.0, StatusCode::NOT_FOUND);
    let (status, said) = ask(&second, &format!("{one}/akkoord"), json!({})).await;
    assert_eq!((status, &said["stand"]), (StatusCode::OK, &json!("akkoord")), "{said}");
    let (status, said) = ask(&token, &format!("{one}/vrijgave"), json!({})).await;
    assert_eq!((status, &said["stand"]), (StatusCode::OK, &json!("vrijgegeven")), "{said}");
    site.settle().await;
    assert_eq!(measurement::series(site.store(), "verzuim", None).await.unwrap().len(), 1);

    for (csv, expected) in [
        ("indicator;periode;waarde\nmeldingen;2026-K3;veel\n", StatusCode::BAD_REQUEST),
        ("indicator;periode;teller;noemer\nmeldingen;2026-K3;1;1000\n", StatusCode::CREATED),
    ] {
        let request =
            site.client.post("/api/v1/aanleveringen/bestand").header("authorization", format!("Bearer {token}"));
        let request = request.content_type(format!("multipart/form-data; boundary={EDGE}"));
        let body = form(&[("organisatie", "voorbeeldzorg")], Some(("a.csv", csv.as_bytes())));
        assert_eq!(request.body(body).send().await.0.status(), expected);
    }
    site.settle().await;
}

/// Who delivered nothing is reminded two weeks and three days before the last day, once each.
#[tokio::test]
async fn who_is_late_is_reminded() {
    let site = site().await;
    site.account(&[lead("voorbeeldzorg")]).await;
    site.account(&[lead("buurzorghuis")]).await;
    site.account(&[lead("verzorghuis")]).await;
    let job = Publishing { store: site.store().clone(), site: "https://leerkring.example".into() };
    let mails = async || -> Vec<String> {
        let mut keys: Vec<String> =
            store::mail::latest(site.store(), 100).await.unwrap().into_iter().map(|it| it.subject).collect();
        keys.sort();
        keys
    };
    // The last day is 29 November.
    for (day, expected) in [(-10, 0), (-7, 2), (-6, 2), (4, 4), (5, 4), (9, 4)] {
        job.remind(now() + Duration::days(day)).await;
        assert_eq!(mails().await.len(), expected, "{day}: {:?}", mails().await);
    }
    // Figures of another period are not those that are due; a concept of this one is.
    let again = self::site().await;
    let author = again.as_user(&[lead("voorbeeldzorg")]).await;
    let job = Publishing { store: again.store().clone(), site: "https://leerkring.example".into() };
    let earlier = GOOD.replace("Q3 2026", "2026-K2").replace("3e kwartaal", "2e kwartaal");
    upload(&again, &author, "eerder.csv", earlier.as_bytes()).await;
    job.remind(now() + Duration::days(-7)).await;
    let count = async || store::mail::latest(again.store(), 100).await.unwrap().len();
    assert_eq!(count().await, 1, "something else came in");
    let (_, to) = upload(&again, &author, "nu.csv", GOOD.as_bytes()).await;
    job.remind(now() + Duration::days(4)).await;
    assert_eq!(count().await, 1, "it came in");
    assert_eq!(act(&author, &to, "intrekken", &[]).await, StatusCode::SEE_OTHER);
    job.remind(now() + Duration::days(5)).await;
    assert_eq!(count().await, 2, "it was withdrawn");
    again.settle().await;

    let text = store::mail::latest(site.store(), 1).await.unwrap().remove(0).body;
    assert!(text.contains("29 november 2026") && text.contains("https://leerkring.example/aanleveren"), "{text}");
    site.settle().await;
}

#[test]
fn a_file_at_the_command_line() {
    let program = Program::new();
    program.write(
        "content/organisaties.toml",
        "[[organisatie]]\nslug = \"voorbeeldzorg\"\nnaam = \"Voorbeeldzorg (fictief)\"\nsoort = \"zorgaanbieder\"\n",
    );
    program.write(
        "content/indicatoren/verzuim.toml",
        "[[indicator]]\nslug = \"verzuim\"\nnaam = \"Ziekteverzuim\"\ngroep = \"verzuim\"\nsoort = \"aandeel\"\neenheid = \"%\"\nfactor = 100\n\
         richting = \"lager\"\nperiode = \"kwartaal\"\nniveau = \"organisatie\"\ngevoeligheid = \"gewoon\"\nwaarom = \"Voorbeeld.\"\n\n\
         [[indicator.definities]]\nversie = \"1\"\nteller = \"ziektedagen\"\nnoemer = \"dagen\"\n",
    );
    let done = program.run(&["import"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    program.write("fout.csv", "indicator;periode;waarde\nverzuim;2024-K3;veel\nverzium;2024-K3;7\n");
    program.write("goed.csv", "indicator;periode;waarde\nverzuim;2024-K3;7,2\n");
    let deliver = |file: &str, more: &[&str]| {
        let file = program.path(file);
        let arguments = ["aanleveren", file.to_str().unwrap(), "--organisatie", "voorbeeldzorg"];
        program.run(&[&arguments[..], more].concat())
    };
    let done = deliver("fout.csv", &[]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("Cel C2: \"veel\" is geen getal") && done.err.contains("Cel A3"), "{done:?}");
    assert!(done.err.contains("2 fouten in") && done.err.contains("er is niets opgeslagen"), "{done:?}");
    let done = deliver("goed.csv", &["--dry-run"]);
    assert!(done.code == Some(0) && done.out.contains("Proef: er is niets opgeslagen. 1 cijfer."), "{done:?}");
    let done = deliver("goed.csv", &[]);
    assert!(done.code == Some(0) && done.out.contains("als concept opgeslagen"), "{done:?}");
    let done = deliver("goed.csv", &[]);
    assert!(done.code == Some(0) && done.out.contains("was al aangeleverd"), "{done:?}");
    let done = deliver("nergens.csv", &[]);
    assert!(done.code == Some(2) && done.err.contains("niet te lezen"), "{done:?}");
}
