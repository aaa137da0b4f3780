//! A row in every table of drafts and what is kept beside documents, with every column filled.

use leerkring::domain::catalogue::ItemKind;
use leerkring::domain::draft::{Comment, Content, Draft};
use leerkring::domain::id::{AccountId, CommentId, DraftId, ItemId};
use leerkring::domain::stage::Stage;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::store::keeping::Keeping;
use leerkring::store::theme_reviewer::ThemeReviewer;
use leerkring::store::{Store, draft, draft_comment, item_slug, keeping, preview_link, record, theme_reviewer};

use crate::harness::now;

pub async fn write_all(store: &Store) {
    let some = || Some("voorbeeld".to_owned());
    let account = AccountId::generate();
    let record = record::all(store).await.unwrap().remove(0).id;
    let it = Draft {
        id: DraftId::generate(),
        of: Some((record.clone(), 1)),
        content: Content::new(RecordKind::Factsheet),
        author: account.clone(),
        stage: Stage::Planned,
        submitted_at: Some(now()),
        reviewer: Some(account.clone()),
        publish_at: Some(now()),
        note: some(),
        reason: some(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    let theme = store.catalogue().await.unwrap().themes[0].slug.clone();
    let write = store.write().await.unwrap();
    draft::insert(&write, &it).await.unwrap();
    let comment = Comment {
        id: CommentId::generate(),
        field: "titel".into(),
        text: "Voorbeeld".into(),
        author: account.clone(),
        made_at: now(),
        is_done: false,
    };
    draft_comment::insert(&write, &it.id, &comment).await.unwrap();
    let later = now() + chrono::Duration::days(1);
    preview_link::insert(&write, "hash", &it.id, &account, now(), later).await.unwrap();
    let kept = Keeping {
        owner: Some(account.clone()),
        withdrawn: Some(("voorbeeld".into(), now())),
        confirm_hash: some(),
        reminded_for: Some(now().date_naive()),
    };
    keeping::save(&write, &record, &kept).await.unwrap();
    let until = Some(now().date_naive());
    let reviewer = ThemeReviewer { theme, account: account.clone(), deputy: Some(account), days: 1, until };
    theme_reviewer::save(&write, &reviewer).await.unwrap();
    let (old, new) = (ItemId::generate(), ItemId::generate());
    item_slug::merge(&write, ItemKind::Organisation, "oud", &old, &new).await.unwrap();
    write.commit_apart().await.unwrap();
}
