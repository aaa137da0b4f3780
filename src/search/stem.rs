//! The stem of a Dutch word: what plan and plannen, werken and gewerkt have in common.
//!
//! Kraaij–Pohlmann ([`frostem`]) does the work. Its faults are measured and mended here: it takes "ge" out of words
//! that are no participle (begeleiding became beleid, gezond became zon), turns kwaliteit into kwaal, misses the
//! plurals of loan words, and leaves the t of the present and the d of many participles (geeft, verzorgd). In order: a
//! word of [`OVERRIDES`], a [`strong`] form of a verb, a verb by its root, an ending of the tables below, the stemmer, and what it left over. A stem
//! need not be a word; it only has to be the same for forms that belong together. `tables` holds it to that.
//!
//! Invariant: the input is folded (see `text::slug::fold`); a change here changes the fingerprint of the index.

use std::borrow::Cow;
use std::sync::{LazyLock, PoisonError, RwLock};

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use crate::search::overrides::OVERRIDES;
use crate::search::strong;

/// Endings after which a word is whole already: compounds end in them too (zorgproces, medicatieadvies).
const WHOLE: &[&str] = &[
    "proces",
    "advies",
    "verlies",
    "succes",
    "congres",
    "adres",
    "kompas",
    "terras",
    "matras",
    "atlas",
    "lijks",
    "neel",
    "initiatief",
    "kring",
    "dring",
    "stelsel",
    "letsel",
    "beginsel",
];

/// Endings of plurals and adjectives that the stemmer takes for something else, with the ending of their stem.
const ENDINGS: &[(&str, &str)] = &[
    ("sleden", "slid"),
    ("mleden", "mlid"),
    ("dagen", "dag"),
    ("kinderen", "kind"),
    ("beelden", "beeld"),
    ("woorden", "woord"),
    ("verslagen", "verslag"),
    ("bedragen", "bedrag"),
    ("problemen", "probleem"),
    ("methoden", "methode"),
    ("initiatieven", "initiatief"),
    ("liederen", "lied"),
    ("osen", "ose"),
    ("ensoren", "ensor"),
    ("onsoren", "onsor"),
    ("rien", "rie"),
    ("ncien", "ncie"),
    ("olien", "olie"),
    ("emien", "emie"),
    ("ingetje", "ing"),
    ("ingetjes", "ing"),
    ("kaartje", "kaart"),
    ("kaartjes", "kaart"),
    ("dringen", "dring"),
    ("dringt", "dring"),
    ("kringen", "kring"),
    ("gegeven", "geef"),
    ("geven", "geef"),
    ("geving", "geef"),
    ("gevingen", "geef"),
    ("komt", "komen"),
    ("ervaart", "ervaar"),
    ("getoetst", "toets"),
    ("getoetste", "toets"),
    ("geplaatst", "plaats"),
    ("geplaatste", "plaats"),
    ("toetst", "toets"),
    ("toetste", "toets"),
    ("plaatst", "plaats"),
    ("plaatste", "plaats"),
    ("stelsels", "stelsel"),
    ("letsels", "letsel"),
    ("beginselen", "beginsel"),
    ("landse", "land"),
    ("streekse", "streek"),
    ("tijdse", "tijd"),
    ("lnamen", "lname"),
    ("nnamen", "nname"),
    ("pnamen", "pname"),
    ("pgaven", "pgave"),
    ("tgaven", "tgave"),
    ("eslagen", "eslag"),
    ("nslagen", "nslag"),
    ("gestuurd", "stuur"),
    ("gestuurde", "stuur"),
    ("oorlogen", "oorlog"),
    ("ooie", "ooi"),
    ("aaie", "aai"),
    ("oeide", "oeid"),
    ("aaide", "aaid"),
    ("enden", "ende"),
    ("bare", "baar"),
    ("panelen", "paneel"),
    ("rialen", "riaal"),
    ("aanse", "aans"),
    ("zame", "zaam"),
    ("kwame", "kwaam"),
    ("ciale", "ciaal"),
    ("nale", "naal"),
    ("tale", "taal"),
    ("trale", "traal"),
    ("nele", "neel"),
    ("nome", "noom"),
    ("crete", "creet"),
    ("plete", "pleet"),
    ("gemene", "gemeen"),
];

