//! The number that a person typed, as JSON has it. Ours, because a reader of JSON brings tables for numbers of any size, which weigh
//! much in the page.

use serde_json::Number;

/// What JSON takes for a number and a config can need: up to 15 digits, and a power of ten that a float holds exactly.
pub(super) fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let is_json = are_digits(whole) && are_digits(fraction) && (whole == "0" || !whole.starts_with('0'));
    if !is_json {
        return None;
    }
    // A zero with a sign is a float.
    if let Some(integer) = text.parse::<i64>().ok().filter(|integer| *integer != 0 || text == "0") {
        return Some(integer.into());
    }
    let digits: u64 = format!("{whole}{fraction}").parse().ok().filter(|digits| *digits < 10_u64.pow(15))?;
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = powers_of_ten().nth(usize::try_from(exponent.unsigned_abs()).ok()?)?;
    let size = if exponent < 0 { digits as f64 / power } else { digits as f64 * power };
    Number::from_f64(if unsigned == text { size } else { -size })
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Those that a float holds exactly, so that one division or product rounds once.
fn powers_of_ten() -> impl Iterator<Item = f64> {
    std::iter::successors(Some(1.0), |power| Some(power * 10.0)).take(23)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn it_says_what_serde_json_says(text in "-?[0-9]{0,8}([.][0-9]{0,5})?([eE][+-]?[0-9]{0,1})?|[-+.eE0-9x]{0,3}") {
            let theirs = serde_json::from_str::<Number>(&text).ok();
            proptest::prop_assert_eq!(number(&text), theirs, "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*|-?[0-9]*[.]?[0-9]*e?-?[0-9]*") {
            number(&text);
        }
    }
}
