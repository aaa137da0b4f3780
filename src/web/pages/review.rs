//! Reviewing: the queue, and one submitted version as it will look, with its checks, what differs, remarks, and the
//! three things an editor can do.

use askama::Template;
use chrono::NaiveDateTime;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::draft::Draft;
use crate::domain::field::Target;
use crate::domain::id::CommentId;
use crate::domain::permission::Denied;
use crate::domain::record::{Common, Own};
use crate::domain::stage::Stage;
use crate::store;
use crate::text::local_time;
use crate::web::act::{act, draft_id, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::checks::Checks;
use crate::web::comparison::FieldDifference;
use crate::web::error::Failure;
use crate::web::faults::sentences;
use crate::web::form::view::Remark;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::record::RecordView;
use crate::web::pages::write::{after, edit};
use crate::web::{assessment, url};
use crate::workflow;
use crate::workflow::record::review::{self, Published};
use crate::workflow::record::{self, Rights, notice};

/// A submitted version in a list.
pub struct Waiting {
    pub url: String,
    pub title: String,
    pub kind: &'static str,
    pub is_new_version: bool,
    pub author: String,
    /// "sinds 21 november 2026", or when it will be published.
    pub since: String,
    pub is_mine: bool,
}

#[derive(Template)]
#[template(path = "review_list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    /// By theme; what has none comes last.
    themes: Vec<(String, Vec<Waiting>)>,
    planned: Vec<Waiting>,
}

/// What somebody may review, with the drafts.
pub async fn reviewable(app: &App, visitor: &Visitor, stages: &[Stage]) -> Result<Vec<Draft>, Failure> {
    let catalogue = app.store.catalogue().await?;
    let mut res = Vec::new();
    for draft in store::draft::in_stages(&app.store, stages).await? {
        let live = match &draft.of {
            Some((id, _)) => store::record::any_by_id(&app.store, id).await?,
            None => None,
        };
        let rights = Rights::of_draft(&draft, live.as_ref().map(|it| &it.record), &catalogue, app.config.four_eyes);
        if rights.may_comment(&visitor.actor).is_ok() {
            res.push(draft);
        }
        if res.len() == store::draft::LISTED as usize {
            break;
        }
    }
    Ok(res)
}

