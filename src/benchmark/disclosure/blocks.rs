//! What can be worked out from sums over groups. Members that are in the same groups cannot be told apart by them: they
//! count together or not at all, so a country of thousands is a few dozen blocks.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::benchmark::disclosure::span::{Span, minus, plus, probe_knowing};
use crate::domain::members::Members;

/// The sum of so many others or fewer may not be worked out.
pub const FEW: usize = 4;

/// Members nobody told the value of, in blocks that are in the same groups.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    /// How many members each has.
    sizes: Vec<usize>,
    /// The blocks of each group.
    groups: Vec<Vec<usize>>,
}

impl Blocks {
    /// Of these groups, without the members whose values are known.
    pub(super) fn new(groups: &[&Members], is_known: impl Fn(&str) -> bool) -> Blocks {
        let mut members: FxHashMap<&str, usize> = FxHashMap::default();
        let mut block: Vec<usize> = Vec::new();
        let mut count = 0;
        // Each group splits the blocks it has a part of.
        for group in groups {
            let mut split: FxHashMap<usize, usize> = FxHashMap::default();
            let mut fresh: Option<usize> = None;
            for it in group.iter().map(|it| &**it).filter(|it| !is_known(it)) {
                let mut next = || {
                    count += 1;
                    count - 1
                };
                match members.get(it) {
                    Some(at) => block[*at] = *split.entry(block[*at]).or_insert_with(next),
                    None => {
                        members.insert(it, block.len());
                        block.push(*fresh.get_or_insert_with(&mut next));
                    }
                }
            }
        }
        let mut names: FxHashMap<usize, usize> = FxHashMap::default();
        let mut sizes = Vec::new();
        for it in &mut block {
            *it = *names.entry(*it).or_insert_with(|| {
                sizes.push(0);
                sizes.len() - 1
            });
            sizes[*it] += 1;
        }
        let blocks_of = |group: &&Members| {
            let all = group.iter().filter_map(|it| members.get(&**it)).map(|at| block[*at]);
            let mut all: Vec<usize> = all.collect::<FxHashSet<_>>().into_iter().collect();
            all.sort_unstable();
            all
        };
        Blocks { groups: groups.iter().map(blocks_of).collect(), sizes }
    }

    /// The sums over some of the groups, by their place.
    pub(super) fn span(&self, groups: impl Iterator<Item = usize>) -> Span {
        let mut res = Span::new(self.sizes.len());
        groups.filter_map(|at| self.groups.get(at)).for_each(|it| _ = res.add(it.iter().copied()));
        res
    }

    /// Whether the sum over the group at a place follows.
    pub(super) fn follows(&self, span: &Span, group: usize) -> bool {
        self.groups.get(group).is_some_and(|it| span.holds(it.iter().copied()))
    }

    /// Whether the sum of a few can be worked out from all groups together.
    pub(super) fn isolates(&self) -> bool {
        let probe = self.span(0..self.groups.len()).probe(1);
        isolates(&probe, &self.sizes, &self.groups)
    }

    /// The same for whoever is in one of the groups and knows its own value, and for who is in none.
    pub(super) fn isolates_for_a_member(&self) -> bool {
        let span = self.span(0..self.groups.len());
        let (g, h) = (span.probe(1), span.probe(2));
        if isolates(&g, &self.sizes, &self.groups) {
            return true;
        }
        // Members of one block see the same.
        (0..self.sizes.len()).any(|own| {
            let mut sizes = self.sizes.clone();
            sizes[own] -= 1;
            match sizes[own] {
                0 => isolates(&probe_knowing(own, &g, &h), &sizes, &self.groups),
                _ => isolates(&g, &sizes, &self.groups),
            }
        })
    }
}

/// Some blocks with the value of the probe for their sum or difference.
struct Sum {
    value: u64,
    blocks: [usize; 2],
    size: usize,
}

