//! Closing a period of a network: what it means, and the button.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::field::Target;
use crate::domain::period::PartialDate;
use crate::text::{dutch, local_time};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::sign_in::parameter;
use crate::web::url;
use crate::workflow;
use crate::workflow::network;

#[derive(Template)]
#[template(path = "network_close.html", config = "src/web/askama.toml")]
struct ClosePage {
    frame: Frame,
    network: Link,
    action: String,
    back: String,
    period: String,
    period_name: String,
    closed: Option<String>,
    /// Why it cannot be closed now.
    not_yet: Option<&'static str>,
    /// Names of members without any figure, and of those with a delivery that waits.
    missing: Vec<String>,
    waiting: Vec<String>,
    error: String,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    request: &Request,
) -> Result<Response, Failure> {
    let period = PartialDate::parse(&parameter(request, "periode").unwrap_or_default());
    close_page(app, &visitor, &slug, period, "").await
}

async fn close_page(
    app: &App,
    visitor: &Visitor,
    slug: &str,
    period: Option<PartialDate>,
    error: &str,
) -> Result<Response, Failure> {
    let progress = network::progress(&act(app, visitor), slug, period).await?;
    let catalogue = app.store.catalogue().await?;
    let network = Link { url: url::network(slug), name: catalogue.network(slug).map_or("", |it| &it.name).to_owned() };
    let names = |fits: &dyn Fn(&network::MemberProgress) -> bool| {
        let some = progress.members.iter().filter(|it| fits(it));
        some.map(|it| catalogue.name(Target::Organisation, &it.organisation).to_owned()).collect()
    };
    let period = progress.period.to_string();
    let page = ClosePage {
        frame: Frame::new(app, visitor, Section::Networks, "Periode afsluiten", ""),
        network,
        action: url::network_closing(slug),
        back: url::with_query(&url::network_progress(slug), &[("periode", &period)]),
        period,
        period_name: progress.period.dutch(),
        closed: progress.closed_at.map(local_time::date),
        not_yet: progress.closing(app.clock.now()).err(),
        missing: names(&|it| it.delivered.is_empty()),
        waiting: names(&|it| it.waiting().is_some()),
        error: error.to_owned(),
    };
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn close(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let period = PartialDate::parse(form.text("periode")).ok_or(Failure::NotFound)?;
    match network::close(&act(app, &visitor), &slug, period).await {
        Ok(()) => Ok(see(&url::with_query(&url::network_progress(&slug), &[("periode", &period.to_string())]))),
        Err(workflow::Error::Stage(text)) => {
            let text = format!("{}.", dutch::capital(text));
            close_page(app, &visitor, &slug, Some(period), &text).await
        }
        Err(error) => Err(error.into()),
    }
}
