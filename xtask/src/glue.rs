//! The JavaScript between browser and wasm: `wasm-bindgen` gives each of its functions a name with a hash. A hash does not compress,
//! and it stands in both files.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use wasm_bindgen_cli_support::Output;

/// Writes both files with short names.
pub(crate) fn write_short(output: &mut Output, folder: &Path, name: &str) -> Result<()> {
    let short = shorten(output);
    output.emit(folder).context("wasm-bindgen cannot bind the page")?;
    let path = folder.join(name).with_extension("js");
    let script = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let script = renamed(&lean(&script)?, &short);
    fs::write(&path, script).with_context(|| format!("cannot write {}", path.display()))
}

/// Gives what the two files call each other by its short name in the wasm, and says which is whose.
fn shorten(output: &mut Output) -> HashMap<String, String> {
    let wasm = output.wasm_mut();
    let imports = wasm.imports.iter_mut().map(|import| &mut import.name);
    let exports = wasm.exports.iter_mut().map(|export| &mut export.name);
    // The other exports are what `wasm-bindgen` and our own code call by their names.
    let exports = exports.filter(|name| name.starts_with("wasm_bindgen__convert__closures"));
    let name_it = |(at, name): (usize, &mut String)| {
        let short = format!("_{at}");
        (std::mem::replace(name, short.clone()), short)
    };
    imports.chain(exports).enumerate().map(name_it).collect()
}

/// The page starts in one way, and not from a wasm that is there already; what a panic says of a value of JavaScript need not
/// show all that is in it; and warnings of how it is started reach nobody.
fn lean(script: &str) -> Result<String> {
    let script = with_function(script, "initSync", "")?.replace("export { initSync, ", "export { ");
    let script = with_function(
        &script,
        "debugString",
        "function debugString(value) {\n    return String(value);\n}\n",
    )?;
    Ok(script.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("console.warn(")).collect())
}

/// The script with another function in place of the one of that name; it must be at the top level.
fn with_function(script: &str, name: &str, other: &str) -> Result<String> {
    let start =
        script.find(&format!("function {name}(")).with_context(|| format!("wasm-bindgen wrote no {name}"))?;
    let (before, rest) = script.split_at(start);
    let (_, after) = rest.split_once("\n}\n").with_context(|| format!("{name} has no end"))?;
    Ok(format!("{before}{other}{after}"))
}

fn renamed(script: &str, short: &HashMap<String, String>) -> String {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut renamed = String::with_capacity(script.len());
    for word in script.split_inclusive(|c| !is_of_name(c)) {
        let end = word.find(|c| !is_of_name(c)).unwrap_or(word.len());
        let (name, rest) = word.split_at(end);
        renamed.push_str(short.get(name).map_or(name, String::as_str));
        renamed.push_str(rest);
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_needs_goes() {
        let script = "a;\nfunction debugString(val) {\n    long;\n}\nfunction initSync(module) {\n    if (b) {\n    }\n}\nc;\n    console.warn(1);\n\
                      export { initSync, start as default };\n";
        let lean = lean(script).expect("as wasm-bindgen writes it");
        assert_eq!(
            lean,
            "a;\nfunction debugString(value) {\n    return String(value);\n}\nc;\nexport { start as default };\n"
        );
        assert!(super::lean("a;").is_err());
    }

    #[test]
    fn names_are_shortened_where_they_are_whole() {
        let short = HashMap::from([("__wbg_add_1f".to_owned(), "_0".to_owned())]);
        let script = "const a = { __wbg_add_1f: f };\na.__wbg_add_1f(__wbg_add_1f2, '__wbg_add_1f')";
        assert_eq!(renamed(script, &short), "const a = { _0: f };\na._0(__wbg_add_1f2, '_0')");
    }
}
