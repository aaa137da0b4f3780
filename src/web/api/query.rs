//! The query of an address whose parameters are few: what is not known is refused, all at once.

use std::collections::BTreeMap;

use poem::Request;
use url::form_urlencoded;

use crate::web::error::Failure;

/// No parameters are known here.
pub fn none(request: &Request) -> Result<(), Failure> {
    one(request, None).map(drop)
}

/// The value of the one parameter that is known here, if it is given.
pub fn one(request: &Request, known: Option<&str>) -> Result<Option<String>, Failure> {
    let mut res = None;
    let mut faults = Vec::new();
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()) {
        if known == Some(&*name) {
            if res.replace(value.into_owned()).is_some() {
                faults.push(format!("\"{name}\" staat er meer dan één keer"));
            }
            continue;
        }
        let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        faults.push(match known {
            Some(known) => format!("onbekende parameter \"{shown}\"; bekend is: {known}"),
            None => format!("onbekende parameter \"{shown}\"; hier zijn geen parameters"),
        });
    }
    match faults.is_empty() {
        true => Ok(res),
        false => Err(Failure::Invalid(faults)),
    }
}

/// The values of the parameters that are known here, each given at most once.
pub fn some(request: &Request, known: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
    let mut res = BTreeMap::new();
    let mut faults = Vec::new();
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()) {
        if !known.contains(&&*name) {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            faults.push(format!("onbekende parameter \"{shown}\"; bekend zijn: {}", known.join(", ")));
        } else if res.insert(name.clone().into_owned(), value.into_owned()).is_some() {
            faults.push(format!("\"{name}\" staat er meer dan één keer"));
        }
    }
    match faults.is_empty() {
        true => Ok(res),
        false => Err(Failure::Invalid(faults)),
    }
}
