//! Tests of the help while typing: what fits, in which order, with typing errors, and for whom.

use std::sync::Arc;

use serde_json::json;

use crate::domain::actor::Actor;
use crate::domain::catalogue::{Catalogue, ItemKind};
use crate::domain::record::Record;
use crate::search::suggest::{Suggestion, Suggestions};
use crate::search::tests::{filled, item, plan, put, record};
use crate::search::writer::Writer;
use crate::search::{Search, error::Error};

fn catalogue() -> Arc<Catalogue> {
    let mut res = Catalogue::default();
    for (slug, name) in [
        ("inzet", "Duurzame inzet van personeel"),
        ("personeel", "Personeel"),
        ("pnil", "Personeel niet in loondienst"),
        ("leren", "Leren met personeel"),
        ("vrijheid", "Vrijheid en veiligheid"),
    ] {
        res.push(item(ItemKind::Theme, json!({ "slug": slug, "naam": name })));
    }
    for (slug, name, alias) in [
        ("borgh", "De Blije Borgh", None),
        ("heeren-loo", "’s Heeren Loo", Some("Ermelo Zorg")),
        ("opella", "Opella", None),
        ("heem", "’t Heem", None),
        ("zuidoost", "ZuidOostZorg", None),
    ] {
        let aliases: Vec<_> = alias.iter().map(|it| json!({ "naam": it })).collect();
        let value = json!({ "slug": slug, "naam": name, "soort": "zorgaanbieder", "aliassen": aliases });
        res.push(item(ItemKind::Organisation, value));
    }
    for value in [
        json!({ "slug": "wzd", "naam": "Wet zorg en dwang", "afkortingen": ["Wzd"] }),
        json!({ "slug": "wlz", "naam": "Wet langdurige zorg", "afkortingen": ["Wlz"] }),
        json!({ "slug": "ehealth", "naam": "e-health", "synoniemen": ["digitale zorg"] }),
        json!({ "slug": "so", "naam": "specialist ouderengeneeskunde", "dubbelzinnige_afkortingen": ["SO"] }),
    ] {
        res.push(item(ItemKind::Concept, value));
    }
    Arc::new(res)
}

fn library() -> Vec<Record> {
    vec![
        plan("innovatief", "Innovatieve aanpak verzuim in de zorg", "Over dwang in de zorg: de wet."),
        plan("omlaag", "Verzuim omlaag", ""),
        plan("beleid", "Verzuimbeleid dat past bij de hele organisatie", ""),
        plan("minder", "Minder verzuim", "De specialist in ouderengeneeskunde helpt."),
        plan("ehealth", "E-health in de wijk", ""),
        plan("raad", "Cliëntenraad denkt mee", ""),
        plan("lang", "Kwaliteitsverbeterplan voor het verpleeghuis", ""),
        record("concept", "verbeterplan", "Verzuim geheim", "De wet langdurige zorg.", json!({ "status": "concept" })),
        record("netwerk", "verbeterplan", "Verzuim vertrouwelijk", "", json!({ "zichtbaarheid": "netwerk" })),
    ]
}

fn suggest(search: &Search, q: &str) -> Suggestions {
    search.suggest(q, &catalogue(), &Actor::Anonymous).unwrap()
}

fn titles(found: &Suggestions) -> String {
    found.titles.iter().map(|it| it.as_str().strip_prefix("id-").unwrap()).collect::<Vec<_>>().join(" ")
}

fn texts(found: &[Suggestion]) -> String {
    found.iter().map(Suggestion::text).collect::<Vec<_>>().join(" | ")
}

#[test]
fn titles_by_the_beginnings_of_their_words() {
    let (_folder, search) = filled(&library());
    for (q, expected) in [
        ("", ""),
        ("v", ""),
        ("a b", ""),
        // Begins with it, then has a word that does; the shorter first.
        ("ve", "omlaag beleid minder innovatief lang"),
        ("verzuim", "omlaag beleid minder innovatief"),
        ("VERZUIM ", "omlaag beleid minder innovatief"),
        ("verzuimb", "beleid"),
        // Any order, each word whole or begun.
        ("zorg verz", "innovatief"),
        ("aanpak verzuim z", "innovatief"),
        ("in de", "ehealth innovatief"),
        ("verzuim omlaag", "omlaag"),
        ("verzuim dementie", ""),
        // Accents and hyphens.
        ("clienten", "raad"),
        ("CLIËNT", "raad"),
        ("e-h", "ehealth"),
        ("ehealth", "ehealth"),
        ("e-health wijk", "ehealth"),
        // Longer than beginnings are kept.
        ("kwaliteitsverbeterplan", "lang"),
        ("kwaliteitsverbeterpunten", ""),
        // The language of the engine is none of ours.
        ("verzuim* AND", ""),
        ("title_start:ve", ""),
    ] {
        assert_eq!(titles(&suggest(&search, q)), expected, "{q}");
    }
}

#[test]
fn typing_errors_are_forgiven_in_longer_words() {
    let (_folder, search) = filled(&library());
    for (q, expected) in [
        ("vrez", "omlaag beleid minder innovatief"),
        ("verziu", "omlaag minder beleid innovatief"),
        ("zorg verzium", "innovatief"),
        ("verzuimm", "omlaag minder beleid innovatief"),
        ("innovtaieve", "innovatief"),
        ("innvotaieve", "innovatief"),
        ("clientenrrad", "raad"),
        ("vre", ""),
        // What fits as it is typed leaves no room for other readings.
        ("verzuimb", "beleid"),
        ("xyzw", ""),
        ("inxxvatief", ""),
    ] {
        let found = titles(&suggest(&search, q));
        let mut words: (Vec<&str>, Vec<&str>) = (found.split(' ').collect(), expected.split(' ').collect());
        words.0.sort_unstable();
        words.1.sort_unstable();
        assert_eq!(words.0, words.1, "{q}");
    }
    for (q, themes, organisations) in [
        ("pesoneel", "Personeel | Leren met personeel | Duurzame inzet van personeel", ""),
        ("opela", "", "Opella"),
        ("blije brogh", "", "De Blije Borgh"),
    ] {
        let found = suggest(&search, q);
        assert_eq!((texts(&found.themes).as_str(), texts(&found.organisations).as_str()), (themes, organisations));
    }
}

