//! The same work on PostgreSQL 15: a cluster of its own in a temporary folder, on a free port of this machine, started
//! and stopped by this test. Debian's package `postgresql-15` must be there; `./test` sees to it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use leerkring::domain::account::{AccountRole, Scope};
use leerkring::store::{Address, Store, record, revision};
use sea_orm::{ConnectionTrait, Database};
use serde_json::json;
use tempfile::TempDir;

use crate::crash_publishing::{member, send};
use crate::harness::{content, files};
use crate::program::{Program, Serving};
use crate::writers::{assert_kept, document, fill, write_at_once};

/// Where Debian puts the programs.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// Servers refuse to run as root.
const USER: &str = "postgres";

struct Cluster {
    server: Child,
    port: u16,
    /// Removed when the server has ended.
    _folder: TempDir,
}

impl Cluster {
    async fn start() -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let owner = other_user();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
            chown(&data, Some(user), Some(group)).unwrap();
        }
        let made = command("initdb", owner)
            .args([
                "--username",
                USER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .output()
            .unwrap_or_else(|error| panic!("initdb: {error}; install the package postgresql-15"));
        assert!(made.status.success(), "{made:?}");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let server = command("postgres", owner)
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let res = Cluster { server, port, _folder: folder };
        for _ in 0..600 {
            if let Ok(database) = Database::connect(res.address(USER)).await {
                database.close().await.unwrap();
                return res;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL does not answer after a minute");
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// A new, empty database; its address.
    async fn database(&self, name: &str) -> String {
        let database = Database::connect(self.address(USER)).await.unwrap();
        database.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        database.close().await.unwrap();
        self.address(name)
    }
}

impl Drop for Cluster {
    /// Ends it at once, but orderly.
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// A program of PostgreSQL, as a user it will run as.
fn command(name: &str, owner: Option<(u32, u32)>) -> Command {
    let mut res = Command::new(PathBuf::from(PROGRAMS).join(name));
    res.current_dir("/");
    if let Some((user, group)) = owner {
        res.uid(user).gid(group);
    }
    res
}

/// The user and group to run as instead of root; none when we are somebody else.
fn other_user() -> Option<(u32, u32)> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let is_root = status.lines().any(|it| it.starts_with("Uid:") && it.split_whitespace().nth(2) == Some("0"));
    if !is_root {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|it| it.split(':').next() == Some(USER)).unwrap();
    let mut numbers = line.split(':').skip(2).map(|it| it.parse().unwrap());
    Some((numbers.next()?, numbers.next()?))
}

/// Waits until a search at a site gives so many documents.
fn finds(site: &Serving, q: &str, total: u64) {
    let mut said = String::new();
    for _ in 0..600 {
        said = site.get(&format!("/api/v1/documenten?q={q}")).body;
        if said.contains(&format!("\"totaal\":{total},")) {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("{q} does not give {total}: {}", &said[..said.len().min(500)]);
}

async fn store(address: &str) -> Store {
    Store::open(&Address::from_str(address).unwrap()).await.unwrap()
}

fn run(program: &Program, arguments: &[&str]) {
    let ended = program.run(arguments);
    assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_does_what_sqlite_does() {
    let cluster = Cluster::start().await;

    // Content in and out, byte by byte.
    let address = cluster.database("inhoud").await;
    let program = Program::with_content();
    let refused = program.try_serve(&["--database", &address]).map(drop).unwrap_err();
    assert!(refused.err.contains("migrate"), "tables that are behind are said: {refused:?}");
    run(&program, &["migrate", "--database", &address]);
    run(&program, &["migrate", "--database", &address]);
    run(&program, &["import", "--database", &address]);
    run(&program, &["export", "--database", &address, "uit"]);
    let texts = |folder: &Path| -> Vec<_> { files(folder).into_iter().filter(|it| !it.1.is_empty()).collect() };
    let (taken_in, given_out) = (texts(&content()), texts(&program.path("uit")));
    assert_eq!(
        taken_in.iter().map(|it| &it.0).collect::<Vec<_>>(),
        given_out.iter().map(|it| &it.0).collect::<Vec<_>>()
    );
    for ((path, before), (_, after)) in taken_in.iter().zip(&given_out) {
        assert!(before == after, "{}", path.display());
    }
    let site = program.serve(&["--database", &address]);
    let plain = Program::with_content();
    let other = plain.serve(&[]);
    for q in ["verzuim", "dementie", "%22zorg+en+dwang%22", "familie+betrekken"] {
        let (ours, theirs) =
            (site.get(&format!("/api/v1/documenten?q={q}")), other.get(&format!("/api/v1/documenten?q={q}")));
        let total = |it: &str| it.split(',').next().unwrap().to_owned();
        assert_eq!((ours.status, total(&ours.body)), (200, total(&theirs.body)), "{q}");
    }
    assert_eq!(other.stop().0, Some(0));
    assert_eq!(site.stop().0, Some(0));
    run(&program, &["check", "--database", &address]);

    // Written, reviewed, published and found: by two programs on one database, each with an index of its own.
    let address = cluster.database("schrijven").await;
    let (one, two) = (Program::new(), Program::new());
    one.write("content/.keep", "");
    two.write("content/.keep", "");
    run(&one, &["migrate", "--database", &address]);
    let filled = store(&address).await;
    fill(&filled).await;
    let mut tokens = Vec::new();
    for _ in 0..8 {
        tokens.push(member(&filled, AccountRole::ProjectLead, Scope::Organisation("eigen".into())).await.1);
    }
    let (_, editor) = member(&filled, AccountRole::Editor, Scope::Theme("thema".into())).await;
    let (first, second) = (one.serve(&["--database", &address]), two.serve(&["--database", &address]));
    let (status, said) =
        send(&first.address, "/api/v1/documenten", &tokens[0], &document("rooster", "Roosteren (fictief)")).unwrap();
    assert_eq!(status, 201, "{said}");
    let verdict = json!({ "oordeel": "publiceren" });
    let path = "/api/v1/documenten/rooster/beoordelingen";
    let (status, said) = send(&second.address, path, &editor, &verdict).unwrap();
    assert_eq!(status, 200, "{said}");
    finds(&first, "roosteren", 1);
    finds(&second, "roosteren", 1);
    let live = record::all(&filled).await.unwrap();
    let published = live.iter().find(|it| it.record.slug == "rooster").unwrap();
    assert_eq!(revision::list(&filled, &published.id).await.unwrap().len(), 1);

    // Two programs that write at the same time: nothing of either is lost.
    let (address_one, tokens_one) = (first.address.clone(), tokens.clone());
    let both = thread::spawn(move || write_at_once(&address_one, &tokens_one, "een"));
    let (mut handed_in, mut versions) = write_at_once(&second.address, &tokens, "twee");
    let (more, again) = both.join().unwrap();
    handed_in.extend(more);
    versions += again;
    assert!(0 < versions);
    assert_kept(&filled, &handed_in, versions, &["gedeeld", "rooster"]).await;
    for site in [first, second] {
        let (code, log) = site.stop();
        assert_eq!(code, Some(0));
        assert!(!log.contains("panicked"), "{log}");
    }
    filled.close().await.unwrap();
}
