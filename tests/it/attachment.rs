//! Files of documents: taken in with them, shown, sent to who may read them, and given back byte for byte.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::Days;
use image::ImageFormat;
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::attachment::Attachment;
use leerkring::exchange::{self, attachment, export};
use leerkring::store::attachment::{Page, State};
use leerkring::store::record::{self, Found};
use leerkring::store::{self, blob};
use leerkring::workflow;
use leerkring::workflow::library::Action;
use poem::http::StatusCode;
use tempfile::TempDir;

use crate::files;
use crate::harness::{self, TestApp, grant, now};
use crate::program::Program;

/// A folder with one document that names these files, each with more lines.
fn content(name: &str, lines: &str, named: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = named
        .iter()
        .map(|(file, _)| format!("\n[[bijlagen]]\nbestand = \"bijlagen/{name}/{file}\"\ntitel = \"Het stuk {file}\"\n"))
        .collect();
    let listed = |slug, name| {
        format!("[[organisatie]]\nslug = \"{slug}\"\nnaam = \"{name} (fictief)\"\nsoort = \"zorgaanbieder\"\n\n")
    };
    let lists = listed("voorbeeldzorg", "Voorbeeldzorg") + &listed("voorbeeldbuur", "Voorbeeldbuur");
    put(folder.path(), "organisaties.toml", lists.as_bytes());
    let text = format!("+++\ntitel = \"Titel\"\nsamenvatting = \"Kort.\"\n{lines}{rows}+++\n");
    put(folder.path(), &format!("verbeterplannen/{name}.md"), text.as_bytes());
    for (file, bytes) in named {
        put(folder.path(), &format!("bijlagen/{name}/{file}"), bytes);
    }
    folder
}

fn put(folder: &Path, file: &str, bytes: &[u8]) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

async fn attached(site: &TestApp, slug: &str) -> Vec<Attachment> {
    match record::get(site.store(), &Actor::System, slug).await.unwrap() {
        Some(Found::Here(stored)) => stored.record.common.attachments,
        other => panic!("{other:?}"),
    }
}

fn every_kind() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("plan.pdf", files::pdf(&["Het rooster van de afdeling", "Tweede bladzijde"])),
        ("verslag één.docx", files::docx(&["Verslag van de bijeenkomst"])),
        ("cijfers.xlsx", files::xlsx(&[("Verzuim", "Acht procent")])),
        ("verhaal.pptx", files::pptx(&["Samen leren", "Dank u"])),
        ("foto.jpg", files::photograph()),
        ("plaat.png", files::picture(ImageFormat::Png)),
        ("schets.webp", files::picture(ImageFormat::WebP)),
    ]
}

