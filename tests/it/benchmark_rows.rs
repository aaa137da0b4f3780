//! A row in every table of figures and comparisons, with every column filled.

use std::sync::Arc;

use leerkring::domain::delivery::{Delivery, DeliveryStage};
use leerkring::domain::id::{AccountId, BaselineId, DeliveryId, InquiryId, PolicyId};
use leerkring::domain::inquiry::Inquiry;
use leerkring::domain::measurement::Measurement;
use leerkring::domain::members::Members;
use leerkring::domain::period::PartialDate;
use leerkring::domain::proposal::{Ended, Ending, Proposal};
use leerkring::domain::seen_group::SeenGroup;
use leerkring::store::baseline::Baseline;
use leerkring::store::disclosure_policy::Version;
use leerkring::store::seen_group::SeenBy;
use leerkring::store::{
    Store, baseline, catalogue, comparison_closing, delivery, disclosure_policy, inquiry, measurement, seen_group,
};
use serde_json::json;

use crate::harness::now;

pub async fn write_all(store: &Store) {
    let some = || Some("voorbeeld".to_owned());
    let account = AccountId::generate();
    let lists = store.catalogue().await.unwrap();
    let organisation = lists.organisations[0].slug.clone();
    let indicator = lists.indicators[0].slug.clone();
    let network = lists.networks[0].slug.clone();
    let period = PartialDate::parse("2024-K1").unwrap();
    let write = store.write().await.unwrap();
    let (_, ids) = catalogue::get_in(&write).await.unwrap();
    let it = Delivery {
        id: DeliveryId::generate(),
        organisation: organisation.clone(),
        network: Some(network.clone()),
        stage: DeliveryStage::Approved,
        file_name: some(),
        hash: "00".into(),
        reason: some(),
        made_by: account.to_string(),
        made_at: now(),
        approved_by: Some(account.clone()),
        approved_at: Some(now()),
        released_at: Some(now()),
        embargo_until: Some(now().date_naive()),
        version: 0,
    };
    delivery::save(&write, &ids, &it).await.unwrap();
    let asked = Inquiry {
        id: InquiryId::generate(),
        asked_by: account.clone(),
        asker: organisation.clone(),
        organisation: organisation.clone(),
        indicator: indicator.clone(),
        question: "Voorbeeld.".into(),
        asked_at: now(),
        answered_by: None,
        answered_at: None,
    };
    inquiry::insert(&write, &asked).await.unwrap();
    inquiry::answered(&write, &asked.id, &account, now()).await.unwrap();
    let figure = Measurement {
        indicator: indicator.clone(),
        definition: some(),
        organisation: organisation.clone(),
        location: some(),
        part: some(),
        period: Some(period),
        numerator: Some(1.0),
        denominator: Some(2.0),
        value: Some(0.5),
        spread: Some(0.1),
        detractors: Some(0.0),
        note: some(),
        source: some(),
        page: some(),
        record: some(),
        ..Measurement::default()
    };
    measurement::insert_concept(&write, &ids, &it.id, std::slice::from_ref(&figure), now()).await.unwrap();
    measurement::release(&write, &it.id, now(), now()).await.unwrap();
    // Published after it was delivered: what stood there is replaced, not gone.
    measurement::publish(&write, &ids, &[figure], now()).await.unwrap();
    comparison_closing::insert(&write, &ids, &network, "2024-K1", "voorbeeld", now()).await.unwrap();
    let start = Baseline {
        id: BaselineId::generate(),
        organisation: organisation.clone(),
        indicator: indicator.clone(),
        period,
        proposal: Proposal::new("Voorbeeld".into(), account.as_str(), now()),
    };
    baseline::insert(&write, &ids, &start).await.unwrap();
    baseline::approve(&write, &start.id, &account, now()).await.unwrap();
    let end = |how, reason| Ended { how, by: account.to_string(), at: now(), reason };
    baseline::end(&write, &start.id, &end(Ending::Withdrawn, some())).await.unwrap();
    let seen =
        SeenGroup { members: [organisation.clone()].into_iter().collect(), named: Members::default(), positions: true };
    let group = Arc::new(seen);
    let seen = SeenBy { viewer: organisation.clone(), family: indicator.clone(), period, group };
    seen_group::add(&write, &seen, now()).await.unwrap();
    let rules = Version {
        id: PolicyId::generate(),
        content: json!({ "minimum": 5 }),
        proposal: Proposal::new("Voorbeeld".into(), account.as_str(), now()),
    };
    disclosure_policy::insert(&write, &rules).await.unwrap();
    disclosure_policy::approve(&write, &rules.id, &account, now()).await.unwrap();
    let other = Version { id: PolicyId::generate(), ..rules.clone() };
    disclosure_policy::insert(&write, &other).await.unwrap();
    disclosure_policy::end(&write, &other.id, &end(Ending::Rejected, some())).await.unwrap();
    write.commit_apart().await.unwrap();

    let history = measurement::history(store, &organisation, &indicator).await.unwrap();
    let of = |is_current: bool| history.iter().filter(|it| it.is_current == is_current).count();
    assert_eq!((of(true), of(false) > 0), (history.len() - of(false), true), "{history:?}");
    assert_eq!(seen_group::of(store, &[&organisation], &[&indicator], [2024, 2024]).await.unwrap(), [seen]);
    assert_eq!(disclosure_policy::in_force(store).await.unwrap().unwrap().content, rules.content);
}
