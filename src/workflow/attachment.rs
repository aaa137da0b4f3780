//! Files that belong to documents: kept when they come in, whether a document names them yet or not, and swept away
//! when after some days none does.
//!
//! Invariant: no text with a citizen service number is kept.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, Utc};

use crate::domain::actor::Actor;
use crate::domain::attachment::{Attachment, Media};
use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::permission::{self, Action};
use crate::domain::record::Record;
use crate::store::attachment::{self, Kept, Page, State};
use crate::store::blob::Blobs;
use crate::store::{self, Store, Write};

use super::Error;

/// How many days a file stays that nothing names.
pub const KEPT_DAYS: u64 = 7;

/// A file that was read, to keep.
#[derive(Debug, Clone)]
pub struct File {
    pub bytes: Vec<u8>,
    pub media: Media,
    /// How many pages, slides or sheets it has; 0 when that means nothing.
    pub pages: i32,
    /// Whether there is more text than was read.
    pub is_cut: bool,
    pub texts: Vec<Page>,
}

impl File {
    /// Why the text may not be kept; nothing when it may.
    pub fn refused(&self) -> Option<String> {
        self.texts.iter().find_map(|page| {
            let number = citizen_number::find_printed(&page.text)?;
            let at = if page.label.is_empty() { String::new() } else { format!(" ({})", page.label) };
            Some(format!(
                "\"{number}\" in het bestand{at} heeft de vorm van een burgerservicenummer; gegevens van cliënten mogen hier niet staan, haal het nummer uit het bestand"
            ))
        })
    }
}

/// Keeps a file. One that is kept already stays as it is.
pub async fn keep(store: &Store, blobs: &Blobs, actor: &Actor, file: File, now: DateTime<Utc>) -> Result<Kept, Error> {
    permission::may(actor, Action::Attach)?;
    if let Some(reason) = file.refused() {
        return Err(Error::Refused(reason));
    }
    let hash = put(blobs, file.bytes.clone()).await?;
    let write = store.write().await?;
    if let Some(kept) = attachment::get_in(&write, &hash).await? {
        return Ok(kept);
    }
    // A sweep may have come between: under the lock it can no more.
    let size = file.bytes.len() as i64;
    put(blobs, file.bytes).await?;
    let state = match (file.texts.is_empty(), file.is_cut) {
        (_, true) => State::Cut,
        (true, false) => State::Silent,
        (false, false) => State::Whole,
    };
    let kept = Kept { hash, media: file.media, size, pages: file.pages, state, received_at: now };
    attachment::insert(&write, &kept, &file.texts, actor).await?;
    write.commit_apart().await?;
    Ok(kept)
}

/// Writing to the disk waits for it: not on a thread that serves others.
async fn put(blobs: &Blobs, bytes: Vec<u8>) -> store::Result<String> {
    let blobs = blobs.clone();
    let done = tokio::task::spawn_blocking(move || blobs.keep(&bytes)).await;
    done.unwrap_or_else(|error| Err(store::Error::File { path: String::new(), reason: error.to_string() }))
}

/// The faults of a document that names files which are not here.
pub async fn check(write: &Write, record: &Record) -> store::Result<Vec<Fault>> {
    let named = &record.common.attachments;
    if named.is_empty() {
        return Ok(vec![]);
    }
    let missing = attachment::missing_in(write, &named.iter().map(|it| it.file.as_str()).collect()).await?;
    let of = |(at, it): (usize, &Attachment)| {
        let place = Place::root().key("bijlagen").at(at).key("bestand");
        Fault::new(&place, format!("het bestand \"{}\" is er niet (meer)", it.name), "voeg het opnieuw toe")
    };
    Ok(named.iter().enumerate().filter(|(_, it)| missing.contains(it.file.as_str())).map(of).collect())
}

/// What a look at all files found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Named by a document or one of its versions, or known, but without bytes.
    pub lost: Vec<String>,
    /// Named by nothing for long enough.
    pub unused: Vec<String>,
    /// Files that came in halfway.
    pub halves: usize,
}

/// Looks at all files; with `sweep`, removes what nothing names for long enough.
pub async fn review(store: &Store, blobs: &Blobs, now: DateTime<Utc>, sweep: bool) -> Result<Review, Error> {
    let before = now.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(now);
    // Under the lock: what is received meanwhile waits, and is looked at again.
    let write = store.write().await?;
    let named = attachment::named_in(&write).await?;
    let known = attachment::list(store).await?;
    let on_disk = blobs.list()?;
    let has_bytes: BTreeSet<&str> = on_disk.iter().map(|it| it.0.as_str()).collect();
    let has_row: BTreeSet<&str> = known.iter().map(|it| it.hash.as_str()).collect();
    let mut res = Review { halves: blobs.halves(before)?.len(), ..Review::default() };
    for kept in &known {
        match (named.contains(&kept.hash), has_bytes.contains(kept.hash.as_str())) {
            (true, true) => (),
            (true, false) => res.lost.push(kept.hash.clone()),
            (false, _) if kept.received_at < before => res.unused.push(kept.hash.clone()),
            (false, _) => (),
        }
    }
    res.lost.extend(attachment::live_in(&write).await?.into_iter().filter(|it| !has_row.contains(it.as_str())));
    let strangers = on_disk.iter().filter(|(hash, at)| !has_row.contains(hash.as_str()) && *at < before);
    res.unused.extend(strangers.map(|it| it.0.clone()));
    if sweep {
        for hash in &res.unused {
            attachment::delete(&write, hash).await?;
            blobs.remove(hash)?;
        }
        blobs.sweep(before)?;
        write.commit_apart().await?;
    }
    Ok(res)
}
