//! The lists around the documents: organisations, themes, programmes, regions, networks, building blocks, and the
//! lexicon: concepts and lists of words; and the indicators.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::domain::building_block::BuildingBlock;
use crate::domain::concept::Concept;
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Field, Target};
use crate::domain::indicator::Indicator;
use crate::domain::list::{HasSlug, List};
use crate::domain::network::Network;
use crate::domain::organisation::{self, Organisation};
use crate::domain::programme::Programme;
use crate::domain::record::{check_participations, check_period};
use crate::domain::region::Region;
use crate::domain::theme::Theme;
use crate::domain::vocabulary::vocabulary;
use crate::domain::word_list::WordList;

vocabulary! {
    /// The nine lists, in an order in which each refers only to itself and to earlier ones.
    ItemKind {
        BuildingBlock = "bouwsteen" "Bouwsteen",
        Region = "regio" "Regio",
        Organisation = "organisatie" "Organisatie",
        Programme = "programma" "Programma",
        Theme = "thema" "Thema",
        Network = "netwerk" "Netwerk",
        Concept = "begrip" "Begrip",
        WordList = "woordenlijst" "Woordenlijst",
        Indicator = "indicator" "Indicator",
    }
}

impl ItemKind {
    /// The name of the list: of its file, without ending, and of the API collection.
    pub fn plural(self) -> &'static str {
        match self {
            ItemKind::BuildingBlock => "bouwstenen",
            ItemKind::Region => "regios",
            ItemKind::Organisation => "organisaties",
            ItemKind::Programme => "programmas",
            ItemKind::Theme => "themas",
            ItemKind::Network => "netwerken",
            ItemKind::Concept => "begrippen",
            ItemKind::WordList => "woordenlijsten",
            ItemKind::Indicator => "indicatoren",
        }
    }

    /// The list as a page calls it.
    pub fn heading(self) -> &'static str {
        match self {
            ItemKind::BuildingBlock => "Bouwstenen",
            ItemKind::Region => "Regio’s",
            ItemKind::Organisation => "Organisaties",
            ItemKind::Programme => "Programma’s",
            ItemKind::Theme => "Thema’s",
            ItemKind::Network => "Netwerken",
            ItemKind::Concept => "Begrippen",
            ItemKind::WordList => "Woordenlijsten",
            ItemKind::Indicator => "Indicatoren",
        }
    }

    /// Whether it says which words mean the same or how words are read, instead of what there is.
    pub fn is_lexicon(self) -> bool {
        matches!(self, ItemKind::Concept | ItemKind::WordList)
    }

    /// What a reference to an item of this list is called; networks and the lexicon are not referred to.
    pub fn target(self) -> Option<Target> {
        match self {
            ItemKind::BuildingBlock => Some(Target::BuildingBlock),
            ItemKind::Region => Some(Target::Region),
            ItemKind::Organisation => Some(Target::Organisation),
            ItemKind::Programme => Some(Target::Programme),
            ItemKind::Theme => Some(Target::Theme),
            ItemKind::Indicator => Some(Target::Indicator),
            ItemKind::Network | ItemKind::Concept | ItemKind::WordList => None,
        }
    }
}

/// One item of any list.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    BuildingBlock(BuildingBlock),
    Region(Region),
    Organisation(Organisation),
    Programme(Programme),
    Theme(Theme),
    Network(Network),
    Concept(Concept),
    WordList(WordList),
    Indicator(Indicator),
}

/// Does the same for whichever item it is.
macro_rules! each_item {
    ($item:expr, $it:ident => $do:expr) => {
        match $item {
            Item::BuildingBlock($it) => $do,
            Item::Region($it) => $do,
            Item::Organisation($it) => $do,
            Item::Programme($it) => $do,
            Item::Theme($it) => $do,
            Item::Network($it) => $do,
            Item::Concept($it) => $do,
            Item::WordList($it) => $do,
            Item::Indicator($it) => $do,
        }
    };
}