/// Verbs of which the stemmer takes more than the ending, with what may stand before them besides the beginnings of
/// [`SEPARABLE`] and [`INSEPARABLE`]: anything (micmelding, handtekening), or nothing else (bespreken is no rekenen).
const ROOTS: &[(&str, bool)] =
    &[("meld", true), ("oefen", true), ("reken", false), ("teken", true), ("vorder", true), ("wissel", true)];

/// What may follow a root.
const ROOT_ENDINGS: &[&str] = &["", "e", "en", "end", "ende", "t", "d", "de", "den", "te", "ten", "ing", "ingen"];

/// Beginnings of verbs whose participle has no "ge".
const INSEPARABLE: &[&str] = &["be", "ver", "ont", "her", "er", "onder", "over", "voor"];

/// Words in "-ert" that are no verbs.
const NO_PRESENT: &[&str] = &["concert", "expert", "dessert", "insert", "alert", "bert"];

/// Words in "-dagen" that are no days.
const NO_DAYS: &[&str] = &["uitdagen", "opdagen", "verdagen"];

/// Words that look like a participle (ge…t, ge…d) and are none, by their begin.
const NO_PARTICIPLES: &[&str] = &[
    "gebed",
    "gebeur",
    "gebied",
    "gebit",
    "gebod",
    "geboort",
    "gebruik",
    "gedachte",
    "gedeelte",
    "gedicht",
    "geduld",
    "geest",
    "gehalt",
    "gelaat",
    "geld",
    "geloof",
    "geluid",
    "gemeent",
    "gemiddeld",
    "gemoed",
    "genees",
    "genot",
    "gerecht",
    "gerucht",
    "geschikt",
    "geschut",
    "geslacht",
    "gestalt",
    "gevecht",
    "geweld",
    "gewest",
    "gewicht",
    "gewoon",
    "gewricht",
    "gezant",
    "gezicht",
    "gezind",
    "gezond",
];

/// What may stand before "ge" in a participle: aangepast, ingezet.
const SEPARABLE: &[&str] = &[
    "", "aan", "achter", "af", "bij", "binnen", "door", "in", "mee", "na", "om", "onder", "op", "over", "samen",
    "terug", "toe", "uit", "vast", "voor", "weg",
];

/// The most stems that are remembered; a language has about as many words in use.
const REMEMBERED: usize = 100_000;

/// Stems worked out before. A fragment needs the stem of every word of a text, and texts repeat their words.
static KNOWN: LazyLock<RwLock<FxHashMap<Box<str>, Box<str>>>> = LazyLock::new(RwLock::default);

/// The stem of a folded word.
pub fn stem(word: &str) -> String {
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(word) {
        return known.to_string();
    }
    let stem = work_out(word);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < REMEMBERED {
        known.insert(word.into(), stem.as_str().into());
    }
    stem
}

fn work_out(word: &str) -> String {
    // Before the apostrophes go: zo'n is no zon.
    if let Some(stem) = override_of(word) {
        return stem.to_owned();
    }
    let word = bare(word);
    if let Some(stem) = override_of(&word) {
        return stem.to_owned();
    }
    // Numbers, and words with digits, have no forms.
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.into_owned();
    }
    if let Some(verb) = strong::infinitive(&word) {
        return work_out(&verb);
    }
    // "-iteit" is a noun of its own: kwaliteit is no kwaal, realiteit no real.
    if let Some(at) = word.rfind("iteit").filter(|at| matches!(&word[at + 5..], "" | "en" | "je" | "jes")) {
        return word[..at + 5].to_owned();
    }
    if let Some(root) = root(&word) {
        return root;
    }
    let word = if is_whole(&word) { word } else { singular(&word).into_owned().into() };
    if let Some(stem) = override_of(&word) {
        return stem.to_owned();
    }
    // plaats is no plaat, toets no toet
    if is_whole(&word) || (5 <= word.len() && word.ends_with("ts")) {
        return word.into_owned();
    }
    finish(conjugated(&word, kraaij_pohlmann(&word)))
}

