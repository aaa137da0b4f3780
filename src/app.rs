//! What a running Leerkring consists of, built once.

use std::fs;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::accounts::oidc::{self, Provider};
use crate::accounts::vault::{self, Vault};
use crate::config::Config;
use crate::domain::address;
use crate::exchange::attachment::Intake;
use crate::exchange::backup::Site;
use crate::exchange::extract::Extractor;
use crate::search::{self, Search};
use crate::store::blob::Blobs;
use crate::store::{self, Address, Store};
use crate::workflow::comparison::Memory;
use crate::workflow::search_log::SearchLog;

/// Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub config: Config,
    pub store: Store,
    pub search: Search,
    pub search_log: SearchLog,
    pub intake: Intake,
    pub comparisons: Memory,
    /// Whom one can sign in with, besides by password.
    pub provider: Option<Provider>,
    /// Opens the secrets of second factors.
    pub vault: Vault,
    pub clock: Clock,
}

/// The time, or a time for tests.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    System,
    Fixed(DateTime<Utc>),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the clock")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now(),
            Clock::Fixed(moment) => moment,
        }
    }
}

/// Why the parts could not be opened. Each message is one sentence with a way to mend it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Search(#[from] search::error::Error),
    #[error(transparent)]
    Provider(#[from] oidc::Setting),
    #[error(transparent)]
    Vault(#[from] vault::Missing),
    #[error("ca_file {0} is niet te lezen: {1}")]
    Authorities(String, String),
}

impl App {
    pub async fn open(config: Config, clock: Clock) -> Result<App, Error> {
        let provider = provider(&config)?;
        prepare_folder(&config)?;
        let vault = Vault::open(&config.data)?;
        let store = open_store(&config).await?;
        let search = Search::open(&config.index())?;
        let search_log = SearchLog::new(config.query_log);
        let intake = intake(&config);
        let comparisons = Memory::default();
        Ok(App { config, store, search, search_log, intake, comparisons, provider, vault, clock })
    }
}

/// The provider of the settings.
pub fn provider(config: &Config) -> Result<Option<Provider>, Error> {
    let Some(settings) = &config.provider else { return Ok(None) };
    let read = |path: &std::path::PathBuf| {
        fs::read(path).map_err(|error| Error::Authorities(path.display().to_string(), error.to_string()))
    };
    let authorities = config.ca_file.as_ref().map(read).transpose()?;
    let back = format!("{}{}", config.public_url, address::PROVIDER_BACK);
    Ok(Some(Provider::new(settings, authorities.as_deref(), back)?))
}

/// What it takes to receive files.
pub fn intake(config: &Config) -> Intake {
    Intake { blobs: Blobs::new(config.attachments()), extractor: Extractor::own() }
}

/// Where the parts of the site are.
pub fn site(config: &Config) -> Result<Site, store::Error> {
    Ok(Site {
        database: Address::from_str(&config.database)?,
        attachments: config.attachments(),
        key: config.data.join(vault::FILE),
        index: config.index(),
    })
}

/// The store alone, for commands that do not search.
pub async fn open_store(config: &Config) -> Result<Store, store::Error> {
    prepare_folder(config)?;
    Store::open(&Address::from_str(&config.database)?).await
}

/// The store of a site that is there: a mistyped folder must not look like an empty site.
pub async fn open_existing_store(config: &Config) -> Result<Store, store::Error> {
    if let Address::Sqlite(path) = Address::from_str(&config.database)?
        && !path.exists()
    {
        return Err(store::Error::Missing(path.display().to_string()));
    }
    open_store(config).await
}

/// Makes the data folder and proves that it can be written.
pub fn prepare_folder(config: &Config) -> Result<(), store::Error> {
    let failed = |error: std::io::Error| store::Error::Folder {
        folder: config.data.display().to_string(),
        reason: error.to_string(),
    };
    fs::create_dir_all(&config.data).map_err(failed)?;
    let probe = config.data.join(format!(".schrijfproef-{}", std::process::id()));
    fs::write(&probe, b"").map_err(failed)?;
    fs::remove_file(&probe).map_err(failed)
}
