//! The form in which somebody writes. Every button sends it and keeps what was typed; a small script keeps it by itself
//! from time to time.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Body, IntoResponse, Request, Response, handler};
use serde_json::{Value, json};

use crate::app::App;
use crate::domain::catalogue::Catalogue;
use crate::domain::comparison;
use crate::domain::draft::{Content, Draft};
use crate::domain::fault::Fault;
use crate::domain::field;
use crate::domain::id::{CommentId, DraftId};
use crate::domain::stage::Stage;
use crate::store::record::Stored;
use crate::store::{self};
use crate::text::local_time;
use crate::web::act::{act, draft_id, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::checks::Checks;
use crate::web::comparison::{FieldDifference, side_by_side};
use crate::web::error::Failure;
use crate::web::form::view::{self, Around, Remark};
use crate::web::form::{id_of, read};
use crate::web::guard::{self, Form};
use crate::web::page::{self, Frame, Section};
use crate::web::{assessment, assets, upload, url};
use crate::workflow;
use crate::workflow::record::{self, notice, review, write};

#[derive(Template)]
#[template(path = "write_edit.html", config = "src/web/askama.toml")]
struct EditPage {
    frame: Frame,
    script: String,
    title: String,
    kind: &'static str,
    is_new_version: bool,
    action: String,
    autosave: String,
    version: i32,
    sections: Vec<view::Section>,
    organisations: Vec<String>,
    /// Title and name of each file, and the button that takes it away.
    files: Vec<(String, String, String)>,
    attach: String,
    checks: Checks,
    /// Above the form: what is wrong, with links.
    summary: Vec<(String, String)>,
    /// Said at the top: that it was kept, that changes were asked for.
    notice: String,
    reason: String,
    remarks: Vec<Remark>,
    saved: String,
    /// What is live differs from what this began from.
    is_outdated: bool,
    /// What somebody else wrote meanwhile beside what was typed here.
    conflict: Vec<FieldDifference>,
    discard: String,
    rebase: String,
}

/// The page of a draft, in every state.
struct Shown<'a> {
    draft: &'a Draft,
    live: Option<&'a Stored>,
    content: &'a Content,
    faults: Vec<Fault>,
    says_missing: bool,
    more: &'a str,
    notice: &'a str,
    conflict: Vec<FieldDifference>,
    status: StatusCode,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: &Request,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = draft_id(&id)?;
    let (draft, live) = record::see(&act(app, &visitor), &id).await?;
    if draft.stage == Stage::Published {
        return Ok(see(&live.map_or_else(|| url::MINE.to_owned(), |it| url::record(&it.record.slug))));
    }
    let catalogue = app.store.catalogue().await?;
    let rights = record::Rights::of_draft(&draft, live.as_ref().map(|it| &it.record), &catalogue, app.config.four_eyes);
    if !draft.stage.is_open() || rights.may_write(&visitor.actor).is_err() {
        return super::after::waiting(app, &visitor, &draft, live.as_ref()).await;
    }
    let asked: Vec<(String, String)> =
        ::url::form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()).into_owned().collect();
    let of = |name: &str| asked.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let notice = match of("gedaan") {
        "bewaard" => "Bewaard.",
        "terug" => "U kunt weer verder schrijven. Dien het opnieuw in als het klaar is.",
        _ => "",
    };
    let shown = Shown {
        draft: &draft,
        live: live.as_ref(),
        content: &draft.content,
        faults: vec![],
        says_missing: of("controle") == "1",
        more: of("erbij"),
        notice,
        conflict: vec![],
        status: StatusCode::OK,
    };
    edit_page(app, &visitor, shown).await
}

