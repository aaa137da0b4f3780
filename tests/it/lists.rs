//! The lists as an administrator keeps them. All organisations and people are fictitious.

use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::domain::asked::Asked;
use leerkring::domain::catalogue::ItemKind;
use leerkring::store;
use leerkring::workflow::search_log::Face;
use poem::http::StatusCode;

use crate::harness::{Html, SignedIn, TestApp, grant, now};
use crate::writing::{self, author, decide, editor, location, submitted};

async fn administrator(site: &TestApp) -> SignedIn<'_> {
    site.as_user(&[grant(AccountRole::Administrator, Scope::Everywhere)]).await
}

#[tokio::test]
async fn items_are_made_and_changed() {
    let site = writing::site().await;
    let admin = administrator(&site).await;
    let list = "/beheer/lijsten/organisaties";
    for path in
        ["/beheer/lijsten", list, "/beheer/lijsten/organisaties/eigen", "/beheer/zoekvragen", "/beheer/beoordelaars"]
    {
        assert_eq!(admin.get(path).await.0.status(), StatusCode::OK, "{path}");
        assert_eq!(editor(&site).await.get(path).await.0.status(), StatusCode::FORBIDDEN, "{path}");
        assert_ne!(site.get(path).await.0.status(), StatusCode::OK, "{path}");
    }
    assert_eq!(admin.get("/beheer/lijsten/fouten").await.0.status(), StatusCode::NOT_FOUND);
    assert_eq!(admin.get(&format!("{list}/weg")).await.0.status(), StatusCode::NOT_FOUND);

    let page = Html::read(admin.post(&format!("{list}/nieuw"), &[("naam", "Nieuwzorg")]).await).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attr("#veld-naam", "value"), ["Nieuwzorg"]);
    assert!(page.has("#veld-soort[aria-invalid=true]"));
    let made = [("naam", "Nieuwzorg"), ("soort", "zorgaanbieder"), ("aliassen.0.naam", "NZ")];
    let to = location(&admin.post(&format!("{list}/nieuw"), &made).await);
    assert!(to.starts_with(&format!("{list}/nieuwzorg")), "{to}");
    site.settle().await;
    assert_eq!(site.page("/organisaties/nieuwzorg").await.select("h1"), ["Nieuwzorg"]);

    // Its slug stays, its place in the list too; a name has one owner.
    let changed = [("naam", "Nieuwe zorg"), ("soort", "zorgaanbieder"), ("slug", "anders")];
    location(&admin.post(&format!("{list}/nieuwzorg"), &changed).await);
    let taken = [("naam", "Voorbeeldzorg ander"), ("soort", "zorgaanbieder")];
    assert_eq!(admin.post(&format!("{list}/nieuwzorg"), &taken).await.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    site.settle().await;
    assert_eq!(site.page("/organisaties/nieuwzorg").await.select("h1"), ["Nieuwe zorg"]);
    assert_eq!(site.store().catalogue().await.unwrap().organisations.len(), 3);
}

/// Two organisations that are one: documents, roles, names and addresses go along.
#[tokio::test]
async fn organisations_are_joined() {
    let site = writing::site().await;
    let admin = administrator(&site).await;
    let (author, editor) = (author(&site).await, editor(&site).await);
    let path = submitted(&author, "Samen verder").await;
    location(&decide(&editor, &path, &[("actie", "publiceren")]).await);
    let open = location(&author.post("/schrijven", &[("document", "samen-verder"), ("wat", "versie")]).await);
    let merge = "/beheer/lijsten/organisaties/eigen/samenvoegen";
    let same = admin.post(merge, &[("in", "eigen")]).await;
    assert_eq!(same.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = admin.post(merge, &[("in", "onbekend")]).await;
    assert_eq!(unknown.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(editor.post(merge, &[("in", "ander")]).await.0.status(), StatusCode::FORBIDDEN);
    location(&admin.post(merge, &[("in", "Voorbeeldzorg ander")]).await);
    site.settle().await;

    let catalogue = site.store().catalogue().await.unwrap();
    assert!(catalogue.organisation("eigen").is_none());
    assert_eq!(catalogue.organisation("ander").unwrap().aliases[0].name, "Voorbeeldzorg eigen");
    let answer = site.get("/organisaties/eigen").await.0;
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::PERMANENT_REDIRECT, &"/organisaties/ander".parse().unwrap())
    );
    let record = store::record::any(site.store(), "samen-verder").await.unwrap().unwrap().record;
    assert_eq!(record.leads().collect::<Vec<_>>(), ["ander"]);
    assert!(site.page("/zoeken?organisatie=ander").await.select(".hits h2").contains(&"Samen verder".to_owned()));
    // The author leads the joined one, goes on writing, and an old version comes back with the new name.
    let account = store::account::get(site.store(), &author.account).await.unwrap().unwrap().account;
    assert_eq!(account.grants, [Grant { role: AccountRole::ProjectLead, scope: Scope::Organisation("ander".into()) }]);
    let page = author.page(&open).await;
    assert_eq!(page.attr("input[name='organisaties.0.organisatie']", "value"), ["Voorbeeldzorg ander"]);
    location(&editor.post("/kennisbank/samen-verder/herstellen", &[("versie", "1")]).await);
    site.settle().await;
    assert_eq!(site.store().check().await.unwrap(), [] as [String; 0]);
}

