//! SQLite FTS5 in its best form for this work.
//!
//! One pass over the matching documents writes them to a table in memory with their rank and with the filter they
//! miss, if only one. Filters are looked up in a table of values that is its own index. The values are counted in two
//! ways: in SQL, by GROUP BY over that table, which sorts them; and, for who is prepared to do that part himself, the
//! codes of the values of all these documents are joined to one text, and counted by the program that asks.

use std::collections::HashMap;
use std::path::Path;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions, Connection, Row as _, SqliteConnection};

use crate::codes::{self, Codes};
use crate::{Answer, Asked, HITS, Row};

/// Who counts the values of the documents found.
#[derive(Debug, Clone, Copy)]
pub enum Counting {
    InSql,
    ByOurselves,
}

pub struct Sqlite {
    connection: SqliteConnection,
}

impl Sqlite {
    async fn connect(folder: &Path) -> Sqlite {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("fts5.db"))
            .create_if_missing(true)
            .page_size(8192)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("locking_mode", "EXCLUSIVE")
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-1000000")
            .pragma("mmap_size", "8000000000")
            .disable_statement_logging();
        Sqlite { connection: options.connect().await.expect("SQLite opens its file") }
    }

    pub async fn make(folder: &Path) -> Sqlite {
        let mut res = Sqlite::connect(folder).await;
        // Weights as in our own index: a title says more than a summary, that more than a body.
        for sql in [
            "CREATE VIRTUAL TABLE text USING fts5(title, summary, body, tokenize = 'unicode61 remove_diacritics 2')",
            "INSERT INTO text(text, rank) VALUES ('rank', 'bm25(3.0, 2.0, 1.0)')",
            "CREATE TABLE facet (doc INTEGER, value INTEGER, PRIMARY KEY (doc, value)) WITHOUT ROWID",
            "CREATE TABLE packed (doc INTEGER PRIMARY KEY, codes TEXT)",
        ] {
            res.run(sql).await;
        }
        res
    }

    pub async fn add(&mut self, rows: &[Row]) {
        let mut write = self.connection.begin().await.expect("a write begins");
        for row in rows {
            sqlx::query("INSERT INTO text (rowid, title, summary, body) VALUES (?, ?, ?, ?)")
                .bind(row.number)
                .bind(&row.title)
                .bind(&row.summary)
                .bind(&row.body)
                .execute(&mut *write)
                .await
                .expect("a text is written");
            let letters: String = row.facets.iter().map(|it| codes::letters(*it)).collect();
            sqlx::query("INSERT INTO packed (doc, codes) VALUES (?, ?)")
                .bind(row.number)
                .bind(letters)
                .execute(&mut *write)
                .await
                .expect("codes are written");
            for value in &row.facets {
                sqlx::query("INSERT INTO facet (doc, value) VALUES (?, ?)")
                    .bind(row.number)
                    .bind(value)
                    .execute(&mut *write)
                    .await
                    .expect("a value is written");
            }
        }
        write.commit().await.expect("a write is committed");
    }

    pub async fn finish(mut self) {
        for sql in ["INSERT INTO text(text) VALUES ('optimize')", "ANALYZE"] {
            self.run(sql).await;
        }
        self.close_quietly().await;
    }

    pub async fn open(folder: &Path) -> Sqlite {
        let mut res = Sqlite::connect(folder).await;
        res.run("CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY, missed INTEGER, rank REAL)").await;
        res
    }

    pub async fn close(self) {
        self.close_quietly().await;
    }

    async fn close_quietly(self) {
        self.connection.close().await.expect("SQLite closes its file");
    }

    pub async fn ask(&mut self, asked: &Asked<'_>, codes: &Codes, counting: Counting) -> Answer {
        let question = question(asked.text);
        let gather = match asked.filters.len() {
            0 => GATHER,
            1 => GATHER_ONE,
            _ => GATHER_TWO,
        };
        // One transaction: no locks taken and given back between statements.
        self.run("BEGIN").await;
        self.run("DELETE FROM temp.hit").await;
        let mut query = sqlx::query(gather).bind(&question);
        for value in &asked.filters {
            query = query.bind(value);
        }
        query.execute(&mut self.connection).await.expect("documents are gathered");

        let (total, counts) = match counting {
            Counting::InSql => self.count_in_sql(asked).await,
            Counting::ByOurselves => self.count(asked).await,
        };
        let shown = sqlx::query(SHOW).bind(&question).bind(HITS as i64).fetch_all(&mut self.connection).await;
        let shown = shown.expect("documents are shown");
        self.run("COMMIT").await;
        Answer { total, hits: shown.iter().map(|row| (row.get(0), row.get(1))).collect(), facets: codes.facets(counts) }
    }

    /// How many there are, and how many have each value.
    async fn count(&mut self, asked: &Asked<'_>) -> (u64, Vec<(i32, i64)>) {
        let row = sqlx::query(COUNT).fetch_one(&mut self.connection).await.expect("values are counted");
        let mut counts = vec![0; codes::ALL];
        if let Some(all) = row.get::<Option<&str>, _>(1) {
            codes::counted(all, &mut counts);
        }
        // Documents that miss one filter count for the facet of that filter only.
        for (at, value) in asked.filters.iter().enumerate() {
            let mut missing = vec![0; codes::ALL];
            if let Some(some) = row.get::<Option<&str>, _>(2 + at) {
                codes::counted(some, &mut missing);
            }
            let (first, last) = codes::range(*value);
            (first as usize..=last as usize).for_each(|it| counts[it] += missing[it]);
        }
        let counts = (0..).zip(counts).filter(|it| 0 < it.1).collect();
        (row.get::<Option<i64>, _>(0).unwrap_or(0) as u64, counts)
    }

    async fn count_in_sql(&mut self, asked: &Asked<'_>) -> (u64, Vec<(i32, i64)>) {
        let total: i64 =
            sqlx::query_scalar(TOTAL).fetch_one(&mut self.connection).await.expect("documents are counted");
        let mut counts: HashMap<i32, i64> = HashMap::new();
        let all = (0, 0, i32::MAX);
        let filters = asked.filters.iter().enumerate().map(|(at, value)| {
            let (first, last) = codes::range(*value);
            (1 + at as i64, first, last)
        });
        for (missed, first, last) in std::iter::once(all).chain(filters) {
            let rows: Vec<(i32, i64)> = sqlx::query_as(COUNT_IN_SQL)
                .bind(missed)
                .bind(first)
                .bind(last)
                .fetch_all(&mut self.connection)
                .await
                .expect("values are counted");
            rows.into_iter().for_each(|(value, count)| *counts.entry(value).or_default() += count);
        }
        (total as u64, counts.into_iter().collect())
    }

    async fn run(&mut self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

const GATHER: &str = "INSERT INTO temp.hit SELECT rowid, 0, bm25(text, 3.0, 2.0, 1.0) FROM text WHERE text MATCH ?1";
const GATHER_ONE: &str = "INSERT INTO temp.hit \
    SELECT rowid, NOT EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?2), \
    CASE WHEN EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?2) \
    THEN bm25(text, 3.0, 2.0, 1.0) END FROM text WHERE text MATCH ?1";
const GATHER_TWO: &str = "INSERT INTO temp.hit \
    SELECT rowid, (NOT EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?2)) \
    + 2 * (NOT EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?3)), \
    CASE WHEN EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?2) \
    AND EXISTS (SELECT 1 FROM facet WHERE doc = text.rowid AND value = ?3) \
    THEN bm25(text, 3.0, 2.0, 1.0) END FROM text WHERE text MATCH ?1";

const COUNT: &str = "SELECT sum(missed = 0), group_concat(CASE missed WHEN 0 THEN codes END, ''), \
    group_concat(CASE missed WHEN 1 THEN codes END, ''), group_concat(CASE missed WHEN 2 THEN codes END, '') \
    FROM temp.hit CROSS JOIN packed ON doc = id";

const TOTAL: &str = "SELECT count(*) FROM temp.hit WHERE missed = 0";
const COUNT_IN_SQL: &str = "SELECT value, count(*) FROM temp.hit CROSS JOIN facet ON doc = id \
    WHERE missed = ?1 AND value BETWEEN ?2 AND ?3 GROUP BY value";

const SHOW: &str = "SELECT highlight(text, 0, '<mark>', '</mark>'), snippet(text, 2, '<mark>', '</mark>', '…', 32) \
    FROM (SELECT id, rank AS score FROM temp.hit WHERE missed = 0 ORDER BY rank LIMIT ?2) AS best \
    CROSS JOIN text ON text.rowid = best.id WHERE text MATCH ?1 ORDER BY score";

/// Words as FTS5 takes them: each between quotes, so that none is read as an operator.
fn question(text: &str) -> String {
    if text.starts_with('"') {
        return text.to_owned();
    }
    text.split_whitespace().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(" ")
}
