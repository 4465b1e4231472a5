//! How much of what EC2 takes the script needs.

use pushbox_shared::user_data::LIMIT;
use yew::prelude::*;

use crate::model::sheet::Size;

pub fn meter(size: Size) -> Html {
    html! {
        <p class="bytes" data-state={(size.bytes() > LIMIT).then_some("over")} id="script-size">
            <meter min="0" max={LIMIT.to_string()} high="15000" value={size.bytes().to_string()} aria-label="Size of the user data" />
            { size.words() }
        </p>
    }
}
