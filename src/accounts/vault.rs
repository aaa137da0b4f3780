//! Seals the secrets of second factors, so that a copy of the database alone makes no codes. The key is a file beside
//! the database, readable for its owner only, made when it is first needed.
//!
//! Invariant: a sealed text opens for the account it was sealed for, and for no other.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::domain::id::AccountId;
use crate::text::hex::{hex, unhex};

use super::{Error, secret};

/// The name of the file in the data folder.
pub const FILE: &str = "sleutel";
/// Before what is sealed; a secret as an app takes it has no such sign in it.
const MARK: &str = "v1:";

/// The key that seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<LessSafeKey>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum Missing {
    #[error("sleutelbestand {0} is niet te lezen of te maken: {1}")]
    File(PathBuf, io::Error),
    #[error(
        "sleutelbestand {0} is beschadigd; zet de reservekopie terug, of verwijder het: dan stelt iedereen zijn tweede factor opnieuw in"
    )]
    Damaged(PathBuf),
}

impl Vault {
    /// The key of a data folder; makes it when there is none.
    pub fn open(folder: &Path) -> Result<Vault, Missing> {
        if let Some(it) = Vault::existing(folder)? {
            return Ok(it);
        }
        let path = folder.join(FILE);
        make(folder, &path).map_err(|error| Missing::File(path.clone(), error))?;
        Vault::existing(folder)?.ok_or_else(|| Missing::File(path, io::ErrorKind::NotFound.into()))
    }

    /// The key of a data folder, if there is one.
    pub fn existing(folder: &Path) -> Result<Option<Vault>, Missing> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(Missing::Damaged(path)),
            Err(error) => return Err(Missing::File(path, error)),
        };
        let bytes = Some(text.trim()).filter(|it| secret::is_formed(it)).and_then(unhex);
        let key = bytes.and_then(|it| UnboundKey::new(&CHACHA20_POLY1305, &it).ok());
        let key = key.ok_or(Missing::Damaged(path))?;
        Ok(Some(Vault(Arc::new(LessSafeKey::new(key)))))
    }

    /// A secret as it is stored.
    pub fn seal(&self, owner: &AccountId, text: &str) -> Result<String, Error> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce)?;
        let mut bytes = text.as_bytes().to_vec();
        let failed = |_| Error::Factor("versleutelen mislukt".to_owned());
        let once = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(once, bound_to(owner), &mut bytes).map_err(failed)?;
        Ok(format!("{MARK}{}{}", hex(&nonce), hex(&bytes)))
    }

    /// A secret from how it is stored. What was stored before there were keys stands as it is.
    pub fn open_sealed(&self, owner: &AccountId, stored: &str) -> Result<String, Error> {
        let failed = || Error::Factor(format!("{FILE} opent het geheim van account {owner} niet"));
        let Some(digits) = stored.strip_prefix(MARK) else { return Ok(stored.to_owned()) };
        let bytes = unhex(digits).ok_or_else(failed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(failed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed())?;
        let mut sealed = sealed.to_vec();
        let plain = self.0.open_in_place(nonce, bound_to(owner), &mut sealed).map_err(|_| failed())?;
        String::from_utf8(plain.to_vec()).map_err(|_| failed())
    }
}

/// Whether a stored secret is sealed.
pub fn is_sealed(stored: &str) -> bool {
    stored.starts_with(MARK)
}

fn bound_to(owner: &AccountId) -> Aad<String> {
    Aad::from(format!("tweede factor van {owner}"))
}

/// Writes a key that is whole or not there. Of two programs that start at once one wins; both read the file after.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    let random = || secret::generate().map_err(|error| io::Error::other(error.to_string()));
    let (key, name) = (random()?, random()?);
    let partial = folder.join(format!(".{FILE}-{name}"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    writeln!(file, "{key}")?;
    file.sync_all()?;
    let linked = fs::hard_link(&partial, path);
    fs::remove_file(&partial)?;
    // The name too must outlast a fall, before anything is sealed with it.
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_texts_open_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Vault::existing(folder.path()).unwrap().is_none());
        let vault = Vault::open(folder.path()).unwrap();
        let (me, other) = (AccountId::generate(), AccountId::generate());
        let sealed = vault.seal(&me, "JBSWY3DPEHPK3PXP").unwrap();
        assert!(is_sealed(&sealed) && !sealed.contains("JBSWY3DPEHPK3PXP"));
        assert_ne!(sealed, vault.seal(&me, "JBSWY3DPEHPK3PXP").unwrap());
        let again = Vault::open(folder.path()).unwrap();
        assert_eq!(again.open_sealed(&me, &sealed).unwrap(), "JBSWY3DPEHPK3PXP");
        assert_eq!(again.open_sealed(&me, "JBSWY3DPEHPK3PXP").unwrap(), "JBSWY3DPEHPK3PXP");
        assert!(again.open_sealed(&other, &sealed).is_err());
        let mut changed = sealed.clone();
        let last = changed.pop().unwrap();
        changed.push(if last == '0' { '1' } else { '0' });
        for bad in [changed.as_str(), &sealed[..sealed.len() - 2], "v1:", "v1:00", "v1:zz", "v1:é"] {
            assert!(again.open_sealed(&me, bad).is_err(), "{bad}");
        }
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(Vault::open(elsewhere.path()).unwrap().open_sealed(&me, &sealed).is_err());
    }

    #[test]
    fn the_key_is_for_its_owner_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Vault::open(folder.path()).unwrap());
            }
        });
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, [FILE]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        for bad in [&b""[..], b"abc", &[0xff; 64], "0".repeat(63).as_bytes(), "A".repeat(64).as_bytes()] {
            fs::write(folder.path().join(FILE), bad).unwrap();
            let error = Vault::open(folder.path()).err().unwrap().to_string();
            assert!(error.contains("is beschadigd"), "{error}");
        }
    }
}
