//! The parts of the annex that lie folded in the shell. What is behind a door goes over to the annex as one text.

use super::texts;

/// A part that is shown once a person has unfolded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Cost,
    Steps,
    Tryout,
}

impl Door {
    pub const ALL: [Door; 3] = [Door::Cost, Door::Steps, Door::Tryout];

    /// Of its `<details>` in the shell. The parts are drawn in `ID-place`, and in `ID-wait` until they are there.
    pub fn id(self) -> &'static str {
        match self {
            Door::Cost => "cost",
            Door::Steps => "steps",
            Door::Tryout => "tryout",
        }
    }
}

/// What the annex is told of the form, to show it behind a door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behind<'t> {
    pub door: Door,
    /// The `pushbox.json`, as far as it can be made.
    pub config: &'t str,
    /// How many the config has.
    pub problems: usize,
    /// As typed.
    pub function_url: &'t str,
}

impl<'t> Behind<'t> {
    /// As one text, for [`Behind::from_text`].
    pub fn to_text(&self) -> String {
        texts::join([self.door.id(), self.config, &self.problems.to_string(), self.function_url])
    }

    /// What [`Behind::to_text`] made. It may come from a page of another build, so an error is for people.
    pub fn from_text(text: &'t str) -> Result<Behind<'t>, String> {
        let mut texts = texts::split(text);
        let id = texts.next().unwrap_or_default();
        let door = Door::ALL.into_iter().find(|door| door.id() == id);
        let rest = (|| Some((texts.next()?, texts.next()?.parse().ok()?, texts.next()?)))();
        match (door, rest) {
            (Some(door), Some((config, problems, function_url))) => {
                Ok(Behind { door, config, problems, function_url })
            }
            _ => Err(format!(
                "Expected a part of the page that can be shown here, found {id:?}. Parts of two versions of the page have met: reload it."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_a_door_reaches_the_annex_as_it_is() {
        for door in Door::ALL {
            let behind = Behind { door, config: "{\"app\": \"1:é\"}", problems: 12, function_url: "" };
            assert_eq!(Behind::from_text(&behind.to_text()), Ok(behind));
        }
    }

    #[test]
    fn an_unknown_door_or_half_a_text_opens_none() {
        let unknown = Behind::from_text("6:attic!2:{}1:00:").unwrap_err();
        assert!(unknown.contains("\"attic!\"") && unknown.contains("reload"), "{unknown}");
        for text in ["", "4:cost", "4:cost2:{}", "4:cost2:{}1:x0:", "cost"] {
            assert!(Behind::from_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_shell_has_every_door_and_no_other() {
        let shell = include_str!("../../../index.html");
        let of = |begin: &str, end: &str| -> Vec<&str> {
            shell.split(begin).skip(1).filter_map(|rest| rest.split('"').next()?.strip_suffix(end)).collect()
        };
        let ids = Door::ALL.map(Door::id);
        assert_eq!(of("<details id=\"", ""), ids);
        assert_eq!(of("<div id=\"", "-wait"), ids);
        assert_eq!(of("<a href=\"#", "").iter().filter(|id| ids.contains(id)).count(), ids.len());
        let places = of("<div id=\"", "-place");
        assert_eq!(
            places.iter().filter(|place| **place != "import").collect::<Vec<_>>(),
            ids.iter().collect::<Vec<_>>()
        );
    }
}
