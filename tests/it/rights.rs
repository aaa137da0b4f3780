//! Every route for every role: one table. A route without a row is a failure here. All people are fictitious.

use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::web::PATHS;
use poem::http::StatusCode;

use crate::harness::{SignedIn, TestApp, form, grant};
use crate::visibility;

/// In the order of the letters of a row. The first organisation is the one that leads every document here; the other is
/// in no network with it.
fn roles() -> Vec<(&'static str, Option<Grant>)> {
    let at = |slug: &str| Scope::Organisation(slug.into());
    vec![
        ("nobody", None),
        ("a reader", Some(grant(AccountRole::Reader, at("voorbeeldhuis")))),
        ("a reader elsewhere", Some(grant(AccountRole::Reader, at("verhuis")))),
        ("a project lead", Some(grant(AccountRole::ProjectLead, at("voorbeeldhuis")))),
        ("a project lead elsewhere", Some(grant(AccountRole::ProjectLead, at("verhuis")))),
        ("an editor", Some(grant(AccountRole::Editor, Scope::Everywhere))),
        ("a network coordinator", Some(grant(AccountRole::NetworkCoordinator, Scope::Network("kring".into())))),
        ("an administrator", Some(grant(AccountRole::Administrator, Scope::Everywhere))),
    ]
}

