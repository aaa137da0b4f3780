//! The rules of disclosure as an administrator reads and writes them: names, words, and between which bounds.
//!
//! Invariant: each rule may be stricter than the default, never laxer: who was promised the default keeps it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::benchmark::disclosure::policy::Policy;
use crate::domain::fault::{Fault, Place};

/// The rules as they are stored and shown. Numbers of members, shares in percents, months.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub minimum_leden: usize,
    pub minimum_anderen: usize,
    pub mediaan_vanaf: usize,
    pub kwartielen_vanaf: usize,
    pub decielen_vanaf: usize,
    /// Single values without a name; `None` is never.
    pub losse_waarden_vanaf: Option<usize>,
    pub grootste_aandeel: u32,
    pub grootste_aandeel_geld: u32,
    pub klein_personeel: u32,
    pub klein_clienten: u32,
    pub geld_na_maanden: u32,
    pub hele_procenten_onder: u32,
    pub eigen_waarde_nodig: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        let it = Policy::default();
        Rules {
            minimum_leden: it.members_min,
            minimum_anderen: it.others_min,
            mediaan_vanaf: it.median_from,
            kwartielen_vanaf: it.quartiles_from,
            decielen_vanaf: it.deciles_from,
            losse_waarden_vanaf: it.positions_from,
            grootste_aandeel: (it.dominance_max * 100.0).round() as u32,
            grootste_aandeel_geld: (it.dominance_max_finance * 100.0).round() as u32,
            klein_personeel: it.small_staff as u32,
            klein_clienten: it.small_clients as u32,
            geld_na_maanden: it.embargo_months,
            hele_procenten_onder: it.whole_percents_under as u32,
            eigen_waarde_nodig: it.asks_own_value,
        }
    }
}

impl Rules {
    pub(super) fn policy(self) -> Policy {
        Policy {
            members_min: self.minimum_leden,
            others_min: self.minimum_anderen,
            median_from: self.mediaan_vanaf,
            quartiles_from: self.kwartielen_vanaf,
            deciles_from: self.decielen_vanaf,
            positions_from: self.losse_waarden_vanaf,
            dominance_max: f64::from(self.grootste_aandeel) / 100.0,
            dominance_max_finance: f64::from(self.grootste_aandeel_geld) / 100.0,
            small_staff: f64::from(self.klein_personeel),
            small_clients: f64::from(self.klein_clienten),
            embargo_months: self.geld_na_maanden,
            whole_percents_under: f64::from(self.hele_procenten_onder),
            asks_own_value: self.eigen_waarde_nodig,
        }
    }

