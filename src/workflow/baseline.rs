//! A new start of a control chart: an organisation says from when its figures move around another mean, and why; a
//! second person agrees or rejects it. It can be withdrawn, also afterwards; then the chart is as it was.
//!
//! Invariant: no chart begins anew without a reason, and none by one person where two pairs of eyes are asked for.

use serde_json::json;

use crate::domain::fault::{Fault, Place};
use crate::domain::id::BaselineId;
use crate::domain::indicator::{Indicator, Overlap};
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, Denied, Figures, may};
use crate::domain::proposal::{self, Ended, Ending, Proposal};
use crate::store::baseline::Baseline;
use crate::store::{self, Write, audit};

use super::record::Act;
use super::{Error, comparison, delivery};

/// Proposes a new start from a period on.
pub async fn propose(
    act: &Act<'_>,
    organisation: &str,
    indicator: &str,
    period: &str,
    reason: &str,
) -> Result<BaselineId, Error> {
    hidden(may(act.actor, Action::Deliver(organisation)))?;
    let write = act.store.write().await?;
    let (catalogue, ids) = store::catalogue::get_in(&write).await?;
    let indicator = catalogue.indicator(indicator).ok_or(Error::NotFound)?;
    let period = checked_period(act, organisation, indicator, period).await?;
    let reason = proposal::reason("reden", reason, "schrijf wat er veranderde in het werk").map_err(form)?;
    let it = Baseline {
        id: BaselineId::generate(),
        organisation: organisation.to_owned(),
        indicator: indicator.slug.clone(),
        period,
        proposal: Proposal::new(reason, act.actor.label(), act.now),
    };
    store::baseline::insert(&write, &ids, &it).await?;
    log(act, &write, "nieuwe grenzen voorgesteld", &it).await?;
    if let Some(user) = act.actor.user().filter(|_| !act.is_four_eyes) {
        store::baseline::approve(&write, &it.id, &user.account, act.now).await?;
        log(act, &write, "nieuwe grenzen vastgesteld", &it).await?;
    }
    write.commit_apart().await?;
    Ok(it.id)
}

/// The period, when a chart can begin anew there: there is a value, there is one before, and nothing begins there yet.
async fn checked_period(
    act: &Act<'_>,
    organisation: &str,
    indicator: &Indicator,
    period: &str,
) -> Result<PartialDate, Error> {
    if indicator.overlap == Overlap::Rolling {
        return Err(Error::Stage("voortschrijdende perioden hebben geen grenzen"));
    }
    let series = store::measurement::series(act.store, &indicator.slug, None).await?;
    let values = comparison::of_organisation(&series, indicator, organisation, None);
    let mut present = values.iter().filter(|it| it.1.is_some()).map(|it| it.0);
    let first = present.next();
    let found = PartialDate::parse(period).filter(|it| present.any(|other| other == *it));
    let Some(period) = found.filter(|it| first != Some(*it)) else {
        let wrong = "hier kunnen geen nieuwe grenzen beginnen";
        let mend = "kies een periode met een cijfer, na het eerste cijfer";
        return Err(form(Fault::new(&Place::root().key("periode"), wrong, mend)));
    };
    let known = store::baseline::of(act.store, organisation, &indicator.slug).await?;
    if known.iter().any(|it| it.period == period && it.proposal.stands().is_ok()) {
        return Err(Error::Stage("bij deze periode beginnen al nieuwe grenzen, of dat is al voorgesteld"));
    }
    Ok(period)
}

/// Agrees with a new start that somebody else proposed: from now on the chart begins anew there.
pub async fn approve(act: &Act<'_>, id: &BaselineId) -> Result<(), Error> {
    let write = act.store.write().await?;
    let it = store::baseline::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    hidden(may_approve(act, &it).await?)?;
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    it.proposal.waits().map_err(Error::Stage)?;
    store::baseline::approve(&write, id, &user.account, act.now).await?;
    log(act, &write, "nieuwe grenzen vastgesteld", &it).await?;
    Ok(write.commit_apart().await?)
}

/// Rejects a new start that somebody else proposed, with the reason.
pub async fn reject(act: &Act<'_>, id: &BaselineId, reason: &str) -> Result<(), Error> {
    let write = act.store.write().await?;
    let it = store::baseline::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    hidden(may_approve(act, &it).await?)?;
    it.proposal.waits().map_err(Error::Stage)?;
    let reason = proposal::reason("waarom", reason, "schrijf waarom de grenzen blijven zoals ze zijn").map_err(form)?;
    end(act, write, &it, Ending::Rejected, Some(reason)).await
}

/// Takes back a new start of one's own organisation, also when it was agreed.
pub async fn withdraw(act: &Act<'_>, id: &BaselineId) -> Result<(), Error> {
    let write = act.store.write().await?;
    let it = store::baseline::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if let Err(denied) = may(act.actor, Action::Deliver(&it.organisation)) {
        // Who may agree knows of it already.
        hidden(may_approve(act, &it).await?)?;
        return Err(denied.into());
    }
    it.proposal.stands().map_err(Error::Stage)?;
    end(act, write, &it, Ending::Withdrawn, None).await
}

async fn end(act: &Act<'_>, write: Write, it: &Baseline, how: Ending, reason: Option<String>) -> Result<(), Error> {
    let ended = Ended { how, by: act.actor.label().to_owned(), at: act.now, reason };
    store::baseline::end(&write, &it.id, &ended).await?;
    log(act, &write, &format!("nieuwe grenzen {}", how.word()), it).await?;
    Ok(write.commit_apart().await?)
}

fn form(fault: Fault) -> Error {
    Error::Form(vec![fault])
}

/// The new starts that wait for an actor to agree.
pub async fn waiting(act: &Act<'_>) -> Result<Vec<Baseline>, Error> {
    let mut res = Vec::new();
    for it in store::baseline::waiting(act.store).await? {
        if may_approve(act, &it).await?.is_ok() {
            res.push(it);
        }
    }
    Ok(res)
}

/// Whether an actor may agree with a new start.
pub async fn may_approve(act: &Act<'_>, it: &Baseline) -> Result<Result<(), Denied>, Error> {
    let catalogue = act.store.catalogue().await?;
    let figures = Figures {
        organisation: &it.organisation,
        networks: &delivery::networks_of(&catalogue, &it.organisation),
        author: &it.proposal.made_by,
        is_four_eyes: act.is_four_eyes,
    };
    Ok(may(act.actor, Action::ApproveDelivery(figures)))
}

/// Who has no right at all does not learn that there is something.
fn hidden(may: Result<(), Denied>) -> Result<(), Error> {
    match may {
        Err(Denied::Role) => Err(Error::NotFound),
        other => Ok(other?),
    }
}

async fn log(act: &Act<'_>, write: &Write, action: &str, it: &Baseline) -> Result<(), Error> {
    let detail = json!({
        "organisatie": it.organisation, "indicator": it.indicator, "vanaf": it.period.to_string(),
        "reden": it.proposal.reason,
    });
    Ok(audit::append(write, act.actor, action, &format!("grenzen:{}", it.id), detail, act.from, act.now).await?)
}
