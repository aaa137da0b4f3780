//! Asking a better member how it does it, through the front door: who sees the button, what the mails say and what
//! they do not. All organisations, people and figures are fictitious.

use chrono::TimeDelta;
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::id::{AccountId, InquiryId};
use leerkring::domain::inquiry::{DAYS, Inquiry, PER_DAY};
use leerkring::store::mail::{self, Mail};
use leerkring::store::{account, audit, inquiry};
use poem::http::StatusCode;

use crate::compare::site;
use crate::harness::{Html, SignedIn, TestApp, grant, now};

const INDICATOR: &str = "/vergelijken/ziekteverzuim-kwartaal";
const ASK: &str = "/vergelijken/ziekteverzuim-kwartaal/vragen/voorbeeldzorg-17";
const QUESTION: &str = "Hoe kregen jullie de roosters rond?\nEn wie beslist er in de nacht?";
const ANSWER: &str = "Elk team roostert zelf, zes weken vooruit; de nacht lost het team onderling op.";

async fn lead(site: &TestApp, number: usize) -> AccountId {
    site.account(&[grant(AccountRole::ProjectLead, Scope::Organisation(format!("voorbeeldzorg-{number:02}")))]).await
}

async fn address(site: &TestApp, id: &AccountId) -> String {
    account::list(site.store()).await.unwrap().into_iter().find(|it| it.account.id == *id).unwrap().account.mail
}

async fn mails(site: &TestApp) -> Vec<Mail> {
    mail::latest(site.store(), 100).await.unwrap()
}

async fn send(by: &SignedIn<'_>, path: &str, fields: &[(&str, &str)]) -> Html {
    Html::read(by.post(path, fields).await).await
}

