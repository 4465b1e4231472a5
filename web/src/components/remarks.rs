//! A list of what was found in a pasted text, each with its line.

use yew::prelude::*;

use crate::model::env_paste::Remark;

/// A longer list helps nobody.
const SHOWN: usize = 50;

pub fn remarks(title: &'static str, id: &'static str, remarks: &[Remark]) -> Html {
    if remarks.is_empty() {
        return Html::default();
    }
    html! {
        <div class="remarks" {id}>
            <p>{ format!("{title} ({})", remarks.len()) }</p>
            <ul>
                for Remark { line, what, why } in remarks.iter().take(SHOWN) {
                    <li>{ format!("Line {line}: ") }<code>{ what }</code>{ format!(" {why}") }</li>
                }
                if remarks.len() > SHOWN {
                    <li>{ format!("and {} more", remarks.len() - SHOWN) }</li>
                }
            </ul>
        </div>
    }
}
