//! A document in the knowledge base: what the five kinds share, and the fields of one kind beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::attachment::{self, Attachment};
use crate::domain::factsheet::Factsheet;
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Field, LINE, Shape, Target, fields};
use crate::domain::improvement_plan::ImprovementPlan;
use crate::domain::part::{Figure, Participation, Relation, Source};
use crate::domain::period::PartialDate;
use crate::domain::publication::Publication;
use crate::domain::quality_report::QualityReport;
use crate::domain::status::Status;
use crate::domain::transition_project::TransitionProject;
use crate::domain::visibility::Visibility;
use crate::domain::vocabulary::{Outcome, Phase, RecordKind, Role, Sector, Success};

/// The longest body, in characters.
pub const BODY_MAX: usize = 60_000;

fields! {
    /// What every document has.
    Common {
        title: String = "titel" "Titel", Shape::Line { max: 90 }, Required, "waar het over gaat, in hoogstens 90 tekens";
        summary: String = "samenvatting" "Samenvatting", Shape::Line { max: 300 }, Required, "de kern in gewone taal, in hoogstens 300 tekens";
        visibility: Visibility = "zichtbaarheid" "Zichtbaarheid", Shape::Choice(Visibility::CHOICES), Optional, "voor wie het is";
        status: Status = "status" "Status", Shape::Choice(Status::CHOICES), Optional, "hoe ver het is";
        former_slugs: Vec<String> = "oude_slugs" "Eerdere adressen", Shape::Slugs { most: 20 }, Optional, "adressen die hierheen verwijzen";
        themes: Vec<String> = "themas" "Thema's", Shape::References(Target::Theme, 8), Optional, "waar het over gaat";
        building_blocks: Vec<String> = "bouwstenen" "Bouwstenen", Shape::References(Target::BuildingBlock, 5), Optional, "bij welke bouwsteen van het Generiek Kompas het hoort";
        sectors: Vec<Sector> = "sectoren" "Sectoren", Shape::Choices(Sector::CHOICES), Optional, "vv, ghz, ggz, thuiszorg";
        region: Option<String> = "regio" "Regio", Shape::Reference(Target::Region), Optional, "waar het speelt";
        programme: Option<String> = "programma" "Programma", Shape::Reference(Target::Programme), Optional, "het programma waar het bij hoort";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "het begin";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "het einde";
        outcome: Option<Outcome> = "uitkomst" "Stand", Shape::Choice(Outcome::CHOICES), Optional, "loopt, afgerond of gestopt";
        success: Option<Success> = "resultaat" "Resultaat", Shape::Choice(Success::CHOICES), Optional, "gelukt, deels of niet-gelukt";
        keywords: Vec<String> = "trefwoorden" "Trefwoorden", Shape::Lines { most: 20, max: 60 }, Optional, "woorden waarop iemand zoekt";
        contact: Option<String> = "contact" "Contact", LINE, Optional, "een rol of afdeling, nooit een persoon";
        review_by: Option<NaiveDate> = "herzien_voor" "Herzien vóór", Shape::Day, Optional, "wanneer iemand opnieuw moet kijken";
        last_confirmed: Option<NaiveDate> = "bevestigd_op" "Laatst bevestigd", Shape::Day, Optional, "wanneer de eigenaar bevestigde dat het klopt";
        source_notes: Vec<String> = "bronopmerkingen" "Opmerkingen bij de bron", Shape::Lines { most: 20, max: 1_000 }, Optional, "wat de bron niet noemt of tegenspreekt";
        organisations: Vec<Participation> = "organisaties" "Organisaties", Shape::Groups(Participation::FIELDS, 200), Optional, "wie trekt en wie meedoet";
        relations: Vec<Relation> = "relaties" "Verwante documenten", Shape::Groups(Relation::FIELDS, 40), Optional, "waar het op voortbouwt of toe leidt";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 40), Optional, "waar dit staat";
        attachments: Vec<Attachment> = "bijlagen" "Bijlagen", Shape::Groups(Attachment::FIELDS, attachment::FILES_MAX), Optional, "bestanden bij dit document: PDF, Word, Excel, PowerPoint of een afbeelding";
    }
}

/// The fields of one kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Own {
    ImprovementPlan(ImprovementPlan),
    Factsheet(Factsheet),
    TransitionProject(TransitionProject),
    QualityReport(QualityReport),
    Publication(Publication),
}

