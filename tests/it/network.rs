//! What the coordinator of a network sees, what members decide, and what a closed period keeps. All organisations,
//! people and figures are fictitious.

use std::collections::BTreeSet;

use chrono::Duration;
use leerkring::app::Clock;
use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::domain::delivery::{Delivery, DeliveryStage};
use leerkring::domain::id::DeliveryId;
use leerkring::domain::proposal::Ending;
use leerkring::exchange::demo::NETWORK;
use leerkring::store::{self, audit, measurement};
use poem::http::StatusCode;

use crate::delivery::{self, GOOD, act, lead, upload};
use crate::harness::{Html, SignedIn, TestApp, grant, now};

fn coordinator(network: &str) -> Grant {
    grant(AccountRole::NetworkCoordinator, Scope::Network(network.into()))
}

/// The cells of a row of a table, by the text of its heading.
fn row(page: &Html, table: &str, name: &str) -> Vec<String> {
    let names = page.select(&format!("{table} tbody th"));
    let at = names.iter().position(|it| it == name).unwrap_or_else(|| panic!("{name}: {names:?}"));
    page.select(&format!("{table} tbody tr:nth-child({}) td", at + 1))
}

/// What the table of figures says of the sickness absence of a member.
fn absence(page: &Html, member: &str) -> String {
    let columns = page.attr(".matrix thead a", "href");
    let at = columns.iter().position(|it| it.starts_with("/vergelijken/ziekteverzuim-kwartaal?"));
    row(page, ".matrix", member)[at.unwrap_or_else(|| panic!("{columns:?}"))].clone()
}

