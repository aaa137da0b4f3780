//! Content folders in and out: nothing is lost, nothing is changed, and one fault stores nothing.

use std::fs;
use std::path::Path;

use leerkring::domain::actor::Actor;
use leerkring::domain::library::Library;
use leerkring::exchange::{self, FileFault, content_dir, export};
use leerkring::store::record::{self, Found};
use leerkring::store::{change_log, revision};
use leerkring::workflow::library::{Action, Plan};
use poem::http::StatusCode;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tempfile::TempDir;

use crate::harness::{self, TestApp};
use crate::make;

/// Tries a property on 64 made values, the same ones every time.
fn holds_for<T: Strategy>(values: T, property: impl AsyncFn(T::Value)) {
    let config = Config { cases: 64, max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tried = runner.run(&values, |value| {
        runtime.block_on(property(value));
        Ok(())
    });
    if let Err(error) = tried {
        // The value itself is a whole library: what went wrong with it says more.
        let reason = error.to_string();
        panic!("{}", reason.lines().next().unwrap_or_default());
    }
}

/// Both libraries give the same files; if not, the first lines that differ.
fn assert_same(left: &Library, right: &Library) {
    let (left_files, right_files) = (export::files(left), export::files(right));
    assert!(left_files.keys().eq(right_files.keys()), "{:?} / {:?}", left_files.keys(), right_files.keys());
    for (file, text) in &left_files {
        let other = &right_files[file];
        let lines = text.lines().zip(other.lines()).find(|(a, b)| a != b);
        assert!(text == other, "{}: {lines:?}", file.display());
    }
    assert!(left == right, "the same files of different libraries");
}

/// A new folder with files.
fn folder<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        put(folder.path(), file, text.as_bytes());
    }
    folder
}

fn put(folder: &Path, file: &str, bytes: &[u8]) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The files an export makes, as they are on disk.
async fn exported(site: &TestApp) -> Vec<(std::path::PathBuf, String)> {
    let folder = tempfile::tempdir().unwrap();
    let library = export::library(site.store()).await.unwrap();
    export::write(&library, &site.app.intake.blobs, folder.path()).unwrap();
    read(folder.path())
}

fn read(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    harness::files(folder).into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

fn left_alone(plan: &Plan) -> bool {
    plan.count(Action::Create) == 0 && plan.count(Action::Update) == 0 && 0 < plan.count(Action::Leave)
}

async fn head(site: &TestApp) -> i64 {
    change_log::head(site.store()).await.unwrap()
}

#[test]
fn any_library_comes_back_the_same() {
    holds_for(make::library(), async |library| {
        let files = tempfile::tempdir().unwrap();
        let site = TestApp::empty().await;
        export::write(&library, &site.app.intake.blobs, files.path()).unwrap();
        site.import(files.path()).await.unwrap_or_else(|error| panic!("{error:?}"));

        assert_same(&export::library(site.store()).await.unwrap(), &library);
        assert!(exported(&site).await == read(files.path()), "what was read is written differently");
        for stored in record::all(site.store()).await.unwrap() {
            let revisions = revision::list(site.store(), &stored.id).await.unwrap();
            assert!(revisions.into_iter().map(|it| it.record).eq([stored.record]), "the version kept is another");
        }
        let head_before = head(&site).await;
        let plan = site.import(files.path()).await.unwrap();
        assert!(left_alone(&plan), "{plan:?}");
        assert_eq!(head(&site).await, head_before);
        site.settle().await;
    });
}

#[test]
fn any_library_can_take_the_place_of_another() {
    holds_for((make::library(), make::library()), async |(first, second)| {
        let site = TestApp::empty().await;
        for library in [&first, &second, &first] {
            let files = tempfile::tempdir().unwrap();
            export::write(library, &site.app.intake.blobs, files.path()).unwrap();
            site.import(files.path()).await.unwrap();
            assert_same(&export::library(site.store()).await.unwrap(), library);
        }
        assert_eq!(site.store().check().await.unwrap(), [] as [String; 0]);
        site.settle().await;
    });
}

#[tokio::test]
async fn our_own_content_comes_back_the_same() {
    let site = TestApp::library().await;
    let content = content_dir::read(&harness::content()).unwrap();
    assert_eq!(content.faults, []);
    assert_eq!(content.library.check(), []);
    let head_before = head(&site).await;
    let plan = site.import(&harness::content()).await.unwrap();
    assert!(left_alone(&plan));
    assert_eq!(head(&site).await, head_before);
    site.settle().await;
}

/// Mended by `leerkring import && leerkring export content`.
#[tokio::test]
async fn our_own_content_is_in_the_fixed_form() {
    let site = TestApp::library().await;
    let ours = read(&harness::content());
    let written = exported(&site).await;
    let names = |files: &[(std::path::PathBuf, String)]| files.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&written), names(&ours));
    let other: Vec<_> = ours.iter().zip(&written).filter(|(a, b)| a != b).map(|(a, _)| &a.0).collect();
    assert!(other.is_empty(), "{} files are not in the fixed form: {other:?}", other.len());
}

