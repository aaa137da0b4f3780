//! The table of what is being written and reviewed.
//!
//! Invariant: rows change only when the version the writer saw is still the one that stands, see [`save`].

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect, Set};

use crate::domain::draft::{Content, Draft};
use crate::domain::id::{AccountId, DraftId, RecordId};
use crate::domain::stage::Stage;

use super::{Result, Store, Write, corrupt, from_json, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub record_id: Option<String>,
    pub base_version: Option<i32>,
    pub kind: String,
    pub title: String,
    pub address: String,
    pub content: Json,
    pub author_id: String,
    pub stage: String,
    pub submitted_at: Option<DateTimeUtc>,
    pub reviewer_id: Option<String>,
    pub publish_at: Option<DateTimeUtc>,
    pub note: Option<String>,
    pub reason: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most drafts in one list.
pub const LISTED: u64 = 500;

pub async fn get(store: &Store, id: &DraftId) -> Result<Option<Draft>> {
    Entity::find_by_id(id.as_str()).one(store.read()).await?.map(read).transpose()
}

/// As the running write sees it.
pub async fn get_in(write: &Write, id: &DraftId) -> Result<Option<Draft>> {
    Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(read).transpose()
}

/// What somebody began to write, latest change first.
pub async fn of_author(store: &Store, author: &AccountId) -> Result<Vec<Draft>> {
    let rows = Entity::find().filter(Column::AuthorId.eq(author.as_str())).order_by_desc(Column::UpdatedAt);
    rows.limit(LISTED).all(store.read()).await?.into_iter().map(read).collect()
}

/// How many drafts of somebody are not published yet, as the running write sees it.
pub async fn open_count(write: &Write, author: &AccountId) -> Result<u64> {
    let rows = Entity::find().filter(Column::AuthorId.eq(author.as_str())).filter(not_closed());
    Ok(rows.count(write.connection()).await?)
}

/// All that stands in one of these stages, the longest waiting first.
pub async fn in_stages(store: &Store, stages: &[Stage]) -> Result<Vec<Draft>> {
    by_wait(stages).all(store.read()).await?.into_iter().map(read).collect()
}

/// What stands in one of these stages and is to get this address, or is a new version of this document; the longest
/// waiting first.
pub async fn at_address(
    store: &Store,
    stages: &[Stage],
    address: &str,
    record: Option<&RecordId>,
) -> Result<Vec<Draft>> {
    let meant =
        Condition::any().add(Column::Address.eq(address)).add_option(record.map(|it| Column::RecordId.eq(it.as_str())));
    by_wait(stages).filter(meant).limit(LISTED).all(store.read()).await?.into_iter().map(read).collect()
}

fn by_wait(stages: &[Stage]) -> Select<Entity> {
    Entity::find()
        .filter(Column::Stage.is_in(stages.iter().map(|it| it.word())))
        .order_by_asc(Column::SubmittedAt)
        .order_by_asc(Column::Id)
}

/// The new versions of a document that are not published yet, oldest first.
pub async fn of_record(store: &Store, id: &RecordId) -> Result<Vec<Draft>> {
    let rows = Entity::find().filter(Column::RecordId.eq(id.as_str())).filter(not_closed());
    rows.order_by_asc(Column::CreatedAt).all(store.read()).await?.into_iter().map(read).collect()
}

/// The new version of a document that somebody began and that is not published yet, as the running write sees it.
pub async fn own_of_record(write: &Write, author: &AccountId, id: &RecordId) -> Result<Option<Draft>> {
    let rows = Entity::find()
        .filter(Column::RecordId.eq(id.as_str()))
        .filter(Column::AuthorId.eq(author.as_str()))
        .filter(not_closed());
    rows.order_by_asc(Column::CreatedAt).one(write.connection()).await?.map(read).transpose()
}

/// What was approved and whose moment has come.
pub async fn due(store: &Store, now: DateTime<Utc>) -> Result<Vec<Draft>> {
    let rows = Entity::find()
        .filter(Column::Stage.eq(Stage::Planned.word()))
        .filter(Condition::all().add(Column::PublishAt.lte(now)))
        .order_by_asc(Column::PublishAt);
    rows.limit(LISTED).all(store.read()).await?.into_iter().map(read).collect()
}

pub async fn insert(write: &Write, draft: &Draft) -> Result<()> {
    Entity::insert(row(draft)).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Writes a draft over the version before its own. False when that is no longer the one that stands.
pub async fn save(write: &Write, draft: &Draft) -> Result<bool> {
    let row = row(draft);
    let done = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(draft.id.as_str()))
        .filter(Column::Version.eq(draft.version - 1))
        .exec(write.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a draft with its remarks and links.
pub async fn delete(write: &Write, id: &DraftId) -> Result<()> {
    Entity::delete_by_id(id.as_str()).exec(write.connection()).await?;
    Ok(())
}

/// The texts of all drafts, as the running write sees them.
pub(super) async fn contents_in(write: &Write) -> Result<Vec<Json>> {
    let query = Entity::find().select_only().column(Column::Content);
    Ok(query.into_tuple::<Json>().all(write.connection()).await?)
}

fn not_closed() -> Condition {
    Condition::all().add(Column::Stage.ne(Stage::Published.word()))
}

fn row(it: &Draft) -> ActiveModel {
    ActiveModel {
        id: Set(it.id.to_string()),
        record_id: Set(it.of.as_ref().map(|it| it.0.to_string())),
        base_version: Set(it.of.as_ref().map(|it| it.1)),
        kind: Set(it.content.kind.word().to_owned()),
        title: Set(it.content.title().chars().take(200).collect()),
        address: Set(it.content.slug.clone()),
        content: Set(to_json(&it.content)),
        author_id: Set(it.author.to_string()),
        stage: Set(it.stage.word().to_owned()),
        submitted_at: Set(it.submitted_at),
        reviewer_id: Set(it.reviewer.as_ref().map(ToString::to_string)),
        publish_at: Set(it.publish_at),
        note: Set(it.note.clone()),
        reason: Set(it.reason.clone()),
        version: Set(it.version),
        created_at: Set(it.created_at),
        updated_at: Set(it.updated_at),
    }
}

fn read(row: Model) -> Result<Draft> {
    let content: Content = from_json("concept", row.content)?;
    Ok(Draft {
        id: DraftId::stored(row.id),
        of: row.record_id.map(RecordId::stored).zip(row.base_version),
        content,
        author: AccountId::stored(row.author_id),
        stage: Stage::parse(&row.stage).ok_or_else(|| corrupt("stand van een concept", &row.stage))?,
        submitted_at: row.submitted_at,
        reviewer: row.reviewer_id.map(AccountId::stored),
        publish_at: row.publish_at,
        note: row.note,
        reason: row.reason,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
