//! Comparing through the front door: where a member stands, what is hidden, and what a file holds. All organisations
//! and figures are those of the demonstration, which says that it is fictitious.

use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::{Catalogue, Item};
use leerkring::domain::delivery::{Delivery, DeliveryStage};
use leerkring::domain::id::DeliveryId;
use leerkring::domain::measurement::{Measurement, State};
use leerkring::exchange::demo::{Demo, NETWORK};
use leerkring::store::{catalogue, delivery, measurement};
use leerkring::workflow::{history_load, library};
use poem::http::StatusCode;

use crate::harness::{TestApp, content, grant, now};

/// The library with the demonstration on a few of its indicators.
pub async fn site() -> TestApp {
    let site = TestApp::library().await;
    let mut some = Catalogue::default();
    let all = site.store().catalogue().await.unwrap();
    for slug in ["ziekteverzuim-kwartaal", "ziekteverzuim", "mic-letsel", "pnil-kosten", "kwalificatieniveaumix"] {
        some.push(Item::Indicator(all.indicator(slug).unwrap().clone()));
    }
    let demo = Demo::new(&some, now().date_naive());
    let step = |_: usize, _: usize| ();
    library::take_in(site.store(), &Actor::System, &demo.library, now(), false, &step).await.unwrap();
    let deliveries: Vec<_> = demo.deliveries(some.indicators.iter()).collect();
    let count = history_load::take_in(site.store(), &Actor::System, Some(NETWORK), &deliveries, now(), &step);
    assert!(5_000 < count.await.unwrap());
    site.settle().await;
    site
}

#[tokio::test]
async fn a_member_sees_where_it_stands_and_whom_to_learn_from() {
    let site = site().await;
    let at = |slug: &str| grant(AccountRole::ProjectLead, Scope::Organisation(slug.into()));
    let worst = site.as_user(&[at("voorbeeldzorg-07")]).await;

    let page = worst.get("/vergelijken").await.0.into_body().into_string().await.unwrap();
    let first = page.split("<tbody>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(first.contains("iekteverzuim") && first.contains("structureel minder goed"), "{first}");

    let page = worst.get("/vergelijken/ziekteverzuim-kwartaal").await.0;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.into_body().into_string().await.unwrap();
    for text in ["Uw waarde is", "De mediaan van", "Leren van", "chart-svg", "Teams roosteren zelf", "XmR"] {
        assert!(page.contains(text), "{text} is not on the page");
    }

    assert!(page.contains("structureel minder goed"), "how sure that is");

    let file = worst.get("/vergelijken/ziekteverzuim-kwartaal/cijfers.csv?periode=2026-K3").await.0;
    assert!(file.headers().get("content-disposition").unwrap().to_str().unwrap().starts_with("attachment"));
    let text = file.into_body().into_string().await.unwrap();
    assert!(text.contains("2026-K3") && text.contains("Methode"), "{text}");
    let drawing = worst.get("/vergelijken/ziekteverzuim-kwartaal/ontwikkeling.svg").await.0;
    assert_eq!(drawing.status(), StatusCode::OK);
    assert!(drawing.into_body().into_string().await.unwrap().starts_with("<svg"));
    let missing = worst.get("/vergelijken/ziekteverzuim-kwartaal/iets.svg").await.0;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_group_that_differs_by_a_few_is_refused_and_says_why() {
    let site = site().await;
    let me = site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("voorbeeldzorg-07".into()))]).await;
    let choice = |numbers: &[usize]| {
        let slugs: Vec<String> = numbers.iter().map(|it| format!("voorbeeldzorg-{it:02}")).collect();
        format!("/vergelijken/ziekteverzuim-kwartaal?periode=2026-K2&groep=eigen&keuze={}", slugs.join("%2C"))
    };
    let ask = async |numbers: &[usize]| me.get(&choice(numbers)).await.0.into_body().into_string().await.unwrap();
    let many: Vec<usize> = (10..=24).collect();
    let first = ask(&many).await;
    assert!(first.contains("De mediaan van eigen keuze"), "the first choice is shown");
    // One member less: the difference would be its value.
    let refused = ask(&many[1..]).await;
    assert!(!refused.contains("De mediaan van eigen keuze"), "a group that differs by one is shown");
    assert!(refused.contains("lijkt te veel op een groep die u al zag"));
    // The same one again is no news.
    assert!(ask(&many).await.contains("De mediaan van eigen keuze"));
    // A colleague of the same organisation is held to the same.
    let colleague = site.as_user(&[grant(AccountRole::Reader, Scope::Organisation("voorbeeldzorg-07".into()))]).await;
    let refused = colleague.get(&choice(&many[1..])).await.0.into_body().into_string().await.unwrap();
    assert!(refused.contains("lijkt te veel op een groep die u al zag"));
    let small = ask(&[30, 31, 32]).await;
    assert!(small.contains("te weinig organisaties"));
}

