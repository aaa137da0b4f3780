//! New starts of one's own control chart: what the figures suggest, what was proposed, and what holds, with the reason.

use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::id::BaselineId;
use crate::domain::permission::{Action, Denied, may};
use crate::text::local_time;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::url;
use crate::workflow::baseline;

use super::Shown;
use super::development::Development;

/// What the page says of them, and offers.
pub struct NewStarts {
    pub action: String,
    /// Slug.
    pub organisation: String,
    /// A new start that the figures suggest: the period in the address and in words, and why.
    pub suggestion: Option<(String, String, String)>,
    /// Whether this visitor may propose it.
    pub may_propose: bool,
    pub list: Vec<StartView>,
}

/// One new start. Without names: what was decided counts, not by whom.
pub struct StartView {
    pub id: String,
    pub period: String,
    pub reason: String,
    pub told: String,
    pub is_agreed: bool,
    pub may_agree: bool,
    /// The visitor proposed it, and somebody else has to agree.
    pub is_own: bool,
    pub may_withdraw: bool,
}

/// Of the own organisation; `None` without a chart, and when there is nothing to say.
pub async fn of(app: &App, visitor: &Visitor, shown: &Shown<'_>) -> Result<Option<NewStarts>, Failure> {
    let (Some(own), Some(development)) = (shown.choice.viewer.organisation, &shown.development) else {
        return Ok(None);
    };
    let delivers = may(&visitor.actor, Action::Deliver(own)).is_ok();
    let mut list = Vec::new();
    for it in &shown.baselines {
        let may_agree = baseline::may_approve(&act(app, visitor), it).await?;
        let is_agreed = it.approved_at.is_some();
        list.push(StartView {
            id: it.id.to_string(),
            period: it.period.dutch(),
            reason: it.reason.clone(),
            told: match it.approved_at {
                Some(at) => format!("Vastgesteld op {}", local_time::date(at)),
                None => format!("Voorgesteld op {}, wacht op akkoord", local_time::date(it.made_at)),
            },
            is_agreed,
            may_agree: !is_agreed && may_agree.is_ok(),
            is_own: !is_agreed && may_agree == Err(Denied::OwnWork),
            may_withdraw: delivers,
        });
    }
    // While one waits, there is nothing else to propose.
    let is_waiting = list.iter().any(|it| !it.is_agreed);
    let suggestion = Development::proposal(development).filter(|_| !is_waiting);
    let res = NewStarts {
        action: url::indicator(&shown.indicator.slug),
        organisation: own.to_owned(),
        suggestion: suggestion.map(|(period, why)| (period.to_string(), period.dutch(), why)),
        may_propose: delivers,
        list,
    };
    Ok((res.suggestion.is_some() || !res.list.is_empty()).then_some(res))
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let doing = act(app, &visitor);
    let id = BaselineId::stored(form.text("grenzen").to_owned());
    match form.text("actie") {
        "voorstellen" => {
            let (organisation, period) = (form.text("organisatie"), form.text("periode"));
            baseline::propose(&doing, organisation, &slug, period, form.text("reden")).await?;
        }
        "akkoord" => baseline::approve(&doing, &id).await?,
        "intrekken" => baseline::withdraw(&doing, &id).await?,
        _ => return Err(Failure::NotFound),
    }
    // Back to where the form stood.
    let back = match form.text("terug") {
        "" => url::indicator(&slug),
        network => url::network_progress(network),
    };
    Ok(see(&back))
}
