//! What the coordinator of a network sees, what members decide, and what a closed period keeps. All organisations,
//! people and figures are fictitious.

use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::exchange::demo::NETWORK;
use poem::http::StatusCode;

use crate::delivery::{self, GOOD, act, lead, upload};
use crate::harness::{Html, grant};

fn coordinator(network: &str) -> Grant {
    grant(AccountRole::NetworkCoordinator, Scope::Network(network.into()))
}

/// The cells of a row of a table, by the text of its heading.
fn row(page: &Html, table: &str, name: &str) -> Vec<String> {
    let names = page.select(&format!("{table} tbody th"));
    let at = names.iter().position(|it| it == name).unwrap_or_else(|| panic!("{name}: {names:?}"));
    page.select(&format!("{table} tbody tr:nth-child({}) td", at + 1))
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
    assert!(lead_line.contains("Van 2 leden zijn er cijfers van 1.") && lead_line.contains("29 november 2026"));
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
