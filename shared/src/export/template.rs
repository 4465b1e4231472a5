//! Templates that are real files, so that their own linters read them: `#if feature` … `#end` keeps lines, and
//! `{{name}}` is a value, which has gone through the quoting of its language.

use crate::conditions::Conditions;

/// A template, filled in. The lines of a value that has several are indented as its first. What is in a value is never a name
/// itself.
pub(super) fn fill(template: &str, features: &[(&str, bool)], values: &[(&str, String)]) -> String {
    let known = |name: &str| features.iter().find(|(known, _)| *known == name);
    let mut conditions = Conditions::new(|name: &str| known(name).map(|(_, is_on)| ((), *is_on)));
    let mut filled = String::with_capacity(template.len() * 2);
    for line in template.lines() {
        if !conditions.take(line) && conditions.hold() {
            fill_line(line, values, &mut filled);
            filled.push('\n');
        }
    }
    filled
}

fn fill_line(line: &str, values: &[(&str, String)], filled: &mut String) {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    let mut rest = line;
    while let Some((before, name, after)) = split(rest) {
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        filled.push_str(&value.replace('\n', &format!("\n{indent}")));
        rest = after;
    }
    filled.push_str(rest);
}

fn split(line: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = line.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name, after))
}

/// The names that a template uses, and the features, to be checked against those that there are.
#[cfg(test)]
pub(super) fn used(template: &str) -> (Vec<&str>, Vec<&str>) {
    let features = template.lines().filter_map(|line| line.trim_start().strip_prefix("#if "));
    let names = template.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name);
    (names.collect(), features.map(|words| words.strip_prefix("no ").unwrap_or(words)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_place_and_names_nothing() {
        let values = [("one", "{{two}}".to_string()), ("two", "{\n  x\n}".to_string())];
        assert_eq!(fill("  a: {{one}} {{two}}", &[], &values), "  a: {{two}} {\n    x\n  }\n");
    }
}
