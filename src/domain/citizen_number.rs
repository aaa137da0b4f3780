//! Citizen service numbers (BSN), which may stand in no text of this product.

/// The first run of exactly nine digits in a text that passes the eleven-test of the citizen service number
/// (weights 9, 8, .., 2, -1; sum divisible by 11). Dots and spaces between the digits are seen through.
/// Runs that belong to a longer number, a decimal or an address path are left alone.
pub fn find(text: &str) -> Option<String> {
    first(text, |_| true)
}

/// As [`find`], for text read from a file: only as such a number is written. In a table single spaces stand between
/// numbers too, and nine digits of several numbers are none.
pub fn find_printed(text: &str) -> Option<String> {
    first(text, |number| {
        let lengths = |c| number.split(c).map(str::len).collect::<Vec<_>>();
        let (dots, spaces) = (lengths('.'), lengths(' '));
        number.len() == 9 || dots == [4, 2, 3] || spaces == [4, 2, 3] || spaces == [3, 3, 3]
    })
}

fn first(text: &str, is_written: impl Fn(&str) -> bool) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let starts = chars[at].is_ascii_digit()
            && (at == 0 || !(chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], '/' | '-' | '_' | ',' | '=')));
        if !starts {
            at += 1;
            continue;
        }
        let (digits, end) = run(&chars, at);
        let ends = !chars.get(end).is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '%'));
        if digits.len() == 9 && ends && passes(&digits) {
            let number: String = chars[at..end].iter().collect();
            if is_written(&number) {
                return Some(number);
            }
        }
        at = end.max(at + 1);
    }
    None
}

/// The digits from `start` on, single dots and spaces between them skipped, and where they end.
fn run(chars: &[char], start: usize) -> (Vec<u32>, usize) {
    let mut digits = Vec::new();
    let mut at = start;
    let mut end = start;
    while let Some(c) = chars.get(at) {
        if let Some(digit) = c.to_digit(10) {
            digits.push(digit);
            end = at + 1;
        } else if !matches!(c, '.' | ' ') || chars.get(at + 1).is_none_or(|next| !next.is_ascii_digit()) {
            break;
        }
        at += 1;
    }
    (digits, end)
}

fn passes(digits: &[u32]) -> bool {
    let sum: i64 =
        digits.iter().enumerate().map(|(n, digit)| i64::from(*digit) * if n == 8 { -1 } else { 9 - n as i64 }).sum();
    digits.iter().any(|it| *it != 0) && sum % 11 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_citizen_numbers_are_found() {
        for (text, found) in [
            ("bsn 111222333 van", true),
            ("1112.22.333", true),
            ("111222334", false),
            ("tel 0611122233", false),
            ("https://a.nl/111222333", false),
            ("000000000", false),
            ("in 2016 en 2017", false),
            ("410.000 bezoekers", false),
        ] {
            assert_eq!(find(text).is_some(), found, "{text}");
        }
    }

    #[test]
    fn in_print_nine_digits_of_several_numbers_are_none() {
        for (text, found) in [
            ("bsn 111222333 van", true),
            ("1112.22.333", true),
            ("1112 22 333", true),
            ("111 222 333", true),
            ("1112 2233 3", false),
            ("11 12 22 333 en 111222333", true),
            ("111.222.333", false),
        ] {
            assert_eq!(find_printed(text).is_some(), found, "{text}");
        }
    }
}