#[test]
fn names_of_themes_and_organisations() {
    let (_folder, search) = filled(&library());
    for (q, themes, organisations) in [
        ("pers", "Personeel | Personeel niet in loondienst | Leren met personeel", ""),
        ("personeel inzet", "Duurzame inzet van personeel", ""),
        ("veil", "Vrijheid en veiligheid", ""),
        ("bl", "", "De Blije Borgh"),
        ("de bl", "", "De Blije Borgh"),
        ("borgh", "", "De Blije Borgh"),
        ("hee", "", "’t Heem | ’s Heeren Loo"),
        ("ermelo", "", "Ermelo Zorg → ’s Heeren Loo"),
        ("zuidoost", "", "ZuidOostZorg"),
    ] {
        let found = suggest(&search, q);
        assert_eq!(
            (texts(&found.themes).as_str(), texts(&found.organisations).as_str()),
            (themes, organisations),
            "{q}"
        );
    }
}

#[test]
fn concepts_that_lead_somewhere() {
    let (_folder, search) = filled(&library());
    for (q, expected) in [
        ("wzd", "Wzd → Wet zorg en dwang"),
        ("wet z", "Wet zorg en dwang"),
        ("dwang", "Wet zorg en dwang"),
        // Only a draft is about it.
        ("wlz", ""),
        ("so", "SO → specialist ouderengeneeskunde"),
        ("digitale", "digitale zorg → e-health"),
        ("e-he", "e-health"),
    ] {
        assert_eq!(texts(&suggest(&search, q).concepts), expected, "{q}");
    }
    let found = search.suggest("wlz", &catalogue(), &Actor::System).unwrap();
    assert_eq!(texts(&found.concepts), "Wlz → Wet langdurige zorg");
}

#[test]
fn what_an_actor_may_not_see_suggests_nothing() {
    let (_folder, search) = filled(&library());
    for q in ["verzuim", "verzuim geh", "geheim", "vertrouwelijk", "gehiem"] {
        let found = titles(&suggest(&search, q));
        assert!(!found.contains("concept") && !found.contains("netwerk"), "{q}: {found}");
    }
    // A hidden word does not even keep another from being read as a typing error: nobody can probe for it.
    let (_folder, other) =
        filled(&[plan("a", "Geheugen", ""), record("b", "verbeterplan", "Geheim", "", json!({ "status": "concept" }))]);
    assert_eq!(titles(&suggest(&other, "gehei")), "a");
    assert_eq!(titles(&other.suggest("gehei", &catalogue(), &Actor::System).unwrap()), "b");
    let found = search.suggest("verzuim geh", &catalogue(), &Actor::System).unwrap();
    assert_eq!(titles(&found), "concept");
}

/// The more complete of two titles alike goes first, and what is gone is not suggested.
#[test]
fn signals_decide_between_titles_alike() {
    let more = json!({ "doel": "Doel.", "aanpak": "Aanpak.", "tot": "2024", "aanleiding": "Aanleiding." });
    let records = [plan("a", "Valpreventie thuis", ""), record("b", "verbeterplan", "Valpreventie wijk", "", more)];
    let (_folder, search) = filled(&records);
    assert_eq!(titles(&suggest(&search, "valp")), "b a");
    let mut writer = Writer::open(&search).unwrap();
    writer.delete(&crate::domain::id::RecordId::stored("id-b".into()));
    writer.commit_at(8).unwrap();
    assert_eq!(titles(&suggest(&search, "valp")), "a");
}

/// Titles in several segments are merged into one order, and a group never has more than its places.
#[test]
fn places_are_limited_over_all_segments() {
    let (_folder, search) = filled(&[plan("z", "Rooster", "")]);
    for batch in 0..4 {
        let mut writer = Writer::open(&search).unwrap();
        for at in 0..5 {
            let title = format!("Rooster {}", "x".repeat(20 - batch * 5 - at));
            let record = plan(&format!("r{batch}{at}"), &title, "");
            put(&mut writer, &record);
        }
        writer.commit_at(8 + batch as i64).unwrap();
    }
    assert_eq!(titles(&suggest(&search, "roos")), "z r34 r33 r32 r31");
    assert_eq!(titles(&suggest(&search, "rosoter")), "z r34 r33 r32 r31");
}

#[test]
fn names_follow_the_catalogue() {
    let (_folder, search) = filled(&library());
    assert_eq!(texts(&suggest(&search, "opel").organisations), "Opella");
    let mut other = Catalogue::default();
    other.push(item(ItemKind::Theme, json!({ "slug": "open", "naam": "Open deuren" })));
    let found = search.suggest("op", &Arc::new(other), &Actor::Anonymous).unwrap();
    assert_eq!((texts(&found.themes).as_str(), texts(&found.organisations).as_str()), ("Open deuren", ""));
}

#[test]
fn an_index_without_content_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let search = Search::open(folder.path()).unwrap();
    let found = search.suggest("verzuim", &catalogue(), &Actor::Anonymous);
    assert!(matches!(found, Err(Error::Unbuilt { .. })));
}
