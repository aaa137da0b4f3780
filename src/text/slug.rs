//! Folding text to plain letters, and the slugs of addresses made from it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without diacritics: "Cliëntenraad" -> "clientenraad", "Œuvre" -> "oeuvre".
pub fn fold(text: &str) -> String {
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

/// The slug of a name: folded, "&" read as "en", apostrophes dropped, every other run of signs one "-".
pub fn slugify(name: &str) -> String {
    let mut res = String::new();
    for c in fold(name).chars() {
        match c {
            'a'..='z' | '0'..='9' => res.push(c),
            '\'' => (),
            '&' => {
                gap(&mut res);
                res.push_str("en-");
            }
            _ => gap(&mut res),
        }
    }
    res.trim_matches('-').to_owned()
}

fn gap(res: &mut String) {
    if !res.is_empty() && !res.ends_with('-') {
        res.push('-');
    }
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
    fn names_become_slugs() {
        for (name, slug) in [
            ("'s Heeren Loo", "s-heeren-loo"),
            ("’t Heem", "t-heem"),
            ("´s Heeren Loo", "s-heeren-loo"),
            ("Waardigheid & trots", "waardigheid-en-trots"),
            ("Westerholm/Rikkers-Lubbers", "westerholm-rikkers-lubbers"),
            ("Bartiméus", "bartimeus"),
            ("ViVa! Zorggroep", "viva-zorggroep"),
            ("  --  ", ""),
        ] {
            assert_eq!(slugify(name), slug, "{name}");
            assert!(slug.is_empty() || is_slug(slug), "{slug}");
        }
        for bad in ["", "-a", "a--b", "A", "a b", "é"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
