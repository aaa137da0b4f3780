//! Members ask each other how they do it: the question and the answer go by mail, and neither side sees the address of
//! the other unless that person says so.
//!
//! Invariant: an organisation that may not be asked is the same as one that does not exist.
//! Invariant: who is asked does better than who asks, when the form is shown and again when it is sent.
//! Invariant: the log of changes says who asked whom about what, never the words.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::json;

use crate::benchmark::better::better;
use crate::benchmark::comparison::Comparison;
use crate::benchmark::disclosure::{Extent, Released};
use crate::benchmark::measure::Measure;
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::account::{Account, AccountRole, AccountStatus, Scope};
use crate::domain::address;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::Fault;
use crate::domain::field::Target;
use crate::domain::id::{AccountId, InquiryId};
use crate::domain::indicator::Indicator;
use crate::domain::inquiry::{self, ANSWER_MAX, DAYS, Inquiry, PER_DAY, QUESTION_MAX};
use crate::domain::mail::NewMail;
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, Denied, may};
use crate::store::{self, Write};
use crate::text::{dutch, local_time};

use super::Error;
use super::comparison::{self, Ground, Memory, Question, Viewer};
use super::record::{Act, notice};

/// What is written, and whether the address of who writes may be known.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub text: &'a str,
    pub gives_address: bool,
}

/// The comparison in which the asker saw that the other does better.
pub struct Sight<'a> {
    pub memory: &'a Memory,
    pub ground: &'a Ground,
    pub group: &'a PeerGroup,
    pub period: Option<PartialDate>,
}

/// The slug of the organisation somebody asks for, when this one may be asked by them and has somebody to answer.
pub async fn asker<'a>(act: &'a Act<'_>, indicator: &Indicator, organisation: &str) -> Result<&'a str, Error> {
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    let catalogue = act.store.catalogue().await?;
    let askers = inquiry::askers(&catalogue.networks, organisation, indicator.group, act.now.date_naive());
    may(act.actor, Action::Ask(&askers)).map_err(|_| Error::NotFound)?;
    if contacts(act, organisation).await?.is_empty() {
        return Err(Error::NotFound);
    }
    user.organisations().find(|it| askers.contains(it)).ok_or(Error::NotFound)
}

/// The slug of the organisation somebody asks for, when this one may be asked and does better in the comparison where
/// the asker saw it.
pub async fn check<'a>(
    act: &'a Act<'_>,
    indicator: &Indicator,
    organisation: &str,
    sight: &Sight<'_>,
) -> Result<&'a str, Error> {
    let asker = asker(act, indicator, organisation).await?;
    let viewer = Viewer { actor: act.actor, organisation: Some(asker) };
    let periods: Vec<PartialDate> = sight.period.into_iter().collect();
    let question = Question { indicator, group: sight.group, periods: &periods, part: None, extent: Extent::All };
    let shown = comparison::compare_one(act.store, sight.memory, &viewer, sight.ground, question).await?;
    let aim = Measure::new(indicator).aim;
    let does_better = |it: &Released<Comparison>| better(it.get(), aim).iter().any(|it| it.0 == organisation);
    if shown.as_ref().is_some_and(does_better) {
        return Ok(asker);
    }
    let text = "deze organisatie doet het bij dit cijfer niet aantoonbaar beter dan u, of laat hier haar naam niet meer \
                zien; vragen stellen kan aan wie op de pagina van het cijfer onder \"Leren van\" staat";
    Err(Error::Refused(text.to_owned()))
}

/// Asks; the question goes to the project leads of the organisation.
pub async fn ask(
    act: &Act<'_>,
    indicator: &Indicator,
    organisation: &str,
    sight: &Sight<'_>,
    words: Words<'_>,
) -> Result<(), Error> {
    let asker = check(act, indicator, organisation, sight).await?.to_owned();
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    let question = inquiry::text("vraag", words.text, QUESTION_MAX).map_err(form)?;
    let write = act.store.write().await?;
    let since = act.now.checked_sub_days(Days::new(DAYS)).unwrap_or(act.now);
    let before = store::inquiry::asked_since(&write, &user.account, since).await?;
    if PER_DAY <= before.iter().filter(|it| act.now - TimeDelta::days(1) < it.asked_at).count() {
        let text = format!("u stelde vandaag al {PER_DAY} vragen; stel deze morgen");
        return Err(Error::Refused(text));
    }
    if let Some(it) = before.iter().find(|it| it.organisation == organisation && it.indicator == indicator.slug) {
        let day = local_time::date(it.asked_at);
        return Err(Error::Refused(format!("u stelde hierover op {day} al een vraag aan deze organisatie")));
    }
    let catalogue = act.store.catalogue().await?;
    let it = Inquiry {
        id: InquiryId::generate(),
        asked_by: user.account.clone(),
        asker,
        organisation: organisation.to_owned(),
        indicator: indicator.slug.clone(),
        question,
        asked_at: act.now,
        answered_by: None,
        answered_at: None,
    };
    store::inquiry::insert(&write, &it).await?;
    let reply_to = own_address(&write, &user.account, words.gives_address).await?;
    for contact in contacts(act, organisation).await? {
        store::mail::put(&write, &question_mail(act, &it, &catalogue, &contact, reply_to.as_deref()), act.now).await?;
    }
    let detail = json!({ "organisatie": it.organisation, "indicator": it.indicator, "adres": words.gives_address });
    notice::log(act, &write, "vraag gesteld", &format!("vraag:{}", it.id), detail).await?;
    Ok(write.commit().await?)
}

