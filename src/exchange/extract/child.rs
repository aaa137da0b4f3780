//! The side of the child: it bounds itself, reads a file from its standard input and answers on its standard output.

use std::io::{self, BufWriter, Read, Write};
use std::panic;
use std::time::{Duration, Instant};

use crate::domain::attachment::{Media, SIZE_MAX};

use super::answer::{Answer, Line, TableAnswer};
use super::kind::{self, Kind};
use super::{package, pdf, picture, too_large};

/// The most memory the child may ask for, in bytes, its program and threads included.
const MEMORY: u64 = 1 << 30;
/// The most seconds of computing.
const COMPUTING: u64 = 45;
/// After this the text that was read is enough: the rest is left out, and that is said.
const READING: Duration = Duration::from_secs(20);

/// How long may still be read.
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn is_over(&self) -> bool {
        READING < self.0.elapsed()
    }
}

/// Reads a file and answers: with its pages, or with its cells. False when the file was refused or the answer could
/// not be given.
pub fn run(wants_cells: bool) -> bool {
    // What goes wrong inside is said in the answer; its trace would be of use to nobody.
    panic::set_hook(Box::new(|_| ()));
    if bound().is_err() {
        return false;
    }
    let mut bytes = Vec::new();
    if io::stdin().lock().take(SIZE_MAX as u64 + 1).read_to_end(&mut bytes).is_err() {
        return false;
    }
    if wants_cells {
        let answer = package::table(&bytes).map_or_else(TableAnswer::Refused, TableAnswer::Table);
        let mut to = BufWriter::new(io::stdout().lock());
        let is_told = serde_json::to_writer(&mut to, &answer).is_ok() && to.flush().is_ok();
        return is_told && matches!(answer, TableAnswer::Table(_));
    }
    let mut answer = Answer::new(BufWriter::new(io::stdout().lock()));
    let done = match read(&bytes, &mut answer) {
        Err(Fault::Refused(reason)) => answer.line(&Line::Refused(reason)).and_then(|()| answer.bytes(&[])),
        Err(Fault::Answer(error)) => Err(error),
        Ok(()) => return true,
    };
    drop(done);
    false
}

/// The limits hold from here on, and nothing takes them away.
#[cfg(unix)]
fn bound() -> io::Result<()> {
    use rlimit::Resource;
    for (resource, most) in [
        (Resource::AS, MEMORY),
        (Resource::CPU, COMPUTING),
        (Resource::CORE, 0),
        // No file is written.
        (Resource::FSIZE, 0),
    ] {
        resource.set(most, most)?;
    }
    Ok(())
}

/// Elsewhere only the parent bounds.
#[cfg(not(unix))]
fn bound() -> io::Result<()> {
    Ok(())
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Fault {
    Refused(String),
    Answer(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Answer(error)
    }
}

impl From<String> for Fault {
    fn from(reason: String) -> Fault {
        Fault::Refused(reason)
    }
}

impl From<&str> for Fault {
    fn from(reason: &str) -> Fault {
        Fault::Refused(reason.to_owned())
    }
}

fn read<W: Write>(bytes: &[u8], answer: &mut Answer<W>) -> Result<(), Fault> {
    if SIZE_MAX < bytes.len() {
        return Err(Fault::Refused(too_large()));
    }
    let clock = Clock(Instant::now());
    let (pages, image) = match kind::of(bytes)? {
        Kind::Pdf => (pdf::read(bytes, answer, &clock)?, vec![]),
        Kind::Package => (package::read(bytes, answer, &clock)?, vec![]),
        Kind::Image(media) => {
            let image = picture::anew(bytes, media)?;
            answer.line(&Line::Media(media))?;
            (0, image)
        }
    };
    let is_cut = answer.is_cut;
    answer.line(&Line::Done { pages, is_cut, bytes: image.len() })?;
    Ok(answer.bytes(&image)?)
}

/// Says what the file is: before any page.
pub(super) fn begin<W: Write>(answer: &mut Answer<W>, media: Media) -> Result<(), Fault> {
    Ok(answer.line(&Line::Media(media))?)
}
