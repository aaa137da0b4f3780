//! Small counts in rows and tables: hide them, and hide as many more that totals do not give them back.

use crate::benchmark::disclosure::span::Span;

/// A row of counts with its total; `None` is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<Option<u64>>,
    pub total: Option<u64>,
}

/// A table of counts with the totals of rows and columns; `None` is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub cells: Vec<Vec<Option<u64>>>,
    pub row_totals: Vec<Option<u64>>,
    pub column_totals: Vec<Option<u64>>,
    pub total: Option<u64>,
}

/// Hides the counts from 1 to `most`. When that hides a single cell the total is hidden too, which keeps the other
/// cells; when the total is known elsewhere, the smallest other cell. A zero is shown.
pub fn row(counts: &[u64], most: u64, total_is_known: bool) -> Row {
    let is_small = |it: u64| (1..=most).contains(&it);
    let mut cells: Vec<Option<u64>> = counts.iter().map(|it| (!is_small(*it)).then_some(*it)).collect();
    let total: u64 = counts.iter().sum();
    let mut shown = (!is_small(total)).then_some(total);
    let hidden = cells.iter().filter(|it| it.is_none()).count();
    if hidden == 1 {
        if total_is_known {
            hide_smallest(&mut cells);
        } else {
            shown = None;
        }
    }
    Row { cells, total: shown }
}

fn hide_smallest(cells: &mut [Option<u64>]) {
    if let Some(it) = cells.iter_mut().filter(|it| it.is_some_and(|it| 0 < it)).min() {
        *it = None;
    }
}

/// The same for a table, rows of equal length. Cells and totals are hidden until no hidden one follows from what is
/// shown, by any chain of adding and subtracting.
pub fn table(counts: &[Vec<u64>], most: u64) -> Table {
    let columns = counts.first().map_or(0, Vec::len);
    let mut grid = with_totals(counts, columns);
    let width = columns + 1;
    let mut is_hidden: Vec<bool> = grid.iter().map(|it| (1..=most).contains(it)).collect();
    let lines = lines(counts.len() + 1, width);
    while let Some(line) = loose_line(&lines, &is_hidden) {
        // The smallest that protects: a zero often follows from elsewhere, and hides nothing.
        let open = line.iter().copied().filter(|it| !is_hidden[*it]);
        match open.min_by_key(|it| (grid[*it] == 0, grid[*it])) {
            Some(at) => is_hidden[at] = true,
            None => break,
        }
    }
    let mut shown = grid.drain(..).zip(is_hidden).map(|(it, hidden)| (!hidden).then_some(it));
    let mut cells: Vec<Vec<Option<u64>>> = (0..=counts.len()).map(|_| shown.by_ref().take(width).collect()).collect();
    let mut column_totals = cells.pop().unwrap_or_default();
    let total = column_totals.pop().flatten();
    let row_totals = cells.iter_mut().map(|it| it.pop().flatten()).collect();
    Table { cells, row_totals, column_totals, total }
}

/// Row by row, each with its total, and the row of totals.
fn with_totals(counts: &[Vec<u64>], columns: usize) -> Vec<u64> {
    let mut sums = vec![0; columns + 1];
    let mut res = Vec::with_capacity((counts.len() + 1) * (columns + 1));
    for row in counts {
        let mut cells: Vec<u64> = row.iter().copied().chain(std::iter::repeat(0)).take(columns).collect();
        cells.push(cells.iter().sum());
        sums.iter_mut().zip(&cells).for_each(|(sum, it)| *sum += it);
        res.extend(cells);
    }
    res.extend(sums);
    res
}

/// The places that add up: those of each row and of each column; the last of a line is the sum of the others.
fn lines(rows: usize, columns: usize) -> Vec<Vec<usize>> {
    let across = (0..rows).map(|row| (0..columns).map(|at| row * columns + at).collect());
    let down = (0..columns).map(|at| (0..rows).map(|row| row * columns + at).collect());
    across.chain(down).collect()
}

