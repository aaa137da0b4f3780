//! A group of one's own, ticked in a list, and definitions beside each other. All organisations and figures are those
//! of the demonstration, which says that it is fictitious.

use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::catalogue::Item;
use leerkring::domain::library::Library;
use leerkring::domain::period::PartialDate;
use poem::http::StatusCode;

use crate::compare::site;
use crate::harness::{SignedIn, TestApp, grant};

const INDICATOR: &str = "/vergelijken/ziekteverzuim-kwartaal";
const CHOOSE: &str = "/vergelijken/ziekteverzuim-kwartaal/kiezen";

async fn member(site: &TestApp) -> SignedIn<'_> {
    site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("voorbeeldzorg-07".into()))]).await
}

fn ticks(numbers: std::ops::RangeInclusive<usize>) -> String {
    numbers.map(|it| format!("keuze=voorbeeldzorg-{it:02}")).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn organisations_are_ticked_by_name_and_lead_to_the_comparison() {
    let site = site().await;
    let me = member(&site).await;
    let page = me.page(&format!("{INDICATOR}?periode=2026-K2")).await;
    let to = page.attr("main a", "href").into_iter().find(|it| it.starts_with(CHOOSE)).unwrap();
    let list = me.page(&to).await;
    assert_eq!(list.status, StatusCode::OK);
    assert_eq!(list.select(".checks label").len(), 100, "not all at once");
    let list = me.page(&format!("{to}&zoek=voorbeeldzorg")).await;
    let names = list.select(".checks label");
    assert!(names.iter().any(|it| it.trim() == "Voorbeeldzorg 01 (fictief)"), "{names:?}");
    assert!(!names.iter().any(|it| it.contains("Voorbeeldzorg 07")), "oneself is no choice");
    assert_eq!(list.attr("input[name=periode]", "value"), ["2026-K2"]);

    // The filter shows what it finds, and what was ticked stays ticked.
    let found = me.page(&format!("{CHOOSE}?zoek=VOORBEELDZORG+1&{}&wat=zoek", ticks(20..=22))).await;
    let ticked = found.attr("input[name=keuze][checked]", "value");
    assert_eq!(ticked, ["voorbeeldzorg-20", "voorbeeldzorg-21", "voorbeeldzorg-22"]);
    let others = found.attr("input[name=keuze]:not([checked])", "value");
    assert_eq!(others.len(), 10, "{others:?}");
    let none = me.page(&format!("{CHOOSE}?zoek=bestaatniet")).await;
    assert!(none.select(".group").concat().contains("Zoek op een ander deel"));

    let few = me.page(&format!("{CHOOSE}?{}&keuze=bestaat-niet&wat=vergelijk", ticks(20..=22))).await;
    assert_eq!(few.status, StatusCode::BAD_REQUEST);
    assert!(few.select(".errors").concat().contains("minstens 4"), "{:?}", few.select(".errors"));
    assert_eq!(few.attr("input[name=keuze][checked]", "value").len(), 3);

    let answer = me.get(&format!("{CHOOSE}?{}&periode=2026-K2&wat=vergelijk", ticks(20..=34))).await.0;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = answer.headers().get("location").unwrap().to_str().unwrap().to_owned();
    let slugs: Vec<String> = (20..=34).map(|it| format!("voorbeeldzorg-{it:02}")).collect();
    assert_eq!(to.replace("%2C", ","), format!("{INDICATOR}?groep=eigen&keuze={}&periode=2026-K2", slugs.join(",")));
    let page = me.page(&to).await;
    assert!(page.select(".lead").concat().contains("De mediaan van eigen keuze van 15 organisaties"));
    // Going on: another period keeps the choice, and it can be changed.
    assert_eq!(page.attr("form.choose input[name=keuze]", "value"), [slugs.join(",")]);
    let change = page.attr("main a", "href").into_iter().find(|it| it.starts_with(CHOOSE)).unwrap();
    assert_eq!(me.page(&change).await.attr("input[name=keuze][checked]", "value"), slugs);

    assert_eq!(site.get(CHOOSE).await.0.status(), StatusCode::SEE_OTHER, "signs in first");
    let editor = site.as_user(&[grant(AccountRole::Editor, Scope::Everywhere)]).await;
    assert_eq!(editor.get(CHOOSE).await.0.status(), StatusCode::FORBIDDEN, "looks for no organisation");
    site.settle().await;
}

#[tokio::test]
async fn a_gap_is_told_in_what_is_counted() {
    let site = site().await;
    let me = member(&site).await;
    for (indicator, part) in [("ziekteverzuim-kwartaal", " ziektedagen meer"), ("pnil-kosten", "omgerekend € ")] {
        let page = me.page(&format!("/vergelijken/{indicator}")).await;
        let text = page.select(".lead").concat();
        assert!(text.contains(part) && text.contains("dan op de mediaan"), "{text}");
        assert!(!text.contains("in de teller"), "{text}");
    }
    site.settle().await;
}

#[tokio::test]
async fn definitions_stand_beside_each_other_with_their_periods() {
    let site = site().await;
    let me = member(&site).await;
    assert!(!me.page(INDICATOR).await.has("#verschil"), "one definition has nothing beside it");
    let catalogue = site.store().catalogue().await.unwrap();
    let mut indicator = catalogue.indicator("ziekteverzuim-kwartaal").unwrap().clone();
    let mut next = indicator.definitions[0].clone();
    indicator.definitions[0].until = PartialDate::parse("2024");
    next.version = "2025".into();
    next.from = PartialDate::parse("2025");
    next.denominator = Some("beschikbare dagen van alle medewerkers".into());
    indicator.definitions.push(next);
    let mut library = Library::default();
    library.catalogue.push(Item::Indicator(indicator));
    site.take_in(&library).await;
    site.settle().await;

    let page = me.page(INDICATOR).await;
    assert!(page.has("#verschil"));
    assert_eq!(page.select(".difference h3"), ["Noemer"], "only what differs");
    assert!(page.select(".difference ins").concat().contains("beschikbare"));
    assert!(!page.select(".difference del").is_empty());
    let uses = page.select("section[aria-labelledby=verschil] dd");
    let [new, old] = &uses[..] else { panic!("{uses:?}") };
    assert!(new.starts_with("1e kwartaal 2025 tot en met ") && new.contains("perioden"), "{new}");
    assert!(old.contains("tot en met 4e kwartaal 2024"), "{old}");
    // A visitor reads it too.
    let public = site.page(INDICATOR).await;
    assert_eq!(public.select(".difference h3"), ["Noemer"]);
}
