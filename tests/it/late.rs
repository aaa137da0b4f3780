//! Attackers who look again and again while members deliver one by one, signed in and signed out. All organisations and
//! figures are those of the demonstration, which says that it is fictitious.
//!
//! Each attacker keeps what it and everybody was shown, and calculates by plain elimination: no sum or difference of one
//! to four others may follow, unless it is itself the figure of a group of the smallest size.

use std::collections::{BTreeMap, BTreeSet};

use leerkring::benchmark::peer_group::{self, Peer};
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::{Catalogue, Item};
use leerkring::domain::measurement::Measurement;
use leerkring::domain::members::Members;
use leerkring::domain::period::PartialDate;
use leerkring::domain::seen_group::SeenGroup;
use leerkring::exchange::demo::{Demo, NETWORK};
use leerkring::store::seen_group;
use leerkring::workflow::{history_load, library};

use crate::harness::{TestApp, grant, now};

const CODE: &str = "ziekteverzuim-kwartaal";
/// How many take part, the first three of them attackers.
const MEMBERS: usize = 18;
const ATTACKERS: usize = 3;
/// How many have delivered when the first looks.
const BEGIN: usize = 8;
const PERIODS: usize = 20;

/// Chance that repeats itself.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

#[tokio::test]
async fn nobody_follows_from_looking_again_after_late_deliveries() {
    let site = TestApp::library().await;
    let mut some = Catalogue::default();
    let all = site.store().catalogue().await.unwrap();
    some.push(Item::Indicator(all.indicator(CODE).unwrap().clone()));
    let demo = Demo::new(&some, now().date_naive());
    let step = |_: usize, _: usize| ();
    library::take_in(site.store(), &Actor::System, &demo.library, now(), false, &step).await.unwrap();
    let mut periods: BTreeMap<String, Vec<(String, Measurement)>> = BTreeMap::new();
    let all: Vec<(String, Vec<Measurement>)> = demo.deliveries(some.indicators.iter()).take(3 * MEMBERS).collect();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (organisation, figures) in all {
        if names.len() < MEMBERS {
            names.insert(organisation.clone());
        }
        for it in figures.into_iter().filter(|it| it.state.is_value() && names.contains(&organisation)) {
            periods.entry(it.period.unwrap().to_string()).or_default().push((organisation.clone(), it));
        }
    }
    let names: Vec<String> = names.into_iter().collect();
    let mut attackers = Vec::new();
    for it in &names[..ATTACKERS] {
        attackers.push(site.as_user(&[grant(AccountRole::ProjectLead, Scope::Organisation(it.clone()))]).await);
    }
    let mut dice = Dice(20_261_126);
    let mut shown = 0;
    let full: Vec<_> = periods.into_iter().filter(|it| MEMBERS - 3 <= it.1.len()).collect();
    assert!(PERIODS <= full.len(), "{}", full.len());
    for (period, mut waiting) in full.into_iter().rev().take(PERIODS) {
        dice.shuffle(&mut waiting);
        // The attackers deliver first: without a figure of its own nobody sees the others.
        waiting.sort_by_key(|it| names[..ATTACKERS].contains(&it.0));
        let mut present = Vec::new();
        for turn in 0..18 {
            let come = if turn == 0 { BEGIN } else { [0, 1, 1, 2, 3, 6][dice.below(6)] };
            let fresh: Vec<_> = (0..come).filter_map(|_| waiting.pop()).collect();
            present.extend(fresh.iter().map(|it| it.0.clone()));
            let fresh: Vec<_> = fresh.into_iter().map(|(name, it)| (name, vec![it])).collect();
            history_load::take_in(site.store(), &Actor::System, Some(NETWORK), &fresh, now(), &step).await.unwrap();
            let mut some = present.clone();
            dice.shuffle(&mut some);
            some.truncate(5 + dice.below(6));
            let who = dice.below(ATTACKERS + 1);
            let group = match dice.below(6) {
                _ if who == ATTACKERS => ["landelijk", "sector:vv"][dice.below(2)].to_owned(),
                0 | 1 => format!("netwerk:{NETWORK}"),
                2 => "landelijk".to_owned(),
                3 => "sector:vv".to_owned(),
                _ => format!("keuze:{}", some.join(",")),
            };
            let path = format!("/api/v1/vergelijkingen/{CODE}?periode={period}&groep={group}");
            let answer = match attackers.get(who) {
                Some(it) => it.get(&path).await,
                None => site.get(&path).await,
            };
            let body: serde_json::Value = answer.0.into_body().into_json().await.unwrap();
            if !body["mediaan"].is_number() {
                continue;
            }
            shown += 1;
            let has_own = names.get(who).is_some_and(|it| who < ATTACKERS && present.contains(it));
            assert_eq!(body["eigen"].is_object(), has_own, "{body}");
            // What was shown is remembered: the rest of this test rests on it.
            let count = body["groep"]["aantalLeden"].as_u64().unwrap() as usize;
            let remembered = seen(&site, names.get(who).filter(|_| who < ATTACKERS), &period).await;
            assert!(remembered.iter().any(|it| it.members.iter().count() == count), "{path}: {count}");
        }
        let standard = standard(&site, &period, &present).await;
        for who in 0..=ATTACKERS {
            let own = names.get(who).filter(|_| who < ATTACKERS);
            let seen = seen(&site, own, &period).await;
            let found = found(own, &seen, &standard);
            assert!(found.is_none(), "{period}: {own:?} finds {found:?} from {seen:#?}");
        }
    }
    assert!(5 * PERIODS < shown, "only {shown} groups were shown");
    site.settle().await;
}

