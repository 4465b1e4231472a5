use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::secret_names::is_secret_name;

/// Links that were once given to people, and what they must say for ever. Add to these; change none.
const FOR_EVER: [(&str, &str); 6] = [
    (
        "v=1&repo.url=https://github.com/usil/foo.git&run.port=8080&run.env.bar=baz",
        r#"{"repo":{"url":"https://github.com/usil/foo.git"},"run":{"port":8080,"env":[{"name":"bar","value":"baz"}]}}"#,
    ),
    (
        "v=1&app=my_app&repo.url=git@gitlab.com:usil/foo.git&repo.refs=refs/heads/main&repo.refs=refs/tags/v*&repo.submodules=true&repo.auth=deploy-key",
        r#"{"app":"my_app","repo":{"url":"git@gitlab.com:usil/foo.git","refs":["refs/heads/main","refs/tags/v*"],"submodules":true,"auth":"deploy-key"}}"#,
    ),
    (
        "v=1&build.args.VERSION=1.2&run.env.GREETING=hello+%2Bworld%26%0Atwo&run.secret=DB_PASSWORD&run.env.A%3DB=c=d",
        r#"{"build":{"args":{"VERSION":"1.2"}},"run":{"env":[{"name":"GREETING","value":"hello +world&\ntwo"},{"name":"DB_PASSWORD","secret":true},{"name":"A=B","value":"c=d"}]}}"#,
    ),
    (
        "v=1&box.types=t4g.micro&box.types=t3.micro&box.spot=fallback&webhook.skip_markers=false&function.budget_usd=12.5&run.domain=%C3%A4.example.org",
        r#"{"box":{"types":["t4g.micro","t3.micro"],"spot":"fallback"},"webhook":{"skip_markers":false},"function":{"budget_usd":12.5},"run":{"domain":"ä.example.org"}}"#,
    ),
    ("app=by_hand&&run.port=eighty", r#"{"app":"by_hand","run":{"port":"eighty"}}"#),
    ("v=1&tab=json", "{}"),
];

#[test]
fn old_links_say_for_ever_what_they_said() {
    for (link, expected) in FOR_EVER {
        let opened = read(link);
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!((opened.draft.document(), opened.problems), (expected, vec![]), "{link}");
    }
    assert_eq!(read("v=1&tab=json").tab.map(Tab::id), Some("json"));
}

#[test]
fn a_link_is_readable() {
    let mut draft = Draft::default();
    draft.set_text("repo.url", "https://github.com/usil/foo.git");
    draft.set_text("repo.refs", "refs/heads/main\nrefs/tags/v*");
    draft.set_text("run.port", "3000");
    draft.set_flag("repo.submodules", false);
    draft.set_rows("run.env", vec![Row::new(0, "bar", "b a+z é"), Row::new(1, "", "")]);
    assert_eq!(
        write(&draft, Tab::Script).text,
        "v=1&repo.url=https://github.com/usil/foo.git&repo.refs=refs/heads/main&repo.refs=refs/tags/v*&run.env.bar=b+a%2Bz+%C3%A9"
    );
    assert_eq!(write(&Draft::default(), Tab::Script), Link::default());
    assert_eq!(write(&Draft::default(), Tab::Config).text, "v=1&tab=json");
}

#[test]
fn a_link_ends_with_what_no_chat_cuts_off() {
    let mut draft = Draft::default();
    draft.set_text("app", "foo.");
    assert_eq!(write(&draft, Tab::Script).text, "v=1&app=foo%2E");
}

#[test]
fn no_secret_is_in_a_link() {
    let mut draft = Draft::default();
    draft.set_text("repo.url", "https://someone:hunter2@github.com/usil/foo");
    draft.set_rows("build.args", vec![Row::new(0, "NPM_TOKEN", "hunter2"), Row::new(1, "A", "1")]);
    draft.set_rows(
        "run.env",
        vec![
            Row { secret: true, ..Row::new(0, "MARKED", "hunter2") },
            Row::new(1, "API_KEY", "hunter2"),
            Row::new(2, "DATABASE_URL", "postgres://a:hunter2@db/app"),
            Row { decided: true, ..Row::new(3, "SORT_BY_KEY", "name") },
        ],
    );
    let link = write(&draft, Tab::Script);
    assert_eq!(
        link.text,
        "v=1&build.args.A=1&run.secret=MARKED&run.secret=API_KEY&run.secret=DATABASE_URL&run.env.SORT_BY_KEY=name"
    );
    assert_eq!(link.left_out, ["Repository URL", "NPM_TOKEN", "MARKED", "API_KEY", "DATABASE_URL"]);
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_else_is_lost() {
    let opened = read(
        "v=2&app=foo&colour=red&run.env.A=%ff&run.env=1&repo.submodules=yes&word&tab=x&run.port=1&run.port=2&run.env.B=b",
    );
    assert_eq!(
        opened.draft.document(),
        json!({"app": "foo", "run": {"port": 2, "env": [{"name": "B", "value": "b"}]}})
    );
    let problems: Vec<String> = opened.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "v: the link is of a later page (expected version 1, found 2), so check what was taken from it, or reload this page for a newer one",
            "colour: is not a field, so it was left out",
            "run.env.A: expected UTF-8 with %25 for every %, found \"%ff\"",
            "run.env: expected run.env.NAME=value, found no name",
            "repo.submodules: expected true or false, found \"yes\"",
            "word: expected name=value, found \"word\"",
            "tab: expected the name of a file, found \"x\"",
            "run.port: is there twice; the last one was taken",
        ]
    );
}

