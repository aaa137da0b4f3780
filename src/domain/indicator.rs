//! An indicator: what is measured, how it is counted, how it may be compared, and which definition held when.
//!
//! Invariant: a measurement belongs to one definition of one indicator; a series breaks where the definition changes.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::domain::fault::{Fault, Place};
use crate::domain::field::{LINE, NAME, Shape, TEXT, Target, fields};
use crate::domain::part::Source;
use crate::domain::period::{PartialDate, Span};
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How the value comes about; this decides interval, funnel and control chart.
    IndicatorKind {
        /// Numerator is a part of the denominator.
        Proportion = "aandeel" "Aandeel",
        /// Events in an exposure: incidents per 1,000 client days.
        Rate = "per-eenheid" "Aantal per eenheid",
        /// Mean of scores; the denominator counts respondents.
        Mean = "gemiddelde" "Gemiddelde",
        /// Two amounts that are not parts of each other: fte per client, cost ratio.
        Ratio = "verhouding" "Verhouding",
        /// Parts that together make the whole.
        Composition = "samenstelling" "Samenstelling",
        Count = "aantal" "Aantal",
        /// Promoters minus detractors, from -100 to 100.
        Nps = "nps" "Aanbevelingsscore (NPS)",
    }
}

vocabulary! {
    /// Which way is better.
    Direction {
        Lower = "lager" "Lager is beter",
        Higher = "hoger" "Hoger is beter",
        Neutral = "neutraal" "Geen richting",
        /// Between two bounds is good.
        Band = "band" "Tussen twee grenzen is goed",
    }
}

vocabulary! {
    /// Where it is measured.
    Level {
        Organisation = "organisatie" "Organisatie",
        Location = "locatie" "Locatie",
    }
}

vocabulary! {
    /// Whose interest the rules of disclosure protect.
    Sensitivity {
        Ordinary = "gewoon" "Gewoon",
        /// Counts of staff: 1 to 4 are hidden from others.
        Staff = "personeel" "Aantallen medewerkers",
        /// Counts of clients or incidents: 1 to 7 are hidden from others.
        Client = "client" "Aantallen cliënten of meldingen",
        /// Money and pay: later and with a stricter limit on dominance.
        Finance = "financieel" "Geld en beloning",
    }
}

vocabulary! {
    /// Whether periods overlap.
    Overlap, silent {
        /// Each period stands by itself.
        Separate = "los" "Losse perioden",
        /// Rolling sums: barred from trend tests and control charts.
        Rolling = "voortschrijdend" "Voortschrijdende perioden",
    }
}

vocabulary! {
    /// The group an indicator stands in, also in the consent of a member.
    IndicatorGroup {
        Staffing = "personeel" "Personeel en inzet",
        Absence = "verzuim" "Verzuim",
        Turnover = "verloop" "In-, door- en uitstroom",
        Hired = "inhuur" "Inhuur",
        Occupancy = "capaciteit" "Cliënten en bezetting",
        Safety = "veiligheid" "Veiligheid en zorginhoud",
        Experience = "ervaring" "Ervaringen van cliënten en medewerkers",
        Learning = "leren" "Leren en toetsen",
        Finance = "financien" "Geld",
    }
}

fields! {
    /// One part of a composition.
    Part {
        code: String = "code" "Code", Shape::Slug, Required, "de code van dit deel in metingen";
        name: String = "naam" "Naam", NAME, Required, "hoe het deel heet";
    }
}

fields! {
    /// What was counted, from when to when.
    Definition {
        version: String = "versie" "Versie", Shape::Line { max: 20 }, Required, "de versie van de definitie, bijvoorbeeld 2023";
        from: Option<PartialDate> = "van" "Geldig van", Shape::Moment, Optional, "de eerste periode waarvoor deze definitie geldt";
        until: Option<PartialDate> = "tot" "Geldig tot en met", Shape::Moment, Optional, "de laatste periode waarvoor deze definitie geldt";
        numerator: String = "teller" "Teller", Shape::Line { max: 600 }, Required, "wat er boven de streep wordt geteld, in woorden";
        denominator: Option<String> = "noemer" "Noemer", Shape::Line { max: 600 }, Optional, "wat er onder de streep staat, in woorden";
        profile: Option<String> = "profiel" "Uitwisselprofiel", LINE, Optional, "waar de definitie vandaan komt";
        profile_version: Option<String> = "profielversie" "Versie van het profiel", Shape::Line { max: 60 }, Optional, "de versie van dat profiel";
        note: Option<String> = "toelichting" "Toelichting", Shape::Line { max: 1_000 }, Optional, "wat er anders is dan in andere definities";
    }
}

