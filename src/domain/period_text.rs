//! Periods as people type them: "2024-K3", "Q3 2024", "3e kwartaal 2024", "sep-24", "2024".

use chrono::NaiveDate;

use crate::domain::period::PartialDate;
use crate::text::slug::fold;

const MONTHS: &[(&str, u32)] = &[
    ("januari", 1),
    ("februari", 2),
    ("maart", 3),
    ("april", 4),
    ("mei", 5),
    ("juni", 6),
    ("juli", 7),
    ("augustus", 8),
    ("september", 9),
    ("oktober", 10),
    ("november", 11),
    ("december", 12),
    ("mrt", 3),
    ("may", 5),
    ("march", 3),
    ("october", 10),
    ("oct", 10),
];
const ORDINALS: &[(&str, u32)] = &[("eerste", 1), ("tweede", 2), ("derde", 3), ("vierde", 4)];

/// The period a text names; `None` when it names none.
pub fn read(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    if let Some(exact) = PartialDate::parse(text) {
        return Some(exact);
    }
    if text.is_empty() || 40 < text.len() {
        return None;
    }
    let folded = fold(text);
    day(&folded).or_else(|| of_words(&folded))
}

/// "30-09-2024", "30/9/2024", "2024/09/30", with or without a time of the day after it.
fn day(text: &str) -> Option<PartialDate> {
    let date = text.split([' ', 't']).next()?;
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |it: &str| it.bytes().all(|b| b.is_ascii_digit()).then(|| it.parse::<u32>().ok()).flatten();
    let (a, month, c) = (number(a)?, number(b)?, number(c)?);
    let (year, day) = if parts[0].len() == 4 { (a, c) } else { (c, a) };
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    PartialDate::parse(&day.format("%Y-%m-%d").to_string())
}

/// Words and numbers in any order: one year, and at most one quarter or month.
fn of_words(text: &str) -> Option<PartialDate> {
    let mut words: Vec<String> = Vec::new();
    let mut was = None;
    for c in text.chars() {
        let kind = match c {
            c if c.is_ascii_digit() => 0,
            c if c.is_alphabetic() => 1,
            ' ' | '-' | '/' | '.' | '\'' | '_' | ',' => {
                was = None;
                continue;
            }
            _ => return None,
        };
        if was != Some(kind) {
            words.push(String::new());
        }
        was = Some(kind);
        words.last_mut()?.push(c);
    }
    let (mut year, mut quarter, mut month, mut small) = (None, None, None, Vec::new());
    let (mut is_quarter, mut is_month) = (false, false);
    for word in &words {
        match word.as_str() {
            "e" | "de" | "het" | "jaar" | "van" | "in" | "periode" => (),
            "k" | "q" | "kw" | "kwartaal" | "kwart" | "quarter" | "qtr" | "kwrt" => is_quarter = true,
            "m" | "maand" => is_month = true,
            digits if digits.bytes().all(|it| it.is_ascii_digit()) => {
                let value: u32 = digits.parse().ok()?;
                match digits.len() {
                    4 if year.is_none() => year = Some(value),
                    1 | 2 => small.push((digits.len(), value)),
                    _ => return None,
                }
            }
            other => match ORDINALS.iter().find(|it| it.0 == other) {
                Some((_, number)) => quarter = Some(*number),
                None => {
                    let found =
                        MONTHS.iter().find(|it| it.0 == other || 3 <= other.len() && it.0.starts_with(other))?;
                    if month.replace(found.1).is_some() {
                        return None;
                    }
                }
            },
        }
    }
    // A year of two digits comes last.
    if year.is_none() && (month.is_some() || is_quarter) {
        let last = small.pop()?;
        year = (last.0 == 2).then_some(2000 + last.1);
    }
    let year = year?;
    match (is_quarter, month, quarter, &small[..]) {
        (true, None, None, [(_, it)]) if (1..=4).contains(it) => PartialDate::parse(&format!("{year}-K{it}")),
        (true, None, Some(it), []) if (1..=4).contains(&it) => PartialDate::parse(&format!("{year}-K{it}")),
        (false, Some(it), None, []) => PartialDate::parse(&format!("{year}-{it:02}")),
        (false, None, None, [(_, it)]) if (1..=12).contains(it) && (is_month || words.len() == 2) => {
            PartialDate::parse(&format!("{year}-{it:02}"))
        }
        (false, None, None, []) if !is_month => PartialDate::parse(&format!("{year}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expected) in [
            ("2024-K3", "2024-K3"),
            ("2024K3", "2024-K3"),
            ("2024 k3", "2024-K3"),
            ("K3 2024", "2024-K3"),
            ("Q3 2024", "2024-K3"),
            ("2024-Q3", "2024-K3"),
            ("Q3-24", "2024-K3"),
            ("3e kwartaal 2024", "2024-K3"),
            ("Derde kwartaal 2024", "2024-K3"),
            ("kwartaal 3 2024", "2024-K3"),
            ("KW3 2024", "2024-K3"),
            ("sep-24", "2024-09"),
            ("sept 2024", "2024-09"),
            ("September 2024", "2024-09"),
            ("mrt-24", "2024-03"),
            ("2024M09", "2024-09"),
            ("09-2024", "2024-09"),
            ("9/2024", "2024-09"),
            ("2024 09", "2024-09"),
            ("2024", "2024"),
            ("Jaar 2024", "2024"),
            ("30-09-2024", "2024-09-30"),
            ("30/9/2024", "2024-09-30"),
            ("2024-09-01 00:00:00", "2024-09-01"),
        ] {
            let found = read(text).map(|it| it.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        for bad in [
            "",
            "K5 2024",
            "2024-13",
            "kwartaal 2024",
            "24",
            "sep",
            "H1 2024",
            "2024 2025",
            "31-02-2024",
            "teller",
            "jan feb 2024",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
