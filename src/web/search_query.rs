//! The parameters of a search, as both faces know them: pages forgive a fault and say it, the API refuses it.

use url::form_urlencoded;

use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::vocabulary::{Phase, RecordKind, Role, Sector};
use crate::search::grammar;
use crate::search::request::{Facet, PER_PAGE_MAX, Q_MAX, REACH, Request, Sort, VALUES_MAX, WITHOUT_MAX};

/// The parameter of a name that is not to be looked for along.
pub const WITHOUT: &str = "zonder";
/// The parameter to search only for the words as typed: "ja".
pub const LITERAL: &str = "letterlijk";
/// Hits on a page when nothing else is asked.
pub const PER_PAGE: u32 = 10;

/// What was asked, as far as it made sense.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub q: String,
    /// Facets in their fixed order, values in the order of the address.
    pub filters: Vec<(Facet, String)>,
    pub sort: Sort,
    /// From 1.
    pub page: u32,
    pub per_page: u32,
    /// Names that are not to be looked for along.
    pub without: Vec<String>,
    /// Only the words as typed.
    pub literal: bool,
    /// The question was longer than is searched.
    pub shortened: bool,
    /// Pairs of the address that a caller asked to keep: name and value.
    pub others: Vec<(String, String)>,
}

impl Default for Parameters {
    fn default() -> Parameters {
        Parameters {
            q: String::new(),
            filters: vec![],
            sort: Sort::Relevance,
            page: 1,
            per_page: PER_PAGE,
            without: vec![],
            literal: false,
            shortened: false,
            others: vec![],
        }
    }
}

/// Reads the query of an address. What makes no sense is left out and comes back as a fault, in Dutch.
/// Names for which `keep` holds are not ours: they come back in `others`.
pub fn parse(query: &str, catalogue: &Catalogue, keep: impl Fn(&str) -> bool) -> (Parameters, Vec<String>) {
    let mut res = Parameters::default();
    let mut faults = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let single = matches!(&*name, "q" | "sorteer" | "pagina" | "perPagina" | LITERAL);
        if single && seen.iter().any(|it| *it == name) {
            let fault = format!("\"{name}\" staat er meer dan één keer");
            if !faults.contains(&fault) {
                faults.push(fault);
            }
            continue;
        }
        seen.push(name.to_string());
        match &*name {
            "q" => {
                res.shortened = Q_MAX < value.chars().count();
                let (q, filters) = grammar::filters(Request::new(&value).q(), catalogue);
                res.q = q;
                for (facet, value) in filters {
                    res.add(facet, &value);
                }
            }
            // An empty value is what a form sends for a choice that was not made.
            _ if value.is_empty() => (),
            "sorteer" => match Sort::parse(&value) {
                Some(sort) => res.sort = sort,
                None => faults.push(format!(
                    "sorteer \"{}\" bestaat niet; kies uit {}",
                    shown(&value),
                    words(Sort::CHOICES)
                )),
            },
            WITHOUT if res.without.len() < WITHOUT_MAX => res.without.push(value.chars().take(Q_MAX).collect()),
            WITHOUT => faults.push(format!("{WITHOUT} staat er meer dan {WITHOUT_MAX} keer; gebruik {LITERAL}=ja")),
            LITERAL => match &*value {
                "ja" => res.literal = true,
                _ => faults.push(format!("{LITERAL} \"{}\" bestaat niet; schrijf ja of laat het weg", shown(&value))),
            },
            "pagina" => number(&value, 1, REACH, "pagina", &mut res.page, &mut faults),
            "perPagina" => number(&value, 1, PER_PAGE_MAX, "perPagina", &mut res.per_page, &mut faults),
            name => match Facet::parse(name) {
                Some(facet) => match check(facet, &value, catalogue) {
                    Ok(()) => res.add(facet, &value),
                    Err(fault) => faults.push(fault),
                },
                None if keep(name) => res.others.push((name.to_owned(), value.chars().take(80).collect())),
                None => faults.push(format!("onbekende parameter \"{}\"; bekend zijn: {}", shown(name), known())),
            },
        }
    }
    if REACH < res.page.saturating_mul(res.per_page) {
        faults.push(format!("verder bladeren dan {REACH} documenten kan niet; maak de zoekvraag preciezer"));
        res.page = 1;
    }
    for facet in Facet::ALL {
        if VALUES_MAX < res.filters.iter().filter(|it| it.0 == *facet).count() {
            faults.push(format!("{} heeft meer dan {VALUES_MAX} waarden; kies er minder", facet.word()));
        }
    }
    res.filters.sort_by_key(|it| it.0);
    (res, faults)
}

