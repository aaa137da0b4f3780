//! A file with figures from its bytes to a concept: read, judged, and stored when nothing is wrong with it.
//!
//! Invariant: with one fault in it nothing is stored, and all faults are said.

use crate::domain::id::DeliveryId;
use crate::store::blob;
use crate::workflow;
use crate::workflow::delivery::{self, Incoming, Submitted};
use crate::workflow::record::Act;

use super::Error;
use super::delivery_sheet::{self, Read};
use super::extract::Extractor;
use super::table::{self, Table};

/// What is said with a file.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// The slug of the organisation the figures are of.
    pub organisation: &'a str,
    pub file_name: Option<&'a str>,
    /// Why figures that were delivered before are different now.
    pub reason: Option<&'a str>,
    /// Only say what would happen.
    pub is_trial: bool,
}

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    Stored(DeliveryId, Read),
    /// The same file was handed in before.
    Known(DeliveryId),
    /// It has faults; nothing is stored.
    Faulty(Read),
    /// It is fine; nothing is stored, because it was a trial.
    Tried(Read),
}

/// Receives a file.
pub async fn receive(act: &Act<'_>, extractor: &Extractor, bytes: Vec<u8>, sent: Sent<'_>) -> Result<Outcome, Error> {
    let hash = blob::hash(&bytes);
    let table = table::read(extractor, bytes).await?;
    receive_table(act, &table, hash, sent).await
}

/// Receives cells, however they came.
pub async fn receive_table(act: &Act<'_>, table: &Table, hash: String, sent: Sent<'_>) -> Result<Outcome, Error> {
    let catalogue = act.store.catalogue().await?;
    let mut read = delivery_sheet::read(table, &catalogue, Some(sent.organisation));
    let rows = read.measurements();
    let judged = delivery::judge(act, sent.organisation, &rows, sent.reason).await?;
    read.with(&judged);
    if !read.faults.is_empty() {
        return Ok(Outcome::Faulty(read));
    }
    if sent.is_trial {
        return Ok(Outcome::Tried(read));
    }
    let incoming = Incoming {
        organisation: sent.organisation,
        rows,
        file_name: sent.file_name.map(str::to_owned),
        hash,
        reason: sent.reason.map(str::to_owned),
    };
    match delivery::submit(act, incoming).await {
        Ok(Submitted::New(id)) => Ok(Outcome::Stored(id, read)),
        Ok(Submitted::Known(id)) => Ok(Outcome::Known(id)),
        // It was closed in between.
        Err(workflow::Error::Figures(faults)) => {
            read.with(&crate::domain::delivery_check::Judged { faults, ..Default::default() });
            Ok(Outcome::Faulty(read))
        }
        Err(error) => Err(error.into()),
    }
}
