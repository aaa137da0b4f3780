//! What was wrong in a form, for the page that shows it again: a summary above the form and a message at each field.

use poem::http::StatusCode;

use crate::domain::fault::{Fault, Step};
use crate::text::dutch;
use crate::workflow;

use super::error::Failure;

/// The faults of a form by field; empty when it is shown for the first time.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Field and message. A fault of no field has an empty one.
    pub list: Vec<(String, String)>,
    /// The next try may be made after so many seconds.
    wait: Option<i64>,
}

impl Faults {
    pub fn none() -> Faults {
        Faults::default()
    }

    /// One fault, in one field.
    pub fn in_field(field: &str, text: &str) -> Faults {
        Faults { list: vec![(field.to_owned(), text.to_owned())], wait: None }
    }

    /// The faults of a form; what is no fault of a form is a failure.
    pub fn of(error: workflow::Error) -> Result<Faults, Failure> {
        match error {
            workflow::Error::Form(faults) => Ok(Faults { list: faults.iter().map(line).collect(), wait: None }),
            workflow::Error::Wait(seconds) => {
                let text = format!(
                    "Er is te vaak iets verkeerds ingevuld. Wacht {} en probeer het dan opnieuw; of vraag een nieuw wachtwoord aan",
                    duration(seconds)
                );
                Ok(Faults { list: vec![(String::new(), text)], wait: Some(seconds) })
            }
            other => Err(other.into()),
        }
    }

    /// The message of a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|it| it.0 == field).map(|it| it.1.as_str())
    }

    pub fn status(&self) -> StatusCode {
        match (self.list.is_empty(), self.wait) {
            (true, _) => StatusCode::OK,
            (_, Some(_)) => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Before the title of the page.
    pub fn title(&self, title: &str) -> String {
        if self.list.is_empty() { title.to_owned() } else { format!("Fout: {title}") }
    }
}

/// The faults of a form with one field, as sentences.
pub fn sentences(faults: &[Fault]) -> String {
    faults.iter().map(|it| line(it).1).collect::<Vec<_>>().join(" ")
}

fn line(fault: &Fault) -> (String, String) {
    let field = match fault.place.steps().first() {
        Some(Step::Key(key)) => key.clone(),
        _ => String::new(),
    };
    let sentence = match fault.allowed.is_empty() {
        true => format!("{}.", fault.wrong),
        false => format!("{}. {}.", fault.wrong, dutch::capital(&fault.allowed)),
    };
    (field, dutch::capital(&sentence))
}

fn duration(seconds: i64) -> String {
    match seconds {
        ..=90 => dutch::count(usize::try_from(seconds).unwrap_or(0), "seconde", "seconden"),
        _ => dutch::count(usize::try_from((seconds + 59) / 60).unwrap_or(0), "minuut", "minuten"),
    }
}
