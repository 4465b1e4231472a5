//! Everything that follows from a draft: the config, what is wrong with it, and the files that it makes.

use std::rc::Rc;

use pushbox_shared::checked;
use pushbox_shared::config::{self, Config, FIELDS, Field, Kind, Part, Place, Problem};
use pushbox_shared::user_data::{self, LIMIT, Packed};
use serde_json::Value;

use super::amount::grouped;
use super::draft::{Draft, Row};
use super::problem;

/// Made anew whenever the draft changes, from nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What could be read; the rest has its default.
    pub config: Config,
    /// In the words of the command line. The function refuses a config that has any.
    pub problems: Vec<Problem>,
    /// Where a box asks for a newer script.
    pub function_url: Option<Rc<str>>,
    /// What a box runs.
    pub script: Rc<str>,
    /// `pushbox.json`
    pub json: Rc<str>,
    /// The paths of the fields that are not at their default.
    differing: Vec<&'static str>,
}

impl Sheet {
    pub fn new(draft: &Draft, function_url: Option<&str>) -> Sheet {
        let (config, mut problems) = checked::read_fields(&draft.document());
        problems.extend(doubles(&draft.rows("build.args")));
        Sheet {
            script: user_data::script(&config, function_url).into(),
            json: config::to_json(&config).into(),
            function_url: function_url.map(Rc::from),
            differing: differing(&config),
            config,
            problems,
        }
    }

    /// What EC2 is given. Nothing for every keystroke: a long script is packed first.
    pub fn size(&self) -> Size {
        let gzip = match user_data::packed(&self.script) {
            Packed::Script(_) => None,
            Packed::Gzip(bytes) => Some(bytes.len()),
        };
        Size { script: self.script.len(), gzip }
    }

    /// The problems of one field, each with the rest of its path.
    pub fn problems_of(&self, path: &str) -> impl Iterator<Item = (&str, &Problem)> {
        self.problems.iter().filter_map(move |found| Some((problem::below(found, path)?, found)))
    }

    /// How many fields of a place differ from their default.
    pub fn changed(&self, place: Place) -> usize {
        let differs = |field: &&Field| {
            self.differing.contains(&field.path) || self.problems_of(field.path).next().is_some()
        };
        FIELDS.iter().filter(|field| field.place == place).filter(differs).count()
    }
}

fn differing(config: &Config) -> Vec<&'static str> {
    let (mut config, mut defaults) = (config.clone(), Config::default());
    let mut differs = |field: &&Field| (field.slot)(&mut config).json() != (field.slot)(&mut defaults).json();
    FIELDS.iter().filter(|field| differs(field)).map(|field| field.path).collect()
}

/// Bytes of user data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub script: usize,
    /// Where EC2 would not take the script itself.
    pub gzip: Option<usize>,
}

impl Size {
    /// Of which EC2 takes [`LIMIT`].
    pub fn bytes(self) -> usize {
        self.gzip.unwrap_or(self.script)
    }

    /// For people.
    pub fn words(self) -> String {
        let limit = grouped(LIMIT);
        let script = grouped(self.script);
        match self.gzip.map(grouped) {
            None => format!("{script} of {limit} bytes"),
            Some(gzip) => format!("{script} bytes, sent as gzip: {gzip} of {limit}"),
        }
    }
}

/// JSON cannot say a name twice, so the draft's own check must.
fn doubles(rows: &[Row]) -> Vec<Problem> {
    let is_double = |(at, row): &(usize, &Row)| {
        !row.is_blank() && rows.iter().take(*at).any(|earlier| earlier.name == row.name)
    };
    let problem = |(_, row): (usize, &Row)| {
        let message = format!("{} is there twice; remove one of them", row.name);
        Problem::new(format!("build.args.{}", row.name), Kind::Conflict, message).of(Part::Name)
    };
    rows.iter().enumerate().filter(is_double).map(problem).collect()
}

/// A config file as the page takes it over.
pub struct Imported {
    pub draft: Draft,
    /// Of the file as it was, unknown keys included.
    pub problems: Vec<Problem>,
}

