//! A choice among a few words.

use yew::prelude::*;

use crate::browser;

#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub id: &'static str,
    /// Values and what people read.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub chosen: AttrValue,
    #[prop_or_default]
    pub invalid: bool,
    #[prop_or_default]
    pub described_by: Option<AttrValue>,
    pub onchoose: Callback<String>,
    #[prop_or_default]
    pub onleave: Callback<()>,
}

#[component]
pub fn Select(props: &SelectProps) -> Html {
    let select = use_node_ref();
    {
        // The attribute `selected` counts only until somebody chose.
        let select = select.clone();
        use_effect_with((props.chosen.clone(), props.options.clone()), move |(chosen, _)| {
            browser::choose(&select, chosen);
        });
    }
    let onchange = props.onchoose.reform(|event: Event| browser::value(&event));
    html! {
        <select
            ref={select}
            id={props.id}
            aria-invalid={props.invalid.then_some("true")}
            aria-describedby={props.described_by.clone()}
            {onchange}
            onblur={props.onleave.reform(|_| ())}
        >
            for (value, label) in &props.options {
                <option {value} selected={*value == props.chosen}>{ label }</option>
            }
        </select>
    }
}