fields! {
    /// One indicator.
    Indicator {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de code, ook in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van de indicator";
        group: IndicatorGroup = "groep" "Groep", Shape::Choice(IndicatorGroup::CHOICES), Required, "waar de indicator bij hoort";
        kind: IndicatorKind = "soort" "Soort", Shape::Choice(IndicatorKind::CHOICES), Required, "hoe de waarde ontstaat";
        unit: String = "eenheid" "Eenheid", NAME, Required, "bijvoorbeeld %, fte, per 1.000 cliëntdagen of rapportcijfer";
        factor: Option<f64> = "factor" "Factor", Shape::Number, Optional, "waarmee teller gedeeld door noemer wordt vermenigvuldigd: 100 voor procenten; leeg is 1";
        decimals: Option<i32> = "decimalen" "Decimalen", Shape::Integer { min: 0, max: 4 }, Optional, "hoeveel cijfers achter de komma; leeg is 1";
        direction: Direction = "richting" "Richting", Shape::Choice(Direction::CHOICES), Required, "lager, hoger, neutraal of band";
        band_from: Option<f64> = "band_van" "Band van", Shape::Number, Optional, "de ondergrens van wat goed is";
        band_until: Option<f64> = "band_tot" "Band tot", Shape::Number, Optional, "de bovengrens van wat goed is";
        target: Option<f64> = "norm" "Norm", Shape::Number, Optional, "een norm die voor iedereen geldt";
        target_source: Option<String> = "norm_bron" "Waar de norm vandaan komt", LINE, Optional, "de bron van de norm";
        span: Span = "periode" "Periode", Shape::Choice(Span::CHOICES), Required, "maand, kwartaal of jaar";
        overlap: Overlap = "overlap" "Overlap", Shape::Choice(Overlap::CHOICES), Optional, "los of voortschrijdend";
        level: Level = "niveau" "Niveau", Shape::Choice(Level::CHOICES), Required, "organisatie of locatie";
        sensitivity: Sensitivity = "gevoeligheid" "Gevoeligheid", Shape::Choice(Sensitivity::CHOICES), Required, "gewoon, personeel, client of financieel";
        minimum_members: Option<i32> = "minimum_leden" "Minimum aantal leden", Shape::Integer { min: 5, max: 1_000 }, Optional, "als er meer leden nodig zijn dan het beleid zegt";
        dominance: Option<i32> = "dominantie" "Grootste aandeel", Shape::Integer { min: 1, max: 50 }, Optional, "het grootste deel van de noemer dat één lid mag hebben, in procenten, als dat minder is dan het beleid zegt";
        family: Option<String> = "noemergroep" "Noemergroep", Shape::Slug, Optional, "indicatoren met dezelfde noemer delen dit woord";
        plausible_from: Option<f64> = "aannemelijk_van" "Aannemelijk vanaf", Shape::Number, Optional, "lagere waarden krijgen een waarschuwing";
        plausible_until: Option<f64> = "aannemelijk_tot" "Aannemelijk tot", Shape::Number, Optional, "hogere waarden krijgen een waarschuwing";
        parts: Vec<Part> = "delen" "Delen", Shape::Groups(Part::FIELDS, 20), Optional, "de delen van een samenstelling";
        why: String = "waarom" "Waarom dit ertoe doet", TEXT, Required, "waarom een zorgorganisatie dit wil weten";
        reading: Option<String> = "lezen" "Hoe u het leest", TEXT, Optional, "waar een lezer op moet letten";
        effort: Option<String> = "moeite" "Hoeveel werk het is", LINE, Optional, "waar het getal vandaan komt en hoe lang dat duurt";
        themes: Vec<String> = "themas" "Thema’s", Shape::References(Target::Theme, 8), Optional, "de thema’s met praktijken die dit getal bewegen";
        keywords: Vec<String> = "trefwoorden" "Trefwoorden", Shape::Lines { most: 20, max: 60 }, Optional, "woorden die praktijken bij dit getal vinden";
        owner: Option<String> = "eigenaar" "Eigenaar", LINE, Optional, "de rol die over de definitie gaat, nooit een persoon";
        review_by: Option<NaiveDate> = "herzien_voor" "Herzien vóór", Shape::Day, Optional, "wanneer de definitie opnieuw bekeken wordt";
        definitions: Vec<Definition> = "definities" "Definities", Shape::Groups(Definition::FIELDS, 20), Required, "wat er geteld wordt, oudste eerst";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 20), Optional, "waar dit staat";
    }
}

