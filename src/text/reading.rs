//! How hard a Dutch text is to read, by the formula of Flesch as W. H. Douma fitted it to Dutch (De leesbaarheid van
//! landbouwbladen, 1960): 206.84 - 0.77 × syllables per 100 words - 0.93 × words per sentence.
//!
//! A number says little about a text: it sees long words and long sentences, not whether a word is known.

/// Fewer words than this say nothing.
const WORDS_MIN: usize = 25;
/// A sentence of more words than this is long.
pub const LONG: usize = 25;

/// How a text reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// 0 (very hard) to 100 (very easy).
    pub score: f64,
    pub words: usize,
    pub words_per_sentence: f64,
    /// The longest sentences of more than [`LONG`] words, longest first, at most three.
    pub long: Vec<String>,
}

/// Levels by score: at least this much reads like that.
const LEVELS: &[(f64, &str)] = &[
    (70.0, "makkelijk, ongeveer A2"),
    (50.0, "gewone taal, ongeveer B1"),
    (35.0, "vrij moeilijk, ongeveer B2"),
    (f64::MIN, "moeilijk, ongeveer C1"),
];
/// From this score on a text counts as plain language.
pub const PLAIN: f64 = 50.0;

impl Reading {
    /// Of plain text; `None` when there are too few words to say anything.
    pub fn of(text: &str) -> Option<Reading> {
        let mut sentences: Vec<(usize, &str)> = Vec::new();
        let (mut words, mut syllables) = (0, 0);
        for sentence in sentences_of(text) {
            let of_sentence: Vec<&str> = words_of(sentence).collect();
            if of_sentence.is_empty() {
                continue;
            }
            words += of_sentence.len();
            syllables += of_sentence.iter().map(|it| self::syllables(it)).sum::<usize>();
            sentences.push((of_sentence.len(), sentence.trim()));
        }
        if words < WORDS_MIN {
            return None;
        }
        let per_sentence = words as f64 / sentences.len() as f64;
        let score = 206.84 - 0.77 * (100.0 * syllables as f64 / words as f64) - 0.93 * per_sentence;
        sentences.retain(|it| LONG < it.0);
        sentences.sort_by_key(|it| std::cmp::Reverse(it.0));
        Some(Reading {
            score: score.clamp(0.0, 100.0),
            words,
            words_per_sentence: per_sentence,
            long: sentences.iter().take(3).map(|it| it.1.to_owned()).collect(),
        })
    }

    /// The level in words.
    pub fn level(&self) -> &'static str {
        LEVELS.iter().find(|it| it.0 <= self.score).map_or("", |it| it.1)
    }

    pub fn is_plain(&self) -> bool {
        PLAIN <= self.score
    }
}

/// Parts that end with a full stop, question mark or exclamation mark before a space, or with the line.
fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut parts = Vec::new();
        let mut begin = 0;
        let mut letters = line.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            let ends = matches!(c, '.' | '?' | '!' | ';' | ':');
            if ends && letters.peek().is_some_and(|it| it.1.is_whitespace()) && !is_short(&line[begin..at]) {
                parts.push(&line[begin..=at]);
                begin = at + c.len_utf8();
            }
        }
        parts.push(&line[begin..]);
        parts
    })
}

/// Whether what stands before a full stop is a shortened word or an initial: "bijv", "dhr", "3".
fn is_short(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let known = ["bijv", "bv", "dhr", "mevr", "mw", "dr", "drs", "ir", "mr", "nr", "blz", "etc", "ca", "o.a", "m.b.t"];
    word.chars().count() < 2 || known.contains(&word.to_lowercase().as_str())
}

fn words_of(sentence: &str) -> impl Iterator<Item = &str> {
    let parts = sentence.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')));
    parts.filter(|it| it.chars().any(char::is_alphabetic))
}

/// The groups of vowels of a word; a trema begins a new one.
fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut was_vowel = false;
    for c in word.to_lowercase().chars() {
        let has_trema = matches!(c, 'ë' | 'ï' | 'ö' | 'ü' | 'ä');
        let is_vowel = has_trema || "aeiouyáàâéèêíìîóòôúùû".contains(c);
        if is_vowel && (!was_vowel || has_trema) {
            count += 1;
        }
        was_vowel = is_vowel;
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_of_words() {
        for (word, count) in [
            ("zorg", 1),
            ("bewoner", 3),
            ("cliënten", 3),
            ("ideeën", 3),
            ("verpleeghuiszorg", 4),
            ("nl", 1),
            ("bijeen", 2),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn sentences() {
        let text = "Dat is bijv. zo. Wie weet? Ja!\nNieuwe regel";
        let found: Vec<&str> = sentences_of(text).map(str::trim).collect();
        assert_eq!(found, ["Dat is bijv. zo.", "Wie weet?", "Ja!", "Nieuwe regel"]);
    }

    #[test]
    fn plain_text_scores_above_jargon() {
        let plain = "We gaan elke dag naar buiten. De bewoners lopen mee. Zij slapen nu beter. Dat zien we in de nacht. \
                     De zorg is rustig. Familie komt vaker langs. Wij vragen hen wat zij graag willen doen.";
        let hard = "De implementatie van multidisciplinaire kwaliteitsverbeteringsinitiatieven binnen verpleeghuisorganisaties \
                    veronderstelt organisatiebrede verantwoordelijkheidsverdeling, waarbij beleidsmedewerkers, \
                    kwaliteitsfunctionarissen en bestuursverantwoordelijken gezamenlijk verbeterdoelstellingen formuleren \
                    ten behoeve van persoonsgerichte ondersteuning en informatievoorziening aan belanghebbenden.";
        let plain = Reading::of(plain).unwrap();
        let hard = Reading::of(hard).unwrap();
        assert!(plain.is_plain() && plain.long.is_empty(), "{plain:?}");
        assert!(!hard.is_plain() && hard.long.len() == 1 && hard.level().contains("C1"), "{hard:?}");
        assert_eq!(Reading::of("Te kort."), None);
    }
}