/// From a question without results to a synonym: choose the question, choose the concept.
#[tokio::test]
async fn a_synonym_in_two_clicks() {
    let site = writing::site().await;
    let admin = administrator(&site).await;
    let made = [("naam", "Ziekteverzuim"), ("synoniemen", "verzuim")];
    location(&admin.post("/beheer/lijsten/begrippen/nieuw", &made).await);
    let asked = Asked::new("ziekteverzuimm", []).unwrap();
    site.app.search_log.searched(now(), Face::Page, asked, 0);
    site.app.search_log.flush(site.store(), now()).await.unwrap();
    let page = admin.page("/beheer/zoekvragen").await;
    let choose = page.attr("tbody td a", "href").concat();
    let page = admin.page(&choose).await;
    assert_eq!(page.attr(".choices button", "value"), ["ziekteverzuim"]);
    let chosen = [("vraag", "ziekteverzuimm"), ("begrip", "ziekteverzuim")];
    location(&admin.post("/beheer/zoekvragen", &chosen).await);
    site.settle().await;
    let catalogue = site.store().catalogue().await.unwrap();
    assert_eq!(catalogue.concepts.by_slug("ziekteverzuim").unwrap().synonyms, ["verzuim", "ziekteverzuimm"]);
    let again = admin.post("/beheer/zoekvragen", &chosen).await;
    assert_eq!(again.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    location(&admin.post("/beheer/zoekvragen", &[("vraag", "valmat"), ("begrip", "")]).await);
    site.settle().await;
    assert!(site.store().catalogue().await.unwrap().concepts.by_slug("valmat").is_some());
    let log = store::audit::latest(site.store(), None, None, 1).await.unwrap();
    assert_eq!((log[0].subject.as_str(), log[0].action.as_str()), ("begrip:valmat", "toegevoegd"));
    assert_eq!(ItemKind::Concept.plural(), "begrippen");
}

/// Who is named for a theme gets its mail; others who may review do not.
#[tokio::test]
async fn a_reviewer_per_theme() {
    let site = writing::site().await;
    let admin = administrator(&site).await;
    let (first, other) = (editor(&site).await, editor(&site).await);
    let named = [("thema", "thema"), ("beoordelaar", first.account.as_str()), ("dagen", "3"), ("actie", "bewaren")];
    location(&admin.post("/beheer/beoordelaars", &named).await);
    let bad = [("thema", "thema"), ("beoordelaar", first.account.as_str()), ("dagen", "0"), ("actie", "bewaren")];
    assert_eq!(admin.post("/beheer/beoordelaars", &bad).await.0.status(), StatusCode::UNPROCESSABLE_ENTITY);
    submitted(&author(&site).await, "Wie kijkt").await;
    let mails = store::mail::latest(site.store(), 10).await.unwrap();
    let to: Vec<&str> = mails.iter().map(|it| it.account.as_ref().unwrap().as_str()).collect();
    assert_eq!(to, [first.account.as_str()]);
    assert!(mails[0].body.contains("binnen 3 dagen"));
    assert_eq!(other.page("/beoordelen").await.select("main li").len(), 1);
    location(&admin.post("/beheer/beoordelaars", &[("thema", "thema"), ("actie", "weg")]).await);
}
