use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::model::door::Door;
use crate::model::draft::{Draft, Row};
use crate::model::history::Turn;
use crate::model::import::Goes;
use crate::model::tabs::Tab;

fn after(actions: impl IntoIterator<Item = Action>) -> Rc<State> {
    actions.into_iter().fold(Rc::new(State::new(Draft::default())), State::reduce)
}

fn typed(path: &'static str, text: &str) -> Action {
    Action::Type(path, text.into())
}

#[test]
fn the_app_follows_its_repository_until_it_is_named() {
    let state = after([typed("repo.url", "https://github.com/usil/foo")]);
    assert_eq!(state.form.draft.text("app"), "foo");
    let state = state.reduce(typed("repo.url", "https://github.com/usil/bar.git"));
    assert_eq!(state.form.draft.text("app"), "bar");
    let state = state.reduce(typed("app", "mine")).reduce(typed("repo.url", "https://github.com/usil/baz"));
    assert_eq!(state.form.draft.text("app"), "mine");
}

#[test]
fn a_bare_branch_is_completed_when_its_field_is_left() {
    let state = after([typed("repo.refs", "main\n"), Action::Leave("repo.refs")]);
    assert_eq!(state.form.draft.text("repo.refs"), "refs/heads/main");
    assert_eq!(state.preview.sheet.config.repo.refs, ["refs/heads/main"]);
}

#[test]
fn rows_are_edited_by_their_id() {
    let state = after([
        Action::AddRow("run.env"),
        Action::AddRow("run.env"),
        Action::EditRow("run.env", 1, RowEdit::Name("B".into())),
        Action::EditRow("run.env", 1, RowEdit::Value("x".into())),
        Action::RemoveRow("run.env", 0),
        Action::AddRow("run.env"),
    ]);
    assert_eq!(*state.form.draft.rows("run.env"), [Row::new(1, "B", "x"), Row::new(2, "", "")]);
    let state = state.reduce(Action::EditRow("run.env", 1, RowEdit::Secret(true)));
    assert!(!state.form.draft.save().contains('x'), "a secret's value is written nowhere");
}

#[test]
fn the_script_follows_every_keystroke() {
    let state = after([typed("repo.url", "https://github.com/usil/foo"), typed("run.port", "70000")]);
    let problems: Vec<String> = state.preview.sheet.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["run.port: expected a whole number from 1 to 65535, found 70000"]);
    assert_eq!(state.reduce(typed("run.port", "8080")).preview.sheet.config.run.port, 8080);
}

#[test]
fn what_is_undone_is_said_and_looked_at() {
    let state = after([
        typed("run.port", "8"),
        typed("run.port", "80"),
        Action::Leave("run.port"),
        Action::FunctionUrl("https://x.on.aws".into()),
        Action::Turn(Turn::Undo),
    ]);
    assert_eq!((&*state.view.said, &*state.form.function_url), ("Undone: Function URL", ""));
    let state = state.reduce(Action::Turn(Turn::Undo));
    assert_eq!(state.form.draft.text("run.port"), "", "what was typed without a pause is one step");
    assert_eq!(state.preview.sheet.config.run.port, 3000);
    assert_eq!(state.past.turned.1.as_ref().map(|change| &*change.target), Some("run.port"));
    let state = state.reduce(Action::Turn(Turn::Redo));
    assert_eq!((&*state.view.said, state.form.draft.text("run.port")), ("Done again: Port", "80"));
}

#[test]
fn completing_a_branch_is_no_step() {
    let state = after([typed("repo.refs", "main"), Action::Leave("repo.refs"), Action::Turn(Turn::Undo)]);
    assert_eq!((state.form.draft.text("repo.refs"), state.past.history.undoable()), ("", None));
}