impl Item {
    pub fn kind(&self) -> ItemKind {
        match self {
            Item::BuildingBlock(_) => ItemKind::BuildingBlock,
            Item::Region(_) => ItemKind::Region,
            Item::Organisation(_) => ItemKind::Organisation,
            Item::Programme(_) => ItemKind::Programme,
            Item::Theme(_) => ItemKind::Theme,
            Item::Network(_) => ItemKind::Network,
            Item::Concept(_) => ItemKind::Concept,
            Item::WordList(_) => ItemKind::WordList,
            Item::Indicator(_) => ItemKind::Indicator,
        }
    }

    pub fn slug(&self) -> &str {
        each_item!(self, it => &it.slug)
    }

    pub fn name(&self) -> &str {
        each_item!(self, it => &it.name)
    }

    /// The table of the fields of a list.
    pub fn fields(kind: ItemKind) -> &'static [Field] {
        match kind {
            ItemKind::BuildingBlock => BuildingBlock::FIELDS,
            ItemKind::Region => Region::FIELDS,
            ItemKind::Organisation => Organisation::FIELDS,
            ItemKind::Programme => Programme::FIELDS,
            ItemKind::Theme => Theme::FIELDS,
            ItemKind::Network => Network::FIELDS,
            ItemKind::Concept => Concept::FIELDS,
            ItemKind::WordList => WordList::FIELDS,
            ItemKind::Indicator => Indicator::FIELDS,
        }
    }

    pub fn to_value(&self) -> Map<String, Value> {
        each_item!(self, it => field::to_value(it))
    }

    /// An item from values that passed the check of [`Item::fields`].
    pub fn from_value(kind: ItemKind, values: Map<String, Value>) -> serde_json::Result<Item> {
        let value = Value::Object(values);
        Ok(match kind {
            ItemKind::BuildingBlock => Item::BuildingBlock(serde_json::from_value(value)?),
            ItemKind::Region => Item::Region(serde_json::from_value(value)?),
            ItemKind::Organisation => Item::Organisation(serde_json::from_value(value)?),
            ItemKind::Programme => Item::Programme(serde_json::from_value(value)?),
            ItemKind::Theme => Item::Theme(serde_json::from_value(value)?),
            ItemKind::Network => Item::Network(serde_json::from_value(value)?),
            ItemKind::Concept => Item::Concept(serde_json::from_value(value)?),
            ItemKind::WordList => Item::WordList(serde_json::from_value(value)?),
            ItemKind::Indicator => Item::Indicator(serde_json::from_value(value)?),
        })
    }

    /// The rules between fields of one item.
    pub fn check_rules(&self) -> Vec<Fault> {
        match self {
            Item::Programme(it) => {
                let mut faults = check_period(it.from, it.until);
                faults.extend(check_participations(&it.organisations));
                faults
            }
            Item::Theme(it) => {
                let mut faults = check_period(it.from, it.until);
                let mut seen = HashSet::new();
                for (at, participant) in it.participants.iter().enumerate() {
                    if !seen.insert(&participant.organisation) {
                        faults.push(Fault::new(
                            &Place::root().key("deelnemers").at(at),
                            format!("\"{}\" staat er al", participant.organisation),
                            "noem elke deelnemer één keer",
                        ));
                    }
                }
                faults
            }
            Item::Network(it) => {
                let mut faults = check_period(it.from, it.until);
                for (at, member) in it.members.iter().enumerate() {
                    let place = Place::root().key("leden").at(at);
                    faults.extend(check_period(member.from, member.until).into_iter().map(|mut fault| {
                        fault.place = place.key("tot");
                        fault
                    }));
                }
                faults
            }
            Item::Concept(it) => it.check_rules(),
            Item::WordList(it) => it.check_rules(),
            Item::Indicator(it) => it.check_rules(),
            Item::BuildingBlock(_) | Item::Region(_) | Item::Organisation(_) => vec![],
        }
    }
}

