//! Folding text to plain letters, and what may stand in an address.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without diacritics: "Cliëntenraad" -> "clientenraad", "Œuvre" -> "oeuvre".
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('`', "'");
    }
    let mut res = String::with_capacity(text.len());
    // These become a space and a mark when taken apart.
    let text = text.replace(['´', '`', '’', '‘'], "'");
    for c in text.nfkd().filter(|c| !is_mark(*c)) {
        match c {
            'ß' => res.push_str("ss"),
            'æ' | 'Æ' => res.push_str("ae"),
            'œ' | 'Œ' => res.push_str("oe"),
            'ø' | 'Ø' => res.push('o'),
            'ł' | 'Ł' => res.push('l'),
            'đ' | 'Đ' => res.push('d'),
            _ => res.extend(c.to_lowercase()),
        }
    }
    res
}

/// Whether a character is no letter but a mark on the one before it.
pub fn is_mark(c: char) -> bool {
    is_combining_mark(c)
}

/// Whether a text can stand in an address as it is: `[a-z0-9]` words joined by single "-", at most `MAX` long.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// The longest slug, in bytes.
pub const MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        for (text, folded) in [
            ("Cliëntenraad", "clientenraad"),
            ("´s Heeren ’t Loo", "'s heeren 't loo"),
            ("Œuvre, Bartiméus", "oeuvre, bartimeus"),
            ("cliënt", "client"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn slugs() {
        for good in ["a", "t-heem", "2024", "a-1"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a--b", "a-", "A", "a b", "é", &"a".repeat(MAX + 1)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
