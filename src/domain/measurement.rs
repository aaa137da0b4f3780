//! A measurement: one figure of one organisation in one period, as it was delivered or published.
//!
//! Invariant: zero is a value; what is missing has no number. The value follows from numerator and denominator
//! wherever both are known.

use crate::domain::fault::{Fault, Place};
use crate::domain::field::{LINE, NAME, Shape, Target, fields};
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::vocabulary;
use crate::text::dutch;

vocabulary! {
    /// What a cell means.
    State, silent {
        Reported = "gemeld" "Gemeld",
        /// Reported and nothing: a value like any other.
        Zero = "nul" "Nul gemeld",
        Missing = "ontbreekt" "Ontbreekt",
        NotApplicable = "nvt" "Niet van toepassing",
        /// Its owner keeps it to itself.
        Suppressed = "onderdrukt" "Niet gedeeld",
        Estimated = "geschat" "Geschat",
        /// Reported again, differently, with a reason.
        Restated = "herzien" "Herzien",
    }
}

impl State {
    /// Whether there is a number.
    pub fn is_value(self) -> bool {
        matches!(self, State::Reported | State::Zero | State::Estimated | State::Restated)
    }
}

const AMOUNT: Shape = Shape::Number;

fields! {
    /// One figure.
    Measurement {
        indicator: String = "indicator" "Indicator", Shape::Reference(Target::Indicator), Required, "de code van de indicator";
        definition: Option<String> = "definitie" "Versie van de definitie", Shape::Line { max: 20 }, Optional, "leeg is de definitie die in deze periode gold";
        organisation: String = "organisatie" "Organisatie", Shape::Reference(Target::Organisation), Required, "de slug van de organisatie";
        location: Option<String> = "locatie" "Locatie", NAME, Optional, "de naam van de locatie; leeg is de hele organisatie";
        part: Option<String> = "deel" "Deel", Shape::Slug, Optional, "het deel van een samenstelling";
        period: Option<PartialDate> = "periode" "Periode", Shape::Moment, Required, "2024, 2024-K3 of 2024-09";
        state: State = "toestand" "Toestand", Shape::Choice(State::CHOICES), Optional, "gemeld, nul, ontbreekt, nvt, onderdrukt, geschat of herzien";
        numerator: Option<f64> = "teller" "Teller", AMOUNT, Optional, "wat er is geteld";
        denominator: Option<f64> = "noemer" "Noemer", AMOUNT, Optional, "waarvan of waarover";
        value: Option<f64> = "waarde" "Waarde", AMOUNT, Optional, "de waarde in de eenheid van de indicator, als teller en noemer niet bekend zijn";
        spread: Option<f64> = "spreiding" "Standaardafwijking", AMOUNT, Optional, "bij een gemiddelde: de standaardafwijking van de scores";
        detractors: Option<f64> = "criticasters" "Criticasters", AMOUNT, Optional, "bij een NPS: hoeveel een 0 tot en met 6 gaven; de teller is dan het aantal dat een 9 of 10 gaf";
        note: Option<String> = "toelichting" "Toelichting", LINE, Optional, "wat een lezer bij dit getal moet weten";
        source: Option<String> = "bron" "Bron", LINE, Optional, "waar het gepubliceerd is";
        page: Option<String> = "pagina" "Vindplaats", LINE, Optional, "waar het in de bron staat";
        record: Option<String> = "document" "Document", Shape::Reference(Target::Record), Optional, "de slug van het document waar het in staat";
    }
}

/// What makes a measurement the only one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub indicator: String,
    pub organisation: String,
    pub location: String,
    pub part: String,
    pub period: String,
}

impl Measurement {
    pub fn key(&self) -> Key {
        Key {
            indicator: self.indicator.clone(),
            organisation: self.organisation.clone(),
            location: self.location.clone().unwrap_or_default(),
            part: self.part.clone().unwrap_or_default(),
            period: self.period.map(String::from).unwrap_or_default(),
        }
    }

    /// The value in the unit of the indicator; `None` when there is no number.
    pub fn derived(&self, indicator: &Indicator) -> Option<f64> {
        derive(indicator, self.state, [self.numerator, self.denominator, self.detractors, self.value])
    }

