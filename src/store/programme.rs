//! The tables of programmes and of who carries them.

use sea_orm::QueryOrder;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::part::Participation;
use crate::domain::programme::Programme;
use crate::domain::vocabulary::Role;

use super::{Ids, Result, corrupt, from_json, grouped, insert_all, moment, put, to_json};

pub(super) mod main {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "programme")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub slug: String,
        pub name: String,
        pub position: i32,
        pub description: Option<String>,
        pub region_id: Option<String>,
        pub starts: Option<String>,
        pub ends: Option<String>,
        pub notes: Json,
        /// The figures the programme reported itself.
        pub figures: Json,
        pub sources: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod participation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "programme_organisation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub programme_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        pub position: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn list(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Vec<Programme>> {
    let rows = main::Entity::find()
        .order_by_asc(main::Column::Position)
        .order_by_asc(main::Column::Slug)
        .all(connection)
        .await?;
    let parts = participation::Entity::find().order_by_asc(participation::Column::Position).all(connection).await?;
    let mut parts_of = grouped(parts, |row| row.programme_id.clone());
    rows.into_iter()
        .map(|row| {
            let organisations = parts_of.remove(&row.id).unwrap_or_default().into_iter().map(|part| {
                Ok(Participation {
                    organisation: ids.slug(&part.organisation_id)?,
                    role: Role::parse(&part.role).ok_or_else(|| corrupt("rol", &part.role))?,
                })
            });
            Ok(Programme {
                organisations: organisations.collect::<Result<_>>()?,
                region: ids.optional_slug(row.region_id.as_deref())?,
                from: moment(row.starts)?,
                until: moment(row.ends)?,
                notes: from_json("opmerkingen", row.notes)?,
                figures: from_json("cijfers", row.figures)?,
                sources: from_json("bronnen", row.sources)?,
                slug: row.slug,
                name: row.name,
                description: row.description,
            })
        })
        .collect()
}

pub(super) async fn save(
    tx: &impl ConnectionTrait,
    ids: &Ids,
    known: bool,
    position: i32,
    it: &Programme,
) -> Result<()> {
    let id = ids.id(ItemKind::Programme, &it.slug)?;
    let row = main::ActiveModel {
        id: Set(id.clone()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        description: Set(it.description.clone()),
        region_id: Set(ids.optional_id(ItemKind::Region, it.region.as_deref())?),
        starts: Set(it.from.map(String::from)),
        ends: Set(it.until.map(String::from)),
        notes: Set(to_json(&it.notes)),
        figures: Set(to_json(&it.figures)),
        sources: Set(to_json(&it.sources)),
    };
    put(tx, known, row).await?;
    participation::Entity::delete_many().filter(participation::Column::ProgrammeId.eq(&id)).exec(tx).await?;
    let parts = it.organisations.iter().enumerate().map(|(at, part)| {
        Ok(participation::ActiveModel {
            programme_id: Set(id.clone()),
            organisation_id: Set(ids.id(ItemKind::Organisation, &part.organisation)?),
            role: Set(part.role.word().to_owned()),
            position: Set(at as i32),
        })
    });
    insert_all(tx, parts.collect::<Result<_>>()?).await
}
