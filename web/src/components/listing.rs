//! A file as it is made: lines with their colours, what the last edit has changed set off, and for each line why it is there.
//! Pointing at a line or walking to it shows its field; being in a field shows its lines.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use crate::annex;
use crate::browser::lines::Lines;
use crate::browser::{self, Listener, Timer};
use crate::dispatch::Dispatch;
use crate::model::draft::Row;
use crate::model::explain::{self, Origin};
use crate::model::listing::Listing;
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;
use crate::state::Action;

/// After an edit, before its lines are explained: nobody reads while typing.
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Properties)]
pub struct ListingProps {
    /// It stays the same while the listing lives.
    pub tab: Tab,
    pub text: Rc<str>,
    /// Whether it is the tab that is seen.
    pub shown: bool,
    pub sheet: Rc<Sheet>,
    /// The rows of `run.env`.
    pub rows: Rc<[Row]>,
    pub dispatch: Dispatch,
}

impl PartialEq for ListingProps {
    /// A sheet is made anew for every change, so it is not compared field by field.
    fn eq(&self, other: &ListingProps) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
            && Rc::ptr_eq(&self.rows, &other.rows)
            && (&self.text, self.shown) == (&other.text, other.shown)
            && self.dispatch == other.dispatch
    }
}

/// The arrows go from line to line, Enter to the field, Escape to where no line is explained.
const KEYS: [&str; 4] = ["ArrowDown", "ArrowUp", "Enter", "Escape"];

pub enum Message {
    /// The mouse is there.
    Point(Option<usize>),
    /// Clicked: what is shown stays until the next click.
    Pin(Option<usize>),
    /// Pressed, one of [`KEYS`].
    Key(String),
    /// The focus came to the element with that id.
    Focus(String),
    /// The last edit is a while ago.
    Settle,
}

pub struct ListingView {
    place: NodeRef,
    lines: Lines,
    listing: Listing,
    /// One for each line; none since an edit.
    origins: Vec<Origin>,
    here: Option<usize>,
    pinned: bool,
    /// The id of the field that somebody is in, and its lines.
    field: String,
    its_lines: Vec<usize>,
    settling: Option<Timer>,
    _listener: Option<Listener>,
}

impl Component for ListingView {
    type Message = Message;
    type Properties = ListingProps;

    fn create(context: &Context<ListingView>) -> ListingView {
        let ListingProps { tab, text, .. } = context.props();
        let focus = context.link().callback(Message::Focus);
        ListingView {
            place: NodeRef::default(),
            lines: Lines::default(),
            listing: Listing::new(text, tab.language()),
            origins: Vec::new(),
            here: None,
            pinned: false,
            field: String::new(),
            its_lines: Vec::new(),
            settling: None,
            _listener: browser::on_focus(move |id| focus.emit(id)),
        }
    }

    /// What Yew drew stays as it is until nobody types.
    fn changed(&mut self, context: &Context<ListingView>, old: &ListingProps) -> bool {
        let props = context.props();
        let is_edited = props.text != *self.listing.text();
        if is_edited {
            let listing = Listing::new(&props.text, props.tab.language());
            self.lines.edit(&self.place, &listing, &listing.since(&self.listing));
            self.listing = listing;
        }
        if is_edited || props.shown != old.shown {
            self.origins.clear();
            let settle = context.link().callback(|()| Message::Settle);
            self.settling = Some(browser::timer(PAUSE, move || settle.emit(())));
        }
        false
    }

    fn update(&mut self, context: &Context<ListingView>, message: Message) -> bool {
        let props = context.props();
        match message {
            Message::Point(_) if self.pinned => return false,
            Message::Point(here) => self.here = here.or(self.here),
            Message::Pin(here) => {
                self.pinned = here.is_some() && !(self.pinned && here == self.here);
                self.here = here;
            }
            Message::Key(key) => return self.key(context, &key),
            Message::Focus(id) => {
                self.field = id;
                if props.shown {
                    self.show_field(props);
                    if let Some(first) = self.its_lines.first() {
                        self.lines.reveal(&self.place, *first);
                    }
                }
            }
            Message::Settle if props.shown => self.show_field(props),
            Message::Settle => return false,
        }
        self.show_here(props);
        true
    }

    fn rendered(&mut self, _: &Context<ListingView>, is_first: bool) {
        if is_first {
            self.lines.draw(&self.place, &self.listing);
        }
    }

