//! `import`: a content folder into the store.

use std::path::{Path, PathBuf};

use crate::app::{self, Clock};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::exchange::attachment::Intake;
use crate::exchange::{self, content_dir};
use crate::store::Store;
use crate::text::dutch;
use crate::workflow::library::{Action, Plan};

use super::progress::Progress;
use super::{Outcome, complain, say};

pub(super) async fn run(config: Config, folder: Option<PathBuf>, dry_run: bool) -> anyhow::Result<Outcome> {
    let folder = folder.unwrap_or_else(|| config.content.clone());
    let store = app::open_store(&config).await?;
    let done = take_in(&store, &app::intake(&config), &folder, dry_run).await;
    store.close().await?;
    match done? {
        Some(plan) if dry_run => {
            for (action, name) in lines(&plan) {
                say(&format!("{action:<12}{name}"));
            }
            say(&format!("Proef: er is niets opgeslagen. {}", summary(&plan)));
            Ok(Outcome::Fine)
        }
        Some(plan) => {
            say(&format!("Opgenomen uit {}. {}", folder.display(), summary(&plan)));
            Ok(Outcome::Fine)
        }
        None => Ok(Outcome::Findings),
    }
}

/// Takes a folder in with a progress bar. `None` when it has faults; they are on the screen then.
pub(super) async fn take_in(
    store: &Store,
    intake: &Intake,
    folder: &Path,
    dry_run: bool,
) -> anyhow::Result<Option<Plan>> {
    let progress = Progress::new("Inhoud lezen");
    let mut content = content_dir::read(folder)?;
    progress.next("Inhoud opnemen");
    let now = Clock::System.now();
    content_dir::receive(&mut content, store, intake, &Actor::System, now, dry_run).await?;
    let step = |done: usize, all: usize| progress.step(done, all);
    let done = content_dir::take_in(store, &Actor::System, content, now, dry_run, &step).await;
    drop(progress);
    match done {
        Ok(plan) => Ok(Some(plan)),
        Err(exchange::Error::Faults(faults)) => {
            for fault in &faults {
                complain(&fault.to_string());
            }
            complain(&format!(
                "{} in {}; er is niets opgeslagen.",
                dutch::count(faults.len(), "fout", "fouten"),
                folder.display()
            ));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn lines(plan: &Plan) -> impl Iterator<Item = (&'static str, String)> {
    let items = plan.items.iter().map(|(action, kind, slug)| (word(*action), format!("{} {slug}", kind.word())));
    items.chain(plan.records.iter().map(|(action, slug)| (word(*action), format!("document {slug}"))))
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Create => "nieuw",
        Action::Update => "bijwerken",
        Action::Leave => "ongewijzigd",
    }
}

fn summary(plan: &Plan) -> String {
    let unnamed = match plan.unnamed.len() {
        0 => String::new(),
        count => format!(
            " {} in de bibliotheek {} niet in deze map en {} zoals het was: {}.",
            dutch::count(count, "document", "documenten"),
            if count == 1 { "staat" } else { "staan" },
            if count == 1 { "blijft" } else { "blijven" },
            plan.unnamed.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
        ),
    };
    format!(
        "{} nieuw, {} bijgewerkt, {} ongewijzigd.{unnamed}",
        dutch::number(plan.count(Action::Create) as f64),
        dutch::number(plan.count(Action::Update) as f64),
        dutch::number(plan.count(Action::Leave) as f64),
    )
}
