//! What waits for somebody, and what somebody wrote: who has the ball, and since when.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::draft::Draft;
use crate::domain::stage::{self, Stage};
use crate::store;
use crate::text::{dutch, local_time};
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::review::{self, Waiting};
use crate::web::url;
use crate::workflow::delivery;
use crate::workflow::record::notice;

#[derive(Template)]
#[template(path = "mine.html", config = "src/web/askama.toml")]
struct MinePage {
    frame: Frame,
    name: String,
    /// Drafts that were sent back, and what is to be reviewed.
    returned: Vec<Line>,
    to_review: Vec<Waiting>,
    overdue: Vec<Line>,
    drafts: Vec<Line>,
    /// With who has the ball since when.
    submitted: Vec<Line>,
    published: Vec<Line>,
    is_reviewer: bool,
    delivers: bool,
}

struct Line {
    url: String,
    title: String,
    text: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let user = visitor.user()?;
    let own = store::draft::of_author(&app.store, &user.account).await?;
    let of = |stages: &[Stage]| -> Vec<&Draft> { own.iter().filter(|it| stages.contains(&it.stage)).collect() };
    let line = |it: &Draft, text: String| Line { url: url::draft(&it.id), title: it.content.title().to_owned(), text };
    let mut submitted = Vec::new();
    for draft in of(&[Stage::InReview, Stage::Planned]) {
        let text = match draft.publish_at {
            Some(at) => format!("goedgekeurd, verschijnt op {}", local_time::date_and_clock(at)),
            None => {
                let whom = notice::reviewers(&act(app, &visitor), draft, None).await?;
                let names: Vec<&str> = whom.first.iter().map(|it| it.name.as_str()).collect();
                let since = draft.submitted_at.map(local_time::date).unwrap_or_default();
                match names.is_empty() {
                    true => format!("ingediend op {since}; nog niemand mag dit beoordelen"),
                    false => format!("aan zet: {}, sinds {since}", names.join(", ")),
                }
            }
        };
        submitted.push(line(draft, text));
    }
    let reviewable = review::reviewable(app, &visitor, &[Stage::InReview]).await?;
    // What one may not decide oneself waits for another.
    let for_me: Vec<Draft> =
        reviewable.into_iter().filter(|it| it.author != user.account || !app.config.four_eyes).collect();
    let today = app.clock.now().date_naive();
    let kept = store::keeping::of_owner(&app.store, &user.account).await?;
    let kept = store::record::by_ids(&app.store, &Actor::System, &kept).await?;
    let overdue = kept.iter().filter(|it| stage::of_live(&it.record, today) == Stage::RevisionDue).map(|it| Line {
        url: url::record(&it.record.slug),
        title: it.record.common.title.clone(),
        text: it.record.common.review_by.map_or_else(String::new, |it| format!("herzien vóór {}", dutch::date(it))),
    });
    let page = MinePage {
        frame: Frame::new(app, &visitor, Section::None, "Mijn werk", ""),
        name: user.name.clone(),
        returned: of(&[Stage::ChangesRequested])
            .into_iter()
            .map(|it| line(it, it.reason.clone().unwrap_or_default()))
            .collect(),
        delivers: delivery::takes_part(&visitor.actor),
        is_reviewer: user.is_administrator()
            || user.grants.iter().any(|it| it.role == crate::domain::account::AccountRole::Editor),
        to_review: review::lines(app, &visitor, &for_me).await?,
        overdue: overdue.collect(),
        drafts: of(&[Stage::Draft])
            .into_iter()
            .map(|it| {
                let kind = it.content.kind.label();
                line(it, format!("{kind}, bewaard op {}", local_time::date_and_clock(it.updated_at)))
            })
            .collect(),
        submitted,
        published: of(&[Stage::Published])
            .into_iter()
            .take(20)
            .map(|it| line(it, format!("gepubliceerd op {}", local_time::date(it.updated_at))))
            .collect(),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}
