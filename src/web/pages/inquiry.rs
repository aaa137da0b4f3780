//! Asking a better member how it does it, and answering such a question.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::id::InquiryId;
use crate::domain::indicator::Indicator;
use crate::domain::inquiry::{ANSWER_MAX, QUESTION_MAX};
use crate::text::{dutch, local_time};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::{Failure, Refusal};
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::compare::asked::{Asked, Choice};
use crate::web::pages::sign_in::parameter;
use crate::web::url;
use crate::workflow;
use crate::workflow::comparison;
use crate::workflow::inquiry::{self, Sight, Words};

#[derive(Template)]
#[template(path = "inquiry.html", config = "src/web/askama.toml")]
struct InquiryPage {
    frame: Frame,
    title: String,
    indicator: Link,
    action: String,
    /// What was asked, by whom; of a question that is to be answered.
    asked: Option<(String, String, String)>,
    is_done: bool,
    /// Whether the form can be sent at all.
    may_send: bool,
    /// What goes along unseen: the comparison where the other was seen.
    seen: Vec<(&'static str, String)>,
    /// The field: its name, label, longest text, and what was typed.
    field: &'static str,
    label: &'static str,
    most: usize,
    /// The same, to read.
    limit: String,
    typed: String,
    gives_address: bool,
    error: String,
}

/// The form to ask.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((indicator, organisation)): Path<(String, String)>,
    request: &Request,
) -> Result<Response, Failure> {
    visitor.user()?;
    let is_done = parameter(request, "gesteld").unwrap_or_default() == "1";
    let asked = |name: &str| parameter(request, name).unwrap_or_default();
    let typed = Typed { group: asked("groep"), period: asked("periode"), ..Typed::default() };
    asking(app, &visitor, (&indicator, &organisation), is_done, typed).await
}

/// There is nobody to ask: for who is not there and who may not be asked alike.
const NOBODY: Refusal = Refusal {
    status: StatusCode::NOT_FOUND,
    heading: "Deze organisatie kunt u hier niets vragen",
    text: "Er is niets verstuurd. Misschien laat zij haar naam niet meer zien bij dit cijfer, of neemt zij geen vragen \
           meer aan. Op de pagina van het cijfer staat onder \"Leren van\" wie u wel iets kunt vragen.",
};

/// Looks again at the comparison where the asker saw the other, and does what is to be done with it.
async fn sighted<T>(
    app: &App,
    visitor: &Visitor,
    indicator: &Indicator,
    typed: &Typed,
    then: impl AsyncFnOnce(&Sight<'_>) -> Result<T, workflow::Error>,
) -> Result<Result<T, workflow::Error>, Failure> {
    let catalogue = app.store.catalogue().await?;
    let ground = comparison::ground(&app.store, &[indicator], app.clock.now()).await?;
    let asked = Asked { groep: typed.group.clone(), periode: typed.period.clone(), ..Asked::default() };
    let choice = Choice::new(visitor, &asked, &catalogue, indicator, &ground.series(indicator), app.clock.now());
    let sight = Sight { memory: &app.comparisons, ground: &ground, group: &choice.group, period: choice.period };
    Ok(then(&sight).await)
}

/// What is shown again after a fault.
#[derive(Default)]
struct Typed {
    text: String,
    gives_address: bool,
    /// The comparison where the other was seen, as its address says it.
    group: String,
    period: String,
    error: String,
}

impl Typed {
    fn new(form: &Form, field: &str) -> Typed {
        let text = |name: &str| form.text(name).to_owned();
        Typed {
            text: text(field),
            gives_address: form.text("adres") == "ja",
            group: text("groep"),
            period: text("periode"),
            error: String::new(),
        }
    }

    fn words(&self) -> Words<'_> {
        Words { text: &self.text, gives_address: self.gives_address }
    }

    /// With why it was refused; what is no fault of who typed is a failure.
    fn refused(self, error: workflow::Error) -> Result<Typed, Failure> {
        let error = match error {
            workflow::Error::Form(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
            workflow::Error::Refused(text) => text,
            workflow::Error::Stage(text) => text.to_owned(),
            other => return Err(other.into()),
        };
        Ok(Typed { error: format!("{}.", dutch::capital(error.trim_end_matches('.'))), ..self })
    }
}

async fn asking(
    app: &App,
    visitor: &Visitor,
    (indicator, organisation): (&str, &str),
    is_done: bool,
    typed: Typed,
) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let it = catalogue.indicator(indicator).ok_or(Failure::NotFound)?;
    let doing = act(app, visitor);
    let checked = sighted(app, visitor, it, &typed, async |sight| {
        inquiry::check(&doing, it, organisation, sight).await.map(drop)
    });
    let checked = checked.await?;
    let may_send = checked.is_ok();
    let typed = match checked {
        Err(error) if typed.error.is_empty() && !is_done => typed.refused(error)?,
        Err(workflow::Error::Refused(_)) | Ok(()) => typed,
        Err(error) => return Err(error.into()),
    };
    let name = catalogue.name(Target::Organisation, organisation);
    let title = format!("Vraag aan {name}");
    let page = InquiryPage {
        frame: Frame::new(app, visitor, Section::Compare, &titled(&title, &typed.error), ""),
        title,
        indicator: Link { url: url::indicator(indicator), name: it.name.clone() },
        action: url::ask(indicator, organisation),
        asked: None,
        is_done,
        may_send,
        seen: vec![("groep", typed.group), ("periode", typed.period)],
        field: "vraag",
        label: "Uw vraag",
        most: QUESTION_MAX,
        limit: dutch::number(QUESTION_MAX as f64),
        typed: typed.text,
        gives_address: typed.gives_address,
        error: typed.error,
    };
    page::with_status(&page, status(&page.error), CachePolicy::NoStore)
}

