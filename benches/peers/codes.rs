//! Values of facets as numbers, the form in which a database counts them fastest.
//!
//! Invariant: the values of one facet are one range of numbers.

use std::collections::HashMap;
use std::path::Path;

use leerkring::search::request::{COUNTED_MAX, Facet};

/// The room for the values of one facet: all codes fit in three letters (see [`letters`]).
const SPAN: i32 = 16_384;
const FILE: &str = "codes.json";

#[derive(Default)]
pub struct Codes {
    /// By facet, in the order in which they were first seen.
    names: Vec<Vec<String>>,
    known: HashMap<(Facet, String), i32>,
}

impl Codes {
    /// The code of a value; a new one when it was not seen before.
    pub fn of(&mut self, facet: Facet, value: &str) -> i32 {
        self.names.resize(Facet::ALL.len(), vec![]);
        if let Some(code) = self.get(facet, value) {
            return code;
        }
        let names = &mut self.names[facet as usize];
        assert!(names.len() < SPAN as usize, "too many values of {}", facet.word());
        let code = facet as i32 * SPAN + names.len() as i32;
        names.push(value.to_owned());
        self.known.insert((facet, value.to_owned()), code);
        code
    }

    pub fn get(&self, facet: Facet, value: &str) -> Option<i32> {
        self.known.get(&(facet, value.to_owned())).copied()
    }

    /// The counts per facet, the largest first, then by value: as many as our own search tells.
    pub fn facets(&self, counts: Vec<(i32, i64)>) -> Vec<(Facet, Vec<(String, u64)>)> {
        let mut res: Vec<Vec<(i64, &str)>> = vec![vec![]; Facet::ALL.len()];
        for (code, count) in counts {
            res[(code / SPAN) as usize].push((count, &self.names[(code / SPAN) as usize][(code % SPAN) as usize]));
        }
        let facets = Facet::ALL.iter().zip(res);
        facets
            .map(|(facet, mut counts)| {
                let order = |a: &(i64, &str), b: &(i64, &str)| b.0.cmp(&a.0).then(a.1.cmp(b.1));
                if COUNTED_MAX < counts.len() {
                    counts.select_nth_unstable_by(COUNTED_MAX, order);
                    counts.truncate(COUNTED_MAX);
                }
                counts.sort_unstable_by(order);
                (*facet, counts.into_iter().map(|it| (it.1.to_owned(), it.0 as u64)).collect())
            })
            .collect()
    }

    pub fn save(&self, folder: &Path) {
        let json = serde_json::to_string(&self.names).expect("names are plain text");
        std::fs::write(folder.join(FILE), json).expect("the folder can be written");
    }

    pub fn load(folder: &Path) -> Codes {
        let json = std::fs::read_to_string(folder.join(FILE)).expect("the codes can be read");
        let names: Vec<Vec<String>> = serde_json::from_str(&json).expect("the codes are as they were saved");
        let mut res = Codes::default();
        for (facet, names) in Facet::ALL.iter().zip(names) {
            names.iter().for_each(|it| _ = res.of(*facet, it));
        }
        res
    }
}

/// The codes of the facet of a value: first and last.
pub fn range(code: i32) -> (i32, i32) {
    let first = code / SPAN * SPAN;
    (first, first + SPAN - 1)
}

/// A code as three letters, for a database that joins texts faster than it counts rows.
pub fn letters(code: i32) -> String {
    [12, 6, 0].iter().map(|shift| char::from(FIRST + (code >> shift & 63) as u8)).collect()
}

/// Counts codes that stand one after the other as letters.
pub fn counted(letters: &str, counts: &mut [i64]) {
    for it in letters.as_bytes().chunks_exact(3) {
        let code = it.iter().fold(0, |code, letter| code << 6 | usize::from(letter - FIRST));
        counts[code] += 1;
    }
}

/// Room to count every code.
pub const ALL: usize = Facet::ALL.len() * SPAN as usize;
/// The first of 64 plain letters and signs.
const FIRST: u8 = b'0';
