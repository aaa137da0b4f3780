//! What happens to a live document: it is confirmed, withdrawn, or an older version comes back.

use chrono::{Months, NaiveDate};
use serde_json::json;

use crate::domain::actor::Actor;
use crate::domain::catalogue::ItemKind;
use crate::domain::id::RecordId;
use crate::domain::record::Record;
use crate::domain::stage::{self, Move};
use crate::domain::status::Status;
use crate::domain::visibility::may_read;
use crate::store::record::Stored;
use crate::store::{self, Write};
use crate::workflow::catalogue;

use super::review::HOLDS_MONTHS;
use super::write::remark;
use super::{Act, Error, Rights, live_subject, notice, put_live};

/// A live document that the actor may keep, as the running write sees it.
async fn keepable(act: &Act<'_>, write: &Write, id: &RecordId) -> Result<Stored, Error> {
    let stored = store::record::get_in(write, id).await?.ok_or(Error::NotFound)?;
    let lists = act.store.catalogue().await?;
    match Rights::of_live(&stored.record, &lists).may_keep(act.actor) {
        Ok(()) => Ok(stored),
        Err(_) if !could_read(act.actor, &stored.record) => Err(Error::NotFound),
        Err(denied) => Err(denied.into()),
    }
}

/// Whether an actor may read a document, or could before it was withdrawn.
pub fn could_read(actor: &Actor, record: &Record) -> bool {
    let common = &record.common;
    let status = if common.status == Status::Withdrawn { Status::Published } else { common.status };
    may_read(actor, common.visibility, status, record.leads())
}

fn later(today: NaiveDate) -> Option<NaiveDate> {
    today.checked_add_months(Months::new(HOLDS_MONTHS))
}

/// Somebody looked: it still holds. Which day it must be looked at again moves a year.
pub async fn confirm(act: &Act<'_>, id: &RecordId) -> Result<(), Error> {
    let write = act.store.write().await?;
    let stored = keepable(act, &write, id).await?;
    hold(act, &write, &stored).await?;
    write.commit().await?;
    Ok(())
}

/// The same by the link in a mail, which only its owner has. It works once.
pub async fn confirm_by_link(act: &Act<'_>, hash: &str) -> Result<String, Error> {
    let id = store::keeping::by_confirm_hash(act.store, hash).await?.ok_or(Error::NotFound)?;
    let write = act.store.write().await?;
    let keeping = store::keeping::get_in(&write, &id).await?;
    if keeping.confirm_hash.as_deref() != Some(hash) {
        return Err(Error::NotFound);
    }
    let stored = store::record::get_in(&write, &id).await?.ok_or(Error::NotFound)?;
    hold(act, &write, &stored).await?;
    write.commit().await?;
    Ok(stored.record.slug)
}

/// Reminds the owners of documents whose day has passed, once for each day. `token` makes the secret of a link and its
/// hash. Says how many were reminded.
pub async fn remind(act: &Act<'_>, token: impl Fn() -> Option<(String, String)>) -> Result<usize, Error> {
    let today = act.now.date_naive();
    let mut res = 0;
    for stored in store::record::overdue(act.store, today, REMINDED).await? {
        let keeping = store::keeping::get(act.store, &stored.id).await?;
        let due = stored.record.common.review_by;
        let Some(owner) = keeping.owner.clone().filter(|_| keeping.reminded_for != due) else { continue };
        let Some((secret, hash)) = token() else { continue };
        let write = act.store.write().await?;
        let mut keeping = store::keeping::get_in(&write, &stored.id).await?;
        if keeping.reminded_for == due {
            continue;
        }
        keeping.reminded_for = due;
        keeping.confirm_hash = Some(hash);
        store::keeping::save(&write, &stored.id, &keeping).await?;
        notice::overdue(act, &write, &stored.record, &owner, &secret).await?;
        write.commit_apart().await?;
        res += 1;
    }
    Ok(res)
}

/// The most documents that are looked at in one go.
const REMINDED: u64 = 5_000;

async fn hold(act: &Act<'_>, write: &Write, stored: &Stored) -> Result<(), Error> {
    let today = act.now.date_naive();
    stage::of_live(&stored.record, today).after(Move::Confirm).ok_or(Error::Stage("dit document is ingetrokken"))?;
    let mut record = stored.record.clone();
    record.common.last_confirmed = Some(today);
    record.common.review_by = later(today);
    if record != stored.record {
        put_live(act, write, Some(stored), &record).await?;
    }
    let mut keeping = store::keeping::get_in(write, &stored.id).await?;
    keeping.confirm_hash = None;
    keeping.reminded_for = None;
    store::keeping::save(write, &stored.id, &keeping).await?;
    let detail = json!({ "adres": record.slug });
    act.log(write, "bevestigd", &live_subject(&stored.id), detail).await
}

/// Takes a document off the site. Its address says that and why.
pub async fn withdraw(act: &Act<'_>, id: &RecordId, reason: &str) -> Result<(), Error> {
    let empty = || Error::of_field("reden", "de reden ontbreekt", "schrijf waarom; bezoekers van het adres zien dit");
    let reason = remark(reason, "reden")?.ok_or_else(empty)?;
    let write = act.store.write().await?;
    let stored = keepable(act, &write, id).await?;
    stage::of_live(&stored.record, act.now.date_naive())
        .after(Move::Withdraw)
        .ok_or(Error::Stage("dit document is al ingetrokken"))?;
    let mut record = stored.record.clone();
    record.common.status = Status::Withdrawn;
    put_live(act, &write, Some(&stored), &record).await?;
    let mut keeping = store::keeping::get_in(&write, id).await?;
    keeping.withdrawn = Some((reason.clone(), act.now));
    keeping.confirm_hash = None;
    store::keeping::save(&write, id, &keeping).await?;
    let detail = json!({ "adres": record.slug });
    act.log(&write, "ingetrokken", &live_subject(id), detail).await?;
    notice::withdrawn(act, &write, &record, stored.version + 1, keeping.owner.as_ref(), &reason).await?;
    write.commit().await?;
    Ok(())
}

/// Puts an older version back, as a new one, at the address of today.
pub async fn restore(act: &Act<'_>, id: &RecordId, version: i32) -> Result<String, Error> {
    let old = store::revision::get(act.store, id, version).await?;
    let write = act.store.write().await?;
    let stored = keepable(act, &write, id).await?;
    let today = act.now.date_naive();
    stage::of_live(&stored.record, today).after(Move::Restore).ok_or(Error::Stage("dit kan nu niet"))?;
    let mut record = old.ok_or(Error::NotFound)?.record;
    record.slug = stored.record.slug.clone();
    // Organisations that were joined since have another name.
    for (was, is) in store::item_slug::all_in(&write, ItemKind::Organisation).await? {
        catalogue::rename(&mut record.common.organisations, &was, &is);
    }
    record.common.former_slugs = stored.record.common.former_slugs.clone();
    record.common.status = Status::Published;
    record.common.last_confirmed = Some(today);
    if record.common.review_by.is_none_or(|it| it <= today) {
        record.common.review_by = later(today);
    }
    put_live(act, &write, Some(&stored), &record).await?;
    let mut keeping = store::keeping::get_in(&write, id).await?;
    keeping.withdrawn = None;
    store::keeping::save(&write, id, &keeping).await?;
    let detail = json!({ "adres": record.slug, "versie": version });
    act.log(&write, "versie hersteld", &live_subject(id), detail).await?;
    notice::restored(act, &write, &record, stored.version + 1, keeping.owner.as_ref(), version).await?;
    write.commit().await?;
    Ok(record.slug)
}
