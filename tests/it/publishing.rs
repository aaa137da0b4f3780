//! The way of a document through the workflow: drafts, review, publishing, history. All people here are fictitious.

use std::sync::Arc;

use chrono::Duration;
use leerkring::domain::account::{AccountRole, Grant, Scope};
use leerkring::domain::actor::{Actor, User};
use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::draft::{Content, Draft};
use leerkring::domain::id::AccountId;
use leerkring::domain::library::Library;
use leerkring::domain::organisation::Organisation;
use leerkring::domain::permission::Denied;
use leerkring::domain::stage::Stage;
use leerkring::domain::status::Status;
use leerkring::domain::theme::Theme;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::search::request::Request;
use leerkring::store::record::Found;
use leerkring::store::{self, revision};
use leerkring::workflow::Error;
use leerkring::workflow::record::review::{self, Published};
use leerkring::workflow::record::write::{self, Origin};
use leerkring::workflow::record::{self, Act, keep};
use serde_json::json;

use crate::harness::{TestApp, now};

fn user(name: &str, role: AccountRole, scope: Scope) -> Actor {
    Actor::User(Arc::new(User {
        account: AccountId::generate(),
        name: format!("Voorbeeld {name}"),
        grants: vec![Grant { role, scope }],
        network: Default::default(),
    }))
}

fn author() -> Actor {
    user("Auteur", AccountRole::ProjectLead, Scope::Organisation("eigen".into()))
}

fn editor() -> Actor {
    user("Redacteur", AccountRole::Editor, Scope::Theme("thema".into()))
}

async fn site() -> TestApp {
    let site = TestApp::empty().await;
    let organisation = |slug: &str| Organisation {
        slug: slug.into(),
        name: format!("Voorbeeldzorg {slug}"),
        ..Organisation::default()
    };
    let theme = |slug: &str| Theme { slug: slug.into(), name: format!("Thema {slug}"), ..Theme::default() };
    let catalogue = Catalogue {
        organisations: vec![organisation("eigen"), organisation("ander")].into(),
        themes: vec![theme("thema"), theme("elders")].into(),
        ..Catalogue::default()
    };
    site.take_in(&Library { catalogue, ..Library::default() }).await;
    site
}

fn act<'a>(site: &'a TestApp, actor: &'a Actor) -> Act<'a> {
    Act { store: site.store(), actor, now: now(), from: None, is_four_eyes: true, site: "https://leerkring.example" }
}

fn factsheet(title: &str) -> Content {
    let fields = json!({
        "titel": title, "samenvatting": "Wat we deden en wat het opleverde.", "themas": ["thema"],
        "organisaties": [{"organisatie": "eigen", "rol": "trekker"}],
    });
    Content {
        fields: fields.as_object().unwrap().clone(),
        body: "De tekst.".into(),
        ..Content::new(RecordKind::Factsheet)
    }
}

async fn submitted(site: &TestApp, author: &Actor, title: &str) -> Draft {
    let act = act(site, author);
    let draft = write::start(&act, Origin::Nothing(RecordKind::Factsheet)).await.unwrap();
    let draft = write::save(&act, &draft.id, draft.version, factsheet(title)).await.unwrap();
    write::submit(&act, &draft.id, draft.version, None).await.unwrap()
}

async fn published(site: &TestApp, author: &Actor, title: &str) -> leerkring::store::record::Stored {
    let draft = submitted(site, author, title).await;
    let editor = editor();
    let Published::Now { id, .. } = review::publish(&act(site, &editor), &draft.id, draft.version, None).await.unwrap()
    else {
        panic!("not published")
    };
    store::record::any_by_id(site.store(), &id).await.unwrap().unwrap()
}

async fn found(site: &TestApp, q: &str) -> usize {
    site.settle().await;
    site.app.search.find(&Request::new(q), &Actor::Anonymous).unwrap().hits.len()
}

