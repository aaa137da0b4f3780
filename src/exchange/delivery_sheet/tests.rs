//! Sheets as people send them. All organisations and figures are fictitious.

use chrono::NaiveDate;

use super::*;
use crate::domain::indicator::Indicator;
use crate::domain::indicator::{Definition, IndicatorKind, Part};
use crate::domain::measurement::State;
use crate::domain::organisation::{Alias, Organisation};
use crate::domain::period::{PartialDate, Span};
use crate::exchange::table::{self, Cell, Row, Sheet};
use crate::exchange::template;

fn catalogue() -> Catalogue {
    let indicator = |slug: &str, name: &str, kind, factor: f64, unit: &str, span| Indicator {
        slug: slug.into(),
        name: name.into(),
        kind,
        factor: Some(factor),
        unit: unit.into(),
        span,
        definitions: vec![Definition {
            version: "1".into(),
            numerator: "=wat er geteld is".into(),
            denominator: Some("alles".into()),
            ..Definition::default()
        }],
        ..Indicator::default()
    };
    let part = |code: &str, name: &str| Part { code: code.into(), name: name.into() };
    let alias = Alias { name: "Voorbeeld Zorggroep".into(), ..Alias::default() };
    Catalogue {
        organisations: vec![Organisation {
            slug: "voorbeeldzorg".into(),
            name: "Voorbeeldzorg (fictief)".into(),
            aliases: vec![alias],
            ..Organisation::default()
        }]
        .into(),
        indicators: vec![
            indicator("verzuim", "Ziekteverzuim", IndicatorKind::Proportion, 100.0, "%", Span::Quarter),
            indicator(
                "vallen",
                "Gemelde valincidenten",
                IndicatorKind::Rate,
                1000.0,
                "per 1.000 cliëntdagen",
                Span::Month,
            ),
            indicator("vrijwilligers", "Aantal vrijwilligers", IndicatorKind::Count, 1.0, "personen", Span::Year),
            Indicator {
                parts: vec![part("niveau-1", "Niveau 1"), part("niveau-2", "Niveau 2")],
                ..indicator("mix", "Mix van niveaus", IndicatorKind::Composition, 100.0, "% van de fte", Span::Quarter)
            },
        ]
        .into(),
        ..Catalogue::default()
    }
}

fn of_csv(text: &str) -> Read {
    read(&table::csv(text.as_bytes()).unwrap(), &catalogue(), Some("voorbeeldzorg"))
}

fn texts(remarks: &[Remark]) -> Vec<String> {
    remarks
        .iter()
        .map(|it| format!("{}: {}", it.at.as_ref().map(ToString::to_string).unwrap_or_default(), it.text))
        .collect()
}

fn figure(it: &Line) -> String {
    let it = &it.measurement;
    let number = |it: Option<f64>| it.map_or("·".to_owned(), |it| it.to_string());
    format!(
        "{} {} {} {} {}/{}={} {}",
        it.organisation,
        it.indicator,
        it.period.map(|it| it.to_string()).unwrap_or_default(),
        it.part.as_deref().unwrap_or("-"),
        number(it.numerator),
        number(it.denominator),
        number(it.value),
        it.state.word()
    )
}

#[test]
fn one_figure_per_row() {
    let read = of_csv(
        "Cijfers van ons huis\n\nOrganisatie:;Voorbeeld Zorggroep\n\
         INDICATOR ;Meet-periode;Onderdeel;Numerator;Noemer;Percentage;Opmerking\n\
         Ziekteverzuim;3e kwartaal 2024;;1.234,5;20.000;;\n\
         verzuim;Q2 2024;;;;6,2 %;let op\n\
         mix;2024-K3;Niveau 2;;;40;\n\
         Gemelde valincidenten;sep-24;;12;4000;;\n\
         vrijwilligers;2024;;nul;;;\n\
         verzuim;2024-K1;;;;n.v.t.;\n\
         verzuim;2023-K4;;;;-;\n\
         verzuim;2023-K3;;;;ca. 7;\n\
         verzuim;2023-K2;;;;;\n",
    );
    assert_eq!(texts(&read.faults), [] as [String; 0]);
    assert_eq!(
        read.lines.iter().map(figure).collect::<Vec<_>>(),
        [
            "voorbeeldzorg verzuim 2024-K3 - 1234.5/20000=· gemeld",
            "voorbeeldzorg verzuim 2024-K2 - ·/·=6.2 gemeld",
            "voorbeeldzorg mix 2024-K3 niveau-2 ·/·=40 gemeld",
            "voorbeeldzorg vallen 2024-09 - 12/4000=· gemeld",
            "voorbeeldzorg vrijwilligers 2024 - 0/·=· gemeld",
            "voorbeeldzorg verzuim 2024-K1 - ·/·=· nvt",
            "voorbeeldzorg verzuim 2023-K4 - ·/·=· ontbreekt",
            "voorbeeldzorg verzuim 2023-K3 - ·/·=7 geschat",
        ]
    );
    assert_eq!(read.lines[1].measurement.note.as_deref(), Some("let op"));
    let warnings = texts(&read.warnings);
    assert!(warnings[0].starts_with("cel F11: Een streepje is gelezen"), "{warnings:?}");
    assert!(warnings[1].contains("1 rij is zonder cijfer"), "{warnings:?}");
}

