//! What follows from sums: the linear combinations of a list of equations.
//!
//! A sum over a group is an equation over its members; a total in a table one over its cells. Whatever can be derived
//! by adding and subtracting lies in the span of those equations, and nothing else does. The arithmetic is modulo a
//! prime of 61 bits, so it is exact and cannot overflow. What follows over the fractions but not modulo this prime
//! would need a determinant that is a multiple of it; the numbers here are zeros and ones.

const PRIME: u64 = (1 << 61) - 1;

/// Equations over `width` unknowns, in reduced form.
#[derive(Debug, Clone)]
pub(super) struct Span {
    width: usize,
    /// Each with the place of its leading one, which no other row has.
    rows: Vec<(usize, Vec<u64>)>,
}

impl Span {
    pub(super) fn new(width: usize) -> Span {
        Span { width, rows: Vec::new() }
    }

    /// Adds the sum over these unknowns; `false` when it followed already.
    pub(super) fn add(&mut self, unknowns: impl IntoIterator<Item = usize>) -> bool {
        self.add_signed(unknowns, [])
    }

    /// Adds the sum over `plus` less the sum over `less`.
    pub(super) fn add_signed(
        &mut self,
        plus: impl IntoIterator<Item = usize>,
        less: impl IntoIterator<Item = usize>,
    ) -> bool {
        let mut row = self.reduced(plus, less);
        let Some(lead) = row.iter().position(|it| *it != 0) else {
            return false;
        };
        let scale = inverse(row[lead]);
        row.iter_mut().for_each(|it| *it = times(*it, scale));
        for (_, other) in &mut self.rows {
            let by = other[lead];
            subtract(other, &row, by);
        }
        self.rows.push((lead, row));
        true
    }

    /// Whether the sum over these unknowns follows.
    pub(super) fn holds(&self, unknowns: impl IntoIterator<Item = usize>) -> bool {
        self.reduced(unknowns, []).iter().all(|it| *it == 0)
    }

    /// A vector that every equation gives zero for, chosen by `seed`: a combination follows only if its entries add up
    /// to zero here. The reverse holds but for a chance of one in 2⁶¹, and would only refuse too much.
    pub(super) fn probe(&self, seed: u64) -> Vec<u64> {
        let mut res: Vec<u64> = (0..self.width as u64).map(|at| scattered(seed.wrapping_add(at)) % PRIME).collect();
        for (lead, _) in &self.rows {
            res[*lead] = 0;
        }
        let leads: Vec<u64> = self
            .rows
            .iter()
            .map(|(_, row)| minus(0, row.iter().zip(&res).fold(0, |sum, (a, b)| plus(sum, times(*a, *b)))))
            .collect();
        for ((lead, _), value) in self.rows.iter().zip(leads) {
            res[*lead] = value;
        }
        res
    }

    fn reduced(&self, plus: impl IntoIterator<Item = usize>, less: impl IntoIterator<Item = usize>) -> Vec<u64> {
        let mut row = vec![0; self.width];
        plus.into_iter().for_each(|at| row[at] = 1);
        less.into_iter().for_each(|at| row[at] = PRIME - 1);
        for (lead, other) in &self.rows {
            let by = row[*lead];
            subtract(&mut row, other, by);
        }
        row
    }
}

/// `g[at]·h − h[at]·g`: a probe that is zero at a place as well, as if that unknown were known.
pub(super) fn probe_knowing(at: usize, g: &[u64], h: &[u64]) -> Vec<u64> {
    g.iter().zip(h).map(|(a, b)| minus(times(g[at], *b), times(h[at], *a))).collect()
}

fn subtract(row: &mut [u64], other: &[u64], by: u64) {
    if by != 0 {
        row.iter_mut().zip(other).for_each(|(it, other)| *it = minus(*it, times(*other, by)));
    }
}

pub(super) fn plus(a: u64, b: u64) -> u64 {
    folded(a + b)
}

pub(super) fn minus(a: u64, b: u64) -> u64 {
    folded(a + PRIME - b)
}

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    folded((product >> 61) as u64 + (product as u64 & PRIME))
}

/// The rest of a number under twice the prime.
fn folded(it: u64) -> u64 {
    if it < PRIME { it } else { it - PRIME }
}

/// By Fermat: `a` to the power `PRIME − 2`.
fn inverse(a: u64) -> u64 {
    let (mut res, mut square, mut power) = (1, a, PRIME - 2);
    while 0 < power {
        if power % 2 == 1 {
            res = times(res, square);
        }
        square = times(square, square);
        power /= 2;
    }
    res
}

/// A number that looks like chance and is always the same (splitmix64).
fn scattered(seed: u64) -> u64 {
    let mut it = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    it ^ (it >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows() {
        let mut span = Span::new(6);
        assert!(span.add([0, 1, 2]));
        assert!(span.add([2, 3, 4]));
        assert!(span.add([0, 1, 2, 3, 4, 5]));
        assert!(!span.add([0, 1, 2]));
        assert!(!span.holds([2]) && !span.holds([0, 1]) && span.holds([]));
        assert!(span.add([0, 1]));
        // 2 follows from the first and the last; with it 3 + 4, and then 5.
        for follows in [vec![2], vec![3, 4], vec![5], vec![0, 1, 5]] {
            assert!(span.holds(follows.clone()), "{follows:?}");
            let probe = span.probe(7);
            assert_eq!(follows.iter().fold(0, |sum, it| plus(sum, probe[*it])), 0);
        }
        for not in [vec![0], vec![3], vec![1, 3]] {
            assert!(!span.holds(not.clone()), "{not:?}");
            let probe = span.probe(7);
            assert_ne!(not.iter().fold(0, |sum, it| plus(sum, probe[*it])), 0);
        }
        let knowing = probe_knowing(0, &span.probe(1), &span.probe(2));
        assert_eq!((knowing[0], knowing[1], knowing[3] == 0), (0, 0, false));
    }

    #[test]
    fn inverses() {
        for it in [1, 2, 3, PRIME - 1, 123_456_789] {
            assert_eq!(times(it, inverse(it)), 1);
        }
        assert_eq!((minus(0, 1), plus(PRIME - 1, 1)), (PRIME - 1, 0));
    }
}
