//! What the page knows of a repository from its address, below the field that it is typed in.

use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::model::repository::other_form;
use crate::state::Action;

/// `taken` is what came from the address of a page.
pub fn repo_hint(url: &str, auth: &str, taken: &str, dispatch: &Dispatch) -> Html {
    let other = other_form(url);
    let is_ssh = other.as_deref().is_some_and(|other| other.starts_with("https"));
    html! {
        <div class="field wide repo-hint">
            if !taken.is_empty() {
                <p class="hint" id="repo-taken">{ taken }</p>
            }
            if let Some(other) = other {
                <p class="help">
                    { why(is_ssh, auth) }
                    { " " }
                    { take(other, dispatch) }
                </p>
            }
        </div>
    }
}

fn why(is_ssh: bool, auth: &str) -> &'static str {
    match (is_ssh, auth) {
        (true, _) => "The box reads it with a deploy key. Is the repository public?",
        (false, "token") => "The box reads it with a token. Rather a deploy key?",
        (false, _) => "Is the repository private? Choose Access: token under Repository, or a deploy key:",
    }
}

fn take(other: String, dispatch: &Dispatch) -> Html {
    let (label, dispatch) = (format!("Use {other}"), dispatch.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.dispatch(Action::Type("repo.url", other.clone()));
        dispatch.dispatch(Action::Leave("repo.url"));
    });
    html! { <button type="button" class="quiet" id="repo-other-form" {onclick}>{ label }</button> }
}
