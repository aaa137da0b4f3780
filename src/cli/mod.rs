//! The command line: one file per command. Exit code 0 is fine, 1 means findings, 2 means it failed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::config::{self, Config, Typed};
use crate::exchange::extract;
use crate::workflow::search_log::KEPT_DAYS;

mod backup;
mod check;
mod deliver;
mod demo;
mod explain;
mod export;
mod generate;
mod import;
mod migrate;
mod progress;
mod reindex;
mod restore;
mod search_report;
mod serve;
mod user;

/// Leerkring: de kennisbank van een lerend netwerk in de langdurige zorg.
#[derive(Debug, Parser)]
#[command(name = "leerkring", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    settings: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// De instellingen; zonder vlag geldt de omgeving, dan het bestand, dan de standaardwaarde.
#[derive(Debug, Args)]
struct Flags {
    /// Instellingenbestand (anders leerkring.toml, als dat er is)
    #[arg(long, global = true, value_name = "BESTAND")]
    config: Option<PathBuf>,
    /// Map voor database, zoekindex en bijlagen
    #[arg(long, global = true, value_name = "MAP")]
    data: Option<String>,
    /// Adres en poort waarop de site luistert
    #[arg(long, global = true, value_name = "ADRES")]
    listen: Option<String>,
    /// Map met inhoud voor een lege bibliotheek
    #[arg(long, global = true, value_name = "MAP")]
    content: Option<String>,
    /// sqlite:PAD of postgres://…
    #[arg(long, global = true, value_name = "ADRES")]
    database: Option<String>,
    /// Het adres waaronder bezoekers de site kennen
    #[arg(long, global = true, value_name = "ADRES")]
    public_url: Option<String>,
    /// on of off: tellen wat er gezocht wordt, zonder wie
    #[arg(long, global = true, value_name = "STAND")]
    query_log: Option<String>,
    /// on of off: een auteur publiceert niet zelf wat hij schreef
    #[arg(long, global = true, value_name = "STAND")]
    four_eyes: Option<String>,
    /// text of json
    #[arg(long, global = true, value_name = "VORM")]
    log_format: Option<String>,
    /// error, warn, info, debug of trace
    #[arg(long, global = true, value_name = "NIVEAU")]
    log_level: Option<String>,
}

/// The most documents that are made: they are in memory at once.
const MOST: i64 = 200_000;

#[derive(Debug, Subcommand)]
enum Command {
    /// Start de site (ook zonder opdracht)
    Serve,
    /// Neem een map met inhoud op: alles of niets
    Import {
        /// De map (anders de instelling content)
        folder: Option<PathBuf>,
        /// Laat alleen zien wat er zou gebeuren
        #[arg(long)]
        dry_run: bool,
    },
    /// Schrijf alle inhoud naar een map, in dezelfde vorm als import leest
    Export {
        /// De map
        folder: PathBuf,
    },
    /// Bewaar de hele site in één bestand, ook terwijl zij draait
    Backup {
        /// Het bestand, een ZIP
        file: PathBuf,
        /// Laat het bestand sleutel weg, om het apart te bewaren
        #[arg(long = "zonder-sleutel")]
        without_key: bool,
    },
    /// Zet een site terug uit een reservekopie, waar er nog geen is
    Restore {
        /// Het bestand dat backup schreef
        file: PathBuf,
        /// Lees alleen na of de kopie heel is
        #[arg(long)]
        dry_run: bool,
    },
    /// Bouw de zoekindex opnieuw
    Reindex,
    /// Leg uit hoe een zoekvraag wordt gelezen en waarom een document op zijn plaats staat
    Explain {
        /// De zoekvraag
        query: String,
        /// De slug van het document (anders de eerste tien)
        slug: Option<String>,
    },
    /// Zoek uit wat er mis is, en hoe het te herstellen is
    Check {
        /// Herstel wat zonder verlies kan
        #[arg(long)]
        repair: bool,
    },
    /// Werk de database bij naar deze versie
    Migrate,
    /// Accounts: maken, tonen, sluiten
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens voor de API: tonen, intrekken
    #[command(subcommand)]
    Token(TokenCommand),
    /// Voeg een verzonnen netwerk toe, met organisaties, cijfers en accounts, om vergelijken te proberen
    Demo,
    /// Vul een lege bibliotheek met verzonnen documenten, voor belastingproeven
    Generate {
        /// Hoeveel documenten
        #[arg(long, value_name = "AANTAL", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=MOST))]
        documents: u32,
        /// Hetzelfde getal geeft dezelfde bibliotheek
        #[arg(long, value_name = "GETAL", default_value_t = 1)]
        seed: u64,
    },
    /// Neem een bestand met cijfers van een organisatie op als concept
    #[command(name = "aanleveren")]
    Deliver {
        /// Excel, OpenDocument of CSV
        file: PathBuf,
        /// De slug van de organisatie
        #[arg(long = "organisatie", value_name = "SLUG")]
        organisation: String,
        /// Waarom eerdere cijfers nu anders zijn
        #[arg(long = "reden", value_name = "TEKST")]
        reason: Option<String>,
        /// Laat alleen zien wat er mis is en wat opvalt
        #[arg(long)]
        dry_run: bool,
    },
    /// Wat er gezocht is: wat niets opleverde, wat niemand opende, wat het vaakst gevraagd is
    #[command(name = "zoekrapport")]
    SearchReport {
        /// Over hoeveel dagen, vandaag meegeteld
        #[arg(long = "dagen", value_name = "AANTAL", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=KEPT_DAYS))]
        days: u64,
        /// Hoeveel zoekvragen per lijst
        #[arg(long = "aantal", value_name = "AANTAL", default_value_t = 50)]
        most: usize,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Maak een account en toon een link waarmee de gebruiker een wachtwoord kiest
    Create {
        /// Het mailadres
        #[arg(long, value_name = "ADRES")]
        email: String,
        /// De naam
        #[arg(long, value_name = "NAAM")]
        name: String,
        /// lezer, projectleider, redacteur, netwerkcoordinator of beheerder
        #[arg(long, value_name = "ROL")]
        role: String,
        /// De slug van de organisatie waar de rol geldt
        #[arg(long, value_name = "SLUG")]
        organisation: Option<String>,
        /// De slug van het netwerk waar de rol geldt
        #[arg(long, value_name = "SLUG")]
        network: Option<String>,
        /// De slug van het thema waar de rol geldt
        #[arg(long, value_name = "SLUG")]
        theme: Option<String>,
    },
    /// Toon een nieuwe link waarmee de gebruiker een wachtwoord kiest
    Link {
        /// Het mailadres
        #[arg(long, value_name = "ADRES")]
        email: String,
    },
    /// Toon alle accounts
    List,
    /// Sluit een account: de gebruiker is overal meteen uitgelogd
    Block {
        /// Het mailadres
        #[arg(long, value_name = "ADRES")]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Toon alle tokens voor de API
    List,
    /// Trek een token in
    Revoke {
        /// Het nummer uit de lijst
        id: String,
    },
}

/// What a command ended with.
enum Outcome {
    Fine,
    Findings,
}

/// Runs as the child of another leerkring, when these arguments say so. It has no settings, no more to say than its
/// answer, and does without the threads of the site: they would take from its bounded memory.
pub fn run_as_child(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let is_child = arguments.nth(1).is_some_and(|it| it == extract::COMMAND);
    let wants_cells = arguments.next().is_some_and(|it| it == extract::CELLS);
    is_child.then(|| if extract::child::run(wants_cells) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Runs the command of these arguments.
pub async fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl Iterator<Item = (String, String)>,
) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match config::load(cli.settings.config.as_deref(), environment, typed(&cli.settings)) {
        Ok(config) => dispatch(config, cli.command.unwrap_or(Command::Serve)).await,
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            complain(&format!("leerkring: {}", sentence(&error)));
            ExitCode::from(2)
        }
    }
}

/// An error with its causes, as far as it does not name them itself.
fn sentence(error: &anyhow::Error) -> String {
    let mut res = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if res.is_empty() {
            res = cause;
        } else if !res.contains(&cause) {
            res.push_str(&format!(": {cause}"));
        }
    }
    res.replace('\n', " ")
}