    /// What is laxer than the default, out of reach, or makes no ladder.
    pub(super) fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, text: String, mend: String| {
            faults.push(Fault::new(&Place::root().key(field), text, mend));
        };
        let values = json!(self);
        for it in FIELDS {
            if let (Bounds::Number { from, until, .. }, Some(value)) = (it.bounds, values[it.name].as_u64()) {
                let mend = format!("{from} tot en met {until}");
                if value < from {
                    wrong(it.name, format!("{value} is te laag"), mend);
                } else if until < value {
                    wrong(it.name, format!("{value} is te hoog"), mend);
                }
            }
        }
        for (field, value, least, below) in [
            ("mediaan_vanaf", self.mediaan_vanaf, self.minimum_leden, "het kleinste aantal leden"),
            ("kwartielen_vanaf", self.kwartielen_vanaf, self.mediaan_vanaf, "de mediaan"),
            ("decielen_vanaf", self.decielen_vanaf, self.kwartielen_vanaf, "de kwartielen"),
        ] {
            if value < least {
                wrong(field, format!("{value} is minder dan bij {below}"), format!("{least} of meer"));
            }
        }
        faults
    }

    /// The value of a rule as a form has it.
    pub fn text(&self, name: &str) -> String {
        match &json!(self)[name] {
            Value::Bool(true) => "ja".to_owned(),
            Value::Bool(false) => "nee".to_owned(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// From the values of a form, or what cannot be read.
    pub fn from_texts<'a>(value: impl Fn(&str) -> &'a str) -> Result<Rules, Vec<Fault>> {
        let mut values = Map::new();
        let mut faults = Vec::new();
        for it in FIELDS {
            let text = value(it.name).trim();
            let found = match (it.bounds, text) {
                (Bounds::YesNo, "ja") => Ok(json!(true)),
                (Bounds::YesNo, "nee") => Ok(json!(false)),
                (Bounds::YesNo, _) => Err("kies ja of nee"),
                (Bounds::Number { may_be_empty: true, .. }, "") => Ok(Value::Null),
                (Bounds::Number { .. }, text) => {
                    text.parse::<u32>().map(|it| json!(it)).map_err(|_| "schrijf een heel getal, zonder punt of komma")
                }
            };
            match found {
                Ok(value) => _ = values.insert(it.name.to_owned(), value),
                Err(mend) => {
                    let shown: String = text.chars().take(40).collect();
                    let wrong =
                        if text.is_empty() { "dit is leeg".into() } else { format!("\"{shown}\" kan hier niet") };
                    faults.push(Fault::new(&Place::root().key(it.name), wrong, mend));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        serde_json::from_value(Value::Object(values))
            .map_err(|error| vec![Fault::new(&Place::root(), error.to_string(), "")])
    }
}

/// What a rule may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    Number {
        from: u64,
        until: u64,
        /// Empty is never.
        may_be_empty: bool,
    },
    YesNo,
}

/// One rule in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleField {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub bounds: Bounds,
}

const fn number(name: &'static str, label: &'static str, hint: &'static str, from: u64, until: u64) -> RuleField {
    RuleField { name, label, hint, bounds: Bounds::Number { from, until, may_be_empty: false } }
}

/// All rules, in the order of the page.
pub const FIELDS: &[RuleField] = &[
    number(
        "minimum_leden",
        "Kleinste groep",
        "leden met een cijfer, wie kijkt meegeteld; daaronder is niets te zien",
        5,
        1_000,
    ),
    number("minimum_anderen", "Kleinste aantal anderen", "leden met een cijfer naast wie kijkt", 4, 1_000),
    number("mediaan_vanaf", "Mediaan vanaf", "leden met een cijfer", 5, 1_000),
    number("kwartielen_vanaf", "Kwartielen vanaf", "leden met een cijfer", 12, 1_000),
    number("decielen_vanaf", "Decielen vanaf", "leden met een cijfer", 30, 1_000),
    RuleField {
        name: "losse_waarden_vanaf",
        label: "Losse punten zonder naam vanaf",
        hint: "leden met een cijfer; leeg is nooit",
        bounds: Bounds::Number { from: 20, until: 1_000, may_be_empty: true },
    },
    number(
        "grootste_aandeel",
        "Grootste aandeel van één lid",
        "procent van de noemer; telt een lid zwaarder, dan is de groep dicht",
        1,
        50,
    ),
    number("grootste_aandeel_geld", "Hetzelfde voor geld en beloning", "procent van de noemer", 1, 25),
    number(
        "klein_personeel",
        "Kleine aantallen medewerkers",
        "van 1 tot en met dit aantal verborgen voor anderen",
        4,
        100,
    ),
    number(
        "klein_clienten",
        "Kleine aantallen cliënten en meldingen",
        "van 1 tot en met dit aantal verborgen voor anderen",
        7,
        100,
    ),
    number("geld_na_maanden", "Geld en beloning na", "maanden na het einde van de periode", 3, 60),
    number(
        "hele_procenten_onder",
        "Hele procenten onder",
        "een percentage van een kleinere noemer heeft geen cijfers achter de komma",
        100,
        100_000,
    ),
    RuleField {
        name: "eigen_waarde_nodig",
        label: "Wie zelf niet aanlevert, ziet geen cijfers van anderen",
        hint: "ja is strenger: alleen wie meedoet, kijkt mee",
        bounds: Bounds::YesNo,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_laxer_than_the_default() {
        let good = Rules::default();
        assert_eq!(good.check(), []);
        assert_eq!(Rules::from_texts(|name| good.text(name).leak()), Ok(good));
        let stricter = Rules { minimum_leden: 8, mediaan_vanaf: 8, losse_waarden_vanaf: None, ..good };
        assert_eq!(stricter.check(), []);
        for (rules, field) in [
            (Rules { minimum_leden: 4, ..good }, "minimum_leden"),
            (Rules { minimum_anderen: 3, ..good }, "minimum_anderen"),
            (Rules { minimum_leden: 6, ..good }, "mediaan_vanaf"),
            (Rules { kwartielen_vanaf: 11, ..good }, "kwartielen_vanaf"),
            (Rules { decielen_vanaf: 29, ..good }, "decielen_vanaf"),
            (Rules { losse_waarden_vanaf: Some(19), ..good }, "losse_waarden_vanaf"),
            (Rules { grootste_aandeel: 51, ..good }, "grootste_aandeel"),
            (Rules { grootste_aandeel: 0, ..good }, "grootste_aandeel"),
            (Rules { grootste_aandeel_geld: 26, ..good }, "grootste_aandeel_geld"),
            (Rules { klein_personeel: 3, ..good }, "klein_personeel"),
            (Rules { klein_clienten: 6, ..good }, "klein_clienten"),
            (Rules { geld_na_maanden: 2, ..good }, "geld_na_maanden"),
            (Rules { hele_procenten_onder: 99, ..good }, "hele_procenten_onder"),
            (Rules { minimum_leden: 1_001, mediaan_vanaf: 1_001, ..good }, "minimum_leden"),
        ] {
            let faults = rules.check();
            assert!(faults.iter().any(|it| it.place.to_string() == field), "{field}: {faults:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_said_per_field() {
        let good = Rules::default();
        let typed = |name: &str| match name {
            "minimum_leden" => "vijf",
            "eigen_waarde_nodig" => "",
            _ => good.text(name).leak(),
        };
        let places: Vec<String> = Rules::from_texts(typed).unwrap_err().iter().map(|it| it.place.to_string()).collect();
        assert_eq!(places, ["minimum_leden", "eigen_waarde_nodig"]);
    }
}
