//! The frame of every page: head, navigation, footer; and the page face of errors.

use askama::Template;
use poem::http::StatusCode;
use poem::{IntoResponse, Response};

use crate::app::App;
use crate::domain::account::AccountRole;
use crate::domain::actor::User;
use crate::domain::permission::Denied;
use crate::text::dutch;

use super::actor::Visitor;
use super::cache::CachePolicy;
use super::error::{Failure, RETRY_AFTER};
use super::{assets, url};

/// What the frame needs to know of a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Before " – Leerkring" in the title bar.
    pub title: String,
    /// One or two sentences for search engines and shared links; may be empty.
    pub description: String,
    /// The lasting address of the page; empty when it should not be indexed.
    pub canonical: String,
    /// The entry of the navigation this page belongs to.
    pub section: Section,
    /// What stands in the search box of the header; `None` where the page has a search box of its own.
    pub q: Option<String>,
    /// The mark of forms that change something; empty for who is not signed in.
    pub form_token: String,
    /// The name of who signed in.
    pub visitor: Option<String>,
    /// Whether the administration has something for them.
    pub has_admin: bool,
    pub style: String,
    pub script: String,
    pub icon: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Home,
    Search,
    Themes,
    Programmes,
    Organisations,
    Networks,
    Compare,
    About,
    None,
}

impl Frame {
    pub fn new(app: &App, visitor: &Visitor, section: Section, title: &str, path: &str) -> Frame {
        Frame {
            title: title.to_owned(),
            description: String::new(),
            // A page without a lasting address is not for search engines.
            canonical: if path.is_empty() { String::new() } else { format!("{}{path}", app.config.public_url) },
            section,
            q: Some(String::new()),
            form_token: visitor.form_token.clone(),
            visitor: visitor.actor.user().map(|it| it.name.clone()),
            has_admin: visitor.actor.user().is_some_and(has_admin),
            style: assets::style(),
            script: assets::script(),
            icon: assets::icon(),
        }
    }

    pub fn described(mut self, description: &str) -> Frame {
        self.description = description.to_owned();
        self
    }

    /// The entries of the navigation: address, label, and whether the page belongs to it.
    pub fn navigation(&self) -> Vec<(&'static str, &'static str, bool)> {
        let all = [
            (url::SEARCH, "Zoeken", Section::Search),
            (url::THEMES, "Thema’s", Section::Themes),
            (url::PROGRAMMES, "Programma’s", Section::Programmes),
            (url::ORGANISATIONS, "Organisaties", Section::Organisations),
            (url::NETWORKS, "Netwerken", Section::Networks),
            (url::COMPARE, "Vergelijken", Section::Compare),
            (url::ABOUT, "Over", Section::About),
        ];
        let mut res: Vec<_> = all.map(|(path, label, section)| (path, label, self.section == section)).to_vec();
        if !self.form_token.is_empty() {
            res.push((url::MINE, "Mijn werk", false));
        }
        res
    }
}

/// Administrators, and coordinators who let people in.
fn has_admin(user: &User) -> bool {
    user.is_administrator() || user.grants.iter().any(|it| it.role == AccountRole::NetworkCoordinator)
}

/// A page as an answer.
pub fn show(page: &impl Template) -> Result<Response, Failure> {
    with_status(page, StatusCode::OK, CachePolicy::Revalidate)
}

pub fn with_status(page: &impl Template, status: StatusCode, cache: CachePolicy) -> Result<Response, Failure> {
    let html = page.render()?;
    Ok(html
        .with_content_type("text/html; charset=utf-8")
        .with_header("Cache-Control", cache.header())
        .with_status(status)
        .into_response())
}

#[derive(Template)]
#[template(path = "error.html", config = "src/web/askama.toml")]
struct ErrorPage {
    frame: Frame,
    heading: String,
    text: String,
    /// Words of the address, as a search that may find what was meant.
    words: String,
    /// Under which the operator finds the cause; empty when there is nothing to find.
    request_id: String,
    search_works: bool,
}

/// The page face of an error: what happened, and ways on.
pub fn error(app: &App, visitor: &Visitor, error: &poem::Error, path: &str, request_id: &str) -> Response {
    let status = error.status();
    let search_works = !matches!(error.downcast_ref::<Failure>(), Some(Failure::SearchDown(_)));
    let refused = match error.downcast_ref::<Failure>() {
        Some(Failure::Refused(it)) => Some((it.heading, it.text)),
        Some(Failure::Denied(Denied::OwnWork)) => Some((
            "Een ander moet dit beoordelen",
            "U schreef dit zelf. Zo kijkt er altijd een tweede paar ogen mee. Vraag een collega-redacteur.",
        )),
        _ => None,
    };
    let (heading, text) = refused.unwrap_or_else(|| match status {
        StatusCode::UNAUTHORIZED => ("Hiervoor moet u inloggen", "Log in en probeer het opnieuw."),
        StatusCode::FORBIDDEN => (
            "Hiervoor hebt u geen rechten",
            "Uw account mag dit niet doen of bekijken. Vraag de beheerder om een rol als u die voor uw werk nodig hebt.",
        ),
        StatusCode::NOT_FOUND => (
            "Deze pagina is er niet",
            "Misschien is het adres veranderd of verkeerd overgenomen. Zoek hieronder, of kies een van de ingangen.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => ("Dat kan hier niet", "Deze pagina kunt u alleen bekijken."),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Zoeken kan even niet",
            "De zoekindex wordt opgebouwd of is niet bereikbaar. Probeer het over een minuut opnieuw. De lijsten hieronder werken wel.",
        ),
        status if status.is_client_error() => {
            ("Dat begrijpen we niet", "De aanvraag klopt niet. Begin opnieuw bij een van de ingangen.")
        }
        _ => (
            "Er ging iets mis",
            "Dat ligt aan ons, niet aan u. Er is niets verloren. Probeer het opnieuw; blijft het misgaan, geef dan het nummer hieronder door aan de beheerder.",
        ),
    });
    let (heading, text) = match error.downcast_ref::<Failure>() {
        Some(Failure::Upload(_, reason)) => ("Het bestand is niet opgenomen", not_taken(reason)),
        _ => (heading, text.to_owned()),
    };
    let mut frame = Frame::new(app, visitor, Section::None, heading, path);
    frame.canonical = String::new();
    frame.q = None;
    let page = ErrorPage {
        frame,
        heading: heading.to_owned(),
        text,
        words: if status == StatusCode::NOT_FOUND { words_of(path) } else { String::new() },
        request_id: if status.is_server_error() { request_id.to_owned() } else { String::new() },
        search_works,
    };
    let answer = with_status(&page, status, CachePolicy::NoStore);
    let answer = answer.unwrap_or_else(|_| heading.with_status(status).into_response());
    match status {
        StatusCode::SERVICE_UNAVAILABLE => answer.with_header("Retry-After", RETRY_AFTER).into_response(),
        _ => answer,
    }
}

/// A reason as a sentence, and a way on.
fn not_taken(reason: &str) -> String {
    format!("{}. Ga terug en probeer het opnieuw; wat al bewaard was, is er nog.", dutch::capital(reason))
}

/// The last part of an address as words: "/kennisbank/minder-verzuim" -> "minder verzuim".
fn words_of(path: &str) -> String {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let words: String = last.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).take(80).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
