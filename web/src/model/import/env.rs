//! Variables alone, as in a `.env` file.

use super::taken::{MOST, Taken};
use crate::model::env_paste;

pub(super) fn read(text: &str) -> Taken {
    let pasted = env_paste::parse(text);
    let mut taken = Taken { left: pasted.ignored, notes: pasted.notes, ..Taken::default() };
    if !pasted.vars.is_empty() {
        let rows = (0..).zip(&pasted.vars).map(|(id, var)| var.row(id)).take(MOST).collect();
        taken.draft.set_rows("run.env", rows);
        for var in pasted.vars.iter().skip(MOST) {
            taken.leave(var.line, &var.name, "is one more than a script has room for");
        }
    }
    taken
}