    fn view(&self, context: &Context<ListingView>) -> Html {
        let ListingProps { tab, .. } = context.props();
        let link = context.link();
        let id = format!("{}-why", tab.id());
        html! {
            <>
                <pre
                    ref={&self.place}
                    id={tab.id()}
                    class="code listing"
                    tabindex="0"
                    role="region"
                    aria-label={tab.label()}
                    aria-describedby={id.clone()}
                    onmouseover={link.callback(|event: MouseEvent| Message::Point(browser::lines::number(&event)))}
                    onclick={link.callback(|event: MouseEvent| Message::Pin(browser::lines::number(&event)))}
                    onkeydown={link.batch_callback(|event: KeyboardEvent| pressed(&event))}
                ></pre>
                <p class="why" {id}>{ self.explanation(context.props()) }</p>
            </>
        }
    }
}

impl ListingView {
    fn learn(&mut self, props: &ListingProps) {
        if self.origins.is_empty() {
            // What has rendered a file explains it.
            self.origins = match (props.tab, annex::opened()) {
                (Tab::Export(export), Some(annex)) => {
                    explain::of_exported(&annex.explain(export.id, &props.sheet.json).unwrap_or_default())
                }
                _ => explain::origins(props.tab, &props.sheet),
            };
        }
    }

    fn show_field(&mut self, props: &ListingProps) {
        if !self.field.is_empty() {
            self.learn(props);
            self.its_lines = explain::lines_of(&self.field, &self.origins, &props.rows);
            self.lines.bring_out(&self.its_lines);
        }
    }

    fn show_here(&mut self, props: &ListingProps) {
        self.here = self.here.filter(|at| *at < self.listing.count());
        if self.here.is_some() {
            self.learn(props);
        }
        self.lines.point(self.here);
    }

    fn key(&mut self, context: &Context<ListingView>, key: &str) -> bool {
        let props = context.props();
        let last = self.listing.count().saturating_sub(1);
        self.here = match (key, self.here) {
            ("ArrowDown", here) => Some(here.map_or(0, |at| (at + 1).min(last))),
            ("ArrowUp", here) => Some(here.map_or(0, |at| at.saturating_sub(1))),
            ("Enter", Some(at)) => {
                self.learn(props);
                if let Some((_, target)) = self.reason(props, at).and_then(|reason| reason.field) {
                    browser::focus(&target);
                }
                return false;
            }
            ("Escape", Some(_)) => None,
            _ => return false,
        };
        self.pinned = self.here.is_some();
        self.show_here(props);
        if let Some(at) = self.here {
            self.lines.reveal(&self.place, at);
            props.dispatch.dispatch(Action::Say(self.said(props, at)));
        }
        true
    }

    fn reason(&self, props: &ListingProps, at: usize) -> Option<explain::Reason> {
        Some(explain::reason(self.origins.get(at)?, &props.rows))
    }

    fn said(&self, props: &ListingProps, at: usize) -> String {
        let text: String = self.listing.line(at).map(|(_, text)| text).collect();
        let explain::Reason { field, why } = self.reason(props, at).unwrap_or_default();
        format!("Line {}: {} {}: {why}", at + 1, text.trim(), field.map_or("", |(label, _)| label))
    }

    fn explanation(&self, props: &ListingProps) -> Html {
        if let Some((at, reason)) = self.here.and_then(|at| Some((at, self.reason(props, at)?))) {
            let field = reason.field.map(|(label, target)| {
                let href = format!("#{target}");
                let onclick = Callback::from(move |event: MouseEvent| {
                    event.prevent_default();
                    browser::focus(&target);
                });
                html! { <>{ ", from " }<a {href} {onclick}>{ label }</a></> }
            });
            return html! { <><strong>{ format!("Line {}", at + 1) }</strong>{ field }{ ": " }{ reason.why }</> };
        }
        match explain::label(&self.field) {
            Some(label) => format!("{label}: {}.", explain::places(&self.its_lines)).into(),
            None => "Point at a line, or go through them with the arrow keys, to see why it is there.".into(),
        }
    }
}

/// Nothing where the browser knows better what to do.
fn pressed(event: &KeyboardEvent) -> Option<Message> {
    let is_with_another = event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key();
    let key = event.key();
    let is_ours = !is_with_another && KEYS.contains(&key.as_str());
    is_ours.then(|| {
        // Here, because a message arrives when the browser has scrolled already.
        event.prevent_default();
        Message::Key(key)
    })
}
