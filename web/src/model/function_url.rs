//! The address of the installed function, which the script of a box holds but the config does not.

use pushbox_shared::config::quoted;

/// Without a slash at its end; nothing where nothing was typed.
pub fn read(typed: &str) -> Result<Option<String>, String> {
    let url = typed.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").unwrap_or_default();
    match url {
        "" => Ok(None),
        url if !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:/~".contains(&b)) =>
        {
            Ok(Some(url.to_string()))
        }
        url => Err(format!(
            "expected an address such as https://abc123.lambda-url.us-east-1.on.aws, found {}",
            quoted(url)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_https_address_is_taken() {
        assert_eq!(read(" "), Ok(None));
        assert_eq!(read("https://x.on.aws/ "), Ok(Some("https://x.on.aws".into())));
        for wrong in ["http://x", "https://", "https://a b", "x", "https://a'b"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
