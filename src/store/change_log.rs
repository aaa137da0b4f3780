//! What changed, in order: the message from the store to the index. It carries identities, never data.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::catalogue::ItemKind;
use crate::domain::id::{DeliveryId, ItemId, RecordId};

use super::{Result, Store, Write, corrupt, insert_all};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_log")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// "document", "aanlevering", or the word of a list.
    pub subject: String,
    pub subject_id: String,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What changed: a document, an item of a list, or which figures count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Record(RecordId),
    Item(ItemKind, ItemId),
    /// Its figures count from now on.
    Delivery(DeliveryId),
}

const RECORD: &str = "document";
const DELIVERY: &str = "aanlevering";

/// Notes that these look different now.
pub async fn append(write: &Write, subjects: &BTreeSet<Subject>, now: DateTime<Utc>) -> Result<()> {
    let rows = subjects.iter().map(|subject| {
        let (word, id) = match subject {
            Subject::Record(id) => (RECORD, id.as_str()),
            Subject::Item(kind, id) => (kind.word(), id.as_str()),
            Subject::Delivery(id) => (DELIVERY, id.as_str()),
        };
        ActiveModel {
            subject: Set(word.to_owned()),
            subject_id: Set(id.to_owned()),
            made_at: Set(now),
            ..Default::default()
        }
    });
    insert_all(write.connection(), rows.collect()).await
}

/// The number of the latest change; 0 when there is none.
pub async fn head(store: &Store) -> Result<i64> {
    let newest = Entity::find().select_only().column_as(Column::Seq.max(), "seq").into_tuple::<Option<i64>>();
    Ok(newest.one(store.read()).await?.flatten().unwrap_or(0))
}

/// Whether any change after a number is one of a list.
pub(super) async fn tells_of_lists(connection: &impl ConnectionTrait, seq: i64) -> Result<bool> {
    let later = Entity::find().filter(Column::Seq.gt(seq)).filter(Column::Subject.is_not_in([RECORD, DELIVERY]));
    Ok(later.select_only().column(Column::Seq).into_tuple::<i64>().one(connection).await?.is_some())
}

/// When the first change after a number was made.
pub async fn first_after(store: &Store, seq: i64) -> Result<Option<DateTime<Utc>>> {
    let row = Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).one(store.read()).await?;
    Ok(row.map(|it| it.made_at))
}

/// The changes after a number, oldest first, at most `most`.
pub async fn after(store: &Store, seq: i64, most: u64) -> Result<Vec<(i64, Subject)>> {
    let rows =
        Entity::find().filter(Column::Seq.gt(seq)).order_by_asc(Column::Seq).limit(most).all(store.read()).await?;
    rows.into_iter()
        .map(|row| {
            let subject = match ItemKind::parse(&row.subject) {
                Some(kind) => Subject::Item(kind, ItemId::stored(row.subject_id)),
                None if row.subject == RECORD => Subject::Record(RecordId::stored(row.subject_id)),
                None if row.subject == DELIVERY => Subject::Delivery(DeliveryId::stored(row.subject_id)),
                None => return Err(corrupt("onderwerp", row.subject)),
            };
            Ok((row.seq, subject))
        })
        .collect()
}
