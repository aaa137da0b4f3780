//! A whole site in one file, to put back later or elsewhere: the database as it was at one moment, the files of
//! documents, and the key of second factors. A ZIP, with a list of what is in it.
//!
//! Invariant: a backup was read back before it has its name; a site is put back whole and as it was, or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::domain::attachment::{self, is_hash};
use crate::store::blob::{self, Blobs};
use crate::store::snapshot::{self, Uncopied};
use crate::store::{self, Address};
use crate::text::hex::hex;

/// What the parts are called in the file.
const DATABASE: &str = "leerkring.db";
const KEY: &str = "sleutel";
const ATTACHMENTS: &str = "bijlagen/";
const CONTENTS: &str = "reservekopie.json";
/// The form of the file; a later program may write another.
const FORM: u32 = 1;
/// The most bytes of the list: enough for millions of files.
const CONTENTS_MAX: u64 = 512 << 20;
/// The most bytes of a file of a document: far more than is ever taken in.
const ATTACHMENT_MAX: u64 = 8 * attachment::SIZE_MAX as u64;
/// How much is read at a time, in bytes.
const CHUNK: usize = 1 << 20;

/// Where the parts of a site are.
#[derive(Debug, Clone)]
pub struct Site {
    pub database: Address,
    pub attachments: PathBuf,
    pub key: PathBuf,
    /// Made from the rest, and made anew when it is not there.
    pub index: PathBuf,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    #[serde(rename = "vorm")]
    form: u32,
    /// Of the program that made it.
    #[serde(rename = "versie")]
    pub version: String,
    #[serde(rename = "gemaakt_op")]
    pub made_at: DateTime<Utc>,
    #[serde(rename = "documenten")]
    pub documents: u64,
    /// Hashes of files that the database knows and that were gone or damaged on disk.
    #[serde(rename = "ontbreekt", default)]
    pub lost: Vec<String>,
    #[serde(rename = "bestanden")]
    entries: Vec<Entry>,
}

/// One file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    #[serde(rename = "naam")]
    name: String,
    bytes: u64,
    sha256: String,
}

impl Contents {
    /// How many files of documents.
    pub fn attachments(&self) -> usize {
        self.entries.iter().filter(|it| it.name.starts_with(ATTACHMENTS)).count()
    }

    /// Whether the key of second factors is in it.
    pub fn has_key(&self) -> bool {
        self.entries.iter().any(|it| it.name == KEY)
    }
}

/// Why there is no backup, or nothing was put back. The messages are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "de database staat in PostgreSQL: bewaar haar met pg_dump, samen met de map {attachments} en het bestand {key}"
    )]
    Postgres { attachments: String, key: String },
    #[error(
        "een reservekopie terugzetten kan alleen in SQLite, en de database staat in PostgreSQL: herstel haar met pg_restore"
    )]
    IntoPostgres,
    #[error("{0} bestaat al; kies een andere naam, of verplaats het bestand eerst")]
    There(PathBuf),
    #[error("{0} is niet te lezen ({1}); controleer de naam en de rechten")]
    Unreadable(PathBuf, io::Error),
    #[error("{0} is niet te schrijven ({1}); controleer de rechten en of de schijf vol is")]
    Unwritten(PathBuf, io::Error),
    #[error("{0} is geen reservekopie van Leerkring")]
    Foreign(PathBuf),
    #[error(
        "{file} is gemaakt door Leerkring {version}, en deze versie kan dat niet lezen; gebruik die versie of een latere"
    )]
    Newer { file: PathBuf, version: String },
    #[error(
        "{file} is beschadigd: {entry} is niet wat erin is gegaan; er is niets teruggezet, neem een andere reservekopie"
    )]
    Damaged { file: PathBuf, entry: String },
    #[error("de database in {file} is beschadigd: {fault}; er is niets teruggezet, neem een andere reservekopie")]
    Broken { file: PathBuf, fault: String },
    #[error(
        "wat in {0} is geschreven, is niet goed terug te lezen; er is geen reservekopie gemaakt, probeer een andere schijf"
    )]
    Unlike(PathBuf),
    #[error("de database is beschadigd: {0}; er is geen reservekopie gemaakt, zet een eerdere terug")]
    BrokenHere(String),
    #[error(
        "{0} staat er al; er is niets teruggezet. Stop de site, verplaats wat er staat, of kies een andere map met --data"
    )]
    Occupied(PathBuf),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Writes a backup of a site, also while it runs, and reads it back. The site may be of an earlier version of the
