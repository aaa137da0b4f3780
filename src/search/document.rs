//! A record as the index holds it: words to find, values to narrow down by, text to show.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::completeness;
use crate::domain::field;
use crate::domain::id::RecordId;
use crate::domain::period::PartialDate;
use crate::domain::record::{Own, Record};
use crate::domain::visibility;
use crate::search::attached::{File, Places};
use crate::search::dutch;
use crate::search::piece::Piece;
use crate::search::position::Milestones;
use crate::search::reader::Reader;
use crate::search::request::Facet;
use crate::search::row::{Numbering, Row};
use crate::search::schema::{self, Fields};
use crate::text::dutch::sort_key;
use crate::text::markdown::to_plain;

/// What a document takes in memory beside its text, about, in bytes.
const ROOM: usize = 4_000;
/// In how many fields a document has words, at most.
const ROWS: usize = 10;
/// How long a word is with what stands after it, in bytes: no shorter than this in most texts.
const WORD: usize = 5;

/// What the lists of names at the end of a text are called.
pub const LISTS: [&str; 6] = ["Organisaties", "Thema’s", "Regio", "Programma", "Bouwstenen", "Trefwoorden"];
/// Keeps the pieces of a text apart, and the cells of a table.
pub const BETWEEN: &str = " · ";

/// One document of the index, ready to write.
#[derive(Debug, Clone)]
pub struct Document {
    id: RecordId,
    /// What is shown and counted.
    shown: TantivyDocument,
    /// Its words by field, in the numbers of the reader that read them.
    rows: Vec<(Field, Row)>,
}

impl Document {
    /// The document of a record. The catalogue gives names, and the wider themes and regions it also belongs to.
    pub fn of(id: &RecordId, record: &Record, catalogue: &Catalogue, reader: &mut Reader) -> Document {
        let (fields, common, own) = (schema::fields(), &record.common, record.own.to_value());
        let text = whole_text(record, &own, catalogue);
        // The text is most of it: room for all is taken once.
        let shown = TantivyDocument::with_capacity(text.len() + ROOM);
        let mut res = Filling { fields, shown, rows: Vec::with_capacity(ROWS) };
        res.add(fields.id, id.as_str());
        res.add(fields.slug, &record.slug);
        res.add(fields.sort_title, &sort_key(&common.title));
        res.shown.add_u64(fields.recency, recency(record));
        if let Some(day) = common.review_by {
            res.shown.add_u64(fields.review_by, u64::from(day_number(day)));
        }
        let mut values = field::to_value(common);
        values.extend(own);
        let completeness = completeness::of(record.kind(), &values, &record.body);
        res.shown.add_u64(fields.completeness, u64::from(completeness.percent));
        let audiences = visibility::audiences(common.visibility, common.status, record.leads());
        audiences.iter().for_each(|it| res.add(fields.audience, it));
        let open_to = visibility::memberships(&Actor::Anonymous);
        reader.begin(audiences.iter().any(|it| open_to.contains(it)));

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

        let names = names(record, catalogue);
        res.add(fields.shown_title, &common.title);
        res.add(fields.shown_summary, &common.summary);
        res.add(fields.shown_body, &text);
        res.words(record, &names, &text, reader);
        Document { id: id.clone(), shown: res.shown, rows: res.rows }
    }

    /// The same with the words of its files.
    pub fn with_files(mut self, files: &[File], reader: &mut Reader) -> Document {
        reader.begin_files();
        let (mut words, mut parts) = (Row::default(), Row::default());
        let places = Places::of(files, |text| {
            reader.read(text, &mut words, &mut parts);
            // No phrase goes over the edge of a page.
            words.gap();
            (words.places(), parts.places())
        });
        if !places.is_empty() {
            let fields = schema::fields();
            self.rows.extend([(fields.attached, words), (fields.attached_parts, parts)]);
            self.shown.add_text(fields.attached_pages, serde_json::to_string(&places).unwrap_or_default());
        }
        self
    }

