//! The files of a comparison: the same figures in each, opened again by what reads files that come in. All
//! organisations and figures are those of the demonstration, which says that it is fictitious.

use leerkring::domain::account::{AccountRole, Scope};
use leerkring::exchange::demo::NETWORK;
use leerkring::exchange::table::{self, Cell, Row};
use poem::http::StatusCode;

use crate::compare::site;
use crate::harness::{SignedIn, TestApp, grant};

const ADDRESS: &str = "/vergelijken/ziekteverzuim-kwartaal";

async fn member(site: &TestApp, number: usize) -> SignedIn<'_> {
    let scope = Scope::Organisation(format!("voorbeeldzorg-{number:02}"));
    site.as_user(&[grant(AccountRole::ProjectLead, scope)]).await
}

async fn bytes(by: &SignedIn<'_>, path: &str) -> Vec<u8> {
    let answer = by.get(path).await.0;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.into_body().into_vec().await.unwrap()
}

/// Rows of the CSV file, in the form of the page: "9,86".
fn csv(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|it| it.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn dutch(cell: &Cell) -> String {
    match cell {
        Cell::Number(value, _) => leerkring::text::dutch::number(*value),
        cell => cell.text(),
    }
}

fn texts(row: &Row, width: usize) -> Vec<String> {
    (0..width).map(|at| dutch(row.cell(at))).collect()
}

#[tokio::test]
async fn excel_and_csv_hold_the_same_figures() {
    let site = site().await;
    let me = member(&site, 7).await;
    for path in [ADDRESS.to_owned(), "/vergelijken/kwalificatieniveaumix".to_owned()] {
        let text = String::from_utf8(bytes(&me, &format!("{path}/cijfers.csv")).await).unwrap();
        let rows = csv(&text);
        let head = rows.iter().position(|it| it[0] == "Periode").unwrap();
        let figures: Vec<Vec<String>> = rows[head..].iter().take_while(|it| 2 < it.len()).cloned().collect();
        assert!(2 < figures.len(), "{text}");

        let book = bytes(&me, &format!("{path}/cijfers.xlsx")).await;
        assert!(book.len() < 100 << 10, "{}", book.len());
        let read = table::read(&site.app.intake.extractor, book).await.unwrap();
        let sheet = |name: &str| read.sheets.iter().find(|it| it.name == name);
        let found: Vec<Vec<String>> =
            sheet("Cijfers").unwrap().rows.iter().map(|it| texts(it, figures[0].len())).collect();
        assert_eq!(found, figures, "{path}");
        // Figures are numbers, to count on with.
        let last = sheet("Cijfers").unwrap().rows.last().unwrap();
        assert!(matches!(last.cell(3), Cell::Number(members, false) if 40.0 < *members), "{last:?}");

        let about: Vec<Vec<String>> = sheet("Toelichting").unwrap().rows.iter().map(|it| texts(it, 2)).collect();
        assert_eq!(about, rows[..head - 1].to_vec(), "{path}");
        let label = |begin: &str| about.iter().any(|it| it[0].starts_with(begin) && !it[1].is_empty());
        for begin in ["Groep", "Organisaties met een cijfer", "Definitie ", "Methode: Wat u niet ziet"] {
            assert!(label(begin), "{begin}: {about:?}");
        }
    }
    let read = table::read(&site.app.intake.extractor, bytes(&me, &format!("{ADDRESS}/cijfers.xlsx")).await);
    let read = read.await.unwrap();
    let named = read.sheets.iter().find(|it| it.name == "Met naam").unwrap();
    assert!(named.rows.iter().any(|it| it.cell(0).text().starts_with("Voorbeeldzorg 17")), "{named:?}");
    site.settle().await;
}

#[tokio::test]
async fn what_is_hidden_stays_hidden_in_a_file_and_says_why() {
    let site = site().await;
    let me = member(&site, 7).await;
    let small = "groep=eigen&keuze=voorbeeldzorg-30%2Cvoorbeeldzorg-31%2Cvoorbeeldzorg-32";
    let book = bytes(&me, &format!("{ADDRESS}/cijfers.xlsx?{small}")).await;
    let read = table::read(&site.app.intake.extractor, book).await.unwrap();
    let about = &read.sheets[0];
    let why = about.rows.iter().find(|it| it.cell(0).text() == "Niet getoond: Alle cijfers van de groep").unwrap();
    assert!(why.cell(1).text().contains("te weinig organisaties"), "{why:?}");
    for row in &read.sheets[1].rows[1..] {
        assert!((7..13).all(|at| row.cell(at).is_empty()), "{row:?}");
        assert!(row.cell(13).text().contains("too_few_members"), "{row:?}");
    }
    assert!(!read.sheets.iter().any(|it| it.name == "Met naam"));
    let drawing = String::from_utf8(bytes(&me, &format!("{ADDRESS}/ontwikkeling.svg?{small}")).await).unwrap();
    assert!(drawing.contains("Niet getoond: Alle cijfers van de groep"), "{drawing}");
    // A visitor gets no file of a network.
    let answer = site.get(&format!("{ADDRESS}/cijfers.xlsx?groep=netwerk:{NETWORK}")).await.0;
    let read = table::read(&site.app.intake.extractor, answer.into_body().into_vec().await.unwrap()).await.unwrap();
    let group = read.sheets[0].rows.iter().find(|it| it.cell(0).text() == "Groep").unwrap();
    assert_eq!(group.cell(1).text(), "alle organisaties");
    site.settle().await;
}

#[tokio::test]
async fn each_drawing_is_a_picture_too() {
    let site = site().await;
    let me = member(&site, 7).await;
    for (path, drawing) in [
        (ADDRESS, "positie"),
        (ADDRESS, "ontwikkeling"),
        (ADDRESS, "groep"),
        ("/vergelijken/mic-letsel", "trechter"),
        ("/vergelijken/kwalificatieniveaumix", "samenstelling"),
    ] {
        let answer = me.get(&format!("{path}/{drawing}.png")).await.0;
        assert_eq!(answer.status(), StatusCode::OK, "{path} {drawing}");
        assert_eq!(answer.headers().get("content-type").unwrap(), "image/png");
        assert_eq!(answer.headers().get("cache-control").unwrap(), "no-store");
        let png = answer.into_body().into_vec().await.unwrap();
        let picture = image::load_from_memory(&png).unwrap().to_rgb8();
        let svg = String::from_utf8(bytes(&me, &format!("{path}/{drawing}.svg")).await).unwrap();
        let size = |name: &str| {
            let rest = svg.split(&format!(" {name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse::<f64>().unwrap()
        };
        let expected = ((2.0 * size("width")).ceil() as u32, (2.0 * size("height")).ceil() as u32);
        assert_eq!((picture.width(), picture.height()), expected, "{path} {drawing}");
        assert!(png.len() < 1 << 20, "{path} {drawing}: {}", png.len());
        // A title in bold at the top, the drawing in the middle, notes at the end.
        for part in 0..3 {
            let from = part * picture.height() / 3;
            let ink = (from..from + picture.height() / 3)
                .flat_map(|y| (0..picture.width()).map(move |x| (x, y)))
                .filter(|(x, y)| picture.get_pixel(*x, *y).0.iter().all(|it| *it < 140));
            assert!(500 < ink.count(), "{path} {drawing}: part {part} is empty");
        }
        for text in ["Definitie ", "met een cijfer in", "Wat u niet ziet"] {
            assert!(svg.contains(text), "{path} {drawing}: {text}");
        }
    }
    for missing in ["iets.png", "positie.gif", "positie", "cijfers.png", ".png"] {
        assert_eq!(me.get(&format!("{ADDRESS}/{missing}")).await.0.status(), StatusCode::NOT_FOUND, "{missing}");
    }
    site.settle().await;
}
