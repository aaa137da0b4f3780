//! The definitions of an indicator beside each other: what changed from one to the next, and which periods use which.

use crate::domain::comparison::Difference;
use crate::domain::indicator::{Definition, Indicator};
use crate::domain::period::PartialDate;
use crate::text::dutch;
use crate::web::comparison::{FieldDifference, side_by_side};

/// From one definition to the next.
pub struct Step {
    pub before: String,
    pub after: String,
    pub differences: Vec<FieldDifference>,
}

/// A definition with the periods that there are figures of.
pub struct Use {
    pub version: String,
    /// "2e kwartaal 2024 tot en met 3e kwartaal 2026 (10 perioden)".
    pub periods: String,
}

/// Each definition beside the one before it, the newest first; empty where there is one only.
pub fn steps(indicator: &Indicator) -> Vec<Step> {
    let pairs = indicator.definitions.windows(2).rev();
    pairs
        .filter_map(|it| match it {
            [before, after] => Some(Step {
                before: format!("Versie {}", before.version),
                after: format!("Versie {}", after.version),
                differences: side_by_side(differences(before, after)),
            }),
            _ => None,
        })
        .collect()
}

/// Which definition the periods with figures use, newest first. `periods` are those there are figures of.
pub fn uses(indicator: &Indicator, periods: &[PartialDate]) -> Vec<Use> {
    let of = |it: &Definition| {
        let is_same =
            |period: &&PartialDate| indicator.definition_at(**period).is_some_and(|at| at.version == it.version);
        let mut used: Vec<&PartialDate> = periods.iter().filter(is_same).collect();
        used.sort_by_key(|it| it.first_day());
        let periods = match (used.first(), used.last()) {
            (Some(first), Some(last)) if first != last => format!(
                "{} tot en met {} ({})",
                first.dutch(),
                last.dutch(),
                dutch::count(used.len(), "periode", "perioden")
            ),
            (Some(only), _) => only.dutch(),
            _ => "nog geen periode met cijfers".to_owned(),
        };
        Use { version: it.version.clone(), periods }
    };
    indicator.definitions.iter().rev().map(of).collect()
}

/// The fields that differ, in the order of the form; the name and the validity of the version differ by themselves.
fn differences(before: &Definition, after: &Definition) -> Vec<Difference> {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let fields = [
        ("teller", before.numerator.clone(), after.numerator.clone()),
        ("noemer", text(&before.denominator), text(&after.denominator)),
        ("profiel", text(&before.profile), text(&after.profile)),
        ("profielversie", text(&before.profile_version), text(&after.profile_version)),
        ("toelichting", text(&before.note), text(&after.note)),
    ];
    let label = |name: &str| Definition::FIELDS.iter().find(|it| it.name == name).map_or("", |it| it.label);
    let differ = fields.into_iter().filter(|it| it.1 != it.2);
    differ.map(|(name, before, after)| Difference { name, label: label(name), before, after }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_definition_beside_the_one_before() {
        let moment = |it: &str| PartialDate::parse(it);
        let definition = |version: &str, from, until, denominator: &str| Definition {
            version: version.into(),
            from,
            until,
            numerator: "ziektedagen".into(),
            denominator: Some(denominator.into()),
            ..Definition::default()
        };
        let indicator = Indicator {
            definitions: vec![
                definition("1", None, moment("2023"), "dagen"),
                definition("2", moment("2024"), moment("2025"), "beschikbare dagen"),
                definition("3", moment("2026"), None, "beschikbare dagen"),
            ],
            ..Indicator::default()
        };
        let steps = steps(&indicator);
        let found: Vec<(&str, &str, Vec<&str>)> = steps
            .iter()
            .map(|it| (it.before.as_str(), it.after.as_str(), it.differences.iter().map(|it| it.label).collect()))
            .collect();
        assert_eq!(found, [("Versie 2", "Versie 3", vec![]), ("Versie 1", "Versie 2", vec!["Noemer"])]);
        let periods: Vec<PartialDate> =
            ["2024-K2", "2023-K4", "2024-K1", "2023-K3"].iter().filter_map(|it| moment(it)).collect();
        let found: Vec<(String, String)> =
            uses(&indicator, &periods).into_iter().map(|it| (it.version, it.periods)).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            found,
            [
                pair("3", "nog geen periode met cijfers"),
                pair("2", "1e kwartaal 2024 tot en met 2e kwartaal 2024 (2 perioden)"),
                pair("1", "3e kwartaal 2023 tot en met 4e kwartaal 2023 (2 perioden)"),
            ]
        );
        assert!(steps_of_one().is_empty());
    }

    fn steps_of_one() -> Vec<Step> {
        steps(&Indicator { definitions: vec![Definition::default()], ..Indicator::default() })
    }
}