impl Own {
    pub fn kind(&self) -> RecordKind {
        match self {
            Own::ImprovementPlan(_) => RecordKind::ImprovementPlan,
            Own::Factsheet(_) => RecordKind::Factsheet,
            Own::TransitionProject(_) => RecordKind::TransitionProject,
            Own::QualityReport(_) => RecordKind::QualityReport,
            Own::Publication(_) => RecordKind::Publication,
        }
    }

    /// The table of the fields of a kind.
    pub fn fields(kind: RecordKind) -> &'static [Field] {
        match kind {
            RecordKind::ImprovementPlan => ImprovementPlan::FIELDS,
            RecordKind::Factsheet => Factsheet::FIELDS,
            RecordKind::TransitionProject => TransitionProject::FIELDS,
            RecordKind::QualityReport => QualityReport::FIELDS,
            RecordKind::Publication => Publication::FIELDS,
        }
    }

    pub fn to_value(&self) -> Map<String, Value> {
        match self {
            Own::ImprovementPlan(it) => field::to_value(it),
            Own::Factsheet(it) => field::to_value(it),
            Own::TransitionProject(it) => field::to_value(it),
            Own::QualityReport(it) => field::to_value(it),
            Own::Publication(it) => field::to_value(it),
        }
    }

    /// The fields of a kind from values that passed the check of [`Own::fields`].
    pub fn from_value(kind: RecordKind, values: Map<String, Value>) -> serde_json::Result<Own> {
        let value = Value::Object(values);
        Ok(match kind {
            RecordKind::ImprovementPlan => Own::ImprovementPlan(serde_json::from_value(value)?),
            RecordKind::Factsheet => Own::Factsheet(serde_json::from_value(value)?),
            RecordKind::TransitionProject => Own::TransitionProject(serde_json::from_value(value)?),
            RecordKind::QualityReport => Own::QualityReport(serde_json::from_value(value)?),
            RecordKind::Publication => Own::Publication(serde_json::from_value(value)?),
        })
    }

    pub fn phase(&self) -> Option<Phase> {
        match self {
            Own::ImprovementPlan(plan) => plan.phase,
            _ => None,
        }
    }

    /// Slugs of the indicators it names, each once.
    pub fn indicators(&self) -> BTreeSet<String> {
        let named = field::references(Own::fields(self.kind()), &self.to_value(), &Place::root());
        named.into_iter().filter(|it| it.0 == Target::Indicator).map(|it| it.1).collect()
    }

    pub fn figures(&self) -> &[Figure] {
        match self {
            Own::ImprovementPlan(it) => &it.figures,
            Own::Factsheet(it) => &it.figures,
            Own::TransitionProject(it) => &it.figures,
            Own::QualityReport(it) => &it.figures,
            Own::Publication(_) => &[],
        }
    }

    fn year(&self) -> Option<i32> {
        match self {
            Own::QualityReport(it) => it.year,
            Own::Publication(it) => it.year,
            _ => None,
        }
    }
}

/// A document as its author wrote it: the same in a file, in the store and in the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Record {
    pub slug: String,
    pub common: Common,
    pub own: Own,
    /// Markdown.
    pub body: String,
}

impl Record {
    pub fn kind(&self) -> RecordKind {
        self.own.kind()
    }

    /// The year a reader looks for: of the report or publication, else the end of the work, else its begin.
    pub fn year(&self) -> Option<i32> {
        self.own.year().or(self.common.until.map(PartialDate::year)).or(self.common.from.map(PartialDate::year))
    }

    /// The organisations that lead the work, in the author's order.
    pub fn leads(&self) -> impl Iterator<Item = &str> {
        self.common.organisations.iter().filter(|it| it.role == Role::Lead).map(|it| it.organisation.as_str())
    }

    /// Common and own fields in one map, by their Dutch names.
    pub fn to_value(&self) -> Map<String, Value> {
        let mut res = field::to_value(&self.common);
        res.extend(self.own.to_value());
        res
    }

