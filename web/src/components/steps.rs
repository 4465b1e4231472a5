//! The five steps from this page to the first deployed push, with every value to copy.

use std::rc::Rc;

use yew::prelude::*;

use super::copy_button::CopyButton;
use super::made_download::{Made, MadeDownload};
use crate::model::sheet::Sheet;
use crate::model::steps::Steps as Todo;
use crate::model::tabs::Tab;
use crate::state::{Dispatch, say};

const RUN: &str = "bash install.sh";

/// `function_url` is as it was typed.
pub fn steps(sheet: &Rc<Sheet>, function_url: &str, dispatch: &Dispatch) -> Html {
    let todo = Todo::new(sheet, function_url);
    html! {
        <section id="steps" class="steps" aria-labelledby="steps-title">
            <h2 id="steps-title">{ "Five steps to the first push" }</h2>
            <ol>
                <li class={classes!((todo.problems == 0).then_some("done"))}>
                    <h3>{ "Fill in the form" }</h3>
                    <p>{ filled(todo.problems) }</p>
                </li>
                <li>
                    <h3>{ "Download two files" }</h3>
                    <div class="actions">
                        <MadeDownload id="download-installer" made={Made::Tab(Tab::INSTALLER)} {sheet} />
                        <MadeDownload id="download-zip" made={Made::Tab(Tab::FunctionZip)} {sheet} />
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
                        <CopyButton id="copy-run" label="Copy the command" text={RUN} say={say(dispatch)} />
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
                            { entered(at, name, value, known, dispatch) }
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
        </section>
    }
}

fn filled(problems: usize) -> String {
    match problems {
        0 => "Done.".into(),
        1 => "One problem is left.".into(),
        count => format!("{count} problems are left."),
    }
}

fn entered(at: usize, name: &'static str, value: String, known: bool, dispatch: &Dispatch) -> Html {
    html! {
        <div>
            <dt>{ name }</dt>
            <dd>
                if known {
                    <code>{ &value }</code>
                    <CopyButton id={format!("copy-field-{at}")} label="Copy" text={value} say={say(dispatch)} />
                } else {
                    { value }
                }
            </dd>
        </div>
    }
}