impl Indicator {
    /// What numerator / denominator is multiplied with; 1 when nothing is said.
    pub fn multiplier(&self) -> f64 {
        self.factor.unwrap_or(1.0)
    }

    /// Digits behind the comma on a page.
    pub fn digits(&self) -> usize {
        self.decimals.and_then(|it| usize::try_from(it).ok()).unwrap_or(1)
    }

    /// The name of the denominator: indicators with the same one are guarded together.
    pub fn denominator_family(&self) -> &str {
        self.family.as_deref().unwrap_or(&self.slug)
    }

    /// Whether figures of a period are asked for: it is as long as its own, and a definition held.
    pub fn is_asked_in(&self, period: PartialDate) -> bool {
        Some(self.span) == period.span() && self.definition_at(period).is_some()
    }

    /// The definition in force at the end of a period.
    pub fn definition_at(&self, period: PartialDate) -> Option<&Definition> {
        self.definitions.iter().rev().find(|it| it.holds(period))
    }

    pub fn definition(&self, version: &str) -> Option<&Definition> {
        self.definitions.iter().find(|it| it.version == version)
    }

    pub fn part(&self, code: &str) -> Option<&Part> {
        self.parts.iter().find(|it| it.code == code)
    }

    /// The rules between its fields.
    pub fn check_rules(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, text: &str, mend: &str| {
            faults.push(Fault::new(&Place::root().key(field), text.to_owned(), mend));
        };
        if self.factor.is_some_and(|it| it <= 0.0) {
            wrong("factor", "de factor moet groter dan nul zijn", "100 voor procenten, 1000 voor per duizend");
        }
        match (self.direction, self.band_from, self.band_until) {
            (Direction::Band, Some(low), Some(high)) if low < high => (),
            (Direction::Band, ..) => {
                wrong("band_van", "bij richting band horen twee grenzen", "vul band_van en band_tot, de laagste eerst");
            }
            (_, None, None) => (),
            _ => wrong("band_van", "grenzen horen bij richting band", "kies richting band of haal de grenzen weg"),
        }
        if let (Some(low), Some(high)) = (self.plausible_from, self.plausible_until)
            && high <= low
        {
            wrong(
                "aannemelijk_tot",
                "de bovengrens ligt niet boven de ondergrens",
                "vul de laagste waarde bij aannemelijk_van",
            );
        }
        match (self.kind, self.parts.len()) {
            (IndicatorKind::Composition, 0 | 1) => {
                wrong("delen", "een samenstelling heeft twee delen of meer", "noem elk deel met code en naam");
            }
            (IndicatorKind::Composition, _) | (_, 0) => (),
            _ => {
                wrong("delen", "alleen een samenstelling heeft delen", "haal de delen weg of kies soort samenstelling")
            }
        }
        let mut codes = HashSet::new();
        for (at, part) in self.parts.iter().enumerate() {
            if !codes.insert(&part.code) {
                let place = Place::root().key("delen").at(at);
                faults.push(Fault::new(
                    &place,
                    format!("de code \"{}\" staat er al", part.code),
                    "kies een andere code",
                ));
            }
        }
        let needs_denominator = !matches!(self.kind, IndicatorKind::Count);
        let mut versions = HashSet::new();
        for (at, it) in self.definitions.iter().enumerate() {
            let place = Place::root().key("definities").at(at);
            if !versions.insert(&it.version) {
                let text = format!("versie \"{}\" staat er al", it.version);
                faults.push(Fault::new(&place.key("versie"), text, "geef elke definitie een eigen versie"));
            }
            if let (Some(from), Some(until)) = (it.from, it.until)
                && until.last_day() < from.first_day()
            {
                faults.push(Fault::new(&place.key("tot"), "het einde ligt voor het begin", "draai ze om"));
            }
            if needs_denominator && it.denominator.is_none() {
                let mend = "schrijf in woorden waardoor de teller wordt gedeeld";
                faults.push(Fault::new(&place.key("noemer"), "bij deze soort hoort een noemer", mend));
            }
            let clash = self.definitions[..at].iter().any(|other| other.overlaps(it));
            if clash {
                let text = "deze definitie geldt tegelijk met een eerdere";
                faults.push(Fault::new(&place.key("van"), text, "laat de eerdere eindigen voor deze begint"));
            }
        }
        faults
    }
}