#[tokio::test]
async fn from_first_draft_to_withdrawal() {
    let site = site().await;
    let (author, editor) = (author(), editor());
    let write_as = act(&site, &author);
    let edit_as = act(&site, &editor);

    // Written and submitted: nobody finds it.
    let draft = submitted(&site, &author, "Kwetsbaar evenwicht").await;
    assert_eq!((draft.stage, draft.content.slug.as_str()), (Stage::InReview, "kwetsbaar-evenwicht"));
    assert_eq!(found(&site, "kwetsbaar").await, 0);
    assert_eq!(site.get("/kennisbank/kwetsbaar-evenwicht").await.0.status(), 404);

    // Submitted is closed to its author, and not for its author to approve.
    let closed = write::save(&write_as, &draft.id, draft.version, factsheet("Anders")).await;
    assert!(matches!(closed, Err(Error::Stage(_))), "{closed:?}");
    let own = review::publish(&write_as, &draft.id, draft.version, None).await;
    assert!(matches!(own, Err(Error::Denied(Denied::Role))), "{own:?}");

    // Changes are asked for with a reason.
    let without = review::request_changes(&edit_as, &draft.id, draft.version, "  ").await;
    assert!(matches!(without, Err(Error::Invalid(_))), "{without:?}");
    review::comment(&edit_as, &draft.id, "samenvatting", "Noem het resultaat").await.unwrap();
    let draft = review::request_changes(&edit_as, &draft.id, draft.version, "Te vaag").await.unwrap();
    assert_eq!((draft.stage, draft.reason.as_deref()), (Stage::ChangesRequested, Some("Te vaag")));

    let draft = write::save(&write_as, &draft.id, draft.version, factsheet("Kwetsbaar in balans")).await.unwrap();
    let draft = write::submit(&write_as, &draft.id, draft.version, Some("Klaar".into())).await.unwrap();
    let done = review::publish(&edit_as, &draft.id, draft.version, None).await.unwrap();
    let Published::Now { id, slug } = done else { panic!("{done:?}") };
    assert_eq!(found(&site, "kwetsbaar").await, 1);
    let live = store::record::any_by_id(site.store(), &id).await.unwrap().unwrap();
    assert_eq!(live.record.common.last_confirmed, Some(now().date_naive()));
    assert_eq!(live.record.common.review_by, "2027-11-22".parse().ok());
    assert_eq!(store::keeping::get(site.store(), &id).await.unwrap().owner, author.user().map(|it| it.account.clone()));

    // A new version in review leaves the live one alone; a changed address leads on.
    let next = write::start(&write_as, Origin::VersionOf(id.clone())).await.unwrap();
    assert_eq!(write::start(&write_as, Origin::VersionOf(id.clone())).await.unwrap().id, next.id);
    let mut content = next.content.clone();
    content.fields.insert("titel".into(), "Stevig evenwicht".into());
    content.slug = "stevig-evenwicht".into();
    let next = write::save(&write_as, &next.id, next.version, content).await.unwrap();
    let next = write::submit(&write_as, &next.id, next.version, None).await.unwrap();
    assert_eq!((found(&site, "kwetsbaar").await, found(&site, "stevig").await), (1, 0));
    review::publish(&edit_as, &next.id, next.version, None).await.unwrap();
    assert_eq!((found(&site, "kwetsbaar").await, found(&site, "stevig").await), (0, 1));
    let moved = store::record::get(site.store(), &Actor::Anonymous, &slug).await.unwrap();
    assert!(matches!(moved, Some(Found::Moved(to)) if to == "stevig-evenwicht"));

    // The first version comes back at the new address.
    let versions = revision::list(site.store(), &id).await.unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(keep::restore(&edit_as, &id, 1).await.unwrap(), "stevig-evenwicht");
    let live = store::record::any_by_id(site.store(), &id).await.unwrap().unwrap();
    assert_eq!((live.version, live.record.common.title.as_str()), (3, "Kwetsbaar in balans"));
    assert_eq!(live.record.common.former_slugs, std::slice::from_ref(&slug));

    let without = keep::withdraw(&write_as, &id, "").await;
    assert!(matches!(without, Err(Error::Invalid(_))), "{without:?}");
    keep::withdraw(&write_as, &id, "Achterhaald").await.unwrap();
    assert_eq!(found(&site, "kwetsbaar").await, 0);
    let live = store::record::any_by_id(site.store(), &id).await.unwrap().unwrap();
    assert_eq!(live.record.common.status, Status::Withdrawn);
    assert!(matches!(keep::confirm(&write_as, &id).await, Err(Error::Stage(_))));
}