#[tokio::test]
async fn every_kind_of_file_is_taken_in_shown_and_sent() {
    let site = TestApp::empty().await;
    let named = every_kind();
    site.import(content("plan", "", &named).path()).await.unwrap_or_else(|error| panic!("{error:?}"));

    let page = site.page("/kennisbank/plan").await;
    assert_eq!(page.select("#bijlagen li a").len(), named.len());
    assert_eq!(page.select("#bijlagen li:nth-child(1) .note"), ["PDF, 1 kB, 2 pagina’s"]);
    assert_eq!(page.select("#bijlagen li:nth-child(4) .note"), ["PowerPoint, 1 kB, 2 dia’s"]);
    let links = page.attr("#bijlagen li a", "href");
    for ((name, bytes), link) in named.iter().zip(&links) {
        let answer = site.get(link).await;
        answer.assert_status(StatusCode::OK);
        answer.assert_header("x-content-type-options", "nosniff");
        answer.assert_header("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        answer.assert_header("cache-control", "no-cache");
        let disposition = answer.0.header("content-disposition").unwrap().to_owned();
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        let sent = answer.0.into_body().into_vec().await.unwrap();
        if name.ends_with("pdf") || name.ends_with('x') {
            assert!(sent == *bytes, "{name} came back as another file");
        }
    }
    let second = site.get(&links[1]).await;
    second.assert_header(
        "content-disposition",
        "attachment; filename=\"verslag __n.docx\"; filename*=UTF-8''verslag%20%C3%A9%C3%A9n.docx",
    );

    let answer = site.get("/api/v1/documenten/plan").await;
    let answer = answer.json().await;
    let listed = answer.value().object().get("bijlagen").array();
    listed.assert_len(named.len());
    let first = listed.get(0).object();
    first.get("naam").assert_string("plan.pdf");
    first.get("soort").assert_string("application/pdf");
    first.get("url").assert_string("/kennisbank/plan/bijlagen/plan.pdf");
    site.settle().await;
}

#[tokio::test]
async fn the_text_of_a_file_is_kept_by_page() {
    let site = TestApp::empty().await;
    site.import(content("plan", "", &every_kind()).path()).await.unwrap();
    let attached = attached(&site, "plan").await;
    let hashes: Vec<&str> = attached.iter().map(|it| it.file.as_str()).collect();
    let pages = store::attachment::pages(site.store(), &hashes).await.unwrap();
    let page = |number, label: &str, text: &str| Page { number, label: label.into(), text: text.into() };
    let expected = [
        vec![page(1, "p. 1", "Het rooster van de afdeling"), page(2, "p. 2", "Tweede bladzijde")],
        vec![page(1, "", "Verslag van de bijeenkomst")],
        vec![page(1, "werkblad Verzuim", "Acht procent")],
        vec![page(1, "dia 1", "Samen leren"), page(2, "dia 2", "Dank u")],
    ];
    for (hash, expected) in hashes.iter().zip(expected) {
        assert_eq!(pages[*hash], expected);
    }
    let kept = store::attachment::by_hashes(site.store(), &hashes).await.unwrap();
    assert_eq!(kept[hashes[0]].state, State::Whole);
    assert_eq!(kept[hashes[4]].state, State::Silent);
    site.settle().await;
}

#[tokio::test]
async fn files_come_back_byte_for_byte() {
    let site = TestApp::empty().await;
    site.import(content("plan", "", &every_kind()).path()).await.unwrap();
    let first = tempfile::tempdir().unwrap();
    let library = export::library(site.store()).await.unwrap();
    let count = export::write(&library, &site.app.intake.blobs, first.path()).unwrap();
    assert_eq!(count, 2 + 7);

    // The same site finds nothing new; another one makes the same of it.
    let again = site.import(first.path()).await.unwrap();
    assert_eq!((again.count(Action::Create), again.count(Action::Update)), (0, 0));
    let other = TestApp::empty().await;
    other.import(first.path()).await.unwrap();
    assert!(export::library(other.store()).await.unwrap() == library);
    let second = tempfile::tempdir().unwrap();
    export::write(&library, &other.app.intake.blobs, second.path()).unwrap();
    assert!(harness::files(first.path()) == harness::files(second.path()));
    site.settle().await;
    other.settle().await;
}

#[tokio::test]
async fn where_a_photograph_was_taken_is_gone() {
    let photograph = files::photograph();
    assert!(files::holds(&photograph, b"GPS") && files::holds(&photograph, b"Voorbeeldstraat"));
    let site = TestApp::empty().await;
    site.import(content("plan", "", &[("foto.jpg", photograph.clone())]).path()).await.unwrap();
    let sent = site.get("/kennisbank/plan/bijlagen/foto.jpg").await.0.into_body().into_vec().await.unwrap();
    assert!(image::load_from_memory(&sent).is_ok());
    assert!(!files::holds(&sent, b"GPS") && !files::holds(&sent, b"Exif") && !files::holds(&sent, b"Voorbeeldstraat"));
    assert_eq!(site.app.intake.blobs.read(&blob::hash(&photograph)).unwrap(), None, "the first bytes are kept");
    site.settle().await;
}

/// A file is sent to who may read the document, and only as long as its live version names it.
#[tokio::test]
async fn a_file_is_as_hidden_as_its_document() {
    let site = TestApp::empty().await;
    let file = || vec![("plan.pdf", files::pdf(&["Tekst"]))];
    let led = "[[organisaties]]\norganisatie = \"voorbeeldzorg\"\nrol = \"trekker\"\n";
    for (slug, lines) in [
        ("open", "oude_slugs = [\"vroeger\"]\n".to_owned()),
        ("van-het-netwerk", format!("zichtbaarheid = \"netwerk\"\n\n{led}")),
        ("van-ons", format!("zichtbaarheid = \"organisatie\"\n\n{led}")),
        ("ingetrokken", "status = \"ingetrokken\"\n".to_owned()),
        ("in-de-maak", "status = \"concept\"\n".to_owned()),
    ] {
        site.import(content(slug, &lines, &file()).path()).await.unwrap_or_else(|error| panic!("{slug}: {error:?}"));
    }
    let status = async |path: &str| site.get(path).await.0.status();
    assert_eq!(status("/kennisbank/open/bijlagen/plan.pdf").await, StatusCode::OK);
    for slug in ["van-het-netwerk", "van-ons", "ingetrokken", "in-de-maak", "bestaat-niet"] {
        assert_eq!(status(&format!("/kennisbank/{slug}/bijlagen/plan.pdf")).await, StatusCode::NOT_FOUND, "{slug}");
    }
    // Who belongs to the organisation reads both hidden ones; somebody of another reads neither.
    let organisation = |slug: &str| Scope::Organisation(slug.into());
    let own = site.as_user(&[grant(AccountRole::Reader, organisation("voorbeeldzorg"))]).await;
    let other = site.as_user(&[grant(AccountRole::Reader, organisation("voorbeeldbuur"))]).await;
    for slug in ["van-het-netwerk", "van-ons"] {
        let path = format!("/kennisbank/{slug}/bijlagen/plan.pdf");
        let answer = own.get(&path).await;
        answer.assert_status(StatusCode::OK);
        answer.assert_header("cache-control", "no-store");
        answer.assert_header("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        assert_eq!(other.get(&path).await.0.status(), StatusCode::NOT_FOUND);
    }
    let hash = attached(&site, "open").await[0].file.clone();
    for name in ["ander.pdf", "PLAN.pdf", &hash, "..%2F..%2Fleerkring.db", "%00"] {
        assert_eq!(status(&format!("/kennisbank/open/bijlagen/{name}")).await, StatusCode::NOT_FOUND, "{name}");
    }
    let moved = site.get("/kennisbank/vroeger/bijlagen/plan.pdf").await;
    moved.assert_header("location", "/kennisbank/open/bijlagen/plan.pdf");

    // The next version names it no more.
    site.import(content("open", "", &[("nieuw.pdf", files::pdf(&["Nieuw"]))]).path()).await.unwrap();
    assert_eq!(status("/kennisbank/open/bijlagen/plan.pdf").await, StatusCode::NOT_FOUND);
    assert_eq!(status("/kennisbank/open/bijlagen/nieuw.pdf").await, StatusCode::OK);
    site.settle().await;
}

/// A word that stands in a file only is found, with the page it stands on.
#[tokio::test]
async fn a_word_in_a_file_is_found_with_its_page() {
    let site = TestApp::empty().await;
    let text: Vec<String> =
        (1..=20).map(|at| format!("Op deze bladzijde staat weinig bijzonders, nummer {at}.")).collect();
    let mut pages: Vec<&str> = text.iter().map(String::as_str).collect();
    pages[13] = "De bewoners kiezen zelf een hometrainer, en de nachtrust wordt beter.";
    let named = [
        ("rapport.pdf", files::pdf(&pages)),
        ("verhaal.pptx", files::pptx(&["Samen", "Onze valkuilen in het ziekteverzuim"])),
    ];
    let parts = "[[woordenlijst]]\nslug = \"delen\"\nnaam = \"Delen\"\ngebruik = \"deel\"\nwoorden = [\"ziekte\", \"verzuim\"]\n";
    let folder = content("plan", "", &named);
    put(folder.path(), "lexicon/woordenlijsten.toml", parts.as_bytes());
    site.import(folder.path()).await.unwrap();
    let hidden = "status = \"concept\"\n";
    site.import(content("in-de-maak", hidden, &[("a.pdf", files::pdf(&["De hometrainer staat stil"]))]).path())
        .await
        .unwrap();
    site.settle().await;

    for (question, fragment, place, link) in [
        ("hometrainer", "zelf een hometrainer, en", "In bijlage Het stuk rapport.pdf, p. 14", "rapport.pdf"),
        ("hometrainers nachtrust", "de nachtrust wordt beter", "In bijlage Het stuk rapport.pdf, p. 14", "rapport.pdf"),
        ("valkuil", "Onze valkuilen", "In bijlage Het stuk verhaal.pptx, dia 2", "verhaal.pptx"),
        ("verzuim", "ziekteverzuim", "In bijlage Het stuk verhaal.pptx, dia 2", "verhaal.pptx"),
    ] {
        let page = site.page(&format!("/zoeken?q={}", question.replace(' ', "+"))).await;
        assert_eq!(page.select(".card").len(), 1, "{question}");
        assert!(
            page.select(".card .fragment")[0].contains(fragment),
            "{question}: {:?}",
            page.select(".card .fragment")
        );
        assert!(page.has(".card .fragment mark"), "{question}");
        assert_eq!(page.select(".card .note"), [place], "{question}");
        assert_eq!(page.attr(".card .note a", "href"), [format!("/kennisbank/plan/bijlagen/{link}")]);
    }
    // What the document itself says better needs no file.
    let page = site.page("/zoeken?q=titel").await;
    assert!(!page.has(".card .note"));

    let answer = site.get("/api/v1/documenten?q=hometrainer").await.json().await;
    let found = answer.value().object().get("documenten").array();
    found.assert_len(1);
    let place = found.get(0).object().get("vindplaats").object();
    place.get("bijlage").assert_string("Het stuk rapport.pdf");
    place.get("plaats").assert_string("p. 14");
    place.get("url").assert_string("/kennisbank/plan/bijlagen/rapport.pdf");

    // The next version has no such file: nothing is found in it any more.
    site.import(content("plan", "", &[]).path()).await.unwrap();
    site.settle().await;
    assert!(!site.page("/zoeken?q=hometrainer").await.has(".card"));
}

/// What is wrong with a file or with how it is named comes with its place, and nothing is stored.
#[tokio::test]
async fn faults_of_files_are_told_with_their_place() {
    let md = "verbeterplannen/plan.md";
    let row = |lines: &str| format!("+++\ntitel = \"T\"\nsamenvatting = \"K\"\n\n[[bijlagen]]\n{lines}\n+++\n");
    let fine = "titel = \"A\"\nbestand = ";
    for (text, file, line, expected) in [
        (row(&format!("{fine}\"bijlagen/niet.pdf\"")), md, 7, "het bestand \"bijlagen/niet.pdf\" is er niet"),
        (row(&format!("{fine}\"/etc/passwd\"")), md, 7, "is geen pad vanaf de map met inhoud"),
        (row(&format!("{fine}\"bijlagen/../plan.pdf\"")), md, 7, "is geen pad"),
        (row(&format!("{fine}\"bijlagen/a.exe\"")), md, 7, "kan geen bijlage zijn; toegestaan: PDF"),
        (row(&format!("{fine}\"bijlagen/goed.pdf\"\nomvang = 3")), md, 8, "\"omvang\" volgt uit het bestand"),
        (row("bestand = \"bijlagen/goed.pdf\""), md, 5, "\"titel\" ontbreekt"),
        (row("titel = \"A\""), md, 5, "\"bestand\" ontbreekt"),
        (row(&format!("{fine}\"bijlagen/stuk.pdf\"")), "bijlagen/stuk.pdf", 1, "kennen we niet"),
        (row(&format!("{fine}\"bijlagen/bsn.pdf\"")), "bijlagen/bsn.pdf", 1, "\"111222333\" in het bestand (p. 2)"),
        (row(&format!("{fine}\"bijlagen/goed.pdf\"")), "bijlagen/stuk.pdf", 1, "geen document noemt dit bestand"),
    ] {
        let site = TestApp::empty().await;
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), md, text.as_bytes());
        put(folder.path(), "bijlagen/goed.pdf", &files::pdf(&["Goed"]));
        put(folder.path(), "bijlagen/bsn.pdf", &files::pdf(&["Niets", "nummer 111222333 van"]));
        put(folder.path(), "bijlagen/stuk.pdf", b"zomaar tekst");
        let Err(exchange::Error::Faults(faults)) = site.import(folder.path()).await else { panic!("{text}") };
        let found = faults.iter().any(|it| it.file == Path::new(file) && it.line == line && it.text.contains(expected));
        assert!(found, "{expected}: {faults:?}");
        assert_eq!(record::count(site.store()).await.unwrap(), 0);
    }
}

