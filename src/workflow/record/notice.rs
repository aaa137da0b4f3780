//! Who is told what when a document moves: everybody concerned, once, with the reason and a link; never the one who
//! did it, and nobody who may not see it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::account::{Account, AccountRole, AccountStatus};
use crate::domain::actor::{Actor, User};
use crate::domain::address;
use crate::domain::draft::Draft;
use crate::domain::id::AccountId;
use crate::domain::mail::NewMail;
use crate::domain::record::Record;
use crate::store::theme_reviewer::ThemeReviewer;
use crate::store::{self, Store, Write, audit};
use crate::text::local_time;

use super::{Act, Error, Rights};

/// Writes what happened into the log of changes.
pub(in crate::workflow) async fn log(
    act: &Act<'_>,
    write: &Write,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<(), Error> {
    Ok(audit::append(write, act.actor, action, subject, detail, act.from, act.now).await?)
}

/// Who reviews a draft.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reviewers {
    /// Those whose turn it is.
    pub first: Vec<Account>,
    /// Those who step in when it takes too long.
    pub deputies: Vec<Account>,
    /// Within how many days it is to be reviewed.
    pub days: i32,
}

/// How long a review may take where nobody said otherwise, in days.
const DAYS: i32 = 7;

/// Who reviews a draft: those of its themes, else all editors who may, else the administrators. Its author only when
/// the author may approve it.
pub async fn reviewers(act: &Act<'_>, draft: &Draft, live: Option<&Record>) -> Result<Reviewers, Error> {
    let named = store::theme_reviewer::list(act.store).await?;
    let accounts: Vec<Account> = store::account::list(act.store).await?.into_iter().map(|it| it.account).collect();
    choose(act, draft, live, &named, &accounts).await
}

async fn choose(
    act: &Act<'_>,
    draft: &Draft,
    live: Option<&Record>,
    named: &[ThemeReviewer],
    accounts: &[Account],
) -> Result<Reviewers, Error> {
    let catalogue = act.store.catalogue().await?;
    let today = act.now.date_naive();
    let rights = Rights::of_draft(draft, live, &catalogue, act.is_four_eyes);
    let may_review = |it: &&Account| {
        it.status == AccountStatus::Active && (it.id != draft.author || !act.is_four_eyes) && {
            let user = User::new(it.id.clone(), it.name.clone(), it.grants.clone(), &catalogue.networks, today);
            rights.may_comment(&Actor::User(Arc::new(user))).is_ok()
        }
    };
    let able: Vec<&Account> = accounts.iter().filter(may_review).collect();
    let of = |id: &AccountId| able.iter().find(|it| it.id == *id).map(|it| (*it).clone());
    let themes = draft.content.theme_lines(&catalogue);
    let mut res = Reviewers { days: DAYS, ..Reviewers::default() };
    for it in named.iter().filter(|it| it.holds_on(today) && themes.contains(&it.theme.as_str())) {
        res.days = it.days;
        for (id, group) in [(Some(&it.account), &mut res.first), (it.deputy.as_ref(), &mut res.deputies)] {
            if let Some(account) = id.and_then(of)
                && !group.contains(&account)
            {
                group.push(account);
            }
        }
    }
    if res.first.is_empty() {
        res.first = std::mem::take(&mut res.deputies);
    }
    if res.first.is_empty() {
        let is_editor = |it: &&&Account| it.grants.iter().any(|it| it.role == AccountRole::Editor);
        res.first = able.iter().filter(is_editor).map(|it| (*it).clone()).collect();
    }
    if res.first.is_empty() {
        res.first = able.into_iter().cloned().collect();
    }
    Ok(res)
}

/// Tells somebody, unless it is the one who acts or somebody who cannot sign in.
async fn tell(
    act: &Act<'_>,
    write: &Write,
    whom: &AccountId,
    event: &str,
    subject: &str,
    text: &str,
) -> Result<(), Error> {
    if act.actor.user().is_some_and(|it| it.account == *whom) {
        return Ok(());
    }
    let Some(entry) = store::account::get_in(write, whom).await? else { return Ok(()) };
    let account = entry.account;
    if account.status != AccountStatus::Active {
        return Ok(());
    }
    let mail = NewMail {
        key: format!("{event}:{whom}"),
        account: Some(account.id),
        recipient: account.mail,
        reply_to: None,
        // A subject is one line.
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        body: format!("Beste {},\n\n{text}\n\nLeerkring\n{}\n", account.name, act.site),
    };
    Ok(store::mail::put(write, &mail, act.now).await?)
}

/// Those who reviewed or will, and the author.
fn title(draft: &Draft) -> String {
    draft.content.title().to_owned()
}

pub(super) async fn submitted(act: &Act<'_>, write: &Write, draft: &Draft, live: Option<&Record>) -> Result<(), Error> {
    let whom = reviewers(act, draft, live).await?;
    let title = title(draft);
    let note = draft.note.as_ref().map_or_else(String::new, |it| format!("\n\nDe auteur schrijft erbij:\n{it}"));
    let text = format!(
        "\"{title}\" is ingediend en wacht op uw beoordeling. Graag binnen {} dagen.{note}\n\nBeoordelen: {}{}",
        whom.days,
        act.site,
        address::review(&draft.id)
    );
    for account in whom.first {
        let event = format!("ingediend:{}:{}", draft.id, draft.version);
        tell(act, write, &account.id, &event, &format!("Ter beoordeling: {title}"), &text).await?;
    }
    Ok(())
}

