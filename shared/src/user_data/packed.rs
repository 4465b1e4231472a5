//! The script as EC2 is given it: at most [`LIMIT`] bytes.

use super::LIMIT;
use crate::gzip::gzip;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed<'a> {
    /// It fits, and stays readable in the EC2 console.
    Script(&'a str),
    /// The script is too long. cloud-init unpacks it before anything reads it.
    Gzip(Vec<u8>),
}

/// The user data of a box that shall run this script. It may still be too long: see [`check`].
pub fn packed(script: &str) -> Packed<'_> {
    if script.len() <= LIMIT { Packed::Script(script) } else { Packed::Gzip(gzip(script.as_bytes())) }
}

/// Why EC2 would refuse the script even as gzip, in words that follow "makes a script of".
pub fn check(script: &str) -> Result<(), String> {
    match packed(script).bytes().len() {
        ..=LIMIT => Ok(()),
        bytes => Err(format!("{} bytes, as gzip {bytes}, and EC2 takes {LIMIT}", script.len())),
    }
}

impl Packed<'_> {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Packed::Script(script) => script.as_bytes(),
            Packed::Gzip(bytes) => bytes,
        }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Packed::Script(script) => script.into(),
            Packed::Gzip(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        let most = "x".repeat(LIMIT);
        assert_eq!(packed(&most), Packed::Script(&most));
        let more = "x".repeat(LIMIT + 1);
        assert_eq!(packed(&more), Packed::Gzip(gzip(more.as_bytes())));
        assert_eq!(check(&more), Ok(()));
    }
}
