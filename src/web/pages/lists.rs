//! The lists as an administrator keeps them: one item at a time, in a form made from its field table.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde_json::{Map, Value};

use crate::app::App;
use crate::domain::catalogue::{Item, ItemKind};
use crate::domain::draft;
use crate::domain::fault::Fault;
use crate::domain::field::Target;
use crate::domain::permission::{Action, may};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::sentences;
use crate::web::form::view::{self, Around, FieldView};
use crate::web::form::{id_of, name_of, read};
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow;
use crate::workflow::catalogue;

/// The slug of an item that is not there yet.
const NEW: &str = "nieuw";

fn kind_of(list: &str) -> Result<ItemKind, Failure> {
    ItemKind::ALL.iter().find(|it| it.plural() == list).copied().ok_or(Failure::NotFound)
}

fn allowed(visitor: &Visitor) -> Result<(), Failure> {
    Ok(may(&visitor.actor, Action::EditLists)?)
}

#[derive(Template)]
#[template(path = "lists.html", config = "src/web/askama.toml")]
struct ListsPage {
    frame: Frame,
    lists: Vec<(String, String, usize)>,
}

#[handler]
pub async fn index(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    allowed(&visitor)?;
    let catalogue = app.store.catalogue().await?;
    let items = catalogue.items();
    let count = |kind: ItemKind| items.iter().filter(|it| it.kind() == kind).count();
    let page = ListsPage {
        frame: Frame::new(app, &visitor, Section::None, "Lijsten", ""),
        lists: ItemKind::ALL.iter().map(|it| (url::list(*it), it.heading().to_owned(), count(*it))).collect(),
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[derive(Template)]
#[template(path = "list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    heading: String,
    label: &'static str,
    new: String,
    items: Vec<(String, String)>,
}

#[handler]
pub async fn one_list(Data(app): Data<&App>, visitor: Visitor, Path(list): Path<String>) -> Result<Response, Failure> {
    allowed(&visitor)?;
    let kind = kind_of(&list)?;
    let catalogue = app.store.catalogue().await?;
    let mut items: Vec<(String, String)> = catalogue
        .items()
        .iter()
        .filter(|it| it.kind() == kind)
        .map(|it| (url::list_item(kind, it.slug()), it.name().to_owned()))
        .collect();
    items.sort_by_key(|it| crate::text::dutch::sort_key(&it.1));
    let page = ListPage {
        frame: Frame::new(app, &visitor, Section::None, kind.heading(), ""),
        heading: kind.heading().to_owned(),
        label: kind.label(),
        new: url::list_item(kind, NEW),
        items,
    };
    page::with_status(&page, StatusCode::OK, CachePolicy::NoStore)
}

#[derive(Template)]
#[template(path = "list_item.html", config = "src/web/askama.toml")]
struct ItemPage {
    frame: Frame,
    heading: String,
    action: String,
    back: String,
    list: &'static str,
    /// The page visitors see.
    shown: Option<String>,
    fields: Vec<FieldView>,
    organisations: Vec<String>,
    summary: Vec<(String, String)>,
    notice: String,
    /// Where two organisations are joined; empty elsewhere.
    merge: String,
    merge_error: String,
}

struct Shown<'a> {
    kind: ItemKind,
    slug: &'a str,
    values: Map<String, Value>,
    faults: Vec<Fault>,
    more: &'a str,
    notice: &'a str,
    merge_error: &'a str,
    status: StatusCode,
}

async fn item_page(app: &App, visitor: &Visitor, it: Shown<'_>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let name = it.values.get("naam").and_then(Value::as_str).unwrap_or("");
    let heading = match it.slug {
        NEW => format!("{} toevoegen", it.kind.label()),
        _ => format!("{}: {name}", it.kind.label()),
    };
    let says_missing = !it.faults.is_empty();
    let around = Around { faults: &it.faults, says_missing, remarks: &[], more: it.more };
    let mut fields = view::item(Item::fields(it.kind), &it.values, &catalogue, &around);
    if it.slug != NEW {
        // What others refer to stays.
        fields.retain(|field| field.name != "slug");
    }
    let target = it.kind.target().filter(|it| *it != Target::BuildingBlock);
    let mut organisations: Vec<String> = catalogue.organisations.iter().map(|it| it.name.clone()).collect();
    organisations.sort_by_key(|it| crate::text::dutch::sort_key(it));
    let is_organisation = it.kind == ItemKind::Organisation && it.slug != NEW;
    let page = ItemPage {
        frame: Frame::new(app, visitor, Section::None, &heading, ""),
        heading,
        action: url::list_item(it.kind, it.slug),
        back: url::list(it.kind),
        list: it.kind.heading(),
        shown: target.filter(|_| it.slug != NEW).map(|target| url::target(target, it.slug)),
        fields,
        organisations,
        summary: it
            .faults
            .iter()
            .map(|fault| (format!("#{}", id_of(&name_of(&fault.place))), view::said_of(Item::fields(it.kind), fault)))
            .collect(),
        notice: it.notice.to_owned(),
        merge: if is_organisation {
            format!("{}/samenvoegen", url::list_item(it.kind, it.slug))
        } else {
            String::new()
        },
        merge_error: it.merge_error.to_owned(),
    };
    page::with_status(&page, it.status, CachePolicy::NoStore)
}