/// A small folder without faults. Each line of the plan has its number in the tests below.
const BASE: &[(&str, &str)] = &[
    ("bouwstenen.toml", "[[bouwsteen]]\nslug = \"leren\"\nnaam = \"Leren\"\n"),
    ("regios.toml", "[[regio]]\nslug = \"oost\"\nnaam = \"Oost\"\nsoort = \"regio\"\n"),
    (
        "organisaties.toml",
        "[[organisatie]]\nslug = \"heem\"\nnaam = \"Het Heem\"\nsoort = \"zorgaanbieder\"\n\n[[organisatie]]\nslug = \"borgh\"\nnaam = \"De Borgh\"\nsoort = \"zorgaanbieder\"\n",
    ),
    ("programmas.toml", "[[programma]]\nslug = \"ruimte\"\nnaam = \"Ruimte\"\n"),
    (
        "themas.toml",
        "[[thema]]\nslug = \"verzuim\"\nnaam = \"Verzuim\"\n\n[[thema]]\nslug = \"werk\"\nnaam = \"Werk\"\n",
    ),
    ("lexicon/begrippen.toml", "[[begrip]]\nslug = \"wzd\"\nnaam = \"Wet zorg en dwang\"\nafkortingen = [\"Wzd\"]\n"),
    (
        "lexicon/woordenlijsten.toml",
        "[[woordenlijst]]\nslug = \"zorg\"\nnaam = \"Zorg\"\ngebruik = \"deel\"\nwoorden = [\"zorg\", \"plan\"]\n",
    ),
    ("verbeterplannen/plan.md", "+++\ntitel = \"Plan\"\nsamenvatting = \"Kort.\"\n+++\n"),
    (
        "publicaties/boek.md",
        "+++\ntitel = \"Boek\"\nsamenvatting = \"Kort.\"\noude_slugs = [\"oud-boek\"]\n+++\n\nTekst.\n",
    ),
];

/// A plan with these lines after title and summary: they begin at line 4.
fn plan(lines: &str) -> String {
    format!("+++\ntitel = \"Titel\"\nsamenvatting = \"Kort.\"\n{lines}\n+++\n")
}