/// What an attacker and everybody saw in a period.
async fn seen(site: &TestApp, own: Option<&String>, period: &str) -> Vec<SeenGroup> {
    let viewers: Vec<&str> = own.map(String::as_str).into_iter().chain([""]).collect();
    let catalogue = site.store().catalogue().await.unwrap();
    let family = catalogue.indicator(CODE).unwrap().denominator_family().to_owned();
    let standard = format!("indicator:{CODE}");
    let all = seen_group::of(site.store(), &viewers, &[&family, &standard], [1900, 2199]).await.unwrap();
    all.into_iter().filter(|it| it.period.to_string() == period).map(|it| (*it.group).clone()).collect()
}

/// The groups that everybody may look at, with the members that delivered.
async fn standard(site: &TestApp, period: &str, present: &[String]) -> Vec<Members> {
    let catalogue = site.store().catalogue().await.unwrap();
    let period = PartialDate::parse(period).unwrap();
    let peers: Vec<Peer> = catalogue
        .organisations
        .iter()
        .map(|it| {
            let mut peer = Peer::new(it, &[], period);
            peer.regions = peer.regions.iter().flat_map(|it| catalogue.region_line(it)).map(str::to_owned).collect();
            peer
        })
        .collect();
    let groups = peer_group::standard_groups(&peers).into_iter();
    groups.map(|it| it.1.filtered(|it| present.iter().any(|name| name == it))).collect()
}

/// One to four others whose sum or difference follows from sums over these groups; the sum over a standard group is
/// shown as such to who asks for it.
fn found(own: Option<&String>, seen: &[SeenGroup], standard: &[Members]) -> Option<Vec<String>> {
    let names: BTreeSet<&str> = seen.iter().flat_map(|it| it.members.iter()).map(|it| &**it).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let named = |name: &str| seen.iter().any(|it| it.named.contains(name));
    let is_known = |name: &str| own.is_some_and(|it| it == name) || named(name);
    let row =
        |holds: &dyn Fn(&str) -> bool| names.iter().map(|it| f64::from(u8::from(holds(it)))).collect::<Vec<f64>>();
    let mut rows: Vec<Vec<f64>> = seen.iter().map(|group| row(&|it| group.members.contains(it))).collect();
    rows.extend(names.iter().filter(|it| is_known(it)).map(|known| row(&|it| it == *known)));
    let free = null_space(rows, names.len());
    let unknown: Vec<usize> = (0..names.len()).filter(|it| !is_known(names[*it])).collect();
    let is_group = |some: &[usize]| {
        let is_all = |group: &Members| unknown.iter().all(|it| some.contains(it) == group.contains(names[*it]));
        some.len() == 4 && seen.iter().map(|it| &it.members).chain(standard).any(is_all)
    };
    let follows = |some: &[usize]| {
        (0..1u32 << (some.len() - 1)).any(|signs| {
            let sign = |n: usize| if 0 < n && signs >> (n - 1) & 1 == 1 { -1.0 } else { 1.0 };
            let sum = |way: &Vec<f64>| some.iter().enumerate().map(|(n, it)| sign(n) * way[*it]).sum::<f64>();
            free.iter().all(|way| sum(way).abs() < 1e-7)
        })
    };
    let mut sets: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..4 {
        let longer = |it: &Vec<usize>| {
            let last = it.last().copied();
            let more = unknown.iter().filter(|next| last.is_none_or(|last| last < **next));
            more.map(|next| [it.as_slice(), &[*next]].concat()).collect::<Vec<_>>()
        };
        sets = sets.iter().flat_map(longer).collect();
        if let Some(it) = sets.iter().find(|it| follows(it) && !is_group(it)) {
            return Some(it.iter().map(|it| names[*it].to_owned()).collect());
        }
    }
    None
}

/// Vectors that all equations give zero for, by elimination.
fn null_space(mut rows: Vec<Vec<f64>>, width: usize) -> Vec<Vec<f64>> {
    let mut leads = Vec::new();
    for column in 0..width {
        let from = leads.len();
        let largest = (from..rows.len()).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
        let Some(pivot) = largest.filter(|it| 1e-9 < rows[*it][column].abs()) else { continue };
        rows.swap(from, pivot);
        let scale = rows[from][column];
        rows[from].iter_mut().for_each(|it| *it /= scale);
        let lead = rows[from].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|it| it.0 != from && it.1[column] != 0.0) {
            let by = row[column];
            row.iter_mut().zip(&lead).for_each(|(it, lead)| *it -= by * lead);
        }
        leads.push(column);
    }
    let vector = |free: usize| {
        let mut res = vec![0.0; width];
        res[free] = 1.0;
        leads.iter().zip(&rows).for_each(|(lead, row)| res[*lead] = -row[free]);
        res
    };
    (0..width).filter(|it| !leads.contains(it)).map(vector).collect()
}

#[test]
fn the_calculation_finds_what_can_be_found() {
    let group = |names: &str| SeenGroup {
        members: names.chars().map(String::from).collect(),
        named: Default::default(),
        positions: false,
    };
    let own = "a".to_owned();
    let finds = |groups: &[&str]| found(Some(&own), &groups.iter().map(|it| group(it)).collect::<Vec<_>>(), &[]);
    assert_eq!(finds(&["abcdefghijk", "abcdefghij"]), Some(vec!["k".to_owned()]));
    assert_eq!(finds(&["abcdef", "aghijkl", "abcdefghijklm"]), Some(vec!["m".to_owned()]));
    assert_eq!(finds(&["abcde"]), None, "a group of the smallest size is shown as such");
    assert_eq!(finds(&["abcdefghijk", "bcdefghijk"]), None, "one's own value is known");
}