#[handler]
pub async fn edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((list, slug)): Path<(String, String)>,
    request: &Request,
) -> Result<Response, Failure> {
    allowed(&visitor)?;
    let kind = kind_of(&list)?;
    let catalogue = app.store.catalogue().await?;
    let values = match slug.as_str() {
        NEW => Map::new(),
        slug => {
            let item = catalogue.items().into_iter().find(|it| it.kind() == kind && it.slug() == slug);
            item.ok_or(Failure::NotFound)?.to_value()
        }
    };
    let asked: Vec<(String, String)> =
        ::url::form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()).into_owned().collect();
    let of = |name: &str| asked.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let notice = if of("gedaan") == "bewaard" { "Bewaard." } else { "" };
    let shown =
        Shown { kind, slug: &slug, values, faults: vec![], more: "", notice, merge_error: "", status: StatusCode::OK };
    item_page(app, &visitor, shown).await
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((list, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    allowed(&visitor)?;
    let kind = kind_of(&list)?;
    let lists = app.store.catalogue().await?;
    let pairs: Vec<(&str, &str)> = form.pairs().collect();
    let mut values = read::values(Item::fields(kind), &pairs, &lists);
    let is_new = slug == NEW;
    if !is_new {
        values.insert("slug".to_owned(), slug.as_str().into());
    } else if !values.contains_key("slug") {
        let name = values.get("naam").and_then(Value::as_str).unwrap_or_default();
        values.insert("slug".to_owned(), draft::slug_of(name).into());
    }
    let (verb, row) = form.text("actie").split_once(':').unwrap_or(("bewaren", ""));
    if verb == "weg" {
        read::remove_row(&mut values, row);
    }
    let shown = |values, faults, more, status| Shown {
        kind,
        slug: &slug,
        values,
        faults,
        more,
        notice: "",
        merge_error: "",
        status,
    };
    // A row more or less is not kept until the whole is.
    if verb != "bewaren" {
        let more = if verb == "erbij" { row } else { "" };
        return item_page(app, &visitor, shown(values, vec![], more, StatusCode::OK)).await;
    }
    match catalogue::put(&act(app, &visitor), kind, values.clone(), is_new).await {
        Ok(item) => Ok(see(&url::with_query(&url::list_item(kind, item.slug()), &[("gedaan", "bewaard")]))),
        Err(error @ workflow::Error::Invalid(_)) => {
            item_page(app, &visitor, shown(values, error.faults(), "", StatusCode::UNPROCESSABLE_ENTITY)).await
        }
        Err(other) => Err(other.into()),
    }
}

#[handler]
pub async fn merge(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    allowed(&visitor)?;
    let kind = ItemKind::Organisation;
    let lists = app.store.catalogue().await?;
    let from = lists.organisation(&slug).ok_or(Failure::NotFound)?;
    let into = read::resolve(Target::Organisation, form.text("in"), &lists);
    let error = if lists.organisation(&into).is_none() {
        "deze organisatie is er niet; kies een naam uit de lijst".to_owned()
    } else {
        match catalogue::merge_organisations(&act(app, &visitor), &slug, &into).await {
            Ok(()) => return Ok(see(&url::with_query(&url::list_item(kind, &into), &[("gedaan", "bewaard")]))),
            Err(error @ workflow::Error::Invalid(_)) => sentences(&error.faults()),
            Err(other) => return Err(other.into()),
        }
    };
    let shown = Shown {
        kind,
        slug: &slug,
        values: Item::Organisation(from.clone()).to_value(),
        faults: vec![],
        more: "",
        notice: "",
        merge_error: &error,
        status: StatusCode::UNPROCESSABLE_ENTITY,
    };
    item_page(app, &visitor, shown).await
}
