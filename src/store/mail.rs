//! The table of mails: those that wait to be sent, and what became of the others.
//!
//! A mail is written in the transaction of what it tells, so that neither is there without the other. Its key says
//! which event it tells whom: a second one of the same key is left out.
//!
//! Invariant: the text of a mail that was sent is gone; it may hold a link that opens a door.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::id::{AccountId, MailId};
use crate::domain::mail::{MailState, NewMail};

use super::{Result, Store, Write, corrupt};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub unique_key: String,
    pub account_id: Option<String>,
    pub recipient: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub body: String,
    pub state: String,
    pub tries: i32,
    pub created_at: DateTimeUtc,
    pub next_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A mail and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    pub account: Option<AccountId>,
    pub recipient: String,
    /// To whom an answer goes, when that is not the sender.
    pub reply_to: Option<String>,
    pub subject: String,
    /// Empty once it was sent.
    pub body: String,
    pub state: MailState,
    pub tries: i32,
    pub created_at: DateTime<Utc>,
    /// Not tried before.
    pub next_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Why it was not sent at the last try.
    pub error: String,
}

/// Writes a mail that waits to be sent; one of the same key stays as it is.
pub async fn put(write: &Write, mail: &NewMail, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        id: Set(MailId::generate().to_string()),
        unique_key: Set(mail.key.clone()),
        account_id: Set(mail.account.as_ref().map(ToString::to_string)),
        recipient: Set(mail.recipient.clone()),
        reply_to: Set(mail.reply_to.clone()),
        subject: Set(mail.subject.clone()),
        body: Set(mail.body.clone()),
        state: Set(MailState::Waiting.word().to_owned()),
        tries: Set(0),
        created_at: Set(now),
        next_at: Set(now),
        sent_at: Set(None),
        error: Set(String::new()),
    };
    let once = OnConflict::column(Column::UniqueKey).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The mails that may be tried now, the longest waiting first.
pub async fn due(store: &Store, now: DateTime<Utc>, most: u64) -> Result<Vec<Mail>> {
    let waiting = Entity::find().filter(Column::State.eq(MailState::Waiting.word())).filter(Column::NextAt.lte(now));
    let rows = waiting.order_by_asc(Column::NextAt).order_by_asc(Column::Id).limit(most).all(store.read()).await?;
    rows.into_iter().map(mail).collect()
}

/// The latest mails, newest first.
pub async fn latest(store: &Store, most: u64) -> Result<Vec<Mail>> {
    let rows = Entity::find().order_by_desc(Column::Id).limit(most).all(store.read()).await?;
    rows.into_iter().map(mail).collect()
}

/// How many mails stand so.
pub async fn count(store: &Store, state: MailState) -> Result<u64> {
    Ok(Entity::find().filter(Column::State.eq(state.word())).count(store.read()).await?)
}

/// The mail of this identity, as the running write sees it.
pub async fn get_in(write: &Write, id: &MailId) -> Result<Option<Mail>> {
    Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(mail).transpose()
}

/// Stores how a mail stands now.
pub async fn save(write: &Write, it: &Mail) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        body: Set(it.body.clone()),
        state: Set(it.state.word().to_owned()),
        tries: Set(it.tries),
        next_at: Set(it.next_at),
        sent_at: Set(it.sent_at),
        error: Set(it.error.clone()),
        ..Default::default()
    };
    row.update(write.connection()).await.map(drop)?;
    Ok(())
}

/// Forgets mails that were made before a moment and wait no longer; says how many.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lt(before));
    let done = old.filter(Column::State.ne(MailState::Waiting.word())).exec(write.connection()).await?;
    Ok(done.rows_affected)
}

fn mail(row: Model) -> Result<Mail> {
    Ok(Mail {
        state: MailState::parse(&row.state).ok_or_else(|| corrupt("stand van een bericht", &row.state))?,
        id: MailId::stored(row.id),
        account: row.account_id.map(AccountId::stored),
        recipient: row.recipient,
        reply_to: row.reply_to,
        subject: row.subject,
        body: row.body,
        tries: row.tries,
        created_at: row.created_at,
        next_at: row.next_at,
        sent_at: row.sent_at,
        error: row.error,
    })
}