/// Each of these is looked up by its slug.
macro_rules! has_slug {
    ($($name:ident)+) => {
        $(impl HasSlug for $name {
            fn slug(&self) -> &str {
                &self.slug
            }
        })+
    };
}

has_slug! { BuildingBlock Region Organisation Programme Theme Network Concept WordList Indicator }

/// All lists, in the order their editor chose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    pub building_blocks: List<BuildingBlock>,
    pub regions: List<Region>,
    pub organisations: List<Organisation>,
    pub programmes: List<Programme>,
    pub themes: List<Theme>,
    pub networks: List<Network>,
    pub concepts: List<Concept>,
    pub word_lists: List<WordList>,
    pub indicators: List<Indicator>,
}

impl Catalogue {
    pub fn building_block(&self, slug: &str) -> Option<&BuildingBlock> {
        self.building_blocks.by_slug(slug)
    }

    pub fn region(&self, slug: &str) -> Option<&Region> {
        self.regions.by_slug(slug)
    }

    pub fn organisation(&self, slug: &str) -> Option<&Organisation> {
        self.organisations.by_slug(slug)
    }

    pub fn programme(&self, slug: &str) -> Option<&Programme> {
        self.programmes.by_slug(slug)
    }

    pub fn theme(&self, slug: &str) -> Option<&Theme> {
        self.themes.by_slug(slug)
    }

    pub fn network(&self, slug: &str) -> Option<&Network> {
        self.networks.by_slug(slug)
    }

    pub fn indicator(&self, slug: &str) -> Option<&Indicator> {
        self.indicators.by_slug(slug)
    }

    /// The name behind a reference; the slug itself when the item is gone.
    pub fn name<'a>(&'a self, target: Target, slug: &'a str) -> &'a str {
        let name = match target {
            Target::Record => None,
            Target::BuildingBlock => self.building_block(slug).map(|it| &it.name),
            Target::Region => self.region(slug).map(|it| &it.name),
            Target::Organisation => self.organisation(slug).map(|it| &it.name),
            Target::Programme => self.programme(slug).map(|it| &it.name),
            Target::Theme => self.theme(slug).map(|it| &it.name),
            Target::Indicator => self.indicator(slug).map(|it| &it.name),
        };
        name.map_or(slug, |it| it.as_str())
    }

    /// A theme and the wider ones it belongs to, itself first.
    pub fn theme_line<'a>(&'a self, slug: &'a str) -> Vec<&'a str> {
        line(slug, |slug| self.theme(slug).and_then(|it| it.parent.as_deref()))
    }

    /// A theme and the narrower ones below it, itself first.
    pub fn theme_family<'a>(&'a self, slug: &'a str) -> Vec<&'a str> {
        family(slug, |slug| {
            self.themes.iter().filter(|it| it.parent.as_deref() == Some(slug)).map(|it| it.slug.as_str()).collect()
        })
    }

    /// A region and the wider ones it belongs to, itself first.
    pub fn region_line<'a>(&'a self, slug: &'a str) -> Vec<&'a str> {
        line(slug, |slug| self.region(slug).and_then(|it| it.parent.as_deref()))
    }

    /// A region and the smaller ones in it, itself first.
    pub fn region_family<'a>(&'a self, slug: &'a str) -> Vec<&'a str> {
        family(slug, |slug| {
            self.regions.iter().filter(|it| it.parent.as_deref() == Some(slug)).map(|it| it.slug.as_str()).collect()
        })
    }

    /// Every item, list by list.
    pub fn items(&self) -> Vec<Item> {
        let mut res = Vec::new();
        res.extend(self.building_blocks.iter().cloned().map(Item::BuildingBlock));
        res.extend(self.regions.iter().cloned().map(Item::Region));
        res.extend(self.organisations.iter().cloned().map(Item::Organisation));
        res.extend(self.programmes.iter().cloned().map(Item::Programme));
        res.extend(self.themes.iter().cloned().map(Item::Theme));
        res.extend(self.networks.iter().cloned().map(Item::Network));
        res.extend(self.concepts.iter().cloned().map(Item::Concept));
        res.extend(self.word_lists.iter().cloned().map(Item::WordList));
        res.extend(self.indicators.iter().cloned().map(Item::Indicator));
        res
    }

