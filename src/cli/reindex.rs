//! `reindex`: the search index made anew from the store.

use crate::app;
use crate::config::Config;
use crate::search::Search;
use crate::search::follower::Follower;
use crate::text::dutch;

use super::{Outcome, say};

pub(super) async fn run(config: Config) -> anyhow::Result<Outcome> {
    let store = app::open_existing_store(&config).await?;
    // A damaged index cannot be opened; a new one beside it can.
    let search = Search::open(&config.index()).or_else(|_| Search::renew(&config.index()))?;
    let mut follower = Follower::open(&store, &search)?;
    let count = follower.rebuild().await?;
    follower.unite().await?;
    search.remove_old(0)?;
    store.close().await?;
    say(&format!("De zoekindex is opgebouwd: {}.", dutch::count(count as usize, "document", "documenten")));
    Ok(Outcome::Fine)
}
