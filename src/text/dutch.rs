//! How the Dutch write numbers and dates, and in which order they look names up.

use chrono::{Datelike, NaiveDate};

use super::slug::fold;

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// A number with thousand points and a decimal comma, no more decimals than it has: 7009.5 -> "7.009,5".
pub fn number(value: f64) -> String {
    let plain = format!("{}", value.abs());
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut res = String::new();
    if value < 0.0 {
        res.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if 0 < at && (whole.len() - at).is_multiple_of(3) {
            res.push('.');
        }
        res.push(digit);
    }
    if !decimals.is_empty() {
        res.push(',');
        res.push_str(decimals);
    }
    res
}

/// "21 november 2026".
pub fn date(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(day.month()), day.year())
}

/// The name of a month, 1 to 12; empty outside.
pub fn month(number: u32) -> &'static str {
    number.checked_sub(1).and_then(|at| MONTHS.get(at as usize)).copied().unwrap_or("")
}

/// The key under which a Dutch reader looks a name up: folded, without leading articles and "Stichting",
/// as in a register ("De Blije Borgh" stands under B, "’t Heem" under H).
pub fn sort_key(name: &str) -> String {
    let mut res = fold(name);
    loop {
        let rest = ["stichting ", "st. ", "de ", "het ", "een ", "'t ", "'s ", "'s-"]
            .iter()
            .find_map(|article| res.strip_prefix(article))
            .filter(|rest| !rest.trim().is_empty())
            .map(|rest| rest.trim_start().to_owned());
        match rest {
            Some(rest) => res = rest,
            None => break,
        }
    }
    res.retain(|c| c.is_alphanumeric() || c == ' ');
    res.trim().to_owned()
}

/// The letter of the register a name stands under: 'A' to 'Z', or '#'.
pub fn register_letter(name: &str) -> char {
    match sort_key(name).chars().next() {
        Some(c) if c.is_ascii_lowercase() => c.to_ascii_uppercase(),
        _ => '#',
    }
}

/// "1 document", "12 documenten".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", self::number(number as f64), if number == 1 { one } else { many })
}

/// "a", "a en b", "a, b en c".
pub fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} en {last}", first.join(", ")),
        few => few.concat(),
    }
}

/// With a capital at the start.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, text) in
            [(0.0, "0"), (7.9, "7,9"), (7009.0, "7.009"), (410000.0, "410.000"), (-1234.5, "-1.234,5"), (375.0, "375")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn lists() {
        for (names, text) in [(&[][..], ""), (&["a"], "a"), (&["a", "b"], "a en b"), (&["a", "b", "c"], "a, b en c")] {
            assert_eq!(listed(names), text);
        }
    }

    #[test]
    fn register() {
        for (name, letter) in [
            ("De Blije Borgh", 'B'),
            ("’t Heem", 'H'),
            ("'s Heeren Loo", 'H'),
            ("Stichting De Wever", 'W'),
            ("Émile", 'E'),
            ("7-Hoven", '#'),
            ("De", 'D'),
        ] {
            assert_eq!(register_letter(name), letter, "{name}");
        }
    }
}
