//! What was: every published version, two of them side by side, and what can be done with what is live: confirm,
//! withdraw, put an older version back.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::accounts::secret;
use crate::app::App;
use crate::domain::comparison;
use crate::domain::draft::Content;
use crate::domain::status::Status;
use crate::store::record::{Found, Stored};
use crate::store::{self, revision};
use crate::text::local_time;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::comparison::{FieldDifference, side_by_side};
use crate::web::error::Failure;
use crate::web::faults::sentences;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::record::{self, RecordView};
use crate::web::url;
use crate::workflow;
use crate::workflow::record::{Rights, keep, notice};

/// The live document at an address for who may read it, or could before it was withdrawn and may put it back.
async fn find(app: &App, visitor: &Visitor, slug: &str) -> Result<Result<Stored, Response>, Failure> {
    match store::record::get(&app.store, &visitor.actor, slug).await? {
        Some(Found::Here(stored)) => Ok(Ok(*stored)),
        Some(Found::Moved(to)) => Ok(Err(record::moved(&url::versions(&to)))),
        None => {
            let stored = store::record::any(&app.store, slug).await?.ok_or(Failure::NotFound)?;
            let catalogue = app.store.catalogue().await?;
            let is_withdrawn = stored.record.common.status == Status::Withdrawn;
            let may_keep = Rights::of_live(&stored.record, &catalogue).may_keep(&visitor.actor).is_ok();
            if is_withdrawn && may_keep { Ok(Ok(stored)) } else { Err(Failure::NotFound) }
        }
    }
}

#[derive(Template)]
#[template(path = "history.html", config = "src/web/askama.toml")]
struct HistoryPage {
    frame: Frame,
    title: String,
    record: String,
    versions: Vec<VersionLine>,
    restore: String,
    may_restore: bool,
}

struct VersionLine {
    number: i32,
    url: String,
    title: String,
    when: String,
    /// Who made it; only for who signed in.
    who: String,
    /// The comparison with the version before it.
    changes: Option<String>,
    is_live: bool,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let stored = match find(app, &visitor, &slug).await? {
        Ok(stored) => stored,
        Err(moved) => return Ok(moved),
    };
    let catalogue = app.store.catalogue().await?;
    let names = match visitor.actor.user() {
        Some(_) => notice::names(&app.store).await?,
        None => Default::default(),
    };
    let mut versions: Vec<VersionLine> = revision::list(&app.store, &stored.id)
        .await?
        .into_iter()
        .map(|it| VersionLine {
            number: it.version,
            url: url::version(&slug, it.version),
            title: it.record.common.title,
            when: local_time::date_and_clock(it.made_at),
            who: names.get(&it.made_by).cloned().unwrap_or_default(),
            changes: (1 < it.version).then(|| url::compare(&slug, it.version - 1, it.version)),
            is_live: it.version == stored.version,
        })
        .collect();
    versions.reverse();
    let page = HistoryPage {
        frame: Frame::new(app, &visitor, Section::Search, &format!("Versies van {}", stored.record.common.title), ""),
        title: stored.record.common.title.clone(),
        record: url::record(&stored.record.slug),
        versions,
        restore: url::restore(&slug),
        may_restore: Rights::of_live(&stored.record, &catalogue).may_keep(&visitor.actor).is_ok(),
    };
    page::show(&page)
}

#[derive(Template)]
#[template(path = "version.html", config = "src/web/askama.toml")]
struct VersionPage {
    frame: Frame,
    number: i32,
    when: String,
    record: String,
    versions: String,
    view: RecordView,
}

#[derive(Template)]
#[template(path = "compare.html", config = "src/web/askama.toml")]
struct ComparePage {
    frame: Frame,
    title: String,
    record: String,
    versions: String,
    left: String,
    right: String,
    differences: Vec<FieldDifference>,
}

/// One version, or with `2..5` two of them side by side. `van=2&met=5` on the list leads here too.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((slug, span)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let stored = match find(app, &visitor, &slug).await? {
        Ok(stored) => stored,
        Err(moved) => return Ok(moved),
    };
    let number = |text: &str| text.parse::<i32>().map_err(|_| Failure::NotFound);
    let get = async |version: i32| revision::get(&app.store, &stored.id, version).await?.ok_or(Failure::NotFound);
    let title = &stored.record.common.title;
    let Some((left, right)) = span.split_once("..") else {
        let it = get(number(&span)?).await?;
        let page = VersionPage {
            frame: Frame::new(app, &visitor, Section::Search, &format!("Versie {} van {title}", it.version), ""),
            number: it.version,
            when: local_time::date_and_clock(it.made_at),
            record: url::record(&stored.record.slug),
            versions: url::versions(&slug),
            view: RecordView::of(app, &visitor.actor, &it.record).await?,
        };
        return page::show(&page);
    };
    let (left, right) = (get(number(left)?).await?, get(number(right)?).await?);
    let differences = comparison::differences(&Content::of(&left.record), &Content::of(&right.record));
    let named = |it: &revision::Revision| format!("Versie {}, {}", it.version, local_time::date(it.made_at));
    let page = ComparePage {
        frame: Frame::new(app, &visitor, Section::Search, &format!("Versies vergeleken: {title}"), ""),
        title: title.clone(),
        record: url::record(&stored.record.slug),
        versions: url::versions(&slug),
        left: named(&left),
        right: named(&right),
        differences: side_by_side(differences),
    };
    page::show(&page)
}