/// One fault per row: what the file says, on which line the fault is, and part of what is said about it.
fn faulty() -> Vec<(&'static str, String, usize, &'static str)> {
    let md = "verbeterplannen/nieuw.md";
    let list = |first: &str, more: &str| format!("{first}\n{more}");
    let themes = "[[thema]]\nslug = \"verzuim\"\nnaam = \"Verzuim\"";
    let (begrippen, woordenlijsten) = ("lexicon/begrippen.toml", "lexicon/woordenlijsten.toml");
    let concept = "[[begrip]]\nslug = \"wzd\"\nnaam = \"Wet zorg en dwang\"\nafkortingen = [\"Wzd\"]\n";
    let words = |purpose: &str, words: &str| {
        format!("[[woordenlijst]]\nslug = \"a\"\nnaam = \"A\"\ngebruik = \"{purpose}\"\nwoorden = [{words}]\n")
    };
    let homes = "[[organisatie]]\nslug = \"heem\"\nnaam = \"Het Heem\"\nsoort = \"zorgaanbieder\"";
    vec![
        (md, plan("titels = \"a\""), 4, "onbekend veld \"titels\""),
        (md, plan("samenvating = \"a\""), 4, "onbekend veld \"samenvating\" voor soort verbeterplan"),
        (md, plan("jaar = 2024"), 4, "onbekend veld \"jaar\""),
        (md, "+++\nsamenvatting = \"Kort.\"\n+++\n".into(), 2, "titel: \"titel\" ontbreekt of is leeg"),
        (md, "+++\ntitel = \"  \"\nsamenvatting = \"Kort.\"\n+++\n".into(), 2, "\"titel\" ontbreekt of is leeg"),
        (md, format!("+++\ntitel = \"{}\"\nsamenvatting = \"a\"\n+++\n", "é".repeat(91)), 2, "telt 91 tekens; hoogstens 90"),
        (md, "+++\ntitel = \"\"\"a\nb\"\"\"\nsamenvatting = \"a\"\n+++\n".into(), 2, "meer dan één regel"),
        (md, "+++\ntitel = 7\nsamenvatting = \"a\"\n+++\n".into(), 2, "7 is geen tekst"),
        (md, plan("fase = \"klaar\""), 4, "\"klaar\" is hier niet mogelijk; kies uit visie-en-orientatie, ontwerp"),
        (md, plan("themas = [\"verzuim\", \"verzuin\"]"), 4, "thema \"verzuin\" bestaat niet"),
        (md, plan("themas = [\n  \"werk\",\n  \"verzuin\",\n]"), 6, "thema \"verzuin\" bestaat niet"),
        (md, plan("regio = \"west\""), 4, "regio \"west\" bestaat niet; voeg regio \"west\" toe"),
        (md, plan("themas = \"verzuim\""), 4, "\"verzuim\" is geen lijst; schrijf een lijst"),
        (md, plan("themas = [\"werk\", \"werk\"]"), 4, "\"werk\" staat er al"),
        (md, plan("sectoren = [\"vv\", \"vvt\"]"), 4, "\"vvt\" is hier niet mogelijk; kies uit vv, ghz"),
        (md, plan("trefwoorden = [\"a\", 1]"), 4, "trefwoorden 2: 1 is geen tekst"),
        (md, plan("van = \"2018\"\ntot = \"2017-K4\""), 5, "\"2017-K4\" ligt vóór \"2018\""),
        (md, plan("van = \"voorjaar\""), 4, "schrijf 2016, 2016-K3 (kwartaal)"),
        (md, plan("herzien_voor = 2027-13-01"), 4, "geen geldige TOML"),
        (md, plan("herzien_voor = \"1 mei\""), 4, "een dag: 2027-01-31"),
        (md, plan("herzien_voor = \"+12027-01-01\""), 4, "een dag: 2027-01-31"),
        (md, plan("doel = \"zie 111222333\""), 4, "\"111222333\" heeft de vorm van een burgerservicenummer"),
        (md, plan("") + "\nCliënt 1112.22.333.\n", 6, "heeft de vorm van een burgerservicenummer"),
        (md, plan("doel = \"a\\u0007b\""), 4, "onzichtbaar stuurteken"),
        (md, plan("[[organisaties]]\norganisatie = \"heem\""), 4, "\"rol\" ontbreekt"),
        (md, plan("[[organisaties]]\norganisatie = \"hem\"\nrol = \"trekker\""), 5, "organisatie \"hem\" bestaat niet"),
        (md, plan("[[organisaties]]\norganisatie = \"heem\"\nrol = \"baas\""), 6, "kies uit trekker, partner"),
        (
            md,
            plan("[[organisaties]]\norganisatie = \"heem\"\nrol = \"partner\"\n[[organisaties]]\norganisatie = \"heem\"\nrol = \"partner\""),
            7,
            "\"heem\" staat er al als partner",
        ),
        (md, plan("[[relaties]]\nsoort = \"leidt_tot\"\ndocument = \"nergens\""), 6, "document \"nergens\" bestaat niet"),
        (md, plan("[[bronnen]]\ntitel = \"a\"\nurl = \"javascript:alert(1)\""), 6, "een adres dat begint met https://"),
        (md, plan("[[bronnen]]\ntitel = \"a\"\njaar = 18"), 6, "een geheel getal van 1900 tot en met 2199"),
        (md, plan("[[cijfers]]\nnaam = \"a\"\neenheid = \"%\"\nwaarde = \"7,9\""), 7, "\"7,9\" is geen getal; schrijf bijvoorbeeld 7.9"),
        (md, plan("[[cijfers]]\nnaam = \"a\"\neenheid = \"%\"\nwaarde = nan"), 7, "is geen getal"),
        (md, plan("oude_slugs = [\"boek\"]"), 4, "het adres \"boek\" is al van document \"boek\""),
        (md, plan("oude_slugs = [\"oud-boek\"]"), 4, "het adres \"oud-boek\" is al van document \"boek\""),
        (md, plan("oude_slugs = [\"Oud Boek\"]"), 4, "\"Oud Boek\" is hier niet mogelijk"),
        (md, plan("titel = \"Weer\""), 4, "geen geldige TOML"),
        (md, plan("doel = \"open"), 4, "geen geldige TOML"),
        (md, "titel = \"a\"\n".into(), 1, "het bestand begint niet met +++"),
        (md, "+++\ntitel = \"a\"\n".into(), 1, "de velden eindigen nergens"),
        (md, String::new(), 1, "het bestand begint niet met +++"),
        ("verbeterplannen/Geen Adres.md", plan(""), 1, "de bestandsnaam \"Geen Adres.md\" is geen adres"),
        ("verbeterplannen/boek.md", plan(""), 1, "slug \"boek\" is al van publicaties/boek.md"),
        ("kwaliteitsbeelden/beeld.md", plan("jaar = 2024"), 2, "een kwaliteitsbeeld heeft één trekker, hier 0"),
        ("verbeterplannen/diep/er.md", plan(""), 1, "de bestandsnaam \"diep/er.md\" is geen adres"),
        ("verbeterplannen/plan.docx", "x".into(), 1, "onbekend bestand; toegestaan: bouwstenen.toml"),
        ("plannen.toml", "x = 1\n".into(), 1, "onbekend bestand"),
        ("plannen/nieuw.md", plan(""), 1, "onbekend bestand"),
        ("regios.toml", "[[regio]]\nslug = \"oost\"\nnaam = \"Oost\"\nsoort = \"provincie\"\n".into(), 4, "kies uit zorgkantoorregio"),
        ("regios.toml", "[[regios]]\nslug = \"oost\"\n".into(), 1, "onbekende tabel \"regios\"; elk item staat onder [[regio]]"),
        ("regios.toml", "regio = 1\n".into(), 1, "schrijf elk item onder [[regio]]"),
        ("themas.toml", list(themes, "[[thema]]\nslug = \"verzuim\"\nnaam = \"Weer\"\n"), 5, "slug \"verzuim\" staat al op regel 1"),
        (
            "themas.toml",
            list(&format!("{themes}\nboven = \"werk\""), "[[thema]]\nslug = \"werk\"\nnaam = \"Werk\"\nboven = \"verzuim\"\n"),
            4,
            "\"verzuim\" hoort via een omweg bij zichzelf",
        ),
        ("themas.toml", list(themes, "boven = \"verzuim\"\n"), 4, "hoort via een omweg bij zichzelf"),
        (
            "themas.toml",
            list(themes, "[[thema.deelnemers]]\norganisatie = \"heem\"\n[[thema.deelnemers]]\norganisatie = \"heem\"\n"),
            6,
            "\"heem\" staat er al; noem elke deelnemer één keer",
        ),
        ("themas.toml", list(themes, "[thema.gemeld]\ndeelnemers = -1\n"), 5, "een geheel getal van 0"),
        ("themas.toml", list(themes, "van = \"2018\"\ntot = \"2016\"\n"), 5, "\"2016\" ligt vóór \"2018\""),
        (
            "organisaties.toml",
            list(homes, "[[organisatie.aliassen]]\nnaam = \"Heem\"\n[[organisatie]]\nslug = \"b\"\nnaam = \"heem\"\nsoort = \"bedrijf\"\n"),
            9,
            "de naam \"heem\" is al van organisatie \"heem\"",
        ),
        (
            "organisaties.toml",
            list(homes, "[[organisatie.aliassen]]\nnaam = \"Heem\"\n[[organisatie.aliassen]]\nnaam = \"HÉÉM\"\n"),
            7,
            "de naam \"HÉÉM\" is al van organisatie \"heem\"",
        ),
        (
            "programmas.toml",
            "[[programma]]\nslug = \"ruimte\"\nnaam = \"Ruimte\"\n[[programma.organisaties]]\norganisatie = \"heem\"\nrol = \"partner\"\n[[programma.organisaties]]\norganisatie = \"heem\"\nrol = \"partner\"\n".into(),
            7,
            "\"heem\" staat er al als partner",
        ),
        (
            "netwerken.toml",
            "[[netwerk]]\nslug = \"n\"\nnaam = \"N\"\n[[netwerk.leden]]\norganisatie = \"heem\"\nvan = \"2020\"\ntot = \"2019\"\n".into(),
            7,
            "\"2019\" ligt vóór \"2020\"",
        ),
        (
            "netwerken.toml",
            "[[netwerk]]\nslug = \"n\"\nnaam = \"N\"\n[[netwerk.leden]]\norganisatie = \"weg\"\n".into(),
            5,
            "organisatie \"weg\" bestaat niet",
        ),
        ("begrippen.toml", String::new(), 1, "toegestaan: bouwstenen.toml"),
        ("lexicon/themas.toml", String::new(), 1, "lexicon/begrippen.toml, lexicon/woordenlijsten.toml"),
        (begrippen, format!("{concept}synoniemen = [\n  \"dwang\",\n  \"Wet  zorg\",\n  \"WZD\",\n]\n"), 8, "\"WZD\" staat er al bij afkortingen 1"),
        (begrippen, format!("{concept}verwant = [\"wét zorg en dwang\"]\n"), 5, "staat er al bij naam; noem elke vorm één keer"),
        (begrippen, format!("{concept}synoniemen = [{}]\n", "\"a\", ".repeat(41)), 5, "41 waarden zijn te veel; hoogstens 40"),
        (begrippen, format!("{concept}{concept}"), 6, "slug \"wzd\" staat al op regel 1"),
        (woordenlijsten, words("splitsen", "\"zorg\""), 4, "kies uit deel, heel, licht, gewoon"),
        (woordenlijsten, words("deel", ""), 5, "\"woorden\" ontbreekt of is leeg"),
        (woordenlijsten, words("deel", "\"zorg\", \"Plan\""), 5, "woorden 2: \"Plan\" is hier niet mogelijk; één woord in kleine letters"),
        (woordenlijsten, words("heel", "\n  \"zorg\", \"in plaats\",\n  \"e-health\",\n"), 7, "woorden 3: \"e-health\" is hier niet mogelijk"),
        (woordenlijsten, words("deel", "\n  \"ouderen\", \"zorg\",\n  \"en\",\n"), 7, "\"en\" is te kort; een deel van samenstellingen telt minstens 3 letters"),
        (woordenlijsten, words("licht", "\n  \"een\", \"de\",\n  \"het\", \"de\",\n"), 7, "woorden 4: \"de\" staat er al; noem elke waarde één keer"),
        (woordenlijsten, words("licht", "\n  \"een\",\n  \"één\",\n"), 7, "\"één\" staat er al als \"een\"; noem elk woord één keer"),
    ]
}

