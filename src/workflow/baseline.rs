//! A new start of a control chart: an organisation says from when its figures move around another mean, and why; a
//! second person agrees. It can be withdrawn, also afterwards; then the chart is as it was.
//!
//! Invariant: no chart begins anew without a reason, and none by one person where two pairs of eyes are asked for.

use serde_json::json;

use crate::domain::id::BaselineId;
use crate::domain::indicator::{Indicator, Overlap};
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, Denied, Figures, may};
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
    let reason = delivery::reason(Some(reason))?
        .ok_or_else(|| Error::of_field("reden", "de reden ontbreekt", "schrijf wat er veranderde in het werk"))?;
    let it = Baseline {
        id: BaselineId::generate(),
        organisation: organisation.to_owned(),
        indicator: indicator.slug.clone(),
        period,
        reason,
        made_by: act.actor.label().to_owned(),
        made_at: act.now,
        approved_by: None,
        approved_at: None,
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
        return Err(Error::of_field("periode", wrong, "kies een periode met een cijfer, na het eerste cijfer"));
    };
    let known = store::baseline::of(act.store, organisation, &indicator.slug).await?;
    if known.iter().any(|it| it.period == period) {
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
    if it.approved_at.is_some() {
        return Err(Error::Stage("deze grenzen zijn al vastgesteld"));
    }
    store::baseline::approve(&write, id, &user.account, act.now).await?;
    log(act, &write, "nieuwe grenzen vastgesteld", &it).await?;
    Ok(write.commit_apart().await?)
}

/// Takes a new start back.
pub async fn withdraw(act: &Act<'_>, id: &BaselineId) -> Result<(), Error> {
    let write = act.store.write().await?;
    let it = store::baseline::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if may(act.actor, Action::Deliver(&it.organisation)).is_err() {
        // Who may agree may also send it back; one's own is for who delivers.
        hidden(may_approve(act, &it).await?)?;
    }
    store::baseline::delete(&write, id).await?;
    log(act, &write, "nieuwe grenzen ingetrokken", &it).await?;
    Ok(write.commit_apart().await?)
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
        author: &it.made_by,
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
        "organisatie": it.organisation, "indicator": it.indicator, "vanaf": it.period.to_string(), "reden": it.reason,
    });
    Ok(audit::append(write, act.actor, action, &format!("grenzen:{}", it.id), detail, act.from, act.now).await?)
}