    /// Adds an item at the end of its list.
    pub fn push(&mut self, item: Item) {
        match item {
            Item::BuildingBlock(it) => self.building_blocks.push(it),
            Item::Region(it) => self.regions.push(it),
            Item::Organisation(it) => self.organisations.push(it),
            Item::Programme(it) => self.programmes.push(it),
            Item::Theme(it) => self.themes.push(it),
            Item::Network(it) => self.networks.push(it),
            Item::Concept(it) => self.concepts.push(it),
            Item::WordList(it) => self.word_lists.push(it),
            Item::Indicator(it) => self.indicators.push(it),
        }
    }

    /// Names that mean two organisations, as (slug of the organisation, fault).
    pub fn check_names(&self) -> Vec<(String, Fault)> {
        let mut owner: HashMap<String, (&str, &str)> = HashMap::new();
        let mut faults = Vec::new();
        for it in &self.organisations {
            let names = std::iter::once((Place::root().key("naam"), it.name.as_str())).chain(
                it.aliases
                    .iter()
                    .enumerate()
                    .map(|(at, alias)| (Place::root().key("aliassen").at(at), alias.name.as_str())),
            );
            for (place, name) in names {
                if let Some((_, of)) = owner.get(&organisation::name_key(name)) {
                    let fault = Fault::new(
                        &place,
                        format!("de naam \"{name}\" is al van organisatie \"{of}\""),
                        "een naam of alias hoort bij één organisatie",
                    );
                    faults.push((it.slug.clone(), fault));
                } else {
                    owner.insert(organisation::name_key(name), (name, &it.slug));
                }
            }
        }
        faults
    }

    /// Themes and regions that belong to themselves by a detour, as (list, slug, fault).
    pub fn check_circles(&self) -> Vec<(ItemKind, String, Fault)> {
        let fault = |slug: &str| {
            Fault::new(
                &Place::root().key("boven"),
                format!("\"{slug}\" hoort via een omweg bij zichzelf"),
                "verbreek de kring",
            )
        };
        let in_circle = |slug: &str, parent: &dyn Fn(&str) -> Option<String>| {
            let mut at = parent(slug);
            for _ in 0..=self.themes.len() + self.regions.len() {
                match at {
                    Some(above) if above == slug => return true,
                    Some(above) => at = parent(&above),
                    None => return false,
                }
            }
            false
        };
        let themes = self.themes.iter().map(|it| it.slug.as_str());
        let regions = self.regions.iter().map(|it| it.slug.as_str());
        let mut faults = Vec::new();
        for slug in themes.filter(|it| in_circle(it, &|slug| self.theme(slug)?.parent.clone())) {
            faults.push((ItemKind::Theme, slug.to_owned(), fault(slug)));
        }
        for slug in regions.filter(|it| in_circle(it, &|slug| self.region(slug)?.parent.clone())) {
            faults.push((ItemKind::Region, slug.to_owned(), fault(slug)));
        }
        faults
    }
}

/// From one slug outwards; a circle ends it.
fn line<'a>(slug: &'a str, parent: impl Fn(&'a str) -> Option<&'a str>) -> Vec<&'a str> {
    let mut res = vec![slug];
    let mut at = slug;
    while let Some(above) = parent(at).filter(|it| !res.contains(it)) {
        res.push(above);
        at = above;
    }
    res
}

/// From one slug inwards, breadth first; a circle ends it.
fn family<'a>(slug: &'a str, children: impl Fn(&'a str) -> Vec<&'a str>) -> Vec<&'a str> {
    let mut res = vec![slug];
    let mut at = 0;
    while let Some(slug) = res.get(at).copied() {
        for child in children(slug) {
            if !res.contains(&child) {
                res.push(child);
            }
        }
        at += 1;
    }
    res
}
