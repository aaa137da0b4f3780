//! A moment as far as it is known: a year, a quarter, a month or a day.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::text::dutch;

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
