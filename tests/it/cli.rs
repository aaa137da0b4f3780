//! The program from the outside: exit codes, one sentence per mistake with a way to mend it, starting and stopping.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::SystemTime;

use sea_orm::{ConnectionTrait, Database};
use serde_json::Value;

use crate::harness;
use crate::program::{self, Ended, Program};

/// Failed with one line that says all these things, and no crash.
fn assert_one_sentence(ended: &Ended, code: i32, parts: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    let said: Vec<&str> = ended.err.lines().filter(|it| !it.trim().is_empty()).collect();
    assert_eq!(said.len(), 1, "{ended:?}");
    assert_no_crash(ended);
    for part in parts {
        assert!(said[0].contains(part), "{part}: {ended:?}");
    }
}

fn assert_no_crash(ended: &Ended) {
    for word in ["panicked", "backtrace", "RUST_BACKTRACE", "src/"] {
        assert!(!ended.err.contains(word) && !ended.out.contains(word), "{ended:?}");
    }
}

/// The directories and files of the live index.
fn index_files(program: &Program) -> Vec<PathBuf> {
    let root = program.path("data/index");
    harness::files(&root).into_iter().map(|it| root.join(it.0)).collect()
}

/// A data folder that has been imported and indexed.
fn filled() -> Program {
    let program = Program::with_content();
    assert_eq!(program.run(&["import"]).code, Some(0));
    assert_eq!(program.run(&["reindex"]).code, Some(0));
    program
}

