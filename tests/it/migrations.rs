//! The steps that make the tables: they fit the entities, run once, and run whole or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use leerkring::domain::actor::Actor;
use leerkring::domain::asked::Asked;
use leerkring::domain::attachment::Media;
use leerkring::domain::catalogue::{Catalogue, Item};
use leerkring::domain::id::RecordId;
use leerkring::domain::library::Library;
use leerkring::domain::list::List;
use leerkring::domain::record::Own;
use leerkring::exchange::export;
use leerkring::migrations::Migrator;
use leerkring::store::attachment::Page;
use leerkring::store::blob::Blobs;
use leerkring::store::record::{self, Filter};
use leerkring::store::{self, Address, Store, change_log, revision, search_log};
use leerkring::workflow::attachment::{self, File};
use leerkring::workflow::search_log::{Face, SearchLog};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};
use serde_json::Value;

use crate::harness::{now, take_in};
use crate::make;

fn file(folder: &Path) -> PathBuf {
    folder.join("leerkring.db")
}

/// The file without the store around it.
async fn raw(path: &Path) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap()
}

/// The first column of every row, as text.
async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = database.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Our tables with their columns.
async fn tables(database: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let names =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%'";
    let mut res = BTreeMap::new();
    for name in texts(database, names).await {
        let columns = texts(database, &format!("SELECT name FROM pragma_table_info('{name}')")).await;
        res.insert(name, columns);
    }
    res
}

/// Every query of the store names its columns, so each would fail on a table that lacks one.
#[tokio::test]
async fn every_query_runs_on_fresh_tables() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Address::Sqlite(file(folder.path()))).await.unwrap();
    let nobody = RecordId::generate();
    let filter = Filter {
        themes: vec!["a"],
        regions: vec!["b"],
        organisation: Some("c"),
        indicator: Some("a"),
        programme: Some("d"),
        related_to: Some(&nobody),
    };
    assert_eq!(store.catalogue().await.unwrap().items().len(), 0);
    assert!(record::get(&store, &Actor::Anonymous, "a").await.unwrap().is_none());
    assert_eq!(record::by_ids(&store, &Actor::Anonymous, std::slice::from_ref(&nobody)).await.unwrap(), []);
    assert_eq!(record::list(&store, &Actor::Anonymous, &filter).await.unwrap(), []);
    assert_eq!(record::addresses(&store, &Actor::Anonymous).await.unwrap(), []);
    assert_eq!(record::count(&store).await.unwrap(), 0);
    assert_eq!(record::all(&store).await.unwrap(), []);
    assert_eq!(record::batch_after(&store, Some(&nobody), 1).await.unwrap(), []);
    assert_eq!(record::ids(&store).await.unwrap().len(), 0);
    assert_eq!(revision::list(&store, &nobody).await.unwrap().len(), 0);
    assert_eq!(change_log::head(&store).await.unwrap(), 0);
    assert_eq!(change_log::after(&store, 0, 1).await.unwrap(), []);
    assert_eq!(search_log::report(&store, now().date_naive(), now().date_naive()).await.unwrap().lines, []);
    assert_eq!(store::attachment::list(&store).await.unwrap(), []);
    assert_eq!(store::attachment::get(&store, "a").await.unwrap(), None);
    assert_eq!(store::attachment::by_hashes(&store, &["a"]).await.unwrap().len(), 0);
    assert_eq!(store::attachment::pages(&store, &["a"]).await.unwrap().len(), 0);
    let blobs = Blobs::new(folder.path().join("bijlagen"));
    let review = attachment::review(&store, &blobs, now(), true).await.unwrap();
    assert_eq!(review, attachment::Review::default());
    assert_eq!(store.check().await.unwrap(), [] as [String; 0]);
    store.ping().await.unwrap();
    store.close().await.unwrap();
}

/// The other way round: a column that no entity writes stays empty when every field of a library is filled.
#[tokio::test]
async fn every_column_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Address::Sqlite(file(folder.path()))).await.unwrap();
    let library = make::full_library().new_tree(&mut TestRunner::deterministic()).unwrap().current();
    take_in(&store, &library).await;
    let asked = Asked::new("a", [("soort", "factsheet")]).unwrap();
    let log = SearchLog::new(true);
    log.searched(now(), Face::Page, asked, 1);
    log.flush(&store, now()).await.unwrap();
    let page = Page { number: 1, label: "p. 1".into(), text: "Tekst".into() };
    let attached = File { bytes: b"a".to_vec(), media: Media::Pdf, pages: 1, is_cut: false, texts: vec![page] };
    let blobs = Blobs::new(folder.path().join("bijlagen"));
    attachment::keep(&store, &blobs, &Actor::System, attached, now()).await.unwrap();
    crate::account_rows::write_all(&store).await;
    crate::draft_rows::write_all(&store).await;
    crate::benchmark_rows::write_all(&store).await;
    store.close().await.unwrap();

    let database = raw(&file(folder.path())).await;
    let tables = tables(&database).await;
    assert!(tables.contains_key("record") && tables.contains_key("change_log"), "{tables:?}");
    let mut empty = Vec::new();
    for (table, columns) in &tables {
        for column in columns {
            let sql = format!("SELECT CAST(count(\"{column}\") AS TEXT) FROM \"{table}\"");
            if texts(&database, &sql).await == ["0"] {
                empty.push(format!("{table}.{column}"));
            }
        }
    }
    assert_eq!(empty, [] as [String; 0]);
    database.close().await.unwrap();
}