    pub fn id(&self) -> &RecordId {
        &self.id
    }

    /// As the engine takes it. The reader is the one that read it.
    pub(crate) fn into_engine(self, reader: &Reader) -> TantivyDocument {
        let mut res = self.shown;
        for (field, row) in self.rows {
            res.add_text(field, row.text(reader.numbering()));
        }
        res
    }

    /// Adds it to a piece. The reader is the one that read it, and all others of that piece.
    pub(crate) fn add_to(mut self, piece: &mut Piece, reader: &mut Reader) -> tantivy::Result<()> {
        let mut id = Row::default();
        id.push(reader.numbering_mut().number(self.id.as_str()));
        self.rows.push((schema::fields().id, id));
        piece.add(&self.shown, &self.rows)
    }
}

struct Filling {
    fields: &'static Fields,
    shown: TantivyDocument,
    rows: Vec<(Field, Row)>,
}

impl Filling {
    fn add(&mut self, field: Field, text: &str) {
        self.shown.add_text(field, text);
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

    /// The words to find it by.
    fn words(&mut self, record: &Record, names: &[&str], text: &str, reader: &mut Reader) {
        let (mut title, mut title_parts) = (Row::default(), Row::default());
        reader.read(&record.common.title, &mut title, &mut title_parts);
        let room = text.len() / WORD;
        let (mut summary, mut body, mut parts) = (Row::default(), Row::sized(room), Row::sized(room));
        // The body first: its parts have the places of its words. Those of the summary come right after them.
        reader.read(text, &mut body, &mut parts);
        self.shown.add_bytes(self.fields.body_places, &Milestones::of(reader.spans()).to_bytes());
        reader.read(&record.common.summary, &mut summary, &mut parts);
        for name in names {
            summary.gap();
            reader.read(name, &mut summary, &mut parts);
        }
        let mut starts = Row::default();
        for word in dutch::words(&record.common.title) {
            push_starts(&word.text, reader.numbering_mut(), &mut starts);
        }
        let fields = self.fields;
        self.rows.extend([
            (fields.title, title),
            (fields.summary, summary),
            (fields.body, body),
            (fields.title_parts, title_parts),
            (fields.body_parts, parts),
            (fields.title_start, starts),
            (fields.exact, reader.take_spelled()),
        ]);
    }
}

/// The shortest and the longest beginning of a word that helps while typing, in letters.
pub const START_MIN: usize = 2;
pub const START_MAX: usize = 15;

fn push_starts(word: &str, numbering: &mut Numbering, row: &mut Row) {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).skip(START_MIN - 1).take(START_MAX + 1 - START_MIN);
    ends.for_each(|end| row.push(numbering.number(&word[..end])));
}

/// The names someone may look the record up by, and that say what it is about.
pub fn names<'a>(record: &'a Record, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let common = &record.common;
    let mut res: Vec<&str> = common.keywords.iter().map(String::as_str).collect();
    for it in record.leads().filter_map(|slug| catalogue.organisation(slug)) {
        res.push(&it.name);
        res.extend(it.aliases.iter().map(|alias| alias.name.as_str()));
    }
    let themes = common.themes.iter().flat_map(|slug| catalogue.theme_line(slug));
    res.extend(themes.filter_map(|slug| catalogue.theme(slug)).map(|it| it.name.as_str()));
    res
}

/// Everything the author wrote beyond title and summary, and the names it goes by, as plain text.
pub fn text(record: &Record, catalogue: &Catalogue) -> String {
    whole_text(record, &record.own.to_value(), catalogue)
}

