//! Where somebody begins to write: a kind, a copy of something, or a new version of it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::draft::Draft;
use crate::domain::vocabulary::RecordKind;
use crate::store::{self, record::Found};
use crate::text::{local_time, slug};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow::record::write::{self, Origin};

#[derive(Template)]
#[template(path = "write_begin.html", config = "src/web/askama.toml")]
struct BeginPage {
    frame: Frame,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    open: Vec<OpenDraft>,
    /// What was typed as the document to copy, and what is wrong with it.
    typed: String,
    error: String,
}

struct OpenDraft {
    url: String,
    title: String,
    kind: &'static str,
    stage: &'static str,
    when: String,
}

fn open_draft(it: &Draft) -> OpenDraft {
    OpenDraft {
        url: url::draft(&it.id),
        title: it.content.title().to_owned(),
        kind: it.content.kind.label(),
        stage: it.stage.label(),
        when: local_time::date_and_clock(it.updated_at),
    }
}

/// What a kind is for, for who chooses.
fn purpose(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::ImprovementPlan => "Wat één organisatie wilde verbeteren, hoe dat ging en wat het opleverde.",
        RecordKind::Factsheet => "De uitkomst van een plan of programma op één pagina, met de cijfers erbij.",
        RecordKind::TransitionProject => "Een project van organisaties in een regio die samen anders gaan werken.",
        RecordKind::QualityReport => "Het jaarlijkse kwaliteitsbeeld langs de bouwstenen van het Generiek Kompas.",
        RecordKind::Publication => "Een handreiking, tool, film of rapport dat anderen kunnen gebruiken.",
    }
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    begin_page(app, &visitor, "", "", StatusCode::OK).await
}

async fn begin_page(
    app: &App,
    visitor: &Visitor,
    typed: &str,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    let user = visitor.user()?;
    let drafts = store::draft::of_author(&app.store, &user.account).await?;
    let page = BeginPage {
        frame: Frame::new(app, visitor, Section::None, "Schrijven", ""),
        kinds: RecordKind::ALL.iter().map(|it| (it.word(), it.label(), purpose(*it))).collect(),
        open: drafts.iter().filter(|it| it.stage.is_open()).map(open_draft).collect(),
        typed: typed.to_owned(),
        error: error.to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let origin = if let Some(kind) = RecordKind::parse(form.text("soort")) {
        Origin::Nothing(kind)
    } else {
        let typed = form.text("document").trim();
        let after = typed.rsplit_once("/kennisbank/").map_or(typed, |it| it.1);
        let slug = after.split(['/', '?', '#']).next().unwrap_or(after);
        let found = if slug::is_slug(slug) { find(app, &visitor, slug).await? } else { None };
        let Some(id) = found else {
            let error = "dit document is er niet; plak het adres van een document uit de kennisbank";
            return begin_page(app, &visitor, typed, error, StatusCode::UNPROCESSABLE_ENTITY).await;
        };
        if form.text("wat") == "versie" { Origin::VersionOf(id) } else { Origin::CopyOf(id) }
    };
    let draft = write::start(&act(app, &visitor), origin).await?;
    Ok(see(&url::draft(&draft.id)))
}

async fn find(app: &App, visitor: &Visitor, slug: &str) -> Result<Option<crate::domain::id::RecordId>, Failure> {
    Ok(match store::record::get(&app.store, &visitor.actor, slug).await? {
        Some(Found::Here(stored)) => Some(stored.id),
        Some(Found::Moved(slug)) => match store::record::get(&app.store, &visitor.actor, &slug).await? {
            Some(Found::Here(stored)) => Some(stored.id),
            _ => None,
        },
        None => None,
    })
}
