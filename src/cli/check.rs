//! `check`: what is wrong, and how to mend it.

use crate::accounts::vault::Vault;
use crate::app::{self, Clock};
use crate::config::Config;
use crate::exchange::export;
use crate::search::Search;
use crate::search::follower::Follower;
use crate::store::change_log;
use crate::store::{self};
use crate::text::dutch;
use crate::workflow;
use crate::workflow::account::own;

use super::{Outcome, say};

pub(super) async fn run(config: Config, repair: bool) -> anyhow::Result<Outcome> {
    say("Instellingen:");
    for (name, value) in config.shown() {
        say(&format!("  {name} = {value}"));
    }
    let store = app::open_existing_store(&config).await?;
    let mut findings = Vec::new();
    for fault in store.check().await? {
        findings.push(format!("de database is beschadigd: {fault}; herstel een reservekopie"));
    }
    let library = export::library(&store).await?;
    for (subject, fault) in library.check() {
        findings.push(format!("{subject:?}: {fault}"));
    }
    findings.extend(attachment_findings(&config, &store, repair).await?);
    findings.extend(index_findings(&config, &store).await?);
    let vault = Vault::existing(&config.data).map_err(|error| findings.push(error.to_string())).ok().flatten();
    let unopened = own::unopened(&store, vault.as_ref()).await?;
    if 0 < unopened {
        let who = dutch::count(unopened, "account", "accounts");
        findings.push(format!("het bestand sleutel opent de tweede factor van {who} niet; zet de reservekopie ervan terug. Zonder die kopie logt men in met een herstelcode en stelt de tweede factor opnieuw in"));
    }
    if repair && findings.iter().any(|it| it.contains("zoekindex")) {
        let search = Search::open(&config.index()).or_else(|_| Search::renew(&config.index()))?;
        let mut follower = Follower::open(&store, &search)?;
        follower.rebuild().await?;
        follower.unite().await?;
        search.remove_old(0)?;
        say("De zoekindex is opnieuw opgebouwd.");
        findings.retain(|it| !it.contains("zoekindex"));
    }
    store.close().await?;
    if findings.is_empty() {
        say(&format!("In orde: {} documenten.", library.records.len()));
        return Ok(Outcome::Fine);
    }
    for finding in findings {
        say(&format!("Mis: {finding}"));
    }
    Ok(Outcome::Findings)
}

async fn attachment_findings(config: &Config, store: &store::Store, repair: bool) -> anyhow::Result<Vec<String>> {
    let blobs = app::intake(config).blobs;
    let found = workflow::attachment::review(store, &blobs, Clock::System.now(), repair).await?;
    let lost = found.lost.iter().map(|it| format!("bijlage {it} is niet meer op schijf; herstel een reservekopie"));
    let mut res: Vec<String> = lost.collect();
    let idle = found.unused.len() + found.halves;
    match (idle, repair) {
        (0, _) => (),
        (_, true) => say(&format!(
            "{} verwijderd die niets noemt.",
            dutch::count(idle, "bestand van een bijlage is", "bestanden van bijlagen zijn")
        )),
        (_, false) => res.push(format!(
            "{} die al {} dagen niets noemt; verwijder ze met \"leerkring check --repair\"",
            dutch::count(idle, "bestand van een bijlage", "bestanden van bijlagen"),
            workflow::attachment::KEPT_DAYS
        )),
    }
    Ok(res)
}

async fn index_findings(config: &Config, store: &store::Store) -> anyhow::Result<Vec<String>> {
    let mend = "herstel met \"leerkring check --repair\" terwijl de site niet draait";
    let search = match Search::open(&config.index()) {
        Ok(search) => search,
        Err(error) => return Ok(vec![format!("{error}; {mend}")]),
    };
    let mut res = Vec::new();
    for file in search.check()? {
        res.push(format!("bestand {} van de zoekindex is beschadigd; {mend}", file.display()));
    }
    let head = change_log::head(store).await?;
    let stored = store::record::count(store).await?;
    match search.cursor() {
        None if stored == 0 => (),
        None => {
            res.push("de zoekindex is nog niet opgebouwd; start de site of voer \"leerkring reindex\" uit".to_owned())
        }
        Some(cursor) if cursor != head => {
            res.push(format!("de zoekindex loopt {} wijzigingen achter; start de site, of {mend}", head - cursor));
        }
        Some(_) if search.count() != stored => {
            res.push(format!("de zoekindex telt {} documenten en de database {stored}; {mend}", search.count()));
        }
        Some(_) => (),
    }
    Ok(res)
}