fn is_whole(word: &str) -> bool {
    WHOLE.iter().any(|end| word.ends_with(end))
}

fn override_of(word: &str) -> Option<&'static str> {
    OVERRIDES.binary_search_by_key(&word, |(word, _)| word).ok().map(|at| OVERRIDES[at].1)
}

/// Without apostrophes: regio's is regio, PNIL'ers is pnilers.
fn bare(word: &str) -> Cow<'_, str> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.contains('\'') { word.replace('\'', "").into() } else { word.into() }
}

/// Endings that Kraaij–Pohlmann does not know, taken off before it.
fn singular(word: &str) -> Cow<'_, str> {
    if NO_DAYS.iter().any(|it| word.ends_with(it)) {
        return word.into();
    }
    for (ending, whole) in ENDINGS {
        if let Some(start) = word.strip_suffix(ending) {
            return format!("{start}{whole}").into();
        }
    }
    // vrijheden, mogelijkheden
    if let Some(start) = word.strip_suffix("heden").filter(|start| 2 < start.len()) {
        return format!("{start}heid").into();
    }
    // technologieën, ideeën
    if let Some(start) = word.strip_suffix("en").filter(|start| start.ends_with("ie") || start.ends_with("ee")) {
        return start.into();
    }
    let before = |end: &str| word.strip_suffix(end).and_then(|start| start.bytes().last());
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    // themas, regios, collegas; not chaos, not glas
    let is_loan = 5 <= word.len()
        && (before("as").is_some_and(|b| b != b'a') || before("os").is_some_and(|b| b != b'o' && b != b'a'));
    // tablets, robots, factsheets, audits, events; not toets, fiets, trots, huisarts
    let is_english = 6 <= word.len()
        && (ends(&["its", "cts", "nts", "sts"])
            || before("ets").is_some_and(|b| b != b'o' && b != b'i')
            || before("ots").is_some_and(|b| b != b'o' && b != b'r'));
    // organiseert, verbetert, behandelt, vraagt; not concert, kaart
    let is_present = (6 <= word.len() && ends(&["ert", "elt"]) && !ends(NO_PRESENT))
        || (5 <= word.len() && word.ends_with("ilt"))
        || (7 <= word.len() && word.ends_with("eert"))
        || ends(&["orgt", "aalt", "aagt", "eemt", "oont"]);
    // behandeld, verbeterd, bepaald: participles that never had "ge"
    let is_past = ["be", "ver", "ont", "her"].iter().any(|begin| word.starts_with(begin))
        && !word.ends_with("beeld")
        && ((8 <= word.len() && ends(&["eld", "erd", "uwd"])) || (7 <= word.len() && word.ends_with("aald")));
    if is_loan || is_english || is_present || is_past {
        return word[..word.len() - 1].into();
    }
    word.into()
}

/// aangemeld, ondertekening and uitwisselen, by their root.
fn root(word: &str) -> Option<String> {
    ROOTS.iter().find_map(|(root, anywhere)| {
        let at = word.rfind(root)?;
        let before = word[..at].strip_suffix("ge").unwrap_or(&word[..at]);
        let fits = *anywhere || SEPARABLE.contains(&before) || INSEPARABLE.contains(&before);
        (fits && ROOT_ENDINGS.contains(&&word[at + root.len()..])).then(|| format!("{before}{root}"))
    })
}