fn whole_text(record: &Record, own: &Map<String, Value>, catalogue: &Catalogue) -> String {
    let common = &record.common;
    let mut pieces = vec![to_plain(&record.body)];
    let own = field::words(Own::fields(record.kind()), own);
    pieces.extend(own.iter().map(|it| to_plain(it)));
    pieces.extend(common.source_notes.iter().map(|it| to_plain(it)));
    pieces.extend(common.sources.iter().map(|it| it.title.clone()));
    let [organisations_list, themes_list, region_list, programme_list, blocks_list, keywords_list] = LISTS;
    let named = |label: &str, names: Vec<String>| {
        if names.is_empty() { String::new() } else { format!("{label}: {}", names.join(", ")) }
    };
    let organisations = common.organisations.iter().filter_map(|it| catalogue.organisation(&it.organisation));
    let organisations = organisations.map(|it| match &it.aliases[..] {
        [] => it.name.clone(),
        aliases => {
            let others: Vec<&str> = aliases.iter().map(|alias| alias.name.as_str()).collect();
            format!("{} (ook: {})", it.name, others.join(", "))
        }
    });
    pieces.push(named(organisations_list, organisations.collect()));
    let themes = common.themes.iter().flat_map(|slug| catalogue.theme_line(slug));
    pieces.push(named(themes_list, themes.filter_map(|it| catalogue.theme(it)).map(|it| it.name.clone()).collect()));
    let regions = common.region.iter().flat_map(|slug| catalogue.region_line(slug));
    pieces.push(named(region_list, regions.filter_map(|it| catalogue.region(it)).map(|it| it.name.clone()).collect()));
    let programme = common.programme.iter().filter_map(|it| catalogue.programme(it));
    pieces.push(named(programme_list, programme.map(|it| it.name.clone()).collect()));
    let blocks = common.building_blocks.iter().filter_map(|it| catalogue.building_block(it));
    pieces.push(named(blocks_list, blocks.map(|it| it.name.clone()).collect()));
    pieces.push(named(keywords_list, common.keywords.clone()));
    let mut res = String::with_capacity(pieces.iter().map(|it| it.len() + BETWEEN.len()).sum());
    for piece in pieces {
        push_spaced(&mut res, &piece);
        if !piece.is_empty() {
            res.push_str(BETWEEN.trim_end());
        }
    }
    res.truncate(res.strip_suffix(BETWEEN.trim_end()).map_or(res.len(), str::len));
    res
}

/// Adds the words of a text, with one space before each but the very first.
fn push_spaced(res: &mut String, text: &str) {
    // Lines end with a sign of their own; what stands on one mostly has its words as far apart as they should be.
    for line in text.split('\n') {
        if is_spaced(line) {
            if !res.is_empty() {
                res.push(' ');
            }
            res.push_str(line);
            continue;
        }
        for word in line.split_whitespace() {
            if !res.is_empty() {
                res.push(' ');
            }
            res.push_str(word);
        }
    }
}

/// Whether there is one plain space between the words of a text, and none around them.
fn is_spaced(text: &str) -> bool {
    let is_edge = |it: Option<&u8>| it.is_none_or(|it| *it == b' ');
    // Without a way out in the middle many bytes are looked at together.
    let has_control = text.bytes().fold(false, |any, it| any | it.is_ascii_control());
    !has_control
        && !is_edge(text.as_bytes().first())
        && !is_edge(text.as_bytes().last())
        && !text.contains("  ")
        && (text.is_ascii() || !text.contains(|it: char| it != ' ' && it.is_whitespace()))
}

/// A day as a number that sorts: 20161231.
pub fn day_number(day: NaiveDate) -> u32 {
    u32::try_from(day.year()).unwrap_or(0) * 10_000 + day.month() * 100 + day.day()
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_are_one_space_apart(pieces in proptest::collection::vec("(zorg|é|[ \n\t\u{a0}\u{2003}]){0,8}", 0..4)) {
            let mut res = String::new();
            pieces.iter().for_each(|it| push_spaced(&mut res, it));
            let words: Vec<&str> = pieces.iter().flat_map(|it| it.split_whitespace()).collect();
            proptest::prop_assert_eq!(res, words.join(" "));
        }
    }
}
