//! A site in one file and back, through the program. All people and organisations are fictitious.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::thread;

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::files;
use crate::harness;
use crate::program::{Ended, Program};

/// A library of one document with a file, and an account.
fn site() -> Program {
    let program = Program::new();
    program.write(
        "content/verbeterplannen/rooster.md",
        "+++\ntitel = \"Rust in het rooster\"\nsamenvatting = \"Kort.\"\n\n[[bijlagen]]\n\
         bestand = \"bijlagen/rooster/plan.pdf\"\ntitel = \"Het plan\"\n+++\n",
    );
    let file = program.path("content/bijlagen/rooster/plan.pdf");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, files::pdf(&["Het rooster van de afdeling"])).unwrap();
    assert_eq!(program.run(&["import"]).code, Some(0));
    account(&program, "beheer@voorbeeld.example");
    program
}

fn account(program: &Program, mail: &str) {
    let made = program.run(&["user", "create", "--email", mail, "--name", "Voorbeeld Persoon", "--role", "beheerder"]);
    assert_eq!(made.code, Some(0), "{made:?}");
}

fn fine(ended: Ended, says: &[&str]) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for it in says {
        assert!(ended.out.contains(it), "{it}: {ended:?}");
    }
}

/// Failed with one sentence, and put nothing anywhere.
fn refused(program: &Program, arguments: &[&str], says: &[&str]) {
    let before = harness::files(&program.path("."));
    let ended = program.run(arguments);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    for it in says {
        assert!(ended.err.contains(it), "{it}: {ended:?}");
    }
    // SQLite makes and removes files beside a database that is opened.
    let left = |files: Vec<(_, _)>| -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let is_beside = |it: &Path| it.to_string_lossy().ends_with("-wal") || it.to_string_lossy().ends_with("-shm");
        files.into_iter().filter(|it: &(std::path::PathBuf, Vec<u8>)| !is_beside(&it.0)).collect()
    };
    let names = |it: &[(std::path::PathBuf, Vec<u8>)]| it.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
    let (before, after) = (left(before), left(harness::files(&program.path("."))));
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "a file changed");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_site_is_put_back_as_it_was() {
    let program = site();
    let serving = program.serve(&[]);
    let says = ["kopie.zip geschreven en nagelezen: 1 document en 1 bijlage, van "];
    fine(program.run(&["backup", "kopie.zip"]), &says);
    assert_eq!(mode(&program.path("kopie.zip")), 0o600);
    // What comes later is not in it.
    account(&program, "later@voorbeeld.example");
    assert_eq!(serving.get("/kennisbank/rooster").status, 200);
    serving.stop();

    fine(program.run(&["restore", "--dry-run", "kopie.zip"]), &["is heel: 1 document en 1 bijlage"]);
    assert!(!program.path("terug").exists());
    fine(program.run(&["--data", "terug", "restore", "kopie.zip"]), &["Teruggezet in terug: 1 document en 1 bijlage"]);
    let sealed = |folder: &str| fs::read(program.path(folder).join("sleutel")).unwrap();
    assert_eq!(sealed("data"), sealed("terug"));
    assert_eq!((mode(&program.path("terug/sleutel")), mode(&program.path("terug/leerkring.db"))), (0o600, 0o600));
    // Nothing of the way there is left behind.
    let is_hidden = |it: &Path| it.components().any(|it| it.as_os_str().to_string_lossy().starts_with('.'));
    let hidden = |it: &Path| is_hidden(it) && !it.starts_with("data/index");
    let left: Vec<_> = harness::files(&program.path(".")).into_iter().map(|it| it.0).filter(|it| hidden(it)).collect();
    assert_eq!(left, [] as [std::path::PathBuf; 0]);

    fine(program.run(&["export", "uit"]), &[]);
    fine(program.run(&["--data", "terug", "export", "uit-terug"]), &[]);
    let (exported, again) = (harness::files(&program.path("uit")), harness::files(&program.path("uit-terug")));
    assert!(2 <= exported.len() && exported == again);
    let accounts = program.run(&["--data", "terug", "user", "list"]).out;
    assert!(accounts.contains("beheer@") && !accounts.contains("later@"), "{accounts}");

    let serving = program.serve(&["--data", "terug"]);
    assert!(serving.get("/zoeken?q=rooster").body.contains("/kennisbank/rooster"));
    let page = serving.get("/kennisbank/rooster").body;
    assert!(page.contains("/kennisbank/rooster/bijlagen/plan.pdf") && page.contains("Het plan"), "{page}");
    let files = |folder: &str| harness::files(&program.path(folder).join("bijlagen"));
    assert!(files("data").len() == 1 && files("data") == files("terug"));
    serving.stop();
    fine(program.run(&["--data", "terug", "check"]), &["In orde"]);
}

