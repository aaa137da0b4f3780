//! Counting what is searched for: often enough to learn from, never enough to know a person.

use chrono::{Days, NaiveDate};
use leerkring::domain::asked::Asked;
use leerkring::domain::search_report::SearchReport;
use leerkring::store::{Address, Store, search_log};
use leerkring::web;
use leerkring::workflow::search_log::{BUFFER_MAX, Face, KEPT_DAYS, SearchLog};
use poem::http::StatusCode;
use poem::test::TestClient;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use crate::harness::{TestApp, now};
use crate::program::Program;

/// What is stored of all days.
async fn all(site: &TestApp) -> SearchReport {
    let [first, last] = ["2000-01-01", "2999-12-31"].map(|it| it.parse().unwrap());
    search_log::report(site.store(), first, last).await.unwrap()
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// Everything that is stored, after storing what was counted.
async fn stored(site: &TestApp) -> SearchReport {
    site.app.search_log.flush(site.store(), now()).await.unwrap();
    site.settle().await;
    all(site).await
}

/// The lines of a report as: question, filters, searches, searches through the API, hits found or not.
fn lines(report: &SearchReport) -> Vec<(&str, &str, u32, u32, bool)> {
    let mut res: Vec<_> = report
        .lines
        .iter()
        .map(|it| {
            let counts = &it.counts;
            let is_found = counts.hits.is_some_and(|it| 0 < it);
            (it.asked.question(), it.asked.filters(), counts.searches, counts.api_searches, is_found)
        })
        .collect();
    res.sort();
    res
}

async fn status(site: &TestApp, path: &str, headers: &[(&'static str, &str)]) -> StatusCode {
    let request = site.client.post(path);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.0.status()
}

#[tokio::test]
async fn a_question_is_one_row_a_day() {
    let site = TestApp::library().await;
    for path in [
        "/zoeken?q=verzuim",
        "/zoeken?q=+VERZUIM++",
        "/zoeken?q=verzuim&onzin=1",
        "/api/v1/documenten?q=verzuim",
        "/zoeken?q=verzuim&soort=verbeterplan",
        "/zoeken?q=verzuim&sorteer=nieuwste",
        "/zoeken?q=xyzzyx",
        // Not asking: leafing on, and looking around without words.
        "/zoeken?q=verzuim&pagina=2",
        "/api/v1/documenten?q=verzuim&pagina=2",
        "/zoeken",
        "/zoeken?soort=factsheet",
        "/",
    ] {
        assert_eq!(site.get(path).await.0.status(), StatusCode::OK, "{path}");
    }
    let expected = [
        ("verzuim", "", 3, 1, true),
        ("verzuim", "soort=verbeterplan", 1, 0, true),
        ("verzuim", "sorteer=nieuwste", 1, 0, true),
        ("xyzzyx", "", 1, 0, false),
    ];
    let first = stored(&site).await;
    assert_eq!(lines(&first), expected);
    assert!(first.lines.iter().all(|it| (it.first, it.last) == (today(), today())));
    assert_eq!(lines(&stored(&site).await), expected, "storing again counts again");

    // Later that day it is the same row; the next day another.
    site.get("/zoeken?q=xyzzyx").await;
    let later = now() + Days::new(1);
    let asked = || Asked::new("xyzzyx", []).unwrap();
    site.app.search_log.searched(later, Face::Page, asked(), 7);
    let report = stored(&site).await;
    let line = report.lines.iter().find(|it| it.asked == asked()).unwrap();
    assert_eq!((line.counts.searches, line.counts.hits), (3, Some(7)));
    assert_eq!((line.first, line.last), (today(), later.date_naive()));
    let only_today = search_log::report(site.store(), today(), today()).await.unwrap();
    assert!(lines(&only_today).contains(&("xyzzyx", "", 2, 0, false)), "{only_today:?}");
}

#[tokio::test]
async fn bots_are_not_counted() {
    let site = TestApp::library().await;
    for agent in ["Mozilla/5.0 (compatible; Somebot/2.1)", "BigCrawler", "a-spider/1"] {
        for path in ["/zoeken?q=verzuim", "/api/v1/documenten?q=verzuim"] {
            site.client.get(path).header("user-agent", agent).send().await.assert_status_is_ok();
        }
    }
    assert_eq!(lines(&stored(&site).await), []);
}

/// All bytes of the database, the part that is still in its journal too.
fn bytes(site: &TestApp) -> String {
    let Address::Sqlite(path) = site.app.config.database.parse().unwrap() else { panic!("not a file") };
    let journal = path.with_extension("db-wal");
    let read = |path| std::fs::read(path).map(|it| String::from_utf8_lossy(&it).into_owned()).unwrap_or_default();
    read(path) + &read(journal)
}

#[tokio::test]
async fn nothing_of_a_person_is_stored() {
    let site = TestApp::library().await;
    for q in ["111222333", "mevrouw+zonderling+1112.22.333", "zonderling%40voorbeeld.nl", "zonderling+06-12345678"] {
        site.get(&format!("/zoeken?q={q}")).await.assert_status_is_ok();
        site.get(&format!("/api/v1/documenten?q={q}")).await.assert_status_is_ok();
        assert!(site.page(&format!("/zoeken?q={q}")).await.attr("a[ping]", "ping").is_empty(), "{q}");
    }
    let request = site.client.get("/zoeken?q=kersenpit&thema=bestaatniet-zonderling&onzin=zonderling");
    let request = request.header("user-agent", "Zonderling/1.0").header("x-forwarded-for", "203.0.113.77");
    let request = request.header("cookie", "zonderling=1").header("referer", "https://zonderling.example/");
    request.send().await.assert_status_is_ok();
    let report = stored(&site).await;
    assert_eq!(lines(&report), [("kersenpit", "", 1, 0, false)]);
    let bytes = bytes(&site).to_lowercase();
    assert!(bytes.contains("kersenpit"), "the wrong file was read");
    for trace in ["zonderling", "203.0.113.77", "111222333", "12345678"] {
        assert!(!bytes.contains(trace), "{trace} is in the database");
    }
}

/// The rows have no number of their own and no time, so nothing tells which came first.
#[tokio::test]
async fn rows_do_not_tell_their_order() {
    let site = TestApp::library().await;
    for q in ["zwemmen", "aap", "muziek"] {
        site.get(&format!("/zoeken?q={q}")).await;
        stored(&site).await;
    }
    let Address::Sqlite(path) = site.app.config.database.parse().unwrap() else { panic!("not a file") };
    let database = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    let texts = async |sql: &str| -> Vec<String> {
        let rows = database.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    };
    let columns = texts("SELECT name FROM pragma_table_info('search_log')").await;
    assert_eq!(columns, ["day", "question", "filters", "searches", "api_searches", "hits", "clicks"]);
    assert_eq!(texts("SELECT question FROM search_log").await, ["aap", "muziek", "zwemmen"]);
    assert_eq!(texts("SELECT DISTINCT CAST(day AS TEXT) FROM search_log").await, [today().to_string()]);
    let numbers = database.query_all_raw(Statement::from_string(DbBackend::Sqlite, "SELECT rowid FROM search_log"));
    assert!(numbers.await.is_err(), "rows are numbered as they came");
    database.close().await.unwrap();
}

#[tokio::test]
async fn after_ninety_days_it_is_gone() {
    let site = TestApp::library().await;
    site.get("/zoeken?q=verzuim").await;
    stored(&site).await;
    // Also when nothing is counted any more.
    let off = SearchLog::new(false);
    for (days, kept) in [(0, 1), (KEPT_DAYS, 1), (KEPT_DAYS + 1, 0)] {
        off.flush(site.store(), now() + Days::new(days)).await.unwrap();
        site.settle().await;
        assert_eq!(all(&site).await.lines.len(), kept, "after {days} days");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_dropped_and_what_fails_is_kept() {
    let site = TestApp::empty().await;
    let log = &site.app.search_log;
    for n in 0..BUFFER_MAX + 50 {
        // Letters, because long numbers are no questions.
        let word: String = n.to_string().chars().map(|c| char::from(c as u8 - b'0' + b'a')).collect();
        log.searched(now(), Face::Page, Asked::new(&word, []).unwrap(), 1);
    }
    // What is in it goes on being counted.
    log.searched(now(), Face::Page, Asked::new("a", []).unwrap(), 1);
    let closed = Store::open(&site.app.config.database.parse().unwrap()).await.unwrap();
    closed.close().await.unwrap();
    assert!(log.flush(&closed, now()).await.is_err());
    log.searched(now(), Face::Page, Asked::new("a", []).unwrap(), 1);
    let report = stored(&site).await;
    assert_eq!(report.lines.len(), BUFFER_MAX);
    assert_eq!((report.lines[0].asked.question(), report.lines[0].counts.searches), ("a", 3));
    // There is room again.
    log.searched(now(), Face::Page, Asked::new("nog een", []).unwrap(), 1);
    assert_eq!(stored(&site).await.lines.len(), BUFFER_MAX + 1);
}

#[tokio::test]
async fn following_a_result_is_counted_by_its_place() {
    let site = TestApp::library().await;
    let page = site.page("/zoeken?q=Medewerkers&soort=verbeterplan").await;
    let links = page.attr(".hits h2 a", "href");
    let pings = page.attr(".hits h2 a[ping]", "ping");
    assert_eq!((links.len(), pings.len()), (10, 10), "every result tells, and its address is the plain one");
    assert!(links.iter().all(|it| it.starts_with("/kennisbank/") && !it.contains('?')), "{links:?}");
    let slug = links[2].rsplit('/').next().unwrap();
    assert_eq!(pings[2], format!("/zoeken/gevolgd?q=medewerkers&soort=verbeterplan&document={slug}&plaats=3"));
    let second = site.page("/zoeken?q=medewerkers&soort=verbeterplan&pagina=2").await;
    let eleventh = second.attr(".hits h2 a[ping]", "ping").remove(0);
    assert!(eleventh.ends_with("&plaats=11"), "{eleventh}");

    for path in [&pings[2], &pings[2], &eleventh] {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "text/ping")];
        assert_eq!(status(&site, path, &headers).await, StatusCode::NO_CONTENT);
    }
    // None of these counts, and nobody learns why.
    for (path, headers) in [
        (pings[2].replace(slug, "bestaat-niet"), &[][..]),
        (pings[2].replace("plaats=3", "plaats=0"), &[]),
        (pings[2].replace("plaats=3", "plaats=101"), &[]),
        (pings[2].replace("plaats=3", "plaats=drie"), &[]),
        (pings[2].replace("soort=verbeterplan", "soort=onzin"), &[]),
        (pings[2].replace("medewerkers", "nooit+gevraagd"), &[]),
        (pings[2].replace("medewerkers", "jan%40voorbeeld.nl"), &[]),
        ("/zoeken/gevolgd".to_owned(), &[]),
        (pings[2].clone(), &[("sec-fetch-site", "cross-site")]),
        (pings[2].clone(), &[("user-agent", "Somebot")]),
    ] {
        assert_eq!(status(&site, &path, headers).await, StatusCode::NO_CONTENT, "{path}");
    }
    let report = stored(&site).await;
    assert_eq!(lines(&report), [("medewerkers", "soort=verbeterplan", 1, 0, true)]);
    let clicks: Vec<(u32, u32)> = report.lines[0].counts.clicks.clone().into_iter().collect();
    assert_eq!(clicks, [(3, 2), (11, 1)]);

    // The browser may send it, and only to us; a person who comes here is told what to do.
    let answer = site.get("/zoeken/gevolgd").await.0;
    assert_eq!(
        (answer.status(), &answer.headers()["allow"]),
        (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
    );
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("connect-src 'self'") && !policy.contains("unsafe-inline"), "{policy}");
    // Other lists of documents do not tell.
    assert!(!site.page("/themas/voedselveiligheid-haccp").await.has("[ping]"));
}

#[tokio::test]
async fn the_privacy_page_says_what_is_true() {
    let site = TestApp::empty().await;
    let text = site.page("/privacy").await.select("main").concat();
    for part in ["geen IP-adres", "geen tijdstip", "ouder dan 90 dagen worden verwijderd", "meldt uw browser zelf"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut app = site.app.clone();
    app.search_log = SearchLog::new(false);
    let answer = TestClient::new(web::build(app)).get("/privacy").send().await.0;
    let text = answer.into_body().into_string().await.unwrap();
    assert!(text.contains("Deze site telt niet wat er gezocht wordt."), "{text}");
    assert!(!text.contains("Per dag tellen wij"), "{text}");
}

#[test]
fn the_report_shows_what_to_mend() {
    let program = Program::with_content();
    let empty = program.run(&["zoekrapport"]);
    assert_eq!(empty.code, Some(2), "a mistyped folder is no empty log: {empty:?}");
    let site = program.serve(&[]);
    for q in ["xyzzyx", "xyzzyx", "xyzzyx+qwortz"] {
        assert_eq!(site.get(&format!("/zoeken?q={q}&soort=factsheet")).status, 200);
    }
    for _ in 0..6 {
        assert_eq!(site.get("/zoeken?q=dementie").status, 200);
        assert_eq!(site.get("/zoeken?q=verzuim").status, 200);
    }
    let followed = "/zoeken/gevolgd?q=verzuim&document=innovatieve-aanpak-verzuim&plaats=";
    for rank in [4, 2] {
        assert_eq!(site.post(&format!("{followed}{rank}")).status, 204);
    }
    // The site may be running; what it counted is stored when it stops.
    let during = program.run(&["zoekrapport"]);
    assert_eq!(during.code, Some(0), "{during:?}");
    assert_eq!(site.stop().0, Some(0));

    let ended = program.run(&["zoekrapport", "--dagen", "7"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lists: Vec<&str> = ended.out.split("\n\n").collect();
    assert_eq!(lists.len(), 4, "{}", ended.out);
    assert!(lists[0].starts_with("Zoekrapport van "), "{}", lists[0]);
    assert!(
        lists[0].contains("15 keer gezocht, 4 verschillende zoekvragen; de eerste telling is van "),
        "{}",
        lists[0]
    );
    let columns = |list: &str| -> Vec<String> {
        // Without the day, which is another one tomorrow.
        let row = |it: &str| {
            let cells: Vec<&str> = it.split_whitespace().collect();
            [&cells[..4], &cells[5..]].concat().join(" ")
        };
        list.lines().skip(2).map(row).collect()
    };
    assert!(lists[1].starts_with("Zonder resultaat, toen het laatst gezocht werd (2)\n"), "{}", lists[1]);
    assert_eq!(columns(lists[1]), ["2 0 0 – xyzzyx [soort=factsheet]", "1 0 0 – xyzzyx qwortz [soort=factsheet]"]);
    assert!(lists[2].starts_with("Weinig gevolgd: minstens 5 keer gezocht"), "{}", lists[2]);
    assert!(columns(lists[2]).len() == 1 && columns(lists[2])[0].ends_with(" 0 – dementie"), "{}", lists[2]);
    assert!(lists[3].starts_with("Meest gezocht (4)\n"), "{}", lists[3]);
    assert!(columns(lists[3])[1].ends_with(" 2 2 verzuim"), "{}", lists[3]);
    // Under one another.
    let heads: Vec<usize> =
        lists[3].lines().skip(1).map(|it| it.chars().count() - it.trim_start().chars().count()).collect();
    assert!(heads[1..].iter().all(|it| heads[0] < *it), "{}", lists[3]);

    let short = program.run(&["zoekrapport", "--aantal", "1"]);
    assert!(short.out.contains("Meest gezocht (1 van 4)"), "{short:?}");
    assert_eq!(program.run(&["zoekrapport", "--dagen", "0"]).code, Some(2));
    assert_eq!(program.run(&["zoekrapport", "--dagen", "91"]).code, Some(2));
}

#[test]
fn counting_can_be_switched_off() {
    let mut program = Program::with_content();
    program.variables = vec![("LEERKRING_QUERY_LOG", "off")];
    let site = program.serve(&[]);
    let page = site.get("/zoeken?q=dementie");
    assert!(page.status == 200 && !page.body.contains("ping="), "a result tells that it was followed");
    let document = page.body.split("href=\"/kennisbank/").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(site.post(&format!("/zoeken/gevolgd?q=dementie&plaats=1&document={document}")).status, 204);
    assert_eq!(site.stop().0, Some(0));
    let report = program.run(&["zoekrapport"]);
    assert!(report.out.contains("De instelling query_log staat uit"), "{report:?}");
    assert!(report.out.contains("Van deze dagen is niets geteld."), "{report:?}");
    let wrong = program.run(&["check", "--query-log", "soms"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("kies on of off"), "{wrong:?}");
}
