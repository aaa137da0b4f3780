//! The tables of attachments: what is known of each kept file, and the text of its pages.
//!
//! Invariant: a row is written after its bytes, so a row without bytes is damage; see [`crate::store::blob`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use serde_json::Value;

use crate::domain::actor::Actor;
use crate::domain::attachment::Media;

use super::{BATCH, Result, Store, Write, corrupt, draft, insert_all, record, revision};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub media: String,
    pub size: i64,
    /// How many the file has, read or not.
    pub pages: i32,
    pub state: String,
    pub received_by: String,
    pub received_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

mod page {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachment_page")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub page: i32,
        pub label: String,
        pub content: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How much of the text of a file could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Whole,
    /// The file goes on after what was read.
    Cut,
    /// There is nothing to read: an image, or pages that were only scanned.
    Silent,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Whole => "gelezen",
            State::Cut => "deels-gelezen",
            State::Silent => "zonder-tekst",
        }
    }

    fn parse(word: &str) -> Option<State> {
        [State::Whole, State::Cut, State::Silent].into_iter().find(|it| it.word() == word)
    }
}

/// What is known of a kept file.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub hash: String,
    pub media: Media,
    pub size: i64,
    /// How many pages, slides or sheets it has; 0 when that means nothing.
    pub pages: i32,
    pub state: State,
    pub received_at: DateTime<Utc>,
}

/// The text of one page, slide or sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: i32,
    /// How a reader finds it: "p. 14", "dia 3", "werkblad Rooster".
    pub label: String,
    pub text: String,
}

/// What is known of a hash, as the running write sees it.
pub async fn get_in(write: &Write, hash: &str) -> Result<Option<Kept>> {
    Entity::find_by_id(hash).one(write.connection()).await?.map(kept).transpose()
}

/// What is known of a hash.
pub async fn get(store: &Store, hash: &str) -> Result<Option<Kept>> {
    Entity::find_by_id(hash).one(store.read()).await?.map(kept).transpose()
}

/// What is known of these hashes; unknown ones are left out.
pub async fn by_hashes(store: &Store, hashes: &[&str]) -> Result<BTreeMap<String, Kept>> {
    let mut res = BTreeMap::new();
    for hashes in hashes.chunks(BATCH) {
        for row in Entity::find().filter(Column::Hash.is_in(hashes.iter().copied())).all(store.read()).await? {
            res.insert(row.hash.clone(), kept(row)?);
        }
    }
    Ok(res)
}

/// Which of these hashes are not kept, as the running write sees it.
pub async fn missing_in<'a>(write: &Write, hashes: &BTreeSet<&'a str>) -> Result<BTreeSet<&'a str>> {
    let mut res = hashes.clone();
    let all: Vec<&str> = hashes.iter().copied().collect();
    for hashes in all.chunks(BATCH) {
        let query =
            Entity::find().select_only().column(Column::Hash).filter(Column::Hash.is_in(hashes.iter().copied()));
        for known in query.into_tuple::<String>().all(write.connection()).await? {
            res.remove(known.as_str());
        }
    }
    Ok(res)
}

/// Every kept file, by hash.
pub async fn list(store: &Store) -> Result<Vec<Kept>> {
    Entity::find().order_by_asc(Column::Hash).all(store.read()).await?.into_iter().map(kept).collect()
}

/// Writes what is known of a file that is new, with the text of its pages.
pub async fn insert(write: &Write, kept: &Kept, pages: &[Page], actor: &Actor) -> Result<()> {
    let row = ActiveModel {
        hash: Set(kept.hash.clone()),
        media: Set(kept.media.word().to_owned()),
        size: Set(kept.size),
        pages: Set(kept.pages),
        state: Set(kept.state.word().to_owned()),
        received_by: Set(actor.label().to_owned()),
        received_at: Set(kept.received_at),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    let rows = pages.iter().map(|it| page::ActiveModel {
        hash: Set(kept.hash.clone()),
        page: Set(it.number),
        label: Set(it.label.clone()),
        content: Set(it.text.clone()),
    });
    insert_all(write.connection(), rows.collect()).await
}

/// Forgets a file and the text of its pages.
pub async fn delete(write: &Write, hash: &str) -> Result<()> {
    page::Entity::delete_many().filter(page::Column::Hash.eq(hash)).exec(write.connection()).await?;
    Entity::delete_by_id(hash).exec(write.connection()).await?;
    Ok(())
}

/// The text of the pages of these files, by hash, in their order.
pub async fn pages(store: &Store, hashes: &[&str]) -> Result<BTreeMap<String, Vec<Page>>> {
    let mut res: BTreeMap<String, Vec<Page>> = BTreeMap::new();
    for hashes in hashes.chunks(BATCH) {
        let query = page::Entity::find().filter(page::Column::Hash.is_in(hashes.iter().copied()));
        for row in query.order_by_asc(page::Column::Page).all(store.read()).await? {
            let page = Page { number: row.page, label: row.label, text: row.content };
            res.entry(row.hash).or_default().push(page);
        }
    }
    Ok(res)
}

/// One page of a file.
pub async fn page(store: &Store, hash: &str, number: i32) -> Result<Option<Page>> {
    let row = page::Entity::find_by_id((hash.to_owned(), number)).one(store.read()).await?;
    Ok(row.map(|row| Page { number: row.page, label: row.label, text: row.content }))
}

/// The hashes that anything names: a document, one of its versions, or a draft.
pub async fn named_in(write: &Write) -> Result<BTreeSet<String>> {
    let mut res = BTreeSet::new();
    for value in record::attachments_in(write).await?.iter().chain(&revision::contents_in(write).await?) {
        collect(value, &mut res);
    }
    draft::contents_in(write).await?.iter().for_each(|it| collect(it, &mut res));
    Ok(res)
}

/// The hashes that documents name, hidden ones included.
pub async fn live_in(write: &Write) -> Result<BTreeSet<String>> {
    let mut res = BTreeSet::new();
    record::attachments_in(write).await?.iter().for_each(|it| collect(it, &mut res));
    Ok(res)
}

/// Every text that can be a hash, wherever it stands: too many keep a file too long, too few lose it.
fn collect(value: &Value, res: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if crate::domain::attachment::is_hash(text) => _ = res.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect(it, res)),
        Value::Object(map) => map.values().for_each(|it| collect(it, res)),
        _ => (),
    }
}

fn kept(row: Model) -> Result<Kept> {
    Ok(Kept {
        media: Media::parse(&row.media).ok_or_else(|| corrupt("soort bestand", &row.media))?,
        state: State::parse(&row.state).ok_or_else(|| corrupt("stand van een bestand", &row.state))?,
        hash: row.hash,
        size: row.size,
        pages: row.pages,
        received_at: row.received_at,
    })
}