/// The drafts as lines of a list.
pub async fn lines(app: &App, visitor: &Visitor, drafts: &[Draft]) -> Result<Vec<Waiting>, Failure> {
    let names = notice::names(&app.store).await?;
    let own = &visitor.user()?.account;
    let line = |it: &Draft| Waiting {
        url: url::review(&it.id),
        title: it.content.title().to_owned(),
        kind: it.content.kind.label(),
        is_new_version: it.is_new_version(),
        author: names.get(it.author.as_str()).cloned().unwrap_or_default(),
        since: match it.publish_at {
            Some(at) => format!("verschijnt op {}", local_time::date_and_clock(at)),
            None => it.submitted_at.map_or_else(String::new, |at| format!("sinds {}", local_time::date(at))),
        },
        is_mine: it.author == *own,
    };
    Ok(drafts.iter().map(line).collect())
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let user = visitor.user()?;
    // The page is for who reviews anything at all.
    let reviews =
        user.is_administrator() || user.grants.iter().any(|it| it.role == crate::domain::account::AccountRole::Editor);
    if !reviews {
        return Err(Failure::Denied(Denied::Role));
    }
    let catalogue = app.store.catalogue().await?;
    let waiting = reviewable(app, &visitor, &[Stage::InReview]).await?;
    let planned = reviewable(app, &visitor, &[Stage::Planned]).await?;
    let mut themes: Vec<(String, Vec<Waiting>)> = Vec::new();
    for (draft, line) in waiting.iter().zip(lines(app, &visitor, &waiting).await?) {
        let theme = draft.content.themes().first().map(|it| catalogue.name(Target::Theme, it).to_owned());
        let theme = theme.unwrap_or_else(|| "Zonder thema".to_owned());
        match themes.iter_mut().find(|it| it.0 == theme) {
            Some((_, lines)) => lines.push(line),
            None => themes.push((theme, vec![line])),
        }
    }
    let page = ListPage {
        frame: Frame::new(app, &visitor, Section::None, "Beoordelen", ""),
        themes,
        planned: lines(app, &visitor, &planned).await?,
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[derive(Template)]
#[template(path = "review.html", config = "src/web/askama.toml")]
struct ReviewPage {
    frame: Frame,
    action: String,
    version: i32,
    title: String,
    stage: &'static str,
    author: String,
    since: String,
    note: String,
    view: RecordView,
    checks: Checks,
    changes: Vec<FieldDifference>,
    is_new_version: bool,
    remarks: Vec<Remark>,
    fields: Vec<(&'static str, &'static str)>,
    may_approve: bool,
    is_own: bool,
    /// What was typed, and what is wrong with it.
    typed: Typed,
    error: String,
    planned: String,
}

#[derive(Default)]
struct Typed {
    reason: String,
    remark: String,
    field: String,
    moment: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Failure> {
    review_page(app, &visitor, &id, Typed::default(), "", StatusCode::OK).await
}

async fn review_page(
    app: &App,
    visitor: &Visitor,
    id: &str,
    typed: Typed,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    visitor.user()?;
    let (draft, live) = record::see(&act(app, visitor), &draft_id(id)?).await?;
    if !matches!(draft.stage, Stage::InReview | Stage::Planned) {
        return Ok(see(&url::draft(&draft.id)));
    }
    let catalogue = app.store.catalogue().await?;
    let rights = Rights::of_draft(&draft, live.as_ref().map(|it| &it.record), &catalogue, app.config.four_eyes);
    rights.may_comment(&visitor.actor)?;
    let approves = rights.may_approve(&visitor.actor);
    let assessed = assessment::of(app, &visitor.actor, &draft).await?;
    let names = notice::names(&app.store).await?;
    let mut fields: Vec<_> =
        Common::FIELDS.iter().chain(Own::fields(draft.content.kind)).map(|it| (it.name, it.label)).collect();
    fields.push(("tekst", "Tekst"));
    let page = ReviewPage {
        frame: Frame::new(app, visitor, Section::None, &format!("Beoordelen: {}", draft.content.title()), ""),
        action: url::review(&draft.id),
        version: draft.version,
        title: draft.content.title().to_owned(),
        stage: draft.stage.label(),
        author: names.get(draft.author.as_str()).cloned().unwrap_or_default(),
        since: draft.submitted_at.map(local_time::date_and_clock).unwrap_or_default(),
        note: draft.note.clone().unwrap_or_default(),
        view: RecordView::of_draft(app, &visitor.actor, &draft.content).await?,
        checks: Checks::new(&draft.content, &assessed),
        changes: after::changes(&draft, live.as_ref()),
        is_new_version: draft.is_new_version(),
        remarks: edit::remarks(app, &draft).await?,
        fields,
        may_approve: approves.is_ok(),
        is_own: approves == Err(Denied::OwnWork),
        typed,
        error: error.to_owned(),
        planned: draft.publish_at.map(local_time::date_and_clock).unwrap_or_default(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let draft = draft_id(&id)?;
    let doing = act(app, &visitor);
    let seen = form.text("versie").parse().unwrap_or(0);
    let (verb, rest) = form.text("actie").split_once(':').unwrap_or((form.text("actie"), ""));
    let done = match verb {
        "opmerking" => {
            let field = form.text("veld");
            review::comment(&doing, &draft, field, form.text("opmerking"))
                .await
                .map(|_| format!("{}#opmerkingen", url::review(&draft)))
        }
        "klaar" => review::mark(&doing, &draft, &CommentId::stored(rest.to_owned()), true)
            .await
            .map(|()| format!("{}#opmerkingen", url::review(&draft))),
        "wijzigingen" => {
            review::request_changes(&doing, &draft, seen, form.text("reden")).await.map(|_| url::REVIEW.to_owned())
        }
        "plannen" => match NaiveDateTime::parse_from_str(form.text("moment"), "%Y-%m-%dT%H:%M") {
            Ok(shown) if app.clock.now() < local_time::moment(shown) => {
                let at = local_time::moment(shown);
                review::publish(&doing, &draft, seen, Some(at)).await.map(|_| url::REVIEW.to_owned())
            }
            _ => {
                Err(workflow::Error::of_field("moment", "dit is geen moment dat nog komt", "kies een dag en een tijd"))
            }
        },
        "publiceren" => review::publish(&doing, &draft, seen, None).await.map(|done| match done {
            Published::Now { slug, .. } => url::record(&slug),
            Published::Planned(_) => url::REVIEW.to_owned(),
        }),
        _ => Ok(url::review(&draft)),
    };
    match done {
        Ok(to) => Ok(see(&to)),
        Err(error @ workflow::Error::Invalid(_)) => {
            let typed = Typed {
                reason: form.text("reden").to_owned(),
                remark: form.text("opmerking").to_owned(),
                field: form.text("veld").to_owned(),
                moment: form.text("moment").to_owned(),
            };
            review_page(app, &visitor, &id, typed, &sentences(&error.faults()), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}
