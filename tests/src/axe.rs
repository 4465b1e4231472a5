//! axe, which knows the rules of WCAG, put into the page that a browser shows.

use serde_json::{Value, json};

use crate::browser::Browser;

/// Those of WCAG 2.2 up to level AA, and what is good practice besides.
const RULES: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/// The script, or nothing where it is not installed; then the reason is printed.
pub fn axe() -> Option<String> {
    let Some(file) = std::env::var_os("PUSHBOX_AXE") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have axe");
        println!("skipped: no axe; `cargo xtask test page` brings it");
        return None;
    };
    Some(std::fs::read_to_string(file).expect("axe is one file"))
}

/// What shuts people out of the page as it stands now: each with the rule and the elements.
pub async fn barriers(browser: &Browser, axe: &str) -> Vec<String> {
    let is_there = "return typeof window.axe === 'object'";
    if browser.run(is_there, vec![]).await == false {
        // In its own scope, as in a module, it would not be found again.
        browser.run(&format!("{axe}\nwindow.axe = axe;"), vec![]).await;
    }
    let run = "const [rules, done] = arguments;
        axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })
            .then((found) => done(found.violations), (error) => done([{ id: String(error), nodes: [] }]));";
    let found = browser.client.execute_async(run, vec![json!(RULES)]).await.expect("axe runs");
    found.as_array().expect("a list").iter().map(shown).collect()
}

fn shown(violation: &Value) -> String {
    let node = |node: &Value| {
        let text = |key: &str| node[key].as_str().unwrap_or_default().to_string();
        format!("\n    {}\n        {}", text("html"), text("failureSummary").replace('\n', " "))
    };
    let nodes: String = violation["nodes"].as_array().into_iter().flatten().take(5).map(node).collect();
    let word = |key: &str| violation[key].as_str().unwrap_or_default();
    format!("{} ({}): {}{nodes}", word("id"), word("impact"), word("help"))
}
