//! The two ways between a slug outside and an identity inside.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use crate::domain::catalogue::ItemKind;
use crate::domain::id::ItemId;

use super::{
    Result, building_block, concept, corrupt, indicator, network, organisation, programme, region, theme, word_list,
};

/// Slugs and identities of all lists, as they were at one moment of one transaction.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Ids {
    of_slug: HashMap<(ItemKind, String), String>,
    of_id: HashMap<String, String>,
}

macro_rules! pairs {
    ($connection:expr, $table:path) => {{
        use $table as table;
        table::Entity::find()
            .select_only()
            .columns([table::Column::Id, table::Column::Slug])
            .into_tuple::<(String, String)>()
            .all($connection)
            .await?
    }};
}

impl Ids {
    pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<Ids> {
        let mut res = Ids::default();
        for kind in ItemKind::ALL {
            let pairs = match kind {
                ItemKind::BuildingBlock => pairs!(connection, building_block),
                ItemKind::Region => pairs!(connection, region),
                ItemKind::Organisation => pairs!(connection, organisation::main),
                ItemKind::Programme => pairs!(connection, programme::main),
                ItemKind::Theme => pairs!(connection, theme::main),
                ItemKind::Network => pairs!(connection, network::main),
                ItemKind::Concept => pairs!(connection, concept),
                ItemKind::WordList => pairs!(connection, word_list),
                ItemKind::Indicator => pairs!(connection, indicator),
            };
            for (id, slug) in pairs {
                res.add(*kind, &slug, id);
            }
        }
        Ok(res)
    }

    /// The identity of a slug, made when it is new; and whether it was known.
    pub(super) fn reserve(&mut self, kind: ItemKind, slug: &str) -> (String, bool) {
        if let Some(id) = self.of_slug.get(&(kind, slug.to_owned())) {
            return (id.clone(), true);
        }
        let id = ItemId::generate().to_string();
        self.add(kind, slug, id.clone());
        (id, false)
    }

    /// The identity of an item, if there is one of this slug.
    pub fn item(&self, kind: ItemKind, slug: &str) -> Option<ItemId> {
        self.of_slug.get(&(kind, slug.to_owned())).cloned().map(ItemId::stored)
    }

    pub(super) fn id(&self, kind: ItemKind, slug: &str) -> Result<String> {
        let id = self.of_slug.get(&(kind, slug.to_owned())).cloned();
        id.ok_or_else(|| corrupt(kind.label(), format!("\"{slug}\" bestaat niet")))
    }

    pub(super) fn optional_id(&self, kind: ItemKind, slug: Option<&str>) -> Result<Option<String>> {
        slug.map(|slug| self.id(kind, slug)).transpose()
    }

    pub(super) fn slug(&self, id: &str) -> Result<String> {
        self.of_id.get(id).cloned().ok_or_else(|| corrupt("verwijzing", id))
    }

    pub(super) fn optional_slug(&self, id: Option<&str>) -> Result<Option<String>> {
        id.map(|id| self.slug(id)).transpose()
    }

    fn add(&mut self, kind: ItemKind, slug: &str, id: String) {
        self.of_id.insert(id.clone(), slug.to_owned());
        self.of_slug.insert((kind, slug.to_owned()), id);
    }
}