/// A line with a hidden cell that follows from what is shown; the one with most to hide.
fn loose_line<'a>(lines: &'a [Vec<usize>], is_hidden: &[bool]) -> Option<&'a Vec<usize>> {
    let mut span = Span::new(is_hidden.len());
    for line in lines {
        let (total, parts) = line.split_last()?;
        let hidden = |it: &&usize| is_hidden[**it];
        span.add_signed(parts.iter().filter(hidden).copied(), Some(total).filter(hidden).copied());
    }
    let probe = span.probe(1);
    let is_loose = |it: &usize| is_hidden[*it] && probe[*it] == 0;
    let open = |line: &&Vec<usize>| line.iter().filter(|it| !is_hidden[**it]).count();
    lines.iter().filter(|it| it.iter().any(is_loose)).max_by_key(open)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows() {
        for (counts, is_known, cells, total) in [
            (&[20, 30, 5][..], false, &[Some(20), Some(30), None][..], None),
            (&[5, 8, 40], false, &[None, None, Some(40)], Some(53)),
            (&[20, 30, 5], true, &[None, Some(30), None], Some(55)),
            (&[20, 0, 5], true, &[None, Some(0), None], Some(25)),
            (&[20, 0, 30], false, &[Some(20), Some(0), Some(30)], Some(50)),
            (&[3, 0, 0], false, &[None, Some(0), Some(0)], None),
            (&[], false, &[], Some(0)),
        ] {
            let found = row(counts, 9, is_known);
            assert_eq!((found.cells.as_slice(), found.total), (cells, total), "{counts:?}");
        }
    }

    #[test]
    fn tables() {
        let found = table(&[vec![20, 3, 40], vec![50, 60, 70], vec![80, 90, 15]], 7);
        // 3 is small; 20 in its row, and 15 or more for the square, follow.
        let hidden = found.cells.iter().flatten().filter(|it| it.is_none()).count();
        assert_eq!((found.cells[0][1], found.total), (None, Some(428)));
        assert!((2..=4).contains(&hidden), "{found:?}");
        let all = table(&[vec![20, 30], vec![40, 50]], 7);
        assert!(all.cells.iter().flatten().all(Option::is_some));
        assert_eq!((all.row_totals, all.column_totals), (vec![Some(50), Some(90)], vec![Some(60), Some(80)]));
        assert_eq!(table(&[], 7).total, Some(0));
    }

    /// Whether another table with the same shown numbers exists in which this hidden cell differs: one step in a
    /// direction that leaves all sums as they are. Found by plain elimination, not by the code under test.
    fn follows(table: &Table, at: usize) -> bool {
        let rows: Vec<Vec<Option<u64>>> = table
            .cells
            .iter()
            .zip(&table.row_totals)
            .map(|(cells, total)| cells.iter().copied().chain([*total]).collect())
            .chain([table.column_totals.iter().copied().chain([table.total]).collect()])
            .collect();
        let width = rows[0].len();
        let flat: Vec<Option<u64>> = rows.concat();
        let unknown: Vec<usize> = (0..flat.len()).filter(|it| flat[*it].is_none()).collect();
        let mut equations: Vec<Vec<f64>> = Vec::new();
        let line = |places: Vec<usize>| {
            let last = places[places.len() - 1];
            let factor = |it: &usize| {
                if !places.contains(it) {
                    0.0
                } else if *it == last {
                    -1.0
                } else {
                    1.0
                }
            };
            unknown.iter().map(factor).collect::<Vec<f64>>()
        };
        equations.extend((0..rows.len()).map(|row| line((0..width).map(|it| row * width + it).collect())));
        equations.extend((0..width).map(|it| line((0..rows.len()).map(|row| row * width + it).collect())));
        let rank_with = rank(&equations);
        let mut and_this = equations;
        and_this.push(unknown.iter().map(|it| if *it == at { 1.0 } else { 0.0 }).collect());
        rank(&and_this) == rank_with
    }

    fn rank(rows: &[Vec<f64>]) -> usize {
        let mut rows = rows.to_vec();
        let mut rank = 0;
        for column in 0..rows[0].len() {
            let Some(pivot) = (rank..rows.len()).find(|it| 1e-9 < rows[*it][column].abs()) else { continue };
            rows.swap(rank, pivot);
            let (done, rest) = rows.split_at_mut(rank + 1);
            for row in rest {
                let by = row[column] / done[rank][column];
                row.iter_mut().zip(&done[rank]).for_each(|(it, other)| *it -= by * other);
            }
            rank += 1;
            if rank == rows.len() {
                break;
            }
        }
        rank
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_hidden_cell_follows_from_the_shown_ones(
            counts in (1usize..5, 1usize..5).prop_flat_map(|(rows, columns)| {
                prop::collection::vec(prop::collection::vec(0u64..25, columns), rows)
            }),
        ) {
            let found = table(&counts, 7);
            let width = counts[0].len() + 1;
            for (row, column) in (0..counts.len()).flat_map(|row| (0..width - 1).map(move |it| (row, it))) {
                let shown = found.cells[row][column];
                prop_assert!(shown.is_none() || shown == Some(counts[row][column]));
                prop_assert!(!(1..=7).contains(&counts[row][column]) || shown.is_none());
                if shown.is_none() {
                    prop_assert!(!follows(&found, row * width + column), "{found:?}");
                }
            }
        }
    }
}
