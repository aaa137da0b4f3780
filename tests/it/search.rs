//! The search page: counts that agree with counting by hand, filters, order, pages, and help.

use leerkring::domain::library::Library;
use leerkring::domain::record::Record;
use leerkring::exchange::content_dir;
use poem::http::StatusCode;

use crate::harness::{Html, TestApp, content};

fn library() -> Library {
    content_dir::read(&content()).unwrap().library
}

/// The number at the start of the heading.
fn total(page: &Html) -> usize {
    let heading = page.select("h1").concat();
    heading.split_whitespace().next().and_then(|it| it.replace('.', "").parse().ok()).unwrap_or(usize::MAX)
}

/// Hits on one page.
const PAGE: usize = 10;

#[tokio::test]
async fn a_word_finds_documents_and_is_marked() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=verzuim").await;
    let first = ["/kennisbank/innovatieve-aanpak-verzuim", "/kennisbank/minder-verzuim-en-minder-inhuur-t-heem"];
    let mut found = page.attr(".hits h2 a", "href");
    found.truncate(2);
    found.sort();
    assert_eq!(found, first);
    assert!(page.select(".hits li:first-child mark").iter().any(|it| it.to_lowercase().contains("verzuim")));
    assert_eq!(page.attr("input[name=q]", "value"), ["verzuim"]);
    assert_eq!(total(&page).min(PAGE), page.select(".hits > li").len());
}

/// For every theme, organisation, kind and region: as many hits as a count over the files.
#[tokio::test]
async fn filters_agree_with_counting_by_hand() {
    let site = TestApp::library().await;
    let library = library();
    let lists = &library.catalogue;
    let count = |holds: &dyn Fn(&Record) -> bool| library.records.iter().filter(|it| holds(it)).count();
    for theme in &lists.themes {
        let family = lists.theme_family(&theme.slug);
        let by_hand = count(&|it| it.common.themes.iter().any(|it| family.contains(&it.as_str())));
        assert_eq!(total(&site.page(&format!("/zoeken?thema={}", theme.slug)).await), by_hand, "{}", theme.slug);
    }
    for organisation in lists.organisations.iter().step_by(7) {
        let by_hand = count(&|it| it.common.organisations.iter().any(|it| it.organisation == organisation.slug));
        let page = site.page(&format!("/zoeken?organisatie={}", organisation.slug)).await;
        assert_eq!(total(&page), by_hand, "{}", organisation.slug);
        let leads = count(&|it| it.leads().any(|it| it == organisation.slug));
        let page = site.page(&format!("/zoeken?organisatie={}:trekker", organisation.slug)).await;
        assert_eq!(total(&page), leads, "{} als trekker", organisation.slug);
    }
    for region in &lists.regions {
        let family = lists.region_family(&region.slug);
        let by_hand = count(&|it| it.common.region.as_deref().is_some_and(|it| family.contains(&it)));
        assert_eq!(total(&site.page(&format!("/zoeken?regio={}", region.slug)).await), by_hand, "{}", region.slug);
    }
    let either = count(&|it| matches!(it.kind().word(), "factsheet" | "kwaliteitsbeeld"));
    assert_eq!(total(&site.page("/zoeken?soort=factsheet&soort=kwaliteitsbeeld").await), either);
    let both = count(&|it| it.kind().word() == "transitieproject" && it.common.region.as_deref() == Some("achterhoek"));
    assert_eq!(total(&site.page("/zoeken?soort=transitieproject&regio=achterhoek").await), both);
}

/// The count beside a value is what choosing it gives, its own facet left out of account.
#[tokio::test]
async fn counts_say_what_choosing_would_give() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=medewerkers&soort=transitieproject").await;
    let labels = page.select("input[name=soort] + span");
    let publications = labels.iter().find(|it| it.starts_with("Publicatie")).unwrap();
    let count: usize = publications.trim_end_matches(')').rsplit('(').next().unwrap().parse().unwrap();
    assert_eq!(total(&site.page("/zoeken?q=medewerkers&soort=publicatie").await), count);
    assert_eq!(page.attr("input[name=soort][checked]", "value"), ["transitieproject"]);
}

