//! The pages about the site itself.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow::search_log::KEPT_DAYS;

#[derive(Template)]
#[template(path = "about.html", config = "src/web/askama.toml")]
struct AboutPage {
    frame: Frame,
    organisations: String,
    themes: String,
}

#[derive(Template)]
#[template(path = "privacy.html", config = "src/web/askama.toml")]
struct PrivacyPage {
    frame: Frame,
    /// Whether searches are counted.
    query_log: bool,
    kept_days: u64,
}

#[derive(Template)]
#[template(path = "accessibility.html", config = "src/web/askama.toml")]
struct AccessibilityPage {
    frame: Frame,
}

#[handler]
pub async fn about(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    page::show(&AboutPage {
        frame: Frame::new(app, &visitor, Section::About, "Over Leerkring", url::ABOUT)
            .described("Wat Leerkring is, waar de inhoud vandaan komt en hoe u haar hergebruikt."),
        organisations: dutch::count(catalogue.organisations.len(), "organisatie", "organisaties"),
        themes: dutch::count(catalogue.themes.len(), "thema", "thema’s"),
    })
}

#[handler]
pub async fn privacy(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    page::show(&PrivacyPage {
        frame: Frame::new(app, &visitor, Section::None, "Privacy", url::PRIVACY),
        query_log: app.search_log.is_on(),
        kept_days: KEPT_DAYS,
    })
}

#[handler]
pub async fn accessibility(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    page::show(&AccessibilityPage {
        frame: Frame::new(app, &visitor, Section::None, "Toegankelijkheid", url::ACCESSIBILITY),
    })
}