/// Route, address, form (`None`: it is looked at), and a letter per role: y it is there or was done, s sign in first,
/// n no right, m not there. `{reader}`, `{administrator}` are accounts.
const ROWS: &[(&str, &str, Option<&str>, &str)] = &[
    ("/", "/", None, "yyyyyyyy"),
    ("/zoeken", "/zoeken?q=plan", None, "yyyyyyyy"),
    ("/zoeken/gevolgd", "/zoeken/gevolgd", Some(""), "yyyyyyyy"),
    ("/kennisbank", "/kennisbank", None, "yyyyyyyy"),
    ("/kennisbank/{slug}", "/kennisbank/open-plan", None, "yyyyyyyy"),
    ("/kennisbank/{slug}", "/kennisbank/netwerk-plan", None, "mymymmyy"),
    ("/kennisbank/{slug}", "/kennisbank/eigen-plan", None, "mymymmmy"),
    ("/kennisbank/{slug}/versies", "/kennisbank/open-plan/versies", None, "yyyyyyyy"),
    ("/kennisbank/{slug}/versies", "/kennisbank/netwerk-plan/versies", None, "mymymmyy"),
    ("/kennisbank/{slug}/versies", "/kennisbank/eigen-plan/versies", None, "mymymmmy"),
    ("/kennisbank/{slug}/versies/{versie}", "/kennisbank/open-plan/versies/1", None, "yyyyyyyy"),
    ("/kennisbank/{slug}/versies/{versie}", "/kennisbank/eigen-plan/versies/1", None, "mymymmmy"),
    ("/kennisbank/{slug}/herstellen", "/kennisbank/open-plan/herstellen", Some("versie=1"), "snnynyny"),
    ("/kennisbank/{slug}/bevestigen", "/kennisbank/open-plan/bevestigen", Some("versie=1"), "snnynyny"),
    ("/kennisbank/{slug}/bevestigen", "/kennisbank/eigen-plan/bevestigen", Some("versie=1"), "snmymmmy"),
    ("/kennisbank/{slug}/intrekken", "/kennisbank/open-plan/intrekken", None, "snnynyny"),
    ("/kennisbank/{slug}/intrekken", "/kennisbank/eigen-plan/intrekken", None, "snmymmmy"),
    ("/kennisbank/{slug}/bijlagen/{naam}", "/kennisbank/open-plan/bijlagen/geen.pdf", None, "mmmmmmmm"),
    ("/bevestigen/{token}", "/bevestigen/onzin", None, "mmmmmmmm"),
    ("/voorbeeld/{token}", "/voorbeeld/onzin", None, "mmmmmmmm"),
    ("/mijn", "/mijn", None, "syyyyyyy"),
    ("/schrijven", "/schrijven", None, "syyyyyyy"),
    ("/schrijven/{concept}", "/schrijven/geen", None, "smmmmmmm"),
    ("/schrijven/{concept}/bewaren", "/schrijven/geen/bewaren", Some("versie=1"), "smmmmmmm"),
    ("/schrijven/{concept}/bijlagen", "/schrijven/geen/bijlagen", Some("versie=1"), "smmmmmmm"),
    ("/schrijven/{concept}/voorbeeld", "/schrijven/geen/voorbeeld", None, "smmmmmmm"),
    ("/schrijven/{concept}/indienen", "/schrijven/geen/indienen", None, "smmmmmmm"),
    ("/schrijven/{concept}/terug", "/schrijven/geen/terug", Some("versie=1"), "smmmmmmm"),
    ("/schrijven/{concept}/verder", "/schrijven/geen/verder", Some("versie=1"), "smmmmmmm"),
    ("/schrijven/{concept}/delen", "/schrijven/geen/delen", Some("versie=1"), "smmmmmmm"),
    ("/schrijven/{concept}/weg", "/schrijven/geen/weg", None, "smmmmmmm"),
    ("/beoordelen", "/beoordelen", None, "snnnnyny"),
    ("/beoordelen/{concept}", "/beoordelen/geen", None, "smmmmmmm"),
    ("/aanleveren", "/aanleveren", None, "snnyynyy"),
    ("/aanleveren/sjabloon", "/aanleveren/sjabloon?organisatie=voorbeeldhuis&periode=2024", None, "snnymnmy"),
    ("/aanleveren/{aanlevering}", "/aanleveren/geen", None, "smmmmmmm"),
    ("/aanleveren/{aanlevering}", "/aanleveren/geen", Some("actie=akkoord"), "smmmmmmm"),
    ("/beheer/lijsten", "/beheer/lijsten", None, "snnnnnny"),
    ("/beheer/lijsten/{lijst}", "/beheer/lijsten/themas", None, "snnnnnny"),
    ("/beheer/lijsten/{lijst}/{slug}", "/beheer/lijsten/themas/open-thema", None, "snnnnnny"),
    (
        "/beheer/lijsten/organisaties/{slug}/samenvoegen",
        "/beheer/lijsten/organisaties/geen/samenvoegen",
        Some("met=voorbeeldhuis"),
        "snnnnnnm",
    ),
    ("/beheer/zoekvragen", "/beheer/zoekvragen", None, "snnnnnny"),
    ("/beheer/beoordelaars", "/beheer/beoordelaars", None, "snnnnnny"),
    ("/beheer/beleid", "/beheer/beleid", None, "snnnnnny"),
    ("/beheer/beleid", "/beheer/beleid", Some("actie=akkoord&voorstel=geen"), "snnnnnnm"),
    ("/themas", "/themas", None, "yyyyyyyy"),
    ("/themas/{slug}", "/themas/open-thema", None, "yyyyyyyy"),
    ("/programmas", "/programmas", None, "yyyyyyyy"),
    ("/programmas/{slug}", "/programmas/geen", None, "mmmmmmmm"),
    ("/organisaties", "/organisaties", None, "yyyyyyyy"),
    ("/organisaties/{slug}", "/organisaties/voorbeeldhuis", None, "yyyyyyyy"),
    ("/netwerken", "/netwerken", None, "yyyyyyyy"),
    ("/netwerken/{slug}", "/netwerken/kring", None, "yyyyyyyy"),
    ("/netwerken/{slug}/vergelijken", "/netwerken/kring/vergelijken", None, "mmmmmmyy"),
    ("/netwerken/{slug}/vergelijken", "/netwerken/geen/vergelijken", None, "mmmmmmmm"),
    (
        "/netwerken/{slug}/vergelijken/volledigheid.csv",
        "/netwerken/kring/vergelijken/volledigheid.csv",
        None,
        "mmmmmmyy",
    ),
    ("/netwerken/{slug}/afsluiten", "/netwerken/kring/afsluiten?periode=2025", None, "mmmmmmyy"),
    ("/netwerken/{slug}/afsluiten", "/netwerken/geen/afsluiten", Some("periode=2025"), "mmmmmmmm"),
    ("/netwerken/{slug}/delen", "/netwerken/kring/delen", None, "smmymmmy"),
    ("/netwerken/{slug}/delen", "/netwerken/kring/delen?organisatie=buurhuis", None, "smmymmmy"),
    (
        "/netwerken/{slug}/delen",
        "/netwerken/kring/delen",
        Some(
            "organisatie=buurhuis&vragen=nee&deelt-personeel=anoniem&deelt-verzuim=anoniem&deelt-verloop=anoniem&deelt-inhuur=anoniem&deelt-capaciteit=anoniem&deelt-veiligheid=anoniem&deelt-ervaring=anoniem&deelt-leren=anoniem&deelt-financien=anoniem",
        ),
        "smmmmmmy",
    ),
    ("/vergelijken", "/vergelijken", None, "yyyyyyyy"),
    ("/vergelijken/{indicator}/{bestand}", "/vergelijken/geen/cijfers.csv", None, "mmmmmmmm"),
    ("/vergelijken/{indicator}/kiezen", "/vergelijken/geen/kiezen", None, "smmmmmmm"),
    ("/vergelijken/{indicator}/vragen/{organisatie}", "/vergelijken/geen/vragen/voorbeeldhuis", None, "smmmmmmm"),
    (
        "/vergelijken/{indicator}/vragen/{organisatie}",
        "/vergelijken/geen/vragen/voorbeeldhuis",
        Some("vraag=Hoe+doen+jullie+dat"),
        "smmmmmmm",
    ),
    ("/vragen/{vraag}", "/vragen/geen", None, "smmmmmmm"),
    ("/vragen/{vraag}", "/vragen/geen", Some("antwoord=Zo+doen+wij+dat+hier"), "smmmmmmm"),
    ("/vergelijken/{indicator}", "/vergelijken/geen", None, "mmmmmmmm"),
    (
        "/vergelijken/{indicator}",
        "/vergelijken/geen",
        Some("actie=voorstellen&organisatie=voorbeeldhuis&periode=2025&reden=Voorbeeld"),
        "smmmmmmm",
    ),
    ("/vergelijken/{indicator}", "/vergelijken/geen", Some("actie=akkoord&grenzen=geen"), "smmmmmmm"),
    ("/regios", "/regios", None, "yyyyyyyy"),
    ("/regios/{slug}", "/regios/geen", None, "mmmmmmmm"),
    ("/over", "/over", None, "yyyyyyyy"),
    ("/privacy", "/privacy", None, "yyyyyyyy"),
    ("/toegankelijkheid", "/toegankelijkheid", None, "yyyyyyyy"),
    ("/inloggen", "/inloggen", None, "yyyyyyyy"),
    ("/inloggen/code", "/inloggen/code", None, "syyyyyyy"),
    // No provider is set here.
    ("/inloggen/aanbieder", "/inloggen/aanbieder", None, "mmmmmmmm"),
    ("/inloggen/aanbieder/terug", "/inloggen/aanbieder/terug?code=a&state=b", None, "mmmmmmmm"),
    ("/wachtwoord-vergeten", "/wachtwoord-vergeten", None, "yyyyyyyy"),
    ("/uitnodiging/{token}", "/uitnodiging/onzin", None, "gggggggg"),
    ("/wachtwoord/{token}", "/wachtwoord/onzin", None, "gggggggg"),
    ("/mijn/account", "/mijn/account", None, "syyyyyyy"),
    ("/mijn/account", "/mijn/account", Some("wat=naam&naam=Voorbeeld"), "syyyyyyy"),
    ("/mijn/account/tweede-factor", "/mijn/account/tweede-factor", None, "syyyyyyy"),
    ("/beheer", "/beheer", None, "snnnnnyy"),
    ("/beheer/gebruikers", "/beheer/gebruikers", None, "snnnnnyy"),
    (
        "/beheer/gebruikers",
        "/beheer/gebruikers",
        Some("naam=A&mailadres={new}&rol=lezer organisatie voorbeeldhuis"),
        "snnnnnyy",
    ),
    (
        "/beheer/gebruikers",
        "/beheer/gebruikers",
        Some("naam=A&mailadres={new}&rol=lezer organisatie verhuis"),
        "snnnnnny",
    ),
    ("/beheer/gebruikers", "/beheer/gebruikers", Some("naam=A&mailadres={new}&rol=redacteur overal"), "snnnnnny"),
    ("/beheer/gebruikers", "/beheer/gebruikers", Some("naam=A&mailadres={new}&rol=beheerder overal"), "snnnnnny"),
    ("/beheer/gebruikers/{id}", "/beheer/gebruikers/{reader}", None, "snnnnnyy"),
    ("/beheer/gebruikers/{id}", "/beheer/gebruikers/{administrator}", None, "snnnnnmy"),
    (
        "/beheer/gebruikers/{id}",
        "/beheer/gebruikers/{reader}",
        Some("wat=geven&rol=projectleider organisatie buurhuis"),
        "snnnnnyy",
    ),
    (
        "/beheer/gebruikers/{id}",
        "/beheer/gebruikers/{reader}",
        Some("wat=nemen&rol=projectleider organisatie buurhuis"),
        "snnnnnyy",
    ),
    ("/beheer/gebruikers/{id}", "/beheer/gebruikers/{reader}", Some("wat=blokkeren"), "snnnnnny"),
    ("/beheer/gebruikers/{id}", "/beheer/gebruikers/{reader}", Some("wat=deblokkeren"), "snnnnnny"),
    ("/beheer/logboek", "/beheer/logboek", None, "snnnnnny"),
    ("/beheer/berichten", "/beheer/berichten", None, "snnnnnny"),
    ("/beheer/berichten", "/beheer/berichten", Some("bericht=geen"), "snnnnnnm"),
    ("/api/docs", "/api/docs", None, "yyyyyyyy"),
    ("/api/v1/…", "/api/v1/documenten", None, "yyyyyyyy"),
    ("/api/v1/…", "/api/v1/documenten/netwerk-plan", None, "mymymmyy"),
    ("/api/v1/…", "/api/v1/documenten/eigen-plan", None, "mymymmmy"),
    ("/assets/{name}", "/assets/geen", None, "mmmmmmmm"),
    ("/sitemap.xml", "/sitemap.xml", None, "yyyyyyyy"),
    ("/robots.txt", "/robots.txt", None, "yyyyyyyy"),
    ("/opensearch.xml", "/opensearch.xml", None, "yyyyyyyy"),
    ("/livez", "/livez", None, "yyyyyyyy"),
    ("/readyz", "/readyz", None, "yyyyyyyy"),
    // Last: it ends the session.
    ("/uitloggen", "/uitloggen", Some(""), "yyyyyyyy"),
];