#[tokio::test]
async fn visitors_see_standard_groups_and_no_names() {
    let site = site().await;
    let page = site.get("/vergelijken/ziekteverzuim-kwartaal?groep=landelijk").await.0;
    let page = page.into_body().into_string().await.unwrap();
    assert!(page.contains("De mediaan van alle organisaties"));
    assert!(!page.contains("Voorbeeldzorg 02 (fictief)</"), "no member by name");
    // Networks and choices of one's own are for members: they get the country instead.
    for group in [format!("netwerk:{NETWORK}"), "keuze:voorbeeldzorg-01,voorbeeldzorg-02".to_owned()] {
        let page = site.get(&format!("/vergelijken/ziekteverzuim-kwartaal?groep={group}")).await.0;
        let page = page.into_body().into_string().await.unwrap();
        assert!(page.contains("De mediaan van alle organisaties"), "{group}");
    }
    let money = site.get("/vergelijken/pnil-kosten").await.0.into_body().into_string().await.unwrap();
    assert!(money.contains("Leren van"));
}

/// Who delivers later than somebody looked would stand alone in the difference.
#[tokio::test]
async fn a_group_stays_as_it_was_first_seen_until_enough_come_in() {
    const PERIOD: &str = "2026-K2";
    let site = TestApp::library().await;
    let mut some = Catalogue::default();
    let all = site.store().catalogue().await.unwrap();
    some.push(Item::Indicator(all.indicator("ziekteverzuim-kwartaal").unwrap().clone()));
    let demo = Demo::new(&some, now().date_naive());
    let step = |_: usize, _: usize| ();
    library::take_in(site.store(), &Actor::System, &demo.library, now(), false, &step).await.unwrap();
    // Those with a number in this period.
    let has_number = |it: &Measurement| it.period.is_some_and(|it| it.to_string() == PERIOD) && it.state.is_value();
    let all: Vec<_> = demo.deliveries(some.indicators.iter()).filter(|it| it.1.iter().any(has_number)).collect();
    let deliver = async |some: &[(String, Vec<Measurement>)]| {
        history_load::take_in(site.store(), &Actor::System, Some(NETWORK), some, now(), &step).await.unwrap();
    };
    deliver(&all[..20]).await;
    let at = |slug: &str| grant(AccountRole::ProjectLead, Scope::Organisation(slug.into()));
    let early = site.as_user(&[at(&all[3].0)]).await;
    let later = site.as_user(&[at(&all[4].0)]).await;
    let late = site.as_user(&[at(&all[20].0)]).await;
    let page = |group: &str| format!("/vergelijken/ziekteverzuim-kwartaal?periode={PERIOD}&groep={group}");
    let network = page(&format!("netwerk:{NETWORK}"));
    let country = page("landelijk");
    let text = async |answer: poem::test::TestResponse| answer.0.into_body().into_string().await.unwrap();
    let has = |page: &str, members: usize, late: usize| {
        let late = match late {
            0 => !page.contains("nog niet mee"),
            1 => page.contains("Eén organisatie leverde later"),
            n => page.contains(&format!("{n} organisaties leverden later")),
        };
        assert!(page.contains(&format!("{members} organisaties hebben")) && late, "{members}: {page}");
        assert!(page.contains("De mediaan van"), "{page}");
    };
    has(&text(early.get(&network).await).await, 20, 0);
    has(&text(site.get(&country).await).await, 20, 0);

    deliver(&all[20..21]).await;
    // Who looked before sees the same group, who did not sees all.
    has(&text(early.get(&network).await).await, 20, 1);
    has(&text(later.get(&network).await).await, 21, 0);
    // What everybody may see is one group for everybody; but one's own value one knows.
    has(&text(site.get(&country).await).await, 20, 1);
    has(&text(early.get(&country).await).await, 20, 1);
    has(&text(late.get(&country).await).await, 21, 0);
    // A late one does not close a choice of one's own.
    let chosen: Vec<&str> = all[8..18].iter().map(|it| it.0.as_str()).collect();
    let choice = page(&format!("eigen&keuze={}", chosen.join("%2C")));
    assert!(text(early.get(&choice).await).await.contains("De mediaan van eigen keuze"));

    deliver(&all[21..25]).await;
    has(&text(early.get(&network).await).await, 25, 0);
    has(&text(site.get(&country).await).await, 20, 5);
    deliver(&all[25..26]).await;
    has(&text(early.get(&network).await).await, 25, 1);
    // There would be six more, but who saw a group of twenty-five signs out and sees one of twenty-six.
    has(&text(site.get(&country).await).await, 20, 6);
    deliver(&all[26..31]).await;
    has(&text(site.get(&country).await).await, 31, 0);
    let body = text(site.get(&country.replace("/vergelijken", "/api/v1/vergelijkingen")).await).await;
    assert!(body.contains("\"aantalLeden\":31,\"aantalLater\":0"), "{body}");
    site.settle().await;
}

