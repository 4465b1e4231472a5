//! The parameters of one Query request. Each is taken once; what nobody took is unknown, and refused.

use std::collections::{BTreeMap, BTreeSet};

use pushbox_shared::ec2::Error;

use crate::refusal::{invalid, missing};

#[derive(Debug)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Of `application/x-www-form-urlencoded` bytes.
    pub(crate) fn read(form: &[u8]) -> Result<Params, Error> {
        let mut params = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(form) {
            if let Some(value) = params.insert(name.to_string(), value.into_owned()) {
                return Err(invalid(value, &name, "The parameter is specified more than once."));
            }
        }
        Ok(Params(params))
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    pub(crate) fn need(&mut self, name: &str) -> Result<String, Error> {
        self.take(name).ok_or_else(|| missing(name))
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Error> {
        match self.take(name).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(value) => Err(invalid(value, name, "It must be true or false.")),
        }
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u32>, Error> {
        let parse =
            |value: String| value.parse().map_err(|_| invalid(value, name, "It must be a whole number."));
        self.take(name).map(parse).transpose()
    }

    pub(crate) fn need_number(&mut self, name: &str) -> Result<u32, Error> {
        self.number(name)?.ok_or_else(|| missing(name))
    }

    /// `Filter.1`, `Filter.2`, …: the members of a list, in the order of their numbers.
    pub(crate) fn members(&self, list: &str) -> Vec<String> {
        let number = |name: &String| {
            let rest = name.strip_prefix(list)?.strip_prefix('.')?;
            rest.split('.').next()?.parse::<u32>().ok()
        };
        let numbers: BTreeSet<u32> = self.0.keys().filter_map(number).collect();
        numbers.into_iter().map(|number| format!("{list}.{number}")).collect()
    }

    /// The values of a list of plain values.
    pub(crate) fn values(&mut self, list: &str) -> Vec<String> {
        self.members(list).iter().filter_map(|member| self.take(member)).collect()
    }

    /// Whether there is a parameter of that structure: `MetadataOptions.…`.
    pub(crate) fn has(&self, structure: &str) -> bool {
        self.0.keys().any(|name| name.strip_prefix(structure).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Everything must have been taken.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match self.0.keys().next() {
            Some(name) => {
                Err(Error::new("UnknownParameter", format!("The parameter {name} is not recognized")))
            }
            None => Ok(()),
        }
    }
}
