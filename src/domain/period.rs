//! A moment as far as it is known: a year, a quarter, a month or a day.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::vocabulary::vocabulary;
use crate::text::dutch;

vocabulary! {
    /// How long a period of measuring is.
    Span {
        Month = "maand" "Maand",
        Quarter = "kwartaal" "Kwartaal",
        Year = "jaar" "Jaar",
    }
}

/// "2016", "2016-K3", "2016-09" or "2016-09-01". Years 1900 to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i32,
    part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Year,
    Quarter(u32),
    Month(u32),
    Day(NaiveDate),
}

/// How such a moment is written, for messages.
pub const FORMS: &str = "schrijf 2016, 2016-K3 (kwartaal), 2016-09 of 2016-09-01";

impl PartialDate {
    pub fn parse(text: &str) -> Option<PartialDate> {
        if !text.is_ascii() {
            return None;
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let year = digits(text.get(..4)?)? as i32;
        if !(1900..2200).contains(&year) {
            return None;
        }
        let part = match (text.len(), text.get(4..5)) {
            (4, _) => Part::Year,
            (7, Some("-")) => match text.get(5..7)?.strip_prefix('K') {
                Some(quarter) => Part::Quarter(digits(quarter).filter(|it| (1..=4).contains(it))?),
                None => Part::Month(digits(text.get(5..7)?).filter(|it| (1..=12).contains(it))?),
            },
            (10, Some("-")) => Part::Day(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?),
            _ => return None,
        };
        Some(PartialDate { year, part })
    }

    pub fn year(self) -> i32 {
        self.year
    }

    /// How long it is; a day has no span.
    pub fn span(self) -> Option<Span> {
        match self.part {
            Part::Year => Some(Span::Year),
            Part::Quarter(_) => Some(Span::Quarter),
            Part::Month(_) => Some(Span::Month),
            Part::Day(_) => None,
        }
    }

    /// The period of this length that holds a day.
    pub fn holding(day: NaiveDate, span: Span) -> PartialDate {
        let part = match span {
            Span::Year => Part::Year,
            Span::Quarter => Part::Quarter(day.month0() / 3 + 1),
            Span::Month => Part::Month(day.month()),
        };
        PartialDate { year: day.year(), part }
    }

    /// The period right before it, of the same length; a day has the day before.
    pub fn previous(self) -> PartialDate {
        let day = self.first_day().pred_opt().unwrap_or_default();
        self.of_same_length(day)
    }

    /// The period right after it, of the same length; a day has the day after.
    pub fn next(self) -> PartialDate {
        let day = self.last_day().succ_opt().unwrap_or_default();
        self.of_same_length(day)
    }

    fn of_same_length(self, day: NaiveDate) -> PartialDate {
        match self.span() {
            Some(span) => PartialDate::holding(day, span),
            None => PartialDate { year: day.year(), part: Part::Day(day) },
        }
    }

    /// The first day it can mean.
    pub fn first_day(self) -> NaiveDate {
        let month = match self.part {
            Part::Day(day) => return day,
            Part::Year => 1,
            Part::Quarter(quarter) => 3 * quarter - 2,
            Part::Month(month) => month,
        };
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// Whether there is a day that both can mean.
    pub fn overlaps(self, other: PartialDate) -> bool {
        self.first_day() <= other.last_day() && other.first_day() <= self.last_day()
    }

    /// The last day it can mean.
    pub fn last_day(self) -> NaiveDate {
        let (year, month) = match self.part {
            Part::Day(day) => return day,
            Part::Year | Part::Quarter(4) | Part::Month(12) => (self.year + 1, 1),
            Part::Quarter(quarter) => (self.year, 3 * quarter + 1),
            Part::Month(month) => (self.year, month + 1),
        };
        NaiveDate::from_ymd_opt(year, month, 1).and_then(|it| it.pred_opt()).unwrap_or_default()
    }

    /// As a page says it: "2016", "3e kwartaal 2016", "september 2016", "1 september 2016".
    pub fn dutch(self) -> String {
        match self.part {
            Part::Year => self.year.to_string(),
            Part::Quarter(quarter) => format!("{quarter}e kwartaal {}", self.year),
            Part::Month(month) => format!("{} {}", dutch::month(month), self.year),
            Part::Day(day) => dutch::date(day),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Year => write!(f, "{:04}", self.year),
            Part::Quarter(quarter) => write!(f, "{:04}-K{quarter}", self.year),
            Part::Month(month) => write!(f, "{:04}-{month:02}", self.year),
            Part::Day(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;

    fn try_from(text: String) -> Result<PartialDate, String> {
        PartialDate::parse(&text).ok_or_else(|| format!("\"{text}\" is geen datum; {FORMS}"))
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours() {
        for (text, before, after) in [
            ("2024", "2023", "2025"),
            ("2024-K1", "2023-K4", "2024-K2"),
            ("2023-12", "2023-11", "2024-01"),
            ("2024-02-29", "2024-02-28", "2024-03-01"),
        ] {
            let period = PartialDate::parse(text).unwrap();
            assert_eq!((period.previous().to_string().as_str(), period.next().to_string().as_str()), (before, after));
        }
    }

    #[test]
    fn forms() {
        for (text, dutch, last) in [
            ("2016", "2016", "2016-12-31"),
            ("2016-K3", "3e kwartaal 2016", "2016-09-30"),
            ("2018-K4", "4e kwartaal 2018", "2018-12-31"),
            ("2016-02", "februari 2016", "2016-02-29"),
            ("2016-09-01", "1 september 2016", "2016-09-01"),
        ] {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!((date.to_string().as_str(), date.dutch().as_str()), (text, dutch));
            assert_eq!(date.last_day().to_string(), last);
        }
        for bad in ["", "16", "2016-13", "2016-K5", "2016-02-30", "2016-1", "1899", "2016é", "20é6", "+016", "2016-+1"]
        {
            assert_eq!(PartialDate::parse(bad), None, "{bad}");
        }
    }
}
