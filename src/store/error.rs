//! What can go wrong with the store.

/// A failure of the store. The messages are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("het adres van de database is niet bruikbaar: {0}; schrijf sqlite:PAD of postgres://…")]
    Address(String),
    #[error(
        "de datamap {folder} is niet te beschrijven ({reason}); geef de gebruiker van leerkring schrijfrecht of kies een andere map met --data"
    )]
    Folder { folder: String, reason: String },
    #[error("er is geen database in {0}; geef met --data de map van de site, of begin een nieuwe met: leerkring")]
    Missing(String),
    #[error(
        "de database {address} is niet te openen ({reason}); controleer het adres, de rechten en of de server draait"
    )]
    Closed { address: String, reason: String },
    #[error(
        "de database is gemaakt door een nieuwere versie van leerkring (onbekende stap {step}); gebruik die versie of herstel een oudere reservekopie"
    )]
    Newer { step: String },
    #[error("de database is nog niet bijgewerkt voor deze versie; voer eerst \"leerkring migrate\" uit")]
    Behind,
    #[error("bestand {path} is niet te lezen of te schrijven ({reason}); controleer de rechten en of de schijf vol is")]
    File { path: String, reason: String },
    #[error("een opgeslagen waarde is niet te lezen: {0}")]
    Corrupt(String),
    #[error(transparent)]
    Database(#[from] sea_orm::DbErr),
}