#[tokio::test]
async fn a_question_and_its_answer_go_by_mail_without_addresses() {
    let site = site().await;
    let asker = lead(&site, 7).await;
    let me = site.signed_in(&asker, false).await;
    // Nobody to answer: no button, and the same as what is not there.
    assert_eq!(me.page(ASK).await.status, StatusCode::NOT_FOUND);
    assert!(!me.page(INDICATOR).await.attr("main a", "href").contains(&ASK.to_owned()));

    let teacher = lead(&site, 17).await;
    let page = me.page(INDICATOR).await;
    let asks: Vec<String> = page.attr("main a", "href").into_iter().filter(|it| it.contains("/vragen/")).collect();
    let [ask] = asks.as_slice() else { panic!("only who can be asked: {asks:?}") };
    assert!(ask.starts_with(&format!("{ASK}?groep=netwerk%3A")) && ask.contains("periode=2026-K2"), "{ask}");
    let form = me.page(ask).await;
    assert_eq!(form.attr("form input[name=periode]", "value"), ["2026-K2"], "the same comparison is looked at again");
    assert_eq!(me.page(ASK).await.status, StatusCode::OK);

    for (question, says) in [
        ("", "er staat nog niets"),
        ("Hoe dan?", "wel erg kort"),
        (&"a".repeat(1_001), "1001 tekens"),
        ("Hoe ging het bij cliënt 111222333 in de nacht?", "burgerservicenummer"),
    ] {
        let page = send(&me, ASK, &[("vraag", question)]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        let text = page.select(".errors").concat().to_lowercase();
        assert!(text.contains(says), "{text}");
        assert_eq!(page.select("textarea").concat().trim(), question, "what was typed stays");
    }
    assert!(mails(&site).await.is_empty());

    assert_eq!(send(&me, ASK, &[("vraag", QUESTION)]).await.status, StatusCode::SEE_OTHER);
    assert!(me.page(&format!("{ASK}?gesteld=1")).await.select(".notice").concat().contains("verstuurd"));
    let [sent] = &mails(&site).await[..] else { panic!("one mail") };
    let (own, their) = (address(&site, &asker).await, address(&site, &teacher).await);
    assert_eq!((sent.recipient.as_str(), sent.reply_to.as_deref()), (their.as_str(), None));
    for text in [QUESTION, "Voorbeeldzorg 07 (fictief)", "Voorbeeldzorg 17 (fictief)", "Ziekteverzuim per kwartaal"] {
        assert!(sent.body.contains(text), "{text}: {}", sent.body);
    }
    assert!(!sent.body.contains(&own) && !sent.subject.contains(&own), "{}", sent.body);
    let page = send(&me, ASK, &[("vraag", "Nog een vraag over hetzelfde cijfer.")]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.select(".errors").concat().contains("al een vraag"));

    let path = sent.body.split_whitespace().find(|it| it.contains("/vragen/")).unwrap();
    let path = path[path.find("/vragen/").unwrap()..].to_owned();
    assert_eq!(me.page(&path).await.status, StatusCode::NOT_FOUND, "who asked does not answer");
    let stranger = site.signed_in(&lead(&site, 23).await, false).await;
    assert_eq!(stranger.page(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&stranger, &path, &[("antwoord", ANSWER)]).await.status, StatusCode::NOT_FOUND);
    let they = site.signed_in(&teacher, false).await;
    let page = they.page(&path).await;
    assert!(page.select("main").concat().contains("wie beslist er in de nacht"));
    assert!(!page.select("main").concat().contains(&own));
    assert_eq!(send(&they, &path, &[("antwoord", "Ja.")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send(&they, &path, &[("antwoord", ANSWER)]).await.status, StatusCode::SEE_OTHER);
    assert!(they.page(&path).await.select(".notice").concat().contains("beantwoord"));
    let all = mails(&site).await;
    let [answer, _] = &all[..] else { panic!("{all:?}") };
    assert_eq!((answer.recipient.as_str(), answer.reply_to.as_deref()), (own.as_str(), None));
    assert!(answer.body.contains(ANSWER) && answer.body.contains(QUESTION) && !answer.body.contains(&their));
    // A colleague who was later.
    let colleague = site.signed_in(&lead(&site, 17).await, false).await;
    assert_eq!(send(&colleague, &path, &[("antwoord", ANSWER)]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(mails(&site).await.len(), 2);

    let log = audit::latest(site.store(), None, None, 10).await.unwrap();
    for action in ["vraag gesteld", "vraag beantwoord"] {
        let entry = log.iter().find(|it| it.action == action).unwrap();
        assert_eq!(entry.detail["organisatie"], "voorbeeldzorg-17");
        assert!(!entry.detail.to_string().contains("rooster"), "{entry:?}");
    }
    site.settle().await;
}

#[tokio::test]
async fn an_address_goes_along_when_its_owner_says_so() {
    let site = site().await;
    let (asker, teacher) = (lead(&site, 7).await, lead(&site, 17).await);
    let me = site.signed_in(&asker, false).await;
    send(&me, ASK, &[("vraag", QUESTION), ("adres", "ja")]).await;
    let own = address(&site, &asker).await;
    let sent = mails(&site).await.remove(0);
    assert_eq!(sent.reply_to.as_deref(), Some(own.as_str()));
    assert!(sent.body.contains(&own));
    let path = sent.body.split_whitespace().find(|it| it.contains("/vragen/")).unwrap();
    let they = site.signed_in(&teacher, false).await;
    send(&they, &path[path.find("/vragen/").unwrap()..], &[("antwoord", ANSWER), ("adres", "ja")]).await;
    assert_eq!(mails(&site).await[0].reply_to, Some(address(&site, &teacher).await));
    site.settle().await;
}

#[tokio::test]
async fn who_did_not_choose_to_be_asked_is_as_if_not_there() {
    let site = site().await;
    // 06 keeps its name to itself, and has people who could answer.
    lead(&site, 6).await;
    lead(&site, 17).await;
    let me = site.signed_in(&lead(&site, 7).await, false).await;
    let of = |path: &str| format!("/vergelijken/{path}");
    let missing = me.page(&of("ziekteverzuim-kwartaal/vragen/bestaat-niet")).await;
    for path in ["ziekteverzuim-kwartaal/vragen/voorbeeldzorg-06", "ziekteverzuim-kwartaal/vragen/voorbeeldzorg-07"] {
        let page = me.page(&of(path)).await;
        assert_eq!((page.status, page.select("main")), (StatusCode::NOT_FOUND, missing.select("main")), "{path}");
        assert_eq!(send(&me, &of(path), &[("vraag", QUESTION)]).await.status, StatusCode::NOT_FOUND);
    }
    // It shows its name, but not for money.
    assert_eq!(
        me.page(&of("personeelskosten-per-opbrengst/vragen/voorbeeldzorg-17")).await.status,
        StatusCode::NOT_FOUND
    );
    let outsider = site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation("azora".into()))]).await;
    assert_eq!(outsider.page(ASK).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(ASK).await.0.status(), StatusCode::SEE_OTHER, "signs in first");
    assert!(mails(&site).await.is_empty());
    site.settle().await;
}

/// Who chose to be named and asked, and does no better: the form does not come, and sending one is refused.
#[tokio::test]
async fn only_who_does_better_is_asked() {
    let site = site().await;
    let mut asked = Vec::new();
    for number in [7, 17, 23] {
        asked.push(lead(&site, number).await);
    }
    let best = site.signed_in(&asked[1], false).await;
    let path = format!("{INDICATOR}/vragen/voorbeeldzorg-23");
    assert!(!best.page(INDICATOR).await.attr("main a", "href").iter().any(|it| it.starts_with(&path)));
    let form = best.page(&path).await;
    assert!(!form.has("main textarea"), "no form that cannot be sent");
    let page = send(&best, &path, &[("vraag", QUESTION)]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let told = page.select(".errors").concat();
    assert!(told.contains("niet aantoonbaar beter dan u") && told.contains("Leren van"), "{told}");
    assert!(page.select("main .typed").concat().contains("wie beslist er in de nacht"), "what was typed stays");
    assert!(mails(&site).await.is_empty());

    // Between form and sending the other takes its name away: nothing goes, and it says so.
    let me = site.signed_in(&asked[0], false).await;
    assert!(me.page(ASK).await.has("main textarea"));
    let they = site.signed_in(&asked[1], false).await;
    let network = leerkring::exchange::demo::NETWORK;
    let form = they.page(&format!("/netwerken/{network}/delen")).await;
    let names = form.attr("main form select", "name");
    let fields = names.iter().map(|it| (it.as_str(), if it == "vragen" { "nee" } else { "anoniem" }));
    let fields: Vec<(&str, &str)> =
        fields.filter(|it| it.0 != "organisatie").chain([("organisatie", "voorbeeldzorg-17")]).collect();
    let done = send(&they, &format!("/netwerken/{network}/delen"), &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{:?}", done.select("main"));
    let page = send(&me, ASK, &[("vraag", QUESTION)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let told = page.select("main").concat();
    assert!(told.contains("Er is niets verstuurd") && told.contains("naam niet meer"), "{told}");
    let missing = send(&me, &format!("{INDICATOR}/vragen/bestaat-niet"), &[("vraag", QUESTION)]).await;
    assert_eq!(missing.select("main"), page.select("main"), "the same as what is not there");
    assert!(mails(&site).await.is_empty());
    site.settle().await;
}

#[tokio::test]
async fn nobody_asks_without_end_and_questions_are_forgotten() {
    let site = site().await;
    let asker = lead(&site, 7).await;
    lead(&site, 17).await;
    let write = site.store().write().await.unwrap();
    for at in 0..PER_DAY {
        let it = Inquiry {
            id: InquiryId::generate(),
            asked_by: asker.clone(),
            asker: "voorbeeldzorg-07".into(),
            organisation: format!("voorbeeldzorg-{:02}", 30 + at),
            indicator: "ziekteverzuim".into(),
            question: QUESTION.into(),
            asked_at: now() - TimeDelta::hours(1),
            answered_by: None,
            answered_at: None,
        };
        inquiry::insert(&write, &it).await.unwrap();
    }
    write.commit().await.unwrap();
    let me = site.signed_in(&asker, false).await;
    let page = send(&me, ASK, &[("vraag", QUESTION)]).await;
    assert!(page.select(".errors").concat().contains("stel deze morgen"), "{:?}", page.select("main"));
    assert!(mails(&site).await.is_empty());

    let write = site.store().write().await.unwrap();
    let long_ago = now() - TimeDelta::days(DAYS as i64);
    assert_eq!(inquiry::forget(&write, long_ago).await.unwrap(), 0);
    assert_eq!(inquiry::forget(&write, now()).await.unwrap(), PER_DAY as u64);
    write.commit().await.unwrap();
    site.settle().await;
}
