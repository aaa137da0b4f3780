//! New starts of one's own control chart: what the figures suggest, what was proposed, and what holds, with the reason.

use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::id::BaselineId;
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, Denied, may};
use crate::store::baseline::Baseline;
use crate::text::local_time;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::pages::network::progress;
use crate::web::proposal::{self, Rejecting, Sent};
use crate::web::url;
use crate::workflow::baseline;

use super::Shown;
use super::asked::Asked;
use super::development::Development;

/// What the page says of them, and offers.
pub struct NewStarts {
    pub action: String,
    /// Slug.
    pub organisation: String,
    /// A new start to propose, as the figures suggest or as it was sent: the period in the address and in words.
    pub proposed: Option<(String, String)>,
    /// Why the figures suggest it.
    pub why: Option<String>,
    /// Whether this visitor may propose it.
    pub may_propose: bool,
    pub list: Vec<StartView>,
    /// Those that were rejected or withdrawn.
    pub ended: Vec<StartView>,
}

/// One new start. Without names: what was decided counts, not by whom.
pub struct StartView {
    pub id: String,
    pub period: String,
    pub reason: String,
    pub told: String,
    /// Why it was rejected.
    pub answer: Option<String>,
    pub may_agree: bool,
    /// The visitor proposed it, and somebody else has to agree.
    pub is_own: bool,
    pub may_withdraw: bool,
    pub rejecting: Rejecting,
}

/// Of the own organisation; `None` without a chart, and when there is nothing to say.
pub async fn of(
    app: &App,
    visitor: &Visitor,
    shown: &Shown<'_>,
    refused: &Refused,
) -> Result<Option<NewStarts>, Failure> {
    let (Some(own), Some(development)) = (shown.choice.viewer.organisation, &shown.development) else {
        return Ok(None);
    };
    let delivers = may(&visitor.actor, Action::Deliver(own)).is_ok();
    let mut views = Vec::new();
    for it in &shown.baselines {
        let may_agree = baseline::may_approve(&act(app, visitor), it).await?;
        views.push((it.proposal.stands().is_ok(), view(it, delivers, &may_agree, &refused.sent)));
    }
    let (list, ended): (Vec<_>, Vec<_>) = views.into_iter().partition(|it| it.0);
    // While one waits, there is nothing else to propose.
    let is_waiting = shown.baselines.iter().any(|it| it.proposal.is_waiting());
    let suggestion = Development::proposal(development).filter(|_| !is_waiting);
    let why = suggestion.as_ref().map(|it| it.1.clone());
    let suggested = suggestion.map(|it| (it.0.to_string(), it.0.dutch()));
    let sent = (!refused.period.is_empty()).then(|| {
        let name = PartialDate::parse(&refused.period).map(PartialDate::dutch);
        (refused.period.clone(), name.unwrap_or_else(|| refused.period.clone()))
    });
    let res = NewStarts {
        action: url::indicator(&shown.indicator.slug),
        organisation: own.to_owned(),
        proposed: sent.filter(|_| !is_waiting).or(suggested),
        why,
        may_propose: delivers,
        list: list.into_iter().map(|it| it.1).collect(),
        ended: ended.into_iter().map(|it| it.1).collect(),
    };
    Ok((res.proposed.is_some() || !res.list.is_empty() || !res.ended.is_empty()).then_some(res))
}

fn view(it: &Baseline, delivers: bool, may_agree: &Result<(), Denied>, sent: &Sent) -> StartView {
    let made = &it.proposal;
    let told = proposal::told(made, None).unwrap_or_else(|| match made.approved_at {
        Some(at) => format!("Vastgesteld op {}", local_time::date(at)),
        None => format!("Voorgesteld op {}, wacht op akkoord", local_time::date(made.made_at)),
    });
    StartView {
        id: it.id.to_string(),
        period: it.period.dutch(),
        reason: made.reason.clone(),
        told,
        answer: proposal::answer(made).map(str::to_owned),
        may_agree: made.is_waiting() && may_agree.is_ok(),
        is_own: made.is_waiting() && *may_agree == Err(Denied::OwnWork),
        // Somebody else of the same organisation rejects, and says why.
        may_withdraw: delivers && (made.holds() || may_agree.is_err()),
        rejecting: sent.rejecting(it.id.as_str()),
    }
}

/// What was sent about a new start and refused; empty when nothing was.
#[derive(Default)]
pub struct Refused {
    pub organisation: String,
    pub period: String,
    pub sent: Sent,
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
    let (organisation, period) = (form.text("organisatie"), form.text("periode"));
    let done = match form.text("actie") {
        "voorstellen" => baseline::propose(&doing, organisation, &slug, period, form.text("reden")).await.map(drop),
        "akkoord" => baseline::approve(&doing, &id).await,
        "afwijzen" => baseline::reject(&doing, &id, form.text("waarom")).await,
        "intrekken" => baseline::withdraw(&doing, &id).await,
        _ => return Err(Failure::NotFound),
    };
    // Back to where the form stood.
    let network = Some(form.text("terug")).filter(|it| !it.is_empty());
    let Err(error) = done else {
        return Ok(see(&network.map_or_else(|| url::indicator(&slug), url::network_progress)));
    };
    let sent = Sent::refused(&form, "grenzen", error)?;
    match network {
        Some(network) => progress::waiting_page(app, &visitor, network, &sent).await,
        None => {
            let refused = Refused { organisation: organisation.to_owned(), period: period.to_owned(), sent };
            super::indicator_page(app, &visitor, &slug, &Asked::default(), refused).await
        }
    }
}