/// A question, for who may answer it.
pub async fn see(act: &Act<'_>, id: &InquiryId) -> Result<Inquiry, Error> {
    let it = store::inquiry::get(act.store, id).await?.ok_or(Error::NotFound)?;
    may(act.actor, Action::Answer(&it.organisation)).map_err(|_| Error::NotFound)?;
    Ok(it)
}

/// Answers; the answer goes to who asked. Once: a colleague may have been first.
pub async fn answer(act: &Act<'_>, id: &InquiryId, words: Words<'_>) -> Result<(), Error> {
    see(act, id).await?;
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    let text = inquiry::text("antwoord", words.text, ANSWER_MAX).map_err(form)?;
    let write = act.store.write().await?;
    let it = store::inquiry::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if it.answered_at.is_some() {
        return Err(Error::Stage("deze vraag is al beantwoord"));
    }
    store::inquiry::answered(&write, id, &user.account, act.now).await?;
    let reply_to = own_address(&write, &user.account, words.gives_address).await?;
    let catalogue = act.store.catalogue().await?;
    if let Some(asker) = store::account::get_in(&write, &it.asked_by).await?.map(|it| it.account)
        && asker.status == AccountStatus::Active
    {
        let mail = answer_mail(act, &it, &catalogue, &asker, &text, reply_to.as_deref());
        store::mail::put(&write, &mail, act.now).await?;
    }
    let detail = json!({ "organisatie": it.organisation, "indicator": it.indicator, "adres": words.gives_address });
    notice::log(act, &write, "vraag beantwoord", &format!("vraag:{id}"), detail).await?;
    Ok(write.commit().await?)
}

/// The last day a question can be answered.
pub fn open_until(asked_at: DateTime<Utc>) -> DateTime<Utc> {
    asked_at.checked_add_days(Days::new(DAYS)).unwrap_or(asked_at)
}

/// Who answers for an organisation: its project leads who can sign in.
async fn contacts(act: &Act<'_>, organisation: &str) -> Result<Vec<Account>, Error> {
    let scope = Scope::Organisation(organisation.to_owned());
    let answers = |it: &Account| {
        it.status == AccountStatus::Active
            && it.grants.iter().any(|it| it.role == AccountRole::ProjectLead && it.scope == scope)
    };
    let all = store::account::list(act.store).await?;
    Ok(all.into_iter().map(|it| it.account).filter(answers).collect())
}

async fn own_address(write: &Write, id: &AccountId, is_given: bool) -> Result<Option<String>, Error> {
    if !is_given {
        return Ok(None);
    }
    Ok(store::account::get_in(write, id).await?.map(|it| it.account.mail))
}

fn form(fault: Fault) -> Error {
    Error::Form(vec![fault])
}

/// Who writes and for whom: "Voorbeeld Persoon van Voorbeeldzorg".
fn writer(act: &Act<'_>, catalogue: &Catalogue, organisation: &str) -> String {
    let name = act.actor.user().map_or("Een lid", |it| it.name.as_str());
    format!("{name} van {}", catalogue.name(Target::Organisation, organisation))
}

fn question_mail(act: &Act<'_>, it: &Inquiry, catalogue: &Catalogue, to: &Account, reply_to: Option<&str>) -> NewMail {
    let about = catalogue.indicator(&it.indicator).map_or(it.indicator.as_str(), |it| it.name.as_str());
    let who = writer(act, catalogue, &it.asker);
    let whom = catalogue.name(Target::Organisation, &it.organisation);
    let reply = match reply_to {
        Some(mail) => format!("U kunt ook rechtstreeks mailen: {mail}."),
        None => "Antwoorden op deze mail komt niet aan; uw mailadres blijft onbekend, tenzij u het zelf geeft.".into(),
    };
    let text = format!(
        "{who} stelt een vraag over \"{about}\":\n\n{}\n\nU krijgt deze vraag omdat {whom} zijn naam laat zien bij dit cijfer en vragen van andere leden toestaat.\n\nAntwoorden kan tot en met {}: {}{}\n{reply}",
        it.question,
        local_time::date(open_until(it.asked_at)),
        act.site,
        address::inquiry(&it.id),
    );
    mail(act, to, &format!("vraag:{}", it.id), &format!("Vraag over {about}"), &text, reply_to)
}

fn answer_mail(
    act: &Act<'_>,
    it: &Inquiry,
    catalogue: &Catalogue,
    to: &Account,
    answer: &str,
    reply_to: Option<&str>,
) -> NewMail {
    let about = catalogue.indicator(&it.indicator).map_or(it.indicator.as_str(), |it| it.name.as_str());
    let who = writer(act, catalogue, &it.organisation);
    let reply = match reply_to {
        Some(mail) => format!("Verder praten kan per mail: {mail}."),
        None => "Antwoorden op deze mail komt niet aan.".into(),
    };
    let text = format!(
        "{who} geeft antwoord op uw vraag over \"{about}\":\n\n{answer}\n\n{reply}\n\nUw vraag was:\n{}",
        it.question
    );
    mail(act, to, &format!("antwoord:{}", it.id), &format!("Antwoord op uw vraag over {about}"), &text, reply_to)
}

fn mail(act: &Act<'_>, to: &Account, event: &str, subject: &str, text: &str, reply_to: Option<&str>) -> NewMail {
    NewMail {
        key: format!("{event}:{}", to.id),
        account: Some(to.id.clone()),
        recipient: to.mail.clone(),
        reply_to: reply_to.map(str::to_owned),
        // A subject is one line.
        subject: dutch::capital(&subject.split_whitespace().collect::<Vec<_>>().join(" ")),
        body: format!("Beste {},\n\n{text}\n\nLeerkring\n{}\n", to.name, act.site),
    }
}