#[tokio::test]
async fn the_coordinator_sees_who_delivered() {
    let site = delivery::site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let watcher = site.as_user(&[coordinator("kring")]).await;
    let path = "/netwerken/kring/vergelijken?periode=2026-K3";
    let name = "Voorbeeldzorg (fictief)";
    let of = async || row(&watcher.page(path).await, "#leden + p + .table", name);
    assert_eq!(of().await, ["nog niets", "0 van 3", "0%"]);
    let (_, to) = upload(&site, &author, "cijfers.csv", GOOD.as_bytes()).await;
    assert_eq!(of().await[..2], ["concept: wacht op akkoord, Voorbeeldzorg (fictief)", "0 van 3"]);
    assert!(watcher.page(path).await.attr("td a", "href").contains(&to), "the way to the delivery");
    assert_eq!(act(&watcher, &to, "akkoord", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(of().await[..2], ["akkoord: wacht op vrijgave, Voorbeeldzorg (fictief)", "0 van 3"]);
    assert_eq!(act(&watcher, &to, "vrijgeven", &[]).await, StatusCode::SEE_OTHER);
    assert_eq!(of().await, ["vrijgegeven", "2 van 3", "66%"]);

    let page = watcher.page(path).await;
    let lead_line = page.select(".lead").concat();
    assert!(lead_line.contains("Cijfers binnen van 1 van de 2 leden.") && lead_line.contains("29 november 2026"));
    assert_eq!(row(&page, "#indicatoren + .table", "Ziekteverzuim"), ["1 van 2", "50%"]);
    assert!(page.select(".matrix td").iter().all(|it| it.contains("niet gedeeld")), "nobody shows its name here");
    let file = watcher.get("/netwerken/kring/vergelijken/volledigheid.csv?periode=2026-K3").await.0;
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"kring-2026-K3-volledigheid.csv\"");
    let text = file.into_body().into_string().await.unwrap();
    assert!(text.contains("Voorbeeldzorg (fictief);2026-K3;vrijgegeven;2;3;66;ja;ja;nee"), "{text}");
    assert!(text.contains("Buurzorghuis (fictief);2026-K3;nog niets;0;3;0;nee;nee;nee"), "{text}");

    assert!(
        watcher.page("/netwerken/kring").await.attr("main a", "href").contains(&"/netwerken/kring/vergelijken".into())
    );
    assert!(watcher.page("/vergelijken").await.attr("main a", "href").contains(&"/netwerken/kring/vergelijken".into()));
    assert!(
        !author.page("/netwerken/kring").await.attr("main a", "href").contains(&"/netwerken/kring/vergelijken".into())
    );
    site.settle().await;
}

#[tokio::test]
async fn the_page_opens_where_figures_came_in_and_closes_only_what_can_be_closed() {
    let site = delivery::site().await;
    let author = site.as_user(&[lead("voorbeeldzorg")]).await;
    let watcher = site.as_user(&[coordinator("kring")]).await;
    let seen = async |query: &str| {
        let page = watcher.page(&format!("/netwerken/kring/vergelijken{query}")).await;
        let offers = page.attr("main a.button", "href").iter().any(|it| it.contains("/afsluiten"));
        (page.select("h1").concat(), page.select("main .notice").concat(), page.select("main > .note").concat(), offers)
    };
    let quarter = |number: usize| format!("Wie leverde aan: {number}e kwartaal 2026");
    let deliver = async |period: &str| {
        let text = format!("indicator;periode;teller;noemer\nverzuim;{period};72;1000\n");
        upload(&site, &author, "cijfers.csv", text.as_bytes()).await.1
    };
    let (title, told, why, offers) = seen("").await;
    assert_eq!((title, told.as_str(), offers), (quarter(3), "", false), "nothing came in at all");
    assert!(why.contains("leden kunnen nog aanleveren"), "{why}");

    let to = deliver("2026-K1").await;
    let (title, told, why, offers) = seen("").await;
    assert_eq!((title, offers), (quarter(1), false));
    assert!(told.contains("Over 3e kwartaal 2026 en 2e kwartaal 2026 kwam nog niets binnen."), "{told}");
    assert!(why.contains("nog geen enkel cijfer"), "a concept is no figure: {why}");
    let close = "/netwerken/kring/afsluiten?periode=2026-K1";
    assert!(!watcher.page(close).await.has("main form button"), "no button that cannot work");
    for action in ["akkoord", "vrijgeven"] {
        assert_eq!(act(&watcher, &to, action, &[]).await, StatusCode::SEE_OTHER);
    }
    let (title, _, why, offers) = seen("").await;
    assert_eq!((title, why.as_str(), offers), (quarter(1), "", true));
    assert!(watcher.page(close).await.has("main form button"));

    deliver("2026-K3").await;
    let (title, told, why, offers) = seen("").await;
    assert_eq!((title, told.as_str(), offers), (quarter(3), "", false), "the one that is being delivered");
    assert!(why.contains("sluit af na de laatste dag"), "{why}");
    let (title, told, _, offers) = seen("?periode=2026-K2").await;
    assert_eq!((title, told.as_str(), offers), (quarter(2), "", false), "who asks gets what was asked");
    assert_eq!(
        watcher.post("/netwerken/kring/afsluiten", &[("periode", "2026-K1")]).await.0.status(),
        StatusCode::SEE_OTHER
    );
    site.settle().await;
    let (_, told, why, offers) = seen("?periode=2026-K1").await;
    assert!(told.contains("afgesloten op 22 november 2026") && why.is_empty() && !offers, "{told} {why}");
}

#[tokio::test]
async fn a_figure_stands_on_the_row_of_its_member_by_consent_only() {
    let site = crate::compare::site().await;
    let watcher = site.as_user(&[coordinator(NETWORK)]).await;
    let page = watcher.page(&format!("/netwerken/{NETWORK}/vergelijken?periode=2026-K3&groep=alle")).await;
    let names = page.select(".matrix tbody th");
    assert_eq!(names.len(), 60);
    let mut named = 0;
    for number in 1..=60 {
        let cells = row(&page, ".matrix", &format!("Voorbeeldzorg {number:02} (fictief)"));
        let is_named = number % 3 == 2 || [17, 23].contains(&number);
        let has_figure = cells.iter().any(|it| it.contains('%'));
        if is_named {
            named += usize::from(has_figure);
        } else {
            assert!(cells.iter().all(|it| it == "niet gedeeldzonder naam"), "{number}: {cells:?}");
        }
    }
    assert!(15 < named, "{named} members show a figure with their name");
    // Who shows its name is protected all the same where few people are behind the figure.
    let page = watcher.page(&format!("/netwerken/{NETWORK}/vergelijken?periode=2026-09&groep=veiligheid")).await;
    let cells = page.select(".matrix td");
    assert!(cells.iter().any(|it| it == "niet te ziente kleine aantallen"), "{cells:?}");
    let other = site.as_user(&[lead("voorbeeldzorg-07")]).await;
    let path = format!("/netwerken/{NETWORK}/vergelijken");
    assert_eq!(other.page(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.page(&path).await.status, StatusCode::NOT_FOUND);
}

const GROUPS: &[&str] =
    &["personeel", "verzuim", "verloop", "inhuur", "capaciteit", "veiligheid", "ervaring", "leren", "financien"];

/// Sends the form of what a member shares: one group by its word, the others without a name.
async fn share(by: &SignedIn<'_>, organisation: &str, group: &str, form: &str) -> StatusCode {
    let named: Vec<String> = GROUPS.iter().map(|it| format!("deelt-{it}")).collect();
    let mut fields: Vec<(&str, &str)> = vec![("organisatie", organisation), ("vragen", "ja")];
    fields.extend(
        named.iter().zip(GROUPS).map(|(name, it)| (name.as_str(), if *it == group { form } else { "anoniem" })),
    );
    by.post(&format!("/netwerken/{NETWORK}/delen"), &fields).await.0.status()
}

#[tokio::test]
async fn a_member_decides_what_it_shares() {
    let site = crate::compare::site().await;
    let me = site.as_user(&[lead("voorbeeldzorg-01")]).await;
    let matrix = format!("/netwerken/{NETWORK}/vergelijken?periode=2026-K3&groep=verzuim");
    // A new coordinator each time: what one saw before is guarded.
    let seen = async || {
        let watcher = site.as_user(&[coordinator(NETWORK)]).await;
        absence(&watcher.page(&matrix).await, "Voorbeeldzorg 01 (fictief)")
    };
    assert_eq!(seen().await, "niet gedeeldzonder naam");
    let path = format!("/netwerken/{NETWORK}/delen");
    let page = me.page(&path).await;
    assert_eq!(page.attr("#deelt-verzuim option[selected]", "value"), ["anoniem"]);
    assert!(page.select(".notice").concat().contains("kunt u niet terugnemen"));

    assert_eq!(share(&me, "voorbeeldzorg-01", "verzuim", "met-naam").await, StatusCode::SEE_OTHER);
    site.settle().await;
    let cell = seen().await;
    assert!(cell.ends_with('%'), "{cell}");
    assert_eq!(me.page(&path).await.attr("#deelt-verzuim option[selected]", "value"), ["met-naam"]);
    assert_eq!(me.page(&path).await.attr("#vragen option[selected]", "value"), ["ja"]);
    let subject = format!("delen:{NETWORK}:voorbeeldzorg-01");
    let entry = audit::latest(site.store(), None, Some(&subject), 9).await.unwrap();
    assert_eq!(entry.len(), 1);
    assert_eq!((&entry[0].detail["verzuim"], &entry[0].detail["leren"]), (&"anoniem → met-naam".into(), &().into()));

    assert_eq!(share(&me, "voorbeeldzorg-01", "verzuim", "niet").await, StatusCode::SEE_OTHER);
    site.settle().await;
    assert_eq!(seen().await, "niet gedeelddoet niet mee");

    // Nobody decides for another, and a form that lacks a choice changes nothing.
    assert_eq!(share(&me, "voorbeeldzorg-02", "verzuim", "niet").await, StatusCode::NOT_FOUND);
    let half = me.post(&path, &[("organisatie", "voorbeeldzorg-01"), ("deelt-verzuim", "alles")]).await;
    let half = Html::read(half).await;
    assert_eq!(half.status, StatusCode::BAD_REQUEST);
    assert!(half.select(".errors").concat().contains("Verzuim"), "{:?}", half.select(".errors"));
    assert_eq!(me.page(&path).await.attr("#deelt-verzuim option[selected]", "value"), ["niet"]);
    let reader = site.as_user(&[grant(AccountRole::Reader, Scope::Organisation("voorbeeldzorg-01".into()))]).await;
    assert_eq!(reader.page(&path).await.status, StatusCode::NOT_FOUND);
}

/// Gives the figure of a member over a quarter another value, five minutes from now.
async fn restate(site: &TestApp, organisation: &str, period: &str) {
    let current = measurement::current_of(site.store(), organisation).await.unwrap();
    let is_it = |it: &&measurement::Stored| {
        it.measurement.indicator == "ziekteverzuim-kwartaal" && it.measurement.period.unwrap().to_string() == period
    };
    let mut other = current.iter().find(is_it).unwrap().measurement.clone();
    other.numerator = other.numerator.map(|it| it * 2.0);
    other.value = other.value.map(|it| it * 2.0);
    let later = now() + Duration::minutes(5);
    let write = site.store().write().await.unwrap();
    let ids = store::catalogue::get_in(&write).await.unwrap().1;
    let made = Delivery {
        id: DeliveryId::generate(),
        organisation: organisation.into(),
        network: None,
        stage: DeliveryStage::Released,
        file_name: None,
        hash: period.into(),
        reason: None,
        made_by: "voorbeeld".into(),
        made_at: later,
        approved_by: None,
        approved_at: None,
        released_at: Some(later),
        embargo_until: None,
        version: 0,
    };
    store::delivery::save(&write, &ids, &made).await.unwrap();
    measurement::insert_concept(&write, &ids, &made.id, std::slice::from_ref(&other), later).await.unwrap();
    measurement::release(&write, &made.id, later, later).await.unwrap();
    let subjects = BTreeSet::from([store::change_log::Subject::Delivery(made.id)]);
    store::change_log::append(&write, &subjects, later).await.unwrap();
    write.commit().await.unwrap();
    site.settle().await;
}

#[tokio::test]
async fn a_closed_period_keeps_its_figures() {
    let site = crate::compare::site().await;
    let watcher = site.as_user(&[coordinator(NETWORK)]).await;
    let member = site.as_user(&[lead("voorbeeldzorg-07")]).await;
    let path = format!("/netwerken/{NETWORK}/afsluiten");
    let page = watcher.page(&format!("{path}?periode=2026-K2")).await;
    assert!(page.select("main").concat().contains("kan niet ongedaan worden gemaakt"));
    assert_eq!(member.post(&path, &[("periode", "2026-K2")]).await.0.status(), StatusCode::NOT_FOUND);
    let close = async |period: &str| Html::read(watcher.post(&path, &[("periode", period)]).await).await;
    assert_eq!(close("2026-K2").await.status, StatusCode::SEE_OTHER);
    site.settle().await;
    for (period, why) in
        [("2026-K2", "al afgesloten"), ("2026-K4", "nog niet voorbij"), ("2010-K1", "geen enkel cijfer")]
    {
        let page = close(period).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{period}");
        assert!(page.select(".errors").concat().contains(why), "{period}: {:?}", page.select(".errors"));
    }

    let later = site.at(Clock::Fixed(now() + Duration::minutes(10)));
    let at = async |path: String| Html::read(later.get(path).header("cookie", watcher.cookie()).send().await).await;
    let value = async |period: &str| {
        let path = format!("/netwerken/{NETWORK}/vergelijken?periode={period}&groep=verzuim");
        absence(&at(path).await, "Voorbeeldzorg 02 (fictief)")
    };
    let before = (value("2026-K1").await, value("2026-K2").await);
    restate(&site, "voorbeeldzorg-02", "2026-K1").await;
    restate(&site, "voorbeeldzorg-02", "2026-K2").await;
    let after = (value("2026-K1").await, value("2026-K2").await);
    assert_ne!(before.0, after.0, "an open period follows");
    assert_eq!(before.1, after.1, "a closed period does not");
    assert!(after.1.ends_with('%'), "{after:?}");

    let page = member.page("/vergelijken/ziekteverzuim-kwartaal?periode=2026-K2").await;
    assert!(
        page.select("main .note").iter().any(|it| it.contains("afgesloten op 22 november 2026")),
        "{:?}",
        page.select("main .note")
    );
    let page = member.page("/vergelijken/ziekteverzuim-kwartaal?periode=2026-K1").await;
    assert!(!page.select("main .note").iter().any(|it| it.contains("afgesloten op")));
    let page = watcher.page(&format!("/netwerken/{NETWORK}/vergelijken?periode=2026-K2")).await;
    assert!(page.select(".notice").concat().contains("afgesloten op 22 november 2026"));
}

#[tokio::test]
async fn the_policy_needs_two_administrators_and_a_floor() {
    let site = delivery::site().await;
    let administrator = grant(AccountRole::Administrator, Scope::Everywhere);
    let first = site.as_user(std::slice::from_ref(&administrator)).await;
    let second = site.as_user(&[administrator]).await;
    let path = "/beheer/beleid";
    let page = first.page(path).await;
    let names = page.attr("form.form [name]", "name");
    let filled = |changes: &[(&'static str, &'static str)]| {
        let value = |name: &str| page.attr(&format!("form.form input[name=\"{name}\"]"), "value").first().cloned();
        let mut res: Vec<(String, String)> = vec![("actie".into(), "voorstellen".into())];
        for name in names.iter().filter(|it| !["form_token", "actie"].contains(&it.as_str())) {
            let typed = changes.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
            let choice = if name == "eigen_waarde_nodig" { "nee" } else { "" };
            res.push((name.clone(), typed.or_else(|| value(name)).unwrap_or_else(|| choice.into())));
        }
        res
    };
    let send = async |by: &SignedIn<'_>, changes: &[(&'static str, &'static str)]| {
        let fields = filled(changes);
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        Html::read(by.post(path, &fields).await).await
    };
    let wrong = send(&first, &[("minimum_leden", "4"), ("klein_clienten", "veel"), ("reden", "Proef.")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.select(".errors").concat().contains("\"veel\" kan hier niet"), "{:?}", wrong.select(".errors"));
    let wrong = send(&first, &[("minimum_leden", "4"), ("geld_na_maanden", "1")]).await;
    let said = wrong.select(".errors").concat();
    for text in
        ["Kleinste groep: 4 is te laag. 5 tot en met 1000.", "1 is te laag. 3 tot en met 60.", "De reden ontbreekt."]
    {
        assert!(said.contains(text), "{text}: {said}");
    }
    let same = send(&first, &[("reden", "Zomaar.")]).await;
    assert!(same.select(".errors").concat().contains("Dit is wat er al geldt"), "{:?}", same.select(".errors"));

    let change = [("minimum_leden", "8"), ("mediaan_vanaf", "9"), ("reden", "Op verzoek van de leden.")];
    assert_eq!(send(&first, &change).await.status, StatusCode::SEE_OTHER);
    let mine = first.page(path).await;
    assert!(mine.select(".panel").concat().contains("tweede beheerder"));
    assert_eq!(mine.attr(".panel button", "value"), ["intrekken"]);
    let id = mine.attr("input[name=voorstel]", "value").remove(0);
    let agree =
        async |by: &SignedIn<'_>| Html::read(by.post(path, &[("actie", "akkoord"), ("voorstel", &id)]).await).await;
    let own = agree(&first).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.select(".errors").concat().contains("U deed dit voorstel zelf"));
    assert_eq!(leerkring::workflow::policy::rules(site.store()).await.unwrap().minimum_leden, 5);
    assert_eq!(agree(&second).await.status, StatusCode::SEE_OTHER);
    site.settle().await;
    let rules = leerkring::workflow::policy::rules(site.store()).await.unwrap();
    assert_eq!((rules.minimum_leden, rules.mediaan_vanaf), (8, 9));
    assert_eq!(agree(&second).await.status, StatusCode::CONFLICT);
    let page = second.page(path).await;
    let told = page.select(".review").concat();
    assert!(told.contains("Kleinste groep: 5 → 8") && told.contains("Op verzoek van de leden."), "{told}");
    assert_eq!(page.select("tbody tr:first-child td")[0], "8");

    // A proposal can be rejected by another, with a reason, and withdrawn by who made it.
    let propose = async |reason: &'static str| {
        let change = [("minimum_leden", "10"), ("mediaan_vanaf", "10"), ("reden", reason)];
        assert_eq!(send(&first, &change).await.status, StatusCode::SEE_OTHER);
        first.page(path).await.attr("input[name=voorstel]", "value").remove(0)
    };
    let decide = async |by: &SignedIn<'_>, id: &str, action: &str, why: &str| {
        Html::read(by.post(path, &[("actie", action), ("voorstel", id), ("waarom", why)]).await).await
    };
    let id = propose("Nog strenger.").await;
    assert_eq!(decide(&first, &id, "afwijzen", "Toch niet.").await.status, StatusCode::FORBIDDEN);
    let other = decide(&second, &id, "intrekken", "").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.select(".errors").concat().contains("Alleen wie het voorstel deed"));
    let empty = decide(&second, &id, "afwijzen", " ").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert_eq!(empty.attr(".errors a", "href"), [format!("#waarom-{id}")]);
    assert!(empty.select(".panel .error").concat().contains("De reden ontbreekt"));
    let long = "a".repeat(1_001);
    let kept = decide(&second, &id, "afwijzen", &long).await.select(".panel textarea").concat();
    assert_eq!(kept.trim(), long, "what was typed stays");
    let done = decide(&second, &id, "afwijzen", "Dan ziet niemand meer iets.").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let told = first.page(path).await.select("#niet ~ .review").concat();
    for text in ["Afgewezen door Voorbeeld", "Nog strenger.", "Kleinste groep: 8 → 10", "Dan ziet niemand meer iets."]
    {
        assert!(told.contains(text), "{text}: {told}");
    }
    assert!(!first.page(path).await.has(".panel"), "nothing waits any more");
    for (by, action) in [(&second, "akkoord"), (&second, "afwijzen"), (&first, "intrekken")] {
        let late = decide(by, &id, action, "Te laat.").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{action}");
        assert!(late.select(".errors").concat().contains("al afgewezen"), "{:?}", late.select(".errors"));
    }
    let id = propose("Opnieuw.").await;
    assert_eq!(decide(&first, &id, "intrekken", "").await.status, StatusCode::SEE_OTHER);
    assert!(first.page(path).await.select("#niet ~ .review").concat().contains("Ingetrokken door Voorbeeld"));
    let entries = audit::latest(site.store(), None, Some(&format!("beleid:{id}")), 9).await.unwrap();
    let actions: Vec<&str> = entries.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions, ["ingetrokken", "voorgesteld"]);
    assert_eq!(leerkring::workflow::policy::rules(site.store()).await.unwrap().minimum_leden, 8);
    site.settle().await;
}

