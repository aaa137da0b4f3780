//! The table of closed comparisons: a network and a period, and the moment whose figures it keeps.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::catalogue::ItemKind;

use super::{Ids, Result, Store, Write};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "comparison_closing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub network_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub period: String,
    pub closed_at: DateTimeUtc,
    pub closed_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The closed periods of a network with the moment of closing, by period.
pub async fn of(store: &Store, network: &str) -> Result<Vec<(String, DateTime<Utc>)>> {
    let ids = store.ids().await?;
    let Ok(id) = ids.id(ItemKind::Network, network) else { return Ok(vec![]) };
    let rows = Entity::find().filter(Column::NetworkId.eq(id)).order_by_asc(Column::Period).all(store.read()).await?;
    Ok(rows.into_iter().map(|it| (it.period, it.closed_at)).collect())
}

/// Whether a period of a network is closed, as the running write sees it.
pub async fn is_closed_in(write: &Write, ids: &Ids, network: &str, period: &str) -> Result<bool> {
    let id = ids.id(ItemKind::Network, network)?;
    Ok(Entity::find_by_id((id, period.to_owned())).one(write.connection()).await?.is_some())
}

/// Closes a period of a network.
pub async fn insert(write: &Write, ids: &Ids, network: &str, period: &str, by: &str, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        network_id: Set(ids.id(ItemKind::Network, network)?),
        period: Set(period.to_owned()),
        closed_at: Set(now),
        closed_by: Set(by.to_owned()),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}
