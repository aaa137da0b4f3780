//! The figures of a comparison as files: tables, and each drawing. They come from the same released figures as the page.

use poem::web::{Data, Path, Query};
use poem::{IntoResponse, Response, handler};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::benchmark::chart::about::About;
use crate::benchmark::chart::frame::{self, View, Width};
use crate::exchange::{csv_table, picture, workbook};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::pages::deliver::template::EXCEL;

use super::asked::Asked;
use super::{Shown, development, sheet};

/// Pictures that are made at the same time: each takes a processor and up to 40 MB.
static ROOM: Semaphore = Semaphore::const_new(1);

/// One file: `cijfers.csv`, `cijfers.xlsx`, or a drawing by its name, as `.svg` or `.png`.
#[handler]
pub async fn file(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((slug, name)): Path<(String, String)>,
    asked: Option<Query<Asked>>,
) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let indicator = catalogue.indicator(&slug).ok_or(Failure::NotFound)?;
    let asked = asked.map(|it| it.0).unwrap_or_default();
    let shown = Shown::new(app, &visitor, &catalogue, indicator, &asked).await?;
    let (kind, content) = match name.rsplit_once('.').ok_or(Failure::NotFound)? {
        ("cijfers", "csv") => ("text/csv; charset=utf-8", csv_table::write(&sheet::rows(&shown)).into_bytes()),
        ("cijfers", "xlsx") => {
            let bytes = workbook::write(&sheet::sheets(&shown));
            (EXCEL, bytes.map_err(|error| Failure::Unexpected(Box::new(error)))?)
        }
        (drawing, "svg") => ("image/svg+xml", svg(&shown, drawing).ok_or(Failure::NotFound)?.into_bytes()),
        (drawing, "png") => ("image/png", png(svg(&shown, drawing).ok_or(Failure::NotFound)?).await?),
        _ => return Err(Failure::NotFound),
    };
    let cache = if visitor.actor.user().is_some() { CachePolicy::NoStore } else { CachePolicy::Revalidate };
    Ok(content
        .with_content_type(kind)
        .with_header("Content-Disposition", format!("attachment; filename=\"{slug}-{name}\""))
        .with_header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
        .with_header("Cache-Control", cache.header())
        .into_response())
}

async fn png(drawing: String) -> Result<Vec<u8>, Failure> {
    let room = ROOM.acquire().await.map_err(|error| Failure::Unexpected(Box::new(error)))?;
    let made = tokio::task::spawn_blocking(move || {
        // Goes with the work: who leaves does not make room for another while this one is still busy.
        let _room = room;
        picture::png(&frame::without_sheet(&drawing))
    });
    let made = made.await.map_err(|error| Failure::Unexpected(Box::new(error)))?;
    made.map_err(|error| Failure::Unexpected(Box::new(error)))
}

fn svg(shown: &Shown<'_>, drawing: &str) -> Option<String> {
    let view = View { prefix: drawing, width: Width::Wide, is_file: true };
    let noted = |about: About| About { notes: sheet::notes(shown), ..about };
    Some(match drawing {
        "positie" => {
            let mut chart = shown.scene()?.dots_chart()?;
            chart.about = noted(chart.about);
            chart.svg(&view)
        }
        "trechter" => {
            let mut chart = shown.scene()?.funnel_chart()?;
            chart.about = noted(chart.about);
            chart.svg(&view)
        }
        "ontwikkeling" => {
            let mut chart = shown.development.as_ref()?.control_chart(shown.own_name());
            chart.about = noted(chart.about);
            chart.svg(&view)
        }
        "groep" => {
            let mut chart = development::bands_chart(shown.indicator, &shown.group_name, shown.latest()?)?;
            chart.about = noted(chart.about);
            chart.svg(&view)
        }
        "samenstelling" => {
            let mut chart = shown.composition()?;
            chart.about = noted(chart.about);
            chart.svg(&view)
        }
        _ => return None,
    })
}