#[tokio::test]
async fn a_chart_begins_anew_when_two_agree() {
    let site = crate::compare::site().await;
    let author = site.as_user(&[lead("voorbeeldzorg-17")]).await;
    let colleague = site.as_user(&[lead("voorbeeldzorg-17")]).await;
    let watcher = site.as_user(&[coordinator(NETWORK)]).await;
    let stranger = site.as_user(&[lead("voorbeeldzorg-07")]).await;
    let path = "/vergelijken/ziekteverzuim-kwartaal";
    let propose = async |by: &SignedIn<'_>, period: &str, reason: &str| {
        let fields =
            [("actie", "voorstellen"), ("organisatie", "voorbeeldzorg-17"), ("periode", period), ("reden", reason)];
        by.post(path, &fields).await.0.status()
    };
    let splits = async || author.page(path).await.select("td").iter().any(|it| it.contains("nieuwe grenzen"));
    assert_eq!(propose(&author, "2025-K1", " ").await, StatusCode::BAD_REQUEST);
    assert_eq!(propose(&author, "1999-K1", "Teams roosteren zelf.").await, StatusCode::BAD_REQUEST);
    assert_eq!(propose(&author, "2025-01", "Teams roosteren zelf.").await, StatusCode::BAD_REQUEST);
    assert_eq!(propose(&stranger, "2025-K1", "Teams roosteren zelf.").await, StatusCode::NOT_FOUND);
    assert_eq!(propose(&author, "2025-K1", "Teams roosteren zelf.").await, StatusCode::SEE_OTHER);
    assert_eq!(propose(&colleague, "2025-K1", "Nog eens.").await, StatusCode::CONFLICT);

    let page = author.page(path).await;
    let told = page.select("#grenzen ~ form").concat();
    assert!(told.contains("Vanaf 1e kwartaal 2025.") && told.contains("wacht op akkoord"), "{told}");
    assert!(told.contains("Teams roosteren zelf.") && told.contains("U stelde dit zelf voor"), "{told}");
    let id = page.attr("input[name=grenzen]", "value").remove(0);
    let send =
        async |by: &SignedIn<'_>, action: &str| by.post(path, &[("actie", action), ("grenzen", &id)]).await.0.status();
    assert!(!splits().await);
    assert_eq!(send(&author, "akkoord").await, StatusCode::FORBIDDEN);
    assert_eq!(send(&stranger, "akkoord").await, StatusCode::NOT_FOUND);
    assert_eq!(send(&stranger, "intrekken").await, StatusCode::NOT_FOUND);
    let waiting = watcher.page(&format!("/netwerken/{NETWORK}/vergelijken")).await.select("form.panel").concat();
    assert!(waiting.contains("Voorbeeldzorg 17 (fictief)") && waiting.contains("Teams roosteren zelf."), "{waiting}");
    assert_eq!(send(&colleague, "akkoord").await, StatusCode::SEE_OTHER);
    assert!(splits().await, "the chart begins anew");
    assert_eq!(send(&watcher, "akkoord").await, StatusCode::CONFLICT);
    let told = author.page(path).await.select("#grenzen ~ form").concat();
    assert!(told.contains("Vastgesteld op 22 november 2026") && !told.contains("Voorbeeld Persoon"), "{told}");

    assert_eq!(send(&author, "intrekken").await, StatusCode::SEE_OTHER);
    assert!(!splits().await, "the chart is as it was");
    let entries = audit::latest(site.store(), None, Some(&format!("grenzen:{id}")), 9).await.unwrap();
    let actions: Vec<&str> = entries.iter().map(|it| it.action.as_str()).collect();
    assert_eq!(actions, ["nieuwe grenzen ingetrokken", "nieuwe grenzen vastgesteld", "nieuwe grenzen voorgesteld"]);

    // What was withdrawn stays to be seen, by whom in the store; the same period can be proposed again.
    assert!(author.page(path).await.select("#grenzen ~ details").concat().contains("Ingetrokken op 22 november 2026"));
    let kept = store::baseline::of(site.store(), "voorbeeldzorg-17", "ziekteverzuim-kwartaal").await.unwrap();
    let [it] = kept.as_slice() else { panic!("{kept:?}") };
    let ended = it.proposal.ended.as_ref().unwrap();
    assert_eq!((ended.how, ended.at), (Ending::Withdrawn, now()));
    assert_eq!(Some(ended.by.as_str()), entries.first().map(|it| it.actor.as_str()));
    assert!(it.proposal.approved_at.is_some(), "that it held once stays known too");
    assert_eq!(send(&author, "intrekken").await, StatusCode::CONFLICT);
    assert_eq!(propose(&author, "2025-K1", "Toch nog eens.").await, StatusCode::SEE_OTHER);
    site.settle().await;
}

