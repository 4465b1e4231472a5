//! The lines of a listing in the document, one element each. Yew knows only what they are in: comparing hundreds of lines with what it
//! drew before took most of the time of a keystroke.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};
use yew::NodeRef;

use super::dom::document;
use crate::model::listing::{Edit, Listing};

/// Says that the last edit has changed a line.
const CHANGED: &str = "data-changed";
/// Says that the last edit has removed lines before this one.
const CUT: &str = "data-cut";
/// Says that a line follows from the field that somebody is in.
const OUT: &str = "data-of-field";
/// Says that a line is the one that is explained.
const HERE: &str = "data-here";

#[derive(Default)]
pub struct Lines {
    elements: Vec<Element>,
    marked: Vec<Element>,
    brought_out: Vec<Element>,
    here: Option<Element>,
}

/// Of the line that an event of the mouse is about, from 0.
pub fn number(event: &MouseEvent) -> Option<usize> {
    let line = event.target()?.dyn_into::<Element>().ok()?.closest(".line").ok()??;
    let before = std::iter::successors(line.previous_element_sibling(), Element::previous_element_sibling);
    Some(before.count())
}

impl Lines {
    /// Draws all of them, into what has no content yet.
    pub fn draw(&mut self, place: &NodeRef, listing: &Listing) {
        let Some(place) = place.cast::<Element>() else { return };
        place.set_inner_html(&listing.html());
        let first = place.first_element_child();
        self.elements = std::iter::successors(first, Element::next_element_sibling).collect();
    }

    /// Draws what an edit has changed, and marks it.
    pub fn edit(&mut self, place: &NodeRef, listing: &Listing, edit: &Edit) {
        let Some(place) = place.cast::<Element>() else { return };
        self.unmark();
        for change in edit.changes.iter().rev() {
            let added: Vec<Element> = change.new.clone().filter_map(|at| drawn(listing, at)).collect();
            let before = self.elements.get(change.old.end).map(AsRef::as_ref);
            for element in &added {
                let _ = place.insert_before(element, before);
                mark(&mut self.marked, element, CHANGED);
            }
            if let Some(next) = self.elements.get(change.old.end).filter(|_| added.is_empty()) {
                mark(&mut self.marked, next, CUT);
            }
            self.elements.splice(change.old.clone(), added).for_each(|element| element.remove());
        }
        for &at in &edit.recoloured {
            if let Some(element) = self.elements.get(at) {
                element.set_text_content(None);
                fill(element, listing, at);
            }
        }
    }

    /// Sets off the lines of a field, instead of those before.
    pub fn bring_out(&mut self, lines: &[usize]) {
        for element in self.brought_out.drain(..) {
            let _ = element.remove_attribute(OUT);
        }
        for element in lines.iter().filter_map(|at| self.elements.get(*at)) {
            mark(&mut self.brought_out, element, OUT);
        }
    }

    /// Sets off the line that is explained, instead of the one before.
    pub fn point(&mut self, at: Option<usize>) {
        let here = at.and_then(|at| self.elements.get(at));
        if let Some(before) = &self.here {
            let _ = before.remove_attribute(HERE);
        }
        if let Some(here) = here {
            let _ = here.set_attribute(HERE, "");
        }
        self.here = here.cloned();
    }

    /// Scrolls the listing, and never the page, so that the line is seen.
    pub fn reveal(&self, place: &NodeRef, at: usize) {
        let line = self.elements.get(at).and_then(|line| line.dyn_ref::<HtmlElement>());
        let Some((place, line)) = place.cast::<Element>().zip(line) else { return };
        let (top, height) = (line.offset_top(), line.offset_height());
        if top < place.scroll_top() || top + height > place.scroll_top() + place.client_height() {
            place.set_scroll_top(top - place.client_height() / 3);
        }
    }

    fn unmark(&mut self) {
        for element in self.marked.drain(..) {
            let _ = element.remove_attribute(CHANGED);
            let _ = element.remove_attribute(CUT);
        }
    }
}

fn mark(marked: &mut Vec<Element>, element: &Element, name: &str) {
    let _ = element.set_attribute(name, "");
    marked.push(element.clone());
}

fn drawn(listing: &Listing, at: usize) -> Option<Element> {
    let line = element("span")?;
    line.set_class_name("line");
    fill(&line, listing, at);
    Some(line)
}

fn fill(line: &Element, listing: &Listing, at: usize) {
    for (kind, text) in listing.line(at) {
        match kind.class().zip(element("span")) {
            None => {
                let _ = line.append_with_str_1(text);
            }
            Some((class, part)) => {
                part.set_class_name(class);
                part.set_text_content(Some(text));
                let _ = line.append_child(&part);
            }
        }
    }
}

fn element(name: &str) -> Option<Element> {
    document()?.create_element(name).ok()
}