/// What nothing names is kept for some days, and then swept away.
#[tokio::test]
async fn what_nothing_names_is_swept_away() {
    let site = TestApp::empty().await;
    let (store, intake) = (site.store(), &site.app.intake);
    site.import(content("plan", "", &[("a.pdf", files::pdf(&["Een"]))]).path()).await.unwrap();
    // The next version names another: the first is named by the version before it.
    site.import(content("plan", "", &[("b.pdf", files::pdf(&["Twee"]))]).path()).await.unwrap();
    let loose = files::pdf(&["Los"]);
    let loose = attachment::receive(store, intake, &Actor::System, loose, "los.pdf", now()).await.unwrap();
    assert_eq!(loose.title, "los");
    let mut half = intake.blobs.incoming().unwrap();
    half.write(b"half").unwrap();

    let review = async |days, sweep| {
        let moment = now().checked_add_days(Days::new(days)).unwrap();
        workflow::attachment::review(store, &intake.blobs, moment, sweep).await.unwrap()
    };
    assert_eq!(review(6, true).await, workflow::attachment::Review::default());
    let found = review(8, false).await;
    assert_eq!((found.lost, found.unused), (vec![], vec![loose.file.clone()]));
    assert_eq!(review(8, true).await.unused, std::slice::from_ref(&loose.file));
    assert!(!intake.blobs.has(&loose.file));
    assert_eq!(store::attachment::get(store, &loose.file).await.unwrap(), None);
    assert_eq!(intake.blobs.list().unwrap().len(), 2);
    assert_eq!(review(8, false).await.unused, [] as [String; 0]);

    // Received again, it is back.
    let again =
        attachment::receive(store, intake, &Actor::System, files::pdf(&["Los"]), "los.pdf", now()).await.unwrap();
    assert_eq!(again, loose);
    assert!(intake.blobs.has(&loose.file));

    // Bytes that are gone are found.
    let named = attached(&site, "plan").await[0].file.clone();
    intake.blobs.remove(&named).unwrap();
    assert_eq!(review(0, false).await.lost, [named]);
    site.settle().await;
}