#[test]
fn every_route_has_a_row() {
    let without: Vec<&str> = PATHS.iter().map(|it| it.0).filter(|it| !ROWS.iter().any(|row| row.0 == *it)).collect();
    assert_eq!(without, [] as [&str; 0], "say in tests/it/rights.rs who may come there");
}

#[tokio::test]
async fn every_role_gets_what_its_row_says() {
    let site = visibility::site().await;
    let reader = site.account(&[grant(AccountRole::Reader, Scope::Organisation("buurhuis".into()))]).await;
    let administrator = site.account(&[grant(AccountRole::Administrator, Scope::Everywhere)]).await;
    let mut made = 0;
    let mut faults = Vec::new();
    for (at, (who, role)) in roles().into_iter().enumerate() {
        let browser = match role {
            Some(role) => Some(site.as_user(&[role]).await),
            None => None,
        };
        for (_, path, fields, letters) in ROWS {
            let path = path.replace("{reader}", reader.as_str()).replace("{administrator}", administrator.as_str());
            made += 1;
            let fields = fields.map(|it| it.replace("{new}", &format!("nieuw{made}@voorbeeld.example")));
            let (status, to) = ask(&site, browser.as_ref(), &path, fields.as_deref()).await;
            let letter = match status {
                StatusCode::UNAUTHORIZED => 's',
                StatusCode::SEE_OTHER if to.starts_with("/inloggen") => 's',
                StatusCode::FORBIDDEN => 'n',
                StatusCode::NOT_FOUND => 'm',
                StatusCode::GONE => 'g',
                it if it.is_success() || it.is_redirection() => 'y',
                _ => '?',
            };
            let expected = letters.chars().nth(at).unwrap();
            if letter != expected {
                faults.push(format!("{who}: {path} {fields:?} gives {letter} ({status}), not {expected}"));
            }
        }
    }
    site.settle().await;
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

async fn ask(site: &TestApp, browser: Option<&SignedIn<'_>>, path: &str, fields: Option<&str>) -> (StatusCode, String) {
    let pairs: Vec<(&str, &str)> = fields.unwrap_or("").split('&').filter_map(|it| it.split_once('=')).collect();
    let answer = match (browser, fields) {
        (Some(it), None) => it.get(path).await,
        (Some(it), Some(_)) => it.post(path, &pairs).await,
        (None, None) => site.get(path).await,
        (None, Some(_)) => {
            let request = site.client.post(path).content_type("application/x-www-form-urlencoded");
            request.body(form(&pairs)).send().await
        }
    };
    let to = answer.0.headers().get("location").map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.0.status(), to)
}
