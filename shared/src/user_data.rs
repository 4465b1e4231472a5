//! The script that a box runs, from the config. Same config, same bytes: it carries no date, version or commit.
//!
//! The settings at its top hold all that a person wrote, and every text in them goes through [`quote`]. The rest are the
//! `.sh` files beside this one ([`parts`]).

mod packed;
mod parts;
mod quote;
mod settings;

pub use packed::{Packed, TooLong, check, packed};
pub use parts::secret_names;
pub use quote::quote;

use crate::config::Config;

/// EC2 takes this many bytes of user data, before base64.
pub const LIMIT: usize = 16_384;

/// One line of the script, and what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// The path of the config's field that it follows from; empty where there is none.
    pub field: &'static str,
    /// Which of that field's entries, from 0, where it is about one.
    pub entry: Option<usize>,
    /// Empty where the line speaks for itself.
    pub why: String,
}

/// The whole script, ready to paste into the EC2 console. The config must have passed its checks; `function_url`
/// (no trailing slash) is where the agent asks for a newer script.
pub fn script(config: &Config, function_url: Option<&str>) -> String {
    let mut script = String::with_capacity(LIMIT);
    let mut add = |line: &str| {
        script.push_str(line);
        script.push('\n');
    };
    parts::text(parts::HEAD, config, function_url).for_each(&mut add);
    add("");
    let (settings, _) = settings::render(config, function_url);
    settings.iter().for_each(|line| add(&line.text));
    for part in parts::PARTS {
        let mut lines = parts::text(part, config, function_url).peekable();
        if lines.peek().is_some() {
            add("");
            lines.for_each(&mut add);
        }
    }
    script
}

/// The script's lines. A text of several lines is several of them.
pub fn lines(config: &Config, function_url: Option<&str>) -> Vec<Line> {
    let (settings, names) = settings::render(config, function_url);
    let mut all: Vec<Line> = parts::lines(parts::HEAD, config, function_url).collect();
    all.push(Line::plain(""));
    all.extend(settings);
    for part in parts::PARTS {
        let lines: Vec<Line> = parts::lines(part, config, function_url).collect();
        if !lines.is_empty() {
            all.push(Line::plain(""));
            all.extend(lines.into_iter().map(|line| line.of_its_setting(&names)));
        }
    }
    all
}

impl Line {
    fn plain(text: &str) -> Line {
        Line { text: text.into(), field: "", entry: None, why: String::new() }
    }

    /// A line that uses a setting follows from the setting's field.
    fn of_its_setting(mut self, names: &[(&'static str, &'static str)]) -> Line {
        if self.field.is_empty() {
            // Bash's arithmetic names a setting without a `$`. No setting begins with a small letter, as most words do.
            let words = self.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let used: Vec<&str> =
                words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).collect();
            let field = names.iter().find(|(name, _)| used.contains(name)).map(|(_, field)| *field);
            self.field = field.unwrap_or_default();
        }
        self
    }
}