/// Two write at once: the second gets both texts and nothing is overwritten.
#[tokio::test]
async fn the_second_of_two_authors_gets_both_texts() {
    let site = site().await;
    let author = author();
    let colleague = self::author();
    let (one, two) = (act(&site, &author), act(&site, &colleague));
    let draft = write::start(&one, Origin::Nothing(RecordKind::Factsheet)).await.unwrap();
    let draft = write::save(&one, &draft.id, draft.version, factsheet("Eerste")).await.unwrap();
    write::save(&one, &draft.id, draft.version, factsheet("Van de een")).await.unwrap();
    match write::save(&two, &draft.id, draft.version, factsheet("Van de ander")).await {
        Err(Error::Conflict(now)) => assert_eq!(now.content.title(), "Van de een"),
        other => panic!("{other:?}"),
    }
    // The same text again, as after a lost answer, is fine.
    write::save(&one, &draft.id, draft.version, factsheet("Van de een")).await.unwrap();
    let kept = store::draft::get(site.store(), &draft.id).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.content.title()), (3, "Van de een"));
    site.settle().await;
}

/// What another organisation writes, and what was not submitted, does not exist for others.
#[tokio::test]
async fn drafts_of_others_do_not_exist() {
    let site = site().await;
    let author = author();
    let draft = write::start(&act(&site, &author), Origin::Nothing(RecordKind::Factsheet)).await.unwrap();
    let draft = write::save(&act(&site, &author), &draft.id, 1, factsheet("Geheim")).await.unwrap();
    let strangers = [
        Actor::Anonymous,
        user("Ander", AccountRole::ProjectLead, Scope::Organisation("ander".into())),
        user("Lezer", AccountRole::Reader, Scope::Organisation("eigen".into())),
        editor(),
        user("Elders", AccountRole::Editor, Scope::Theme("elders".into())),
    ];
    for stranger in &strangers {
        let act = act(&site, stranger);
        let is_gone = |it: Result<(), Error>| matches!(it, Err(Error::NotFound));
        assert!(is_gone(record::see(&act, &draft.id).await.map(drop)), "{stranger:?}");
        assert!(is_gone(write::save(&act, &draft.id, 2, factsheet("X")).await.map(drop)), "{stranger:?}");
        assert!(is_gone(write::discard(&act, &draft.id).await), "{stranger:?}");
        assert!(is_gone(review::publish(&act, &draft.id, 2, None).await.map(drop)), "{stranger:?}");
        assert!(is_gone(review::comment(&act, &draft.id, "titel", "x").await.map(drop)), "{stranger:?}");
    }
    assert!(matches!(
        write::start(&act(&site, &strangers[2]), Origin::Nothing(RecordKind::Factsheet)).await,
        Err(Error::Denied(Denied::Role))
    ));
    site.settle().await;
}

#[tokio::test]
async fn four_eyes_is_a_setting() {
    let site = site().await;
    let editor = user("Redacteur", AccountRole::Editor, Scope::Everywhere);
    let draft = submitted(&site, &editor, "Eigen werk").await;
    let own = review::publish(&act(&site, &editor), &draft.id, draft.version, None).await;
    assert!(matches!(own, Err(Error::Denied(Denied::OwnWork))), "{own:?}");
    let off = Act { is_four_eyes: false, ..act(&site, &editor) };
    review::publish(&off, &draft.id, draft.version, None).await.unwrap();
    site.settle().await;
}

