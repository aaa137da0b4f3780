//! What an editor does with what was submitted: remark, ask for changes, publish, plan.

use chrono::{DateTime, Days, Duration, Months, Utc};
use serde_json::{Value, json};

use crate::domain::draft::{Comment, Draft};
use crate::domain::fault::Fault;
use crate::domain::id::{CommentId, DraftId, RecordId};
use crate::domain::permission::{Action, may};
use crate::domain::stage::{Move, Stage};
use crate::domain::status::Status;
use crate::store::record::Stored;
use crate::store::theme_reviewer::ThemeReviewer;
use crate::store::{self, Write};

use super::write::{lies_ahead, remark};
use super::{Act, Error, Right, live_subject, notice, put_draft, put_live, subject, take};

/// The most remarks on one draft.
const COMMENTS_MAX: u64 = 500;
/// After so many months a document is to be looked at again, when its author says nothing else.
pub const HOLDS_MONTHS: u32 = 12;
/// The longest that a preview link works.
pub const PREVIEW_DAYS_MAX: u32 = 30;
/// The furthest a publication is planned ahead.
const AHEAD: Days = Days::new(366);

/// Adds a remark on a field; an empty name is the whole.
pub async fn comment(act: &Act<'_>, id: &DraftId, field: &str, text: &str) -> Result<CommentId, Error> {
    let empty = || Error::of_field("opmerking", "de opmerking is leeg", "schrijf wat er beter kan");
    let text = remark(text, "opmerking")?.ok_or_else(empty)?;
    let write = act.store.write().await?;
    let (draft, _) = take(act, &write, id, None, Right::Remark).await?;
    if !field.is_empty() && crate::domain::assessment::label_of(&draft.content, field).is_empty() {
        return Err(Error::of_field("veld", "dit veld bestaat niet", "kies een veld uit de lijst"));
    }
    if COMMENTS_MAX <= store::draft_comment::count_in(&write, id).await? {
        return Err(Error::Stage("er staan te veel opmerkingen bij dit document"));
    }
    let author = act.account()?.clone();
    let comment =
        Comment { id: CommentId::generate(), field: field.to_owned(), text, author, made_at: act.now, is_done: false };
    store::draft_comment::insert(&write, id, &comment).await?;
    act.log(&write, "opmerking geplaatst", &subject(id), json!({ "veld": field })).await?;
    write.commit_apart().await?;
    Ok(comment.id)
}

/// Says of a remark whether it is dealt with.
pub async fn mark(act: &Act<'_>, id: &DraftId, comment: &CommentId, is_done: bool) -> Result<(), Error> {
    let write = act.store.write().await?;
    take(act, &write, id, None, Right::Remark).await?;
    if !store::draft_comment::mark(&write, id, comment, is_done).await? {
        return Err(Error::NotFound);
    }
    write.commit_apart().await?;
    Ok(())
}

/// Gives a submitted version back to its author, with the reason.
pub async fn request_changes(act: &Act<'_>, id: &DraftId, seen: i32, reason: &str) -> Result<Draft, Error> {
    let empty = || Error::of_field("reden", "de reden ontbreekt", "schrijf wat er moet veranderen en waarom");
    let reason = remark(reason, "reden")?.ok_or_else(empty)?;
    let write = act.store.write().await?;
    let (mut draft, _) = take(act, &write, id, Some(seen), Right::Comment).await?;
    give_back(act, &write, &mut draft, reason).await?;
    write.commit_apart().await?;
    Ok(draft)
}

async fn give_back(act: &Act<'_>, write: &Write, draft: &mut Draft, reason: String) -> Result<(), Error> {
    draft.stage = draft.stage.after(Move::RequestChanges).ok_or(Error::Stage("dit ligt niet ter beoordeling"))?;
    draft.reviewer = act.actor.user().map(|it| it.account.clone());
    draft.publish_at = None;
    draft.reason = Some(reason.clone());
    put_draft(write, draft, act.now).await?;
    let detail = json!({ "adres": draft.content.slug });
    act.log(write, "wijzigingen gevraagd", &subject(&draft.id), detail).await?;
    notice::changes_requested(act, write, draft, &reason).await
}

/// What publishing led to.
#[derive(Debug)]
pub enum Published {
    /// Live now, at this address.
    Now { id: RecordId, slug: String },
    /// Approved; live at this moment.
    Planned(DateTime<Utc>),
}

