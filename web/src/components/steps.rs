//! The five steps from this page to the first deployed push, with every value to copy: an app of its own in the annex.

use std::rc::Rc;

use pushbox_shared::config::Config;
use yew::prelude::*;

use super::copy_button::copy_button;
use super::made_download::{FUNCTION_ZIP, INSTALLER, Made};
use crate::browser;
use crate::making::make;
use crate::model::steps::Steps as Todo;

const RUN: &str = "bash install.sh";

#[derive(Clone, Properties, PartialEq)]
pub struct StepsProps {
    pub config: Rc<Config>,
    /// Its `pushbox.json`.
    pub json: Rc<str>,
    /// How many problems keep the files from being made.
    pub problems: usize,
    /// As it was typed.
    pub function_url: Rc<str>,
    /// Says a text to people who cannot see what changed.
    pub say: Callback<String>,
}

#[component]
pub fn Steps(props: &StepsProps) -> Html {
    // What was last said of a file, with its id.
    let made = use_state(|| ("", AttrValue::default()));
    let todo = Todo::new(&props.config, props.problems, &props.function_url);
    let download = |file: Made, id: &'static str| {
        let (of, said) = &*made;
        let said = if *of == file.id { said.as_str() } else { "" };
        let (made, json) = (made.clone(), Rc::clone(&props.json));
        let onclick = Callback::from(move |_| {
            made.set((file.id, "Loading…".into()));
            let (made, json) = (made.clone(), Rc::clone(&json));
            browser::spawn(async move {
                let said = file.save(make(file.id, &json, None).await);
                made.set((file.id, said.into()));
            });
        });
        file.button(id, props.problems, said, onclick)
    };
    html! {
            <ol>
                <li class={classes!((todo.problems == 0).then_some("done"))}>
                    <h3>{ "Fill in the form" }</h3>
                    <p>{ filled(todo.problems) }</p>
                </li>
                <li>
                    <h3>{ "Download two files" }</h3>
                    <div class="actions">
                        { download(INSTALLER, "download-installer") }
                        { download(FUNCTION_ZIP, "download-zip") }
                    </div>
                </li>
                <li>
                    <h3>{ "Run the installer" }</h3>
                    <p>
                        { "Open " }
                        <a href={todo.cloud_shell} target="_blank" rel="noreferrer">{ "AWS CloudShell" }</a>
                        { ", upload both files (Actions, Upload file), and run this. It says what it makes, asks for the app's secrets, and prints a URL and a secret." }
                    </p>
                    <div class="actions">
                        <code>{ RUN }</code>
                        { copy_button("copy-run", "Copy the command", RUN, props.say.clone()) }
                    </div>
                </li>
                <li>
                    <h3>{ format!("Tell {}", todo.form.host) }</h3>
                    <p>
                        if let Some(page) = todo.form_page {
                            <a id="webhook-page" href={page} target="_blank" rel="noreferrer">{ todo.form.place }</a>
                        } else {
                            { todo.form.place }
                        }
                        { ". Enter:" }
                    </p>
                    <dl>
                        for (at, (name, value, known)) in todo.fields.into_iter().enumerate() {
                            { entered(at, name, value, known, &props.say) }
                        }
                    </dl>
                </li>
                <li>
                    <h3>{ "git push" }</h3>
                    <p>
                        { "The app answers a few minutes after the first one, later ones take seconds. " }
                        if let Some(status) = todo.status {
                            { "How it is: " }<a href={status.clone()} target="_blank" rel="noreferrer">{ status }</a>
                        } else {
                            { "The installer's URL, opened in a browser, says how it is." }
                        }
                    </p>
                </li>
            </ol>
    }
}

fn filled(problems: usize) -> String {
    match problems {
        0 => "Done.".into(),
        1 => "One problem is left.".into(),
        count => format!("{count} problems are left."),
    }
}

fn entered(at: usize, name: &'static str, value: String, known: bool, say: &Callback<String>) -> Html {
    html! {
        <div>
            <dt>{ name }</dt>
            <dd>
                if known {
                    <code>{ &value }</code>
                    { copy_button(format!("copy-field-{at}"), "Copy", value, say.clone()) }
                } else {
                    { value }
                }
            </dd>
        </div>
    }
}
