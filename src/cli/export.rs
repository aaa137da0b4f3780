//! `export`: the store into a content folder.

use std::path::Path;

use crate::app;
use crate::config::Config;
use crate::exchange::export;
use crate::text::dutch;

use super::{Outcome, say};

pub(super) async fn run(config: Config, folder: &Path) -> anyhow::Result<Outcome> {
    let store = app::open_existing_store(&config).await?;
    let library = export::library(&store).await?;
    store.close().await?;
    let files = export::write(&library, &app::intake(&config).blobs, folder)?;
    say(&format!("{} geschreven naar {}.", dutch::count(files, "bestand", "bestanden"), folder.display()));
    Ok(Outcome::Fine)
}