    /// Every fault of the fields of a record of a kind.
    pub fn check(kind: RecordKind, values: &Map<String, Value>) -> Vec<Fault> {
        let own = Own::fields(kind);
        let of = |fields: &[Field]| -> Map<String, Value> {
            let has = |name: &String| fields.iter().any(|field| field.name == name);
            values.iter().filter(|(name, _)| has(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let root = Place::root();
        let mut faults = field::check(Common::FIELDS, &of(Common::FIELDS), &root);
        faults.extend(field::check(own, &of(own), &root));
        let known: Vec<&str> = Common::FIELDS.iter().chain(own).map(|field| field.name).collect();
        for name in values.keys().filter(|name| !known.contains(&name.as_str())) {
            faults.push(Fault::new(
                &root.key(name),
                format!("onbekend veld \"{name}\" voor soort {}", kind.word()),
                format!("toegestaan: {}", known.join(", ")),
            ));
        }
        faults
    }

    /// A record from values that passed [`Record::check`]. What still does not fit comes back as text.
    pub fn from_value(
        slug: &str,
        kind: RecordKind,
        mut values: Map<String, Value>,
        body: &str,
    ) -> Result<Record, String> {
        let mut own = Map::new();
        for field in Own::fields(kind) {
            if let Some(value) = values.remove(field.name) {
                own.insert(field.name.to_owned(), value);
            }
        }
        Ok(Record {
            slug: slug.to_owned(),
            common: serde_json::from_value(Value::Object(values)).map_err(|it| it.to_string())?,
            own: Own::from_value(kind, own).map_err(|it| it.to_string())?,
            body: body.to_owned(),
        })
    }

    /// The rules between fields, which no single field can break.
    pub fn check_rules(&self) -> Vec<Fault> {
        let root = Place::root();
        let mut faults = check_period(self.common.from, self.common.until);
        let leads = self.leads().count();
        if self.kind() == RecordKind::QualityReport && leads != 1 {
            faults.push(Fault::new(
                &root.key("organisaties"),
                format!("een kwaliteitsbeeld heeft één trekker, hier {leads}"),
                "de organisatie waarover het gaat, met rol = \"trekker\"",
            ));
        }
        if leads == 0 && self.common.visibility != Visibility::Public {
            faults.push(Fault::new(
                &root.key("zichtbaarheid"),
                format!("\"{}\" zonder trekker: niemand zou het kunnen lezen", self.common.visibility.word()),
                "noem de organisatie van wie het is, met rol = \"trekker\"",
            ));
        }
        faults.extend(check_participations(&self.common.organisations));
        faults.extend(attachment::check(&self.common.attachments));
        if BODY_MAX < self.body.chars().count() {
            faults.push(Fault::new(&root, "de tekst is te lang", format!("hoogstens {BODY_MAX} tekens")));
        }
        if let Some(number) = crate::domain::citizen_number::find(&self.body) {
            faults.push(Fault::new(
                &root,
                format!("\"{number}\" in de tekst heeft de vorm van een burgerservicenummer"),
                "gegevens van cliënten mogen hier niet staan; haal het nummer weg",
            ));
        }
        faults
    }
}

/// A period that ends before it begins.
pub fn check_period(from: Option<PartialDate>, until: Option<PartialDate>) -> Vec<Fault> {
    match (from, until) {
        (Some(from), Some(until)) if until.last_day() < from.first_day() => vec![Fault::new(
            &Place::root().key("tot"),
            format!("\"{until}\" ligt vóór \"{from}\""),
            "het einde moet op of na het begin liggen",
        )],
        _ => vec![],
    }
}

/// Organisations that stand twice in the same role.
pub fn check_participations(organisations: &[Participation]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, it) in organisations.iter().enumerate() {
        if organisations[..at].contains(it) {
            faults.push(Fault::new(
                &Place::root().key("organisaties").at(at),
                format!("\"{}\" staat er al als {}", it.organisation, it.role.word()),
                "noem een organisatie één keer per rol",
            ));
        }
    }
    faults
}

/// The stored form of a whole record: revisions keep it.
impl From<Record> for Map<String, Value> {
    fn from(record: Record) -> Map<String, Value> {
        let mut res = Map::new();
        res.insert("slug".into(), record.slug.clone().into());
        res.insert("soort".into(), record.kind().word().into());
        res.insert("velden".into(), Value::Object(record.to_value()));
        res.insert("tekst".into(), record.body.into());
        res
    }
}

impl TryFrom<Map<String, Value>> for Record {
    type Error = String;

    fn try_from(mut map: Map<String, Value>) -> Result<Record, String> {
        let mut text = |key: &str| match map.remove(key) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(format!("{key} ontbreekt")),
        };
        let (slug, kind, body) = (text("slug")?, text("soort")?, text("tekst")?);
        let kind = RecordKind::parse(&kind).ok_or_else(|| format!("onbekende soort {kind}"))?;
        match map.remove("velden") {
            Some(Value::Object(values)) => Record::from_value(&slug, kind, values, &body),
            _ => Err("velden ontbreekt".into()),
        }
    }
}
