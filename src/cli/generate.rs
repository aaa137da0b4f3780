//! `generate`: a made-up library in an empty store, for load tests.

use anyhow::{bail, ensure};

use crate::app::{self, Clock};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::exchange::synthetic;
use crate::store::Store;
use crate::text::dutch;
use crate::workflow;

use super::progress::Progress;
use super::{Outcome, say};

pub(super) async fn run(config: Config, documents: u32, seed: u64) -> anyhow::Result<Outcome> {
    let store = app::open_store(&config).await?;
    let done = fill(&store, &config, documents as usize, seed).await;
    store.close().await?;
    done?;
    say(&format!(
        "Verzonnen en opgenomen in {}: {}, alle als fictief gemerkt. De zoekindex volgt bij de start van de site of met \"leerkring reindex\".",
        config.data.display(),
        dutch::count(documents as usize, "document", "documenten")
    ));
    Ok(Outcome::Fine)
}

async fn fill(store: &Store, config: &Config, documents: usize, seed: u64) -> anyhow::Result<()> {
    // Invented documents between real ones could not be told apart or taken out again.
    ensure!(
        store.is_empty().await?,
        "de bibliotheek in {} is niet leeg en verzonnen documenten horen niet tussen echte; kies een lege map, bijvoorbeeld: leerkring generate --data ./proef",
        config.data.display()
    );
    let progress = Progress::new("Documenten verzinnen");
    let library = synthetic::library(documents, seed, &|done| progress.step(done, documents));
    progress.next("Documenten opnemen");
    let step = |done: usize, all: usize| progress.step(done, all);
    let now = Clock::System.now();
    match workflow::library::take_in(store, &Actor::System, &library, now, false, &step).await {
        Ok(_) => Ok(()),
        Err(workflow::Error::Invalid(faults)) => match faults.first() {
            Some((subject, fault)) => bail!("het verzonnen document {subject:?} klopt niet: {fault}"),
            None => bail!("de verzonnen documenten kloppen niet"),
        },
        Err(error) => Err(error.into()),
    }
}
