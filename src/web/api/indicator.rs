//! Indicators and comparisons. The `///` of an operation is published, in Dutch.

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};

use crate::app::App;
use crate::benchmark::comparison::Own;
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::field::{self, Field};
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::domain::permission::Denied;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::pages::compare::Shown;
use crate::web::pages::compare::asked::Asked;
use crate::workflow::comparison::{Viewer, may_see};

use super::own_fields::{Described, Table, Visible};
use super::query;

#[derive(Tags)]
enum Tag {
    /// Indicatoren met hun definities, en vergelijkingen tussen organisaties.
    #[oai(rename = "Vergelijken")]
    Compare,
}

impl Described for Indicator {
    const NAME: &'static str = "Indicator";

    fn fields() -> Vec<&'static Field> {
        Indicator::FIELDS.iter().collect()
    }
}

/// Alle indicatoren.
#[derive(Object)]
#[oai(rename = "Indicatoren")]
struct Indicators {
    /// In de volgorde van hun code.
    indicatoren: Vec<Table<Indicator>>,
}

/// De groep waarmee is vergeleken.
#[derive(Object)]
#[oai(rename = "Vergelijkingsgroep", rename_all = "camelCase")]
struct Group {
    /// Landelijk, sector, netwerk, regio, zorgsoort, grootte of keuze.
    soort: String,
    naam: String,
    /// Organisaties met een cijfer in deze periode, waarmee is gerekend.
    aantal_leden: u64,
    /// Organisaties die later aanleverden en meetellen zodra het er zoveel zijn dat niemand te herleiden is.
    aantal_later: u64,
}

/// De eigen waarde naast de groep.
#[derive(Object)]
#[oai(rename = "EigenWaarde", rename_all = "camelCase")]
struct OwnView {
    waarde: f64,
    /// Ondergrens van het 95%-interval.
    ondergrens: Option<f64>,
    bovengrens: Option<f64>,
    /// Welk deel van de leden het minder goed doet, van 0 tot 1.
    percentiel: Option<f64>,
    rang: Option<u64>,
    /// De beste en de slechtste rang die met 95% zekerheid mogelijk zijn.
    rang_interval: Option<Vec<u64>>,
    verschil_tot_mediaan: Option<f64>,
    /// Hetzelfde in eenheden van de teller.
    verschil_in_teller: Option<f64>,
    /// Beter, slechter, hoger, lager, niet-anders of niet-te-vergelijken.
    oordeel: String,
}

/// De groep in één periode.
#[derive(Object)]
#[oai(rename = "VergelijkingInPeriode", rename_all = "camelCase")]
struct Then {
    periode: String,
    aantal_leden: u64,
    p10: Option<f64>,
    p25: Option<f64>,
    mediaan: Option<f64>,
    p75: Option<f64>,
    p90: Option<f64>,
    eigen_waarde: Option<f64>,
}

/// Iets wat niet wordt getoond.
#[derive(Object)]
#[oai(rename = "Onderdrukt")]
struct Suppressed {
    veld: String,
    /// Too_few_members, dominance, small_count, differencing, embargo, not_delivered, no_consent of few_nameless.
    reden: String,
    uitleg: String,
}

/// Hoe een cijfer is berekend.
#[derive(Object)]
#[oai(rename = "Methode")]
struct Way {
    naam: String,
    uitleg: String,
}

/// Een vergelijking van een organisatie met een groep.
#[derive(Object)]
#[oai(rename = "Vergelijking", rename_all = "camelCase")]
struct View {
    indicator: String,
    definitie_versie: Option<String>,
    /// Leeg als er nog geen cijfers zijn.
    periode: Option<String>,
    /// Het deel, bij een samenstelling.
    deel: Option<String>,
    groep: Group,
    mediaan: Option<f64>,
    kwartielen: Option<Vec<f64>>,
    decielen: Option<Vec<f64>>,
    /// De anderen samen.
    anderen: Option<f64>,
    eigen: Option<OwnView>,
    trend: Vec<Then>,
    onderdrukt: Vec<Suppressed>,
    methode: Vec<Way>,
}

/// The address of a comparison below that of the API.
pub const COMPARISON: &str = "/vergelijkingen/{code}";

pub struct IndicatorApi;

#[OpenApi(tag = "Tag::Compare")]
impl IndicatorApi {
    /// Alle indicatoren met hun definities
    #[oai(path = "/indicatoren", method = "get", operation_id = "indicatoren")]
    async fn indicators(&self, app: Data<&App>, request: &Request) -> poem::Result<Json<Indicators>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        Ok(Json(Indicators { indicatoren: catalogue.indicators.iter().map(table).collect() }))
    }

    /// Eén indicator met haar definities
    #[oai(path = "/indicatoren/:code", method = "get", operation_id = "indicator")]
    async fn indicator(
        &self,
        app: Data<&App>,
        request: &Request,
        /// De code van de indicator.
        code: Path<String>,
    ) -> poem::Result<Json<Table<Indicator>>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        let indicator = catalogue.indicator(&code).ok_or(Failure::NotFound)?;
        Ok(Json(table(indicator)))
    }

    /// Een vergelijking met een groep
    #[oai(path = "/vergelijkingen/:code", method = "get", operation_id = "vergelijking")]
    async fn comparison(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De code van de indicator.
        code: Path<String>,
    ) -> poem::Result<Json<View>> {
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        let indicator = catalogue.indicator(&code).ok_or(Failure::NotFound)?;
        let given = query::some(request, &["periode", "groep", "deel"])?;
        let asked = asked(&given, indicator)?;
        if let Ok(group) = PeerGroup::parse(&asked.groep) {
            let organisation = crate::web::pages::compare::asked::organisation(&visitor, "");
            if !may_see(&Viewer { actor: &visitor.actor, organisation }, &group, &catalogue) {
                let denied = if visitor.actor.user().is_none() { Denied::SignIn } else { Denied::Role };
                return Err(Failure::Denied(denied).into());
            }
        }
        let shown = Shown::new(&app, &visitor, &catalogue, indicator, &asked).await?;
        let part = given.get("deel").and_then(|it| indicator.parts.iter().position(|part| part.code == *it));
        Ok(Json(view(&shown, part.unwrap_or(0))))
    }
}

