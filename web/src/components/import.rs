//! The dialog that takes over whatever a person has at hand, as text or as a file: an app of its own in the annex. It says what
//! it would take over, what not and why, before anything is taken over.

use std::rc::Rc;

use yew::prelude::*;

use super::remarks::remarks;
use super::select::Select;
use crate::browser;
use crate::model::draft::Draft;
use crate::model::import::{Goes, Kind, Taken, detect, read, summary};
use crate::model::pasted::Import as Message;

#[derive(Properties, PartialEq)]
pub struct ImportProps {
    /// Is given what is taken over, as [`Message::to_text`] writes it.
    pub take: Callback<String>,
}

/// What is in the dialog.
#[derive(Clone, Default, PartialEq)]
struct Input {
    text: Rc<str>,
    /// What a person says that it is.
    kind: Option<Kind>,
    /// Which app of several a person chose.
    app: AttrValue,
    /// Why a file could not be read.
    fault: Option<String>,
    is_taken: bool,
}

impl Input {
    fn kind(&self) -> Kind {
        self.kind.unwrap_or_else(|| detect(&self.text))
    }

    /// What a person chose counts as long as the text is of the same kind.
    fn with_text(&self, text: &str) -> Input {
        let is_same = detect(&self.text) == detect(text);
        let (kind, app) = if is_same { (self.kind, self.app.clone()) } else { Default::default() };
        Input { text: text.into(), kind, app, ..Input::default() }
    }

    fn with_file(&self, name: &str, bytes: Vec<u8>) -> Input {
        match String::from_utf8(bytes) {
            Ok(text) => self.with_text(&text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let fault = format!("{name} is no text in UTF-8 (byte {at}); save it as UTF-8");
                Input { fault: Some(fault), ..Input::default() }
            }
        }
    }
}

#[component]
pub fn Import(props: &ImportProps) -> Html {
    // It is drawn when somebody first asks for it.
    use_effect_with((), |()| browser::open_dialog("import"));
    let input = use_state(Input::default);
    let taken = use_memo((input.text.clone(), input.kind(), input.app.clone()), |(text, kind, app)| {
        read(*kind, text, app)
    });
    let file = {
        let input = input.clone();
        Callback::from(move |event: Event| {
            let input = input.clone();
            browser::chosen_file(&event, move |name, bytes| input.set(input.with_file(&name, bytes)));
        })
    };
    let drop_file = {
        let input = input.clone();
        Callback::from(move |event: DragEvent| {
            let input = input.clone();
            browser::dropped_file(&event, move |name, bytes| input.set(input.with_file(&name, bytes)));
        })
    };
    let typed = {
        let input = input.clone();
        Callback::from(move |event: InputEvent| input.set(input.with_text(&browser::value(&event))))
    };
    let take = {
        let (input, taken, take) = (input.clone(), Rc::clone(&taken), props.take.clone());
        Callback::from(move |_: MouseEvent| {
            take.emit(message(input.kind(), &taken).to_text());
            if taken.left.is_empty() && taken.notes.is_empty() {
                browser::close_dialog("import");
            }
            input.set(Input { is_taken: true, ..Input::clone(&input) });
        })
    };
    // Whoever comes again brings something else. What is not taken over yet waits.
    let closed = {
        let input = input.clone();
        Callback::from(move |_: Event| {
            if input.is_taken {
                input.set(Input::default());
            }
        })
    };
    // Without this a browser opens a file that is dropped.
    let drag = |event: DragEvent| event.prevent_default();
    let close = |_| browser::close_dialog("import");
    let is_empty = input.text.trim().is_empty();
    html! {
        <dialog id="import" aria-labelledby="import-title" ondragover={drag} ondrop={drop_file} onclose={closed}>
            <h2 id="import-title">{ "Import" }</h2>
            <div class="field">
                <label for="import-text">{ "Paste or drop anything" }</label>
                <p class="help" id="import-help">
                    { "pushbox.json, a link to this page, .env, docker run, a compose file, a Dockerfile, or a user-data script." }
                </p>
                <textarea
                    id="import-text"
                    rows="8"
                    value={input.text.to_string()}
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    aria-describedby="import-help"
                    oninput={typed}
                />
            </div>
            <div class="field">
                <label for="import-file">{ "or choose a file" }</label>
                <input id="import-file" type="file" onchange={file} />
            </div>
            if !is_empty {
                { choices(&input, &taken) }
            }
            <div id="import-result" role="status">
                if let Some(fault) = &input.fault {
                    <p class="fault">{ fault }</p>
                } else if !is_empty {
                    { result(&input, &taken) }
                }
            </div>
            <div class="buttons">
                <button type="button" id="import-close" class="quiet" onclick={close}>{ "Close" }</button>
                <button type="button" id="import-take" class="primary" onclick={take} disabled={is_empty || taken.draft == Draft::default()}>
                    { "Take over" }
                </button>
            </div>
        </dialog>
    }
}

fn message(kind: Kind, taken: &Taken) -> Message {
    let mut said = format!("Taken over from {}: {}", kind.label(), summary(taken));
    if !taken.left.is_empty() {
        said.push_str(&format!(". Left out: {}", taken.left.len()));
    }
    Message { goes: kind.goes(), said, draft: taken.draft.clone() }
}

/// What it is, and of several apps which.
fn choices(input: &UseStateHandle<Input>, taken: &Taken) -> Html {
    let kinds = Kind::ALL.map(|kind| (kind.id().into(), kind.label().into())).to_vec();
    let choose_kind = {
        let input = input.clone();
        Callback::from(move |id: String| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.id() == id);
            input.set(Input { kind, is_taken: false, ..Input::clone(&input) });
        })
    };
    let choose_app = {
        let input = input.clone();
        Callback::from(move |app: String| {
            input.set(Input { app: app.into(), is_taken: false, ..Input::clone(&input) });
        })
    };
    let apps = taken.choices.iter().map(|app| (app.clone().into(), app.clone().into())).collect::<Vec<_>>();
    let select = Select {
        id: "import-kind",
        options: kinds,
        chosen: input.kind().id().into(),
        described_by: Some("import-kind-help".into()),
        onchoose: choose_kind,
        ..Select::default()
    };
    let has_apps = !apps.is_empty();
    let chosen = taken.chosen.clone().into();
    let app = Select { id: "import-app", options: apps, chosen, onchoose: choose_app, ..Select::default() };
    html! {
        <>
            <div class="field">
                <label for="import-kind">{ "Read as" }</label>
                { select.html() }
                <p class="help" id="import-kind-help">
                    { if input.kind.is_none() { "Recognized; choose another kind if that is wrong. " } else { "" } }
                    { match input.kind().goes() {
                        Goes::InPlace => "Takes the place of what is in the form now.",
                        Goes::Besides => "What it does not name stays in the form as it is.",
                    } }
                </p>
            </div>
            if has_apps {
                <div class="field">
                    <label for="import-app">{ "Service" }</label>
                    { app.html() }
                </div>
            }
        </>
    }
}

fn result(input: &Input, taken: &Taken) -> Html {
    let summary = summary(taken);
    html! {
        <>
            <p id="import-summary">
                if summary.is_empty() {
                    { "Nothing of it fits into the form." }
                } else {
                    <strong>{ if input.is_taken { "Taken over: " } else { "To take over: " } }</strong>{ summary }
                }
            </p>
            { remarks("Left out", "import-problems", &taken.left) }
            { remarks("Worth a look", "import-notes", &taken.notes) }
        </>
    }
}
