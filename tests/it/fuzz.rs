//! The target of the fuzzer without the fuzzer: seeds, changed at random, for as long as is asked.
//!
//! `FUZZ_SECONDS=600 cargo test --test it fuzz -- --nocapture` goes on for ten minutes and says how many it tried.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../fuzz/check.rs"]
mod check;

/// How many are tried when no time is asked for.
const FEW: u64 = 1_500;
/// The longest text that is tried, in letters.
const LONGEST: usize = 300;

/// What a question is made of, and what trips those who read it.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    "-",
    "\"",
    "'",
    "’",
    ":",
    "te ",
    " in",
    " terug",
    " weg",
    " op",
    "dringen",
    "werken",
    "gaan",
    "zorg",
    "dwagn",
    "Wet zorg en ",
    "verzuim",
    "ziekteverzuim",
    "beleid",
    "SO",
    "PNIL",
    "e-health",
    "24/7",
    "7,9",
    "thema:",
    "jaar:2019..2023",
    "organisatie:\"",
    "é",
    "e\u{301}",
    "\u{ad}",
    "ﬁ",
    "İ",
    "ß",
    "日本",
    "🙂",
    "<b>",
    "&",
    "\0",
    "\n",
    "\u{202e}",
    "niet",
    "de ",
    "het ",
    "een ",
    "ingen",
    "heid",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Numbers that look random and are the same every time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }

    /// A text a little different from one of the seeds.
    fn text(&mut self, seeds: &[String]) -> String {
        let mut text: Vec<char> = seeds[self.below(seeds.len())].chars().collect();
        for _ in 0..=self.below(6) {
            let at = self.below(text.len() + 1);
            let end = (at + self.below(12)).min(text.len());
            match self.below(5) {
                0 => drop(text.drain(at..end)),
                1 => {
                    let other: Vec<char> = seeds[self.below(seeds.len())].chars().collect();
                    let from = self.below(other.len() + 1);
                    text.splice(at..end, other[from..].iter().copied());
                }
                2 if at < text.len() => text[at] = char::from_u32(self.below(0x3000) as u32).unwrap_or(' '),
                _ => drop(text.splice(at..at, PIECES[self.below(PIECES.len())].chars())),
            }
        }
        text.truncate(LONGEST);
        text.into_iter().collect()
    }
}

#[test]
fn anything_typed_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/question");
    let mut seeds: Vec<String> =
        fs::read_dir(corpus).unwrap().map(|it| fs::read_to_string(it.unwrap().path()).unwrap()).collect();
    seeds.sort();
    let seconds = std::env::var("FUZZ_SECONDS").ok().map(|it| Duration::from_secs(it.parse().unwrap()));
    let (start, mut dice, mut tried) = (Instant::now(), Dice(0x5eed_1ee2), 0);
    while seconds.map_or(tried < FEW, |it| start.elapsed() < it) {
        let text = dice.text(&seeds);
        if let Err(panic) = std::panic::catch_unwind(|| check::check(&text)) {
            eprintln!("after {tried}: {text:?}");
            std::panic::resume_unwind(panic);
        }
        tried += 1;
    }
    eprintln!("{tried} questions in {:.0?}", start.elapsed());
}