#[handler]
pub async fn restore(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let Ok(stored) = find(app, &visitor, &slug).await? else { return Err(Failure::NotFound) };
    let version = form.text("versie").parse().map_err(|_| Failure::NotFound)?;
    let slug = keep::restore(&act(app, &visitor), &stored.id, version).await?;
    Ok(see(&url::record(&slug)))
}

#[handler]
pub async fn confirm(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let Ok(stored) = find(app, &visitor, &slug).await? else { return Err(Failure::NotFound) };
    keep::confirm(&act(app, &visitor), &stored.id).await?;
    Ok(see(&url::record(&stored.record.slug)))
}

#[derive(Template)]
#[template(path = "withdraw.html", config = "src/web/askama.toml")]
struct WithdrawPage {
    frame: Frame,
    title: String,
    action: String,
    back: String,
    reason: String,
    error: String,
}

#[handler]
pub async fn withdraw_page(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    show_withdraw(app, &visitor, &slug, "", "", StatusCode::OK).await
}

async fn show_withdraw(
    app: &App,
    visitor: &Visitor,
    slug: &str,
    reason: &str,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    visitor.user()?;
    let stored = match find(app, visitor, slug).await? {
        Ok(stored) => stored,
        Err(moved) => return Ok(moved),
    };
    let catalogue = app.store.catalogue().await?;
    Rights::of_live(&stored.record, &catalogue).may_keep(&visitor.actor)?;
    let page = WithdrawPage {
        frame: Frame::new(app, visitor, Section::None, "Intrekken", ""),
        title: stored.record.common.title.clone(),
        action: url::withdraw(slug),
        back: url::record(slug),
        reason: reason.to_owned(),
        error: error.to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn withdraw(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let Ok(stored) = find(app, &visitor, &slug).await? else { return Err(Failure::NotFound) };
    let reason = form.text("reden");
    match keep::withdraw(&act(app, &visitor), &stored.id, reason).await {
        Ok(()) => Ok(see(&url::record(&slug))),
        Err(error @ workflow::Error::Invalid(_)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_withdraw(app, &visitor, &slug, reason, &sentences(&error.faults()), status).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "gone.html", config = "src/web/askama.toml")]
struct GonePage {
    frame: Frame,
    reason: String,
    when: String,
    /// For who may put it back.
    versions: Option<String>,
}

/// The page of a withdrawn document, for who could read it before.
pub async fn gone(app: &App, visitor: &Visitor, slug: &str) -> Result<Option<Response>, Failure> {
    let Some(stored) = store::record::any(&app.store, slug).await? else { return Ok(None) };
    if stored.record.common.status != Status::Withdrawn || !keep::could_read(&visitor.actor, &stored.record) {
        return Ok(None);
    }
    let keeping = store::keeping::get(&app.store, &stored.id).await?;
    let catalogue = app.store.catalogue().await?;
    let may_keep = Rights::of_live(&stored.record, &catalogue).may_keep(&visitor.actor).is_ok();
    let mut frame = Frame::new(app, visitor, Section::None, "Ingetrokken", "");
    frame.canonical = String::new();
    let page = GonePage {
        frame,
        reason: keeping.withdrawn.as_ref().map(|it| it.0.clone()).unwrap_or_default(),
        when: keeping.withdrawn.map_or_else(String::new, |it| local_time::date(it.1)),
        versions: may_keep.then(|| url::versions(slug)),
    };
    page::with_status(&page, StatusCode::GONE, CachePolicy::NoStore).map(Some)
}

#[derive(Template)]
#[template(path = "confirm.html", config = "src/web/askama.toml")]
struct ConfirmPage {
    frame: Frame,
    title: String,
    record: String,
    action: String,
}

/// Where the link in a mail leads. Looking changes nothing: mail programs look too.
#[handler]
pub async fn confirm_page(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    if !secret::is_formed(&token) {
        return Err(Failure::NotFound);
    }
    let id = store::keeping::by_confirm_hash(&app.store, &secret::hash(&token)).await?.ok_or(Failure::NotFound)?;
    let stored = store::record::any_by_id(&app.store, &id).await?.ok_or(Failure::NotFound)?;
    let page = ConfirmPage {
        frame: Frame::new(app, &visitor, Section::None, "Klopt dit nog?", ""),
        title: stored.record.common.title.clone(),
        record: url::record(&stored.record.slug),
        action: url::confirm_link(&token),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[handler]
pub async fn confirm_by_link(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(token): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    if !secret::is_formed(&token) {
        return Err(Failure::NotFound);
    }
    let slug = keep::confirm_by_link(&act(app, &visitor), &secret::hash(&token)).await?;
    Ok(see(&url::record(&slug)))
}
