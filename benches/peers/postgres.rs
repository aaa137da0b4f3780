//! PostgreSQL 15 in its best form for this work: a cluster of its own on a free port of this machine, with memory to
//! hold everything.
//!
//! One statement gathers the matching documents once, with their rank and with the filter they miss, if only one;
//! all counts come from there. A second makes the headlines, of the ten documents shown.

use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::{self, ConnectOptions, Connection, PgConnection};

use crate::codes::{self, Codes};
use crate::{Answer, Asked, HITS, Row};

/// Where Debian puts the programs.
const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
/// Servers refuse to run as root.
const USER: &str = "postgres";

pub struct Postgres {
    server: Server,
    connection: PgConnection,
}

impl Postgres {
    pub async fn make(folder: &Path) -> Postgres {
        let cluster = folder.join("pg");
        own_folder(&cluster);
        let made = command("initdb")
            .args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "-D"])
            .arg(&cluster)
            .stdout(Stdio::null())
            .status()
            .expect("initdb runs: install postgresql-15");
        assert!(made.success(), "initdb: {made}");
        let mut res = Postgres::open(folder).await;
        // The vectors that ranks are made from stand apart from the long texts, which only headlines need.
        for sql in [
            "CREATE TABLE document (id int PRIMARY KEY, title text, summary text, body text)",
            "CREATE TABLE facet (id int, value int)",
        ] {
            res.run(sql).await;
        }
        res
    }

    pub async fn add(&mut self, rows: &[Row]) {
        let of = |part: fn(&Row) -> &str| -> Vec<&str> { rows.iter().map(part).collect() };
        let numbers: Vec<i32> = rows.iter().map(|it| it.number).collect();
        sqlx::query("INSERT INTO document SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])")
            .bind(&numbers)
            .bind(of(|it| &it.title))
            .bind(of(|it| &it.summary))
            .bind(of(|it| &it.body))
            .execute(&mut self.connection)
            .await
            .expect("texts are written");
        let pairs = rows.iter().flat_map(|row| row.facets.iter().map(|it| (row.number, *it)));
        let (numbers, values): (Vec<i32>, Vec<i32>) = pairs.unzip();
        sqlx::query("INSERT INTO facet SELECT * FROM unnest($1::int[], $2::int[])")
            .bind(numbers)
            .bind(values)
            .execute(&mut self.connection)
            .await
            .expect("values are written");
    }

    pub async fn finish(mut self) {
        for sql in [
            "CREATE TABLE found (id int NOT NULL, facets int[] NOT NULL, words tsvector NOT NULL)",
            FOUND_STORAGE,
            "INSERT INTO found SELECT id, facets, \
                setweight(to_tsvector('dutch', title), 'A') || setweight(to_tsvector('dutch', summary), 'B') \
                || setweight(to_tsvector('dutch', body), 'C') FROM document \
                JOIN (SELECT id, array_agg(value) AS facets FROM facet GROUP BY id) AS values USING (id) ORDER BY id",
            "CREATE INDEX ON found USING gin (words) WITH (fastupdate = off)",
            "DROP TABLE facet",
            "VACUUM (FREEZE, ANALYZE)",
            "CHECKPOINT",
        ] {
            self.run(sql).await;
        }
        self.stop().await;
    }

    pub async fn open(folder: &Path) -> Postgres {
        let (server, port) = Server::start(&folder.join("pg"));
        let options = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(USER)
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
            .disable_statement_logging();
        let begin = Instant::now();
        loop {
            match options.connect().await {
                Ok(connection) => return Postgres { server, connection },
                Err(error) => assert!(begin.elapsed() < Duration::from_secs(60), "PostgreSQL does not answer: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn stop(mut self) {
        let _ = self.connection.close().await;
        self.server.stop();
    }

    pub async fn ask(&mut self, asked: &Asked<'_>, codes: &Codes) -> Answer {
        let sql = match asked.filters.len() {
            0 => SEARCH,
            1 => SEARCH_ONE,
            _ => SEARCH_TWO,
        };
        let mut query = sqlx::query_as::<_, (i32, i32, i64)>(sql).bind(asked.text);
        for value in &asked.filters {
            let (first, last) = codes::range(*value);
            query = query.bind(value).bind(first).bind(last);
        }
        let rows = query.fetch_all(&mut self.connection).await.expect("a search succeeds");
        let (mut total, mut counts, mut best) = (0, Vec::with_capacity(rows.len()), Vec::with_capacity(HITS));
        for (part, code, count) in rows {
            match part {
                BEST => best.push(code),
                TOTAL => total = count as u64,
                _ => counts.push((code, count)),
            }
        }
        let shown = sqlx::query_as(SHOW).bind(asked.text).bind(best).fetch_all(&mut self.connection).await;
        Answer { total, hits: shown.expect("documents are shown"), facets: codes.facets(counts) }
    }

    async fn run(&mut self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

/// Vectors in the rows themselves: a rank must not look each one up in another table.
const FOUND_STORAGE: &str = "ALTER TABLE found ALTER words SET STORAGE MAIN";

/// What a row of the answer is about.
const BEST: i32 = 0;
const TOTAL: i32 = 1;

macro_rules! search {
    ($missed:literal, $which:literal, $sideways:literal) => {
        concat!(
            "WITH hit AS MATERIALIZED (SELECT id, facets, missed, \
                CASE missed WHEN 0 THEN ts_rank('{0.1, 0.3, 0.6, 1}', words, question) END AS rank \
                FROM websearch_to_tsquery('dutch', $1) AS question, found, LATERAL (SELECT ",
            $missed,
            " AS missed) AS m \
                WHERE words @@ question AND ",
            $which,
            ") \
            (SELECT 0, id, 0::bigint FROM hit WHERE missed = 0 ORDER BY rank DESC, id LIMIT 10) UNION ALL \
            SELECT 1, 0, count(*) FROM hit WHERE missed = 0 UNION ALL \
            SELECT 2, value, count(*) FROM hit, unnest(facets) AS value WHERE missed = 0",
            $sideways,
            " GROUP BY value"
        )
    };
}

const SEARCH: &str = search!("0", "true", "");
const SEARCH_ONE: &str =
    search!("CASE WHEN $2 = ANY (facets) THEN 0 ELSE 1 END", "true", " OR missed = 1 AND value BETWEEN $3 AND $4");
const SEARCH_TWO: &str = search!(
    "CASE WHEN $2 = ANY (facets) THEN 0 ELSE 1 END + CASE WHEN $5 = ANY (facets) THEN 0 ELSE 2 END",
    "missed < 3",
    " OR missed = 1 AND value BETWEEN $3 AND $4 OR missed = 2 AND value BETWEEN $6 AND $7"
);

const SHOW: &str = "SELECT \
    ts_headline('dutch', title, question, 'HighlightAll=true, StartSel=<mark>, StopSel=</mark>'), \
    ts_headline('dutch', body, question, 'MaxWords=32, MinWords=16, StartSel=<mark>, StopSel=</mark>') \
    FROM websearch_to_tsquery('dutch', $1) AS question, unnest($2::int[]) WITH ORDINALITY AS best(id, place) \
    JOIN document USING (id) ORDER BY place";

/// The server process; ended with us.
struct Server(Child);

impl Server {
    fn start(cluster: &Path) -> (Server, u16) {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=2GB",
            "effective_cache_size=6GB",
            "work_mem=256MB",
            "maintenance_work_mem=1GB",
            "random_page_cost=1.1",
            "jit=off",
            "plan_cache_mode=force_custom_plan",
            "max_parallel_workers_per_gather=0",
            "autovacuum=off",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=8GB",
            "log_min_messages=fatal",
        ];
        let mut command = command("postgres");
        command.arg("-D").arg(cluster).args(["-p", &free.port().to_string()]);
        settings.iter().for_each(|it| _ = command.args(["-c", it]));
        let log = std::fs::File::create(cluster.with_extension("log")).expect("the log can be written");
        let child = command.stdout(Stdio::null()).stderr(log).spawn().expect("PostgreSQL starts");
        (Server(child), free.port())
    }

    /// Ends it at once, but orderly.
    fn stop(&mut self) {
        if let Ok(Some(_)) = self.0.try_wait() {
            return;
        }
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program of PostgreSQL, as a user it will run as.
fn command(name: &str) -> Command {
    let mut res = Command::new(PathBuf::from(PROGRAMS).join(name));
    res.current_dir("/");
    if let Some((user, group)) = other_user() {
        res.uid(user).gid(group);
    }
    res
}

/// The folder of the cluster, owned by who will run it.
fn own_folder(cluster: &Path) {
    std::fs::create_dir_all(cluster).expect("the folder can be made");
    if let Some((user, group)) = other_user() {
        chown(cluster, Some(user), Some(group)).expect("root gives a folder away");
    }
}

/// The user and group to run as instead of root; none when we are somebody else.
fn other_user() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux machine");
    let is_root = status.lines().any(|it| it.starts_with("Uid:") && it.split_whitespace().nth(2) == Some("0"));
    if !is_root {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("a list of users");
    let line = users.lines().find(|it| it.split(':').next() == Some(USER)).expect("the user postgres");
    let mut numbers = line.split(':').skip(2).map(|it| it.parse().expect("a number"));
    Some((numbers.next()?, numbers.next()?))
}