    /// All that is wrong with it for its indicator. Places are its fields.
    pub fn check(&self, indicator: &Indicator) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, text: String, mend: String| {
            faults.push(Fault::new(&Place::root().key(field), text, mend));
        };
        match self.period.map(|it| (it, it.span())) {
            Some((_, Some(span))) if span == indicator.span => (),
            Some((period, _)) => {
                let form = example(indicator.span.word());
                let text = format!("{period} is geen {}", indicator.span.label().to_lowercase());
                wrong("periode", text, format!("deze indicator gaat per {}: schrijf {form}", indicator.span.word()));
            }
            None => (),
        }
        let versions = || indicator.definitions.iter().map(|it| it.version.as_str()).collect::<Vec<_>>().join(", ");
        match (&self.definition, self.period) {
            (Some(version), _) if indicator.definition(version).is_none() => {
                wrong("definitie", format!("versie \"{version}\" is niet bekend"), format!("kies uit {}", versions()));
            }
            (None, Some(period)) if indicator.definition_at(period).is_none() => {
                let text = format!("in {} gold geen definitie van deze indicator", period.dutch());
                wrong("definitie", text, format!("noem de versie die u gebruikte: {}", versions()));
            }
            _ => (),
        }
        let parts = || indicator.parts.iter().map(|it| it.code.as_str()).collect::<Vec<_>>().join(", ");
        match (&self.part, indicator.parts.is_empty()) {
            (Some(_), true) => wrong("deel", "deze indicator heeft geen delen".into(), "haal het deel weg".into()),
            (Some(part), false) if indicator.part(part).is_none() => {
                wrong("deel", format!("het deel \"{part}\" is niet bekend"), format!("kies uit {}", parts()));
            }
            (None, false) => wrong("deel", "het deel ontbreekt".into(), format!("kies uit {}", parts())),
            _ => (),
        }
        let numbers = [
            ("teller", self.numerator),
            ("noemer", self.denominator),
            ("waarde", self.value),
            ("spreiding", self.spread),
            ("criticasters", self.detractors),
        ];
        let may_be_negative = |field: &str| {
            field == "waarde" && matches!(indicator.kind, IndicatorKind::Nps | IndicatorKind::Ratio)
                || field == "teller" && indicator.kind == IndicatorKind::Ratio
        };
        for (field, number) in numbers {
            match number {
                Some(number) if !number.is_finite() => {
                    wrong(field, "dit is geen getal".into(), "schrijf een getal".into());
                }
                Some(number) if number < 0.0 && !may_be_negative(field) => {
                    wrong(field, format!("{number} is negatief"), "schrijf nul of meer".into());
                }
                Some(_) if !self.state.is_value() => {
                    let text = format!("bij \"{}\" hoort geen getal", self.state.label());
                    wrong(field, text, "haal het getal weg of kies toestand gemeld".into());
                }
                _ => (),
            }
        }
        if self.state.is_value() {
            faults.extend(self.check_numbers(indicator));
        }
        faults
    }

    /// Whether the numbers agree with each other.
    fn check_numbers(&self, indicator: &Indicator) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, text: String, mend: &str| {
            faults.push(Fault::new(&Place::root().key(field), text, mend));
        };
        if self.denominator == Some(0.0) && indicator.kind != IndicatorKind::Count {
            wrong("noemer", "de noemer is nul".into(), "kies toestand nvt als er niets te delen viel");
        }
        let is_part = matches!(indicator.kind, IndicatorKind::Proportion | IndicatorKind::Composition);
        if let (Some(numerator), Some(denominator)) = (self.numerator, self.denominator)
            && denominator > 0.0
        {
            let all = numerator + self.detractors.unwrap_or(0.0);
            if is_part && numerator > denominator {
                wrong(
                    "teller",
                    format!(
                        "de teller ({}) is groter dan de noemer ({})",
                        dutch::number(numerator),
                        dutch::number(denominator)
                    ),
                    "draai ze om of verbeter het getal",
                );
            }
            if indicator.kind == IndicatorKind::Nps && all > denominator {
                wrong(
                    "criticasters",
                    format!("samen {} van {} antwoorden", dutch::number(all), dutch::number(denominator)),
                    "promotors en criticasters zijn samen hoogstens de noemer",
                );
            }
        }
        if indicator.kind == IndicatorKind::Nps && self.numerator.is_some() != self.detractors.is_some() {
            wrong(
                "criticasters",
                "bij een NPS horen promotors én criticasters".into(),
                "vul teller en criticasters, of alleen de waarde",
            );
        }
        let derived =
            Measurement { value: None, ..self.clone() }.derived(indicator).filter(|_| self.numerator.is_some());
        match (derived, self.value) {
            (Some(derived), Some(value)) if (derived - value).abs() > tolerance(indicator) => {
                let derived = dutch::number((derived * 10_000.0).round() / 10_000.0);
                let text = format!("{} klopt niet met teller en noemer: die geven {derived}", dutch::number(value));
                wrong("waarde", text, "laat de waarde weg of verbeter een van de drie");
            }
            (None, None) if self.state == State::Zero => (),
            (None, None) if self.denominator == Some(0.0) => (),
            (None, None) => wrong(
                "waarde",
                "er staat geen getal".into(),
                "vul teller en noemer, of de waarde, of kies toestand ontbreekt",
            ),
            _ => (),
        }
        if self.state == State::Zero && derived.or(self.value).is_some_and(|it| it != 0.0) {
            wrong("toestand", "\"nul\" met een ander getal".into(), "kies toestand gemeld");
        }
        // Of a derived value the numerator and the denominator were named above.
        if let (true, None, Some(value)) = (is_part, derived, self.value)
            && value > indicator.multiplier() * 1.000_001
        {
            let text = format!("{} is meer dan het geheel", dutch::number(value));
            wrong("waarde", text, "schrijf het deel van het geheel");
        }
        faults
    }
}