impl Parameters {
    fn add(&mut self, facet: Facet, value: &str) {
        let pair = (facet, value.to_owned());
        if !self.filters.contains(&pair) {
            self.filters.push(pair);
        }
    }

    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.filters.iter().any(|(of, it)| *of == facet && it == value)
    }

    /// The same with a value added, or taken away when it is there; from the first page.
    pub fn toggled(&self, facet: Facet, value: &str) -> Parameters {
        let mut res = Parameters { page: 1, ..self.clone() };
        match res.has(facet, value) {
            true => res.filters.retain(|(of, it)| *of != facet || it != value),
            false => res.add(facet, value),
        }
        res.filters.sort_by_key(|it| it.0);
        res
    }

    /// The question for the search engine.
    pub fn request(&self) -> Request {
        let request = Request::new(&self.q).sorted(self.sort).paged(self.page, self.per_page).literally(self.literal);
        let request = self.without.iter().fold(request, |request, it| request.without(it));
        self.filters.iter().fold(request, |request, (facet, value)| request.filter(*facet, value))
    }

    /// The address query of this search: what has its usual value is left out.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut res = Vec::new();
        if !self.q.is_empty() {
            res.push(("q".to_owned(), self.q.clone()));
        }
        res.extend(self.filters.iter().map(|(facet, value)| (facet.word().to_owned(), value.clone())));
        res.extend(self.without.iter().map(|it| (WITHOUT.to_owned(), it.clone())));
        if self.literal {
            res.push((LITERAL.to_owned(), "ja".to_owned()));
        }
        if self.sort != Sort::Relevance {
            res.push(("sorteer".to_owned(), self.sort.word().to_owned()));
        }
        if self.page != 1 {
            res.push(("pagina".to_owned(), self.page.to_string()));
        }
        if self.per_page != PER_PAGE {
            res.push(("perPagina".to_owned(), self.per_page.to_string()));
        }
        res
    }
}

/// The name of a value of a facet, as a reader knows it.
pub fn value_name(facet: Facet, value: &str, catalogue: &Catalogue) -> String {
    let label = |found: Option<&'static str>| found.unwrap_or(value).to_owned();
    match facet {
        Facet::Kind => label(RecordKind::parse(value).map(RecordKind::label)),
        Facet::Sector => label(Sector::parse(value).map(Sector::label)),
        Facet::Phase => label(Phase::parse(value).map(Phase::label)),
        Facet::Year => value.to_owned(),
        Facet::Organisation => {
            let (slug, role) = value.split_once(':').unwrap_or((value, ""));
            let name = catalogue.name(Target::Organisation, slug);
            match Role::parse(role) {
                Some(role) => format!("{name} als {}", role.word()),
                None => name.to_owned(),
            }
        }
        Facet::Theme => catalogue.name(Target::Theme, value).to_owned(),
        Facet::Region => catalogue.name(Target::Region, value).to_owned(),
        Facet::Programme => catalogue.name(Target::Programme, value).to_owned(),
        Facet::BuildingBlock => catalogue.name(Target::BuildingBlock, value).to_owned(),
    }
}

/// Whether a value of a facet can exist.
fn check(facet: Facet, value: &str, catalogue: &Catalogue) -> Result<(), String> {
    let one_of = |found: bool, words: String| match found {
        true => Ok(()),
        false => Err(format!("{} \"{}\" bestaat niet; kies uit {words}", facet.word(), shown(value))),
    };
    let listed = |found: bool, list: &str| match found {
        true => Ok(()),
        false => Err(format!("{} \"{}\" bestaat niet; {list}", facet.word(), shown(value))),
    };
    match facet {
        Facet::Kind => one_of(RecordKind::parse(value).is_some(), words(RecordKind::CHOICES)),
        Facet::Sector => one_of(Sector::parse(value).is_some(), words(Sector::CHOICES)),
        Facet::Phase => one_of(Phase::parse(value).is_some(), words(Phase::CHOICES)),
        Facet::Year => match value.len() == 4 && value.bytes().all(|it| it.is_ascii_digit()) {
            true => Ok(()),
            false => Err(format!("jaar \"{}\" bestaat niet; schrijf vier cijfers", shown(value))),
        },
        Facet::Organisation => {
            let (slug, role) = value.split_once(':').unwrap_or((value, Role::Lead.word()));
            listed(catalogue.organisation(slug).is_some(), "alle staan op /organisaties")?;
            one_of(Role::parse(role).is_some(), format!("SLUG of SLUG:ROL, met als rol {}", words(Role::CHOICES)))
        }
        Facet::Theme => listed(catalogue.theme(value).is_some(), "alle staan op /themas"),
        Facet::Region => listed(catalogue.region(value).is_some(), "alle staan op /regios"),
        Facet::Programme => listed(catalogue.programme(value).is_some(), "alle staan op /programmas"),
        Facet::BuildingBlock => {
            let slugs: Vec<&str> = catalogue.building_blocks.iter().map(|it| it.slug.as_str()).collect();
            one_of(slugs.contains(&value), slugs.join(", "))
        }
    }
}

fn number(value: &str, min: u32, max: u32, name: &str, target: &mut u32, faults: &mut Vec<String>) {
    match value.parse() {
        Ok(number) if (min..=max).contains(&number) => *target = number,
        _ => faults.push(format!("{name} \"{}\" kan niet; schrijf een getal van {min} tot en met {max}", shown(value))),
    }
}

fn words(choices: &[crate::domain::vocabulary::Choice]) -> String {
    choices.iter().map(|it| it.word).collect::<Vec<_>>().join(", ")
}

/// The names a search knows.
fn known() -> String {
    let facets = Facet::CHOICES.iter().map(|it| it.word);
    ["q"]
        .into_iter()
        .chain(facets)
        .chain([WITHOUT, LITERAL, "sorteer", "pagina", "perPagina"])
        .collect::<Vec<_>>()
        .join(", ")
}

fn shown(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(60).collect()
}
