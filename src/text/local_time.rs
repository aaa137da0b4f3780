//! The time on a Dutch clock. The rule is that of the European Union: summer time from the last Sunday of March to the
//! last Sunday of October, both at one o'clock UTC.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc, Weekday};

use super::dutch;

/// What a Dutch clock shows at a moment.
pub fn of(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.naive_utc() + offset(moment.naive_utc())
}

/// The moment at which a Dutch clock shows this. An hour that comes twice is the first; one that is skipped is read as
/// if it were not.
pub fn moment(shown: NaiveDateTime) -> DateTime<Utc> {
    let winter = shown - Duration::hours(1);
    let summer = shown - Duration::hours(2);
    let utc = if offset(summer) == Duration::hours(2) { summer } else { winter };
    utc.and_utc()
}

/// "14:03".
pub fn clock(moment: DateTime<Utc>) -> String {
    of(moment).format("%H:%M").to_string()
}

/// "21 november 2026 om 14:03".
pub fn date_and_clock(moment: DateTime<Utc>) -> String {
    format!("{} om {}", dutch::date(of(moment).date()), clock(moment))
}

/// "21 november 2026".
pub fn date(moment: DateTime<Utc>) -> String {
    dutch::date(of(moment).date())
}

fn offset(utc: NaiveDateTime) -> Duration {
    let begin = last_sunday(utc.year(), 3);
    let end = last_sunday(utc.year(), 10);
    let is_summer = begin.zip(end).is_some_and(|(begin, end)| begin <= utc && utc < end);
    Duration::hours(if is_summer { 2 } else { 1 })
}

/// One o'clock on the last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDateTime> {
    let mut day = NaiveDate::from_ymd_opt(year, month, 31)?;
    while day.weekday() != Weekday::Sun {
        day = day.pred_opt()?;
    }
    day.and_hms_opt(1, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter() {
        for (utc, shown) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T13:00:00"),
            ("2026-07-01T22:30:00Z", "2026-07-02T00:30:00"),
            ("2026-03-29T00:59:00Z", "2026-03-29T01:59:00"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
            ("2026-10-25T00:59:00Z", "2026-10-25T02:59:00"),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00"),
        ] {
            let utc: DateTime<Utc> = utc.parse().unwrap();
            let shown: NaiveDateTime = shown.parse().unwrap();
            assert_eq!(of(utc), shown);
            if utc != "2026-10-25T01:00:00Z".parse::<DateTime<Utc>>().unwrap() {
                assert_eq!(moment(shown), utc);
            }
        }
        assert_eq!(date_and_clock("2026-11-22T12:00:00Z".parse().unwrap()), "22 november 2026 om 13:00");
    }
}
