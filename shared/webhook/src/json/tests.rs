//! Against `serde_json` as the judge.

use std::borrow::Cow;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::Value;

use super::*;

#[derive(Debug, Default)]
struct Body<'a> {
    text: Text<'a>,
    flag: Option<bool>,
    count: Option<u64>,
    inner: Option<Box<Body<'a>>>,
    texts: Option<Vec<Text<'a>>>,
    bodies: Option<Vec<Body<'a>>>,
}

impl<'a> Fields<'a> for Body<'a> {
    fn field(&mut self, key: &str, json: &mut Json<'a>) -> Result<bool, Broken> {
        match key {
            "text" => self.text = json.text()?,
            "flag" => self.flag = json.flag()?,
            "count" => self.count = json.count()?,
            "inner" => self.inner = json.object()?.map(Box::new),
            "texts" => {
                let mut texts = Vec::new();
                self.texts = each_text(json.raw()?, |text| texts.push(text)).then_some(texts);
            }
            "bodies" => self.bodies = json.objects()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[track_caller]
fn check(body: &str, expect: &Expect) {
    expect.assert_eq(&match read::<Body<'_>>(body) {
        Ok(body) => format!("{body:?}"),
        Err(message) => message,
    });
}

#[test]
fn wrong_types_count_as_missing() {
    check(
        r#" { "text" : "a", "flag":true,"count":3,"inner":{"text":"b"},"texts":["c",4] } "#,
        &expect![[
            r#"Body { text: Is("a"), flag: Some(true), count: Some(3), inner: Some(Body { text: Is("b"), flag: None, count: None, inner: None, texts: None, bodies: None }), texts: Some([Is("c"), Missing]), bodies: None }"#
        ]],
    );
    check(
        r#"{"text":null,"flag":"true","count":-1,"inner":["b"],"texts":{"c":4}}"#,
        &expect!["Body { text: Null, flag: None, count: None, inner: None, texts: None, bodies: None }"],
    );
}

#[test]
fn every_type_is_accepted_in_every_place() {
    let values = [
        "null",
        "true",
        "7",
        "-7",
        "1.5e9",
        "1e999",
        "\"x\"",
        "\"\\n\"",
        "[]",
        "[1,[2]]",
        "{}",
        r#"{"a":{"b":[]}}"#,
    ];
    for value in values {
        for field in ["text", "flag", "count", "inner", "texts", "bodies", "other"] {
            read::<Body<'_>>(&format!("{{\"{field}\":{value}}}")).unwrap();
        }
    }
}

#[test]
fn escapes_are_undone() {
    check(
        r#"{"text":"a\"\\\u00e9\ud83d\ude80\n","flag":true}"#,
        &expect![[
            r#"Body { text: Is("a\\\"\\\\\\u00e9\\ud83d\\ude80\\n"), flag: Some(true), count: None, inner: None, texts: None, bodies: None }"#
        ]],
    );
    // Half of a character is none.
    check(
        r#"{"text":"\ud800","\ud800":1}"#,
        &expect![[
            r#"Body { text: Is("\\ud800"), flag: None, count: None, inner: None, texts: None, bodies: None }"#
        ]],
    );
}

#[test]
fn strings_are_borrowed() {
    let body: Body<'_> = read(r#"{"text":"a"}"#).unwrap();
    assert!(matches!(body.text.get(), Some(Cow::Borrowed("a"))));
}

#[test]
fn what_is_no_object_says_what_it_is() {
    check("", &expect!["found an empty body"]);
    check("[]", &expect!["found JSON that is not an object"]);
    check("null", &expect!["found JSON that is not an object"]);
    check(
        "{\"text\":",
        &expect![
            "found something else: EOF while parsing a value at line 1 column 8; it may have been cut off or changed on the way"
        ],
    );
    check(
        "payload=1",
        &expect![
            "found something else: expected value at line 1 column 1; it may have been cut off or changed on the way"
        ],
    );
    check(
        "{} {}",
        &expect![
            "found something else: trailing characters at line 1 column 4; it may have been cut off or changed on the way"
        ],
    );
    check(
        "\u{feff}{}",
        &expect!["Body { text: Missing, flag: None, count: None, inner: None, texts: None, bodies: None }"],
    );
}

/// Of what is skipped only the brackets are looked at, wherever they are in it.
#[test]
fn brackets_that_do_not_fit_are_an_error() {
    for before in 0..70 {
        let skipped = |value: &str| format!("{{\"other\":{}{value}}}", " ".repeat(before));
        for good in ["[{}]", r#"{"a":["]}"]}"#, r#"["\\",{"\\\"":"]"}]"#, "[[],[]]"] {
            assert!(read::<Body<'_>>(&skipped(good)).is_ok(), "{before} {good}");
        }
        for bad in ["[}", "{]", "[{]}", "[[]", "[]]", r#"["]"#, r#"["\"]"#, "{\"a\":[}]"] {
            assert!(read::<Body<'_>>(&skipped(bad)).is_err(), "{before} {bad}");
        }
    }
}

#[test]
fn deep_nesting_is_an_error_wherever_it_is() {
    for field in ["text", "flag", "count", "inner", "texts", "bodies", "other"] {
        for (open, close) in [("[", "]"), ("{\"inner\":", "}"), ("[{\"bodies\":", "}]")] {
            // One level is the object around it.
            let nested = |levels: usize| {
                let n = (levels - 1) / close.len();
                let (open, close) = (open.repeat(n), close.repeat(n));
                format!("{{\"{field}\":{open}0{close}}}")
            };
            let most = 1 + 127 / close.len() * close.len();
            assert!(read::<Body<'_>>(&nested(most)).is_ok(), "{field} {open}");
            for more in [most + close.len(), 10_001] {
                let message = read::<Body<'_>>(&nested(more)).unwrap_err();
                assert_eq!(
                    message,
                    "found JSON nested more than 128 levels deep, which no git provider sends"
                );
            }
        }
    }
}

/// A push of many commits is no deep one.
#[test]
fn what_lies_side_by_side_is_not_nested() {
    for value in ["{}", r#"{"inner":{}}"#, "[]", "[{}]", r#"[{"bodies":[]}]"#, "[[],[]]"] {
        for field in ["inner", "texts", "bodies", "other"] {
            let fields = vec![format!("\"{field}\":{value}"); 200].join(",");
            let bodies = vec![value; 200].join(",");
            read::<Body<'_>>(&format!("{{{fields},\"{field}\":[{bodies}]}}")).unwrap();
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\"\\\\a{}:,\\[\\]]{0,70}".prop_map(Value::from),
    ];
    let key = prop_oneof!["text|flag|count|inner|texts|bodies", any::<String>()];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[track_caller]
fn agree(found: &Body<'_>, value: &Value) {
    let text = |found: &Text<'_>, value: Option<&Value>| match value {
        Some(Value::Null) => assert_eq!(*found, Text::Null),
        Some(Value::String(text)) => {
            assert!(matches!(found, Text::Is(_)));
            assert_eq!(found.owned().unwrap_or_default(), *text);
            assert_eq!(found.is(text), !text.is_empty());
            assert!(!found.is(&format!("{text}x")));
        }
        _ => assert_eq!(*found, Text::Missing),
    };
    text(&found.text, value.get("text"));
    assert_eq!(found.flag, value.get("flag").and_then(Value::as_bool));
    assert_eq!(found.count, value.get("count").and_then(Value::as_u64));
    match value.get("texts").and_then(Value::as_array) {
        None => assert!(found.texts.is_none()),
        Some(values) => {
            let texts = found.texts.as_ref().unwrap();
            assert_eq!(texts.len(), values.len());
            texts.iter().zip(values).for_each(|(found, value)| text(found, Some(value)));
        }
    }
    match value.get("bodies").and_then(Value::as_array) {
        None => assert!(found.bodies.is_none()),
        Some(values) => {
            let bodies = found.bodies.as_ref().unwrap();
            assert_eq!(bodies.len(), values.len());
            bodies.iter().zip(values).for_each(|(found, value)| agree(found, value));
        }
    }
    match value.get("inner").filter(|inner| inner.is_object()) {
        None => assert!(found.inner.is_none()),
        Some(inner) => agree(found.inner.as_ref().unwrap(), inner),
    }
}

proptest! {
    #[test]
    fn it_reads_what_serde_json_reads(value in any_json()) {
        for body in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            match read::<Body<'_>>(&body) {
                Ok(found) => agree(&found, &value),
                Err(message) => {
                    prop_assert!(!value.is_object());
                    prop_assert_eq!(message, "found JSON that is not an object");
                }
            }
        }
    }

    /// Whatever is broken for `serde_json` in its structure is broken here.
    #[test]
    fn cut_off_bodies_are_refused(value in any_json(), cut in 0.0..1.0) {
        let body = serde_json::to_string(&serde_json::json!({ "text": value })).unwrap();
        let mut at = (body.len() as f64 * cut) as usize;
        while !body.is_char_boundary(at) {
            at -= 1;
        }
        prop_assert!(read::<Body<'_>>(&body[..at]).is_err());
    }

    #[test]
    fn no_text_is_too_strange(body in "[{}\\[\\]\":,\\\\tnul0-9 é\n-]{0,40}") {
        let ours = read::<Body<'_>>(&body);
        let theirs = serde_json::from_str::<serde_json::Map<String, Value>>(&body);
        prop_assert!(ours.is_ok() || theirs.is_err(), "{body:?} is an object, but {ours:?}");
    }
}