async fn edit_page(app: &App, visitor: &Visitor, it: Shown<'_>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let looked_at = Draft { content: it.content.clone(), ..it.draft.clone() };
    let assessed = assessment::of(app, &visitor.actor, &looked_at).await?;
    let faults = if it.faults.is_empty() { assessed.faults.clone() } else { it.faults.clone() };
    let remarks = remarks(app, it.draft).await?;
    let around = Around { faults: &faults, says_missing: it.says_missing, remarks: &remarks, more: it.more };
    let says_all = it.says_missing || !it.faults.is_empty();
    let page = EditPage {
        frame: Frame::new(app, visitor, Section::None, it.content.title(), ""),
        script: assets::write_script(),
        title: it.content.title().to_owned(),
        kind: it.content.kind.label(),
        is_new_version: it.draft.is_new_version(),
        action: url::draft(&it.draft.id),
        autosave: url::draft_autosave(&it.draft.id),
        version: it.draft.version,
        sections: view::form(it.content, &catalogue, &around),
        organisations: organisations(&catalogue),
        files: files(it.content),
        attach: url::draft_attachments(&it.draft.id),
        summary: if says_all { view::summary(it.content, &faults) } else { vec![] },
        checks: Checks::new(it.content, &assessed),
        notice: it.notice.to_owned(),
        reason: it.draft.reason.clone().filter(|_| it.draft.stage == Stage::ChangesRequested).unwrap_or_default(),
        remarks,
        saved: local_time::clock(it.draft.updated_at),
        is_outdated: it.draft.of.as_ref().zip(it.live).is_some_and(|(of, live)| of.1 != live.version),
        conflict: it.conflict,
        discard: url::draft_discard(&it.draft.id),
        rebase: url::draft_rebase(&it.draft.id),
    };
    page::with_status(&page, it.status, CachePolicy::NoStore)
}

fn files(content: &Content) -> Vec<(String, String, String)> {
    let rows = content.fields.get(FILES).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = |(at, row): (usize, &Value)| (text(row, "titel"), text(row, "naam"), format!("weg:{FILES}.{at}"));
    rows.iter().enumerate().map(file).collect()
}

/// The field of the files of a document.
const FILES: &str = "bijlagen";

/// Takes a file in and adds it to the draft as it stands.
#[handler]
pub async fn attach(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: &Request,
    body: Body,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = draft_id(&id)?;
    let doing = act(app, &visitor);
    // Before anything is read: who may not write here sends no file.
    record::see(&doing, &id).await?;
    let upload = upload::read(request, body, &app.intake.blobs).await?;
    guard::check_mark(&visitor, upload.value(guard::MARK).unwrap_or_default())?;
    let title = upload.value("titel").unwrap_or_default().trim().to_owned();
    let alt = upload.value("tekstalternatief").unwrap_or_default().trim().to_owned();
    let here = url::draft(&id);
    let Some(file) = upload.file else { return Ok(see(&format!("{here}#bijlagen"))) };
    let mut received = upload::receive(app, &visitor.actor, file).await?;
    if !title.is_empty() {
        received.title = title;
    }
    received.alt = Some(alt).filter(|it| !it.is_empty()).or(received.alt);
    let (draft, _) = record::see(&doing, &id).await?;
    let mut content = draft.content.clone();
    let row = Value::Object(field::to_value(&received));
    match content.fields.get_mut(FILES) {
        Some(Value::Array(rows)) => rows.push(row),
        _ => _ = content.fields.insert(FILES.to_owned(), Value::Array(vec![row])),
    }
    write::save(&doing, &id, draft.version, content).await?;
    Ok(see(&format!("{here}#bijlagen")))
}

fn organisations(catalogue: &Catalogue) -> Vec<String> {
    let mut res: Vec<String> = catalogue.organisations.iter().map(|it| it.name.clone()).collect();
    res.sort_by_key(|it| crate::text::dutch::sort_key(it));
    res
}

/// The remarks on a draft with the names of who made them.
pub async fn remarks(app: &App, draft: &Draft) -> Result<Vec<Remark>, Failure> {
    let comments = store::draft_comment::list(&app.store, &draft.id).await?;
    if comments.is_empty() {
        return Ok(vec![]);
    }
    let names = notice::names(&app.store).await?;
    let remark = |it: crate::domain::draft::Comment| Remark {
        id: it.id.to_string(),
        label: crate::domain::assessment::label_of(&draft.content, &it.field),
        field: it.field,
        text: it.text,
        author: names.get(it.author.as_str()).cloned().unwrap_or_else(|| "oud-medewerker".to_owned()),
        when: local_time::date_and_clock(it.made_at),
        is_done: it.is_done,
    };
    Ok(comments.into_iter().map(remark).collect())
}

