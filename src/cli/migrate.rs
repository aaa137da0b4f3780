//! `migrate`: the tables up to date.

use std::str::FromStr;

use crate::app;
use crate::config::Config;
use crate::store::{Address, Store};

use super::{Outcome, say};

pub(super) async fn run(config: Config) -> anyhow::Result<Outcome> {
    app::prepare_folder(&config)?;
    match Store::migrate(&Address::from_str(&config.database)?).await? {
        0 => say("De database is al bij."),
        1 => say("De database is bijgewerkt met 1 stap."),
        steps => say(&format!("De database is bijgewerkt met {steps} stappen.")),
    }
    Ok(Outcome::Fine)
}
