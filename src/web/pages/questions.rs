//! Questions that found nothing, and the word that answers them: two clicks from a question to a synonym.

use askama::Template;
use chrono::Days;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::catalogue::Catalogue;
use crate::domain::concept::Concept;
use crate::domain::permission::{Action, may};
use crate::store;
use crate::text::slug::fold;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow;
use crate::workflow::catalogue;

/// Over how many days, and how many questions.
const DAYS: u64 = 30;
const SHOWN: usize = 100;
/// How many concepts are offered for a question.
const OFFERED: usize = 6;

#[derive(Template)]
#[template(path = "questions.html", config = "src/web/askama.toml")]
struct QuestionsPage {
    frame: Frame,
    /// Question, how often, where to choose its concept, and the search itself.
    questions: Vec<(String, u64, String, String)>,
    /// The question that a concept is chosen for.
    chosen: String,
    /// Slug, name, and the words it has.
    offered: Vec<(String, String, String)>,
    concepts: Vec<(String, String)>,
    notice: String,
    error: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let asked: Vec<(String, String)> =
        ::url::form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()).into_owned().collect();
    let of = |name: &str| asked.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let notice = match of("gedaan") {
        "" => String::new(),
        word => format!("“{word}” wordt nu meegezocht."),
    };
    questions_page(app, &visitor, of("vraag"), &notice, "", StatusCode::OK).await
}

async fn questions_page(
    app: &App,
    visitor: &Visitor,
    chosen: &str,
    notice: &str,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    may(&visitor.actor, Action::EditLists)?;
    let catalogue = app.store.catalogue().await?;
    let today = app.clock.now().date_naive();
    let from = today.checked_sub_days(Days::new(DAYS)).unwrap_or(today);
    let report = store::search_log::report(&app.store, from, today).await?;
    let chosen: String = chosen.chars().take(80).collect();
    let questions =
        report.without_hits().into_iter().filter(|it| !it.asked.question().is_empty()).take(SHOWN).map(|it| {
            let question = it.asked.question();
            (
                question.to_owned(),
                it.counts.all_searches(),
                url::with_query(url::QUESTIONS, &[("vraag", question)]),
                url::search(&[("q", question)]),
            )
        });
    let page = QuestionsPage {
        frame: Frame::new(app, visitor, Section::None, "Zoekvragen zonder resultaat", ""),
        questions: questions.collect(),
        offered: if chosen.is_empty() { vec![] } else { offered(&catalogue, &chosen) },
        concepts: catalogue.concepts.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
        chosen,
        notice: notice.to_owned(),
        error: error.to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The concepts whose words look most like a question.
fn offered(catalogue: &Catalogue, question: &str) -> Vec<(String, String, String)> {
    let wanted = pieces(question);
    let likeness = |it: &Concept| {
        let forms = std::iter::once(&it.name).chain(&it.synonyms).chain(&it.short_forms).chain(&it.related);
        let shared = |form: &String| {
            let own = pieces(form);
            let both = wanted.iter().filter(|it| own.contains(it)).count();
            (200 * both) / (wanted.len() + own.len()).max(1)
        };
        forms.map(shared).max().unwrap_or(0)
    };
    let mut all: Vec<(usize, &Concept)> = catalogue.concepts.iter().map(|it| (likeness(it), it)).collect();
    all.retain(|it| 0 < it.0);
    all.sort_by_key(|it| std::cmp::Reverse(it.0));
    let words = |it: &Concept| it.synonyms.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    all.into_iter().take(OFFERED).map(|(_, it)| (it.slug.clone(), it.name.clone(), words(it))).collect()
}

/// The runs of three letters of a text.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = fold(text).chars().collect();
    letters.windows(3).map(|it| it.iter().collect()).collect()
}

#[handler]
pub async fn answer(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    may(&visitor.actor, Action::EditLists)?;
    let word = form.text("vraag");
    let concept = Some(form.text("begrip")).filter(|it| !it.is_empty());
    match catalogue::add_synonym(&act(app, &visitor), concept, word).await {
        Ok(_) => Ok(see(&url::with_query(url::QUESTIONS, &[("gedaan", word)]))),
        Err(error @ workflow::Error::Invalid(_)) => {
            let said: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            questions_page(app, &visitor, word, "", &said.join(". "), status).await
        }
        Err(other) => Err(other.into()),
    }
}
