//! From the content of a draft to the fields of a form, each with its help, its faults and the remarks on it.

use askama::Template;
use serde_json::{Map, Value};

use crate::domain::assessment::field_of;
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Content;
use crate::domain::fault::Fault;
use crate::domain::field::{Field, MISSING, Need, Shape, Target};
use crate::domain::record::{BODY_MAX, Common, Own};
use crate::domain::vocabulary::Choice;

use super::{FIRST, id_of, is_hidden, list_of, name_of};

/// One field as it stands on the page.
#[derive(Debug, Clone, Template)]
#[template(path = "form_field.html", config = "src/web/askama.toml")]
pub struct FieldView {
    pub name: String,
    pub id: String,
    pub label: &'static str,
    pub help: String,
    pub is_required: bool,
    /// What is wrong with it; empty when nothing is.
    pub error: String,
    pub remarks: Vec<Remark>,
    /// Each line of the box is a value of its own.
    pub is_per_line: bool,
    pub input: Input,
}

#[derive(Debug, Clone)]
pub enum Input {
    Line {
        value: String,
        /// How the browser helps: "text", "date", "url".
        kind: &'static str,
        max: usize,
        list: Option<&'static str>,
    },
    Area {
        value: String,
        rows: usize,
        max: usize,
    },
    /// Word, label, and whether it is chosen.
    Select(Vec<(String, String, bool)>),
    Checks(Vec<(String, String, bool)>),
    /// Checks in parts that open: too many to see at once.
    Parts(Vec<Part>),
    Group(Vec<FieldView>),
    Rows {
        rows: Vec<Row>,
        /// Whether there is room for another.
        has_room: bool,
    },
}

/// Choices that belong together, under one that is wider.
#[derive(Debug, Clone)]
pub struct Part {
    pub heading: String,
    /// Word, label, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
}

impl Part {
    pub fn chosen(&self) -> usize {
        self.options.iter().filter(|it| it.2).count()
    }
}

/// One row of a list of groups.
#[derive(Debug, Clone)]
pub struct Row {
    /// From 1.
    pub number: usize,
    /// The way to it: `organisaties.0`.
    pub name: String,
    pub id: String,
    pub fields: Vec<FieldView>,
}

/// A remark on a field.
#[derive(Debug, Clone)]
pub struct Remark {
    pub id: String,
    pub field: String,
    pub label: &'static str,
    pub text: String,
    pub author: String,
    pub when: String,
    pub is_done: bool,
}

/// A part of the form under a heading.
#[derive(Debug)]
pub struct Section {
    pub heading: &'static str,
    pub fields: Vec<FieldView>,
}

/// What stands around the content.
#[derive(Debug, Default)]
pub struct Around<'a> {
    pub faults: &'a [Fault],
    /// Whether what is missing is said at its field too, as after trying to hand it in.
    pub says_missing: bool,
    pub remarks: &'a [Remark],
    /// The list that gets an empty row more.
    pub more: &'a str,
}

/// The form of a draft.
pub fn form(content: &Content, catalogue: &Catalogue, around: &Around<'_>) -> Vec<Section> {
    let making = Making { catalogue, around };
    let own = Own::fields(content.kind);
    let common = |is_first: bool| {
        let mut fields: Vec<&'static Field> = Common::FIELDS.iter().collect();
        fields.retain(|it| !is_hidden(it) && FIRST.contains(&it.name) == is_first);
        fields.sort_by_key(|it| FIRST.iter().position(|name| *name == it.name));
        fields
    };
    let views = |fields: Vec<&'static Field>| fields.into_iter().map(|it| making.field(it, "", &content.fields));
    let mut of_kind: Vec<FieldView> = views(own.iter().collect()).collect();
    of_kind.push(making.body(content));
    let mut rest: Vec<FieldView> = views(common(false)).collect();
    rest.push(making.address(content));
    vec![
        Section { heading: "Waar gaat het over?", fields: views(common(true)).collect() },
        Section { heading: "De inhoud", fields: of_kind },
        Section { heading: "Om het vindbaar te maken", fields: rest },
    ]
}

