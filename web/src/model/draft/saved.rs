//! A draft as one text, to go where the page itself cannot: over a panic, and from the annex to the page.

use pushbox_shared::config;

use super::{Draft, Entry, Row};
use crate::model::texts;

impl Draft {
    /// The draft as it is, half-typed values included but those of secrets, for [`Draft::restore`].
    pub fn save(&self) -> String {
        let mut saved: Vec<&str> = Vec::new();
        let counts: Vec<String> =
            self.entries.iter().map(|(_, entry)| rows_of(entry).len().to_string()).collect();
        for ((path, entry), count) in self.entries.iter().zip(&counts) {
            saved.push(path);
            match entry {
                Entry::Text(text) => saved.extend(["text", text]),
                Entry::Flag(flag) => saved.extend(["flag", if *flag { "true" } else { "false" }]),
                Entry::Rows(_) => saved.extend(["rows", count]),
            }
            for row in rows_of(entry) {
                saved.extend(if row.secret {
                    ["secret", &row.name, ""]
                } else {
                    ["", &row.name, &row.value]
                });
            }
        }
        texts::join(saved)
    }

    /// What [`Draft::save`] made; what is not understood is left out.
    pub fn restore(saved: &str) -> Draft {
        let mut draft = Draft::default();
        let mut texts = texts::split(saved);
        while let (Some(path), Some(kind), Some(text)) = (texts.next(), texts.next(), texts.next()) {
            let entry = match kind {
                "flag" => Entry::Flag(text == "true"),
                "rows" => {
                    Entry::Rows((0..text.parse().unwrap_or(0)).map_while(|id| row(id, &mut texts)).collect())
                }
                _ => Entry::Text(text.into()),
            };
            if let Some(field) = config::field(path) {
                draft.set(field.path, entry);
            }
        }
        draft
    }
}

fn rows_of(entry: &Entry) -> &[Row] {
    match entry {
        Entry::Rows(rows) => rows,
        Entry::Text(_) | Entry::Flag(_) => &[],
    }
}

fn row<'a>(id: u32, texts: &mut impl Iterator<Item = &'a str>) -> Option<Row> {
    let (kind, name, value) = (texts.next()?, texts.next()?, texts.next()?);
    Some(Row { secret: kind == "secret", ..Row::new(id, name, value) })
}
