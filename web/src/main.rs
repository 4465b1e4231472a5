//! The page: a form, the script that will run, and a place to try deliveries.

use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <h1>{ "pushbox" }</h1> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
