//! `aanleveren`: a file with figures into a concept, which a second person agrees with on the site.

use std::path::Path;

use anyhow::Context;

use crate::app::{self, Clock};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::address;
use crate::exchange::delivery::{self, Outcome, Sent};
use crate::exchange::delivery_sheet::Remark;
use crate::text::dutch;
use crate::workflow::record::Act;

use super::{Outcome as Ended, complain, say};

/// What is asked at the command line.
pub(super) struct Asked<'a> {
    pub(super) file: &'a Path,
    pub(super) organisation: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) is_trial: bool,
}

pub(super) async fn run(config: Config, asked: Asked<'_>) -> anyhow::Result<Ended> {
    let bytes = std::fs::read(asked.file).with_context(|| format!("{} is niet te lezen", asked.file.display()))?;
    let store = app::open_existing_store(&config).await?;
    let site = config.public_url.trim_end_matches('/').to_owned();
    let act = Act {
        store: &store,
        actor: &Actor::System,
        now: Clock::System.now(),
        from: None,
        is_four_eyes: config.four_eyes,
        site: &site,
    };
    if store.catalogue().await?.organisation(asked.organisation).is_none() {
        store.close().await?;
        anyhow::bail!("de organisatie \"{}\" bestaat niet; geef haar slug met --organisatie", asked.organisation);
    }
    let name = asked.file.file_name().map(|it| it.to_string_lossy().into_owned());
    let sent = Sent {
        organisation: asked.organisation,
        file_name: name.as_deref(),
        reason: asked.reason,
        is_trial: asked.is_trial,
    };
    let done = delivery::receive(&act, &app::intake(&config).extractor, bytes, sent).await;
    store.close().await?;
    match done? {
        Outcome::Faulty(read) => {
            read.faults.iter().for_each(|it| complain(&line(it)));
            let count = dutch::count(read.faults.len(), "fout", "fouten");
            complain(&format!("{count} in {}; er is niets opgeslagen.", asked.file.display()));
            Ok(Ended::Findings)
        }
        Outcome::Tried(read) => {
            read.warnings.iter().for_each(|it| say(&line(it)));
            say(&format!("Proef: er is niets opgeslagen. {}.", dutch::count(read.lines.len(), "cijfer", "cijfers")));
            Ok(Ended::Fine)
        }
        Outcome::Stored(id, read) => {
            read.warnings.iter().for_each(|it| say(&line(it)));
            let count = dutch::count(read.lines.len(), "cijfer", "cijfers");
            say(&format!(
                "{count} gelezen en als concept opgeslagen. Akkoord en vrijgave: {site}{}",
                address::delivery(&id)
            ));
            Ok(Ended::Fine)
        }
        Outcome::Known(id) => {
            say(&format!("Dit bestand was al aangeleverd: {site}{}", address::delivery(&id)));
            Ok(Ended::Fine)
        }
    }
}

fn line(it: &Remark) -> String {
    match &it.at {
        Some(at) => format!("{}: {}", dutch::capital(&at.to_string()), it.text),
        None => it.text.clone(),
    }
}
