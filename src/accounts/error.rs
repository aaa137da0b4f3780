//! What can go wrong while finding out who is there.

use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("het systeem geeft geen willekeurige getallen: {0}")]
    Random(#[from] getrandom::Error),
    #[error("een wachtwoord is niet te verwerken: {0}")]
    Hash(String),
    #[error("de tweede factor is niet te verwerken: {0}")]
    Factor(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}
