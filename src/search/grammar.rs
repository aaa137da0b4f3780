//! What may be typed: words, "phrases", -without, and filters such as thema:familieparticipatie or jaar:2019..2023.
//! Everything else is text. There is no fault to make: what does not fit a rule is looked for as it stands.

use crate::domain::catalogue::Catalogue;
use crate::domain::organisation::name_key;
use crate::domain::vocabulary::{Choice, Phase, RecordKind, Sector};
use crate::search::request::{Facet, VALUES_MAX};
use crate::text::slug::fold;

/// The shortest part of a name that stands for it, in letters, and the most names a part may stand for.
const NAME_PART: usize = 4;
const NAMES_MAX: usize = 3;

/// A piece of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words outside quotes.
    Words(&'a str),
    /// Words between quotes: these, in this order.
    Phrase(&'a str),
    /// What must not be there: a word or a phrase.
    Without(&'a str),
}

/// The pieces of what was typed, in order. Quotes without a partner are text.
pub fn pieces(q: &str) -> Vec<Piece<'_>> {
    let mut res = Vec::new();
    for (is_phrase, text) in quoted(q) {
        if is_phrase {
            // -"twee woorden": the minus stands at the end of what came before.
            if let Some(Piece::Words(before)) = res.last_mut()
                && let Some(kept) =
                    before.strip_suffix('-').filter(|it| it.is_empty() || it.ends_with(char::is_whitespace))
            {
                *before = kept;
                res.push(Piece::Without(text));
            } else {
                res.push(Piece::Phrase(text));
            }
            continue;
        }
        let mut rest = text;
        while let Some((before, word, after)) = minus(rest) {
            res.push(Piece::Words(before));
            res.push(Piece::Without(word));
            rest = after;
        }
        res.push(Piece::Words(rest));
    }
    res.retain(|it| !matches!(it, Piece::Words(text) if text.trim().is_empty()));
    res
}

/// The first word with a minus before it: what comes before, the word, what comes after.
fn minus(text: &str) -> Option<(&str, &str, &str)> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        if c == '-' && before.is_whitespace() && rest.starts_with(char::is_alphanumeric) {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            return Some((&text[..at], &rest[..end], &rest[end..]));
        }
        before = c;
    }
    None
}

/// The text outside quotes and inside, in order: (is a phrase, text).
fn quoted(q: &str) -> Vec<(bool, &str)> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let mut quotes: Vec<(usize, usize)> =
        q.char_indices().filter(|(_, c)| is_quote(*c)).map(|(at, c)| (at, at + c.len_utf8())).collect();
    if quotes.len() % 2 == 1 {
        quotes.pop();
    }
    let mut res = Vec::new();
    let mut from = 0;
    for (at, (start, end)) in quotes.into_iter().enumerate() {
        res.push((at % 2 == 1, &q[from..start]));
        from = end;
    }
    res.push((false, &q[from..]));
    res
}

/// Takes the filters out of what was typed: the rest, and the values of facets. A filter that names nothing known
/// stays in the rest, as text.
pub fn filters(q: &str, catalogue: &Catalogue) -> (String, Vec<(Facet, String)>) {
    let mut rest = String::new();
    let mut found: Vec<(Facet, String)> = Vec::new();
    let mut left = q;
    while let Some((before, facet, value, after)) = next_filter(left) {
        let values = values(facet, value, catalogue);
        let fits = !values.is_empty() && found.len() + values.len() <= 2 * VALUES_MAX;
        if fits {
            rest.push_str(before);
            found.extend(values.into_iter().map(|it| (facet, it)));
        } else {
            rest.push_str(&left[..left.len() - after.len()]);
        }
        left = after;
    }
    if found.is_empty() {
        return (q.to_owned(), found);
    }
    rest.push_str(left);
    (rest.split_whitespace().collect::<Vec<_>>().join(" "), found)
}