/// The question, or all that is wrong with it.
fn asked(given: &std::collections::BTreeMap<String, String>, indicator: &Indicator) -> Result<Asked, Failure> {
    let mut faults = Vec::new();
    let get = |name: &str| given.get(name).cloned().unwrap_or_default();
    let (period, group, part) = (get("periode"), get("groep"), get("deel"));
    if !period.is_empty() && PartialDate::parse(&period).and_then(|it| it.span()) != Some(indicator.span) {
        let form = match indicator.span.word() {
            "maand" => "2024-09",
            "kwartaal" => "2024-K3",
            _ => "2024",
        };
        faults.push(format!("periode \"{period}\" is geen {}; schrijf bijvoorbeeld {form}", indicator.span.word()));
    }
    if let Some(Err(text)) = Some(&group).filter(|it| !it.is_empty()).map(|it| PeerGroup::parse(it)) {
        faults.push(format!("groep: {text}"));
    }
    if !part.is_empty() && indicator.part(&part).is_none() {
        let known: Vec<&str> = indicator.parts.iter().map(|it| it.code.as_str()).collect();
        faults.push(match indicator.kind {
            IndicatorKind::Composition => format!("deel \"{part}\" is niet bekend; kies uit {}", known.join(", ")),
            _ => "deze indicator heeft geen delen".to_owned(),
        });
    }
    match faults.is_empty() {
        true => Ok(Asked { groep: group, periode: period, ..Asked::default() }),
        false => Err(Failure::Invalid(faults)),
    }
}

fn view(shown: &Shown<'_>, at: usize) -> View {
    let found = shown.compared.get(at).map(|it| it.get());
    let period = shown.choice.period;
    let group = shown.choice.group.to_string();
    View {
        indicator: shown.indicator.slug.clone(),
        definitie_versie: period.and_then(|it| shown.indicator.definition_at(it)).map(|it| it.version.clone()),
        periode: period.map(|it| it.to_string()),
        deel: shown.indicator.parts.get(at).map(|it| it.code.clone()),
        groep: Group {
            soort: group.split(':').next().unwrap_or_default().to_owned(),
            naam: shown.group_name.clone(),
            aantal_leden: found.map_or(0, |it| it.members as u64),
            aantal_later: found.map_or(0, |it| it.late as u64),
        },
        mediaan: found.and_then(|it| it.median),
        kwartielen: found.and_then(|it| it.quartiles).map(|it| it.to_vec()),
        decielen: found.and_then(|it| it.deciles).map(|it| it.to_vec()),
        anderen: found.and_then(|it| it.reference),
        eigen: found.and_then(|it| it.own.as_ref()).map(own),
        trend: found.map(|it| it.bands.iter().map(then).collect()).unwrap_or_default(),
        onderdrukt: found
            .map(|it| it.hidden.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|it| Suppressed {
                veld: it.cell.label().to_owned(),
                reden: it.reason.code().to_owned(),
                uitleg: it.reason.sentence().to_owned(),
            })
            .collect(),
        methode: shown.methods().into_iter().map(|(name, text)| Way { naam: name.to_owned(), uitleg: text }).collect(),
    }
}

fn own(it: &Own) -> OwnView {
    use crate::benchmark::outcome::Outcome;
    OwnView {
        waarde: it.value,
        ondergrens: it.interval.map(|it| it.low),
        bovengrens: it.interval.map(|it| it.high),
        percentiel: it.percentile,
        rang: it.rank.map(|it| it.rank as u64),
        rang_interval: it.rank.and_then(|it| it.range).map(|it| vec![it.0 as u64, it.1 as u64]),
        verschil_tot_mediaan: it.gap_to_median.map(|it| it.value),
        verschil_in_teller: it.gap_to_median.and_then(|it| it.amount),
        oordeel: match it.outcome {
            Outcome::Better => "beter",
            Outcome::Worse => "slechter",
            Outcome::Higher => "hoger",
            Outcome::Lower => "lager",
            Outcome::NotDifferent => "niet-anders",
            Outcome::CannotCompare => "niet-te-vergelijken",
        }
        .to_owned(),
    }
}

fn then(it: &crate::benchmark::comparison::Band) -> Then {
    let [p10, p25, mediaan, p75, p90] = it.percentiles;
    Then {
        periode: it.period.to_string(),
        aantal_leden: it.members as u64,
        p10,
        p25,
        mediaan,
        p75,
        p90,
        eigen_waarde: it.own,
    }
}

fn table(it: &Indicator) -> Table<Indicator> {
    Table::new(&field::to_value(it), &Visible::new())
}
