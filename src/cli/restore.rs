//! `restore`: a site from a backup, where there is none.

use std::path::Path;

use crate::app;
use crate::config::Config;
use crate::exchange::backup;

use super::backup::described;
use super::{Outcome, say};

pub(super) async fn run(config: Config, file: &Path, is_trial: bool) -> anyhow::Result<Outcome> {
    if is_trial {
        say(&format!("{} is heel: {}. Er is niets teruggezet.", file.display(), described(&backup::read(file)?)));
        return Ok(Outcome::Fine);
    }
    let contents = backup::restore(file, &app::site(&config)?).await?;
    say(&format!("Teruggezet in {}: {}.", config.data.display(), described(&contents)));
    if !contents.has_key() {
        say("Het bestand sleutel zat er niet in: zet het terug voordat u de site start, als u het apart bewaarde.");
    }
    say("De zoekindex wordt opgebouwd zodra de site start.");
    Ok(Outcome::Fine)
}
