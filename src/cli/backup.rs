//! `backup`: the whole site in one file.

use std::path::Path;

use crate::app::{self, Clock};
use crate::config::Config;
use crate::exchange::backup;
use crate::text::{dutch, local_time};

use super::{Outcome, say};

pub(super) async fn run(config: Config, file: &Path, with_key: bool) -> anyhow::Result<Outcome> {
    let contents = backup::write(&app::site(&config)?, file, with_key, Clock::System.now()).await?;
    say(&format!("{} geschreven en nagelezen: {}.", file.display(), described(&contents)));
    if !contents.lost.is_empty() {
        say(&format!(
            "Mis: {} op schijf weg of beschadigd, en niet in de kopie: {}.",
            dutch::count(contents.lost.len(), "bijlage is", "bijlagen zijn"),
            contents.lost.join(", ")
        ));
    }
    if with_key && !contents.has_key() {
        say(&format!("Er was geen bestand sleutel in {} om te bewaren.", config.data.display()));
    }
    if !with_key {
        say(
            "Het bestand sleutel zit er niet in: bewaar dat apart, anders stelt iedereen na terugzetten zijn tweede factor opnieuw in.",
        );
    }
    Ok(if contents.lost.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

/// What a backup holds, in words.
pub(super) fn described(contents: &backup::Contents) -> String {
    format!(
        "{} en {}, van {}, Leerkring {}",
        dutch::count(contents.documents as usize, "document", "documenten"),
        dutch::count(contents.attachments(), "bijlage", "bijlagen"),
        local_time::date_and_clock(contents.made_at),
        contents.version,
    )
}