/// Every kind of action that changes what a person fills in.
fn an_edit((kind, id, text): (u8, u32, String)) -> Action {
    let path = ["app", "repo.url", "run.port", "repo.refs"][id as usize];
    let list = ["run.env", "build.args"][id as usize % 2];
    match kind {
        0 => Action::Type(path, text),
        1 => Action::Switch("repo.submodules", id == 0),
        2 => Action::AddRow(list),
        3 => Action::EditRow(list, id, RowEdit::Name(text)),
        4 => Action::EditRow(list, id, RowEdit::Value(text)),
        5 => Action::EditRow(list, id, RowEdit::Secret(text.is_empty())),
        6 => Action::RemoveRow(list, id),
        7 => Action::Import(Goes::Besides, with_rows(vec![Row::new(id, &text, "x")])),
        8 => {
            let mut draft = Draft::default();
            draft.set_text("run.port", &text);
            Action::Import(Goes::InPlace, draft)
        }
        9 => Action::FunctionUrl(text),
        10 => Action::Preset(["", "rust", "go", "java"][id as usize]),
        _ => Action::Pause,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_was_done_can_be_undone_and_done_again(
        edits in prop::collection::vec((0..12_u8, 0..4_u32, "[A-Z0-9]{0,3}"), 0..40),
    ) {
        let start = State::default();
        let end = after(edits.into_iter().map(an_edit));
        let mut state = Rc::clone(&end);
        while state.past.history.undoable().is_some() {
            state = state.reduce(Action::Turn(Turn::Undo));
        }
        prop_assert!(state.form.clone() == start.form.clone());
        while state.past.history.redoable().is_some() {
            state = state.reduce(Action::Turn(Turn::Redo));
        }
        prop_assert!(state.form.clone() == end.form.clone());
        prop_assert!(state.preview.sheet == end.preview.sheet);
    }
}

#[test]
fn the_address_follows_what_is_done_and_not_every_keystroke() {
    let state = after([typed("app", "f"), typed("app", "foo")]);
    assert_eq!(state.address.link.text, "");
    let state = state.reduce(Action::Leave("app"));
    assert_eq!((&*state.address.link.text, state.address.is_new), ("v=1&app=foo", true));
    let state = state.reduce(Action::Show(Tab::Config));
    assert_eq!((&*state.address.link.text, state.address.is_new), ("v=1&app=foo&tab=json", false));
}

#[test]
fn back_leads_to_the_very_form_that_was_there() {
    let row = |edit| Action::EditRow("run.env", 0, edit);
    let state = after([
        Action::AddRow("run.env"),
        row(RowEdit::Name("A".into())),
        row(RowEdit::Value("postgres://a:b@c".into())),
        Action::LeaveRow("run.env", 0),
    ]);
    let link = state.address.link.text.clone();
    assert_eq!(link, "v=1&run.secret=A", "the password is not in the address");
    let later = Rc::clone(&state).reduce(Action::RemoveRow("run.env", 0));
    let back = later.reduce(Action::Arrive(link));
    assert!(back.form.clone() == state.form.clone());
    assert!(!back.address.is_new);
    let start = back.reduce(Action::Arrive("page".into()));
    assert_eq!(
        start.preview.sheet,
        State::default().preview.sheet,
        "before the first change there was no link"
    );
    assert_eq!(start.reduce(Action::Turn(Turn::Undo)).form.draft, state.form.draft, "that can be undone too");
}

#[test]
fn a_link_fills_the_form_in() {
    let state = State::opened("run.port=8080&app=A&colour=red&tab=json");
    assert_eq!(state.preview.sheet.config.run.port, 8080);
    assert_eq!((state.preview.tab.id(), state.view.link_problems.len()), ("json", 1));
    assert_eq!(
        *state.view.visited,
        ["app", "run.port"],
        "what it fills in is judged, and nothing is missing yet"
    );
    assert_eq!(
        (&*state.address.link.text, state.address.is_new),
        ("v=1&app=A&run.port=8080&tab=json", false)
    );
    assert_eq!(state.past.history.undoable(), None);
}

#[test]
fn a_name_that_looks_secret_marks_its_variable_until_a_person_decides() {
    let edit = |edit| Action::EditRow("run.env", 0, edit);
    let state = after([
        Action::AddRow("run.env"),
        edit(RowEdit::Value("hunter2".into())),
        edit(RowEdit::Name("KEY".into())),
    ]);
    assert!(state.form.draft.rows("run.env")[0].secret);
    assert!(state.view.said.contains("KEY"), "{}", state.view.said);
    assert!(!(state.preview.sheet.script.contains("hunter2") || state.form.draft.save().contains("hunter2")));
    let typed_on = Rc::clone(&state).reduce(edit(RowEdit::Name("KEYBOARD".into())));
    assert!(
        typed_on.preview.sheet.script.contains("KEYBOARD=hunter2"),
        "nothing is lost on the way to another name"
    );
    let state = state.reduce(edit(RowEdit::Secret(false))).reduce(edit(RowEdit::Name("API_KEY".into())));
    assert!(state.preview.sheet.script.contains("API_KEY=hunter2"), "a person has decided");
}

#[test]
fn a_password_in_a_url_marks_its_variable_and_undo_takes_that_back_for_good() {
    let state = after([
        Action::AddRow("run.env"),
        Action::EditRow("run.env", 0, RowEdit::Name("DATABASE_URL".into())),
        Action::EditRow("run.env", 0, RowEdit::Value("postgres://a:hunter2@db".into())),
        Action::LeaveRow("run.env", 0),
    ]);
    assert!(!state.preview.sheet.script.contains("hunter2"));
    let state = state.reduce(Action::Turn(Turn::Undo)).reduce(Action::LeaveRow("run.env", 0));
    assert!(state.preview.sheet.script.contains("hunter2"));
}

fn with_rows(rows: Vec<Row>) -> Draft {
    let mut draft = Draft::default();
    draft.set_rows("run.env", rows);
    draft
}

#[test]
fn pasted_secrets_are_marked_and_what_was_there_before_is_left_alone() {
    let before = [Row { decided: true, ..Row::new(0, "A_TOKEN", "1") }];
    let state = after([Action::Import(Goes::InPlace, with_rows(before.to_vec()))]);
    let pasted = with_rows(vec![Row::new(0, "B_TOKEN", "2"), Row::new(1, "C", "3")]);
    let state = state.reduce(Action::Import(Goes::Besides, pasted));
    let secret: Vec<bool> = state.form.draft.rows("run.env").iter().map(|row| row.secret).collect();
    assert_eq!(secret, [false, true, false]);
    assert!(state.view.said.ends_with("anywhere: B_TOKEN"), "{}", state.view.said);
}

#[test]
fn the_address_of_a_page_fills_in_what_it_says() {
    let page = "https://github.com/usil/foo/tree/dev/web?tab=readme";
    let state = after([typed("repo.url", page), Action::Leave("repo.url")]);
    let shown = ["repo.url", "app", "repo.refs", "build.context"].map(|path| state.form.draft.text(path));
    assert_eq!(shown, ["https://github.com/usil/foo", "foo", "refs/heads/dev", "web"]);
    assert!(state.view.taken.ends_with("foo, refs/heads/dev, the folder web"), "{}", state.view.taken);
    let state = after([typed("repo.refs", "x"), typed("repo.url", page), Action::Leave("repo.url")]);
    assert_eq!(state.form.draft.text("repo.refs"), "x", "what somebody has filled in stays");
}

#[test]
fn an_address_of_ssh_brings_its_key() {
    let state = after([typed("repo.url", "git@github.com:usil/foo.git")]);
    assert_eq!(state.form.draft.text("repo.auth"), "deploy-key");
    let state = state.reduce(typed("repo.url", "https://github.com/usil/foo.git"));
    assert_eq!(state.form.draft.text("repo.auth"), "");
}

#[test]
fn a_kept_draft_comes_back_unless_a_link_was_opened() {
    let kept = || Some("v=1&app=mine".to_string());
    let state = State::first(None, "steps", kept());
    assert_eq!((state.form.draft.text("app"), state.kept.restored, state.kept.keeps), ("mine", true, true));
    let state = State::first(None, "v=1&app=theirs", kept());
    assert_eq!((state.form.draft.text("app"), state.kept.offer.as_deref()), ("theirs", Some("v=1&app=mine")));
    let taken = Rc::new(state.clone()).reduce(Action::Offer(true));
    assert_eq!(
        (taken.form.draft.text("app"), &taken.kept.offer, taken.address.is_new),
        ("mine", &None, true)
    );
    let refused = Rc::new(state).reduce(Action::Offer(false));
    assert_eq!((refused.form.draft.text("app"), &refused.kept.offer), ("theirs", &None));
    assert_eq!(State::first(None, "v=1&app=mine", kept()).kept.offer, None, "it is the same");
    assert!(!State::first(None, "", None).kept.keeps);
}

#[test]
fn what_changes_nothing_derives_nothing() {
    let state = after([typed("app", "x")]);
    let next = Rc::clone(&state).reduce(typed("app", "x"));
    assert!(Rc::ptr_eq(&state.preview.sheet, &next.preview.sheet));
}

#[test]
fn an_import_is_one_step_that_can_be_undone() {
    let before = after([typed("app", "mine"), Action::Leave("app")]);
    let mut taken = Draft::default();
    taken.set_text("run.port", "8080");
    taken.set_text("repo.url", "https://github.com/usil/foo");
    taken.set_rows("run.env", vec![Row::new(0, "A", "1"), Row::new(1, "API_TOKEN", "hunter2")]);
    let state = before.clone().reduce(Action::Import(Goes::Besides, taken));
    assert_eq!((state.form.draft.text("app"), state.form.draft.text("run.port")), ("mine", "8080"));
    assert!(state.view.said.contains("API_TOKEN"), "{}", state.view.said);
    assert!(!state.address.link.text.contains("hunter2"));
    assert!(!state.view.visited.contains(&"box.region"), "nobody is told of what the import does not name");
    let undone = state.clone().reduce(Action::Turn(Turn::Undo));
    assert_eq!(undone.form.draft, before.form.draft);
    assert_eq!(undone.reduce(Action::Turn(Turn::Redo)).form.draft, state.form.draft);
}

#[test]
fn the_annex_is_fetched_once_and_again_after_a_failure() {
    let state = after([Action::Open(Door::Cost)]);
    assert_eq!((&state.annex.access, &*state.annex.opened), (&Access::Fetching, &vec![Door::Cost]));
    let state = state.reduce(Action::Fetched(Err("offline".into())));
    assert_eq!((&state.annex.access, &*state.view.said), (&Access::Failed("offline".into()), "offline"));
    let state = state.reduce(Action::NeedAnnex);
    assert_eq!(state.annex.access, Access::Fetching);
    let state = state.reduce(Action::Fetched(Ok(()))).reduce(Action::Open(Door::Steps));
    assert_eq!((&state.annex.access, &*state.annex.opened), (&Access::Open, &vec![Door::Cost, Door::Steps]));
    let state = state.reduce(Action::Shut(Door::Steps, "another version".into()));
    assert_eq!(state.annex.shut, Some((Door::Steps, "another version".into())));
    assert_eq!(&*state.view.said, "another version");
}
