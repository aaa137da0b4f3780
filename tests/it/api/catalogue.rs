//! Themes, organisations, networks, regions and programmes in the API, beside what the files say.

use leerkring::domain::vocabulary::Role;
use serde_json::Value;
use url::form_urlencoded;

use super::{by_hand, data, get, keys, library, problem, slugs, takes_part};
use crate::harness::TestApp;

#[tokio::test]
async fn the_thirteen_themes_carry_what_the_programme_reported() {
    let (app, library) = (TestApp::library().await, library());
    let themes = data(&app, "/themas").await;
    let of_programme: Vec<&Value> = themes["themas"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["programma"]["slug"] == "ruimte-voor-verpleeghuizen")
        .collect();
    let shown: Vec<(&str, i64, usize)> = of_programme
        .iter()
        .map(|it| {
            let listed = it["organisaties"].as_array().unwrap().len();
            (it["slug"].as_str().unwrap(), it["gemeldeDeelnemers"].as_i64().unwrap(), listed)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("driehoek-client-professional-mantelzorger", 68, 66),
            ("client-centraal", 11, 11),
            ("meten-en-verantwoorden-van-kwaliteit", 45, 45),
            ("vrijheid-en-veiligheid-bopz", 15, 15),
            ("voedselveiligheid-haccp", 7, 7),
            ("indicatiestelling", 12, 12),
            ("persoonsvolgende-bekostiging-instelling", 11, 11),
            ("persoonsvolgende-bekostiging-keten", 6, 6),
            ("bekostiging-specialist-ouderengeneeskunde", 7, 7),
            ("domeinoverstijgende-bekostiging", 6, 6),
            ("deskundigheidsbevordering", 6, 6),
            ("technologie-in-het-zorgproces", 6, 6),
            ("zeggenschap", 6, 6),
        ]
    );

    for shown in of_programme {
        let theme = library.catalogue.theme(shown["slug"].as_str().unwrap()).unwrap();
        let listed: Vec<&str> = theme.participants.iter().map(|it| it.organisation.as_str()).collect();
        assert_eq!(slugs(&shown["organisaties"]), listed);
        assert_eq!(shown["aantalOrganisaties"], listed.len());
        assert_eq!(shown["gemeld"]["deelnemers"], shown["gemeldeDeelnemers"]);
        assert_eq!(keys(&shown["gemeld"]), ["deelnemers", "afgerond", "realisatie", "ontwerp", "gestopt"]);
        for (it, participant) in shown["organisaties"].as_array().unwrap().iter().zip(&theme.participants) {
            assert_eq!(it["vermeldAls"].as_str(), participant.listed_as.as_deref());
        }
        assert_eq!(data(&app, &format!("/themas/{}", theme.slug)).await, *shown);
    }
}

#[tokio::test]
async fn an_organisation_is_found_by_its_other_names() {
    let (app, library) = (TestApp::library().await, library());
    let of = library.catalogue.organisations.iter().find(|it| !it.aliases.is_empty()).unwrap();
    let alias = &of.aliases[0];
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("naam", &alias.name.to_uppercase()).finish();
    let found = data(&app, &format!("/organisaties?{query}")).await;
    assert!(slugs(&found["organisaties"]).contains(&of.slug.as_str()));

    let whole = data(&app, &format!("/organisaties/{}", of.slug)).await;
    assert_eq!(whole["naam"], of.name);
    assert_eq!(whole["aliassen"][0]["naam"], alias.name);
    assert_eq!(whole["aliassen"][0]["reden"].as_str(), alias.reason.as_deref());

    assert_eq!(data(&app, "/organisaties?naam=qqzzxx").await["organisaties"], Value::Array(vec![]));
    assert_eq!(
        problem(&get(&app, "/organisaties?naam=a&naam=b&x=1").await, 400)["fouten"].as_array().unwrap().len(),
        2
    );
    let long = format!("/organisaties?naam={}", "a".repeat(10_000));
    assert_eq!(data(&app, &long).await["organisaties"], Value::Array(vec![]));
}

#[tokio::test]
async fn an_organisation_shows_all_its_roles() {
    let (app, library) = (TestApp::library().await, library());
    let lists = &library.catalogue;
    for slug in ["heemzorg", "t-heem", "archipel", "azora"].iter().filter(|it| lists.organisation(it).is_some()) {
        let shown = data(&app, &format!("/organisaties/{slug}")).await;
        let documents = shown["documenten"].as_array().unwrap();
        assert_eq!(documents.len() as u64, by_hand(&library, |it| takes_part(it, slug, None)));
        for document in documents {
            let record = library.records.iter().find(|it| document["slug"] == it.slug).unwrap();
            for role in document["rollen"].as_array().unwrap() {
                assert!(takes_part(record, slug, Role::parse(role.as_str().unwrap())));
            }
        }
        let themes = lists.themes.iter().filter(|it| it.participants.iter().any(|it| it.organisation == *slug));
        assert_eq!(slugs(&shown["themas"]), themes.map(|it| it.slug.as_str()).collect::<Vec<_>>());
        let networks = lists.networks.iter().filter(|it| it.members.iter().any(|it| it.organisation == *slug));
        assert_eq!(slugs(&shown["netwerken"]), networks.map(|it| it.slug.as_str()).collect::<Vec<_>>());
    }
    let of_programme = &lists.programmes[0].organisations[0].organisation;
    let shown = data(&app, &format!("/organisaties/{of_programme}")).await;
    assert!(slugs(&shown["programmas"]).contains(&lists.programmes[0].slug.as_str()));
}

#[tokio::test]
async fn networks_regions_and_programmes_are_as_listed() {
    let (app, library) = (TestApp::library().await, library());
    let lists = &library.catalogue;
    for network in &lists.networks {
        let shown = data(&app, &format!("/netwerken/{}", network.slug)).await;
        assert_eq!(shown["leden"].as_array().unwrap().len(), network.members.len());
        assert_eq!(shown["aantalLeden"], network.members.len());
        let lines: Vec<&str> = network.action_lines.iter().map(|it| it.name.as_str()).collect();
        let shown_lines: Vec<&str> =
            shown["actielijnen"].as_array().unwrap().iter().map(|it| it["naam"].as_str().unwrap()).collect();
        assert_eq!(shown_lines, lines);
    }
    assert!(lists.networks.iter().any(|it| it.action_lines.len() == 5));
    for region in &lists.regions {
        let shown = data(&app, &format!("/regios/{}", region.slug)).await;
        let family = lists.region_family(&region.slug);
        let counted =
            by_hand(&library, |it| it.common.region.as_deref().is_some_and(|region| family.contains(&region)));
        assert_eq!(shown["aantalDocumenten"], counted, "{}", region.slug);
        assert_eq!(shown["boven"].as_str(), region.parent.as_deref());
        assert_eq!(slugs(&shown["regios"]), family[1..]);
    }
    for programme in &lists.programmes {
        let shown = data(&app, &format!("/programmas/{}", programme.slug)).await;
        let figures = shown["cijfers"].as_array().unwrap();
        assert_eq!(figures.len(), programme.figures.len());
        for (shown, figure) in figures.iter().zip(&programme.figures) {
            assert_eq!(shown["waarde"].as_f64(), Some(figure.value));
            assert_eq!((&shown["naam"], &shown["eenheid"]), (&figure.name.clone().into(), &figure.unit.clone().into()));
        }
        let counted = by_hand(&library, |it| it.common.programme.as_ref() == Some(&programme.slug));
        assert_eq!(shown["aantalDocumenten"], counted);
    }
    assert!(lists.programmes.iter().any(|it| !it.figures.is_empty()));
}
