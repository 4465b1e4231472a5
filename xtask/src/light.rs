//! Style and JavaScript without what only a reader needs: comments that have lines of their own, and indentation.

/// The text must have no literal that goes over a line's end.
pub(crate) fn light(text: &str) -> String {
    let mut light = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            light.push_str(line);
            light.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    light
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_with_lines_of_their_own_and_indentation_go() {
        let script = "// Adds.\nfunction add() {\n\n  /* One.\n   * Two. */\n  const site = \"http://x\"; // Stays.\n}\n/** Three. */\nadd();\n";
        assert_eq!(light(script), "function add() {\nconst site = \"http://x\"; // Stays.\n}\nadd();\n");
    }
}
