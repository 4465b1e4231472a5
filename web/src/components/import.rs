//! The dialog that takes over a `pushbox.json`, from a file or as text: an app of its own in the annex.

use pushbox_shared::config::Problem;
use yew::prelude::*;

use crate::browser;
use crate::model::sheet::import;

#[derive(Properties, PartialEq)]
pub struct ImportProps {
    /// Is given the draft that is taken over, as `Draft::save` writes it.
    pub replace: Callback<String>,
}

/// What became of an import.
#[derive(Clone, Default, PartialEq)]
struct Outcome {
    /// The rest was taken over.
    taken_over: bool,
    problems: Vec<Problem>,
}

#[component]
pub fn Import(props: &ImportProps) -> Html {
    // It is drawn when somebody first asks for it.
    use_effect_with((), |()| browser::open_dialog("import"));
    let text = use_state(String::new);
    let outcome = use_state(Outcome::default);
    let take = {
        let (outcome, replace) = (outcome.clone(), props.replace.clone());
        Callback::from(move |bytes: Vec<u8>| match import(&bytes) {
            Ok(imported) => {
                if imported.problems.is_empty() {
                    browser::close_dialog("import");
                }
                outcome.set(Outcome { taken_over: true, problems: imported.problems });
                replace.emit(imported.draft.save());
            }
            Err(problem) => outcome.set(Outcome { taken_over: false, problems: vec![problem] }),
        })
    };
    let file = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let take = take.clone();
            browser::chosen_file(&event, move |_, bytes| take.emit(bytes));
        })
    };
    let drop_file = {
        let take = take.clone();
        Callback::from(move |event: DragEvent| {
            let take = take.clone();
            browser::dropped_file(&event, move |_, bytes| take.emit(bytes));
        })
    };
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(browser::value(&event)))
    };
    let take_text = {
        let text = text.clone();
        Callback::from(move |_: MouseEvent| take.emit(text.as_bytes().to_vec()))
    };
    // Without this a browser opens a file that is dropped.
    let drag = |event: DragEvent| event.prevent_default();
    let close = |_| browser::close_dialog("import");
    html! {
        <dialog id="import" aria-labelledby="import-title" ondragover={drag} ondrop={drop_file}>
            <h2 id="import-title">{ "Import pushbox.json" }</h2>
            <p class="help">{ "Takes the place of what is in the form now." }</p>
            <div class="field">
                <label for="import-file">{ "A file" }</label>
                <input id="import-file" type="file" accept=".json,application/json" onchange={file} />
            </div>
            <div class="field">
                <label for="import-text">{ "or its text" }</label>
                <textarea id="import-text" rows="8" value={text.to_string()} spellcheck="false" autocomplete="off" oninput={typed} />
            </div>
            { result(&outcome) }
            <div class="buttons">
                <button type="button" id="import-close" class="quiet" onclick={close}>{ "Close" }</button>
                <button type="button" id="import-take" class="primary" onclick={take_text} disabled={text.trim().is_empty()}>
                    { "Take over" }
                </button>
            </div>
        </dialog>
    }
}

fn result(outcome: &Outcome) -> Html {
    if outcome.problems.is_empty() {
        return Html::default();
    }
    html! {
        <div id="import-problems" class="problems" role="status">
            <h3>{ if outcome.taken_over { "Taken over, except" } else { "Nothing was taken over" } }</h3>
            <ul>
                for problem in &outcome.problems {
                    <li>{ problem.to_string() }</li>
                }
            </ul>
        </div>
    }
}