#[tokio::test]
async fn a_practice_shows_what_its_figure_did_to_members_only() {
    let site = site().await;
    let path = "/kennisbank/voorbeeld-teams-roosteren-zelf";
    let me = site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("voorbeeldzorg-07".into()))]).await;
    let page = me.get(path).await.0.into_body().into_string().await.unwrap();
    assert!(page.contains("Wat er met het cijfer gebeurde") && page.contains("Gemiddelde na"));
    let visitor = site.get(path).await.0.into_body().into_string().await.unwrap();
    assert!(visitor.contains("Teams roosteren zelf") && !visitor.contains("Wat er met het cijfer gebeurde"));
    let elsewhere = site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("azora".into()))]).await;
    let page = elsewhere.get(path).await.0.into_body().into_string().await.unwrap();
    assert!(!page.contains("Wat er met het cijfer gebeurde"), "not in this network");
}

#[tokio::test]
async fn the_api_answers_the_same_with_the_same_guards() {
    let site = site().await;
    let ask = async |path: &str| {
        let answer = site.get(path).await.0;
        let status = answer.status();
        let text = answer.into_body().into_string().await.unwrap();
        (status, serde_json::from_str::<serde_json::Value>(&text).unwrap())
    };
    let (status, body) = ask("/api/v1/vergelijkingen/ziekteverzuim-kwartaal?periode=2026-K2&groep=landelijk").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body["mediaan"].is_number() && body["eigen"].is_null() && body["definitieVersie"].is_string(), "{body}");
    assert!(body["groep"]["aantalLeden"].as_u64().unwrap() > 40 && body["trend"].as_array().unwrap().len() == 12);
    let (status, body) = ask("/api/v1/vergelijkingen/ziekteverzuim-kwartaal?periode=2026&groep=ver&x=1").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.to_string().contains("onbekende parameter"), "{body}");
    let (status, body) = ask("/api/v1/vergelijkingen/ziekteverzuim-kwartaal?periode=2026&groep=ver").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.to_string().contains("2024-K3") && body.to_string().contains("groep"), "{body}");
    let (status, _) = ask(&format!("/api/v1/vergelijkingen/ziekteverzuim-kwartaal?groep=netwerk:{NETWORK}")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, body) = ask("/api/v1/vergelijkingen/ziekteverzuim?groep=regio:arnhem").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["onderdrukt"][0]["reden"], "too_few_members", "{body}");
    let (status, body) = ask("/api/v1/indicatoren").await;
    assert_eq!(status, StatusCode::OK);
    assert!(30 < body["indicatoren"].as_array().unwrap().len());
}

#[tokio::test]
async fn a_published_figure_stays_published_beside_a_delivered_one() {
    let site = TestApp::library().await;
    let published = measurement::published_by(site.store(), "heemzorg").await.unwrap();
    let mut other = published.iter().find(|it| it.indicator == "ziekteverzuim").unwrap().clone();
    (other.value, other.numerator, other.denominator) = (Some(9.9), None, None);
    (other.source, other.page, other.record, other.note) = (None, None, None, None);
    let write = site.store().write().await.unwrap();
    let (_, ids) = catalogue::get_in(&write).await.unwrap();
    let made = Delivery {
        id: DeliveryId::generate(),
        organisation: "heemzorg".into(),
        network: None,
        stage: DeliveryStage::Released,
        file_name: None,
        hash: "00".into(),
        reason: None,
        made_by: "voorbeeld".into(),
        made_at: now(),
        approved_by: None,
        approved_at: None,
        released_at: Some(now()),
        embargo_until: None,
        version: 0,
    };
    delivery::save(&write, &ids, &made).await.unwrap();
    measurement::insert_concept(&write, &ids, &made.id, std::slice::from_ref(&other), now()).await.unwrap();
    measurement::release(&write, &made.id, now(), now()).await.unwrap();
    write.commit().await.unwrap();

    let current = async || {
        let all = measurement::current_of(site.store(), "heemzorg").await.unwrap();
        all.into_iter().map(|it| it.measurement).find(|it| it.key() == other.key()).unwrap()
    };
    assert_eq!((current().await.value, current().await.state), (Some(9.9), State::Restated));
    assert_eq!(measurement::published_by(site.store(), "heemzorg").await.unwrap(), published);
    // Taking the same content in once more does not put the published figure back in the comparison.
    site.import(&content()).await.unwrap();
    assert_eq!(current().await.value, Some(9.9));
    site.settle().await;
}
