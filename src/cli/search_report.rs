//! `zoekrapport`: what was searched for, for who improves words and texts. Reads only.

use chrono::Days;

use crate::app::{self, Clock};
use crate::config::Config;
use crate::domain::search_report::{Line, SEARCHES_MIN, SEARCHES_PER_CLICK, SearchReport};
use crate::store;
use crate::text::dutch;

use super::{Outcome, say};

pub(super) async fn run(config: Config, days: u64, most: usize) -> anyhow::Result<Outcome> {
    let store = app::open_existing_store(&config).await?;
    let until = Clock::System.now().date_naive();
    let from = until.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(until);
    let report = store::search_log::report(&store, from, until).await?;
    store.close().await?;
    text(&report, most, config.query_log).iter().for_each(|line| say(line));
    Ok(Outcome::Fine)
}

/// The lines of the report, at most `most` questions in each list.
fn text(report: &SearchReport, most: usize, is_counting: bool) -> Vec<String> {
    let mut res =
        vec![format!("Zoekrapport van {} tot en met {}", dutch::date(report.from), dutch::date(report.until))];
    if !is_counting {
        res.push("De instelling query_log staat uit: er komt niets bij.".to_owned());
    }
    let Some(first) = report.first() else {
        res.push("Van deze dagen is niets geteld.".to_owned());
        return res;
    };
    let searches = dutch::number(report.searches() as f64);
    let questions = dutch::count(report.lines.len(), "zoekvraag", "verschillende zoekvragen");
    res.push(format!("{searches} keer gezocht, {questions}; de eerste telling is van {}.", dutch::date(first)));
    res.push("Niet elke browser meldt dat een document is geopend, en via de API gaat dat nooit.".to_owned());
    res.push("De site slaat elke minuut op wat zij telde.".to_owned());

    let without = report.without_hits();
    let rarely = report.rarely_followed();
    let all: Vec<&Line> = report.lines.iter().collect();
    let few = format!(
        "Weinig gevolgd: minstens {SEARCHES_MIN} keer gezocht, nog geen 1 keer per {SEARCHES_PER_CLICK} geopend"
    );
    list(&mut res, "Zonder resultaat, toen het laatst gezocht werd", &without, most);
    list(&mut res, &few, &rarely, most);
    list(&mut res, "Meest gezocht", &all, most);
    res
}

fn list(res: &mut Vec<String>, heading: &str, lines: &[&Line], most: usize) {
    res.push(String::new());
    let shown = match lines.len() {
        0 => "geen".to_owned(),
        count if most < count => format!("{most} van {}", dutch::number(count as f64)),
        count => dutch::number(count as f64),
    };
    res.push(format!("{heading} ({shown})"));
    if !lines.is_empty() && 0 < most {
        let head = ["gezocht", "gevonden", "geopend", "beste plaats", "laatst", "zoekvraag"].map(str::to_owned);
        res.extend(aligned(std::iter::once(head).chain(lines.iter().take(most).map(|it| cells(it))).collect()));
    }
}

fn cells(line: &Line) -> [String; 6] {
    let counts = &line.counts;
    let number = |value: u64| dutch::number(value as f64);
    let question = match line.asked.filters() {
        "" => line.asked.question().to_owned(),
        filters => format!("{} [{}]", line.asked.question(), filters.replace('&', ", ")),
    };
    [
        number(counts.all_searches()),
        number(counts.hits.unwrap_or(0)),
        number(counts.all_clicks()),
        counts.best_rank().map_or_else(|| "–".to_owned(), |it| it.to_string()),
        line.last.format("%d-%m-%Y").to_string(),
        question,
    ]
}

/// Columns under one another, numbers to the right; the question last, where it may be long.
fn aligned(rows: Vec<[String; 6]>) -> Vec<String> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    rows.iter()
        .map(|row| {
            let numbers: String = row.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}")).collect();
            format!("{numbers}  {}", row[5])
        })
        .collect()
}