/// The draft with what was sent, and the version the sender saw.
async fn sent(
    app: &App,
    visitor: &Visitor,
    id: &str,
    form: &Form,
) -> Result<(Draft, Option<Stored>, Content, i32), Failure> {
    visitor.user()?;
    let id = draft_id(id)?;
    let (draft, live) = record::see(&act(app, visitor), &id).await?;
    let catalogue = app.store.catalogue().await?;
    let pairs: Vec<(&str, &str)> = form.pairs().collect();
    let mut content = read::content(draft.content.kind, &pairs, &catalogue);
    read::keep_hidden(&mut content, &draft.content);
    let seen = form.text("versie").parse().unwrap_or(0);
    Ok((draft, live, content, seen))
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let (draft, live, mut content, seen) = sent(app, &visitor, &id, &form).await?;
    let action = form.text("actie");
    let (verb, row) = action.split_once(':').unwrap_or((action, ""));
    if verb == "weg" {
        read::remove_row(&mut content.fields, row);
    }
    let doing = act(app, &visitor);
    let kept = match write::save(&doing, &draft.id, seen, content.clone()).await {
        Ok(kept) => kept,
        Err(workflow::Error::Conflict(now)) => {
            return conflict(app, &visitor, &now, live.as_ref(), &content).await;
        }
        Err(error @ workflow::Error::Invalid(_)) => {
            let shown = Shown {
                draft: &draft,
                live: live.as_ref(),
                content: &content,
                faults: error.faults(),
                says_missing: false,
                more: "",
                notice: "",
                conflict: vec![],
                status: StatusCode::UNPROCESSABLE_ENTITY,
            };
            return edit_page(app, &visitor, shown).await;
        }
        Err(other) => return Err(other.into()),
    };
    let here = url::draft(&kept.id);
    Ok(match verb {
        "erbij" => {
            let at = kept.content.fields.get(row).and_then(|it| it.as_array()).map_or(0, Vec::len);
            let anchor = id_of(&format!("{row}.{at}"));
            see(&format!("{}#{anchor}", url::with_query(&here, &[("erbij", row)])))
        }
        "weg" => see(&format!("{here}#{}", id_of(row.rsplit_once('.').map_or(row, |it| it.0)))),
        "klaar" => {
            review::mark(&doing, &kept.id, &CommentId::stored(row.to_owned()), true).await?;
            see(&here)
        }
        "voorbeeld" => see(&url::draft_preview(&kept.id)),
        "indienen" => {
            let is_good = assessment::of(app, &visitor.actor, &kept).await?.faults.is_empty();
            match is_good {
                true => see(&url::draft_submit(&kept.id)),
                false => see(&url::with_query(&here, &[("controle", "1")])),
            }
        }
        "sluiten" => see(url::MINE),
        _ => see(&url::with_query(&here, &[("gedaan", "bewaard")])),
    })
}

/// Both texts, and nothing overwritten: what was typed stays in the form, what stands now is beside it.
async fn conflict(
    app: &App,
    visitor: &Visitor,
    now: &Draft,
    live: Option<&Stored>,
    typed: &Content,
) -> Result<Response, Failure> {
    let mut tidy = typed.clone();
    tidy.tidy();
    let shown = Shown {
        draft: now,
        live,
        content: typed,
        faults: vec![],
        says_missing: false,
        more: "",
        notice: "",
        conflict: side_by_side(comparison::differences(&now.content, &tidy)),
        status: StatusCode::CONFLICT,
    };
    edit_page(app, visitor, shown).await
}

/// Keeps what was typed without a button; answers in a form for the script.
#[handler]
pub async fn autosave(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let (draft, _, content, seen) = sent(app, &visitor, &id, &form).await?;
    let (status, said) = match write::save(&act(app, &visitor), &draft.id, seen, content).await {
        Ok(kept) => {
            let assessed = assessment::of(app, &visitor.actor, &kept).await?;
            let checks = Checks::new(&kept.content, &assessed).render()?;
            let clock = local_time::clock(app.clock.now());
            (StatusCode::OK, json!({ "versie": kept.version, "bewaard": clock, "controle": checks }))
        }
        Err(workflow::Error::Conflict(_)) => (
            StatusCode::CONFLICT,
            json!({ "melding": "Iemand anders wijzigde dit intussen. Kies Bewaren om beide teksten te zien." }),
        ),
        Err(error @ workflow::Error::Invalid(_)) => {
            let faults: Vec<String> = error.faults().iter().map(Fault::to_string).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, json!({ "melding": format!("Niet bewaard: {}", faults.join("; ")) }))
        }
        Err(workflow::Error::Stage(text)) => (StatusCode::CONFLICT, json!({ "melding": text })),
        Err(other) => return Err(other.into()),
    };
    Ok(said
        .to_string()
        .with_content_type("application/json; charset=utf-8")
        .with_header("Cache-Control", CachePolicy::NoStore.header())
        .with_status(status)
        .into_response())
}

/// Begins again from what is live now.
#[handler]
pub async fn rebase(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id: DraftId = draft_id(&id)?;
    let seen = form.text("versie").parse().unwrap_or(0);
    write::rebase(&act(app, &visitor), &id, seen).await?;
    Ok(see(&url::draft(&id)))
}
