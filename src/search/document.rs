//! A record as the index holds it: words to find, values to narrow down by, text to show.

use chrono::Datelike;
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::domain::catalogue::Catalogue;
use crate::domain::field;
use crate::domain::id::RecordId;
use crate::domain::period::PartialDate;
use crate::domain::record::{Own, Record};
use crate::domain::visibility;
use crate::search::request::Facet;
use crate::search::schema::{self, Fields};
use crate::text::dutch::sort_key;
use crate::text::markdown::to_plain;

/// One document of the index, ready to write.
#[derive(Debug, Clone)]
pub struct Document {
    id: RecordId,
    pub(crate) inner: TantivyDocument,
}

impl Document {
    /// The document of a record. The catalogue gives names, and the wider themes and regions it also belongs to.
    pub fn of(id: &RecordId, record: &Record, catalogue: &Catalogue) -> Document {
        let mut res = Filling { fields: schema::fields(), inner: TantivyDocument::default() };
        let (fields, common) = (res.fields, &record.common);
        res.add(fields.id, id.as_str());
        res.add(fields.slug, &record.slug);
        res.add(fields.title, &common.title);
        res.add(fields.summary, &common.summary);
        res.add(fields.body, &body(record));
        res.add(fields.sort_title, &sort_key(&common.title));
        res.inner.add_u64(fields.recency, recency(record));
        for audience in visibility::audiences(common.visibility, common.status) {
            res.add(fields.audience, audience);
        }

        res.facet(Facet::Kind, [record.kind().word()]);
        res.facet(Facet::Theme, common.themes.iter().flat_map(|slug| catalogue.theme_line(slug)));
        res.facet(Facet::Organisation, common.organisations.iter().map(|it| it.organisation.as_str()));
        res.facet(Facet::Region, common.region.iter().flat_map(|slug| catalogue.region_line(slug)));
        res.facet(Facet::Sector, common.sectors.iter().map(|it| it.word()));
        res.facet(Facet::Programme, common.programme.as_deref());
        res.facet(Facet::Phase, record.own.phase().map(|it| it.word()));
        res.facet(Facet::BuildingBlock, common.building_blocks.iter().map(String::as_str));
        res.facet(Facet::Year, record.year().map(|it| it.to_string()).as_deref());
        let roles: Vec<String> =
            common.organisations.iter().map(|it| format!("{}:{}", it.organisation, it.role.word())).collect();
        res.each(fields.organisation_role, roles.iter().map(String::as_str));

        res.each(fields.names, names(record, catalogue));
        Document { id: id.clone(), inner: res.inner }
    }

    pub fn id(&self) -> &RecordId {
        &self.id
    }
}

struct Filling {
    fields: &'static Fields,
    inner: TantivyDocument,
}

impl Filling {
    fn add(&mut self, field: Field, text: &str) {
        self.inner.add_text(field, text);
    }

    fn facet<'a>(&mut self, facet: Facet, values: impl IntoIterator<Item = &'a str>) {
        self.each(self.fields.facet(facet), values);
    }

    /// Every value once: counting relies on it.
    fn each<'a>(&mut self, field: Field, values: impl IntoIterator<Item = &'a str>) {
        let mut seen: Vec<&str> = Vec::new();
        for value in values {
            if !seen.contains(&value) {
                seen.push(value);
                self.add(field, value);
            }
        }
    }
}

/// The names someone may look the record up by.
fn names<'a>(record: &'a Record, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let common = &record.common;
    let mut res: Vec<&str> = Vec::new();
    for it in common.organisations.iter().filter_map(|it| catalogue.organisation(&it.organisation)) {
        res.push(&it.name);
        res.extend(it.aliases.iter().map(|alias| alias.name.as_str()));
    }
    let themes = common.themes.iter().flat_map(|slug| catalogue.theme_line(slug));
    res.extend(themes.filter_map(|slug| catalogue.theme(slug)).map(|it| it.name.as_str()));
    let regions = common.region.iter().flat_map(|slug| catalogue.region_line(slug));
    res.extend(regions.filter_map(|slug| catalogue.region(slug)).map(|it| it.name.as_str()));
    res.extend(common.programme.iter().filter_map(|slug| catalogue.programme(slug)).map(|it| it.name.as_str()));
    res.extend(
        common.building_blocks.iter().filter_map(|slug| catalogue.building_block(slug)).map(|it| it.name.as_str()),
    );
    res.extend(common.keywords.iter().map(String::as_str));
    res
}

/// Everything the author wrote beyond title and summary, as plain text, one piece per line.
fn body(record: &Record) -> String {
    let mut pieces = vec![to_plain(&record.body)];
    let own = field::words(Own::fields(record.kind()), &record.own.to_value());
    pieces.extend(own.iter().map(|it| to_plain(it)));
    pieces.extend(record.common.sources.iter().map(|it| it.title.clone()));
    pieces.retain(|it| !it.is_empty());
    // A mark that is no word keeps cells of a table apart in fragments.
    pieces.join(" · ")
}

/// The last day a record is about, as a number that sorts: 20161231. 0 when it names no time.
fn recency(record: &Record) -> u64 {
    let Some(year) = record.year() else { return 0 };
    let day = [record.common.until, record.common.from]
        .into_iter()
        .flatten()
        .find(|it| it.year() == year)
        .map(PartialDate::last_day)
        .map_or(1231, |day| day.month() * 100 + day.day());
    u64::try_from(year).unwrap_or(0) * 10_000 + u64::from(day)
}