/// Without the t of the present and the d of a participle where the stemmer leaves them: geeft, volgt, verzorgd.
fn conjugated(word: &str, mut stem: String) -> String {
    let is_long = |before: &str| {
        2 < before.len()
            && ["aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ij", "ei", "ou"].iter().any(|it| before.ends_with(it))
    };
    let ends = |ends: &[&str]| ends.iter().any(|end| stem.ends_with(end));
    let (Some(before), [.., last, end]) = (stem.len().checked_sub(2).and_then(|at| stem.get(..at)), stem.as_bytes())
    else {
        return stem;
    };
    let is_ending = match end {
        _ if stem.len() < 4 => false,
        // ruimte, gewoonte and hoogte are nouns
        b't' if !word.ends_with('t') && !ends(&["lost", "past"]) => false,
        // volgt, stemt, houdt, bouwt; voelt, zoekt, loopt, geeft, meent; not client and gemeente
        b't' => {
            b"gmdw".contains(last)
                || (b"lkpf".contains(last) && is_long(before))
                || (*last == b'n' && is_long(before) && !ends(&["ient", "eint", "gemeent"]))
                || ends(&["dient", "traint", "kent", "telt", "lost", "past", "valt"])
                    && !ends(&["gredient", "gradient"])
                || ends(&["iest", "ijst", "eist", "huist", "leest", "neest", "vreest"])
                    && !ends(&["lijst", "triest", "geest"])
                || ends(&["oert", "huurt", "stuurt", "duurt", "stoort", "hoort", "oeit", "aait"])
        }
        // verzorgd, verhuisd, bejaard, verteld; gewoond, ondersteund, toegediend, gegroeid
        b'd' => {
            let begins = INSEPARABLE.iter().any(|it| stem.starts_with(it));
            (begins && 6 <= stem.len() && ends(&["gd", "sd", "md", "uwd", "aard", "ward", "teld", "leend"]))
                || ends(&["oond", "eund", "diend", "traind", "oeid", "aaid", "geleend"])
        }
        _ => false,
    };
    if is_ending {
        stem.pop();
    }
    stem
}

/// The stemmer, kept from taking "ge" out of words that are no participle.
fn kraaij_pohlmann(word: &str) -> String {
    let stemmer = Stemmer::new(Algorithm::Dutch);
    let guarded: Vec<usize> = word
        .match_indices("ge")
        .map(|(at, _)| at)
        .filter(|at| {
            3 <= word.len() - at - 2 && !is_participle(word, *at) && !(0 < *at && word[at + 2..].starts_with("nd"))
        })
        .collect();
    // The stemmer looks for "ge" only: with another vowel in its place the rest of its rules work as before.
    let mut masked = word.to_owned();
    for at in &guarded {
        masked.replace_range(at..&(at + 2), "gi");
    }
    let mut res = stemmer.stem(&masked).into_owned();
    for at in &guarded {
        if res.get(*at..at + 2) == Some("gi") {
            res.replace_range(at..&(at + 2), "ge");
        }
    }
    res
}

fn is_participle(word: &str, at: usize) -> bool {
    SEPARABLE.contains(&&word[..at])
        && !NO_PARTICIPLES.iter().any(|begin| word.starts_with(begin))
        && !word.ends_with("heid")
        && ["t", "d", "te", "de", "eerden"].iter().any(|end| word.ends_with(end))
}

/// What forms of one word still differ in after the stemmer.
fn finish(mut stem: String) -> String {
    // goede and goed, keuze and keuzen
    if stem.len() >= 5 && stem.ends_with('e') && !stem.ends_with("ee") && !stem.ends_with("ie") {
        stem.pop();
    }
    let bytes = stem.as_bytes();
    if let [.., before, last] = bytes
        && before == last
        && !b"aeiou".contains(last)
    {
        stem.pop();
    }
    for (voiced, voiceless) in [('z', 's'), ('v', 'f')] {
        if stem.ends_with(voiced) {
            stem.pop();
            stem.push(voiceless);
        }
    }
    // The stemmer doubles the vowel of regelen, roosteren and indicatoren, not that of regel, rooster and indicator.
    for (long, short) in [("eer", "er"), ("eel", "el"), ("toor", "tor"), ("soor", "sor")] {
        if stem.len() >= 6 && stem.ends_with(long) && !stem.ends_with("neel") {
            stem.truncate(stem.len() - long.len());
            stem.push_str(short);
            break;
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_words_are_left_alone() {
        for word in ["", "a", "24/7", "7,9", "erai1", "2024", "日本語", "ge", "gege", "'", "en"] {
            assert_eq!(stem(word), word.replace('\'', ""));
        }
    }
}
