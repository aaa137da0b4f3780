//! What an author does: begin, save, submit, take back, discard.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::actor::User;
use crate::domain::draft::{self, Content, Draft};
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Target};
use crate::domain::id::{DraftId, RecordId};
use crate::domain::record::{Common, Own, Record};
use crate::domain::stage::{Move, Stage};
use crate::domain::vocabulary::RecordKind;
use crate::store::record::Found;
use crate::store::{self, Write};

use super::{Act, Error, Right, Rights, notice, put_draft, subject, take};

/// What a draft begins from.
#[derive(Debug, Clone)]
pub enum Origin {
    Nothing(RecordKind),
    /// A new version of a document.
    VersionOf(RecordId),
    /// Another document like it.
    CopyOf(RecordId),
}

const CLOSED: &str = "dit is ingediend en kan nu niet worden gewijzigd; trek het eerst terug";

/// Begins a draft. Somebody who already writes a new version of a document gets that one.
pub async fn start(act: &Act<'_>, origin: Origin) -> Result<Draft, Error> {
    let author = act.account()?.clone();
    let (content, of) = match &origin {
        Origin::Nothing(kind) => {
            let content = Content::new(*kind);
            // Nobody has to look up the name of the own organisation.
            let own = act.actor.user().and_then(User::writes_for);
            (own.map_or(content.clone(), |it| content.led_by(it)), None)
        }
        Origin::VersionOf(id) => {
            let stored = readable(act, id).await?;
            let catalogue = act.store.catalogue().await?;
            Rights::of_live(&stored.record, &catalogue).may_write(act.actor)?;
            let open = store::draft::of_record(act.store, id).await?;
            if let Some(own) = open.into_iter().find(|it| it.author == author) {
                return Ok(own);
            }
            (Content::of(&stored.record), Some((stored.id.clone(), stored.version)))
        }
        Origin::CopyOf(id) => (Content::copy_of(&readable(act, id).await?.record), None),
    };
    let draft = begin(act, content, of)?;
    let write = act.store.write().await?;
    // Looked at again: somebody who begins twice at once has one version all the same.
    if let Some((record, _)) = &draft.of
        && let Some(own) = store::draft::own_of_record(&write, &draft.author, record).await?
    {
        return Ok(own);
    }
    insert(act, &write, &draft).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// Begins a draft with its content and hands it in at once. What is refused leaves nothing behind.
pub async fn begin_and_submit(act: &Act<'_>, mut content: Content, note: Option<String>) -> Result<Draft, Error> {
    let note = remark(note.as_deref().unwrap_or(""), "toelichting")?;
    content.tidy();
    let refused = content.refused();
    if !refused.is_empty() {
        return Err(Error::of_record(&content.slug, refused));
    }
    let mut draft = begin(act, content, None)?;
    let write = act.store.write().await?;
    insert(act, &write, &draft).await?;
    hand_in(act, &write, &mut draft, None, note).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// A draft with content, stored in a running write.
pub(super) async fn insert(act: &Act<'_>, write: &Write, draft: &Draft) -> Result<(), Error> {
    if draft::OPEN_MAX <= store::draft::open_count(write, &draft.author).await? {
        return Err(Error::Stage("u hebt te veel concepten open; verwijder er eerst een paar"));
    }
    store::draft::insert(write, draft).await?;
    let detail = json!({ "soort": draft.content.kind.word() });
    act.log(write, "concept begonnen", &subject(&draft.id), detail).await
}

/// A draft that is not stored yet, when the actor may write at all.
pub(super) fn begin(act: &Act<'_>, content: Content, of: Option<(RecordId, i32)>) -> Result<Draft, Error> {
    let draft = Draft {
        id: DraftId::generate(),
        of,
        content,
        author: act.account()?.clone(),
        stage: Stage::Draft,
        submitted_at: None,
        reviewer: None,
        publish_at: None,
        note: None,
        reason: None,
        version: 1,
        created_at: act.now,
        updated_at: act.now,
    };
    let nothing = Default::default();
    Rights::of_draft(&draft, None, &nothing, act.is_four_eyes).may_write(act.actor)?;
    Ok(draft)
}

async fn readable(act: &Act<'_>, id: &RecordId) -> Result<store::record::Stored, Error> {
    let found = store::record::by_ids(act.store, act.actor, std::slice::from_ref(id)).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Keeps what was typed. `seen` is the version the author began from; whoever saw an older one gets what stands now.
pub async fn save(act: &Act<'_>, id: &DraftId, seen: i32, mut content: Content) -> Result<Draft, Error> {
    content.tidy();
    let refused = content.refused();
    if !refused.is_empty() {
        return Err(Error::of_record(&content.slug, refused));
    }
    let write = act.store.write().await?;
    let (mut draft, _) = match take(act, &write, id, Some(seen), Right::Write).await {
        // The same text twice, as after a lost answer, is no conflict.
        Err(Error::Conflict(now)) if now.content == content => return Ok(*now),
        other => other?,
    };
    if !draft.stage.is_open() {
        return Err(Error::Stage(CLOSED));
    }
    content.kind = draft.content.kind;
    if draft.content == content {
        return Ok(draft);
    }
    draft.content = content;
    put_draft(&write, &mut draft, act.now).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// Begins the draft again from the version that is live now, keeping its text: the author has seen what differs.
pub async fn rebase(act: &Act<'_>, id: &DraftId, seen: i32) -> Result<Draft, Error> {
    let write = act.store.write().await?;
    let (mut draft, live) = take(act, &write, id, Some(seen), Right::Write).await?;
    if !draft.stage.is_open() {
        return Err(Error::Stage(CLOSED));
    }
    draft.of = live.map(|it| (it.id, it.version));
    put_draft(&write, &mut draft, act.now).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// Hands a draft in for review. The note is for who reviews.
pub async fn submit(act: &Act<'_>, id: &DraftId, seen: i32, note: Option<String>) -> Result<Draft, Error> {
    let note = remark(note.as_deref().unwrap_or(""), "toelichting")?;
    let write = act.store.write().await?;
    let (mut draft, live) = take(act, &write, id, Some(seen), Right::Write).await?;
    hand_in(act, &write, &mut draft, live.as_ref().map(|it| &it.record), note).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// Hands a draft in within a running write.
pub(super) async fn hand_in(
    act: &Act<'_>,
    write: &Write,
    draft: &mut Draft,
    live: Option<&Record>,
    note: Option<String>,
) -> Result<(), Error> {
    let next = draft.stage.after(Move::Submit).ok_or(Error::Stage("dit is al ingediend"))?;
    if draft.content.slug.is_empty() {
        draft.content.slug = free_slug(write, &draft.content).await?;
    }
    let mut faults = draft.content.faults();
    faults.extend(hidden_references(act, &draft.content, live).await?);
    if faults.is_empty()
        && let Ok(record) = draft.content.to_record()
    {
        let (catalogue, _) = store::catalogue::get_in(write).await?;
        faults = super::faults_among(write, &catalogue, draft.of.as_ref().map(|it| &it.0), &record).await?;
    }
    if !faults.is_empty() {
        return Err(Error::of_record(&draft.content.slug, faults));
    }
    draft.stage = next;
    draft.submitted_at = Some(act.now);
    draft.publish_at = None;
    draft.note = note;
    put_draft(write, draft, act.now).await?;
    act.log(write, "ingediend", &subject(&draft.id), json!({ "adres": draft.content.slug })).await?;
    notice::submitted(act, write, draft, live).await
}

/// The author goes on writing.
pub async fn take_back(act: &Act<'_>, id: &DraftId, seen: i32) -> Result<Draft, Error> {
    let write = act.store.write().await?;
    let (mut draft, _) = take(act, &write, id, Some(seen), Right::Write).await?;
    draft.stage = draft.stage.after(Move::TakeBack).ok_or(Error::Stage("dit ligt niet ter beoordeling"))?;
    draft.submitted_at = None;
    draft.publish_at = None;
    put_draft(&write, &mut draft, act.now).await?;
    act.log(&write, "teruggetrokken", &subject(&draft.id), json!({ "adres": draft.content.slug })).await?;
    write.commit_apart().await?;
    Ok(draft)
}

/// Throws a draft away. What is live stays.
pub async fn discard(act: &Act<'_>, id: &DraftId) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (draft, _) = take(act, &write, id, None, Right::Write).await?;
    if draft.stage == Stage::Published {
        return Err(Error::Stage("dit is al gepubliceerd; een gepubliceerd document kunt u intrekken"));
    }
    store::draft::delete(&write, id).await?;
    act.log(&write, "concept verwijderd", &subject(id), json!({ "adres": draft.content.slug })).await?;
    write.commit_apart().await?;
    Ok(())
}

/// An address made from the title that no document has.
async fn free_slug(write: &Write, content: &Content) -> Result<String, Error> {
    let base = draft::slug_of(content.title());
    for n in 1..1_000 {
        let slug = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        if store::record::owner_of_address(write, &slug).await?.is_none() {
            return Ok(slug);
        }
    }
    Err(Error::Stage("er zijn te veel documenten met deze titel; kies een andere titel of vul een adres in"))
}

/// References to documents the author may not see. They read like references to nothing.
async fn hidden_references(act: &Act<'_>, content: &Content, live: Option<&Record>) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    let known = live.map(Record::to_value).unwrap_or_default();
    for fields in [Common::FIELDS, Own::fields(content.kind)] {
        let before = field::references(fields, &known, &Place::root());
        for (target, slug, place) in field::references(fields, &content.fields, &Place::root()) {
            let is_old = before.iter().any(|it| it.0 == target && it.1 == slug);
            if target != Target::Record || is_old {
                continue;
            }
            if !matches!(store::record::get(act.store, act.actor, &slug).await?, Some(Found::Here(_))) {
                let allowed = format!("voeg document \"{slug}\" toe of verbeter de slug");
                faults.push(Fault::new(&place, format!("document \"{slug}\" bestaat niet"), allowed));
            }
        }
    }
    Ok(faults)
}

/// A note or reason within its limits; `None` when it is empty.
pub(super) fn remark(text: &str, field: &str) -> Result<Option<String>, Error> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if draft::REMARK_MAX < text.chars().count() {
        return Err(Error::of_field(field, "de tekst is te lang", "hoogstens 2.000 tekens"));
    }
    if crate::domain::citizen_number::find(&text).is_some() {
        let wrong = "de tekst bevat iets in de vorm van een burgerservicenummer";
        return Err(Error::of_field(field, wrong, "gegevens van cliënten mogen hier niet staan; haal het nummer weg"));
    }
    Ok(Some(text).filter(|it| !it.is_empty()))
}

/// Whether a moment still lies ahead, far enough to wait for.
pub(super) fn lies_ahead(moment: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < moment
}
