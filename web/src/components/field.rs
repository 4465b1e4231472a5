//! One field of the form: its label, the widget that suits its slot, what is wrong with it, and what it is for.

use pushbox_shared::config::{self, Config, Field, Slot};
use pushbox_shared::image::IMAGES;
use yew::prelude::*;

use super::fault::Fault;
use super::rows::rows;
use super::select::Select;
use crate::browser;
use crate::dispatch::Dispatch;
use crate::model::draft::{Entry, Row, default_text};
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    pub path: &'static str,
    /// Nothing where nobody touched it.
    pub entry: Option<Entry>,
    pub faults: Vec<Fault>,
    pub dispatch: Dispatch,
}

pub struct FieldRow;

impl Component for FieldRow {
    type Message = ();
    type Properties = FieldProps;

    fn create(_: &Context<FieldRow>) -> FieldRow {
        FieldRow
    }

    fn view(&self, context: &Context<FieldRow>) -> Html {
        row(context.props())
    }
}

fn row(props: &FieldProps) -> Html {
    let Some(field) = config::field(props.path) else { return Html::default() };
    let mut defaults = Config::default();
    let slot = (field.slot)(&mut defaults);
    match &slot {
        Slot::Env(_) | Slot::Pairs(_) => {
            let none: &[Row] = &[];
            let entries = match &props.entry {
                Some(Entry::Rows(rows)) => rows,
                Some(Entry::Text(_) | Entry::Flag(_)) | None => none,
            };
            rows(props.path, entries, &props.faults, &props.dispatch)
        }
        Slot::Flag(default) => flag(props, field, **default),
        Slot::Choice(choice) => {
            let names = choice.names();
            labelled(props, field, None, select(props, field, names.iter().map(|name| (*name, *name))))
        }
        _ if field.path == "box.image" => {
            let images = IMAGES.iter().map(|image| (image.name, image.label));
            labelled(props, field, None, select(props, field, images))
        }
        Slot::List(_) => labelled(props, field, WIDE, list(props, field)),
        Slot::Number(..) | Slot::OptNumber(..) | Slot::OptAmount(_) => {
            labelled(props, field, None, line(props, field, "decimal"))
        }
        Slot::Text(_) | Slot::OptText(_) => {
            let mode = if field.path == "repo.url" { "url" } else { "text" };
            let width = WIDE.filter(|_| field.path == "repo.url");
            labelled(props, field, width, line(props, field, mode))
        }
    }
}

const WIDE: Option<&str> = Some("wide");

fn labelled(props: &FieldProps, field: &Field, width: Option<&'static str>, widget: Html) -> Html {
    html! {
        <div class="field" data-width={width}>
            <label for={field.path}>{ field.label }</label>
            { widget }
            { faults(props) }
            <p class="help" id={help_id(field.path)}>{ field.help }</p>
        </div>
    }
}

/// A line of text, whatever its type: what was typed is kept as it was, right or wrong.
fn line(props: &FieldProps, field: &Field, mode: &'static str) -> Html {
    html! {
        <input
            id={field.path}
            type="text"
            inputmode={mode}
            value={text(props)}
            placeholder={placeholder(field)}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid={invalid(props)}
            aria-describedby={described_by(props)}
            oninput={typed(props)}
            onblur={left(props).reform(|_| ())}
        />
    }
}

fn list(props: &FieldProps, field: &Field) -> Html {
    let text = text(props);
    let rows = text.split('\n').count().clamp(1, 12).to_string();
    html! {
        <textarea
            id={field.path}
            value={text}
            {rows}
            placeholder={placeholder(field)}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid={invalid(props)}
            aria-describedby={described_by(props)}
            oninput={typed(props)}
            onblur={left(props).reform(|_| ())}
        />
    }
}

fn select(
    props: &FieldProps,
    field: &Field,
    options: impl Iterator<Item = (&'static str, &'static str)>,
) -> Html {
    let text = text(props);
    let chosen = AttrValue::from(if text.is_empty() { default_text(field) } else { text });
    let mut options: Vec<(AttrValue, AttrValue)> =
        options.map(|(name, label)| (name.into(), label.into())).collect();
    // What an import brought stays visible although it cannot be chosen.
    if !options.iter().any(|(name, _)| *name == chosen) {
        options.insert(0, (chosen.clone(), chosen.clone()));
    }
    let (path, dispatch) = (props.path, props.dispatch.clone());
    let onchoose = Callback::from(move |name| dispatch.dispatch(Action::Type(path, name)));
    let (invalid, described_by, onleave) = (invalid(props), Some(described_by(props).into()), left(props));
    Select { id: field.path, options, chosen, invalid, described_by, onchoose, onleave }.html()
}

fn flag(props: &FieldProps, field: &Field, default: bool) -> Html {
    let checked = match props.entry {
        Some(Entry::Flag(flag)) => flag,
        Some(Entry::Text(_) | Entry::Rows(_)) | None => default,
    };
    let (path, dispatch) = (props.path, props.dispatch.clone());
    let onchange =
        Callback::from(move |event: Event| dispatch.dispatch(Action::Switch(path, browser::checked(&event))));
    html! {
        <div class="field flag wide">
            <input
                id={field.path}
                type="checkbox"
                {checked}
                aria-invalid={invalid(props)}
                aria-describedby={described_by(props)}
                {onchange}
                onblur={left(props).reform(|_| ())}
            />
            <label for={field.path}>{ field.label }</label>
            { faults(props) }
            <p class="help" id={help_id(field.path)}>{ field.help }</p>
        </div>
    }
}

fn faults(props: &FieldProps) -> Html {
    if props.faults.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="faults" id={faults_id(props.path)}>
            for fault in &props.faults {
                <li>
                    if let Some(entry) = fault.entry {
                        { format!("Line {}: ", entry + 1) }
                    }
                    { &fault.message }
                </li>
            }
        </ul>
    }
}

fn text(props: &FieldProps) -> String {
    match &props.entry {
        Some(Entry::Text(text)) => text.to_string(),
        Some(Entry::Flag(_) | Entry::Rows(_)) | None => String::new(),
    }
}

fn placeholder(field: &Field) -> String {
    match field.path {
        "repo.url" => "https://github.com/you/your-app.git".into(),
        "app" => "my_app".into(),
        _ => default_text(field),
    }
}

fn typed(props: &FieldProps) -> Callback<InputEvent> {
    let (path, dispatch) = (props.path, props.dispatch.clone());
    Callback::from(move |event: InputEvent| dispatch.dispatch(Action::Type(path, browser::value(&event))))
}

fn left(props: &FieldProps) -> Callback<()> {
    let (path, dispatch) = (props.path, props.dispatch.clone());
    Callback::from(move |()| {
        let dispatch = dispatch.clone();
        browser::once_released(move || dispatch.dispatch(Action::Leave(path)));
    })
}

fn invalid(props: &FieldProps) -> Option<&'static str> {
    (!props.faults.is_empty()).then_some("true")
}

fn described_by(props: &FieldProps) -> String {
    if props.faults.is_empty() {
        help_id(props.path)
    } else {
        format!("{} {}", faults_id(props.path), help_id(props.path))
    }
}

fn help_id(path: &str) -> String {
    format!("{path}-help")
}

fn faults_id(path: &str) -> String {
    format!("{path}-problem")
}
