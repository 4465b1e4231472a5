//! Which parts of a text are comments, strings and the like. The parts join to the text they came from.

mod bash;
mod data;
mod scan;

use pushbox_shared::export::Language;

pub use scan::Kind;
use scan::Scan;

/// Lines of parts; each line ends with its newline.
pub fn lines(text: &str, language: Language) -> Vec<Vec<(Kind, String)>> {
    let mut lines = vec![Vec::new()];
    for (kind, part) in parts(text, language) {
        for piece in part.split_inclusive('\n') {
            if let Some(line) = lines.last_mut() {
                line.push((kind, piece.to_string()));
            }
            if piece.ends_with('\n') {
                lines.push(Vec::new());
            }
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

pub fn parts(text: &str, language: Language) -> Vec<(Kind, &str)> {
    let mut scan = Scan::new(text);
    match language {
        Language::Bash => bash::scan(&mut scan),
        Language::Json => data::json(&mut scan),
        Language::Yaml => data::yaml(&mut scan),
        Language::Hcl => data::hcl(&mut scan),
    }
    scan.into_parts()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, language: Language, expected: &Expect) {
        let shown: Vec<String> = parts(text, language)
            .into_iter()
            .filter(|(kind, _)| *kind != Kind::Plain)
            .map(|(kind, part)| format!("{kind:?} {part:?}\n"))
            .collect();
        expected.assert_eq(&shown.concat());
    }

    #[test]
    fn a_script() {
        check(
            "#!/bin/bash\nset -e # why\nif [ \"$x\" = 'a b' ]; then echo ${y:-1} a#b done-it; fi\ncat <<'EOF' >f\nit's\nEOF\ndone\n",
            Language::Bash,
            &expect![[r##"
                Comment "#!/bin/bash"
                Keyword "set"
                Comment "# why"
                Keyword "if"
                Text "\""
                Variable "$x"
                Text "\""
                Text "'a b'"
                Keyword "then"
                Variable "${y:-1}"
                Keyword "fi"
                Keyword "<<'EOF'"
                Text "it's\n"
                Keyword "EOF"
                Keyword "done"
            "##]],
        );
    }

    #[test]
    fn a_config() {
        check(
            r#"{"a": "b\"c", "n": -1.5, "f": true}"#,
            Language::Json,
            &expect![[r#"
                Variable "\"a\""
                Text "\"b\\\"c\""
                Variable "\"n\""
                Number "-1.5"
                Variable "\"f\""
                Keyword "true"
            "#]],
        );
    }

    #[test]
    fn a_template() {
        check(
            "# why\nResources:\n  Function: # here\n    Type: AWS::Lambda::Function\n    Size: 128\n    - Name: \"a \\\" b\"\n      Role: !Sub '${X}'\n    On: true\n",
            Language::Yaml,
            &expect![[r##"
                Comment "# why"
                Variable "Resources"
                Variable "Function"
                Comment "# here"
                Variable "Type"
                Variable "Size"
                Number "128"
                Variable "Name"
                Text "\"a \\\" b\""
                Variable "Role"
                Keyword "!Sub"
                Text "'${X}'"
                Variable "On"
                Keyword "true"
            "##]],
        );
    }

    #[test]
    fn a_module() {
        check(
            "# why\nresource \"aws_x\" \"y\" { // and\n  name = \"a-${var.b}\"\n  size = 12\n  on   = true\n  text = <<-EOT\n    a = 1\n    EOT\n}\n",
            Language::Hcl,
            &expect![[r##"
                Comment "# why"
                Keyword "resource"
                Text "\"aws_x\""
                Text "\"y\""
                Comment "// and"
                Variable "name"
                Text "\"a-${var.b}\""
                Variable "size"
                Number "12"
                Variable "on"
                Keyword "true"
                Variable "text"
                Keyword "<<-EOT"
                Text "    a = 1\n"
                Keyword "    EOT"
            "##]],
        );
    }

    const LANGUAGES: [Language; 4] = [Language::Bash, Language::Json, Language::Yaml, Language::Hcl];

    /// Lines of up to so many characters of which each may mean something, to somebody.
    const HOSTILE: &str = "[a-z$\"'\\\\#<E{}:=/!\n 🙂-]|\u{202e}|\u{2066}|\u{2069}|\u{0}|\u{1b}|\r|\u{feff}|\u{301}|</script>|<<-?'?EOF'?\n|\\$\\{|'|\"\"\"";

    #[test]
    fn five_megabytes_without_an_end_are_coloured_in_one_pass() {
        for start in ["'", "\"", "<<EOF\n", "${", "<<-A\n", "\\\"", "{\"a\": \"", "/*"] {
            let text = format!("{start}{}", "x\u{202e}\n\\".repeat(1 << 20));
            for language in LANGUAGES {
                let length: usize = parts(&text, language).iter().map(|(_, part)| part.len()).sum();
                assert_eq!(length, text.len(), "{start:?} as {language:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_parts_of_hostile_input_join_to_it(pieces in proptest::collection::vec(HOSTILE, 0..60)) {
            let text = pieces.concat();
            for language in LANGUAGES {
                let joined: String = parts(&text, language).into_iter().map(|(_, part)| part).collect();
                proptest::prop_assert_eq!(&joined, &text);
            }
        }

        #[test]
        fn the_parts_join_to_the_text(text in "[a-z$\"'\\\\#<E{}:=/!\n 🙂-]*") {
            for language in LANGUAGES {
                let joined: String = parts(&text, language).into_iter().map(|(_, part)| part).collect();
                proptest::prop_assert_eq!(&joined, &text);
                let joined: String = lines(&text, language).into_iter().flatten().map(|(_, part)| part).collect();
                proptest::prop_assert_eq!(&joined, &text);
            }
        }
    }
}
