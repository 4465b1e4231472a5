//! The script as EC2 is given it: at most [`LIMIT`] bytes.

use thiserror::Error;

use super::LIMIT;
use crate::gzip::gzip;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed<'a> {
    /// It fits, and stays readable in the EC2 console.
    Script(&'a str),
    /// The script is too long. cloud-init unpacks it before anything reads it.
    Gzip(Vec<u8>),
}

/// A script of so many bytes fits as gzip, whatever a person has put into it: more than half of it is ours, and packs well. So
/// nothing is packed at every keystroke only to see that.
const SURELY_FITS: usize = 20_000;

/// The user data of a box that shall run this script. It may still be too long: see [`check`].
pub fn packed(script: &str) -> Packed<'_> {
    if script.len() <= LIMIT { Packed::Script(script) } else { Packed::Gzip(gzip(script.as_bytes())) }
}

/// Why EC2 would refuse a script even as gzip: its bytes, in words that follow "makes a script of".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{script} bytes, as gzip {gzip}, and EC2 takes {LIMIT}")]
pub struct TooLong {
    pub script: usize,
    pub gzip: usize,
}

pub fn check(script: &str) -> Result<(), TooLong> {
    if script.len() <= SURELY_FITS {
        return Ok(());
    }
    match packed(script).bytes().len() {
        ..=LIMIT => Ok(()),
        gzip => Err(TooLong { script: script.len(), gzip }),
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
    use crate::config::{Config, EnvValue, EnvVar};
    use crate::user_data::script;

    #[test]
    fn what_fits_stays_as_it_is() {
        let most = "x".repeat(LIMIT);
        assert_eq!(packed(&most), Packed::Script(&most));
        let more = "x".repeat(LIMIT + 1);
        assert_eq!(packed(&more), Packed::Gzip(gzip(more.as_bytes())));
        assert_eq!(check(&more), Ok(()));
    }

    #[test]
    fn what_is_not_packed_to_see_it_fits() {
        let mut config = Config::default();
        let mut state = 1_u32;
        // Nothing packs worse than noise, and a script takes no other than text.
        let noise = std::iter::from_fn(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from_u32(0x20 + (state >> 16) % 0xd000)
        });
        let shortest = script(&config, None).len();
        let mut value = String::new();
        for c in noise.filter(|c| *c != '\'') {
            if shortest + value.len() + 100 > SURELY_FITS {
                break;
            }
            value.push(c);
        }
        config.run.env.push(EnvVar { name: "A".into(), value: EnvValue::Plain(value) });
        let longest = script(&config, None);
        assert!((SURELY_FITS - 200..=SURELY_FITS).contains(&longest.len()), "{}", longest.len());
        let packed = packed(&longest).bytes().len();
        assert!(packed <= LIMIT, "{packed}");
        assert!(packed > LIMIT / 2, "that is no noise: {packed}");
    }
}
