//! Why a zip cannot be the function's, in words that follow its name. What to do is for whoever knows where it came from.

use std::fmt;

use super::size::LARGEST;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZipError {
    /// It has no end of a zip.
    NotAZip,
    /// Something of it is missing or changed.
    Damaged {
        at: usize,
        expected: &'static str,
    },
    Zip64,
    Encrypted,
    /// On several disks.
    Split,
    /// More bytes or files than a zip has without zip64.
    TooLarge,
    /// More bytes than Lambda takes.
    Heavy(usize),
    NoBootstrap,
    /// Lambda runs it as a user of its own.
    Mode {
        name: String,
        wanted: u32,
        found: Option<u32>,
    },
}

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ZipError::NotAZip => f.write_str("is not a zip, or its end is missing"),
            ZipError::Damaged { at, expected } => {
                write!(f, "is damaged: expected {expected} at byte {at}")
            }
            ZipError::Zip64 => f.write_str("is a zip64; expected one without its records"),
            ZipError::Encrypted => f.write_str("is encrypted; expected one that Lambda can read"),
            ZipError::Split => f.write_str("is one of the parts of a zip; expected it in one"),
            ZipError::TooLarge => f.write_str("would be larger than a zip can be"),
            ZipError::Heavy(bytes) => write!(f, "has {bytes} bytes, and Lambda takes {LARGEST}"),
            ZipError::NoBootstrap => f.write_str("has no file `bootstrap`, which Lambda starts"),
            ZipError::Mode { name, wanted, found } => {
                let found = found.map_or_else(|| "none".into(), |mode| format!("{:o}", mode & 0o777));
                write!(f, "has {name} with mode {found}; expected {wanted:o}")
            }
        }
    }
}

impl std::error::Error for ZipError {}