#[tokio::test]
async fn a_chosen_value_stays_in_sight_at_zero() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=koelkasttemperatuur&regio=arnhem").await;
    assert_eq!(total(&page), 0);
    assert_eq!(page.attr("input[name=regio][checked]", "value"), ["arnhem"]);
    assert!(page.select("input[name=regio][checked] + span").concat().ends_with("(0)"));
    assert_eq!(page.select(".chips li").len(), 2);
    // The way on: the same words without the filter.
    assert!(page.attr(".help a", "href").contains(&"/zoeken?q=koelkasttemperatuur".to_owned()));
}

/// A long facet can be searched inside, without losing what is chosen.
#[tokio::test]
async fn long_facets_can_be_searched_inside() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?organisatie=opella&vind-organisatie=vilen").await;
    let values = page.attr("input[type=checkbox][name=organisatie]", "value");
    assert!(values.contains(&"vilente".to_owned()) && values.contains(&"opella".to_owned()), "{values:?}");
    assert!(values.iter().all(|it| it.contains("vilen") || it.starts_with("opella")), "{values:?}");
    // The roles of what is chosen are filters of their own.
    assert!(values.contains(&"opella:trekker".to_owned()), "{values:?}");
}

#[tokio::test]
async fn order_and_pages_hold_together() {
    let site = TestApp::library().await;
    let mut seen = Vec::new();
    let mut next = Some("/zoeken?sorteer=titel".to_owned());
    while let Some(path) = next {
        let page = site.page(&path).await;
        seen.extend(page.select(".hits h2"));
        next = page.attr("a[rel=next]", "href").into_iter().next();
    }
    assert_eq!(seen.len(), library().records.len());
    let mut sorted = seen.clone();
    sorted.sort_by_key(|it| leerkring::text::dutch::sort_key(it));
    assert_eq!(seen, sorted);
    let years = site.page("/zoeken?sorteer=nieuwste").await.select(".hits .year");
    assert!(years.is_sorted_by(|a, b| a >= b), "{years:?}");
}

/// Only the first hits are read closely, as many as a page takes: that must not show in their order.
#[tokio::test]
async fn short_pages_are_pieces_of_a_long_one() {
    let site = TestApp::library().await;
    for q in ["minder regels in de zorg", "kwaliteit van zorg meten", "samenwerken met familie en mantelzorgers"] {
        let q = q.replace(' ', "+");
        let long = site.page(&format!("/zoeken?q={q}&perPagina=50")).await.select(".hits h2");
        assert!(10 < long.len(), "{q}: {}", long.len());
        let mut short = site.page(&format!("/zoeken?q={q}")).await.select(".hits h2");
        short.extend(site.page(&format!("/zoeken?q={q}&pagina=2")).await.select(".hits h2"));
        assert_eq!(short, long[..short.len()], "{q}");
    }
}

/// What makes no sense is left out and said; the rest of the question stands.
#[tokio::test]
async fn wrong_parameters_are_ignored_and_said() {
    let site = TestApp::library().await;
    for wrong in
        ["soort=onzin", "pagina=nul", "thema=bestaat-niet", "sorteer=x", "onbekend=1", "jaar=20", "q=verzuim&q=x"]
    {
        let page = site.page(&format!("/zoeken?q=verzuim&{wrong}")).await;
        assert_eq!(page.status, StatusCode::OK, "{wrong}");
        let plain = site.page("/zoeken?q=verzuim").await;
        assert_eq!(page.select(".notice li").len(), plain.select(".notice li").len() + 1, "{wrong}");
        assert_eq!(total(&page), total(&plain), "{wrong}");
    }
}

/// What else was looked for is said, and can be left out; then that is said too.
#[tokio::test]
async fn other_words_are_shown_and_removable() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=PNIL").await;
    let names = page.select(".reading .chips a");
    assert!(names.iter().any(|it| it.contains("Personeel niet in loondienst")), "{names:?}");
    let (all, address) = (total(&page), page.attr(".reading .chips a", "href")[0].clone());
    assert!(address.contains("zonder="), "{address}");
    let less = site.page(&address).await;
    assert!(less.select(".reading").concat().contains("Niet gezocht op"));
    assert_eq!(less.select(".reading .chips a").len(), names.len());
    let literal = site.page("/zoeken?q=PNIL&letterlijk=ja").await;
    assert!(literal.select(".reading").concat().contains("precies deze woorden"));
    assert!(0 < total(&literal) && total(&literal) <= all);
    assert_eq!(literal.select(".reading .chips a"), [] as [String; 0]);
}

