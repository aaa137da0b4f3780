//! Who reviews which theme, who stands in, within how many days, and until when.

use askama::Template;
use chrono::NaiveDate;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::account::{AccountRole, AccountStatus};
use crate::domain::id::AccountId;
use crate::domain::permission::{Action, may};
use crate::store;
use crate::store::theme_reviewer::ThemeReviewer;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::sentences;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow;
use crate::workflow::record::review;

#[derive(Template)]
#[template(path = "reviewers.html", config = "src/web/askama.toml")]
struct ReviewersPage {
    frame: Frame,
    lines: Vec<Line>,
    themes: Vec<(String, String)>,
    people: Vec<(String, String)>,
    error: String,
}

struct Line {
    theme: String,
    slug: String,
    account: String,
    deputy: String,
    days: i32,
    until: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    reviewers_page(app, &visitor, "", StatusCode::OK).await
}

async fn reviewers_page(app: &App, visitor: &Visitor, error: &str, status: StatusCode) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let catalogue = app.store.catalogue().await?;
    let accounts: Vec<_> = store::account::list(&app.store).await?.into_iter().map(|it| it.account).collect();
    let name = |id: &AccountId| accounts.iter().find(|it| it.id == *id).map_or("weg", |it| it.name.as_str()).to_owned();
    let theme = |slug: &str| catalogue.theme(slug).map_or(slug, |it| it.name.as_str()).to_owned();
    let lines = store::theme_reviewer::list(&app.store).await?.into_iter().map(|it| Line {
        theme: theme(&it.theme),
        account: name(&it.account),
        deputy: it.deputy.as_ref().map(name).unwrap_or_default(),
        days: it.days,
        until: it.until.map(crate::text::dutch::date).unwrap_or_default(),
        slug: it.theme,
    });
    let reviews = |it: &&crate::domain::account::Account| {
        let may_review = [AccountRole::Editor, AccountRole::Administrator];
        it.status == AccountStatus::Active && it.grants.iter().any(|it| may_review.contains(&it.role))
    };
    let page = ReviewersPage {
        frame: Frame::new(app, visitor, Section::None, "Wie beoordeelt", ""),
        lines: lines.collect(),
        themes: catalogue.themes.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
        people: accounts.iter().filter(reviews).map(|it| (it.id.to_string(), it.name.clone())).collect(),
        error: error.to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn save(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let account =
        |name: &str| Some(form.text(name)).filter(|it| !it.is_empty()).map(|it| AccountId::stored(it.to_owned()));
    let until = Some(form.text("tot")).filter(|it| !it.is_empty()).map(str::parse::<NaiveDate>);
    let doing = act(app, &visitor);
    let theme = form.text("thema");
    let done = match (form.text("actie"), account("beoordelaar"), until.transpose()) {
        ("weg", _, _) => review::name_reviewer(&doing, theme, None).await,
        (_, None, _) => Err(workflow::Error::of_field("beoordelaar", "kies wie beoordeelt", "")),
        (_, _, Err(_)) => Err(workflow::Error::of_field("tot", "dit is geen dag", "schrijf 2027-01-31")),
        (_, Some(first), Ok(until)) => {
            let it = ThemeReviewer {
                theme: theme.to_owned(),
                account: first,
                deputy: account("vervanger"),
                days: form.text("dagen").parse().unwrap_or(7),
                until,
            };
            review::name_reviewer(&doing, theme, Some(it)).await
        }
    };
    match done {
        Ok(()) => Ok(see(url::REVIEWERS)),
        Err(error @ workflow::Error::Invalid(_)) => {
            reviewers_page(app, &visitor, &sentences(&error.faults()), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}
