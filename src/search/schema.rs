//! The fields of the index, and the fingerprint that says whether an index on disk was made with them.
//!
//! Invariant: whatever changes what stands in the index for the same document changes the fingerprint.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::RAW_TOKENIZER_NAME;
use tantivy::{Index, IndexSettings, version_string};

use crate::search::dutch;
use crate::search::overrides::OVERRIDES;
use crate::search::request::Facet;
use crate::search::row::RowTokenizer;
use crate::search::stem;
use crate::text::hex::hex;

/// Raised when documents or words are read in another way without the schema showing it.
const ANALYZER_VERSION: u32 = 5;

/// The name of [`RowTokenizer`] in the schema.
const TOKENIZER: &str = "row";

/// Names of the columns that are read by name.
pub const SLUG: &str = "slug";
pub const SORT_TITLE: &str = "sort_title";
pub const RECENCY: &str = "recency";
pub const COMPLETENESS: &str = "completeness";
pub const REVIEW_BY: &str = "review_by";
pub const AUDIENCE: &str = "audience";
/// Beside the organisations themselves: "slug:rol".
pub const ORGANISATION_ROLE: &str = "organisation_role";

/// The fields, to write and to search.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub id: Field,
    pub slug: Field,
    /// Stems of the title.
    pub title: Field,
    /// Stems of the summary, the keywords, and the names of leading organisations and of themes.
    pub summary: Field,
    /// Stems of everything else, other names included.
    pub body: Field,
    /// Stems of the parts of compounds in the title, at the place of their compound.
    pub title_parts: Field,
    /// Stems of the parts of compounds everywhere else, at the place of their compound: first those of the body, and
    /// right after the last place of that those of the summary.
    pub body_parts: Field,
    /// Stems of the words in its files, and of the parts of compounds there.
    pub attached: Field,
    pub attached_parts: Field,
    /// Where the pages of its files begin among those.
    pub attached_pages: Field,
    /// Where some of the places of the body are in its text.
    pub body_places: Field,
    /// Words as they are written, folded, each in some of the documents that have it: to mend typing errors.
    pub exact: Field,
    /// Beginnings of the words of the title: to help while typing.
    pub title_start: Field,
    /// To show.
    pub shown_title: Field,
    pub shown_summary: Field,
    pub shown_body: Field,
    /// Who may read it.
    pub audience: Field,
    pub sort_title: Field,
    /// The last day it is about: 20161231.
    pub recency: Field,
    /// How much of what can be filled in is, in percent.
    pub completeness: Field,
    /// The day by which somebody was to say that it still holds: 20161231.
    pub review_by: Field,
    pub organisation_role: Field,
    facets: [Field; Facet::ALL.len()],
}

impl Fields {
    /// The column of a facet.
    pub fn facet(&self, facet: Facet) -> Field {
        self.facets[facet as usize]
    }
}

static LAYOUT: LazyLock<(Schema, Fields)> = LazyLock::new(|| {
    let mut schema = Schema::builder();
    let indexed = |option: IndexRecordOption| {
        let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let (rows, plain) = (indexed(IndexRecordOption::WithFreqsAndPositions), indexed(IndexRecordOption::Basic));
    let stored = TextOptions::default().set_stored();
    // Columns only: facets are counted and compared, never looked up.
    let column = TextOptions::default().set_fast(RAW_TOKENIZER_NAME);
    let number = NumericOptions::from(FAST);
    let fields = Fields {
        id: schema.add_text_field("id", STRING | STORED),
        slug: schema.add_text_field(SLUG, column.clone()),
        title: schema.add_text_field("title", rows.clone()),
        summary: schema.add_text_field("summary", rows.clone()),
        body: schema.add_text_field("body", rows.clone()),
        title_parts: schema.add_text_field("title_parts", rows.clone()),
        body_parts: schema.add_text_field("body_parts", rows.clone()),
        attached: schema.add_text_field("attached", rows.clone()),
        attached_parts: schema.add_text_field("attached_parts", rows),
        attached_pages: schema.add_text_field("attached_pages", stored.clone()),
        body_places: schema.add_bytes_field("body_places", STORED),
        exact: schema.add_text_field("exact", plain.clone()),
        title_start: schema.add_text_field("title_start", plain),
        shown_title: schema.add_text_field("shown_title", stored.clone()),
        shown_summary: schema.add_text_field("shown_summary", stored.clone()),
        shown_body: schema.add_text_field("shown_body", stored),
        audience: schema.add_text_field(AUDIENCE, column.clone()),
        sort_title: schema.add_text_field(SORT_TITLE, column.clone()),
        recency: schema.add_u64_field(RECENCY, number.clone()),
        completeness: schema.add_u64_field(COMPLETENESS, number.clone()),
        review_by: schema.add_u64_field(REVIEW_BY, number),
        organisation_role: schema.add_text_field(ORGANISATION_ROLE, column.clone()),
        facets: std::array::from_fn(|at| schema.add_text_field(Facet::ALL[at].column(), column.clone())),
    };
    (schema.build(), fields)
});

/// The fields of every index.
pub fn fields() -> &'static Fields {
    &LAYOUT.1
}

/// The schema of every index.
pub fn schema() -> Schema {
    LAYOUT.0.clone()
}

/// How every index is kept on disk.
pub fn settings() -> IndexSettings {
    IndexSettings {
        // A hit shows one document: what is packed with it would be unpacked with it.
        docstore_blocksize: 4_096,
        // Handing so small a block to another thread costs as much as packing it.
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// Makes the tokenizer known to an index: needed after every opening.
pub fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, RowTokenizer::default());
}

/// What an index must agree on to be of use, as a short name for its directory.
pub fn fingerprint() -> &'static str {
    static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        add(&serde_json::to_string(&LAYOUT.0).unwrap_or_default());
        add(&serde_json::to_string(&settings()).unwrap_or_default());
        add(&ANALYZER_VERSION.to_string());
        add(version_string());
        for (word, stem) in OVERRIDES {
            add(word);
            add(stem);
        }
        // A new version of the stemmer may stem in another way: it shows here.
        for word in dutch::words(PROBE) {
            add(&stem::stem(&word.text));
        }
        hex(&hash.finalize()[..6])
    });
    &FINGERPRINT
}

/// Words of many shapes, whose stems stand for the behaviour of the stemmer.
const PROBE: &str = "De medewerkers van het verpleeghuis werkten samen aan vernieuwende e-health-oplossingen: \
    regio's, cliëntenraden, kinderen, ziekteverzuim, gewerkt, ingezet, behandelingen, mogelijkheden, organisatorische \
    innovaties, huizen, brieven, leerling, roosteren, beleidsmatig, vriendelijkheid, PNIL'ers, 24/7, bedjes, \
    begeleiders, eenzaamheid, valpreventie, zelfredzaam, kwetsbare ouderen, gezondste, lopende, dagbesteding";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_can_name_a_directory() {
        assert_eq!(fingerprint().len(), 12);
        assert!(fingerprint().bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(fingerprint(), fingerprint());
    }

    #[test]
    fn every_facet_has_a_column_of_its_own() {
        for facet in Facet::ALL {
            assert_eq!(schema().get_field_name(fields().facet(*facet)), facet.column());
        }
    }
}
