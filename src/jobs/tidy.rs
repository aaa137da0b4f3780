//! Forgets what is over: sessions, links, failed tries, mails that were sent, questions between members, and old entries of the log of changes.

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::accounts::session::IDLE;
use crate::accounts::throttle::MEMORY;
use crate::domain::inquiry::DAYS as INQUIRY_DAYS;
use crate::store::{self, Store, audit, inquiry, link, mail, session, throttle};

/// How long the log of changes is kept.
pub const AUDIT_DAYS: u64 = 730;
/// How long it is kept that a mail was sent.
pub const MAIL_DAYS: u64 = 90;

pub async fn forget(store: &Store, now: DateTime<Utc>) -> store::Result<()> {
    let before = |days: u64| now.checked_sub_days(Days::new(days)).unwrap_or(now);
    let write = store.write().await?;
    session::forget(&write, now, now - IDLE).await?;
    link::forget(&write, now - TimeDelta::days(30)).await?;
    throttle::forget(&write, now - MEMORY).await?;
    mail::forget(&write, before(MAIL_DAYS)).await?;
    inquiry::forget(&write, before(INQUIRY_DAYS)).await?;
    audit::forget(&write, before(AUDIT_DAYS)).await?;
    write.commit_apart().await
}
