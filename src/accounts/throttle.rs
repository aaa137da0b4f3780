//! Slows down who keeps trying, by account and by range of addresses. It never locks: a running session goes on, the
//! wait is at most a quarter of an hour, and a new password by mail ends it.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::store::throttle::{self, Failures};
use crate::store::{self, Store, Write};

use super::secret;

/// How often an account may fail before its next try must wait; then the wait doubles.
const FREE: i32 = 5;
/// The same for a range of addresses: many people share one.
const FREE_RANGE: i32 = 50;
/// The same for all ranges of a subscriber together.
const FREE_SUBSCRIBER: i32 = 200;
const FIRST_WAIT_S: i64 = 15;
const LONGEST_WAIT_S: i64 = 15 * 60;
/// Failures are forgotten after this.
pub const MEMORY: TimeDelta = TimeDelta::hours(12);

/// What is counted.
#[derive(Debug, Clone)]
pub struct Subject {
    hash: String,
    free: i32,
}

impl Subject {
    /// Tries at one account, by what was typed.
    pub fn account(mail: &str) -> Subject {
        Subject { hash: secret::derived(mail, "poging bij account"), free: FREE }
    }

    /// Tries from where an address is: its range. Of the long addresses also the range that one subscriber often has
    /// for itself; otherwise it could go on from the next of its hundreds of ranges.
    pub fn ranges(address: IpAddr) -> Vec<Subject> {
        let of = |range: &str, free| Subject { hash: secret::derived(range, "poging vanaf"), free };
        let near = of(&range(address), FREE_RANGE);
        match address.to_canonical() {
            IpAddr::V4(_) => vec![near],
            IpAddr::V6(it) => vec![near, of(&of_subscriber(it), FREE_SUBSCRIBER)],
        }
    }
}

/// The /56 of an address.
fn of_subscriber(address: Ipv6Addr) -> String {
    let [a, b, c, d, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
}

/// The range an address is of, as text: /24, or /64 of the long addresses.
pub fn range(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            format!("{a}.{b}.{c}.0")
        }
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
    }
}

/// How many seconds the next try must wait; `None` when it may be made now.
pub async fn wait(store: &Store, subjects: &[Subject], now: DateTime<Utc>) -> store::Result<Option<i64>> {
    let mut longest = 0;
    for it in subjects {
        if let Some(failures) = throttle::get(store, &it.hash).await? {
            longest = longest.max(left(failures, it.free, now));
        }
    }
    Ok((0 < longest).then_some(longest))
}

/// Notes a failure.
pub async fn failed(store: &Store, subjects: &[Subject], now: DateTime<Utc>) -> store::Result<()> {
    let write = store.write().await?;
    for it in subjects {
        let known = throttle::get_in(&write, &it.hash).await?;
        let before = known.filter(|it| now < it.last_at + MEMORY).map_or(0, |it| it.count);
        let failures = Failures { count: before.saturating_add(1), last_at: now };
        throttle::save(&write, &it.hash, known.is_some(), failures).await?;
    }
    write.commit_apart().await
}

/// Forgets the failures of an account: it was its owner.
pub async fn succeeded(write: &Write, subject: &Subject) -> store::Result<()> {
    throttle::remove(write, &subject.hash).await
}

fn left(it: Failures, free: i32, now: DateTime<Utc>) -> i64 {
    if it.count < free || it.last_at + MEMORY <= now {
        return 0;
    }
    let doubled = u32::try_from(it.count - free).unwrap_or(0).min(10);
    let wait = (FIRST_WAIT_S << doubled).min(LONGEST_WAIT_S);
    (wait - (now - it.last_at).num_seconds()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let after = |count, seconds| left(Failures { count, last_at: now }, FREE, now + TimeDelta::seconds(seconds));
        assert_eq!(after(4, 0), 0);
        assert_eq!(after(5, 0), 15);
        assert_eq!(after(5, 14), 1);
        assert_eq!(after(5, 15), 0);
        assert_eq!(after(7, 0), 60);
        assert_eq!(after(1_000, 0), LONGEST_WAIT_S);
        assert_eq!(after(1_000, 12 * 3600), 0);
    }

    #[test]
    fn ranges() {
        for (address, expected) in [
            ("192.0.2.77", "192.0.2.0"),
            ("::ffff:192.0.2.77", "192.0.2.0"),
            ("2001:db8:1:2345:6::7", "2001:db8:1:2345::"),
        ] {
            assert_eq!(range(address.parse().unwrap()), expected);
        }
        let hashes = |address: &str| -> Vec<String> {
            Subject::ranges(address.parse().unwrap()).into_iter().map(|it| it.hash).collect()
        };
        let one = hashes("2001:db8:1:2345::1");
        assert_eq!((one.len(), hashes("192.0.2.1").len()), (2, 1));
        assert_eq!(hashes("2001:db8:1:2345:ffff::"), one);
        let beside = hashes("2001:db8:1:2346::1");
        assert!(beside[0] != one[0] && beside[1] == one[1]);
        assert_ne!(hashes("2001:db8:1:2445::1")[1], one[1]);
    }
}