#[tokio::test]
async fn migrating_again_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Sqlite(file(folder.path()));
    assert_eq!(Store::migrate(&address).await.unwrap() as usize, Migrator::migrations().len());
    let schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let steps = "SELECT version || ' ' || applied_at FROM seaql_migrations ORDER BY version";
    let seen = async || {
        let database = raw(&file(folder.path())).await;
        let seen = (texts(&database, schema).await, texts(&database, steps).await);
        database.close().await.unwrap();
        seen
    };
    let before = seen().await;
    assert_eq!(Store::migrate(&address).await.unwrap(), 0);
    Store::open(&address).await.unwrap().close().await.unwrap();
    assert_eq!(seen().await, before);
}

/// A library as it was before there were indicators.
fn before_figures(mut library: Library) -> Library {
    library.catalogue.indicators = List::default();
    library.measurements.clear();
    let mut lists = Catalogue::default();
    for item in library.catalogue.items() {
        let mut values = Value::Object(item.to_value());
        without(&mut values, &["indicator", "kenmerken", "aanleveren", "deelt", "vragen"]);
        lists.push(Item::from_value(item.kind(), values.as_object().unwrap().clone()).unwrap());
    }
    library.catalogue = lists;
    for record in &mut library.records {
        let mut values = Value::Object(record.own.to_value());
        without(&mut values, &["indicator", "indicatoren"]);
        record.own = Own::from_value(record.kind(), values.as_object().unwrap().clone()).unwrap();
    }
    library
}

fn without(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !names.contains(&name.as_str()));
            map.values_mut().for_each(|it| without(it, names));
        }
        Value::Array(list) => list.iter_mut().for_each(|it| without(it, names)),
        _ => (),
    }
}

/// A database as the version before the lexicon left it: the step adds its tables and touches nothing else.
#[tokio::test]
async fn the_lexicon_is_added_to_what_is_there() {
    let step = "m20261123_000002_add_lexicon";
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Sqlite(file(folder.path()));
    let whole = make::full_library().new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let mut without = whole.clone();
    without.catalogue.concepts = List::default();
    without.catalogue.word_lists = List::default();
    let without = before_figures(without);
    let store = Store::open(&address).await.unwrap();
    take_in(&store, &without).await;
    store.close().await.unwrap();
    let database = raw(&file(folder.path())).await;
    let fresh = raw(&folder.path().join("fresh.db")).await;
    let steps = Migrator::migrations().iter().take_while(|it| it.name() != step).count();
    Migrator::up(&fresh, Some(steps as u32)).await.unwrap();
    let expected = tables(&fresh).await;
    fresh.close().await.unwrap();
    for (later, _) in tables(&database).await.iter().filter(|it| !expected.contains_key(it.0)) {
        database.execute_unprepared(&format!("DROP TABLE \"{later}\"")).await.unwrap();
    }
    for (table, column) in [
        ("record", "attachments"),
        ("organisation", "traits"),
        ("network", "deadlines"),
        ("network_member", "consents"),
        ("network_member", "may_be_asked"),
    ] {
        let drop = format!("ALTER TABLE \"{table}\" DROP COLUMN \"{column}\"");
        database.execute_unprepared(&drop).await.unwrap();
    }
    let undone = format!("DELETE FROM seaql_migrations WHERE version >= '{step}'");
    database.execute_unprepared(&undone).await.unwrap();
    assert_eq!(tables(&database).await, expected, "this is not what the version before left");
    database.close().await.unwrap();

    let store = Store::open(&address).await.unwrap();
    assert_eq!(export::library(&store).await.unwrap(), without);
    take_in(&store, &whole).await;
    assert_eq!(export::library(&store).await.unwrap(), whole);
    assert_eq!(store.check().await.unwrap(), [] as [String; 0]);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Sqlite(file(folder.path()));
    Store::migrate(&address).await.unwrap();
    let database = raw(&file(folder.path())).await;
    let step = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_later', 0)";
    database.execute_unprepared(step).await.unwrap();
    for refused in [Store::open(&address).await.err(), Store::migrate(&address).await.err()] {
        let error = refused.unwrap();
        assert!(matches!(&error, store::Error::Newer { step } if step == "m29990101_000001_later"), "{error:?}");
        let sentence = error.to_string();
        assert!(sentence.contains("nieuwere versie van leerkring"), "{sentence}");
        assert!(sentence.contains("gebruik die versie of herstel een oudere reservekopie"), "{sentence}");
    }
    assert_eq!(texts(&database, "SELECT version FROM seaql_migrations").await.len(), Migrator::migrations().len() + 1);
    database.close().await.unwrap();
}

/// A step of ours that is cut off at its very end, when all its tables stand.
struct CutOff(Box<dyn MigrationTrait>);

impl MigrationName for CutOff {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CutOff {
    fn use_transaction(&self) -> Option<bool> {
        self.0.use_transaction()
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await?;
        Err(DbErr::Custom("the power went".into()))
    }
}

/// Our steps, the last of them cut off.
struct LastCutOff;

#[async_trait::async_trait]
impl MigratorTrait for LastCutOff {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut steps = Migrator::migrations();
        let last = steps.pop().unwrap();
        steps.push(Box::new(CutOff(last)));
        steps
    }
}

#[tokio::test]
async fn a_step_that_is_cut_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = raw(&file(folder.path())).await;
    let steps = Migrator::migrations().len() as u32;
    Migrator::up(&database, Some(steps - 1)).await.unwrap();
    let before = tables(&database).await;
    let error = LastCutOff::up(&database, None).await.unwrap_err();
    assert!(error.to_string().contains("the power went"), "{error}");
    assert_eq!(tables(&database).await, before);
    assert_eq!(texts(&database, "SELECT version FROM seaql_migrations").await.len() as u32, steps - 1);
    database.close().await.unwrap();

    let address = Address::Sqlite(file(folder.path()));
    assert_eq!(Store::migrate(&address).await.unwrap(), 1);
    Store::open(&address).await.unwrap().close().await.unwrap();
}
