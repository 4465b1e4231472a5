//! A file as it is made: lines with their colours, and what the last edit has changed set off.

use std::rc::Rc;

use pushbox_shared::export::Language;
use yew::prelude::*;

use crate::browser::lines::Lines;
use crate::model::listing::Listing;

#[derive(Properties, PartialEq)]
pub struct ListingProps {
    /// This and what follows up to the text stay the same while the listing lives.
    pub id: AttrValue,
    pub label: AttrValue,
    pub language: Language,
    pub text: Rc<str>,
}

pub struct ListingView {
    place: NodeRef,
    lines: Lines,
    listing: Listing,
}

impl Component for ListingView {
    type Message = ();
    type Properties = ListingProps;

    fn create(context: &Context<ListingView>) -> ListingView {
        let props = context.props();
        ListingView {
            place: NodeRef::default(),
            lines: Lines::default(),
            listing: Listing::new(&props.text, props.language),
        }
    }

    /// What Yew drew stays as it is.
    fn changed(&mut self, context: &Context<ListingView>, _: &ListingProps) -> bool {
        let props = context.props();
        if props.text != *self.listing.text() {
            let listing = Listing::new(&props.text, props.language);
            self.lines.edit(&self.place, &listing, &listing.since(&self.listing));
            self.listing = listing;
        }
        false
    }

    fn rendered(&mut self, _: &Context<ListingView>, is_first: bool) {
        if is_first {
            self.lines.draw(&self.place, &self.listing);
        }
    }

    fn view(&self, context: &Context<ListingView>) -> Html {
        let ListingProps { id, label, .. } = context.props();
        html! { <pre ref={&self.place} {id} class="code listing" tabindex="0" role="region" aria-label={label}></pre> }
    }
}