/// program, and stays so.
pub async fn write(site: &Site, file: &Path, with_key: bool, now: DateTime<Utc>) -> Result<Contents, Error> {
    let shown = |it: &Path| it.display().to_string();
    let Address::Sqlite(database) = &site.database else {
        return Err(Error::Postgres { attachments: shown(&site.attachments), key: shown(&site.key) });
    };
    if is_there(file) {
        return Err(Error::There(file.to_owned()));
    }
    let (part, copy) = (Passing::beside(file, "deel"), Passing::beside(file, "db"));
    // The files after the database: what it names then was there before it, and stays for days when nothing names it.
    private(&copy.0).map_err(|it| Error::Unwritten(file.to_owned(), it))?;
    snapshot::copy(database, &copy.0).await.map_err(|it| match it {
        Uncopied::Broken(fault) => Error::BrokenHere(fault),
        Uncopied::Unwritten(reason) => Error::Unwritten(file.to_owned(), io::Error::other(reason)),
        Uncopied::Other(other) => other.into(),
    })?;
    let look = snapshot::look(&copy.0).await?;
    if let Some(fault) = look.faults.into_iter().next() {
        return Err(Error::BrokenHere(fault));
    }
    let blobs = Blobs::new(site.attachments.clone());
    let mut packing = Packing::begin(&part.0, file)?;
    packing.add_file(DATABASE, &copy.0, CompressionMethod::Deflated)?;
    if with_key && site.key.exists() {
        packing.add_file(KEY, &site.key, CompressionMethod::Stored)?;
    }
    let mut lost: BTreeSet<String> = look.attachments.into_iter().collect();
    for (hash, _) in blobs.list()? {
        // Swept away meanwhile: then nothing named it.
        let Some(bytes) = blobs.read(&hash)? else { continue };
        // What became something else on disk is no use to anyone, and would not be put back.
        if bytes.len() as u64 <= ATTACHMENT_MAX && blob::hash(&bytes) == hash {
            packing.add(&format!("{ATTACHMENTS}{hash}"), &mut &bytes[..], CompressionMethod::Stored)?;
            lost.remove(&hash);
        }
    }
    let lost = lost.into_iter().collect();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let made_at = now.trunc_subsecs(0);
    packing.finish(Contents { form: FORM, version, made_at, documents: look.documents, lost, entries: vec![] })?;
    let made = read(&part.0).map_err(|_| Error::Unlike(file.to_owned()))?;
    place(&part.0, file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::There(file.to_owned()),
        _ => Error::Unwritten(file.to_owned(), error),
    })?;
    Ok(made)
}

/// Says what a backup holds, after reading all of it.
pub fn read(file: &Path) -> Result<Contents, Error> {
    let mut backup = Backup::open(file)?;
    backup.each(|_, from| {
        io::copy(from, &mut io::sink()).map(|_| ()).map_err(|it| Error::Unreadable(file.to_owned(), it))
    })?;
    Ok(backup.contents)
}

