//! A link to this page, or what follows the `#` in it.

use super::taken::Taken;
use crate::model::link;

pub(super) fn read(text: &str) -> Taken {
    let text = text.trim();
    let fragment = text.split_once('#').map_or(text, |(_, fragment)| fragment);
    let opened = link::read(fragment);
    let mut taken = Taken { draft: opened.draft, ..Taken::default() };
    for problem in opened.problems {
        taken.leave(1, &problem.path, problem.message);
    }
    taken
}