#[test]
fn one_indicator_per_row() {
    for text in [
        "indicator;naam;2024-K2;2024-K3\nverzuim;Ziekteverzuim;6,5;7\n",
        "code;2e kwartaal 2024;Q3 2024\nZiekteverzuim;6,5;7\n",
        "indicator;waarde 2024-K2;2024-K3 waarde\nverzuim;6,5;7\n",
        "indicator;K2 2024;K3 2024\n\nverzuim;6,5;7\n",
        ";2024-K2;2024-K3\nindicator;waarde;waarde\nverzuim;6,5;7\n",
    ] {
        let read = of_csv(text);
        assert_eq!(texts(&read.faults), [] as [String; 0], "{text}");
        let found: Vec<String> = read.lines.iter().map(figure).collect();
        let expected = ["2024-K2 - ·/·=6.5", "2024-K3 - ·/·=7"].map(|it| format!("voorbeeldzorg verzuim {it} gemeld"));
        assert_eq!(found, expected, "{text}");
    }
    let read = of_csv(";2024-K2;;2024-K3;;\nindicator;teller;noemer;teller;noemer\nverzuim;65;1000;;\n");
    assert_eq!(read.lines.iter().map(figure).collect::<Vec<_>>(), ["voorbeeldzorg verzuim 2024-K2 - 65/1000=· gemeld"]);
}

#[test]
fn cells_of_a_spreadsheet() {
    let text = |it: &str| Cell::Text(it.into());
    let day = Cell::Day(NaiveDate::from_ymd_opt(2024, 9, 1).unwrap());
    let row = |number, cells: &[Cell]| Row { number, cells: cells.to_vec() };
    let table = Table {
        sheets: vec![
            Sheet { name: "Uitleg".into(), rows: vec![row(1, &[text("Lees dit eerst")])] },
            Sheet {
                name: "Cijfers".into(),
                rows: vec![
                    row(
                        3,
                        &[
                            text("Indicator"),
                            text("Periode"),
                            text("Waarde"),
                            text("Teller"),
                            text("Eenheid"),
                            text("Kleur"),
                        ],
                    ),
                    row(4, &[text("verzuim"), day.clone(), Cell::Number(0.0725, true)]),
                    row(5, &[text("vallen"), day.clone(), Cell::Number(0.0725, true)]),
                    row(6, &[text("verzuim"), text("2024-K1"), Cell::Formula]),
                    row(7, &[text("verzuim"), text("2024-K1"), day.clone()]),
                    row(8, &[text("verzuim"), Cell::Number(2024.0, false), Cell::Number(7.0, false)]),
                    row(9, &[text("verzuim"), text("2023-K1"), Cell::Error("#N/B".into())]),
                    row(10, &[text("verzuim"), text("2023-K2"), Cell::Empty, Cell::Number(0.1, true)]),
                    row(
                        11,
                        &[text("verzuim"), text("2023-K3"), Cell::Number(7.0, false), Cell::Empty, text("promille")],
                    ),
                    row(12, &[text("verzuim"), text("2023-K4"), Cell::Number(7.0, false), Cell::Empty, text("%")]),
                ],
            },
        ],
        hidden: vec!["Oud".into()],
    };
    let read = read(&table, &catalogue(), Some("voorbeeldzorg"));
    assert_eq!(
        read.lines.iter().map(figure).collect::<Vec<_>>(),
        [
            "voorbeeldzorg verzuim 2024-K3 - ·/·=7.25 gemeld",
            "voorbeeldzorg verzuim 2024 - ·/·=7 gemeld",
            "voorbeeldzorg verzuim 2023-K1 - ·/·=· ontbreekt",
            "voorbeeldzorg verzuim 2023-K4 - ·/·=7 gemeld",
        ]
    );
    let faults = texts(&read.faults);
    for (at, cell, expected) in [
        (0, "blad Cijfers, cel C5", "deze indicator is in per 1.000 cliëntdagen"),
        (1, "blad Cijfers, cel C6", "formule zonder uitkomst"),
        (2, "blad Cijfers, cel C7", "een datum"),
        (3, "blad Cijfers, cel D10", "een percentage kan geen teller zijn"),
        (4, "blad Cijfers, cel E11", "\"promille\""),
    ] {
        assert!(
            faults[at].to_lowercase().starts_with(&cell.to_lowercase()) && faults[at].to_lowercase().contains(expected),
            "{expected}: {faults:?}"
        );
    }
    let warnings = texts(&read.warnings);
    assert!(warnings.iter().any(|it| it.contains("\"Kleur\" kennen we niet")), "{warnings:?}");
    assert!(warnings.iter().any(|it| it.contains("Verborgen bladen zijn niet gelezen: Oud")), "{warnings:?}");
}