/// Of every moment while others write, what is put back is whole.
#[test]
fn others_write_meanwhile() {
    let program = site();
    thread::scope(|scope| {
        let writing = scope.spawn(|| (0..8).for_each(|n| account(&program, &format!("w{n}@voorbeeld.example"))));
        for n in 0.. {
            let (file, folder) = (format!("kopie{n}.zip"), format!("terug{n}"));
            let is_last = writing.is_finished();
            fine(program.run(&["backup", &file]), &[]);
            fine(program.run(&["--data", &folder, "restore", &file]), &[]);
            let accounts = program.run(&["--data", &folder, "user", "list"]).out;
            let has = |it: u32| accounts.contains(&format!("w{it}@"));
            // Whoever is in it, everybody from before is too.
            assert!((1..8).all(|it| has(it - 1) || !has(it)), "{accounts}");
            if is_last {
                assert!(has(7) && 0 < n);
                break;
            }
        }
    });
}

#[test]
fn the_key_can_be_kept_apart() {
    let program = site();
    program.serve(&[]).stop();
    fine(program.run(&["backup", "kopie.zip", "--zonder-sleutel"]), &["Het bestand sleutel zit er niet in"]);
    let key = fs::read(program.path("data/sleutel")).unwrap();
    assert!(!files::holds(&fs::read(program.path("kopie.zip")).unwrap(), &key));
    fine(program.run(&["--data", "terug", "restore", "kopie.zip"]), &["Het bestand sleutel zat er niet in"]);
    assert!(!program.path("terug/sleutel").exists());
}

#[test]
fn nothing_is_written_over() {
    let program = site();
    fine(program.run(&["backup", "kopie.zip"]), &[]);
    refused(&program, &["backup", "kopie.zip"], &["kopie.zip bestaat al", "kies een andere naam"]);
    refused(&program, &["backup", "nergens/kopie.zip"], &["nergens", "is niet te schrijven"]);
    refused(&program, &["--data", "leeg", "backup", "nieuw.zip"], &["er is geen database"]);
    refused(&program, &["restore", "kopie.zip"], &["leerkring.db staat er al", "--data"]);
    // Also when only a part of a site is there.
    for part in ["sleutel", "bijlagen/oud", "leerkring.db-wal"] {
        program.write(&format!("half/{part}"), "van eerder");
        let named = part.split('/').next().unwrap();
        refused(&program, &["--data", "half", "restore", "kopie.zip"], &[&format!("half/{named} staat er al")]);
        fs::remove_dir_all(program.path("half")).unwrap();
    }
    let elsewhere = ["--database", "postgres://niemand@127.0.0.1:1/niets"];
    refused(&program, &[&elsewhere[..], &["backup", "pg.zip"]].concat(), &["pg_dump", "bijlagen", "sleutel"]);
    refused(&program, &[&elsewhere[..], &["restore", "kopie.zip"]].concat(), &["pg_restore"]);
}

async fn steps(program: &Program, folder: &str, change: &str) -> u64 {
    let path = program.path(folder).join("leerkring.db");
    let database = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    database.execute_unprepared(change).await.unwrap();
    let count = "SELECT count(*) FROM seaql_migrations";
    let count = database.query_one_raw(Statement::from_string(DbBackend::Sqlite, count)).await.unwrap().unwrap();
    database.close().await.unwrap();
    count.try_get_by_index::<i64>(0).unwrap() as u64
}

/// Who makes one before installing a new version must be able to go back to the old one.
#[tokio::test]
async fn nothing_is_brought_up_to_date() {
    let program = site();
    let last = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
    let older = steps(&program, "data", last).await;
    fine(program.run(&["backup", "ouder.zip"]), &["1 document"]);
    fine(program.run(&["--data", "terug", "restore", "ouder.zip"]), &["1 document"]);
    assert_eq!((steps(&program, "data", "").await, steps(&program, "terug", "").await), (older, older));
    // Of a later version it is not known what to look after.
    steps(&program, "data", "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)")
        .await;
    refused(&program, &["backup", "later.zip"], &["nieuwere versie van leerkring"]);
}