#[tokio::test]
async fn nobody_unknown_sends_a_file() {
    let site = TestApp::empty().await;
    let file = files::pdf(&["Tekst"]);
    let done = attachment::receive(site.store(), &site.app.intake, &Actor::Anonymous, file, "a.pdf", now()).await;
    let error = done.unwrap_err();
    assert!(matches!(error, exchange::Error::Workflow(workflow::Error::Denied(_))), "{error:?}");
    assert_eq!(site.app.intake.blobs.list().unwrap(), []);
}

/// Killed at any moment, an import leaves whole files under their names, and no row without its file.
#[tokio::test]
async fn an_import_with_files_that_is_killed_leaves_no_half_file() {
    let program = Program::with_content();
    let text: Vec<String> = (0..400).map(|at| format!("Bladzijde {at} van een lang stuk")).collect();
    let pages: Vec<&str> = text.iter().map(String::as_str).collect();
    let names: Vec<String> = (0..6).map(|at| format!("stuk-{at}.pdf")).collect();
    let named: Vec<(&str, Vec<u8>)> =
        names.iter().enumerate().map(|(at, name)| (name.as_str(), files::pdf(&pages[at..]))).collect();
    let folder = content("plan", "", &named);
    for wait in [60, 150, 250, 400, 600, 900] {
        let arguments = ["import", folder.path().to_str().unwrap()];
        let mut child = program.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = program.path("data/bijlagen");
        let whole = if kept.exists() { harness::files(&kept) } else { vec![] };
        for (path, bytes) in whole.iter().filter(|it| !it.0.starts_with("inkomend")) {
            assert_eq!(path.file_name().unwrap().to_str().unwrap(), blob::hash(bytes), "a half file after {wait} ms");
        }
    }
    let done = program.run(&["import", folder.path().to_str().unwrap()]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(program.serve(&[]).stop().0, Some(0));
    let check = program.run(&["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
}