impl Definition {
    /// Whether it is in force at the end of a period.
    fn holds(&self, period: PartialDate) -> bool {
        let day = period.last_day();
        self.from.is_none_or(|it| it.first_day() <= day) && self.until.is_none_or(|it| day <= it.last_day())
    }

    fn overlaps(&self, other: &Definition) -> bool {
        let begins_before_end = |a: &Definition, b: &Definition| match (a.from, b.until) {
            (Some(from), Some(until)) => from.first_day() <= until.last_day(),
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(version: &str, from: Option<&str>, until: Option<&str>) -> Definition {
        let moment = |it: Option<&str>| it.and_then(PartialDate::parse);
        Definition {
            version: version.into(),
            from: moment(from),
            until: moment(until),
            numerator: "ziektedagen".into(),
            denominator: Some("beschikbare dagen".into()),
            ..Definition::default()
        }
    }

    #[test]
    fn the_definition_in_force_is_that_of_the_end_of_the_period() {
        let indicator = Indicator {
            definitions: vec![definition("1", None, Some("2023")), definition("2", Some("2024"), None)],
            ..Indicator::default()
        };
        assert_eq!(indicator.check_rules(), vec![]);
        for (period, version) in [("2020", "1"), ("2023-K4", "1"), ("2024-K1", "2"), ("2030-05", "2")] {
            let found = indicator.definition_at(PartialDate::parse(period).unwrap()).unwrap();
            assert_eq!(found.version, version, "{period}");
        }
    }

    #[test]
    fn rules() {
        let good = Indicator { definitions: vec![definition("1", None, None)], ..Indicator::default() };
        let number = |n: usize| (0..n).map(|at| Part { code: format!("d{at}"), name: "Deel".into() }).collect();
        for (indicator, field) in [
            (Indicator { factor: Some(0.0), ..good.clone() }, "factor"),
            (
                Indicator { direction: Direction::Band, band_from: Some(9.0), band_until: Some(8.0), ..good.clone() },
                "band_van",
            ),
            (Indicator { band_from: Some(1.0), ..good.clone() }, "band_van"),
            (Indicator { plausible_from: Some(5.0), plausible_until: Some(5.0), ..good.clone() }, "aannemelijk_tot"),
            (Indicator { kind: IndicatorKind::Composition, parts: number(1), ..good.clone() }, "delen"),
            (Indicator { parts: number(2), ..good.clone() }, "delen"),
            (
                Indicator {
                    definitions: vec![definition("1", None, None), definition("2", Some("2024"), None)],
                    ..good.clone()
                },
                "definities 2, van",
            ),
            (
                Indicator {
                    definitions: vec![Definition { denominator: None, ..definition("1", None, None) }],
                    ..good
                },
                "definities 1, noemer",
            ),
        ] {
            let faults = indicator.check_rules();
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].place.to_string().starts_with(field), "{} is not {field}", faults[0].place);
        }
    }
}