/// Puts a site back where there is none.
pub async fn restore(file: &Path, site: &Site) -> Result<Contents, Error> {
    let Address::Sqlite(database) = &site.database else { return Err(Error::IntoPostgres) };
    let mut backup = Backup::open(file)?;
    free(site, database)?;
    // Beside the places they go to, so that moving them is one step each.
    let (copy, key, folder) = (
        Passing::beside(database, "terug"),
        Passing::beside(&site.key, "terug"),
        Passing::beside(&site.attachments, "terug"),
    );
    let blobs = Blobs::new(folder.0.clone());
    let failed = |path: &Path, error| Error::Unwritten(path.to_owned(), error);
    for parent in [&copy.0, &key.0, &folder.0].into_iter().filter_map(|it| it.parent()) {
        fs::create_dir_all(parent).map_err(|it| failed(parent, it))?;
    }
    backup.each(|name, from| {
        if let Some(hash) = name.strip_prefix(ATTACHMENTS) {
            let mut bytes = Vec::new();
            from.take(ATTACHMENT_MAX).read_to_end(&mut bytes).map_err(|it| Error::Unreadable(file.to_owned(), it))?;
            // Kept under the hash of what it is: of another name nothing would come.
            return match blobs.keep(&bytes)? == hash {
                true => Ok(()),
                false => Err(Error::Damaged { file: file.to_owned(), entry: name.to_owned() }),
            };
        }
        let path = if name == KEY { &key.0 } else { &copy.0 };
        let written = private(path).and_then(|mut to| io::copy(from, &mut to).and_then(|_| to.sync_all()));
        written.map_err(|it| failed(path, it))
    })?;
    let broken = |fault| Error::Broken { file: file.to_owned(), fault };
    match snapshot::look(&copy.0).await {
        Ok(look) => look.faults.into_iter().next().map_or(Ok(()), |it| Err(broken(it)))?,
        Err(newer @ store::Error::Newer { .. }) => return Err(newer.into()),
        Err(store::Error::Closed { reason, .. } | store::Error::Broken { reason, .. }) => return Err(broken(reason)),
        Err(other) => return Err(broken(other.to_string())),
    }
    // Somebody may have begun a site meanwhile. The database last: without it there is no site.
    free(site, database)?;
    let mut moved: Vec<(&Path, &Path)> = Vec::new();
    for (from, to) in [(&folder.0, &site.attachments), (&key.0, &site.key), (&copy.0, database)] {
        if !is_there(from) {
            continue;
        }
        if let Err(error) = place(from, to) {
            // What was moved goes with the rest of what is on its way.
            moved.iter().for_each(|(from, to)| _ = fs::rename(to, from));
            return Err(match error.kind() {
                io::ErrorKind::AlreadyExists => Error::Occupied(to.clone()),
                _ => failed(to, error),
            });
        }
        moved.push((from, to));
    }
    // Of another site.
    let removed = if is_there(&site.index) { fs::remove_dir_all(&site.index) } else { Ok(()) };
    removed.map_err(|it| failed(&site.index, it))?;
    Ok(backup.contents)
}

/// Whether nothing stands where a site is to come.
fn free(site: &Site, database: &Path) -> Result<(), Error> {
    // What SQLite keeps beside a database would be played into the one that is put back.
    let leftovers = BESIDE.map(|it| beside(database, it));
    let paths = [database, &site.key, &site.attachments].into_iter().chain(leftovers.iter().map(|it| &**it));
    paths.into_iter().find(|it| is_there(it)).map_or(Ok(()), |it| Err(Error::Occupied(it.to_owned())))
}

/// Whether there is something, also a link to what is not there now.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Moves to a place where nothing is, and never over anything.
fn place(from: &Path, to: &Path) -> io::Result<()> {
    let linked = if from.is_dir() { Err(io::ErrorKind::Unsupported.into()) } else { fs::hard_link(from, to) };
    match linked {
        Ok(()) => fs::remove_file(from)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        // A folder, or a disk that knows no links.
        Err(_) if is_there(to) => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to)?,
    }
    sync_folder(to)
}

/// A backup in the making.
struct Packing {
    zip: ZipWriter<File>,
    /// What it will be called.
    file: PathBuf,
    entries: Vec<Entry>,
}

impl Packing {
    fn begin(path: &Path, file: &Path) -> Result<Packing, Error> {
        let opened = private(path).map_err(|it| Error::Unwritten(file.to_owned(), it))?;
        Ok(Packing { zip: ZipWriter::new(opened), file: file.to_owned(), entries: vec![] })
    }

    fn add_file(&mut self, name: &str, from: &Path, method: CompressionMethod) -> Result<(), Error> {
        let mut opened = File::open(from).map_err(|it| Error::Unreadable(from.to_owned(), it))?;
        self.add(name, &mut opened, method)
    }

    fn add(&mut self, name: &str, from: &mut dyn Read, method: CompressionMethod) -> Result<(), Error> {
        let options = SimpleFileOptions::default().compression_method(method).large_file(true).unix_permissions(0o600);
        let failed = |it| Error::Unwritten(self.file.clone(), it);
        self.zip.start_file(name, options).map_err(|it| failed(io::Error::other(it)))?;
        let (mut sum, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let read = from.read(&mut chunk).map_err(|it| Error::Unreadable(PathBuf::from(name), it))?;
            if read == 0 {
                break;
            }
            sum.update(&chunk[..read]);
            bytes += read as u64;
            self.zip.write_all(&chunk[..read]).map_err(failed)?;
        }
        self.entries.push(Entry { name: name.to_owned(), bytes, sha256: hex(&sum.finalize()) });
        Ok(())
    }

