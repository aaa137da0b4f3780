//! Strong verbs: the forms of which no ending tells the verb, as dronk and gedronken of drinken.
//!
//! Forms that are words of their own (vocht, sloot, rook, week) are left out: those words are looked for more often
//! than the past of a verb.
//!
//! Invariant: folded; a form stands once.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Per verb: the infinitive, its past forms, and its participle without "ge".
const VERBS: &[(&str, &[&str], &str)] = &[
    ("bakken", &[], "bakken"),
    ("bederven", &["bedierf", "bedierven"], ""),
    ("beginnen", &["begon", "begonnen"], ""),
    ("bieden", &["bood"], "boden"),
    ("bijten", &["beet", "beten"], "beten"),
    ("binden", &[], "bonden"),
    ("blijven", &["bleef", "bleven"], "bleven"),
    ("breken", &["brak", "braken"], "broken"),
    ("brengen", &["bracht", "brachten"], "bracht"),
    ("buigen", &["boog", "bogen"], "bogen"),
    ("denken", &["dacht", "dachten"], "dacht"),
    ("doen", &["deed", "deden"], "daan"),
    ("dragen", &["droeg", "droegen"], "dragen"),
    ("drijven", &["dreef", "dreven"], "dreven"),
    ("dringen", &["drong", "drongen"], "drongen"),
    ("drinken", &["dronk", "dronken"], "dronken"),
    ("dwingen", &["dwong", "dwongen"], "dwongen"),
    ("gaan", &["ging", "gingen"], "gaan"),
    ("geven", &["gaf", "gaven"], "geven"),
    ("glijden", &["gleed", "gleden"], "gleden"),
    ("grijpen", &["greep", "grepen"], "grepen"),
    ("hangen", &["hing", "hingen"], "hangen"),
    ("houden", &["hield", "hielden"], "houden"),
    ("kiezen", &["koos", "kozen"], "kozen"),
    ("kijken", &["keek", "keken"], "keken"),
    ("klimmen", &["klom", "klommen"], "klommen"),
    ("knijpen", &["kneep", "knepen"], "knepen"),
    ("komen", &["kwam", "kwamen"], "komen"),
    ("kopen", &["kocht", "kochten"], "kocht"),
    ("krijgen", &["kreeg", "kregen"], "kregen"),
    ("kruipen", &["kroop", "kropen"], "kropen"),
    ("lezen", &["las", "lazen"], "lezen"),
    ("liegen", &["loog"], "logen"),
    ("liggen", &["lag", "lagen"], "legen"),
    ("lopen", &["liep", "liepen"], "lopen"),
    ("nemen", &["nam", "namen"], "nomen"),
    ("rijden", &["reed", "reden"], "reden"),
    ("roepen", &["riep", "riepen"], "roepen"),
    ("ruiken", &["roken"], "roken"),
    ("schelden", &["schold", "scholden"], "scholden"),
    ("schenken", &["schonk", "schonken"], "schonken"),
    ("schrijven", &["schreef", "schreven"], "schreven"),
    ("schrikken", &["schrok", "schrokken"], "schrokken"),
    ("schuiven", &["schoof", "schoven"], "schoven"),
    ("slaan", &["sloeg", "sloegen"], "slagen"),
    ("slapen", &["sliep", "sliepen"], "slapen"),
    ("sluiten", &[], "sloten"),
    ("snijden", &["sneed", "sneden"], "sneden"),
    ("spreken", &["sprak", "spraken"], "sproken"),
    ("springen", &["sprong", "sprongen"], "sprongen"),
    ("staan", &["stond", "stonden"], "staan"),
    ("steken", &["stak", "staken"], "stoken"),
    ("stelen", &["stal", "stalen"], "stolen"),
    ("sterven", &["stierf", "stierven"], "storven"),
    ("stijgen", &["stegen"], "stegen"),
    ("stinken", &["stonk", "stonken"], "stonken"),
    ("treffen", &["trof", "troffen"], "troffen"),
    ("trekken", &["trok", "trokken"], "trokken"),
    ("vallen", &["viel", "vielen"], "vallen"),
    ("vangen", &["ving", "vingen"], "vangen"),
    ("vechten", &["vochten"], "vochten"),
    ("verdwijnen", &["verdween", "verdwenen"], ""),
    ("verliezen", &["verloor", "verloren"], ""),
    ("vinden", &["vond", "vonden"], "vonden"),
    ("vliegen", &["vloog", "vlogen"], "vlogen"),
    ("vragen", &["vroeg", "vroegen"], "vraagd"),
    ("wegen", &["woog", "wogen"], "wogen"),
    ("werpen", &["wierp", "wierpen"], "worpen"),
    ("werven", &["wierf", "wierven"], "worven"),
    ("wijzen", &["wezen"], "wezen"),
    ("winnen", &["won", "wonnen"], "wonnen"),
    ("zien", &["zag", "zagen"], "zien"),
    ("zingen", &["zong", "zongen"], "zongen"),
    ("zitten", &["zat", "zaten"], "zeten"),
    ("zoeken", &["zocht", "zochten"], "zocht"),
    ("zwemmen", &["zwom", "zwommen"], "zwommen"),
    ("zwijgen", &["zweeg", "zwegen"], "zwegen"),
];