#[test]
fn a_faulty_import_names_all_faults_and_stores_nothing() {
    let program = Program::with_content();
    program.write("content/verbeterplannen/een.md", "+++\ntitel = \"Een\"\nkleur = \"rood\"\n+++\n");
    program.write("content/verbeterplannen/twee.md", "niets");
    program.write("content/vreemd.txt", "");
    let ended = program.run(&["import"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for line in [
        "verbeterplannen/een.md:2: samenvatting: \"samenvatting\" ontbreekt",
        "verbeterplannen/een.md:3: kleur: onbekend veld \"kleur\"",
        "verbeterplannen/twee.md:1: het bestand begint niet met +++",
        "vreemd.txt:1: onbekend bestand",
        "4 fouten in ./content; er is niets opgeslagen.",
    ] {
        assert!(ended.err.lines().any(|it| it.starts_with(line)), "{line}: {}", ended.err);
    }
    assert_no_crash(&ended);
    assert_eq!(program.run(&["export", "uit"]).code, Some(0));
    assert!(!program.path("uit").exists(), "something was stored");
    // A site that finds this content does not start with half of it.
    let refused = program.try_serve(&[]).err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
}

#[test]
fn an_import_says_what_it_did() {
    let program = Program::with_content();
    let trial = program.run(&["import", "--dry-run"]);
    assert_eq!(trial.code, Some(0), "{trial:?}");
    assert!(trial.out.contains("Proef: er is niets opgeslagen."), "{trial:?}");
    let first = program.run(&["import"]);
    assert!(first.out.contains(" 0 bijgewerkt, 0 ongewijzigd."), "{first:?}");
    let second = program.run(&["import", "content"]);
    assert!(second.out.contains(" 0 nieuw, 0 bijgewerkt, "), "{second:?}");
    assert_one_sentence(&program.run(&["import", "nergens"]), 2, &["nergens bestaat niet", "leerkring import content"]);
}

#[test]
fn unknown_settings_are_refused_wherever_they_stand() {
    let mut program = Program::new();
    program.write("leerkring.toml", "kleur = \"rood\"\n");
    let said = ["onbekende instelling \"kleur\" in leerkring.toml", "bekend zijn: data, listen"];
    assert_one_sentence(&program.run(&["check"]), 2, &said);
    program.write("anders.toml", "data = 5\n");
    let said = ["anders.toml", "data is geen tekst"];
    assert_one_sentence(&program.run(&["check", "--config", "anders.toml"]), 2, &said);
    assert_one_sentence(&program.run(&["check", "--config", "weg.toml"]), 2, &["weg.toml is niet te lezen"]);
    fs::remove_file(program.path("leerkring.toml")).unwrap();

    program.variables = vec![("LEERKRING_KLEUR", "rood")];
    let said = ["onbekende instelling \"LEERKRING_KLEUR\" in de omgeving"];
    assert_one_sentence(&program.run(&["check"]), 2, &said);
    program.variables.clear();

    let flag = program.run(&["check", "--kleur", "rood"]);
    assert_eq!(flag.code, Some(2));
    assert!(flag.err.contains("--kleur"), "{flag:?}");
    assert_no_crash(&flag);
    assert_eq!(program.run(&["opruimen"]).code, Some(2));
    assert!(!program.path("data").exists(), "a refused command made something");
}

#[test]
fn wrong_values_name_what_is_allowed() {
    let program = Program::new();
    for (flag, value, allowed) in [
        ("--listen", "overal", "127.0.0.1:8080"),
        ("--public-url", "leerkring.nl", "begin met https://"),
        ("--log-format", "xml", "kies text of json"),
        ("--log-level", "luid", "kies error, warn"),
        ("--database", "mysql://x", "schrijf sqlite:PAD of postgres://"),
    ] {
        assert_one_sentence(&program.run(&["check", flag, value]), 2, &[value, allowed]);
    }
}

#[test]
fn flags_go_before_environment_before_file() {
    let mut program = Program::new();
    program.write("leerkring.toml", "data = \"uit-bestand\"\nlog_level = \"warn\"\n");
    let shown = |program: &Program, arguments: &[&str]| program.run(arguments).out;
    assert!(shown(&program, &["check"]).contains("data = uit-bestand\n"));
    program.variables = vec![("LEERKRING_DATA", "uit-omgeving")];
    assert!(shown(&program, &["check"]).contains("data = uit-omgeving\n"));
    let all = shown(&program, &["check", "--data", "uit-vlag"]);
    assert!(all.contains("data = uit-vlag\n") && all.contains("log_level = warn\n"), "{all}");
}

#[test]
fn a_taken_port_is_said_before_anything_is_made() {
    let program = Program::with_content();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert_one_sentence(&program.run(&["serve", "--listen", &address]), 2, &[&address, "--listen 127.0.0.1:8081"]);
    assert!(!program.path("data").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let program = Program::with_content();
    program.write("bestand", "");
    for command in ["import", "check", "reindex", "migrate"] {
        let ended = program.run(&[command, "--data", "bestand/data"]);
        assert_one_sentence(&Ended { out: String::new(), ..ended }, 2, &["bestand/data", "--data"]);
    }
    let refused = program.try_serve(&["--data", "bestand/data"]).err().unwrap();
    assert_one_sentence(&refused, 2, &["bestand/data", "--data"]);
}

#[test]
fn the_site_starts_answers_and_stops() {
    let program = Program::with_content();
    let site = program.serve(&["--log-format", "json"]);
    assert_eq!(site.get("/livez").body, "ok");
    let ready = site.get("/readyz");
    assert_eq!(ready.status, 200);
    let state: Value = serde_json::from_str(&ready.body).unwrap();
    assert_eq!((&state["klaar"], &state["achterstand"]), (&Value::Bool(true), &0.into()));
    let found = site.get("/zoeken?q=dementie+geheimwoord");
    assert_eq!(found.status, 200);
    let found = site.get("/zoeken?q=dementie");
    assert!(found.body.contains("href=\"/kennisbank/"), "nothing was found");
    assert_eq!(site.get("/kennisbank/geheimwoord").status, 404);
    let id = found.header("x-request-id").unwrap().to_owned();

    let (code, log) = site.stop();
    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<Value> = log.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let requests: Vec<&Value> = lines.iter().filter(|it| it["message"] == "aanvraag").collect();
    assert_eq!(requests.len(), 5, "{log}");
    for line in &requests {
        assert!(line["request.id"].is_string() && line["took_ms"].is_number(), "{line}");
        assert!(line["http.status"].is_u64() && line["level"] == "INFO" && line["timestamp"].is_string(), "{line}");
        assert!(!line.to_string().contains("q="), "{line}");
    }
    let of_search = requests.iter().find(|it| it["request.id"] == id.as_str()).unwrap();
    assert_eq!((&of_search["http.path"], &of_search["http.status"]), (&"/zoeken".into(), &200.into()));
    assert!(!log.contains("dementie"), "{log}");

    let check = program.run(&["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
}

#[test]
fn a_site_without_content_says_how_to_get_it() {
    let program = Program::new();
    let site = program.serve(&[]);
    assert_eq!(site.get("/").status, 200);
    assert_eq!(site.get("/readyz").status, 200);
    let (code, log) = site.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("leerkring import MAP"), "{log}");
}

#[test]
fn a_running_site_sees_what_another_program_imports() {
    let program = Program::new();
    let site = program.serve(&[]);
    program.write("meer/publicaties/boek.md", "+++\ntitel = \"Zeldzaamwoord\"\nsamenvatting = \"Kort.\"\n+++\n");
    let import = program.run(&["import", "meer"]);
    assert_eq!(import.code, Some(0), "{import:?}");
    assert_eq!(site.get("/kennisbank/boek").status, 200);
    while !site.get("/zoeken?q=zeldzaamwoord").body.contains("/kennisbank/boek") {
        std::thread::yield_now();
    }
}

#[test]
fn an_index_of_another_version_is_built_beside() {
    let program = filled();
    let old = fs::read_dir(program.path("data/index")).unwrap().map(|it| it.unwrap().path());
    let old = old.into_iter().find(|it| it.is_dir()).unwrap();
    let (fingerprint, number) = old.file_name().unwrap().to_str().unwrap().split_once('-').unwrap();
    let other = old.with_file_name(format!("{}-{number}", "0".repeat(fingerprint.len())));
    fs::rename(&old, &other).unwrap();
    let older = old.with_file_name(format!("{}-1", "1".repeat(fingerprint.len())));
    program::copy(&other, &older);
    File::open(&older).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let site = program.serve(&[]);
    assert!(site.get("/zoeken?q=dementie").body.contains("href=\"/kennisbank/"));
    assert_eq!(site.stop().0, Some(0));
    assert_eq!(program.run(&["check"]).code, Some(0));
    assert!(other.exists(), "the version before can still be put back");
    assert!(!older.exists(), "one is enough: each takes as much disk as the live one");
    assert_eq!(program.run(&["reindex"]).code, Some(0));
    assert!(!other.exists());
}

/// Every file of the index in turn is overwritten with zeros.
#[test]
fn a_damaged_index_is_named_and_mended() {
    let program = filled();
    let index = program.path("data/index");
    program::copy(&index, &program.path("heel"));
    let files: Vec<PathBuf> = index_files(&program).into_iter().filter(|it| !is_lock(it)).collect();
    assert!(5 < files.len(), "{files:?}");
    for file in &files {
        fs::remove_dir_all(&index).unwrap();
        program::copy(&program.path("heel"), &index);
        let size = fs::metadata(file).unwrap().len() as usize;
        fs::write(file, vec![0; size]).unwrap();
        let check = program.run(&["check"]);
        assert_eq!(check.code, Some(1), "{}: {check:?}", file.display());
        assert!(check.out.contains("zoekindex") && check.out.contains("leerkring check --repair"), "{check:?}");
        assert_no_crash(&check);
        match program.try_serve(&[]) {
            Err(refused) => assert_one_sentence(&refused, 2, &["beschadigd", "leerkring reindex"]),
            // Only found out when that part is read.
            Ok(site) => assert!([200, 503].contains(&site.get("/zoeken?q=dementie").status), "{}", file.display()),
        }
    }
    // The one that says what the index is, and one with its words.
    for name in ["meta.json", ".term"] {
        let file = index_files(&program).into_iter().find(|it| it.to_string_lossy().ends_with(name)).unwrap();
        fs::write(&file, "iets anders").unwrap();
        assert_eq!(program.run(&["check"]).code, Some(1));
        let mended = program.run(&["reindex"]);
        assert_eq!(mended.code, Some(0), "{}: {mended:?}", file.display());
        let check = program.run(&["check"]);
        assert_eq!(check.code, Some(0), "{check:?}");
    }
}

fn is_lock(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|it| it == "lock")
}

#[test]
fn a_missing_index_is_found_and_mended() {
    let program = filled();
    let healthy = program.run(&["check"]);
    assert_eq!(healthy.code, Some(0), "{healthy:?}");
    fs::remove_dir_all(program.path("data/index")).unwrap();
    let missing = program.run(&["check"]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.out.contains("zoekindex") && missing.out.contains("leerkring reindex"), "{missing:?}");
    assert_eq!(program.run(&["check", "--repair"]).code, Some(0));
    assert_eq!(program.run(&["check"]).code, Some(0));
}

#[tokio::test]
async fn a_newer_database_is_refused_by_every_command() {
    let program = Program::with_content();
    assert!(program.run(&["migrate"]).out.contains("bijgewerkt"));
    assert!(program.run(&["migrate"]).out.contains("al bij"));
    let path = program.path("data/leerkring.db");
    let database = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    let step = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)";
    database.execute_unprepared(step).await.unwrap();
    database.close().await.unwrap();
    for command in [&["import"][..], &["export", "uit"], &["reindex"], &["check"], &["migrate"]] {
        let ended = program.run(command);
        assert_one_sentence(&Ended { out: String::new(), ..ended }, 2, &["nieuwere versie van leerkring"]);
    }
    let refused = program.try_serve(&[]).err().unwrap();
    assert_one_sentence(&refused, 2, &["nieuwere versie van leerkring"]);
}

#[test]
fn a_mistyped_folder_is_no_empty_site() {
    let program = Program::new();
    for command in [&["check"][..], &["reindex"], &["export", "uit"]] {
        let ended = program.run(&[command, &["--data", "tikfout"]].concat());
        assert_one_sentence(&ended, 2, &["er is geen database in", "--data"]);
        assert!(!program.path("tikfout").exists());
    }
}

#[test]
fn an_export_goes_only_where_it_harms_nothing() {
    let program = filled();
    program.write("vol/brief.txt", "van mij");
    program.write("vol/verbeterplannen/van-mij.md", "van mij");
    let said = ["brief.txt", "verbeterplannen/van-mij.md", "kies een andere map"];
    assert_one_sentence(&program.run(&["export", "vol"]), 2, &said);
    assert_eq!(harness::files(&program.path("vol")).len(), 2);
    for _ in 0..2 {
        assert_eq!(program.run(&["export", "uit"]).code, Some(0));
    }
    let names = |name: &str| harness::files(&program.path(name)).into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(names("uit"), names("content"));
    let again = program.run(&["import", "uit"]);
    assert!(again.out.contains(" 0 nieuw, 0 bijgewerkt, "), "{again:?}");
}
