//! Several texts as one, whatever is in them: each is its length in bytes, a colon, and itself. So a draft and what was pasted
//! go where there is room for one text, and the page needs no reader of JSON for them.

pub fn join<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for text in texts {
        joined.push_str(&text.len().to_string());
        joined.push(':');
        joined.push_str(text);
    }
    joined
}

/// What [`join`] made, up to the first text that is not understood.
pub fn split(joined: &str) -> impl Iterator<Item = &str> {
    let mut rest = joined;
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_once(':')?;
        let (text, others) = behind.split_at_checked(length.parse().ok()?)?;
        rest = others;
        Some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_is_left_out() {
        assert_eq!(split("1:a2:b").collect::<Vec<_>>(), ["a"]);
        assert_eq!(split("1:🙂").count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn any_texts_come_back(texts: Vec<String>) {
            let joined = join(texts.iter().map(String::as_str));
            proptest::prop_assert_eq!(split(&joined).collect::<Vec<_>>(), texts);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9:a🙂]*") {
            split(&text).for_each(drop);
        }
    }
}