/// The faults of a folder; nothing of it may have been stored.
async fn faults_of(site: &TestApp, folder: &Path) -> Vec<FileFault> {
    let before = (head(site).await, export::library(site.store()).await.unwrap());
    let refused = site.import(folder).await;
    assert_eq!((head(site).await, export::library(site.store()).await.unwrap()), before, "something was stored");
    match refused {
        Err(exchange::Error::Faults(faults)) => faults,
        Err(other) => panic!("{other}"),
        Ok(plan) => panic!("taken in: {plan:?}"),
    }
}

#[tokio::test]
async fn each_fault_is_named_with_its_line() {
    let site = TestApp::empty().await;
    site.import(folder(BASE.to_vec()).path()).await.unwrap();
    let mut wrong = Vec::new();
    for (file, text, line, said) in faulty() {
        let content = folder(BASE.to_vec());
        put(content.path(), "factsheets/goed.md", plan("").as_bytes());
        put(content.path(), file, text.as_bytes());
        let faults = faults_of(&site, content.path()).await;
        if !faults.iter().any(|it| it.file == Path::new(file) && it.line == line && it.text.contains(said)) {
            wrong.push(format!("{file}:{line}: {said}\n    but: {faults:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    site.settle().await;
}

#[tokio::test]
async fn bytes_that_are_no_text_are_named() {
    let site = TestApp::empty().await;
    for file in ["verbeterplannen/plan.md", "regios.toml"] {
        let content = folder(BASE.to_vec());
        put(content.path(), file, b"+++\ntitel = \"Cli\xebnt\"\n");
        let faults = faults_of(&site, content.path()).await;
        assert!(
            faults.iter().any(|it| it.file == Path::new(file) && it.line == 2 && it.text.contains("geen UTF-8")),
            "{faults:?}"
        );
    }
}

#[tokio::test]
async fn all_faults_come_at_once() {
    let site = TestApp::empty().await;
    let content = folder(BASE.to_vec());
    let bad = "+++\ntitel = 1\nsamenvatting = \"Kort.\"\nfase = \"klaar\"\nkleur = \"rood\"\n+++\n";
    put(content.path(), "verbeterplannen/een.md", bad.as_bytes());
    put(content.path(), "verbeterplannen/twee.md", plan("themas = [\"nergens\"]").as_bytes());
    put(content.path(), "verbeterplannen/drie.md", b"niets");
    put(content.path(), "bouwstenen.toml", b"[[bouwsteen]]\nnaam = \"Leren\"\n");
    put(content.path(), "vreemd.txt", b"");
    let faults = faults_of(&site, content.path()).await;
    let places: Vec<_> = faults.iter().map(|it| (it.file.to_str().unwrap(), it.line)).collect();
    for place in [
        ("bouwstenen.toml", 1),
        ("verbeterplannen/drie.md", 1),
        ("verbeterplannen/een.md", 2),
        ("verbeterplannen/een.md", 4),
        ("verbeterplannen/een.md", 5),
        // A reference is judged too: the list it points into could be read.
        ("verbeterplannen/twee.md", 4),
        ("vreemd.txt", 1),
    ] {
        assert!(places.contains(&place), "{place:?} is not among {faults:?}");
    }
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(record::count(site.store()).await.unwrap(), 0);
}

#[tokio::test]
async fn faults_between_files_come_at_once() {
    let site = TestApp::empty().await;
    let content = folder(BASE.to_vec());
    put(content.path(), "verbeterplannen/een.md", plan("themas = [\"nergens\"]\nregio = \"weg\"").as_bytes());
    put(content.path(), "verbeterplannen/twee.md", plan("programma = \"geen\"").as_bytes());
    let faults = faults_of(&site, content.path()).await;
    let places: Vec<_> = faults.iter().map(|it| (it.file.to_str().unwrap(), it.line)).collect();
    assert_eq!(places, [("verbeterplannen/een.md", 4), ("verbeterplannen/een.md", 5), ("verbeterplannen/twee.md", 4)]);
}

#[tokio::test]
async fn a_new_address_keeps_the_document() {
    let site = TestApp::empty().await;
    let content = folder(BASE.to_vec());
    site.import(content.path()).await.unwrap();
    let before = record::all(site.store()).await.unwrap().into_iter().find(|it| it.record.slug == "plan").unwrap();

    fs::remove_file(content.path().join("verbeterplannen/plan.md")).unwrap();
    put(content.path(), "verbeterplannen/beter-plan.md", plan("oude_slugs = [\"plan\"]").as_bytes());
    let done = site.import(content.path()).await.unwrap();
    assert_eq!((done.count(Action::Create), done.count(Action::Update)), (0, 1));
    site.settle().await;

    let found = record::get(site.store(), &Actor::Anonymous, "plan").await.unwrap();
    assert!(matches!(found, Some(Found::Moved(slug)) if slug == "beter-plan"));
    let Some(Found::Here(after)) = record::get(site.store(), &Actor::Anonymous, "beter-plan").await.unwrap() else {
        panic!("not at its new address");
    };
    assert_eq!((&after.id, after.version, after.created_at), (&before.id, 2, before.created_at));
    let answer = site.get("/kennisbank/plan").await;
    assert_eq!(answer.0.status(), StatusCode::PERMANENT_REDIRECT);
    answer.assert_header("location", "/kennisbank/beter-plan");
    assert_eq!(site.get("/kennisbank/beter-plan").await.0.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_trial_stores_nothing() {
    let site = TestApp::empty().await;
    let content = folder(BASE.to_vec());
    let tried = site.import_or_try(content.path(), true).await.unwrap();
    assert_eq!(tried.count(Action::Create), 11);
    assert_eq!((head(&site).await, record::count(site.store()).await.unwrap()), (0, 0));
    assert_eq!(site.store().catalogue().await.unwrap().items().len(), 0);
    let done = site.import(content.path()).await.unwrap();
    assert_eq!((done.items, done.records), (tried.items, tried.records));
    site.settle().await;
}

/// Concepts in the fixed form. Both mean the same with "SO": a word can have two meanings.
const CONCEPTS: &str = r#"[[begrip]]
slug = "specialist-ouderengeneeskunde"
naam = "specialist ouderengeneeskunde"
dubbelzinnige_afkortingen = ["SO"]
synoniemen = [
  "arts die is opgeleid in zorg aan ouderen met meer dan één aandoening tegelijk",
  "verpleeghuisarts",
]
verwant = ["huisarts"]
toelichting = "De arts van een verpleeghuis."

[[begrip]]
slug = "significante-ander"
naam = "significante ander"
dubbelzinnige_afkortingen = ["SO"]
"#;

/// Many words stand many to a line, so that a reader can oversee them.
#[tokio::test]
async fn a_lexicon_comes_back_the_same() {
    let site = TestApp::empty().await;
    let words: Vec<String> = (0..3_000).map(|at| format!("\"woord{}\"", letters(at))).collect();
    let list = |slug, purpose, words: &str| {
        format!("[[woordenlijst]]\nslug = \"{slug}\"\nnaam = \"Naam\"\ngebruik = \"{purpose}\"\nwoorden = [{words}]\n")
    };
    let few = list("weinig", "licht", "\"één\", \"de\"");
    let lists = format!("{}\n{few}", list("veel", "deel", &words.join(", ")));
    let content = folder([("lexicon/begrippen.toml", CONCEPTS), ("lexicon/woordenlijsten.toml", &lists)]);
    site.import(content.path()).await.unwrap();
    let stored = site.store().catalogue().await.unwrap();
    assert_eq!(stored.word_lists.by_slug("veel").unwrap().words.len(), 3_000);

    let written = exported(&site).await;
    let [(_, concepts), (_, lists)] = written.as_slice() else { panic!("{written:?}") };
    assert_eq!(concepts, CONCEPTS);
    let filled: Vec<String> = words.chunks(9).map(|it| format!("  {},\n", it.join(", "))).collect();
    assert!(filled.iter().all(|it| it.chars().count() <= 110), "a line is too long");
    assert_eq!(*lists, format!("{}\n{few}", list("veel", "deel", &format!("\n{}", filled.concat()))));

    let again = folder([("lexicon/woordenlijsten.toml", lists.as_str())]);
    let plan = site.import(again.path()).await.unwrap();
    assert!(left_alone(&plan), "{plan:?}");
    assert!(exported(&site).await == written);
    site.settle().await;
}

/// A number in three letters.
fn letters(number: usize) -> String {
    [number / 676, number / 26 % 26, number % 26].iter().map(|it| char::from(b'a' + *it as u8)).collect()
}

/// What a folder does not name stays; files nobody reads do not disturb.
#[tokio::test]
async fn an_import_removes_nothing() {
    let site = TestApp::library().await;
    let before = record::count(site.store()).await.unwrap();
    let content = folder([("verbeterplannen/los.md", plan("").as_str()), ("README.md", "Lees"), (".git/config", "x")]);
    let done = site.import(content.path()).await.unwrap();
    assert_eq!(done.count(Action::Create), 1);
    assert_eq!(record::count(site.store()).await.unwrap(), before + 1);
    site.settle().await;
}

/// Windows line ends and a byte order mark are no change.
#[tokio::test]
async fn the_marks_of_editors_are_forgiven() {
    let site = TestApp::empty().await;
    site.import(folder(BASE.to_vec()).path()).await.unwrap();
    let content = tempfile::tempdir().unwrap();
    for (file, text) in BASE {
        put(content.path(), file, format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    }
    let again = site.import(content.path()).await.unwrap();
    assert!(left_alone(&again), "{again:?}");
    site.settle().await;
}