/// The value that numerator, denominator, detractors and value as delivered come to, in the unit of the indicator.
pub fn derive(indicator: &Indicator, state: State, numbers: [Option<f64>; 4]) -> Option<f64> {
    if !state.is_value() {
        return None;
    }
    let [numerator, denominator, detractors, value] = numbers;
    let ratio = |numerator: f64, denominator: f64| {
        (denominator > 0.0).then(|| indicator.multiplier() * numerator / denominator)
    };
    let derived = match (indicator.kind, numerator, denominator) {
        (IndicatorKind::Count, Some(numerator), _) => Some(numerator),
        (IndicatorKind::Nps, Some(promoters), Some(all)) => {
            detractors.and_then(|detractors| ratio(promoters - detractors, all))
        }
        (_, Some(numerator), Some(denominator)) => ratio(numerator, denominator),
        _ => None,
    };
    derived.or(value).or((state == State::Zero).then_some(0.0))
}

/// Half a unit of the last digit shown, and a little for binary fractions.
fn tolerance(indicator: &Indicator) -> f64 {
    0.5 * 10f64.powi(-(indicator.digits() as i32)) + 1e-9
}

/// How a period of this length is written.
fn example(span: &str) -> &'static str {
    match span {
        "maand" => "2024-09",
        "kwartaal" => "2024-K3",
        _ => "2024",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::{Definition, Part};
    use crate::domain::period::Span;

    fn indicator(kind: IndicatorKind, factor: f64) -> Indicator {
        Indicator {
            slug: "voorbeeld".into(),
            kind,
            factor: Some(factor),
            span: Span::Quarter,
            definitions: vec![Definition { version: "1".into(), ..Definition::default() }],
            ..Indicator::default()
        }
    }

    fn measured(numerator: Option<f64>, denominator: Option<f64>, value: Option<f64>) -> Measurement {
        Measurement { period: PartialDate::parse("2024-K1"), numerator, denominator, value, ..Measurement::default() }
    }

    #[test]
    fn values() {
        for (kind, factor, measurement, expected) in [
            (IndicatorKind::Proportion, 100.0, measured(Some(65.0), Some(1000.0), None), Some(6.5)),
            (IndicatorKind::Proportion, 100.0, measured(Some(0.0), Some(1000.0), None), Some(0.0)),
            (IndicatorKind::Proportion, 100.0, measured(None, None, Some(7.9)), Some(7.9)),
            (IndicatorKind::Rate, 1000.0, measured(Some(20.0), Some(8000.0), None), Some(2.5)),
            (IndicatorKind::Count, 1.0, measured(Some(12.0), None, None), Some(12.0)),
            (
                IndicatorKind::Nps,
                100.0,
                Measurement { detractors: Some(10.0), ..measured(Some(30.0), Some(50.0), None) },
                Some(40.0),
            ),
            (
                IndicatorKind::Proportion,
                100.0,
                Measurement { state: State::Missing, ..measured(None, None, None) },
                None,
            ),
            (
                IndicatorKind::Proportion,
                100.0,
                Measurement { state: State::Zero, ..measured(None, None, None) },
                Some(0.0),
            ),
        ] {
            let indicator = indicator(kind, factor);
            assert_eq!(measurement.check(&indicator), vec![], "{measurement:?}");
            assert_eq!(measurement.derived(&indicator), expected, "{measurement:?}");
        }
    }

    #[test]
    fn faults_name_their_field() {
        let part = |code: &str| Part { code: code.into(), name: code.into() };
        let split = Indicator { parts: vec![part("a"), part("b")], ..indicator(IndicatorKind::Composition, 100.0) };
        let share = indicator(IndicatorKind::Proportion, 100.0);
        let nps = indicator(IndicatorKind::Nps, 100.0);
        let good = measured(Some(1.0), Some(4.0), None);
        for (indicator, measurement, field) in [
            (&share, Measurement { period: PartialDate::parse("2024"), ..good.clone() }, "periode"),
            (&share, Measurement { definition: Some("9".into()), ..good.clone() }, "definitie"),
            (&share, Measurement { part: Some("a".into()), ..good.clone() }, "deel"),
            (&split, good.clone(), "deel"),
            (&split, Measurement { part: Some("c".into()), ..good.clone() }, "deel"),
            (&share, measured(Some(5.0), Some(4.0), None), "teller"),
            (&share, measured(Some(-1.0), Some(4.0), None), "teller"),
            (&share, measured(Some(0.0), Some(0.0), None), "noemer"),
            (&share, measured(Some(1.0), Some(4.0), Some(26.0)), "waarde"),
            (&share, measured(None, None, Some(101.0)), "waarde"),
            (&share, measured(None, None, None), "waarde"),
            (&share, Measurement { state: State::Missing, ..good.clone() }, "teller"),
            (&share, Measurement { state: State::Zero, ..good.clone() }, "toestand"),
            (&nps, measured(Some(3.0), Some(4.0), None), "criticasters"),
            (&nps, Measurement { detractors: Some(2.0), ..measured(Some(3.0), Some(4.0), None) }, "criticasters"),
        ] {
            let faults = measurement.check(indicator);
            assert!(faults.iter().any(|it| it.place.to_string() == field), "{field}: {faults:?}");
        }
    }
}
