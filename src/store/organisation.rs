//! The tables of organisations and of their other names.

use sea_orm::QueryOrder;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::id::ItemId;
use crate::domain::organisation::{Alias, Organisation, name_key};
use crate::domain::vocabulary::OrganisationKind;

use super::{Ids, Result, Write, corrupt, from_json, insert_all, put, to_json};

pub(super) mod main {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub slug: String,
        pub name: String,
        pub position: i32,
        pub kind: String,
        pub sectors: Json,
        pub region_id: Option<String>,
        pub place: Option<String>,
        pub website: Option<String>,
        pub note: Option<String>,
        pub traits: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod alias {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation_alias")]
    pub struct Model {
        /// The folded name: the database itself refuses a second owner.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name_key: String,
        pub organisation_id: String,
        pub name: String,
        pub reason: Option<String>,
        pub position: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn list(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Vec<Organisation>> {
    let rows = main::Entity::find()
        .order_by_asc(main::Column::Position)
        .order_by_asc(main::Column::Slug)
        .all(connection)
        .await?;
    let aliases = alias::Entity::find().order_by_asc(alias::Column::Position).all(connection).await?;
    let mut aliases_of = super::grouped(aliases, |row| row.organisation_id.clone());
    rows.into_iter()
        .map(|row| {
            let aliases = aliases_of.remove(&row.id).unwrap_or_default();
            Ok(Organisation {
                kind: OrganisationKind::parse(&row.kind).ok_or_else(|| corrupt("soort organisatie", &row.kind))?,
                sectors: from_json("sectoren", row.sectors)?,
                region: ids.optional_slug(row.region_id.as_deref())?,
                traits: from_json("kenmerken", row.traits)?,
                slug: row.slug,
                name: row.name,
                place: row.place,
                website: row.website,
                note: row.note,
                aliases: aliases.into_iter().map(|it| Alias { name: it.name, reason: it.reason }).collect(),
            })
        })
        .collect()
}

pub(super) async fn save(
    tx: &impl ConnectionTrait,
    ids: &Ids,
    known: bool,
    position: i32,
    it: &Organisation,
) -> Result<()> {
    let id = ids.id(ItemKind::Organisation, &it.slug)?;
    let row = main::ActiveModel {
        id: Set(id.clone()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        kind: Set(it.kind.word().to_owned()),
        sectors: Set(to_json(&it.sectors)),
        region_id: Set(ids.optional_id(ItemKind::Region, it.region.as_deref())?),
        place: Set(it.place.clone()),
        website: Set(it.website.clone()),
        note: Set(it.note.clone()),
        traits: Set(to_json(&it.traits)),
    };
    put(tx, known, row).await?;
    alias::Entity::delete_many().filter(alias::Column::OrganisationId.eq(&id)).exec(tx).await?;
    let aliases = it.aliases.iter().enumerate().map(|(at, alias)| alias::ActiveModel {
        name_key: Set(name_key(&alias.name)),
        organisation_id: Set(id.clone()),
        name: Set(alias.name.clone()),
        reason: Set(alias.reason.clone()),
        position: Set(at as i32),
    });
    insert_all(tx, aliases.collect()).await
}

/// Removes an organisation that nothing hangs on any more.
pub async fn remove(write: &Write, id: &ItemId) -> Result<()> {
    write.renew_lists();
    let tx = write.connection();
    alias::Entity::delete_many().filter(alias::Column::OrganisationId.eq(id.as_str())).exec(tx).await?;
    main::Entity::delete_by_id(id.as_str()).exec(tx).await?;
    Ok(())
}
