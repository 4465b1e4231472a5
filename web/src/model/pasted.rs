//! What a pasted text holds, on its way from the annex, which reads it, to the page, which shows it.

use serde_json::{Value, json};

use super::env_paste::{Pasted, Remark, Var};

impl Pasted {
    pub fn to_json(&self) -> String {
        let var = |var: &Var| json!([var.line, var.name, var.value]);
        let remark = |remark: &Remark| json!([remark.line, remark.what, remark.why]);
        let lists: [Vec<Value>; 3] = [
            self.vars.iter().map(var).collect(),
            self.ignored.iter().map(remark).collect(),
            self.notes.iter().map(remark).collect(),
        ];
        json!(lists).to_string()
    }

    /// What [`Pasted::to_json`] made.
    pub fn from_json(text: &str) -> Pasted {
        let lists: Value = serde_json::from_str(text).unwrap_or_default();
        let list = |at: usize| lists[at].as_array().into_iter().flatten().map(entry);
        let remark = |(line, what, why)| Remark { line, what, why };
        Pasted {
            vars: list(0).map(|(line, name, value)| Var { line, name, value }).collect(),
            ignored: list(1).map(remark).collect(),
            notes: list(2).map(remark).collect(),
        }
    }
}

fn entry(entry: &Value) -> (usize, String, String) {
    let text = |at: usize| entry[at].as_str().unwrap_or_default().to_string();
    let line = entry[0].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or_default();
    (line, text(1), text(2))
}

#[cfg(test)]
mod tests {
    use crate::model::env_paste::{Pasted, parse};

    #[test]
    fn nothing_is_lost_between_annex_and_page() {
        let pasted = parse("A=1\nA='it''s \"two\"\nlines 🙂'\nnonsense here\n-e B=$X\n");
        assert!(!pasted.vars.is_empty() && !pasted.ignored.is_empty() && !pasted.notes.is_empty());
        assert_eq!(Pasted::from_json(&pasted.to_json()), pasted);
    }
}
