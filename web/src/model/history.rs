//! What was changed, step by step, so that it can be taken back and done again.

use std::rc::Rc;

/// More steps than anybody takes back one by one; each keeps a whole form.
const MOST: usize = 100;

/// What a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// For people: `Port`.
    pub what: &'static str,
    /// The id of the element in which it was changed; empty where there is no single one.
    pub target: Rc<str>,
}

impl Change {
    /// The ids of where to look at it, the best first. A row may be gone, and a secret has no field for its value.
    pub fn places(&self) -> [String; 3] {
        let target = self.target.to_string();
        let row = target.rsplit_once('.').map(|(row, _)| format!("{row}.name")).unwrap_or_default();
        let list = target.split('[').next().map(|path| format!("{path}-add")).unwrap_or_default();
        [target, row, list]
    }
}

/// The steps around a state `T` that is kept elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct History<T> {
    past: Vec<Step<T>>,
    future: Vec<Step<T>>,
    /// The next keystroke in the same place belongs to the last step.
    is_open: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Step<T> {
    change: Change,
    /// On the other side of the change: before it in the past, after it in the future.
    state: T,
}

impl<T> Default for History<T> {
    fn default() -> History<T> {
        History { past: Vec::new(), future: Vec::new(), is_open: false }
    }
}

impl<T> History<T> {
    /// A change that is a step of its own.
    pub fn done(&mut self, change: Change, before: T) {
        self.future.clear();
        self.past.push(Step { change, state: before });
        if self.past.len() > MOST {
            self.past.remove(0);
        }
        self.is_open = false;
    }

    /// A keystroke: one step with those before it in the same place, unless there was a pause.
    pub fn typed(&mut self, change: Change, before: T) {
        let joins = self.is_open && self.past.last().is_some_and(|last| last.change == change);
        if !joins {
            self.done(change, before);
        }
        self.is_open = true;
    }

    /// Whether a step is being typed.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Ends the step that is being typed.
    pub fn pause(&mut self) {
        self.is_open = false;
    }

    /// The state before the last change, and what that was.
    pub fn undo(&mut self, present: T) -> Option<(Change, T)> {
        let last = self.past.pop();
        self.turn(last, present, |history| &mut history.future)
    }

    /// The state after the change that was last taken back, and what that was.
    pub fn redo(&mut self, present: T) -> Option<(Change, T)> {
        let next = self.future.pop();
        self.turn(next, present, |history| &mut history.past)
    }

    fn turn(
        &mut self,
        step: Option<Step<T>>,
        present: T,
        other: fn(&mut Self) -> &mut Vec<Step<T>>,
    ) -> Option<(Change, T)> {
        let Step { change, state } = step?;
        self.is_open = false;
        other(self).push(Step { change: change.clone(), state: present });
        Some((change, state))
    }

    /// What would be taken back.
    pub fn undoable(&self) -> Option<&'static str> {
        self.past.last().map(|step| step.change.what)
    }

    /// What would be done again.
    pub fn redoable(&self) -> Option<&'static str> {
        self.future.last().map(|step| step.change.what)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Undo,
    Redo,
}

/// The keys that people know for it on any system. `key` is that of the browser's event; `command` is Ctrl or ⌘.
pub fn turn(key: &str, command: bool, shift: bool) -> Option<Turn> {
    let is = |letter: &str| command && key.eq_ignore_ascii_case(letter);
    if is("z") {
        return Some(if shift { Turn::Redo } else { Turn::Undo });
    }
    (is("y") && !shift).then_some(Turn::Redo)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(what: &'static str) -> Change {
        Change { what, target: what.into() }
    }

    #[test]
    fn keystrokes_in_one_place_are_one_step_until_there_is_a_pause() {
        let mut history = History::default();
        history.typed(change("Port"), 0);
        history.typed(change("Port"), 1);
        history.pause();
        history.typed(change("Port"), 2);
        history.typed(change("App name"), 3);
        history.typed(change("Port"), 4);
        let mut states = Vec::new();
        let mut present = 5;
        while let Some((change, state)) = history.undo(present) {
            states.push((change.what, state));
            present = state;
        }
        assert_eq!(states, [("Port", 4), ("App name", 3), ("Port", 2), ("Port", 0)]);
    }

    #[test]
    fn a_new_change_ends_what_could_be_done_again() {
        let mut history = History::default();
        history.done(change("Port"), 0);
        assert_eq!(history.undo(1).map(|(_, state)| state), Some(0));
        assert_eq!((history.undoable(), history.redoable()), (None, Some("Port")));
        history.done(change("App name"), 0);
        assert_eq!((history.undoable(), history.redoable()), (Some("App name"), None));
        assert_eq!(history.redo(2), None);
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut history = History::default();
        for state in 0..MOST + 20 {
            history.done(change("Port"), state);
        }
        let back = std::iter::successors(Some(MOST + 20), |now| Some(history.undo(*now)?.1));
        let states: Vec<usize> = back.collect();
        assert_eq!((states.len(), states.last()), (MOST + 1, Some(&20)));
    }

    #[test]
    fn a_change_is_looked_at_where_it_was_made_or_nearby() {
        let places = Change { what: "", target: "run.env[2].value".into() }.places();
        assert_eq!(places, ["run.env[2].value", "run.env[2].name", "run.env-add"]);
    }

    #[test]
    fn the_keys_of_all_systems() {
        // With Caps Lock it is a capital letter.
        for key in ["z", "Z"] {
            assert_eq!(turn(key, true, false), Some(Turn::Undo), "{key}");
        }
        for (key, shift) in [("z", true), ("Z", true), ("y", false)] {
            assert_eq!(turn(key, true, shift), Some(Turn::Redo), "{key}");
        }
        assert_eq!(turn("z", false, false), None);
        assert_eq!(turn("x", true, false), None);
    }

    proptest! {
        #[test]
        fn all_undone_is_the_start_and_all_redone_the_end(
            steps in proptest::collection::vec((0..3_usize, any::<u32>(), any::<bool>(), any::<bool>()), 0..80),
        ) {
            let mut history = History::default();
            let mut present = 7;
            for (place, next, is_key, pauses) in steps {
                let change = change(["a", "b", "c"][place]);
                if is_key { history.typed(change, present) } else { history.done(change, present) }
                if pauses { history.pause() }
                present = next;
            }
            let end = present;
            while let Some((_, state)) = history.undo(present) { present = state; }
            prop_assert_eq!(present, 7);
            while let Some((_, state)) = history.redo(present) { present = state; }
            prop_assert_eq!(present, end);
        }
    }
}
