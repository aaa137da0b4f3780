//! The tables of themes and of who took part in them.

use sea_orm::QueryOrder;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::theme::{Participant, Theme};

use super::{Ids, Result, from_json, grouped, insert_all, moment, put, to_json};

pub(super) mod main {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "theme")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub slug: String,
        pub name: String,
        pub position: i32,
        pub parent_id: Option<String>,
        pub programme_id: Option<String>,
        pub description: Option<String>,
        pub results: Option<String>,
        pub starts: Option<String>,
        pub ends: Option<String>,
        pub notes: Json,
        pub reported: Json,
        pub sources: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod participant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "theme_participant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub theme_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: String,
        /// The name in the source, when it is not the organisation's own.
        pub listed_as: Option<String>,
        pub position: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn list(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Vec<Theme>> {
    let rows = main::Entity::find()
        .order_by_asc(main::Column::Position)
        .order_by_asc(main::Column::Slug)
        .all(connection)
        .await?;
    let parts = participant::Entity::find().order_by_asc(participant::Column::Position).all(connection).await?;
    let mut parts_of = grouped(parts, |row| row.theme_id.clone());
    rows.into_iter()
        .map(|row| {
            let participants = parts_of.remove(&row.id).unwrap_or_default().into_iter().map(|part| {
                Ok(Participant { organisation: ids.slug(&part.organisation_id)?, listed_as: part.listed_as })
            });
            Ok(Theme {
                participants: participants.collect::<Result<_>>()?,
                parent: ids.optional_slug(row.parent_id.as_deref())?,
                programme: ids.optional_slug(row.programme_id.as_deref())?,
                from: moment(row.starts)?,
                until: moment(row.ends)?,
                notes: from_json("opmerkingen", row.notes)?,
                reported: from_json("gemeld", row.reported)?,
                sources: from_json("bronnen", row.sources)?,
                slug: row.slug,
                name: row.name,
                description: row.description,
                results: row.results,
            })
        })
        .collect()
}

/// Writes the row and its participants. With `links` false only the bare row: what it hangs on may not stand yet.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    ids: &Ids,
    known: bool,
    links: bool,
    position: i32,
    it: &Theme,
) -> Result<()> {
    let id = ids.id(ItemKind::Theme, &it.slug)?;
    let row = main::ActiveModel {
        id: Set(id.clone()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        parent_id: Set(ids.optional_id(ItemKind::Theme, it.parent.as_deref().filter(|_| links))?),
        programme_id: Set(ids.optional_id(ItemKind::Programme, it.programme.as_deref())?),
        description: Set(it.description.clone()),
        results: Set(it.results.clone()),
        starts: Set(it.from.map(String::from)),
        ends: Set(it.until.map(String::from)),
        notes: Set(to_json(&it.notes)),
        reported: Set(to_json(&it.reported)),
        sources: Set(to_json(&it.sources)),
    };
    put(tx, known, row).await?;
    if !links {
        return Ok(());
    }
    participant::Entity::delete_many().filter(participant::Column::ThemeId.eq(&id)).exec(tx).await?;
    let parts = it.participants.iter().enumerate().map(|(at, part)| {
        Ok(participant::ActiveModel {
            theme_id: Set(id.clone()),
            organisation_id: Set(ids.id(ItemKind::Organisation, &part.organisation)?),
            listed_as: Set(part.listed_as.clone()),
            position: Set(at as i32),
        })
    });
    insert_all(tx, parts.collect::<Result<_>>()?).await
}
