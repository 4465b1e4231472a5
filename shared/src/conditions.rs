//! `#if feature` … `#end` in the files that scripts and templates are made from: which of their lines stay.
//!
//! `#if no feature` keeps lines where the feature is off. What depends on an unknown feature goes.

/// The `#if`s that are open. `T` is what the caller knows of a feature.
pub(crate) struct Conditions<F, T> {
    /// The feature of a name, and whether it is on.
    judge: F,
    /// Of each its feature, and whether its lines stay.
    open: Vec<(Option<T>, bool)>,
}

impl<F: Fn(&str) -> Option<(T, bool)>, T> Conditions<F, T> {
    pub(crate) fn new(judge: F) -> Conditions<F, T> {
        Conditions { judge, open: Vec::new() }
    }

    /// Whether the line opens or closes a condition, and so is none of the text's own.
    pub(crate) fn take(&mut self, line: &str) -> bool {
        let line = line.trim_start();
        if let Some(words) = line.strip_prefix("#if ") {
            let (name, wanted) = words.strip_prefix("no ").map_or((words, true), |name| (name, false));
            let condition = (self.judge)(name).map(|(feature, is_on)| (Some(feature), is_on == wanted));
            self.open.push(condition.unwrap_or((None, false)));
            return true;
        }
        let closes = line == "#end";
        if closes {
            self.open.pop();
        }
        closes
    }

    /// Whether the lines here stay.
    pub(crate) fn hold(&self) -> bool {
        self.open.iter().all(|(_, keep)| *keep)
    }

    /// The features that the lines here depend on, the innermost first.
    pub(crate) fn features(&self) -> impl Iterator<Item = &T> {
        self.open.iter().rev().filter_map(|(feature, _)| feature.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_where_their_features_are_on() {
        let text = "a\n#if x\nb\n  #if no y\nc\n  #end\n#end\n#if no x\nd\n#end\n#if z\ne\n#end\n#if no z\nf\n#end\ng";
        for (x, y, stay) in [(true, true, "abg"), (true, false, "abcg"), (false, true, "adg")] {
            let mut conditions = Conditions::new(|name: &str| match name {
                "x" => Some(((), x)),
                "y" => Some(((), y)),
                _ => None,
            });
            let kept: String =
                text.lines().filter(|line| !conditions.take(line) && conditions.hold()).collect();
            assert_eq!(kept, stay);
        }
    }

    #[test]
    fn the_innermost_feature_is_first() {
        let mut conditions = Conditions::new(|name: &str| (name != "z").then(|| (name.to_string(), true)));
        for line in ["#if x", "#if y", "#if z"] {
            conditions.take(line);
        }
        assert_eq!(conditions.features().collect::<Vec<_>>(), ["y", "x"]);
    }
}
