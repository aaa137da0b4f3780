//! A question of one member to another: how do you do this? Only to members that chose to be named and to be asked.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::{AccountId, InquiryId};
use crate::domain::indicator::IndicatorGroup;
use crate::domain::network::{MayBeAsked, Member, Network, Sharing};

/// The shortest and longest text of a question or an answer, in characters.
pub const TEXT_MIN: usize = 15;
pub const QUESTION_MAX: usize = 1_000;
pub const ANSWER_MAX: usize = 4_000;
/// How many questions somebody may ask in a day.
pub const PER_DAY: usize = 5;
/// How long a question is kept, in days; so long it can be answered, and so long it is not asked again.
pub const DAYS: u64 = 60;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    pub id: InquiryId,
    pub asked_by: AccountId,
    /// The slug of the organisation that asks.
    pub asker: String,
    /// The slug of the organisation that is asked.
    pub organisation: String,
    /// The slug of the indicator.
    pub indicator: String,
    pub question: String,
    pub asked_at: DateTime<Utc>,
    pub answered_by: Option<AccountId>,
    pub answered_at: Option<DateTime<Utc>>,
}

/// The organisations whose people may ask this one about a group of indicators on a day: those in a network where it
/// shows its name and lets itself be asked. Empty where it did not choose so.
pub fn askers<'a>(
    networks: &'a [Network],
    organisation: &str,
    group: IndicatorGroup,
    today: NaiveDate,
) -> BTreeSet<&'a str> {
    let is_member = |it: &&Member| {
        it.from.is_none_or(|from| from.first_day() <= today) && it.until.is_none_or(|it| today <= it.last_day())
    };
    let mut res = BTreeSet::new();
    for network in networks.iter().filter(|it| it.until.is_none_or(|until| today <= until.last_day())) {
        let lets = |it: &Member| {
            it.organisation == organisation
                && it.sharing(group) == Sharing::Named
                && it.may_be_asked == Some(MayBeAsked::Yes)
        };
        if network.members.iter().filter(is_member).any(lets) {
            res.extend(network.members.iter().filter(is_member).map(|it| it.organisation.as_str()));
        }
    }
    res.remove(organisation);
    res
}

/// A text as it is sent, or what is wrong with it.
pub fn text(field: &str, typed: &str, most: usize) -> Result<String, Fault> {
    let place = Place::root().key(field);
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    let count = text.chars().count();
    if count < TEXT_MIN {
        let mend = "schrijf in een paar zinnen wat u wilt zeggen";
        return Err(Fault::new(&place, if count == 0 { "er staat nog niets" } else { "dit is wel erg kort" }, mend));
    }
    if most < count {
        let wrong = format!("de tekst is {count} tekens lang");
        return Err(Fault::new(&place, wrong, format!("hoogstens {most} tekens")));
    }
    if let Some(number) = citizen_number::find(&text) {
        let wrong = format!("\"{number}\" heeft de vorm van een burgerservicenummer en wordt niet verstuurd");
        let mend = "gegevens van cliënten mogen hier niet staan; haal het nummer weg";
        return Err(Fault::new(&place, wrong, mend));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_who_chose_both_is_asked_and_only_by_members() {
        let network = |value: serde_json::Value| serde_json::from_value::<Network>(value).unwrap();
        let named = json!([{ "groep": "verzuim", "vorm": "met-naam" }]);
        let networks = [
            network(json!({ "slug": "kring", "naam": "Kring", "leden": [
                { "organisatie": "ja", "deelt": named, "vragen": "ja" },
                { "organisatie": "nee", "deelt": named, "vragen": "nee" },
                { "organisatie": "stil", "deelt": named },
                { "organisatie": "naamloos", "vragen": "ja" },
                { "organisatie": "weg", "tot": "2025", "deelt": named, "vragen": "ja" },
                { "organisatie": "vrager" },
            ] })),
            network(
                json!({ "slug": "ander", "naam": "Ander", "leden": [{ "organisatie": "ja" }, { "organisatie": "elders" }] }),
            ),
            network(json!({ "slug": "oud", "naam": "Oud", "tot": "2024", "leden": [
                { "organisatie": "nee", "deelt": named, "vragen": "ja" }, { "organisatie": "vrager" },
            ] })),
        ];
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        for (organisation, group, expected) in [
            ("ja", IndicatorGroup::Absence, &["naamloos", "nee", "stil", "vrager"][..]),
            ("ja", IndicatorGroup::Finance, &[]),
            ("nee", IndicatorGroup::Absence, &[]),
            ("stil", IndicatorGroup::Absence, &[]),
            ("naamloos", IndicatorGroup::Absence, &[]),
            ("weg", IndicatorGroup::Absence, &[]),
            ("bestaat-niet", IndicatorGroup::Absence, &[]),
        ] {
            let found: Vec<&str> = askers(&networks, organisation, group, today).into_iter().collect();
            assert_eq!(found, expected, "{organisation}");
        }
    }

    #[test]
    fn texts() {
        let long = "a".repeat(QUESTION_MAX + 1);
        for (typed, expected) in [
            ("  Hoe roosteren jullie\r\nde nacht?  ", Ok("Hoe roosteren jullie\nde nacht?")),
            ("   ", Err("er staat nog niets")),
            ("Hoe dan?", Err("dit is wel erg kort")),
            (long.as_str(), Err("de tekst is 1001 tekens lang")),
            ("Het gaat om cliënt 111222333 hier", Err("burgerservicenummer")),
        ] {
            let found = text("vraag", typed, QUESTION_MAX).map_err(|it| it.to_string());
            let is_as_expected = match (&found, expected) {
                (Ok(found), Ok(expected)) => found == expected,
                (Err(fault), Err(expected)) => fault.contains(expected),
                _ => false,
            };
            assert!(is_as_expected, "{found:?} is not {expected:?}");
        }
    }
}
