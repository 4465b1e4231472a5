//! The config in one sentence.

use yew::prelude::*;

use crate::model::sheet::Sheet;
use crate::model::summary::{Piece, sentence};

pub fn summary(sheet: &Sheet) -> Html {
    if sheet.config.repo.url.is_empty() {
        return html! {
            <p class="summary" id="summary">{ "Paste the URL of a repository with a Dockerfile, and this says what will happen." }</p>
        };
    }
    html! {
        <p class="summary" id="summary">
            for piece in sentence(&sheet.config) {
                { shown(piece) }
            }
        </p>
    }
}

fn shown(piece: Piece) -> Html {
    match piece {
        Piece::Words(words) => words.into(),
        Piece::Value(value) => html! { <strong>{ value }</strong> },
    }
}