#[test]
fn faults_name_their_cells() {
    let read = of_csv(
        "indicator;periode;teller;noemer;waarde;toestand\nverzuim;kwartaal drie;1;2;;\nverzuim;2024-K1;<5;100;;\nverzuim;;1;2;;\n\
         verzuim;2024-K2;2 à 3;100;;\nverzuim;2024-K3;1,23.4,5;veel;;\nverzuim;2024-K4;;;7;raar\n",
    );
    assert_eq!(read.lines.len(), 0);
    let faults = texts(&read.faults);
    for (at, cell, expected) in [
        (0, "cel B2", "is geen periode"),
        (1, "cel C3", "\"<5\" is geen getal"),
        (2, "cel B4", "De periode ontbreekt"),
        (3, "cel C5", "één getal"),
        (4, "cel C6", "duizenden met punten"),
        (5, "cel D6", "\"veel\" is geen getal"),
        (6, "cel F7", "\"raar\" kennen we niet"),
    ] {
        assert!(faults[at].starts_with(cell) && faults[at].contains(expected), "{expected}: {faults:?}");
    }
}

#[test]
fn without_figures_it_says_so() {
    for (text, expected) in [
        ("zomaar;iets\n1;2\n", "geen rij met kolomkoppen"),
        ("indicator;periode;waarde\nverzuim;2024-K3;\n", "nog geen enkel cijfer"),
        ("\n\n", "Het bestand is leeg"),
    ] {
        let read = of_csv(text);
        assert_eq!((read.lines.len(), read.faults.len()), (0, 1));
        assert!(read.faults[0].text.contains(expected), "{:?}", read.faults);
    }
    let hidden = Table { sheets: vec![], hidden: vec!["Cijfers".into()] };
    let read = read(&hidden, &catalogue(), None);
    assert!(read.faults[0].text.contains("verborgen blad"), "{:?}", read.faults);
}

#[test]
fn a_template_is_read_back() {
    let catalogue = catalogue();
    let period = PartialDate::parse("2024-K3").unwrap();
    let before = Measurement {
        indicator: "verzuim".into(),
        organisation: "voorbeeldzorg".into(),
        period: PartialDate::parse("2024-K2"),
        numerator: Some(65.0),
        denominator: Some(1000.0),
        ..Measurement::default()
    };
    let form =
        template::form(&catalogue, &catalogue.organisations[0], period, &[before], Some("15 oktober 2024".into()));
    let csv = String::from_utf8(form.csv()).unwrap();
    assert!(csv.starts_with("\u{feff}organisatie;indicator;"), "{csv}");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 4, "{csv}");
    assert!(lines[1].contains(";2024-K2;6,5;") && lines[1].contains("'=wat er geteld is"), "{csv}");
    // Somebody fills in a numerator and a denominator, and a value.
    let filled = csv.replace(";2024-K2;6,5;;;", ";2024-K2;6,5;72;1.000;").replace(lines[2], &{
        let mut cells: Vec<&str> = lines[2].split(';').collect();
        cells[13] = "40";
        cells.join(";")
    });
    let read = read(&table::csv(filled.as_bytes()).unwrap(), &catalogue, None);
    assert_eq!(texts(&read.faults), [] as [String; 0]);
    assert_eq!(
        read.lines.iter().map(figure).collect::<Vec<_>>(),
        ["voorbeeldzorg verzuim 2024-K3 - 72/1000=· gemeld", "voorbeeldzorg mix 2024-K3 niveau-1 ·/·=40 gemeld"]
    );
    assert!(form.xlsx().unwrap().starts_with(b"PK"));
    assert_eq!(State::Reported, read.lines[0].measurement.state);
}
