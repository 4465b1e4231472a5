//! Real bash reads back every value as it was.

use crate::sandbox::find;
use proptest::prelude::*;
use pushbox_shared::user_data::quote;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::{env, fs};

/// Bash reads the script from its standard input and has no command to run but its own.
pub(crate) fn bash(script: &str) -> Vec<u8> {
    let mut child = Command::new(find("bash"))
        .env_clear()
        .env("PATH", "/nowhere")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    output.stdout
}

pub(crate) fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>().prop_map(|text| text.replace('\0', "")),
        r#"[ -~\n]{0,20}"#,
        r#"['"\\$`\n\r\t\x01\x7f!~=*{}()\[\]#;&|<> a🚀é]{0,12}"#,
        r"[\x01-\x20\x7f-\u{a0}]{0,6}",
        Just("$(exit 3)".to_owned()),
        Just("';exit 3;'".to_owned()),
        Just("\n}\nexit 3\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Ten thousand of them.
    #[test]
    fn bash_reads_back_every_text(texts in prop::collection::vec(hostile(), 50)) {
        let mut script = "set -eu\n".to_owned();
        for text in &texts {
            let word = quote(text);
            script.push_str(&format!("value={word}\nlist=(--env {word})\nprintf '%s\\0' \"${{value}}\" \"${{list[1]}}\" {word}\n"));
        }
        let expected: String = texts.iter().map(|text| format!("{text}\0{text}\0{text}\0")).collect();
        prop_assert_eq!(String::from_utf8(bash(&script)).unwrap(), expected);
    }
}

/// Each of them twice: among its neighbours, and among those with a control character, which are quoted in another way.
#[test]
fn bash_reads_back_every_character() {
    let all: Vec<char> = ('\u{1}'..=char::MAX).collect();
    assert_eq!(all.len(), 0x11_0000 - 0x800 - 1, "every scalar of Unicode but NUL");
    let texts: Vec<String> = all
        .chunks(256)
        .flat_map(|some| {
            let some = String::from_iter(some);
            [format!("\u{1}{some}"), some]
        })
        .collect();
    let words: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    // From a file: what bash reads from a pipe it reads byte by byte.
    let file = env::temp_dir().join(format!("pushbox-characters-{}", std::process::id()));
    fs::write(&file, format!("printf '%s\\0' \\\n{}\n", words.join(" \\\n"))).unwrap();
    let output = Command::new(find("bash")).env_clear().arg(&file).output().unwrap();
    fs::remove_file(&file).unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = found.split_terminator('\0').collect();
    assert_eq!(found.len(), texts.len());
    for (found, text) in found.into_iter().zip(&texts) {
        assert_eq!(found, text);
    }
}
