//! All lists together.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ConnectionTrait;

use crate::domain::catalogue::{Catalogue, Item, ItemKind};

use super::{
    Ids, Result, Write, building_block, concept, indicator, network, organisation, programme, region, theme, word_list,
};

pub(super) async fn load(connection: &impl ConnectionTrait) -> Result<(Catalogue, Ids)> {
    let ids = Ids::load(connection).await?;
    Ok((load_with(connection, &ids).await?, ids))
}

/// The lists as the running write sees them, with their identities.
pub async fn get_in(write: &Write) -> Result<(Arc<Catalogue>, Arc<Ids>)> {
    let lists = write.lists().await?;
    Ok((lists.catalogue, lists.ids))
}

async fn load_with(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Catalogue> {
    Ok(Catalogue {
        building_blocks: building_block::list(connection).await?.into(),
        regions: region::list(connection, ids).await?.into(),
        organisations: organisation::list(connection, ids).await?.into(),
        programmes: programme::list(connection, ids).await?.into(),
        themes: theme::list(connection, ids).await?.into(),
        networks: network::list(connection, ids).await?.into(),
        concepts: concept::list(connection).await?.into(),
        word_lists: word_list::list(connection).await?.into(),
        indicators: indicator::list(connection).await?.into(),
    })
}

/// Writes items, each with its position in its list. New ones get an identity in `ids`.
pub async fn save(write: &Write, ids: &mut Ids, items: &[(Item, i32)]) -> Result<()> {
    write.renew_lists();
    let tx = write.connection();
    let mut known: HashMap<(ItemKind, &str), bool> = HashMap::new();
    for (item, _) in items {
        let (_, is_known) = ids.reserve(item.kind(), item.slug());
        known.insert((item.kind(), item.slug()), is_known);
    }
    for kind in ItemKind::ALL {
        let of_kind = || items.iter().filter(|(item, _)| item.kind() == *kind);
        // Lists whose items hang on each other: first the new rows, then what they hang on.
        for (item, position) in of_kind() {
            let is_known = known.get_mut(&(*kind, item.slug()));
            match (item, is_known) {
                (Item::Region(it), Some(is_known)) if !*is_known => {
                    region::save(tx, ids, false, false, *position, it).await?;
                    *is_known = true;
                }
                (Item::Theme(it), Some(is_known)) if !*is_known => {
                    theme::save(tx, ids, false, false, *position, it).await?;
                    *is_known = true;
                }
                _ => (),
            }
        }
        for (item, position) in of_kind() {
            let is_known = known.get(&(*kind, item.slug())).copied().unwrap_or(false);
            match item {
                Item::BuildingBlock(it) => {
                    building_block::save(tx, &ids.id(*kind, &it.slug)?, is_known, *position, it).await?;
                }
                Item::Region(it) => region::save(tx, ids, is_known, true, *position, it).await?,
                Item::Organisation(it) => organisation::save(tx, ids, is_known, *position, it).await?,
                Item::Programme(it) => programme::save(tx, ids, is_known, *position, it).await?,
                Item::Theme(it) => theme::save(tx, ids, is_known, true, *position, it).await?,
                Item::Network(it) => network::save(tx, ids, is_known, *position, it).await?,
                Item::Concept(it) => concept::save(tx, &ids.id(*kind, &it.slug)?, is_known, *position, it).await?,
                Item::WordList(it) => word_list::save(tx, &ids.id(*kind, &it.slug)?, is_known, *position, it).await?,
                Item::Indicator(it) => indicator::save(tx, &ids.id(*kind, &it.slug)?, is_known, *position, it).await?,
            }
        }
    }
    Ok(())
}
