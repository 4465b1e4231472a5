//! The link that holds the form: a button to copy it, what is not in it, and what could not be read of one.

use pushbox_shared::config::Problem;
use yew::prelude::*;

use super::copy_button::copy_button;
use crate::browser;
use crate::dispatch::{Dispatch, say};
use crate::model::amount::grouped;
use crate::model::link::{LONG, Link};
use crate::state::Action;

/// A longer list helps nobody.
const SHOWN: usize = 50;

/// The click comes before the field is left that somebody was typing in, so the address must follow before that.
pub fn copy_link(link: &Link, dispatch: &Dispatch) -> Html {
    let commit = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: PointerEvent| dispatch.dispatch(Action::Commit))
    };
    html! {
        <span onpointerdown={commit}>
            { copy_button("copy-link", "Copy link", browser::address_with(&link.text), say(dispatch)) }
        </span>
    }
}

pub fn link_note(link: &Link) -> Html {
    let left_out: Vec<&str> = link.left_out.iter().take(SHOWN).map(String::as_str).collect();
    let more = if link.left_out.len() > SHOWN { ", …" } else { "" };
    html! {
        <p class="help" id="link-note">
            { "The page's address is a link to the form, without secrets and function URL." }
            if !left_out.is_empty() {
                { " Values left out: " }<code>{ left_out.join(", ") }</code>{ more }{ "." }
            }
            if link.text.len() > LONG {
                { format!(" It has {} characters; some programs cut links off after {}.", grouped(link.text.len()), grouped(LONG)) }
            }
        </p>
    }
}

pub fn link_problems(problems: &[Problem]) -> Html {
    if problems.is_empty() {
        return Html::default();
    }
    html! {
        <section id="link-problems" class="problems" aria-labelledby="link-problems-title">
            <h2 id="link-problems-title">{ "Taken over from the link, except" }</h2>
            <ul>
                for problem in problems.iter().take(SHOWN) {
                    <li>{ problem.to_string() }</li>
                }
                if problems.len() > SHOWN {
                    <li>{ format!("and {} more", problems.len() - SHOWN) }</li>
                }
            </ul>
        </section>
    }
}
