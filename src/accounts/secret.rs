//! Random texts that open doors, and the hashes by which they are known.

use sha2::{Digest, Sha256};

use crate::text::hex::hex;

/// How many random bytes a secret has.
const BYTES: usize = 32;

/// A new secret: 64 hexadecimal digits.
pub fn generate() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What is stored of a secret. Fast hashing is enough: 256 random bits cannot be tried.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Another secret that only who has the first one can know.
pub fn derived(secret: &str, purpose: &str) -> String {
    hash(&format!("{purpose}\n{secret}"))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    let differing = a.bytes().zip(b.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    a.len() == b.len() && std::hint::black_box(differing) == 0
}

/// Whether a text can be a secret of ours; what cannot is not looked up.
pub fn is_formed(text: &str) -> bool {
    text.len() == 2 * BYTES && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets() {
        let one = generate().unwrap();
        assert!(is_formed(&one) && one != generate().unwrap());
        assert!(!is_formed(&one[1..]) && !is_formed(&one.to_uppercase()) && !is_formed(""));
        assert!(same(&one, &one.clone()) && !same(&one, &one[1..]) && !same(&one, &generate().unwrap()));
        assert_ne!(hash(&one), derived(&one, "formulier"));
        // The hash that the standard gives for this text.
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