/// The form of an item of any table of fields.
pub fn item(
    fields: &'static [Field],
    values: &Map<String, Value>,
    catalogue: &Catalogue,
    around: &Around<'_>,
) -> Vec<FieldView> {
    let making = Making { catalogue, around };
    fields.iter().map(|it| making.field(it, "", values)).collect()
}

/// A choice that is always made.
pub const VISIBILITY: &str = "zichtbaarheid";

struct Making<'a> {
    catalogue: &'a Catalogue,
    around: &'a Around<'a>,
}

impl Making<'_> {
    fn field(&self, field: &'static Field, before: &str, values: &Map<String, Value>) -> FieldView {
        let name = if before.is_empty() { field.name.to_owned() } else { format!("{before}.{}", field.name) };
        let value = values.get(field.name);
        let input = self.input(field.shape, &name, value);
        FieldView {
            id: id_of(&name),
            label: field.label,
            help: help(field),
            is_required: field.need == Need::Required,
            error: self.error(&name, field.shape, value.is_some()),
            remarks: if before.is_empty() { self.remarks(field.name) } else { vec![] },
            is_per_line: matches!(field.shape, Shape::Lines { .. } | Shape::Slugs { .. }),
            input,
            name,
        }
    }

    fn body(&self, content: &Content) -> FieldView {
        let input = area(content.body.clone(), 12, BODY_MAX);
        let help = "het verhaal in uw eigen woorden; met Markdown maakt u koppen (##), lijsten (-) en **vet**";
        self.of_whole("tekst", "Tekst", help, input)
    }

    fn address(&self, content: &Content) -> FieldView {
        let input = Input::Line { value: content.slug.clone(), kind: "text", max: 100, list: None };
        let help = "het laatste deel van het adres, bijvoorbeeld minder-verzuim; leeg maken wij het van de titel";
        self.of_whole("adres", "Adres", help, input)
    }

    fn of_whole(&self, name: &'static str, label: &'static str, help: &'static str, input: Input) -> FieldView {
        let of = |it: &&Fault| name_of(&it.place) == name || name == "tekst" && it.place.steps().is_empty();
        let faults = self.around.faults.iter().filter(of).map(said);
        FieldView {
            name: name.to_owned(),
            id: id_of(name),
            label,
            help: help.to_owned(),
            is_required: false,
            error: faults.collect::<Vec<_>>().join(". "),
            remarks: self.remarks(name),
            is_per_line: false,
            input,
        }
    }

    fn remarks(&self, name: &str) -> Vec<Remark> {
        self.around.remarks.iter().filter(|it| it.field == name).cloned().collect()
    }

    /// Faults at a field; those inside a group stand at the field inside.
    fn error(&self, name: &str, shape: Shape, is_filled: bool) -> String {
        let inside = format!("{name}.");
        let is_group = matches!(shape, Shape::Group(_) | Shape::Groups(..));
        let of = |fault: &&Fault| {
            let at = name_of(&fault.place);
            (is_filled || self.around.says_missing) && (at == name || !is_group && at.starts_with(&inside))
        };
        self.around.faults.iter().filter(of).map(said).collect::<Vec<_>>().join(". ")
    }

    fn input(&self, shape: Shape, name: &str, value: Option<&Value>) -> Input {
        let text = || value.map_or_else(String::new, plain);
        let line = |kind, max| Input::Line { value: text(), kind, max, list: None };
        let words = || -> Vec<&str> {
            let items = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            items.iter().filter_map(Value::as_str).collect()
        };
        match shape {
            // Long lines are easier to write in a box.
            Shape::Line { max } if 200 < max => area(text(), 2, max),
            Shape::Line { max } => line("text", max),
            Shape::Text { max } => area(text(), 3, max),
            Shape::Lines { most, max } => area(words().join("\n"), 3, most * (max + 1)),
            Shape::Slugs { most } => area(words().join("\n"), 2, most * 101),
            Shape::Integer { .. } | Shape::Number | Shape::Moment | Shape::Slug | Shape::File => line("text", 100),
            Shape::Day => line("date", 10),
            Shape::Link => line("url", 2_000),
            Shape::Choice(choices) => {
                let chosen = text();
                let options = choices.iter().map(|it| (it.word.to_owned(), it.label.to_owned())).collect();
                match name == VISIBILITY {
                    // Nothing chosen is the first.
                    true if chosen.is_empty() => Input::Select(marked(options, &[choices[0].word])),
                    true => Input::Select(marked(options, &[&chosen])),
                    false => Input::Select(with_chosen(options, &[&chosen])),
                }
            }
            Shape::Choices(choices) => {
                let options = choices.iter().map(|it| (it.word.to_owned(), it.label.to_owned())).collect();
                Input::Checks(marked(options, &words()))
            }
            Shape::Reference(target) => match self.options(target) {
                Some(options) => Input::Select(with_chosen(options, &[&text()])),
                None => {
                    let slug = text();
                    let value = match target {
                        Target::Record => slug,
                        _ => self.catalogue.name(target, &slug).to_owned(),
                    };
                    Input::Line { value, kind: "text", max: 300, list: list_of(target) }
                }
            },
            Shape::References(Target::Theme, _) => Input::Parts(self.themes(&words())),
            Shape::References(target, _) => Input::Checks(marked(self.options(target).unwrap_or_default(), &words())),
            Shape::Group(fields) => {
                let nothing = Map::new();
                let values = value.and_then(Value::as_object).unwrap_or(&nothing);
                Input::Group(fields.iter().map(|it| self.field(it, name, values)).collect())
            }
            Shape::Groups(fields, most) => {
                let rows = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let mut rows: Vec<Row> =
                    rows.iter().enumerate().map(|(at, row)| self.row(fields, name, at, row.as_object())).collect();
                if self.around.more == name || rows.is_empty() && FIRST.contains(&name) {
                    rows.push(self.row(fields, name, rows.len(), None));
                }
                Input::Rows { has_room: rows.len() < most, rows }
            }
        }
    }

    fn row(&self, fields: &'static [Field], name: &str, at: usize, values: Option<&Map<String, Value>>) -> Row {
        let nothing = Map::new();
        let name = format!("{name}.{at}");
        let fields = fields.iter().map(|it| self.field(it, &name, values.unwrap_or(&nothing)));
        Row { number: at + 1, id: id_of(&name), fields: fields.collect(), name }
    }

    /// The themes by the widest one above them; what is chosen and no theme stands apart.
    fn themes(&self, chosen: &[&str]) -> Vec<Part> {
        let lists = self.catalogue;
        let tops = lists.themes.iter().filter(|it| it.parent.is_none());
        let mut res: Vec<Part> = tops
            .map(|top| {
                let family = lists.theme_family(&top.slug).into_iter().filter_map(|it| lists.theme(it));
                let option = |slug: &str, name: &str| (slug.to_owned(), name.to_owned(), chosen.contains(&slug));
                Part { heading: top.name.clone(), options: family.map(|it| option(&it.slug, &it.name)).collect() }
            })
            .collect();
        let unknown = chosen.iter().filter(|it| lists.theme(it).is_none());
        let unknown: Vec<_> = unknown.map(|it| ((*it).to_owned(), (*it).to_owned(), true)).collect();
        if !unknown.is_empty() {
            res.push(Part { heading: "Onbekend".into(), options: unknown });
        }
        res
    }

    /// All there is to choose from; `None` where that is too much for a list.
    fn options(&self, target: Target) -> Option<Vec<(String, String)>> {
        let lists = self.catalogue;
        Some(match target {
            Target::Record | Target::Organisation => return None,
            Target::Theme => lists.themes.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
            Target::BuildingBlock => {
                lists.building_blocks.iter().map(|it| (it.slug.clone(), it.name.clone())).collect()
            }
            Target::Region => lists.regions.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
            Target::Programme => lists.programmes.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
            Target::Indicator => lists.indicators.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
        })
    }
}