/// The first `facet:value` or `facet:"value"`: what comes before, the facet, the value, what comes after.
fn next_filter(text: &str) -> Option<(&str, Facet, &str, &str)> {
    text.match_indices(':').find_map(|(colon, _)| {
        let start = text[..colon]
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let facet = Facet::parse(&text[start..colon].to_lowercase())?;
        let rest = &text[colon + 1..];
        let (value, after) = match rest.strip_prefix('"') {
            Some(inside) => inside.split_once('"')?,
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        (!value.is_empty()).then_some((&text[..start], facet, value, after))
    })
}

/// The values of a facet that someone can mean by a word: its slug, its name, a name it is also known by.
fn values(facet: Facet, text: &str, catalogue: &Catalogue) -> Vec<String> {
    let slug = slugify(text);
    let choice = |choices: &[Choice]| -> Vec<String> {
        let fits = |it: &&Choice| slugify(it.word) == slug || slugify(it.label) == slug;
        choices.iter().filter(fits).map(|it| it.word.to_owned()).collect()
    };
    let listed = |items: &mut dyn Iterator<Item = (&str, &str)>| -> Vec<String> {
        let folded = fold(text);
        let all: Vec<(&str, String)> = items.map(|(it, name)| (it, fold(name))).collect();
        if let Some((it, _)) = all.iter().find(|(it, name)| *it == slug || *name == folded) {
            return vec![(*it).to_owned()];
        }
        // A part of the name will do, when few names have it.
        let like: Vec<&(&str, String)> = all.iter().filter(|(_, name)| name.contains(&folded)).collect();
        let is_clear = NAME_PART <= folded.chars().count() && like.len() <= NAMES_MAX;
        like.into_iter().filter(|_| is_clear).map(|(it, _)| (*it).to_owned()).collect()
    };
    match facet {
        Facet::Kind => {
            let plural = RecordKind::ALL.iter().find(|it| it.plural() == slug);
            plural.map_or_else(|| choice(RecordKind::CHOICES), |it| vec![it.word().to_owned()])
        }
        Facet::Sector => choice(Sector::CHOICES),
        Facet::Phase => choice(Phase::CHOICES),
        Facet::Year => years(text),
        Facet::Theme => listed(&mut catalogue.themes.iter().map(|it| (it.slug.as_str(), it.name.as_str()))),
        Facet::Region => listed(&mut catalogue.regions.iter().map(|it| (it.slug.as_str(), it.name.as_str()))),
        Facet::Programme => listed(&mut catalogue.programmes.iter().map(|it| (it.slug.as_str(), it.name.as_str()))),
        Facet::BuildingBlock => {
            listed(&mut catalogue.building_blocks.iter().map(|it| (it.slug.as_str(), it.name.as_str())))
        }
        Facet::Organisation => {
            let key = name_key(text);
            let named = catalogue.organisations.iter().find(|it| {
                it.slug == slug
                    || name_key(&it.name) == key
                    || it.aliases.iter().any(|alias| name_key(&alias.name) == key)
            });
            named.map(|it| vec![it.slug.clone()]).unwrap_or_default()
        }
    }
}

/// A text as a slug would have it: "Eigen regie" is eigen-regie.
fn slugify(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// "2021", "2019..2023", "2019-2023" and "2019.." as years; an open end goes on for as long as values fit.
fn years(text: &str) -> Vec<String> {
    let year = |text: &str| text.parse::<u32>().ok().filter(|it| text.len() == 4 && (1900..=2100).contains(it));
    let range = text.split_once("..").or_else(|| text.split_once('-'));
    let (from, to) = match range {
        None => match year(text) {
            Some(year) => (year, year),
            None => return vec![],
        },
        Some((from, "")) if text.ends_with("..") => match year(from) {
            Some(from) => (from, from + VALUES_MAX as u32 - 1),
            None => return vec![],
        },
        Some(("", to)) if text.starts_with("..") => match year(to) {
            Some(to) => (to + 1 - VALUES_MAX as u32, to),
            None => return vec![],
        },
        Some((from, to)) => match (year(from), year(to)) {
            (Some(from), Some(to)) if from <= to => (from.max((to + 1).saturating_sub(VALUES_MAX as u32)), to),
            _ => return vec![],
        },
    };
    (from..=to).map(|it| it.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalogue::{Item, ItemKind};
    use serde_json::json;

    fn catalogue() -> Catalogue {
        let mut res = Catalogue::default();
        for (kind, value) in [
            (ItemKind::Theme, json!({ "slug": "eigen-regie", "naam": "Eigen regie" })),
            (
                ItemKind::Organisation,
                json!({ "slug": "heeren-loo", "naam": "'s Heeren Loo", "soort": "zorgaanbieder", "aliassen": [{ "naam": "Ermelo Zorg" }] }),
            ),
        ] {
            res.push(Item::from_value(kind, value.as_object().unwrap().clone()).unwrap());
        }
        res
    }

    #[test]
    fn words_phrases_and_what_must_not_be_there() {
        use Piece::{Phrase, Without, Words};
        for (q, expected) in [
            ("", vec![]),
            ("verzuim", vec![Words("verzuim")]),
            ("verzuim -ziekte beleid", vec![Words("verzuim "), Without("ziekte"), Words(" beleid")]),
            ("\"eigen regie\" -\"open deuren\"", vec![Phrase("eigen regie"), Without("open deuren")]),
            ("e-health - zorg", vec![Words("e-health - zorg")]),
            ("zorg- en leefplan", vec![Words("zorg- en leefplan")]),
            ("\"los", vec![Words("\"los")]),
            ("--x", vec![Words("--x")]),
            ("“twee woorden”", vec![Phrase("twee woorden")]),
        ] {
            assert_eq!(pieces(q), expected, "{q}");
        }
    }

    #[test]
    fn filters_are_taken_out_when_they_name_something() {
        for (q, rest, expected) in [
            ("verzuim thema:eigen-regie", "verzuim", "thema=eigen-regie"),
            ("thema:\"Eigen regie\" budget", "budget", "thema=eigen-regie"),
            ("THEMA:eigen-regie", "", "thema=eigen-regie"),
            ("thema:regie x thema:reg", "x thema:reg", "thema=eigen-regie"),
            ("organisatie:\"ermelo zorg\" x", "x", "organisatie=heeren-loo"),
            ("soort:transitieprojecten soort:factsheet", "", "soort=transitieproject soort=factsheet"),
            ("jaar:2019..2021 team", "team", "jaar=2019 jaar=2020 jaar=2021"),
            ("jaar:2021", "", "jaar=2021"),
            ("thema:v3 verzuim", "thema:v3 verzuim", ""),
            ("thema: verzuim", "thema: verzuim", ""),
            ("wzd: dwang", "wzd: dwang", ""),
            ("jaar:20x1 jaar:2023..2019", "jaar:20x1 jaar:2023..2019", ""),
            ("audience:openbaar id:1", "audience:openbaar id:1", ""),
            ("thema:\"half", "thema:\"half", ""),
        ] {
            let (left, found) = filters(q, &catalogue());
            let found: Vec<String> = found.iter().map(|(facet, value)| format!("{}={value}", facet.word())).collect();
            assert_eq!((left.as_str(), found.join(" ").as_str()), (rest, expected), "{q}");
        }
        assert_eq!(filters("jaar:1900..2100", &catalogue()).1.len(), VALUES_MAX);
        assert_eq!(filters("jaar:2000..", &catalogue()).1.len(), VALUES_MAX);
    }

    proptest::proptest! {
        #[test]
        fn anything_can_be_typed(q in "\\PC{0,60}", known in "(thema:|jaar:|\"|-| |2019|\\.\\.|eigen-regie|é|[a-z]{1,5}){0,20}") {
            for q in [q, known] {
                let (rest, _) = filters(&q, &catalogue());
                for piece in pieces(&rest) {
                    let (Piece::Words(text) | Piece::Phrase(text) | Piece::Without(text)) = piece;
                    proptest::prop_assert!(rest.contains(text));
                }
            }
        }
    }
}
