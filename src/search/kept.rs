//! What the index keeps of a document to show it as a hit, read at once: ten of these are read for every page of hits.

use tantivy::schema::document::{
    DeserializeError, DocumentDeserialize, DocumentDeserializer, ValueDeserialize, ValueDeserializer, ValueVisitor,
};

use crate::domain::id::RecordId;
use crate::search::schema;

/// The kept texts of one document; empty where it has none.
#[derive(Debug, Default)]
pub struct Kept {
    id: String,
    pub title: String,
    pub summary: String,
    pub body: String,
    /// See [`crate::search::position::Milestones`].
    pub places: Vec<u8>,
    /// See [`crate::search::attached`].
    pub attached: String,
}

impl Kept {
    pub fn id(&self) -> RecordId {
        RecordId::stored(self.id.clone())
    }
}

impl DocumentDeserialize for Kept {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut from: D) -> Result<Kept, DeserializeError> {
        let fields = schema::fields();
        let mut res = Kept::default();
        while let Some((field, kept)) = from.next_field::<Stored>()? {
            match kept {
                Stored::Bytes(bytes) if field == fields.body_places => res.places = bytes,
                Stored::Text(text) if field == fields.id => res.id = text,
                Stored::Text(text) if field == fields.shown_title => res.title = text,
                Stored::Text(text) if field == fields.shown_summary => res.summary = text,
                Stored::Text(text) if field == fields.shown_body => res.body = text,
                Stored::Text(text) if field == fields.attached_pages => res.attached = text,
                _ => (),
            }
        }
        Ok(res)
    }
}

/// One value.
enum Stored {
    Text(String),
    Bytes(Vec<u8>),
}

impl ValueDeserialize for Stored {
    fn deserialize<'de, D: ValueDeserializer<'de>>(from: D) -> Result<Stored, DeserializeError> {
        from.deserialize_any(Take)
    }
}

struct Take;

impl ValueVisitor for Take {
    type Value = Stored;

    fn visit_string(&self, text: String) -> Result<Stored, DeserializeError> {
        Ok(Stored::Text(text))
    }

    fn visit_bytes(&self, bytes: Vec<u8>) -> Result<Stored, DeserializeError> {
        Ok(Stored::Bytes(bytes))
    }
}
