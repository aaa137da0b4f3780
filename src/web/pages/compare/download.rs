//! The figures of a comparison as files: a table, and each drawing. They come from the same released figures as the page.

use poem::web::{Data, Path, Query};
use poem::{IntoResponse, Response, handler};

use crate::app::App;
use crate::benchmark::chart::frame::{View, Width};
use crate::domain::period::PartialDate;
use crate::exchange::csv_table;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;

use super::asked::Asked;
use super::{Shown, development};

/// One file: `cijfers.csv`, or a drawing by its name.
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
    let (kind, content) = match name.strip_suffix(".svg") {
        Some(drawing) => ("image/svg+xml", svg(&shown, drawing).ok_or(Failure::NotFound)?),
        None if name == "cijfers.csv" => ("text/csv; charset=utf-8", csv_table::write(&table(&shown))),
        None => return Err(Failure::NotFound),
    };
    let cache = if visitor.actor.user().is_some() { CachePolicy::NoStore } else { CachePolicy::Revalidate };
    Ok(content
        .with_content_type(kind)
        .with_header("Content-Disposition", format!("attachment; filename=\"{slug}-{name}\""))
        .with_header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
        .with_header("Cache-Control", cache.header())
        .into_response())
}

fn svg(shown: &Shown<'_>, drawing: &str) -> Option<String> {
    let view = View { prefix: drawing, width: Width::Wide, is_file: true };
    match drawing {
        "positie" => Some(shown.scene()?.dots_chart()?.svg(&view)),
        "trechter" => Some(shown.scene()?.funnel_chart()?.svg(&view)),
        "ontwikkeling" => Some(shown.development.as_ref()?.control_chart(shown.own_name()).svg(&view)),
        "groep" => {
            let chart = development::bands_chart(shown.indicator, &shown.group_name, shown.latest()?)?;
            Some(chart.svg(&view))
        }
        "samenstelling" => Some(shown.composition()?.svg(&view)),
        _ => None,
    }
}

/// Every figure of the page with what it means: definition, group, number of members, reasons, method.
fn table(shown: &Shown<'_>) -> Vec<Vec<String>> {
    let it = shown.indicator;
    let number = |value: Option<f64>| value.map_or_else(String::new, crate::text::dutch::number);
    let mut rows = vec![
        vec!["Indicator".into(), it.name.clone()],
        vec!["Code".into(), it.slug.clone()],
        vec!["Eenheid".into(), it.unit.clone()],
        vec!["Groep".into(), shown.group_name.clone()],
    ];
    rows.extend(shown.methods().into_iter().map(|(name, text)| vec![format!("Methode: {name}"), text]));
    rows.push(vec![]);
    let head = [
        "Periode",
        "Definitie",
        "Deel",
        "Organisaties",
        "Eigen waarde",
        "Ondergrens",
        "Bovengrens",
        "P10",
        "P25",
        "Mediaan",
        "P75",
        "P90",
        "De anderen samen",
        "Niet getoond",
    ];
    rows.push(head.map(str::to_owned).to_vec());
    for (at, compared) in shown.compared.iter().enumerate() {
        let compared = compared.get();
        let hidden: Vec<String> =
            compared.hidden.iter().map(|it| format!("{}: {}", it.cell.label(), it.reason.code())).collect();
        for band in &compared.bands {
            let own = compared.own.filter(|_| band.period == compared.period);
            let [p10, p25, p50, p75, p90] = band.percentiles.map(number);
            let is_asked = band.period == compared.period;
            rows.push(vec![
                band.period.to_string(),
                it.definition_at(band.period).map(|it| it.version.clone()).unwrap_or_default(),
                it.parts.get(at).map(|it| it.name.clone()).unwrap_or_default(),
                band.members.to_string(),
                number(band.own),
                number(own.and_then(|it| it.interval).map(|it| it.low)),
                number(own.and_then(|it| it.interval).map(|it| it.high)),
                p10,
                p25,
                p50,
                p75,
                p90,
                number(compared.reference.filter(|_| is_asked)),
                match is_asked {
                    true => hidden.join("; "),
                    false => band.reason.map(|it| it.code().to_owned()).unwrap_or_default(),
                },
            ]);
        }
    }
    let named = shown.latest().map(|it| it.get().named.clone()).unwrap_or_default();
    if !named.is_empty() {
        rows.push(vec![]);
        rows.push(vec!["Organisatie met naam".into(), "Waarde".into()]);
        let name = |slug: &str| shown.catalogue.name(crate::domain::field::Target::Organisation, slug).to_owned();
        rows.extend(named.iter().map(|it| vec![name(&it.name), crate::text::dutch::number(it.value)]));
    }
    let period = shown.choice.period.map(PartialDate::dutch).unwrap_or_default();
    rows.insert(4, vec!["Gekozen periode".into(), period]);
    rows
}