/// Every command and flag as it is typed, with what it does: `--data`, `import`, `import --dry-run`.
pub fn help() -> Vec<(String, String)> {
    let said = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
    let cli = Cli::command();
    let mut res = Vec::new();
    for (command, before) in std::iter::once((&cli, String::new()))
        .chain(cli.get_subcommands().map(|it| (it, format!("{} ", it.get_name()))))
    {
        if !before.is_empty() {
            res.push((command.get_name().to_owned(), said(command.get_about())));
        }
        for argument in command.get_arguments() {
            if let Some(flag) = argument.get_long() {
                res.push((format!("{before}--{flag}"), said(argument.get_help())));
            }
        }
    }
    res
}

async fn dispatch(config: Config, command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Serve => serve::run(config).await,
        Command::Import { folder, dry_run } => import::run(config, folder, dry_run).await,
        Command::Export { folder } => export::run(config, &folder).await,
        Command::Backup { file, without_key } => backup::run(config, &file, !without_key).await,
        Command::Restore { file, dry_run } => restore::run(config, &file, dry_run).await,
        Command::Reindex => reindex::run(config).await,
        Command::Explain { query, slug } => explain::run(config, &query, slug.as_deref()).await,
        Command::Check { repair } => check::run(config, repair).await,
        Command::Migrate => migrate::run(config).await,
        Command::User(command) => user::run(config, command).await,
        Command::Token(command) => user::tokens(config, command).await,
        Command::Demo => demo::run(config).await,
        Command::Generate { documents, seed } => generate::run(config, documents, seed).await,
        Command::Deliver { file, organisation, reason, dry_run } => {
            let asked = deliver::Asked {
                file: &file,
                organisation: &organisation,
                reason: reason.as_deref(),
                is_trial: dry_run,
            };
            deliver::run(config, asked).await
        }
        Command::SearchReport { days, most } => search_report::run(config, days, most).await,
    }
}

fn typed(flags: &Flags) -> Typed {
    let pairs = [
        ("data", &flags.data),
        ("listen", &flags.listen),
        ("content", &flags.content),
        ("database", &flags.database),
        ("public_url", &flags.public_url),
        ("query_log", &flags.query_log),
        ("four_eyes", &flags.four_eyes),
        ("log_format", &flags.log_format),
        ("log_level", &flags.log_level),
    ];
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
}

/// A line for the person at the command line.
#[expect(clippy::print_stdout, reason = "commands speak to a person")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "commands speak to a person")]
fn complain(text: &str) {
    eprintln!("{text}");
}
