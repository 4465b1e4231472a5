//! How much of what EC2 takes the script needs. A script that has to be packed is packed when nobody types: its gzip takes as long as
//! everything else of a keystroke together.

use std::rc::Rc;
use std::time::Duration;

use pushbox_shared::user_data::LIMIT;
use yew::prelude::*;

use crate::browser;
use crate::model::sheet::{Sheet, Size};

const PAUSE: Duration = Duration::from_millis(250);

#[derive(Properties, PartialEq)]
pub struct MeterProps {
    pub sheet: Rc<Sheet>,
}

#[component]
pub fn Meter(props: &MeterProps) -> Html {
    let script = &props.sheet.script;
    let packed = use_state_eq(|| props.sheet.size());
    {
        let (packed, sheet) = (packed.clone(), Rc::clone(&props.sheet));
        use_effect_with(Rc::clone(script), move |_| {
            let timer = browser::timer(PAUSE, move || packed.set(sheet.size()));
            move || _ = timer.cancel()
        });
    }
    let size = match *packed {
        _ if script.len() <= LIMIT => Size { script: script.len(), gzip: None },
        Size { gzip: None, .. } => props.sheet.size(),
        before => Size { script: script.len(), ..before },
    };
    let class = classes!("bytes", (size.bytes() > LIMIT).then_some("over"));
    html! {
        <p {class} id="script-size">
            <meter min="0" max={LIMIT.to_string()} high="15000" value={size.bytes().to_string()} aria-label="Size of the user data" />
            { size.words() }
        </p>
    }
}
