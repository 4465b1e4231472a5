//! A choice among a few words.

use yew::prelude::*;

use crate::browser;

pub struct Select {
    pub id: &'static str,
    /// Values and what people read.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub chosen: AttrValue,
    pub invalid: Option<&'static str>,
    pub described_by: Option<AttrValue>,
    pub onchoose: Callback<String>,
    pub onleave: Callback<()>,
}

impl Default for Select {
    fn default() -> Select {
        Select {
            id: "",
            options: Vec::new(),
            chosen: AttrValue::default(),
            invalid: None,
            described_by: None,
            onchoose: Callback::noop(),
            onleave: Callback::noop(),
        }
    }
}

impl Select {
    pub fn html(self) -> Html {
        let Select { id, options, chosen, invalid, described_by, onchoose, onleave } = self;
        html! {
            <select
                {id}
                // The attribute of an option counts only until somebody chose.
                ~value={chosen.to_string()}
                aria-invalid={invalid}
                aria-describedby={described_by}
                onchange={onchoose.reform(|event: Event| browser::value(&event))}
                onblur={onleave.reform(|_| ())}
            >
                for (value, label) in options {
                    <option selected={value == chosen} value={value.clone()}>{ label }</option>
                }
            </select>
        }
    }
}