/// A planned version becomes live when its moment comes, not before; what can no longer go back to its author.
#[tokio::test]
async fn publishing_at_a_moment() {
    let site = site().await;
    let (author, editor) = (author(), editor());
    let draft = submitted(&site, &author, "Later nieuws").await;
    let at = now() + Duration::hours(2);
    let planned = review::publish(&act(&site, &editor), &draft.id, draft.version, Some(at)).await.unwrap();
    assert!(matches!(planned, Published::Planned(_)));
    let job = act(&site, &Actor::System);
    assert_eq!(review::publish_due(&job).await.unwrap(), 0);
    assert_eq!(found(&site, "nieuws").await, 0);
    let late = Act { now: at, ..job };
    assert_eq!(review::publish_due(&late).await.unwrap(), 1);
    assert_eq!(review::publish_due(&late).await.unwrap(), 0);
    assert_eq!(found(&site, "nieuws").await, 1);

    // Its address is taken when the moment comes.
    let draft = submitted(&site, &author, "Dubbel").await;
    review::publish(&act(&site, &editor), &draft.id, draft.version, Some(at)).await.unwrap();
    let mut other = factsheet("Ander");
    other.slug = "dubbel".into();
    let record = other.to_record().unwrap();
    site.take_in(&Library { records: vec![record], ..Library::default() }).await;
    assert_eq!(review::publish_due(&late).await.unwrap(), 0);
    let draft = store::draft::get(site.store(), &draft.id).await.unwrap().unwrap();
    assert_eq!(draft.stage, Stage::ChangesRequested);
    assert!(draft.reason.unwrap().contains("\"dubbel\" is al van een ander document"));
    site.settle().await;
}

/// A version that began from an older one than is live is not published over it.
#[tokio::test]
async fn an_outdated_version_is_not_published() {
    let site = site().await;
    let (author, editor) = (author(), editor());
    let live = published(&site, &author, "Bron").await;
    let draft = write::start(&act(&site, &author), Origin::VersionOf(live.id.clone())).await.unwrap();
    let draft = write::submit(&act(&site, &author), &draft.id, draft.version, None).await.unwrap();
    keep::confirm(&Act { now: now() + Duration::days(2), ..act(&site, &editor) }, &live.id).await.unwrap();
    let done = review::publish(&act(&site, &editor), &draft.id, draft.version, None).await;
    assert!(matches!(done, Err(Error::Outdated)), "{done:?}");
    let draft = write::take_back(&act(&site, &author), &draft.id, draft.version).await.unwrap();
    let draft = write::rebase(&act(&site, &author), &draft.id, draft.version).await.unwrap();
    let draft = write::submit(&act(&site, &author), &draft.id, draft.version, None).await.unwrap();
    review::publish(&act(&site, &editor), &draft.id, draft.version, None).await.unwrap();
    site.settle().await;
}

/// Nothing incomplete, nothing of clients, and no reference that tells what is hidden.
#[tokio::test]
async fn what_cannot_be_handed_in() {
    let site = site().await;
    let author = author();
    let act = act(&site, &author);
    let mut hidden = factsheet("Verborgen");
    hidden.slug = "verborgen".into();
    hidden.fields.insert("zichtbaarheid".into(), "organisatie".into());
    hidden.fields["organisaties"] = json!([{"organisatie": "ander", "rol": "trekker"}]);
    site.take_in(&Library { records: vec![hidden.to_record().unwrap()], ..Library::default() }).await;

    let draft = write::start(&act, Origin::Nothing(RecordKind::Factsheet)).await.unwrap();
    let faults = write::submit(&act, &draft.id, 1, None).await.unwrap_err().faults();
    assert_eq!(faults.len(), 2, "{faults:?}");

    let mut content = factsheet("Met bsn 111222333");
    assert!(matches!(write::save(&act, &draft.id, 1, content.clone()).await, Err(Error::Invalid(_))));
    assert_eq!(store::draft::get(site.store(), &draft.id).await.unwrap().unwrap().version, 1);

    content = factsheet("Verwijst");
    let refer = |to: &str| json!([{"soort": "bouwt_op", "document": to}]);
    let mut said = Vec::new();
    let mut version = 1;
    for to in ["verborgen", "bestaat-niet"] {
        content.fields.insert("relaties".into(), refer(to));
        version = write::save(&act, &draft.id, version, content.clone()).await.unwrap().version;
        let faults = write::submit(&act, &draft.id, version, None).await.unwrap_err().faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        said.push(faults[0].to_string().replace(to, "X"));
    }
    assert_eq!(said[0], said[1]);
    site.settle().await;
}
