//! The tables of networks, their members and their action lines.

use sea_orm::QueryOrder;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::network::{ActionLine, MayBeAsked, Member, Network};

use super::{Ids, Result, from_json, grouped, insert_all, moment, put, to_json};

pub(super) mod main {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "network")]
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
        pub sources: Json,
        pub deadlines: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod member {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "network_member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub network_id: String,
        /// Part of the key: an organisation may leave and come back.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub organisation_id: String,
        pub role: Option<String>,
        pub starts: Option<String>,
        pub ends: Option<String>,
        pub consents: Json,
        pub may_be_asked: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod action_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "network_action_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub network_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub name: String,
        pub description: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn list(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Vec<Network>> {
    let rows = main::Entity::find()
        .order_by_asc(main::Column::Position)
        .order_by_asc(main::Column::Slug)
        .all(connection)
        .await?;
    let members = member::Entity::find().order_by_asc(member::Column::Position).all(connection).await?;
    let lines = action_line::Entity::find().order_by_asc(action_line::Column::Position).all(connection).await?;
    let mut members_of = grouped(members, |row| row.network_id.clone());
    let mut lines_of = grouped(lines, |row| row.network_id.clone());
    rows.into_iter()
        .map(|row| {
            let members = members_of.remove(&row.id).unwrap_or_default().into_iter().map(|it| {
                Ok(Member {
                    organisation: ids.slug(&it.organisation_id)?,
                    role: it.role,
                    from: moment(it.starts)?,
                    until: moment(it.ends)?,
                    consents: from_json("deelt", it.consents)?,
                    may_be_asked: it.may_be_asked.as_deref().and_then(MayBeAsked::parse),
                })
            });
            let lines = lines_of.remove(&row.id).unwrap_or_default();
            Ok(Network {
                members: members.collect::<Result<_>>()?,
                action_lines: lines
                    .into_iter()
                    .map(|it| ActionLine { name: it.name, description: it.description })
                    .collect(),
                region: ids.optional_slug(row.region_id.as_deref())?,
                from: moment(row.starts)?,
                until: moment(row.ends)?,
                sources: from_json("bronnen", row.sources)?,
                deadlines: from_json("aanleveren", row.deadlines)?,
                slug: row.slug,
                name: row.name,
                description: row.description,
            })
        })
        .collect()
}

pub(super) async fn save(tx: &impl ConnectionTrait, ids: &Ids, known: bool, position: i32, it: &Network) -> Result<()> {
    let id = ids.id(ItemKind::Network, &it.slug)?;
    let row = main::ActiveModel {
        id: Set(id.clone()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        description: Set(it.description.clone()),
        region_id: Set(ids.optional_id(ItemKind::Region, it.region.as_deref())?),
        starts: Set(it.from.map(String::from)),
        ends: Set(it.until.map(String::from)),
        sources: Set(to_json(&it.sources)),
        deadlines: Set(to_json(&it.deadlines)),
    };
    put(tx, known, row).await?;
    member::Entity::delete_many().filter(member::Column::NetworkId.eq(&id)).exec(tx).await?;
    action_line::Entity::delete_many().filter(action_line::Column::NetworkId.eq(&id)).exec(tx).await?;
    let members = it.members.iter().enumerate().map(|(at, member)| {
        Ok(member::ActiveModel {
            network_id: Set(id.clone()),
            position: Set(at as i32),
            organisation_id: Set(ids.id(ItemKind::Organisation, &member.organisation)?),
            role: Set(member.role.clone()),
            starts: Set(member.from.map(String::from)),
            ends: Set(member.until.map(String::from)),
            consents: Set(to_json(&member.consents)),
            may_be_asked: Set(member.may_be_asked.map(|it| it.word().to_owned())),
        })
    });
    insert_all(tx, members.collect::<Result<_>>()?).await?;
    let lines = it.action_lines.iter().enumerate().map(|(at, line)| action_line::ActiveModel {
        network_id: Set(id.clone()),
        position: Set(at as i32),
        name: Set(line.name.clone()),
        description: Set(line.description.clone()),
    });
    insert_all(tx, lines.collect()).await
}