/// How many letters of a box stand on a line, about.
const LINE: usize = 70;

/// A box as high as its text asks for, within bounds.
fn area(value: String, least: usize, max: usize) -> Input {
    let lines: usize = value.lines().map(|it| it.chars().count() / LINE + 1).sum();
    Input::Area { rows: (lines + 1).clamp(least, least.max(24)), value, max }
}

/// What to write in a field, as it is filled in here: files name things by their slugs, a form does not.
fn help(field: &Field) -> String {
    match field.shape {
        Shape::Reference(Target::Organisation) => "typ een deel van de naam en kies".to_owned(),
        Shape::Reference(Target::Record) => "plak het adres van het document".to_owned(),
        Shape::Reference(_) if field.help.contains("slug") => "kies uit de lijst".to_owned(),
        // Files need the words; here they stand below.
        Shape::Choices(choices) if lists_words(field.help, choices) => "kruis aan wat past".to_owned(),
        Shape::Choice(choices) if lists_words(field.help, choices) => "kies uit de lijst".to_owned(),
        Shape::Moment => format!("{}: een jaar, een maand of een dag, zoals 2026, 2026-03 of 2026-03-15", field.help),
        _ => field.help.to_owned(),
    }
}

/// Whether a text names most words of a list.
fn lists_words(text: &str, choices: &[Choice]) -> bool {
    choices.len() <= 2 * choices.iter().filter(|it| text.contains(it.word)).count()
}