#[tokio::test]
async fn a_new_start_can_be_rejected_and_faults_come_back_on_the_page() {
    let site = crate::compare::site().await;
    let author = site.as_user(&[lead("voorbeeldzorg-17")]).await;
    let watcher = site.as_user(&[coordinator(NETWORK)]).await;
    let path = "/vergelijken/ziekteverzuim-kwartaal";
    let post = async |by: &SignedIn<'_>, fields: &[(&str, &str)]| Html::read(by.post(path, fields).await).await;
    let propose = async |period: &str, reason: &str| {
        let fields =
            [("actie", "voorstellen"), ("organisatie", "voorbeeldzorg-17"), ("periode", period), ("reden", reason)];
        post(&author, &fields).await
    };
    let page = propose("2025-K1", " ").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(page.select("h1"), ["Ziekteverzuim per kwartaal"], "on the page itself");
    assert_eq!(page.attr(".errors a", "href"), ["#reden"]);
    assert!(page.select(".field.wrong .error").concat().contains("De reden ontbreekt. Schrijf wat er veranderde"));
    assert_eq!(page.attr("#grenzen ~ form input[name=periode]", "value"), ["2025-K1"]);
    let long = "Teams roosteren zelf. ".repeat(60);
    let page = propose("2025-K1", &long).await;
    assert_eq!(page.select("textarea#reden").concat().trim(), long.trim(), "what was typed stays");
    let page = propose("1999-K1", "Teams roosteren zelf.").await;
    assert_eq!((page.status, page.attr(".errors a", "href")), (StatusCode::BAD_REQUEST, vec!["#periode-nieuw".into()]));
    assert!(page.select("#periode-nieuw .error").concat().contains("Hier kunnen geen nieuwe grenzen beginnen"));
    assert_eq!(page.select("textarea#reden").concat().trim(), "Teams roosteren zelf.");

    assert_eq!(propose("2025-K1", "Teams roosteren zelf.").await.status, StatusCode::SEE_OTHER);
    let again = propose("2025-K1", "Nog eens.").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.select(".errors").concat().contains("al voorgesteld"), "{:?}", again.select(".errors"));
    let id = again.attr("input[name=grenzen]", "value").remove(0);
    let reject = async |by: &SignedIn<'_>, why: &str| {
        let fields = [("actie", "afwijzen"), ("grenzen", &*id), ("waarom", why), ("terug", NETWORK)];
        post(by, &fields).await
    };
    assert_eq!(reject(&watcher, "").await.status, StatusCode::BAD_REQUEST);
    let page = reject(&watcher, " ").await;
    assert!(page.select("h1").concat().contains("Wie leverde aan"), "where the form stood");
    assert_eq!(page.attr(".errors a", "href"), [format!("#waarom-{id}")]);
    assert!(page.select(".panel .error").concat().contains("De reden ontbreekt"));
    let withdraws = post(&watcher, &[("actie", "intrekken"), ("grenzen", &id)]).await;
    assert_eq!(withdraws.status, StatusCode::FORBIDDEN, "that is for the member");
    assert_eq!(reject(&watcher, "Eén kwartaal is te kort.").await.status, StatusCode::SEE_OTHER);
    assert_eq!(reject(&watcher, "Nog eens.").await.status, StatusCode::CONFLICT);
    let told = author.page(path).await.select("#grenzen ~ details").concat();
    assert!(told.contains("Afgewezen op 22 november 2026") && told.contains("Eén kwartaal is te kort."), "{told}");
    assert!(!watcher.page(&format!("/netwerken/{NETWORK}/vergelijken")).await.has("form.panel"));
    let entries = audit::latest(site.store(), None, Some(&format!("grenzen:{id}")), 9).await.unwrap();
    assert_eq!(entries[0].action, "nieuwe grenzen afgewezen");
    site.settle().await;
}