pub(super) async fn changes_requested(act: &Act<'_>, write: &Write, draft: &Draft, reason: &str) -> Result<(), Error> {
    let title = title(draft);
    let text = format!(
        "Er zijn wijzigingen gevraagd in \"{title}\".\n\nDe reden:\n{reason}\n\nPas de tekst aan en dien hem opnieuw in: {}{}",
        act.site,
        address::draft(&draft.id)
    );
    let event = format!("wijzigingen:{}:{}", draft.id, draft.version);
    tell(act, write, &draft.author, &event, &format!("Wijzigingen gevraagd: {title}"), &text).await
}

pub(super) async fn planned(act: &Act<'_>, write: &Write, draft: &Draft, at: DateTime<Utc>) -> Result<(), Error> {
    let title = title(draft);
    let when = local_time::date_and_clock(at);
    let text = format!(
        "\"{title}\" is goedgekeurd en verschijnt op {when}.\n\nBekijken: {}{}",
        act.site,
        address::draft(&draft.id)
    );
    let event = format!("gepland:{}:{}", draft.id, draft.version);
    tell(act, write, &draft.author, &event, &format!("Goedgekeurd: {title}"), &text).await
}

pub(super) async fn published(
    act: &Act<'_>,
    write: &Write,
    draft: &Draft,
    record: &Record,
    owner: Option<&AccountId>,
) -> Result<(), Error> {
    let title = &record.common.title;
    let text = format!("\"{title}\" is gepubliceerd.\n\nBekijken: {}{}", act.site, address::record(&record.slug));
    let mut whom = vec![&draft.author];
    whom.extend(owner);
    // At a planned moment nobody is at work: who approved it wants to know too.
    whom.extend(draft.reviewer.as_ref());
    whom.sort();
    whom.dedup();
    for account in whom {
        let event = format!("gepubliceerd:{}", draft.id);
        tell(act, write, account, &event, &format!("Gepubliceerd: {title}"), &text).await?;
    }
    Ok(())
}

pub(super) async fn withdrawn(
    act: &Act<'_>,
    write: &Write,
    record: &Record,
    version: i32,
    owner: Option<&AccountId>,
    reason: &str,
) -> Result<(), Error> {
    let Some(owner) = owner else { return Ok(()) };
    let title = &record.common.title;
    let text = format!(
        "\"{title}\" is ingetrokken en niet meer te vinden.\n\nDe reden:\n{reason}\n\nHet adres: {}{}",
        act.site,
        address::record(&record.slug)
    );
    let event = format!("ingetrokken:{}:{version}", record.slug);
    tell(act, write, owner, &event, &format!("Ingetrokken: {title}"), &text).await
}

pub(super) async fn restored(
    act: &Act<'_>,
    write: &Write,
    record: &Record,
    now: i32,
    owner: Option<&AccountId>,
    version: i32,
) -> Result<(), Error> {
    let Some(owner) = owner else { return Ok(()) };
    let title = &record.common.title;
    let text = format!(
        "Versie {version} van \"{title}\" is teruggezet en staat nu op de site.\n\nBekijken: {}{}",
        act.site,
        address::record(&record.slug)
    );
    let event = format!("hersteld:{}:{now}", record.slug);
    tell(act, write, owner, &event, &format!("Versie teruggezet: {title}"), &text).await
}

/// Reminds the owner to look at a document whose day has passed.
pub(super) async fn overdue(
    act: &Act<'_>,
    write: &Write,
    record: &Record,
    owner: &AccountId,
    token: &str,
) -> Result<(), Error> {
    let title = &record.common.title;
    let day = record.common.review_by.map(crate::text::dutch::date).unwrap_or_default();
    let text = format!(
        "\"{title}\" zou u vóór {day} opnieuw bekijken. Klopt het nog?\n\nJa, het klopt nog: {site}{}\n\nNee, ik pas het aan of trek het in: {site}{}\n\nTot u dit doet, staat er bij het document dat het niet is bevestigd.",
        address::confirm(token),
        address::record(&record.slug),
        site = act.site,
    );
    let event = format!("herzien:{}:{day}", record.slug);
    tell(act, write, owner, &event, &format!("Klopt dit nog? {title}"), &text).await
}

/// Reminds those who review, and who stands in for them, of what waits too long.
pub(super) async fn waiting(act: &Act<'_>, write: &Write, draft: &Draft, whom: &Reviewers) -> Result<(), Error> {
    let title = title(draft);
    let since = draft.submitted_at.map(local_time::date).unwrap_or_default();
    let text = format!(
        "\"{title}\" wacht sinds {since} op een beoordeling.\n\nBeoordelen: {}{}",
        act.site,
        address::review(&draft.id)
    );
    for account in whom.first.iter().chain(&whom.deputies) {
        let event = format!("wacht:{}:{}", draft.id, draft.version);
        tell(act, write, &account.id, &event, &format!("Wacht nog op beoordeling: {title}"), &text).await?;
    }
    Ok(())
}

/// The names of accounts by identity, for pages; who is gone is a former member.
pub async fn names(store: &Store) -> Result<std::collections::HashMap<String, String>, Error> {
    let all = store::account::list(store).await?;
    Ok(all.into_iter().map(|it| (it.account.id.to_string(), it.account.name)).collect())
}