/// A typing error finds what was meant, and says so; few hits bring more, and say so.
#[tokio::test]
async fn the_page_says_how_a_question_was_read() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=mantlezorg").await;
    assert!(page.select(".notice").concat().contains("“mantlezorg” komt niet voor; gezocht op “mantelzorg”"));
    assert!(page.has(".hits mark"));
    let page = site.page("/zoeken?q=koelkasttemperatuur+kunstenaars").await;
    assert!(page.select(".notice").concat().contains("deel ervan"), "{:?}", page.select(".notice"));
    assert!(2 <= total(&page));
}

/// Filters can be typed; they become filters like any other.
#[tokio::test]
async fn filters_can_be_typed() {
    let site = TestApp::library().await;
    let typed = site.page("/zoeken?q=zorg+soort%3Averbeterplannen+jaar%3A2015..2018").await;
    let chosen = site.page("/zoeken?q=zorg&soort=verbeterplan&jaar=2015&jaar=2016&jaar=2017&jaar=2018").await;
    assert_eq!(typed.attr("input#q", "value"), ["zorg"]);
    assert_eq!(typed.select(".chips a"), chosen.select(".chips a"));
    assert_eq!(total(&typed), total(&chosen));
    let without = site.page("/zoeken?q=verzuim+-rooster").await;
    assert!(total(&without) < total(&site.page("/zoeken?q=verzuim").await));
}

/// Each shows the practice a professional would expect among the first three, and its fragment shows why.
#[tokio::test]
async fn what_professionals_ask_is_answered() {
    let site = TestApp::library().await;
    for (q, expected) in [
        ("ziekteverzuim terugdringen", "verzuim"),
        ("medewerkers inwerken", "organisatiebuddys-nieuwe-medewerkers"),
        ("waarom vertrekken mensen", "uitstroomonderzoek"),
        ("familie betrekken", "familie"),
        ("open deuren dementie", "vrijheid"),
        ("statushouders opleiden", "instroom-nieuwkomers-in-de-ouderenzorg"),
        ("koelkasttemperatuur", "haccp"),
        ("eigen regie budget", "persoonsvolgend-budget"),
        ("huisarts specialist ouderengeneeskunde", "specialist-ouderengeneeskunde"),
        ("werkdruk meten", "werkdrukmeter"),
    ] {
        let page = site.page(&format!("/zoeken?q={}", q.replace(' ', "+"))).await;
        let first: Vec<String> = page.attr(".hits h2 a", "href").into_iter().take(3).collect();
        let at = first.iter().position(|it| it.contains(expected));
        let at = at.unwrap_or_else(|| panic!("{q}: {first:?}"));
        let marks = page.select(&format!(".hits > li:nth-child({}) mark", at + 1));
        assert!(!marks.is_empty(), "{q}: nothing is marked in {}", first[at]);
    }
}

/// What holds no word finds nothing; only an empty question shows everything.
#[tokio::test]
async fn a_question_without_words_finds_nothing() {
    let site = TestApp::library().await;
    for q in ["???", "%EF%BF%BD", &"a".repeat(10_000)] {
        assert_eq!(total(&site.page(&format!("/zoeken?q={q}")).await), 0, "{q}");
    }
    assert_eq!(total(&site.page("/zoeken?q=").await), library().records.len());
}

/// Hostile questions get normal answers and come back as text.
#[tokio::test]
async fn hostile_questions_are_only_questions() {
    let site = TestApp::library().await;
    let long = "a".repeat(10_000);
    for q in [
        long.as_str(),
        "\u{0}\u{7}\u{1b}[31m",
        "\"open deuren",
        "\"\"\"",
        "thema:",
        "thema:x OR (",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "*",
        "-",
        "AND OR NOT",
        "\\",
        "👩‍⚕️",
        "%00",
        "{}[]()^~:/\\",
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
        let answer = site.get(&format!("/zoeken?{query}")).await.0;
        assert_eq!(answer.status(), StatusCode::OK, "{q}");
        let body = answer.into_body().into_string().await.unwrap();
        assert!(!body.contains("<script>"), "{q}");
    }
}