/// What is wrong with an item of a table of fields, with the label of the field.
pub fn said_of(fields: &[Field], fault: &Fault) -> String {
    match fields.iter().find(|it| it.name == field_of(fault)) {
        Some(field) => format!("{}: {}", field.label, said(fault)),
        None => said(fault),
    }
}

/// What is wrong, in one sentence.
fn said(fault: &Fault) -> String {
    match fault.allowed.is_empty() {
        _ if fault.wrong.ends_with(MISSING) => "nog niet ingevuld".to_owned(),
        true => fault.wrong.clone(),
        false => format!("{}; {}", fault.wrong, fault.allowed),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(String::new, |it| format!("{it}").replace('.', ","))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        other => other.to_string(),
    }
}

fn marked(options: Vec<(String, String)>, chosen: &[&str]) -> Vec<(String, String, bool)> {
    let unknown: Vec<&&str> = chosen.iter().filter(|it| !options.iter().any(|option| option.0 == ***it)).collect();
    let unknown: Vec<_> = unknown.into_iter().map(|it| ((*it).to_owned(), (*it).to_owned(), true)).collect();
    let known = options.into_iter().map(|(word, label)| {
        let is_chosen = chosen.contains(&word.as_str());
        (word, label, is_chosen)
    });
    known.chain(unknown).collect()
}

/// The options of a list of which one is chosen, nothing first.
fn with_chosen(options: Vec<(String, String)>, chosen: &[&str]) -> Vec<(String, String, bool)> {
    let chosen: Vec<&str> = chosen.iter().copied().filter(|it| !it.is_empty()).collect();
    let mut res = marked(options, &chosen);
    res.insert(0, (String::new(), "Geen keuze".to_owned(), chosen.is_empty()));
    res
}

/// The faults of a draft as a list with links to their fields.
pub fn summary(content: &Content, faults: &[Fault]) -> Vec<(String, String)> {
    let link = |fault: &Fault| {
        let name = field_of(fault);
        let label = crate::domain::assessment::label_of(content, name);
        let name = match fault.place.steps().len() {
            0 => "tekst".to_owned(),
            _ => name_of(&fault.place),
        };
        // A fault in one line of a list stands at the list.
        let is_row = fault.place.steps().len() == 2;
        let target = if is_row { field_of(fault).to_owned() } else { name };
        (format!("#{}", id_of(&target)), format!("{label}: {}", said(fault)))
    };
    faults.iter().map(link).collect()
}