#[handler]
pub async fn ask(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((indicator, organisation)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    let it = catalogue.indicator(&indicator).ok_or(Failure::NotFound)?;
    let typed = Typed::new(&form, "vraag");
    let doing = act(app, &visitor);
    let done = sighted(app, &visitor, it, &typed, async |sight| {
        inquiry::ask(&doing, it, &organisation, sight, typed.words()).await
    });
    match done.await? {
        Err(workflow::Error::NotFound) => Err(Failure::Refused(NOBODY)),
        Ok(()) => Ok(see(&url::with_query(&url::ask(&indicator, &organisation), &[("gesteld", "1")]))),
        Err(error) => asking(app, &visitor, (&indicator, &organisation), false, typed.refused(error)?).await,
    }
}

/// A question, to be answered.
#[handler]
pub async fn show_question(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    visitor.user()?;
    answering(app, &visitor, &inquiry_id(&id)?, Typed::default()).await
}

async fn answering(app: &App, visitor: &Visitor, id: &InquiryId, typed: Typed) -> Result<Response, Failure> {
    let it = inquiry::see(&act(app, visitor), id).await?;
    let catalogue = app.store.catalogue().await?;
    let title = "Een vraag van een ander lid".to_owned();
    let page = InquiryPage {
        frame: Frame::new(app, visitor, Section::None, &titled(&title, &typed.error), ""),
        title,
        indicator: indicator_link(&catalogue, &it.indicator),
        action: url::inquiry(id),
        asked: Some((
            catalogue.name(Target::Organisation, &it.asker).to_owned(),
            local_time::date(it.asked_at),
            it.question,
        )),
        is_done: it.answered_at.is_some(),
        may_send: true,
        seen: vec![],
        field: "antwoord",
        label: "Uw antwoord",
        most: ANSWER_MAX,
        limit: dutch::number(ANSWER_MAX as f64),
        typed: typed.text,
        gives_address: typed.gives_address,
        error: typed.error,
    };
    page::with_status(&page, status(&page.error), CachePolicy::NoStore)
}

#[handler]
pub async fn answer(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = inquiry_id(&id)?;
    let typed = Typed::new(&form, "antwoord");
    match inquiry::answer(&act(app, &visitor), &id, typed.words()).await {
        Ok(()) => Ok(see(&url::inquiry(&id))),
        Err(error) => answering(app, &visitor, &id, typed.refused(error)?).await,
    }
}

/// The identity of a question as it stands in an address.
fn inquiry_id(text: &str) -> Result<InquiryId, Failure> {
    let is_formed = text.len() == 26 && text.bytes().all(|it| it.is_ascii_alphanumeric());
    if is_formed { Ok(InquiryId::stored(text.to_owned())) } else { Err(Failure::NotFound) }
}

fn indicator_link(catalogue: &Catalogue, slug: &str) -> Link {
    let name = catalogue.indicator(slug).map_or(slug, |it| it.name.as_str()).to_owned();
    Link { url: url::indicator(slug), name }
}

fn titled(title: &str, error: &str) -> String {
    if error.is_empty() { title.to_owned() } else { format!("Fout: {title}") }
}

fn status(error: &str) -> StatusCode {
    if error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
}
