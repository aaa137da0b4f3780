//! What a file is and which text stands in it. Files come from strangers, and what reads them can be led astray: so
//! they are read by a child process of our own program, `leerkring extract`, with limits on memory and time.
//!
//! The child gets the bytes on its standard input, opens nothing, and answers in lines (see `answer`). Whatever
//! happens to it, the parent has a Dutch sentence to say.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::domain::attachment::{Media, SIZE_MAX};
use crate::exchange::table::{self, Table};
use crate::store::attachment::Page;

use answer::{Line, TableAnswer};

mod answer;
pub mod child;
mod kind;
mod package;
mod pdf;
mod picture;
mod xml;

/// The hidden command of the child.
pub const COMMAND: &str = "extract";
/// What is asked for cells instead of pages.
pub const CELLS: &str = "cells";
/// How many files are read at the same time.
const ROOM: usize = 2;
/// The longest answer, in bytes: text, and an image anew.
const ANSWER_MAX: u64 = SIZE_MAX as u64 + (16 << 20);
/// The longest answer of a child that reads cells.
const CELLS_ANSWER_MAX: u64 = 128 << 20;
/// How often a running child is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// What was read of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    pub media: Media,
    /// The bytes to keep: those that came in, or an image anew.
    pub bytes: Vec<u8>,
    /// How many pages, slides or sheets there are, read or not; 0 when that means nothing.
    pub pages: i32,
    /// Whether there is more than was read.
    pub is_cut: bool,
    pub texts: Vec<Page>,
}

/// Why nothing was read of a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// In Dutch, for who sent the file: a sentence without capital and full stop.
    #[error("{0}")]
    Refused(String),
    #[error("het programma dat bestanden leest is niet te starten: {0}")]
    Unavailable(std::io::Error),
}

/// Starts children to read files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Extractor {
    program: PathBuf,
    patience: Duration,
    room: Arc<Semaphore>,
}

impl Extractor {
    /// Children run this program; one that is not done after `patience` is ended.
    pub fn new(program: PathBuf, patience: Duration) -> Extractor {
        Extractor { program, patience, room: Arc::new(Semaphore::new(ROOM)) }
    }

    /// Children run the program that runs now.
    pub fn own() -> Extractor {
        // On Linux this is still the same program when its file was replaced by a newer version.
        let program = match cfg!(target_os = "linux") {
            true => PathBuf::from("/proc/self/exe"),
            false => std::env::current_exe().unwrap_or_else(|_| PathBuf::from("leerkring")),
        };
        Extractor::new(program, Duration::from_secs(60))
    }

    /// Reads a file in a child process.
    pub async fn extract(&self, bytes: Vec<u8>) -> Result<Extracted, Error> {
        if SIZE_MAX < bytes.len() {
            return Err(Error::Refused(too_large()));
        }
        // What is no file for us needs no child.
        kind::of(&bytes).map_err(Error::Refused)?;
        let _place = self.room.acquire().await;
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let (answer, status) = this.run(&[COMMAND], &bytes, ANSWER_MAX)?;
            understand(&answer, &bytes, status)
        });
        done.await.unwrap_or_else(|_| Err(Error::Refused(BROKEN.to_owned())))
    }

    /// Reads the cells of a workbook in a child process.
    pub async fn table(&self, bytes: Vec<u8>) -> Result<Table, Error> {
        if table::SIZE_MAX < bytes.len() {
            return Err(Error::Refused(table::too_large()));
        }
        let _place = self.room.acquire().await;
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let (answer, status) = this.run(&[COMMAND, CELLS], &bytes, CELLS_ANSWER_MAX)?;
            match serde_json::from_slice(&answer) {
                Ok(TableAnswer::Table(table)) if status.success() => Ok(table),
                Ok(TableAnswer::Refused(reason)) => Err(Error::Refused(reason)),
                _ => Err(Error::Refused(BROKEN.to_owned())),
            }
        });
        done.await.unwrap_or_else(|_| Err(Error::Refused(BROKEN.to_owned())))
    }

    /// What a child answers to these bytes, and how it ended.
    fn run(&self, arguments: &[&str], bytes: &[u8], most: u64) -> Result<(Vec<u8>, ExitStatus), Error> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .env_clear()
            // The allocator reserves addresses ahead, as many as the child may have in all if nobody tells it less.
            .env("MIMALLOC_ARENA_RESERVE", "32MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::Unavailable)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Refused(BROKEN.to_owned()));
        };
        thread::scope(|scope| {
            // A child that ends early closes its side: that is no fault of ours.
            scope.spawn(move || drop(stdin.write_all(bytes)));
            let reading = scope.spawn(move || {
                let mut answer = Vec::new();
                let read = stdout.take(most + 1).read_to_end(&mut answer);
                read.map(|_| answer).unwrap_or_default()
            });
            let ended = wait(&mut child, self.patience, || reading.is_finished());
            let answer = reading.join().unwrap_or_default();
            let Some(status) = ended else {
                return Err(Error::Refused(SLOW.to_owned()));
            };
            if most < answer.len() as u64 {
                return Err(Error::Refused(BROKEN.to_owned()));
            }
            Ok((answer, status))
        })
    }
}

const SLOW: &str =
    "het lezen van het bestand duurt te lang; maak het kleiner, of bewaar het opnieuw en probeer het nog eens";
const BROKEN: &str = "het bestand is niet te lezen: het is beschadigd, of vraagt te veel geheugen; bewaar het opnieuw en probeer het nog eens";

/// What is said of a file that is too large.
pub fn too_large() -> String {
    format!("het bestand is te groot; hoogstens {} MB", SIZE_MAX >> 20)
}

/// Waits for the end of a child; ends it when that takes too long, or when it says no more and lives on. `None` when
/// it had to be ended.
fn wait(child: &mut Child, patience: Duration, is_silent: impl Fn() -> bool) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut silent_since = None;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if is_silent() && silent_since.is_none() {
            silent_since = Some(Instant::now());
        }
        let is_stuck = silent_since.is_some_and(|it: Instant| Duration::from_secs(1) < it.elapsed());
        if patience < start.elapsed() || is_stuck {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(LOOK);
    }
}

/// The answer of a child that ended.
fn understand(answer: &[u8], sent: &[u8], status: ExitStatus) -> Result<Extracted, Error> {
    let broken = || Error::Refused(BROKEN.to_owned());
    let mut media = None;
    let mut texts = Vec::new();
    let mut rest = answer;
    while let Some(end) = rest.iter().position(|it| *it == b'\n') {
        let line = serde_json::from_slice(&rest[..end]).map_err(|_| broken())?;
        rest = &rest[end + 1..];
        match line {
            Line::Media(it) => media = Some(it),
            Line::Page { number, label, text } => texts.push(Page { number, label, text }),
            Line::Refused(reason) => return Err(Error::Refused(reason)),
            Line::Done { pages, is_cut, bytes } => {
                let media = media.ok_or_else(broken)?;
                if !status.success() || rest.len() != bytes || (media.is_image() && bytes == 0) {
                    return Err(broken());
                }
                let bytes = if media.is_image() { rest.to_vec() } else { sent.to_vec() };
                return Ok(Extracted { media, bytes, pages, is_cut, texts });
            }
        }
    }
    Err(broken())
}
