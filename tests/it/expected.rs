//! What people who work in care expect of the search page: the practice they look for stands among the first three,
//! with marks that show why, and a word of everyday Dutch is not read as another.

use crate::harness::{Html, TestApp};

/// Questions, with a document that must stand among the first three; judged by reading the documents.
const EXPECTED: &[(&str, &[&str])] = &[
    ("ziekteverzuim terugdringen", &["innovatieve-aanpak-verzuim", "minder-verzuim-en-minder-inhuur-t-heem"]),
    ("verzuim", &["innovatieve-aanpak-verzuim", "minder-verzuim-en-minder-inhuur-t-heem"]),
    ("medewerkers inwerken", &["organisatiebuddys-nieuwe-medewerkers"]),
    ("waarom vertrekken mensen", &["uitstroomonderzoek-met-dashboard", "regionaal-uitstroomonderzoek-achterhoek"]),
    ("familie betrekken", &["communiceren-met-familie", "azora-familieparticipatie-in-de-lijn"]),
    ("open deuren dementie", &["praktijkvoorbeelden-vrijheid-en-veiligheid"]),
    ("statushouders opleiden", &["instroom-nieuwkomers-in-de-ouderenzorg"]),
    ("koelkasttemperatuur", &["hygienecode-voedselvoorziening-in-woonvormen"]),
    ("eigen regie budget", &["archipel-eigen-regie-persoonsvolgend-budget"]),
    (
        "huisarts specialist ouderengeneeskunde",
        &[
            "blogserie-samenwerking-huisarts-en-specialist-ouderengeneeskunde",
            "wegwijzer-specialist-ouderengeneeskunde-naast-de-huisarts",
        ],
    ),
    ("werkdruk meten", &["persoonsvolgende-zorg-werkdrukmeter"]),
];

/// The page with the answer to a question.
async fn asked(app: &TestApp, q: &str) -> Html {
    app.page(&format!("/zoeken?q={}", q.replace(' ', "+"))).await
}

/// The addresses of the documents found, in order.
fn found(page: &Html) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for it in page.attr("a[href^='/kennisbank/']", "href") {
        if !res.contains(&it) {
            res.push(it);
        }
    }
    res
}

#[tokio::test]
async fn the_practice_that_is_looked_for_stands_among_the_first_three() {
    let app = TestApp::library().await;
    for (q, expected) in EXPECTED {
        let page = asked(&app, q).await;
        let first: Vec<String> = found(&page).into_iter().take(3).collect();
        for slug in *expected {
            assert!(first.contains(&format!("/kennisbank/{slug}")), "{q}: {slug} is not among {first:?}");
        }
        for place in 1..=3.min(found(&page).len()) {
            let (row, card) = (format!("li:nth-child({place}) > .card"), format!(".card:nth-child({place})"));
            assert!(
                page.has(&format!("{row} .fragment mark, {card} .fragment mark")),
                "{q}: nothing shows why {place}"
            );
        }
    }
}

#[tokio::test]
async fn one_word_that_documents_have_is_answered_by_those() {
    let app = TestApp::library().await;
    let text = asked(&app, "verzuim").await.select("main").concat();
    assert!(!text.contains("Hiermee is weinig te vinden") && !text.contains("Weinig documenten"), "{text}");
}

#[tokio::test]
async fn everyday_words_are_left_as_they_are_and_typing_errors_are_mended() {
    let app = TestApp::library().await;
    for q in ["internet", "huid", "giraf", "stofzuiger", "vliegtuigen", "koelkastdeur"] {
        let text = asked(&app, q).await.select("main").concat();
        assert!(!text.contains("komt niet voor; gezocht op"), "{q} was read as another word: {text}");
    }
    for (q, meant) in [
        ("verzium", "verzuim"),
        ("mantlezorg", "mantelzorg"),
        ("aktiviteiten", "activiteiten"),
        ("dementei", "dementie"),
    ] {
        let text = asked(&app, q).await.select("main").concat();
        assert!(text.contains(&format!("gezocht op “{meant}”")), "{q} is not read as {meant}: {text}");
    }
    // What no document has is said, and the rest is looked for.
    let page = asked(&app, "giraf verzuim").await;
    assert!(page.select("main").concat().contains("“giraf” komt in geen document voor"));
    assert!(found(&page).contains(&"/kennisbank/innovatieve-aanpak-verzuim".to_owned()));
}

#[tokio::test]
async fn a_name_that_several_words_bring_is_named_once() {
    let app = TestApp::library().await;
    let page = asked(&app, "huisarts specialist ouderengeneeskunde").await;
    let told = page.select(".reading summary").concat();
    let mut names: Vec<&str> = told.trim().strip_prefix("Ook gezocht op ").unwrap().split(", ").collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert!(5 < count);
    assert_eq!(names.len(), count, "{told}");
}
