//! `restore`: a site from a backup, where there is none.

use std::path::Path;

use crate::app;
use crate::config::Config;
use crate::exchange::backup;
use crate::search::Search;
use crate::search::writer::Writer;
use crate::store::Address;
use crate::text::dutch;

use super::backup::described;
use super::{Outcome, say};

pub(super) async fn run(config: Config, file: &Path, is_trial: bool) -> anyhow::Result<Outcome> {
    if is_trial {
        say(&format!("{} is heel: {}. Er is niets teruggezet.", file.display(), described(&backup::read(file)?)));
        return Ok(Outcome::Fine);
    }
    let site = app::site(&config)?;
    if config.index().exists()
        && let Ok(search) = Search::open(&config.index())
    {
        // Whoever writes it is a site that runs, wherever its database is.
        drop(Writer::open(&search)?);
    }
    let contents = backup::restore(file, &site).await?;
    say(&format!("Teruggezet in {}: {}.", config.data.display(), described(&contents)));
    if let Address::Sqlite(database) = &site.database
        && !database.starts_with(&config.data)
    {
        say(&format!("De database staat in {}.", database.display()));
    }
    if !contents.lost.is_empty() {
        say(&format!(
            "Toen de kopie werd gemaakt, ontbraken {}: {}.",
            dutch::count(contents.lost.len(), "bijlage", "bijlagen"),
            contents.lost.join(", ")
        ));
    }
    if !contents.has_key() {
        say("Het bestand sleutel zat er niet in: zet het terug voordat u de site start, als u het apart bewaarde.");
    }
    say("De zoekindex wordt opgebouwd zodra de site start.");
    Ok(Outcome::Fine)
}