/// Whether a sum or difference of one to four members follows, other than the sum over one of the groups. A block
/// without a member is known.
fn isolates(probe: &[u64], sizes: &[usize], groups: &[Vec<usize>]) -> bool {
    let unknown = |group: &Vec<usize>| group.iter().copied().filter(|it| 0 < sizes[*it]).collect::<Vec<usize>>();
    let size = |blocks: &[usize]| blocks.iter().map(|it| sizes[*it]).sum::<usize>();
    let direct: Vec<Vec<usize>> = groups.iter().map(unknown).filter(|it| size(it) == FEW).collect();
    let is_direct = |mut blocks: Vec<usize>| {
        blocks.sort_unstable();
        blocks.dedup();
        direct.contains(&blocks)
    };
    let small: Vec<usize> = (0..sizes.len()).filter(|it| (1..=FEW).contains(&sizes[*it])).collect();
    let either = |it: u64| it.min(minus(0, it));
    // A sum or difference of one or two blocks; the pair of one is itself twice.
    let mut sums: Vec<Sum> = Vec::new();
    for (n, &one) in small.iter().enumerate() {
        sums.push(Sum { value: either(probe[one]), blocks: [one, one], size: sizes[one] });
        for &two in small[..n].iter().filter(|it| sizes[**it] + sizes[one] <= FEW) {
            for value in [plus(probe[one], probe[two]), minus(probe[one], probe[two])] {
                sums.push(Sum { value: either(value), blocks: [two, one], size: sizes[one] + sizes[two] });
            }
        }
    }
    sums.sort_unstable_by_key(|it| it.value);
    // What is zero follows; of two that are equal, their sum or difference does.
    sums.chunk_by(|a, b| a.value == b.value).any(|equal| {
        equal[0].value == 0 && equal.iter().any(|it| !is_direct(it.blocks.to_vec()))
            || equal.iter().enumerate().any(|(n, a)| {
                equal[..n].iter().any(|b| {
                    let is_apart = a.blocks.iter().all(|it| !b.blocks.contains(it));
                    is_apart && a.size + b.size <= FEW && !is_direct([a.blocks, b.blocks].concat())
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(groups: &[&str], known: &str) -> Blocks {
        let groups: Vec<Members> = groups.iter().map(|it| it.chars().map(String::from).collect()).collect();
        Blocks::new(&groups.iter().collect::<Vec<_>>(), |it| known.contains(it))
    }

    #[test]
    fn who_is_in_the_same_groups_counts_together() {
        let found = blocks(&["abcdef", "defgh", "xy"], "x");
        let mut sizes = found.sizes.clone();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 2, 3, 3]);
        assert_eq!(found.groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        let size = |at: usize| found.groups[at].iter().map(|it| found.sizes[*it]).sum::<usize>();
        assert_eq!([size(0), size(1), size(2)], [6, 5, 1]);
        assert!(blocks(&[], "").sizes.is_empty());
    }

    #[test]
    fn a_few_are_found_and_more_are_not() {
        for (groups, known, expected) in [
            (&["abcdefgh", "abcdefg"][..], "", true),
            (&["abcdefgh", "abcdefg"], "h", false),
            (&["abcdefghijkl", "abcdefg"], "", false),
            (&["abcdefghijk", "abcdefg"], "", true),
            // A group of the smallest size is shown as such.
            (&["abcde"], "a", false),
            (&["abcde", "fghi"], "", false),
            (&["abcde", "abcdefghi"], "", true),
            (&["abcde", "abcdefghi", "fghi"], "", false),
            // One is the sum of two others and one member.
            (&["abcdef", "ghijkl", "abcdefghijklm"], "", true),
            // a-f less g-l: a difference of twelve.
            (&["abcdefmnopq", "ghijklmnopq"], "", false),
            (&["abmnopq", "cdmnopq"], "", true),
        ] {
            assert_eq!(blocks(groups, known).isolates(), expected, "{groups:?} {known}");
        }
        assert!(!blocks(&["abcdefghij", "abcde"], "").isolates());
        assert!(blocks(&["abcdefghij", "abcde"], "").isolates_for_a_member(), "f knows g to j together");
        assert!(!blocks(&["abcdefghijkl", "abcdef"], "").isolates_for_a_member());
    }
}
