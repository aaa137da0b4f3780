//! Figures that look like those of a care organisation, and are not.

use crate::domain::part::Figure;
use crate::domain::period::PartialDate;

use super::LAST_YEAR;
use super::random::Random;

/// What is counted, in which unit, between which tenths.
const FIGURES: [(&str, &str, usize, usize); 10] = [
    ("Ziekteverzuim", "%", 30, 110),
    ("Uitstroom van medewerkers", "%", 50, 250),
    ("Personeel niet in loondienst", "%", 10, 180),
    ("Cliënttevredenheid", "rapportcijfer", 65, 95),
    ("Medewerkerstevredenheid", "rapportcijfer", 60, 90),
    ("Valincidenten per 1.000 zorgdagen", "incidenten", 10, 90),
    ("Medicatiefouten per 1.000 zorgdagen", "incidenten", 10, 70),
    ("Cliënten in zorg", "cliënten", 200, 9_000),
    ("Formatie", "fte", 100, 8_000),
    ("Wachttijd", "dagen", 30, 900),
];

/// From 1 to `most` figures, each name as a series of years.
pub(super) fn some(most: usize, year: usize, random: &mut Random) -> Vec<Figure> {
    let mut res = Vec::new();
    let count = random.between(1, most);
    while res.len() < count {
        let (name, unit, low, high) = *random.pick(&FIGURES);
        for year in year..=(year + random.below(3)).min(LAST_YEAR) {
            res.push(Figure {
                name: name.to_owned(),
                date: PartialDate::parse(&year.to_string()),
                value: random.between(low, high) as f64 / 10.0,
                unit: unit.to_owned(),
                note: Some("Verzonnen getal.".to_owned()),
                ..Figure::default()
            });
        }
    }
    res
}