/// What a file or a pasted text says. Nothing is taken over of what is no JSON object.
pub fn import(text: &[u8]) -> Result<Imported, Problem> {
    let document = config::parse(text)?;
    let (_, problems) = checked::read(&document);
    match (&document, problems.first()) {
        (Value::Object(_), _) | (_, None) => {
            Ok(Imported { draft: Draft::from_document(&document), problems })
        }
        (_, Some(first)) => Err(first.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_import(text: &[u8], expected: &[&str]) {
        let problems = match import(text) {
            Ok(imported) => imported.problems,
            Err(problem) => vec![problem],
        };
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn an_exported_file_is_imported_unchanged() {
        let mut draft = Draft::default();
        draft.set_text("app", "foo");
        draft.set_text("repo.url", "https://github.com/usil/foo");
        draft.set_text("run.port", "8080");
        let sheet = Sheet::new(&draft, None);
        assert_eq!(sheet.problems, []);
        let imported = import(sheet.json.as_bytes()).ok().unwrap();
        assert_eq!((imported.draft, imported.problems), (draft, vec![]));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_the_words_of_the_command_line() {
        for text in [
            &b""[..],
            b"{\"app\": \"a\",",
            b"{\"app\": \"\xff\"}",
            b"[]",
            br#"{"colour": 1, "app": "A B", "run": {"prot": 1}}"#,
        ] {
            let expected: Vec<String> =
                checked::load(text).err().unwrap_or_default().iter().map(ToString::to_string).collect();
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            // Of what is no object, the first problem says it all.
            let expected = if text.starts_with(b"[") { &expected[..1] } else { &expected };
            check_import(text, expected);
        }
    }

    #[test]
    fn a_draft_is_judged_as_its_file_would_be() {
        let mut draft = Draft::default();
        draft.set_text("app", "A B");
        draft.set_text("run.port", "many");
        draft.set_text("box.types", "t9.huge");
        draft.set_rows("run.env", vec![Row::new(0, "1", "x")]);
        let sheet = Sheet::new(&draft, None);
        assert!(sheet.problems.len() > 3, "{:?}", sheet.problems);
        assert_eq!((sheet.config, sheet.problems), checked::read(&draft.document()));
    }

    #[test]
    fn an_argument_given_twice() {
        let mut draft = Draft::default();
        draft.set_rows("build.args", vec![Row::new(0, "A", "1"), Row::new(1, "A", "2")]);
        let sheet = Sheet::new(&draft, None);
        assert_eq!(sheet.problems_of("build.args").map(|(below, _)| below).collect::<Vec<_>>(), [".A"]);
    }

    #[test]
    fn changed_fields_are_counted_by_place() {
        let mut draft = Draft::default();
        draft.set_text("build.context", "app");
        draft.set_text("build.dockerfile", "Dockerfile");
        draft.set_text("run.drain_s", "x");
        let sheet = Sheet::new(&draft, None);
        assert_eq!(Place::ALL.map(|place| sheet.changed(place))[1..4], [0, 1, 1]);
    }

    #[test]
    fn what_ec2_is_given_counts() {
        let with = |variables: u32| {
            let mut draft = Draft::default();
            let row = |at: u32| Row::new(at, &format!("SETTING_{at}"), &format!("what number {at} says"));
            draft.set_rows("run.env", (0..variables).map(row).collect());
            Sheet::new(&draft, None)
        };
        let short = with(1);
        assert_eq!(short.size().bytes(), short.script.len());
        assert_eq!(short.size().words(), format!("{} of 16,384 bytes", grouped(short.script.len())));
        let long = with(400);
        let gzip = user_data::packed(&long.script).bytes().len();
        assert!(gzip < LIMIT && LIMIT < long.script.len());
        assert_eq!(long.size().bytes(), gzip);
        let script = grouped(long.script.len());
        assert_eq!(long.size().words(), format!("{script} bytes, sent as gzip: {} of 16,384", grouped(gzip)));
    }
}