#[test]
fn a_link_holds_five_hundred_variables() {
    let mut draft = Draft::default();
    draft.set_rows(
        "run.env",
        (0..500).map(|at| Row::new(at, &format!("SETTING_{at}"), "some value")).collect(),
    );
    let link = write(&draft, Tab::Script);
    assert!(link.text.len() > LONG);
    assert_eq!(read(&link.text).draft, draft);
}

#[test]
fn parts_of_the_page_are_no_links() {
    for part in ["", "page", "steps", "tryout"] {
        assert!(!is_link(part), "{part}");
    }
    assert!(is_link("v=1"));
}

/// Anything that may be in a link.
fn a_draft() -> impl Strategy<Value = Draft> {
    let row = |(name, value, secret): (String, String, bool)| {
        let value = if secret { String::new() } else { value };
        (Row { secret, decided: true, ..Row::new(0, &name, &value) }, secret)
    };
    let variable = ("[A-Za-z_.=& é%+]{1,6}", any::<String>(), any::<bool>()).prop_map(row);
    let argument = ("[A-C_.=]{1,4}", "[ -~]{0,9}").prop_map(|(name, value)| Row::new(0, &name, &value));
    let texts = proptest::collection::vec((0..FIELDS.len(), "[^\n]{1,9}(\n[^\n]{0,9}){0,2}"), 0..6);
    let rows = proptest::collection::vec(variable, 0..4);
    (texts, any::<Option<bool>>(), rows, proptest::collection::vec(argument, 0..3)).prop_map(
        |(texts, flag, env, args)| {
            let mut draft = Draft::default();
            for (at, text) in texts {
                let is_text = !matches!(
                    (FIELDS[at].slot)(&mut Config::default()),
                    Slot::Flag(_) | Slot::Env(_) | Slot::Pairs(_)
                );
                if is_text && text != default_text(&FIELDS[at]) {
                    draft.set_text(FIELDS[at].path, &text);
                }
            }
            if flag == Some(true) {
                draft.set_flag("repo.submodules", true);
            }
            let numbered =
                |rows: Vec<Row>| (0..).zip(rows).map(|(id, row)| Row { id, ..row }).collect::<Vec<_>>();
            let args: Vec<Row> = args.into_iter().filter(|row| !is_secret_name(&row.name)).collect();
            for (path, rows) in
                [("run.env", env.into_iter().map(|(row, _)| row).collect()), ("build.args", args)]
            {
                if !rows.is_empty() {
                    draft.set_rows(path, numbered(rows));
                }
            }
            draft
        },
    )
}

/// Who decided what is secret is not in a link.
fn undecided(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    let rows =
        draft.rows("run.env").iter().map(|row| Row { decided: false, ..row.clone() }).collect::<Vec<_>>();
    if !rows.is_empty() {
        draft.set_rows("run.env", rows);
    }
    draft
}

proptest! {
    #[test]
    fn a_form_comes_back_from_its_link(draft in a_draft()) {
        let link = write(&draft, Tab::Script).text;
        prop_assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:@,*=+%&".contains(&byte)), "{link}");
        let opened = read(&link);
        prop_assert_eq!(opened.problems, vec![], "{}", link);
        prop_assert_eq!(opened.draft, undecided(&draft), "{}", link);
    }

    #[test]
    fn no_link_is_too_strange(link in "(([a-z.]{0,9}|run.env.[A-Z]|run.secret|repo.refs|%[0-9a-f]{0,2})[=&+%]?){0,9}", any in any::<String>()) {
        read(&link);
        read(&any);
    }
}