    /// The list last, when all is known.
    fn finish(mut self, contents: Contents) -> Result<(), Error> {
        let contents = Contents { entries: self.entries, ..contents };
        let failed = |it: io::Error| Error::Unwritten(self.file.clone(), it);
        let text = serde_json::to_vec_pretty(&contents).map_err(|it| failed(it.into()))?;
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).unix_permissions(0o600);
        self.zip.start_file(CONTENTS, options).map_err(|it| failed(io::Error::other(it)))?;
        self.zip.write_all(&text).map_err(failed)?;
        let file = self.zip.finish().map_err(|it| failed(io::Error::other(it)))?;
        file.sync_all().map_err(failed)
    }
}

/// A backup that is read.
struct Backup {
    zip: ZipArchive<File>,
    file: PathBuf,
    contents: Contents,
}

impl Backup {
    /// Reads what it should hold, and no more.
    fn open(file: &Path) -> Result<Backup, Error> {
        let opened = File::open(file).map_err(|it| Error::Unreadable(file.to_owned(), it))?;
        let foreign = || Error::Foreign(file.to_owned());
        let mut zip = ZipArchive::new(opened).map_err(|_| foreign())?;
        let mut text = Vec::new();
        let listed = zip.by_name(CONTENTS).map_err(|_| foreign())?;
        listed.take(CONTENTS_MAX).read_to_end(&mut text).map_err(|_| foreign())?;
        // Of a later form only this is known.
        #[derive(Deserialize)]
        struct Head {
            vorm: u32,
            versie: String,
        }
        let head: Head = serde_json::from_slice(&text).map_err(|_| foreign())?;
        if head.vorm != FORM {
            return Err(Error::Newer { file: file.to_owned(), version: head.versie });
        }
        let contents: Contents = serde_json::from_slice(&text).map_err(|_| foreign())?;
        let names: BTreeSet<&str> = contents.entries.iter().map(|it| it.name.as_str()).collect();
        let is_ours = |it: &str| it == DATABASE || it == KEY || it.strip_prefix(ATTACHMENTS).is_some_and(is_hash);
        if names.len() != contents.entries.len() || !names.contains(DATABASE) || !names.iter().all(|it| is_ours(it)) {
            return Err(foreign());
        }
        // Files of documents are named by what they are.
        let is_unlike = |it: &&Entry| {
            it.name.strip_prefix(ATTACHMENTS).is_some_and(|hash| hash != it.sha256 || ATTACHMENT_MAX < it.bytes)
        };
        if let Some(it) = contents.entries.iter().find(is_unlike) {
            return Err(Error::Damaged { file: file.to_owned(), entry: it.name.clone() });
        }
        Ok(Backup { zip, file: file.to_owned(), contents })
    }

    /// Hands over each file, and then looks whether that was what went in.
    fn each(&mut self, mut take: impl FnMut(&str, &mut dyn Read) -> Result<(), Error>) -> Result<(), Error> {
        for entry in &self.contents.entries {
            let damaged = || Error::Damaged { file: self.file.clone(), entry: entry.name.clone() };
            let from = self.zip.by_name(&entry.name).map_err(|_| damaged())?;
            // No more than it says, however much comes out.
            let mut from =
                Summed { from: from.take(entry.bytes.saturating_add(1)), sum: Sha256::new(), bytes: 0, is_bad: false };
            let taken = take(&entry.name, &mut from);
            if from.is_bad {
                return Err(damaged());
            }
            taken?;
            if from.bytes != entry.bytes || hex(&from.sum.finalize()) != entry.sha256 {
                return Err(damaged());
            }
        }
        Ok(())
    }
}

/// Knows what was read through it.
struct Summed<R> {
    from: R,
    sum: Sha256,
    bytes: u64,
    /// What came out of the ZIP was no good.
    is_bad: bool,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to).inspect_err(|_| self.is_bad = true)?;
        self.sum.update(&to[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// A path that is only used on the way; gone when dropped, whatever is there.
struct Passing(PathBuf);

impl Passing {
    /// In the folder of another path, so that it can be moved there.
    fn beside(path: &Path, what: &str) -> Passing {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Passing(path.with_file_name(format!(".{name}-{}.{what}", ulid::Ulid::generate())))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(&self.0);
        BESIDE.iter().for_each(|it| _ = fs::remove_file(beside(&self.0, it)));
    }
}

/// The ends of the names of what SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

fn beside(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A new file that only its owner reads.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The name of a file must be on the disk too.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