/// Publishes what was submitted: now, or when its moment comes. Until then the live version stays.
pub async fn publish(act: &Act<'_>, id: &DraftId, seen: i32, at: Option<DateTime<Utc>>) -> Result<Published, Error> {
    let write = act.store.write().await?;
    let (mut draft, live) = take(act, &write, id, Some(seen), Right::Approve).await?;
    let res = match at.filter(|it| lies_ahead(*it, act.now)) {
        Some(at) => {
            plan(act, &write, &mut draft, live.as_ref(), at).await?;
            Published::Planned(at)
        }
        None => {
            let (id, slug) = go_live(act, &write, &mut draft, live.as_ref()).await?;
            Published::Now { id, slug }
        }
    };
    write.commit().await?;
    Ok(res)
}

async fn plan(
    act: &Act<'_>,
    write: &Write,
    draft: &mut Draft,
    live: Option<&Stored>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    draft.stage = draft.stage.after(Move::Plan).ok_or(Error::Stage("dit ligt niet ter beoordeling"))?;
    if act.now.checked_add_days(AHEAD).is_some_and(|it| it < at) {
        return Err(Error::of_field("moment", "dit moment ligt te ver weg", "kies een moment binnen een jaar"));
    }
    fits(draft, live)?;
    draft.reviewer = act.actor.user().map(|it| it.account.clone());
    draft.publish_at = Some(at);
    put_draft(write, draft, act.now).await?;
    let detail = json!({ "adres": draft.content.slug, "moment": at.to_rfc3339() });
    act.log(write, "publicatie gepland", &subject(&draft.id), detail).await?;
    notice::planned(act, write, draft, at).await
}

/// Whether the draft is a new version of what is live now.
fn fits(draft: &Draft, live: Option<&Stored>) -> Result<(), Error> {
    match (&draft.of, live) {
        (Some((_, base)), Some(live)) if *base != live.version => Err(Error::Outdated),
        (Some(_), None) => Err(Error::Outdated),
        _ => Ok(()),
    }
}

/// Makes a draft the live version.
async fn go_live(
    act: &Act<'_>,
    write: &Write,
    draft: &mut Draft,
    live: Option<&Stored>,
) -> Result<(RecordId, String), Error> {
    let next = draft.stage.after(Move::Publish).ok_or(Error::Stage("dit ligt niet ter beoordeling"))?;
    fits(draft, live)?;
    let mut record = draft.content.to_record().map_err(|it| Error::of_record(&draft.content.slug, it))?;
    let today = act.now.date_naive();
    record.common.status = Status::Published;
    record.common.last_confirmed = Some(today);
    if record.common.review_by.is_none_or(|it| it <= today) {
        record.common.review_by = today.checked_add_months(Months::new(HOLDS_MONTHS));
    }
    if let Some(live) = live {
        let formers = live.record.common.former_slugs.iter().chain([&live.record.slug]);
        record.common.former_slugs = formers.filter(|it| **it != record.slug).cloned().collect();
    }
    let id = put_live(act, write, live, &record).await?;
    let mut keeping = store::keeping::get_in(write, &id).await?;
    keeping.owner.get_or_insert_with(|| draft.author.clone());
    keeping.withdrawn = None;
    keeping.confirm_hash = None;
    keeping.reminded_for = None;
    store::keeping::save(write, &id, &keeping).await?;
    store::preview_link::delete_of(write, &draft.id).await?;

    // The text is in the document now; of the draft stays who wrote it and who decided.
    draft.stage = next;
    draft.of = Some((id.clone(), live.map_or(1, |it| it.version + 1)));
    draft.content.fields.retain(|name, _| name == "titel");
    draft.content.body = String::new();
    draft.publish_at = None;
    if let Some(user) = act.actor.user() {
        draft.reviewer = Some(user.account.clone());
    }
    put_draft(write, draft, act.now).await?;
    let detail = json!({
        "adres": record.slug, "concept": draft.id.as_str(), "auteur": draft.author.as_str(),
        "goedgekeurd": draft.reviewer.as_ref().map(|it| it.as_str()),
    });
    act.log(write, "gepubliceerd", &live_subject(&id), detail).await?;
    notice::published(act, write, draft, &record, keeping.owner.as_ref()).await?;
    Ok((id, record.slug))
}