/// One file that went bad must not cost all the others, nor come to light on the day it is needed.
#[test]
fn a_damaged_attachment_stays_out_and_is_named() {
    let program = site();
    let kept = program.path("data/bijlagen");
    let (path, whole) = harness::files(&kept).remove(0);
    let hash = path.file_name().unwrap().to_string_lossy().into_owned();
    for broken in [Some(b"iets anders".to_vec()), None] {
        match &broken {
            Some(bytes) => fs::write(kept.join(&path), bytes).unwrap(),
            None => fs::remove_file(kept.join(&path)).unwrap(),
        }
        let ended = program.run(&["backup", "kopie.zip"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let told = format!("Mis: 1 bijlage is op schijf weg of beschadigd, en niet in de kopie: {hash}");
        assert!(ended.out.contains(&told) && ended.out.contains("0 bijlagen"), "{ended:?}");
        let says = ["1 document en 0 bijlagen", &format!("ontbraken 1 bijlage: {hash}")];
        fine(program.run(&["restore", "--dry-run", "kopie.zip"]), &["is heel"]);
        fine(program.run(&["--data", "terug", "restore", "kopie.zip"]), &says);
        fs::remove_dir_all(program.path("terug")).unwrap();
        fs::remove_file(program.path("kopie.zip")).unwrap();
    }
    fs::write(kept.join(&path), whole).unwrap();
    fine(program.run(&["backup", "kopie.zip"]), &["1 bijlage", "geen bestand sleutel in ./data"]);
}

/// A link to a disk that is not there now stands there all the same.
#[test]
fn links_that_lead_nowhere_are_not_written_over() {
    let program = site();
    fine(program.run(&["backup", "kopie.zip"]), &[]);
    symlink("nergens.zip", program.path("hangend.zip")).unwrap();
    let ended = program.run(&["backup", "hangend.zip"]);
    assert!(ended.code == Some(2) && ended.err.contains("hangend.zip bestaat al"), "{ended:?}");
    assert!(program.path("hangend.zip").is_symlink());
    fs::remove_file(program.path("hangend.zip")).unwrap();
    for part in ["leerkring.db", "sleutel", "bijlagen"] {
        let folder = program.path("half");
        fs::create_dir(&folder).unwrap();
        symlink("/nergens/volume", folder.join(part)).unwrap();
        let ended = program.run(&["--data", "half", "restore", "kopie.zip"]);
        assert!(ended.code == Some(2) && ended.err.contains(&format!("half/{part} staat er al")), "{ended:?}");
        assert!(folder.join(part).is_symlink());
        fs::remove_dir_all(folder).unwrap();
    }
}

/// Its database may be elsewhere: then only the index shows that a site runs.
#[test]
fn a_site_that_runs_keeps_its_index() {
    let program = site();
    fine(program.run(&["backup", "kopie.zip"]), &[]);
    let serving = program.serve(&["--data", "loopt", "--database", "sqlite:elders.db"]);
    for part in ["sleutel", "bijlagen"] {
        let _ = fs::rename(program.path("loopt").join(part), program.path(&format!("{part}-weg")));
    }
    let ended = program.run(&["--data", "loopt", "restore", "kopie.zip"]);
    assert!(ended.code == Some(2) && program.path("loopt/index").exists(), "{ended:?}");
    assert!(!program.path("loopt/leerkring.db").exists());
    serving.stop();
}

#[test]
fn a_damaged_database_is_not_passed_on() {
    let program = site();
    let path = program.path("data/leerkring.db");
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let ended = program.run(&["backup", "kopie.zip"]);
    assert!(ended.code == Some(2) && ended.err.contains("de database is beschadigd"), "{ended:?}");
    assert!(!program.path("kopie.zip").exists());
}

/// An index of another site would answer with documents that are not there.
#[test]
fn the_index_of_another_site_goes() {
    let program = site();
    fine(program.run(&["backup", "kopie.zip"]), &[]);
    program.write("terug/index/van-eerder", "");
    fine(program.run(&["--data", "terug", "restore", "kopie.zip"]), &[]);
    assert!(!program.path("terug/index").exists());
}

#[test]
fn from_a_damaged_file_nothing_is_put_back() {
    let program = site();
    fine(program.run(&["backup", "kopie.zip"]), &[]);
    let whole = fs::read(program.path("kopie.zip")).unwrap();
    let mut broken: Vec<Vec<u8>> = vec![vec![], b"PK".to_vec(), whole[..whole.len() / 2].to_vec(), whole[1..].to_vec()];
    // In the database, in the attachment, in the list and in the table at the end.
    for at in (0..40).map(|it| whole.len() * it / 40 + 50).filter(|it| *it < whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        broken.push(bytes);
    }
    let mut told = 0;
    for bytes in broken {
        fs::write(program.path("stuk.zip"), &bytes).unwrap();
        let ended = program.run(&["--data", "terug", "restore", "stuk.zip"]);
        if ended.code == Some(0) {
            // What was hit says nothing of the content, such as the time of an entry.
            fine(program.run(&["--data", "terug", "export", "uit"]), &[]);
            assert_eq!(harness::files(&program.path("content")), harness::files(&program.path("uit")));
            fs::remove_dir_all(program.path("uit")).unwrap();
            fs::remove_dir_all(program.path("terug")).unwrap();
            continue;
        }
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let is_clear = ["is beschadigd", "is geen reservekopie"].iter().any(|it| ended.err.contains(it));
        assert!(is_clear && ended.err.lines().count() == 1, "{ended:?}");
        let left = fs::read_dir(program.path("terug")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{ended:?}");
        told += 1;
    }
    assert!(20 < told, "{told}");
}

/// A file as `backup` writes it, with this list and these files.
fn made(program: &Program, list: &Value, files: &[(&str, &[u8])]) {
    let text = list.to_string();
    let all = [files, &[("reservekopie.json", text.as_bytes())]].concat();
    fs::write(program.path("vreemd.zip"), files::zip(&all)).unwrap();
}

fn row(name: &str, bytes: &[u8]) -> Value {
    let sum: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
    json!({ "naam": name, "bytes": bytes.len(), "sha256": sum })
}

fn list(rows: &[Value]) -> Value {
    json!({ "vorm": 1, "versie": "0.1.0", "gemaakt_op": "2026-01-01T00:00:00Z", "documenten": 1, "bestanden": rows })
}

#[tokio::test]
async fn a_file_of_somebody_else_does_no_harm() {
    let program = Program::new();
    let restore = ["restore", "vreemd.zip"];
    refused(&program, &restore, &["vreemd.zip is niet te lezen"]);
    program.write("vreemd.zip", "geen zip");
    refused(&program, &restore, &["vreemd.zip is geen reservekopie van Leerkring"]);
    fs::write(program.path("vreemd.zip"), files::zip(&[("brief.txt", b"hallo")])).unwrap();
    refused(&program, &restore, &["is geen reservekopie van Leerkring"]);
    // Names that lead elsewhere, or that nobody knows; none; the same twice.
    let database = row("leerkring.db", b"db");
    for rows in [
        vec![database.clone(), row("../kwaad", b"x")],
        vec![database.clone(), row("bijlagen/../../kwaad", b"x")],
        vec![database.clone(), row("/tmp/kwaad", b"x")],
        vec![database.clone(), row("leerkring.toml", b"x")],
        vec![],
        vec![database.clone(), database.clone()],
    ] {
        made(&program, &list(&rows), &[("leerkring.db", b"db"), ("../kwaad", b"x"), ("/tmp/kwaad", b"x")]);
        refused(&program, &restore, &["is geen reservekopie van Leerkring"]);
    }
    let mut newer = list(&[]);
    newer["vorm"] = json!(2);
    newer["versie"] = json!("9.1.0");
    made(&program, &newer, &[]);
    refused(&program, &restore, &["gemaakt door Leerkring 9.1.0"]);
    // Less, more and other bytes than the list says, and an attachment that is not what its name says.
    for content in [&b"d"[..], b"dbdb", b"bd"] {
        made(&program, &list(&[row("leerkring.db", b"db")]), &[("leerkring.db", content)]);
        refused(&program, &restore, &["vreemd.zip is beschadigd: leerkring.db"]);
        refused(&program, &["restore", "--dry-run", "vreemd.zip"], &["vreemd.zip is beschadigd: leerkring.db"]);
    }
    let name = format!("bijlagen/{}", "0".repeat(64));
    made(&program, &list(&[database, row(&name, b"x")]), &[("leerkring.db", b"db"), (&name, b"x")]);
    refused(&program, &restore, &["vreemd.zip is beschadigd: bijlagen/000"]);
    // All is as the list says, and it is no database.
    let text = "Dit is geen database, hoe lang het ook is. ".repeat(200);
    let bytes = text.as_bytes();
    made(&program, &list(&[row("leerkring.db", bytes)]), &[("leerkring.db", bytes)]);
    refused(&program, &restore, &["de database in vreemd.zip is beschadigd"]);
    let other = program.path("ander.db");
    let database = Database::connect(format!("sqlite://{}?mode=rwc", other.display())).await.unwrap();
    database.execute_unprepared("CREATE TABLE iets (naam TEXT)").await.unwrap();
    database.close().await.unwrap();
    let bytes = fs::read(other).unwrap();
    made(&program, &list(&[row("leerkring.db", &bytes)]), &[("leerkring.db", &bytes)]);
    refused(&program, &restore, &["de database in vreemd.zip is beschadigd", "zij is niet van Leerkring"]);
}
