//! Sentences, paragraphs and headings. They mean nothing, but their words stand as often as in real texts: the small
//! ones everywhere, those of the subject again and again in one document, the long tail once.

use crate::text::slug;

use super::random::Random;
use super::vocabulary::Vocabulary;

/// How many of a hundred words are of the subject.
const OF_SUBJECT: usize = 12;

/// What one text is written with.
pub(super) struct Prose<'a> {
    pub vocabulary: &'a Vocabulary,
    /// The words of each subject, the most telling first. None is empty.
    pub subjects: Vec<&'a [String]>,
}

impl Prose<'_> {
    /// A word of one of the subjects; a telling word when there is none.
    pub fn of_subject(&self, random: &mut Random) -> &str {
        if self.subjects.is_empty() {
            return self.vocabulary.telling(random);
        }
        let words = *random.pick(&self.subjects);
        // The first ones more often than the last.
        &words[random.below(words.len()).min(random.below(words.len()))]
    }

    /// From 6 to 22 words, a capital and a full stop.
    pub fn sentence(&self, random: &mut Random) -> String {
        let length = random.between(6, 22);
        let mut words: Vec<&str> = Vec::with_capacity(length);
        while words.len() + 1 < length {
            let word = match random.percent(OF_SUBJECT) {
                true => self.of_subject(random),
                false => self.vocabulary.draw(random),
            };
            if words.last() != Some(&word) {
                words.push(word);
            }
        }
        // No sentence ends with "de".
        words.push(self.of_subject(random));
        let mut res = capital(words[0]);
        for (at, word) in words.iter().enumerate().skip(1) {
            res.push_str(if at == length / 2 && 14 < length { ", " } else { " " });
            res.push_str(word);
        }
        res.push('.');
        res
    }

    /// So many sentences on one line, but no more than fit in so many characters.
    pub fn line(&self, random: &mut Random, sentences: usize, max: usize) -> String {
        let mut res = String::new();
        for _ in 0..sentences {
            let sentence = self.sentence(random);
            let room = max.saturating_sub(res.chars().count() + 1);
            if sentence.chars().count() <= room {
                if !res.is_empty() {
                    res.push(' ');
                }
                res.push_str(&sentence);
            }
        }
        res.shrink_to_fit();
        res
    }

    /// From 20 to 70 words.
    pub fn paragraph(&self, random: &mut Random) -> String {
        let sentences = random.between(2, 4);
        self.line(random, sentences, usize::MAX)
    }

    /// Lines of a list.
    pub fn lines(&self, random: &mut Random, most: usize) -> Vec<String> {
        (0..random.between(1, most)).map(|_| self.line(random, 1, 400)).collect()
    }

    /// "Minder gesprekken in de huiskamers": a heading, or the middle of a title.
    pub fn heading(&self, random: &mut Random) -> String {
        let vocabulary = self.vocabulary;
        let many = |random: &mut Random| {
            let noun = random.pick(&vocabulary.nouns);
            noun.more.unwrap_or(noun.one)
        };
        let (first, second) = (many(random), many(random));
        let verb = *random.pick(&vocabulary.verbs);
        let adjective = *random.pick(&vocabulary.adjectives);
        let subject = self.of_subject(random);
        match random.below(6) {
            0 => format!("{first} en {subject}"),
            1 => format!("{adjective} {first} {verb}"),
            2 => format!("{verb} met {first} en {second}"),
            3 => format!("minder {first}, meer {subject}"),
            4 => format!("{adjective} {first} bij {subject}"),
            _ => format!("wat {first} van {second} {verb}"),
        }
    }

    /// Markdown of about 250 to 450 words: paragraphs, with a heading or a list now and then.
    pub fn body(&self, random: &mut Random) -> String {
        let goal = random.between(240, 430);
        let mut res = String::new();
        let mut count = 0;
        while count < goal {
            if random.percent(30) {
                let heading = capital(&self.heading(random));
                res.push_str(&format!("## {heading}\n\n"));
            }
            let piece = match random.percent(12) {
                true => self.lines(random, 4).iter().map(|it| format!("- {it}\n")).collect(),
                false => self.paragraph(random) + "\n",
            };
            count += piece.split_whitespace().count();
            res.push_str(&piece);
            res.push('\n');
        }
        // As an author's file ends: see the front matter.
        res.truncate(res.trim_end().len());
        res.shrink_to_fit();
        res
    }
}

/// The first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// As many whole words as fit in so many characters.
pub(super) fn within(text: &str, max: usize) -> String {
    let mut res = String::new();
    for word in text.split(' ') {
        if max < res.chars().count() + word.chars().count() + 1 {
            break;
        }
        if !res.is_empty() {
            res.push(' ');
        }
        res.push_str(word);
    }
    res.trim_end_matches([',', ':']).to_owned()
}

/// A text as it can stand in an address.
pub(super) fn address(text: &str) -> String {
    let folded = slug::fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("-")
}