/// Publishes what was planned and whose moment has come. What can no longer be published goes back to its author with
/// the reason. Says how many became live.
pub async fn publish_due(act: &Act<'_>) -> Result<usize, Error> {
    let mut res = 0;
    for due in store::draft::due(act.store, act.now).await? {
        let write = act.store.write().await?;
        let Some(mut draft) = store::draft::get_in(&write, &due.id).await? else { continue };
        let is_due = draft.stage == Stage::Planned && draft.publish_at.is_some_and(|it| !lies_ahead(it, act.now));
        if !is_due {
            continue;
        }
        let live = match &draft.of {
            Some((id, _)) => store::record::get_in(&write, id).await?,
            None => None,
        };
        match go_live(act, &write, &mut draft, live.as_ref()).await {
            Ok(_) => {
                write.commit().await?;
                res += 1;
            }
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => {
                // Nothing of the attempt stays.
                drop(write);
                let write = act.store.write().await?;
                if let Some(mut draft) = store::draft::get_in(&write, &due.id).await? {
                    let faults: Vec<String> = error.faults().iter().map(Fault::to_string).collect();
                    let why = if faults.is_empty() { error.to_string() } else { faults.join("; ") };
                    let reason = format!("Publiceren op het geplande moment lukte niet: {why}");
                    give_back(act, &write, &mut draft, reason).await?;
                    write.commit_apart().await?;
                }
            }
        }
    }
    Ok(res)
}

/// Reminds those who review of what waits longer than it may, and who stands in for them. Says how much waits so.
pub async fn remind(act: &Act<'_>) -> Result<usize, Error> {
    let mut res = 0;
    for draft in store::draft::in_stages(act.store, &[Stage::InReview]).await? {
        let live = match &draft.of {
            Some((id, _)) => store::record::any_by_id(act.store, id).await?,
            None => None,
        };
        let whom = notice::reviewers(act, &draft, live.as_ref().map(|it| &it.record)).await?;
        let patience = Duration::days(i64::from(whom.days));
        if draft.submitted_at.is_none_or(|it| act.now < it + patience) {
            continue;
        }
        let write = act.store.write().await?;
        notice::waiting(act, &write, &draft, &whom).await?;
        write.commit_apart().await?;
        res += 1;
    }
    Ok(res)
}

/// Lets who has a link see the draft for some days. Only the hash of the link is kept.
pub async fn share(act: &Act<'_>, id: &DraftId, hash: &str, days: u32) -> Result<DateTime<Utc>, Error> {
    let days = days.clamp(1, PREVIEW_DAYS_MAX);
    let expires_at = act.now + Duration::days(i64::from(days));
    let write = act.store.write().await?;
    let (draft, _) = take(act, &write, id, None, Right::Remark).await?;
    if draft.stage == Stage::Published {
        return Err(Error::Stage("dit is al gepubliceerd"));
    }
    store::preview_link::insert(&write, hash, id, act.account()?, act.now, expires_at).await?;
    let detail: Value = json!({ "dagen": days });
    act.log(&write, "voorbeeldlink gemaakt", &subject(id), detail).await?;
    write.commit_apart().await?;
    Ok(expires_at)
}

/// Says who reviews a theme; with nobody, all its editors do.
pub async fn name_reviewer(act: &Act<'_>, theme: &str, it: Option<ThemeReviewer>) -> Result<(), Error> {
    may(act.actor, Action::Administer)?;
    let catalogue = act.store.catalogue().await?;
    if catalogue.theme(theme).is_none() {
        return Err(Error::of_field("thema", "dit thema bestaat niet", "kies een thema uit de lijst"));
    }
    let write = act.store.write().await?;
    match &it {
        Some(it) => {
            if !(1..=365).contains(&it.days) {
                return Err(Error::of_field("dagen", "dit aantal dagen kan niet", "een getal van 1 tot en met 365"));
            }
            for account in std::iter::once(&it.account).chain(&it.deputy) {
                if store::account::get_in(&write, account).await?.is_none() {
                    return Err(Error::of_field("beoordelaar", "dit account bestaat niet", "kies uit de lijst"));
                }
            }
            store::theme_reviewer::save(&write, it).await?;
        }
        None => store::theme_reviewer::delete(&write, theme).await?,
    }
    let detail = json!({ "beoordelaar": it.as_ref().map(|it| it.account.as_str()) });
    act.log(&write, "beoordelaar aangewezen", &format!("thema:{theme}"), detail).await?;
    write.commit_apart().await?;
    Ok(())
}

/// Ends all links that show a draft.
pub async fn unshare(act: &Act<'_>, id: &DraftId) -> Result<(), Error> {
    let write = act.store.write().await?;
    take(act, &write, id, None, Right::Remark).await?;
    store::preview_link::delete_of(&write, id).await?;
    act.log(&write, "voorbeeldlinks ingetrokken", &subject(id), json!({})).await?;
    write.commit_apart().await?;
    Ok(())
}
