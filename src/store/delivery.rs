//! The table of deliveries: what an organisation delivered at once, and how far it is.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::catalogue::ItemKind;
use crate::domain::delivery::{Delivery, DeliveryStage};
use crate::domain::id::{AccountId, DeliveryId, ItemId};

use super::{BATCH, Ids, Result, Store, Write, corrupt, put};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organisation_id: String,
    pub network_id: Option<String>,
    pub stage: String,
    pub file_name: Option<String>,
    /// SHA-256 of what was delivered: the same again is no new delivery.
    pub hash: String,
    pub reason: Option<String>,
    pub made_by: String,
    pub made_at: DateTimeUtc,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTimeUtc>,
    pub released_at: Option<DateTimeUtc>,
    pub embargo_until: Option<Date>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The delivery of an identity.
pub async fn get(store: &Store, id: &DeliveryId) -> Result<Option<Delivery>> {
    let row = Entity::find_by_id(id.as_str()).one(store.read()).await?;
    let ids = store.ids().await?;
    row.map(|it| delivery(it, &ids)).transpose()
}

/// The same as the running write sees it.
pub async fn get_in(write: &Write, id: &DeliveryId) -> Result<Option<Delivery>> {
    let row = Entity::find_by_id(id.as_str()).one(write.connection()).await?;
    let ids = write.ids().await?;
    row.map(|it| delivery(it, &ids)).transpose()
}

/// The deliveries of these organisations, newest first.
pub async fn of(store: &Store, organisations: &[&str], most: u64) -> Result<Vec<Delivery>> {
    let ids = store.ids().await?;
    let known: Vec<String> = organisations.iter().filter_map(|it| ids.id(ItemKind::Organisation, it).ok()).collect();
    let rows = Entity::find()
        .filter(Column::OrganisationId.is_in(known))
        .order_by_desc(Column::MadeAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(store.read())
        .await?;
    rows.into_iter().map(|it| delivery(it, &ids)).collect()
}

/// The deliveries of these identities, newest first.
pub async fn by_ids(store: &Store, wanted: &[DeliveryId]) -> Result<Vec<Delivery>> {
    let ids = store.ids().await?;
    let mut res = Vec::new();
    for some in wanted.chunks(BATCH) {
        let of = Column::Id.is_in(some.iter().map(DeliveryId::as_str));
        let rows = Entity::find().filter(of).order_by_desc(Column::MadeAt).all(store.read()).await?;
        for row in rows {
            res.push(delivery(row, &ids)?);
        }
    }
    res.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| b.id.cmp(&a.id)));
    Ok(res)
}

/// A delivery of an organisation with the same content that was not withdrawn, as the running write sees it.
pub async fn same(write: &Write, ids: &Ids, organisation: &str, hash: &str) -> Result<Option<Delivery>> {
    let row = Entity::find()
        .filter(Column::OrganisationId.eq(ids.id(ItemKind::Organisation, organisation)?))
        .filter(Column::Hash.eq(hash))
        .filter(Column::Stage.ne(DeliveryStage::Withdrawn.word()))
        .one(write.connection())
        .await?;
    row.map(|it| delivery(it, ids)).transpose()
}

/// Stores a delivery; one of the same identity is replaced.
pub async fn save(write: &Write, ids: &Ids, it: &Delivery) -> Result<()> {
    let tx = write.connection();
    let known = Entity::find_by_id(it.id.as_str()).one(tx).await?;
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        organisation_id: Set(ids.id(ItemKind::Organisation, &it.organisation)?),
        network_id: Set(ids.optional_id(ItemKind::Network, it.network.as_deref())?),
        stage: Set(it.stage.word().to_owned()),
        file_name: Set(it.file_name.clone()),
        hash: Set(it.hash.clone()),
        reason: Set(it.reason.clone()),
        made_by: Set(it.made_by.clone()),
        made_at: Set(it.made_at),
        approved_by: Set(it.approved_by.as_ref().map(AccountId::to_string)),
        approved_at: Set(it.approved_at),
        released_at: Set(it.released_at),
        embargo_until: Set(it.embargo_until),
        version: Set(it.version + 1),
    };
    put(tx, known.is_some(), row).await
}

/// Gives what one organisation has here to another: the two are one now.
pub async fn move_to(write: &Write, from: &ItemId, into: &ItemId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::OrganisationId, sea_orm::sea_query::Expr::value(into.as_str()))
        .filter(Column::OrganisationId.eq(from.as_str()))
        .exec(write.connection())
        .await?;
    Ok(())
}

fn delivery(row: Model, ids: &Ids) -> Result<Delivery> {
    Ok(Delivery {
        organisation: ids.slug(&row.organisation_id)?,
        network: ids.optional_slug(row.network_id.as_deref())?,
        stage: DeliveryStage::parse(&row.stage).ok_or_else(|| corrupt("stand van aanlevering", &row.stage))?,
        id: DeliveryId::stored(row.id),
        file_name: row.file_name,
        hash: row.hash,
        reason: row.reason,
        made_by: row.made_by,
        made_at: row.made_at,
        approved_by: row.approved_by.map(AccountId::stored),
        approved_at: row.approved_at,
        released_at: row.released_at,
        embargo_until: row.embargo_until,
        version: row.version,
    })
}
