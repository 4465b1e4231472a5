//! A delivery as the `curl` command that sends it.

use pushbox_shared::http::Headers;
use pushbox_shared::user_data::quote;

use super::delivery::{Body, Delivery};
use crate::model::header_text;

/// The file in which a body is that no word of a shell can hold.
pub const BODY_FILE: &str = "b.bin";

impl Delivery {
    /// Sends it to the function whose URL is in `$FUNCTION_URL`. An error says which line of the headers is none.
    pub fn curl(&self) -> Result<String, String> {
        let headers = header_text::read(&self.headers)?;
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        // In double quotes the variable is put in; what is behind it is quoted apart.
        let mut command = format!(
            "curl --silent --show-error -X {} \"${{FUNCTION_URL%/}}\"{}",
            self.method(),
            quote(&format!("/hook{query}"))
        );
        for (name, value) in firsts(&headers) {
            // To curl `Name:` is a header to leave out, and `Name;` an empty one.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            command += &format!(" \\\n  -H {}", quote(&header));
        }
        if self.method() == "POST" {
            // Without one, curl would send the content type of a form.
            if headers.get("content-type").is_none() {
                command += " \\\n  -H 'content-type:'";
            }
            command += &format!(" \\\n  --data-binary {}", self.data());
        }
        Ok(command)
    }

    fn data(&self) -> String {
        match &self.body {
            // A word that begins with @ is a file to curl.
            Body::Text(text) if !text.starts_with('@') => quote(text),
            body => match std::str::from_utf8(body.bytes()) {
                Ok(text) if !text.contains('\0') && !text.starts_with('@') => quote(text),
                _ => format!("@{BODY_FILE}"),
            },
        }
    }

    /// Whether the command takes the body from [`BODY_FILE`].
    pub fn needs_body_file(&self) -> bool {
        self.data() == format!("@{BODY_FILE}")
    }
}

/// The first of each name, which is the one that counts.
fn firsts(headers: &Headers) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter(|(name, value)| headers.get(name) == Some(*value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(delivery: &Delivery, expect: &Expect) {
        expect.assert_eq(&(delivery.curl().unwrap() + "\n"));
    }

    #[test]
    fn a_post_has_its_body_byte_for_byte() {
        let delivery = Delivery {
            headers: "X-GitHub-Event: push\nX-Empty:\nContent-Type: application/json".into(),
            body: Body::Text("{\"message\": \"it's\"}".into()),
            ..Delivery::default()
        };
        check(
            &delivery,
            &expect![[r#"
                curl --silent --show-error -X POST "${FUNCTION_URL%/}"/hook \
                  -H 'x-github-event: push' \
                  -H 'x-empty;' \
                  -H 'content-type: application/json' \
                  --data-binary '{"message": "it'\''s"}'
            "#]],
        );
        let with_cr = Body::File { name: "b".into(), bytes: b"a\r\n".as_slice().into() };
        check(
            &Delivery { body: with_cr, headers: "".into(), ..delivery.clone() },
            &expect![[r#"
                curl --silent --show-error -X POST "${FUNCTION_URL%/}"/hook \
                  -H 'content-type:' \
                  --data-binary $'a\r
                '
            "#]],
        );
        for bytes in [b"\xff".as_slice(), b"a\0b", b"@b.bin"] {
            let body = Body::File { name: "b".into(), bytes: bytes.into() };
            let delivery = Delivery { body, ..delivery.clone() };
            assert!(delivery.needs_body_file() && delivery.curl().unwrap().ends_with("--data-binary @b.bin"));
        }
    }

    #[test]
    fn a_get_has_its_query() {
        let delivery = Delivery { query: "payload=%7B%7D&a=b".into(), ..Delivery::default() };
        check(
            &delivery,
            &expect![[r#"
                curl --silent --show-error -X GET "${FUNCTION_URL%/}"'/hook?payload=%7B%7D&a=b'
            "#]],
        );
    }

    #[test]
    fn what_is_no_header_is_named() {
        let delivery = Delivery { headers: "nonsense".into(), ..Delivery::default() };
        assert!(delivery.curl().unwrap_err().contains("line 1"));
    }
}