/// Forms that are another word, or end one: reden, vroeg, opnamen, verlagen, uitgaven.
const OTHERS: &[&str] = &[
    "beet", "beten", "boden", "bogen", "bonden", "boog", "braken", "dronken", "gaven", "greep", "lag", "lagen", "las",
    "namen", "reden", "reed", "roken", "slagen", "sneden", "spraken", "sprong", "stak", "staken", "stal", "stalen",
    "stegen", "trof", "verloren", "vroeg", "wegen", "wezen", "won", "zagen", "zat",
];

/// Participles that end another word after a beginning: verslagen, verlegen.
const NO_PARTICIPLES: &[&str] = &["slagen", "legen", "stegen"];

/// What may stand before a verb as a word of its own: opgeschreven.
const SEPARABLE: &[&str] = &[
    "aan", "achter", "af", "bij", "binnen", "dicht", "door", "in", "mee", "na", "om", "onder", "op", "open", "over",
    "samen", "tegen", "terug", "thuis", "toe", "uit", "vast", "voor", "weg",
];

/// What takes the place of "ge" in a participle: besproken.
const INSEPARABLE: &[&str] = &["be", "er", "her", "ont", "ver", "onder", "over", "voor"];

/// Infinitives by past form, and by participle without "ge".
static FORMS: LazyLock<[HashMap<&str, &str>; 2]> = LazyLock::new(|| {
    let past = VERBS.iter().flat_map(|(verb, past, _)| past.iter().map(|it| (*it, *verb))).collect();
    let participles = VERBS.iter().filter(|it| !it.2.is_empty() && it.2 != it.0).map(|it| (it.2, it.0)).collect();
    [past, participles]
});

/// The infinitive of which a word is a form that no rule finds: dronk, opgedronken, besproken.
pub fn infinitive(word: &str) -> Option<String> {
    let [past, participles] = &*FORMS;
    let past = |it: &str| past.get(it).filter(|_| !OTHERS.contains(&it)).copied();
    if let Some(verb) = past(word) {
        return Some(verb.to_owned());
    }
    if let Some(verb) = word.strip_prefix("ge").and_then(|it| participles.get(it)) {
        return Some((*verb).to_owned());
    }
    let separable = SEPARABLE.iter().filter_map(|begin| {
        let rest = word.strip_prefix(begin)?;
        let verb = past(rest).or_else(|| rest.strip_prefix("ge").and_then(|it| participles.get(it).copied()))?;
        Some(format!("{begin}{verb}"))
    });
    let inseparable = INSEPARABLE.iter().filter_map(|begin| {
        let rest = word.strip_prefix(begin)?;
        let participle = participles.get(rest).filter(|_| !NO_PARTICIPLES.contains(&rest)).copied();
        participle.or_else(|| past(rest)).map(|verb| format!("{begin}{verb}"))
    });
    separable.chain(inseparable).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_their_verb() {
        for (word, expected) in [
            ("dronk", Some("drinken")),
            ("gedronken", Some("drinken")),
            ("opgedronken", Some("opdrinken")),
            ("besproken", Some("bespreken")),
            ("onderzocht", Some("onderzoeken")),
            ("weggelopen", None),
            ("uitgescholden", Some("uitschelden")),
            ("gestorven", Some("sterven")),
            ("overviel", Some("overvallen")),
            ("meegenomen", Some("meenemen")),
            // Words of their own.
            ("namen", None),
            ("reden", None),
            ("vroeg", None),
            ("drinken", None),
            ("", None),
        ] {
            assert_eq!(infinitive(word).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn a_form_stands_once() {
        let forms: Vec<&str> = VERBS.iter().flat_map(|it| it.1.iter().copied()).collect();
        let mut once = forms.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), forms.len());
    }
}
