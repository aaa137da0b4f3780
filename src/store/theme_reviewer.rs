//! The table of who reviews what belongs to a theme.

use chrono::NaiveDate;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::id::AccountId;

use super::{Ids, Result, Store, Write, put};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_reviewer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub theme_id: String,
    pub account_id: String,
    pub deputy_id: Option<String>,
    pub days: i32,
    pub until: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who reviews what belongs to a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeReviewer {
    /// The slug of the theme.
    pub theme: String,
    pub account: AccountId,
    /// Who steps in when it takes longer than `days`.
    pub deputy: Option<AccountId>,
    pub days: i32,
    /// The last day of the term; without one it goes on.
    pub until: Option<NaiveDate>,
}

impl ThemeReviewer {
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.until.is_none_or(|it| day <= it)
    }
}

pub async fn list(store: &Store) -> Result<Vec<ThemeReviewer>> {
    let ids = store.ids().await?;
    Entity::find().all(store.read()).await?.into_iter().map(|row| read(row, &ids)).collect()
}

/// As the running write sees them.
pub async fn list_in(write: &Write) -> Result<Vec<ThemeReviewer>> {
    let ids = write.ids().await?;
    Entity::find().all(write.connection()).await?.into_iter().map(|row| read(row, &ids)).collect()
}

/// Sets who reviews a theme.
pub async fn save(write: &Write, it: &ThemeReviewer) -> Result<()> {
    let tx = write.connection();
    let theme_id = write.ids().await?.id(ItemKind::Theme, &it.theme)?;
    let known = Entity::find_by_id(&theme_id).one(tx).await?.is_some();
    let row = ActiveModel {
        theme_id: Set(theme_id),
        account_id: Set(it.account.to_string()),
        deputy_id: Set(it.deputy.as_ref().map(ToString::to_string)),
        days: Set(it.days),
        until: Set(it.until),
    };
    put(tx, known, row).await
}

/// Nobody in particular reviews this theme from now on.
pub async fn delete(write: &Write, theme: &str) -> Result<()> {
    let tx = write.connection();
    let theme_id = write.ids().await?.id(ItemKind::Theme, theme)?;
    Entity::delete_by_id(theme_id).exec(tx).await?;
    Ok(())
}

fn read(row: Model, ids: &Ids) -> Result<ThemeReviewer> {
    Ok(ThemeReviewer {
        theme: ids.slug(&row.theme_id)?,
        account: AccountId::stored(row.account_id),
        deputy: row.deputy_id.map(AccountId::stored),
        days: row.days,
        until: row.until,
    })
}
