//! Chance that falls the same on every machine: whole numbers, and of the reals only what IEEE fixes to the last bit.

/// SplitMix64: a counter, well mixed.
pub(in crate::exchange) struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The chances of one stream of a seed. Streams do not touch each other, so what is made from one stays the
    /// same whatever is made from others.
    pub fn new(seed: u64, stream: u64) -> Random {
        Random(mixed(mixed(seed).wrapping_add(stream.wrapping_mul(STEP))))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number from 0 up to `end`, which is left out; 0 when `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True this many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of a list, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// The list in another order.
    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
        items
    }
}

fn mixed(mut it: u64) -> u64 {
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    it ^ (it >> 31)
}

/// Places in a list of which the first are drawn most often, as words in a language are: the place `n`, from 0, has
/// the weight `1 / (n + shift)^1.05`. The larger the shift, the less the very first stand out.
pub(super) struct Zipf {
    /// Per place the weights up to and including it.
    sums: Vec<u64>,
}

impl Zipf {
    pub fn new(places: usize, shift: usize) -> Zipf {
        let mut sum = 0;
        let sums = (0..places).map(|at| {
            // `powf` may differ between machines in the last bit; roots may not. 1 + 1/32 + 1/64 is 1.047.
            let x = (at + shift) as f64;
            let root = x.sqrt().sqrt().sqrt().sqrt().sqrt();
            sum += (1e15 / (x * root * root.sqrt())) as u64;
            sum
        });
        Zipf { sums: sums.collect() }
    }

    pub fn draw(&self, random: &mut Random) -> usize {
        let all = self.sums.last().copied().unwrap_or(0);
        let at = ((u128::from(random.next()) * u128::from(all)) >> 64) as u64;
        self.sums.partition_point(|it| *it <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_everywhere() {
        let first = |seed, stream| Random::new(seed, stream).next();
        assert_eq!(first(1, 0), 0x4181_b152_fb77_616f);
        assert_ne!(first(1, 0), first(1, 1));
        assert_ne!(first(1, 0), first(2, 0));
    }

    #[test]
    fn the_first_places_are_drawn_most() {
        let zipf = Zipf::new(1_000, 3);
        let mut random = Random::new(1, 1);
        let mut counts = vec![0; 1_000];
        for _ in 0..100_000 {
            counts[zipf.draw(&mut random)] += 1;
        }
        assert!(counts[1] < counts[0] && counts[10] < counts[1] && counts[100] < counts[10]);
        // Four times as far along, about a fourth of the weight.
        let tenth: u32 = counts[40..50].iter().sum();
        let fortieth: u32 = counts[160..200].iter().sum::<u32>() / 4;
        assert!((3.0..6.0).contains(&(f64::from(tenth) / f64::from(fortieth))), "{tenth} {fortieth}");
    }
}
