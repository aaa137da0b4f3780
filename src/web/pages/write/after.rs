//! What follows writing: how it will look, handing in, taking back, throwing away, and links for others to look.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::accounts::secret;
use crate::app::App;
use crate::domain::comparison;
use crate::domain::draft::{Content, Draft};
use crate::domain::stage::Stage;
use crate::store::{self, record::Stored};
use crate::text::local_time;
use crate::web::act::{act, draft_id, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::checks::Checks;
use crate::web::comparison::{FieldDifference, side_by_side};
use crate::web::error::Failure;
use crate::web::faults::sentences;
use crate::web::form::view::Remark;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::record::RecordView;
use crate::web::{assessment, url};
use crate::workflow;
use crate::workflow::record::{self, notice, review, write};

/// How long a preview link works when nothing else is said, in days.
const PREVIEW_DAYS: u32 = 7;

/// What differs from what is live.
pub fn changes(draft: &Draft, live: Option<&Stored>) -> Vec<FieldDifference> {
    live.map_or_else(Vec::new, |live| side_by_side(comparison::differences(&Content::of(&live.record), &draft.content)))
}

#[derive(Template)]
#[template(path = "write_preview.html", config = "src/web/askama.toml")]
struct PreviewPage {
    frame: Frame,
    view: RecordView,
    /// Back to the form; `None` for who only has a link.
    back: Option<String>,
    submit: String,
    share: String,
    /// The link that was just made, and until when it works.
    link: Option<(String, String)>,
    changes: Vec<FieldDifference>,
    until: String,
}

async fn preview_page(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    live: Option<&Stored>,
    link: Option<(String, String)>,
) -> Result<Response, Failure> {
    let page = PreviewPage {
        frame: Frame::new(app, visitor, Section::None, &format!("Voorbeeld: {}", draft.content.title()), ""),
        view: RecordView::of_draft(app, &visitor.actor, &draft.content).await?,
        back: Some(url::draft(&draft.id)),
        submit: if draft.stage.is_open() { url::draft_submit(&draft.id) } else { String::new() },
        share: url::draft_share(&draft.id),
        link,
        changes: changes(draft, live),
        until: String::new(),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[handler]
pub async fn preview(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Failure> {
    visitor.user()?;
    let (draft, live) = record::see(&act(app, &visitor), &draft_id(&id)?).await?;
    if draft.stage == Stage::Published {
        return Ok(see(&url::draft(&draft.id)));
    }
    preview_page(app, &visitor, &draft, live.as_ref(), None).await
}

/// Makes a link that shows the draft to who has it.
#[handler]
pub async fn share(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = draft_id(&id)?;
    let doing = act(app, &visitor);
    if form.text("wat") == "intrekken" {
        review::unshare(&doing, &id).await?;
        return Ok(see(&url::draft_preview(&id)));
    }
    let token = secret::generate().map_err(|it| Failure::Unexpected(it.to_string().into()))?;
    let days = form.text("dagen").parse().unwrap_or(PREVIEW_DAYS);
    let until = review::share(&doing, &id, &secret::hash(&token), days).await?;
    let (draft, live) = record::see(&doing, &id).await?;
    let link = format!("{}{}", app.config.public_url, url::preview(&token));
    preview_page(app, &visitor, &draft, live.as_ref(), Some((link, local_time::date_and_clock(until)))).await
}

/// What a link shows, to whoever has it. Its draft has no address of its own there.
#[handler]
pub async fn shared(Data(app): Data<&App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response, Failure> {
    if !secret::is_formed(&token) {
        return Err(Failure::NotFound);
    }
    let now = app.clock.now();
    let id = store::preview_link::draft_of(&app.store, &secret::hash(&token), now).await?.ok_or(Failure::NotFound)?;
    let draft = store::draft::get(&app.store, &id).await?.ok_or(Failure::NotFound)?;
    let page = PreviewPage {
        frame: Frame::new(app, &visitor, Section::None, &format!("Voorbeeld: {}", draft.content.title()), ""),
        view: RecordView::of_draft(app, &visitor.actor, &draft.content).await?,
        back: None,
        submit: String::new(),
        share: String::new(),
        link: None,
        changes: vec![],
        until: draft.stage.label().to_owned(),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[derive(Template)]
#[template(path = "write_submit.html", config = "src/web/askama.toml")]
struct SubmitPage {
    frame: Frame,
    title: String,
    action: String,
    back: String,
    version: i32,
    checks: Checks,
    is_complete: bool,
    reviewers: Vec<String>,
    days: i32,
    note: String,
    error: String,
    visibility: &'static str,
}

#[handler]
pub async fn submit_page(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Failure> {
    visitor.user()?;
    let (draft, live) = record::see(&act(app, &visitor), &draft_id(&id)?).await?;
    if !draft.stage.is_open() {
        return Ok(see(&url::draft(&draft.id)));
    }
    show_submit(app, &visitor, &draft, live.as_ref(), "", "", StatusCode::OK).await
}

async fn show_submit(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    live: Option<&Stored>,
    note: &str,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    let assessed = assessment::of(app, &visitor.actor, draft).await?;
    let whom = notice::reviewers(&act(app, visitor), draft, live.map(|it| &it.record)).await?;
    let visibility = draft.content.fields.get("zichtbaarheid").and_then(|it| it.as_str()).unwrap_or("");
    let page = SubmitPage {
        frame: Frame::new(app, visitor, Section::None, "Indienen", ""),
        title: draft.content.title().to_owned(),
        action: url::draft_submit(&draft.id),
        back: url::draft(&draft.id),
        version: draft.version,
        is_complete: assessed.faults.is_empty(),
        checks: Checks::new(&draft.content, &assessed),
        reviewers: whom.first.iter().map(|it| it.name.clone()).collect(),
        days: whom.days,
        note: note.to_owned(),
        error: error.to_owned(),
        visibility: crate::domain::visibility::Visibility::parse(visibility).unwrap_or_default().label(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn submit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = draft_id(&id)?;
    let doing = act(app, &visitor);
    let seen = form.text("versie").parse().unwrap_or(0);
    match write::submit(&doing, &id, seen, Some(form.text("toelichting").to_owned())).await {
        Ok(draft) => Ok(see(&url::with_query(&url::draft(&draft.id), &[("gedaan", "ingediend")]))),
        Err(error @ workflow::Error::Invalid(_)) => {
            let (draft, live) = record::see(&doing, &id).await?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let note = form.text("toelichting");
            show_submit(app, &visitor, &draft, live.as_ref(), note, &sentences(&error.faults()), status).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "write_waiting.html", config = "src/web/askama.toml")]
struct WaitingPage {
    frame: Frame,
    title: String,
    stage: &'static str,
    /// Who is to move, and since when.
    text: String,
    preview: String,
    take_back: String,
    /// Where who reviews goes on; empty for others.
    review: String,
    version: i32,
    remarks: Vec<Remark>,
    changes: Vec<FieldDifference>,
}

/// A draft that is not open for writing.
pub async fn waiting(app: &App, visitor: &Visitor, draft: &Draft, live: Option<&Stored>) -> Result<Response, Failure> {
    let whom = notice::reviewers(&act(app, visitor), draft, live.map(|it| &it.record)).await?;
    let names: Vec<&str> = whom.first.iter().map(|it| it.name.as_str()).collect();
    let since = draft.submitted_at.map(local_time::date_and_clock).unwrap_or_default();
    let text = match (draft.stage, draft.publish_at) {
        (Stage::Planned, Some(at)) => format!("Goedgekeurd. Dit verschijnt op {}.", local_time::date_and_clock(at)),
        (Stage::ChangesRequested, _) => "Er zijn wijzigingen gevraagd. De auteur is aan zet.".to_owned(),
        _ if names.is_empty() => {
            format!("Ingediend op {since}. Er is nog niemand die dit mag beoordelen; vraag de beheerder.")
        }
        _ => format!("Ingediend op {since}. Aan zet: {}.", names.join(", ")),
    };
    let catalogue = app.store.catalogue().await?;
    let rights = record::Rights::of_draft(draft, live.map(|it| &it.record), &catalogue, app.config.four_eyes);
    let may_take_back = rights.may_write(&visitor.actor).is_ok() && !draft.stage.is_open();
    let page = WaitingPage {
        frame: Frame::new(app, visitor, Section::None, draft.content.title(), ""),
        title: draft.content.title().to_owned(),
        stage: draft.stage.label(),
        text,
        preview: url::draft_preview(&draft.id),
        take_back: if may_take_back { url::draft_take_back(&draft.id) } else { String::new() },
        review: if rights.may_comment(&visitor.actor).is_ok() && !draft.stage.is_open() {
            url::review(&draft.id)
        } else {
            String::new()
        },
        version: draft.version,
        remarks: super::edit::remarks(app, draft).await?,
        changes: changes(draft, live),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[handler]
pub async fn take_back(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = draft_id(&id)?;
    let seen = form.text("versie").parse().unwrap_or(0);
    write::take_back(&act(app, &visitor), &id, seen).await?;
    Ok(see(&url::with_query(&url::draft(&id), &[("gedaan", "terug")])))
}

#[derive(Template)]
#[template(path = "write_discard.html", config = "src/web/askama.toml")]
struct DiscardPage {
    frame: Frame,
    title: String,
    action: String,
    back: String,
    is_new_version: bool,
}

#[handler]
pub async fn discard_page(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    visitor.user()?;
    let (draft, _) = record::see(&act(app, &visitor), &draft_id(&id)?).await?;
    let page = DiscardPage {
        frame: Frame::new(app, &visitor, Section::None, "Weggooien", ""),
        title: draft.content.title().to_owned(),
        action: url::draft_discard(&draft.id),
        back: url::draft(&draft.id),
        is_new_version: draft.is_new_version(),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[handler]
pub async fn discard(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    write::discard(&act(app, &visitor), &draft_id(&id)?).await?;
    Ok(see(url::MINE))
}
