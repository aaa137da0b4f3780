//! A choice of organisations to compare with: ticked in a list, found by a part of their name. Every button sends the
//! same form, so that it works without script; comparing leads to the address of the comparison itself.

use std::collections::BTreeSet;

use ::url::form_urlencoded;
use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::benchmark::peer_group::CHOSEN_MAX;
use crate::domain::catalogue::Catalogue;
use crate::domain::permission::Denied;
use crate::domain::vocabulary::OrganisationKind;
use crate::text::slug::fold;
use crate::web::act::see;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow::policy;

use super::asked;

/// The most organisations in the list; the others are found by name.
const LISTED: usize = 100;

/// Slug and name.
type Named = (String, String);

#[derive(Template)]
#[template(path = "choose.html", config = "src/web/askama.toml")]
struct ChoosePage {
    frame: Frame,
    indicator: Link,
    action: String,
    period: String,
    organisation: String,
    filter: String,
    chosen: Vec<Named>,
    others: Vec<Named>,
    /// How many more the filter finds.
    more: usize,
    least: usize,
    most: usize,
    error: String,
}

/// The choice as the form sends it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sent {
    chosen: BTreeSet<String>,
    filter: String,
    period: String,
    organisation: String,
    is_ready: bool,
}

impl Sent {
    /// Ticks come one by one, a choice of before as one list.
    fn read(query: &str) -> Sent {
        let mut res = Sent::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "keuze" => {
                    let slugs = value.split([',', ' ', '\n']).map(str::trim).filter(|it| !it.is_empty());
                    res.chosen.extend(slugs.map(str::to_owned));
                }
                "zoek" => res.filter = value.chars().take(100).collect(),
                "periode" => res.period = value.chars().take(10).collect(),
                "organisatie" => res.organisation = value.into_owned(),
                "wat" => res.is_ready = value == "vergelijk",
                _ => (),
            }
        }
        res
    }
}

/// The list.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    request: &Request,
) -> Result<Response, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    let indicator = catalogue.indicator(&slug).ok_or(Failure::NotFound)?;
    let sent = Sent::read(request.uri().query().unwrap_or_default());
    let own = asked::organisation(&visitor, &sent.organisation).ok_or(Failure::Denied(Denied::Role))?;
    let offered = offered(&catalogue, own);
    let (chosen, others): (Vec<Named>, Vec<Named>) = offered.into_iter().partition(|it| sent.chosen.contains(&it.0));
    let policy = policy::in_force(&app.store).await?.for_indicator(indicator);
    // The own organisation always counts along.
    let least = (policy.members_min.saturating_sub(1)).max(policy.others_min);
    let error = wrong(chosen.len(), least);
    if sent.is_ready && error.is_empty() {
        let slugs = chosen.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(",");
        let query = [
            ("groep", "eigen"),
            ("keuze", slugs.as_str()),
            ("periode", &sent.period),
            ("organisatie", &sent.organisation),
        ];
        let filled: Vec<(&str, &str)> = query.into_iter().filter(|it| !it.1.is_empty()).collect();
        return Ok(see(&url::with_query(&url::indicator(&slug), &filled)));
    }
    let found: Vec<Named> = others.into_iter().filter(|it| fold(&it.1).contains(&fold(&sent.filter))).collect();
    let error = if sent.is_ready { error } else { String::new() };
    let title = if error.is_empty() { "Organisaties kiezen" } else { "Fout: Organisaties kiezen" };
    let page = ChoosePage {
        frame: Frame::new(app, &visitor, Section::Compare, title, ""),
        indicator: Link { url: url::indicator(&slug), name: indicator.name.clone() },
        action: url::choose(&slug),
        period: sent.period,
        organisation: sent.organisation,
        filter: sent.filter,
        more: found.len().saturating_sub(LISTED),
        others: found.into_iter().take(LISTED).collect(),
        chosen,
        least,
        most: CHOSEN_MAX,
        error,
    };
    let status = if page.error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// Care providers by name, without the own organisation; nobody else is compared. Who has a figure is not told.
fn offered(catalogue: &Catalogue, own: &str) -> Vec<Named> {
    let providers = catalogue.organisations.iter().filter(|it| it.kind == OrganisationKind::CareProvider);
    let mut res: Vec<Named> =
        providers.filter(|it| it.slug != own).map(|it| (it.slug.clone(), it.name.clone())).collect();
    res.sort_by_cached_key(|it| fold(&it.1));
    res
}

fn wrong(count: usize, least: usize) -> String {
    if count < least {
        format!(
            "U koos {count} organisaties. Kies er minstens {least}: anders zegt een cijfer iets over één organisatie."
        )
    } else if CHOSEN_MAX < count {
        format!("U koos {count} organisaties. Kies er hoogstens {CHOSEN_MAX}.")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_a_list_say_the_same() {
        let ticked = Sent::read("keuze=a&keuze=b&zoek=&wat=vergelijk");
        assert_eq!(ticked, Sent { is_ready: true, ..Sent::read("keuze=b%2C+a&iets=anders") });
        assert_eq!(ticked.chosen, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    }
}
