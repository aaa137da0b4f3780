//! The table of new starts of control charts: proposed with a reason, in force when a second person agreed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, Set};

use crate::domain::catalogue::ItemKind;
use crate::domain::id::{AccountId, BaselineId, ItemId};
use crate::domain::period::PartialDate;
use crate::domain::proposal::{Ended, Proposal};

use super::proposal::ended;
use super::{Ids, Result, Store, Write, corrupt};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "baseline")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub organisation_id: String,
    pub indicator_id: String,
    pub period: String,
    pub reason: String,
    pub made_by: String,
    pub made_at: DateTimeUtc,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTimeUtc>,
    pub ended_as: Option<String>,
    pub ended_by: Option<String>,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_why: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A new start of the control chart of one organisation on one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    pub id: BaselineId,
    /// Slug.
    pub organisation: String,
    /// Slug.
    pub indicator: String,
    /// The first period of the new part.
    pub period: PartialDate,
    pub proposal: Proposal,
}

/// The new starts of one organisation on one indicator, also those that ended, oldest period first.
pub async fn of(store: &Store, organisation: &str, indicator: &str) -> Result<Vec<Baseline>> {
    let ids = store.ids().await?;
    let (Ok(organisation), Ok(indicator)) =
        (ids.id(ItemKind::Organisation, organisation), ids.id(ItemKind::Indicator, indicator))
    else {
        return Ok(vec![]);
    };
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::IndicatorId.eq(indicator))
        .order_by_asc(Column::Id)
        .all(store.read())
        .await?;
    let mut res: Vec<Baseline> = rows.into_iter().map(|it| baseline(it, &ids)).collect::<Result<_>>()?;
    res.sort_by_key(|it| it.period.first_day());
    Ok(res)
}

/// The new starts of one organisation on all indicators, also those that ended, by indicator, oldest period first.
pub async fn of_organisation(store: &Store, organisation: &str) -> Result<BTreeMap<String, Vec<Baseline>>> {
    let ids = store.ids().await?;
    let Ok(organisation) = ids.id(ItemKind::Organisation, organisation) else { return Ok(BTreeMap::new()) };
    let rows = Entity::find().filter(Column::OrganisationId.eq(organisation)).order_by_asc(Column::Id);
    let mut res: BTreeMap<String, Vec<Baseline>> = BTreeMap::new();
    for row in rows.all(store.read()).await? {
        let it = baseline(row, &ids)?;
        res.entry(it.indicator.clone()).or_default().push(it);
    }
    res.values_mut().for_each(|it| it.sort_by_key(|it| it.period.first_day()));
    Ok(res)
}

/// The new starts that wait for somebody to agree, oldest first.
pub async fn waiting(store: &Store) -> Result<Vec<Baseline>> {
    let ids = store.ids().await?;
    let waits = Condition::all().add(Column::ApprovedAt.is_null()).add(Column::EndedAt.is_null());
    let rows = Entity::find().filter(waits).order_by_asc(Column::Id).all(store.read()).await?;
    rows.into_iter().map(|it| baseline(it, &ids)).collect()
}

/// A new start as the running write sees it.
pub async fn get_in(write: &Write, id: &BaselineId) -> Result<Option<Baseline>> {
    let ids = write.ids().await?;
    Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(|it| baseline(it, &ids)).transpose()
}

/// Notes a proposal.
pub async fn insert(write: &Write, ids: &Ids, it: &Baseline) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        organisation_id: Set(ids.id(ItemKind::Organisation, &it.organisation)?),
        indicator_id: Set(ids.id(ItemKind::Indicator, &it.indicator)?),
        period: Set(it.period.to_string()),
        reason: Set(it.proposal.reason.clone()),
        made_by: Set(it.proposal.made_by.clone()),
        made_at: Set(it.proposal.made_at),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Puts a proposal in force.
pub async fn approve(write: &Write, id: &BaselineId, by: &AccountId, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_string()),
        approved_by: Set(Some(by.to_string())),
        approved_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(write.connection()).await?;
    Ok(())
}

/// Notes that one was rejected or withdrawn.
pub async fn end(write: &Write, id: &BaselineId, it: &Ended) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_string()),
        ended_as: Set(Some(it.how.word().to_owned())),
        ended_by: Set(Some(it.by.clone())),
        ended_at: Set(Some(it.at)),
        ended_why: Set(it.reason.clone()),
        ..Default::default()
    };
    row.update(write.connection()).await?;
    Ok(())
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

fn baseline(row: Model, ids: &Ids) -> Result<Baseline> {
    Ok(Baseline {
        id: BaselineId::stored(row.id),
        organisation: ids.slug(&row.organisation_id)?,
        indicator: ids.slug(&row.indicator_id)?,
        period: PartialDate::parse(&row.period).ok_or_else(|| corrupt("periode", &row.period))?,
        proposal: Proposal {
            reason: row.reason,
            made_by: row.made_by,
            made_at: row.made_at,
            approved_by: row.approved_by.map(AccountId::stored),
            approved_at: row.approved_at,
            ended: ended(row.ended_as.as_deref(), row.ended_by, row.ended_at, row.ended_why)?,
        },
    })
}
