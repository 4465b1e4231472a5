//! A button that downloads a file which the annex makes, and says what became of it.

use pushbox_shared::export::install;
use yew::prelude::*;

use crate::browser;

/// What can be made.
#[derive(Clone, Copy, PartialEq)]
pub struct Made {
    /// As the annex knows it.
    pub id: &'static str,
    pub file: &'static str,
    pub label: &'static str,
    /// Said where it cannot be made yet.
    pub not_yet: &'static str,
}

const NOT_YET: &str = "The form has a problem still.";

/// The program of the function with the config beside it.
pub const FUNCTION_ZIP: Made =
    Made { id: "function-zip", file: "function.zip", label: "Download function.zip", not_yet: NOT_YET };

pub const INSTALLER: Made = Made {
    id: install::OUTPUT.id,
    file: install::OUTPUT.file,
    label: "Download install.sh",
    not_yet: NOT_YET,
};

/// Every file of the form in one zip, as `pushbox render archive` makes it.
pub const EVERYTHING: Made =
    Made { id: "everything", file: "pushbox.zip", label: "Download everything", not_yet: "" };

impl Made {
    /// Downloads it, and gives what is to be said then.
    pub fn save(self, bytes: Result<Vec<u8>, String>) -> String {
        match bytes {
            Ok(bytes) => {
                browser::download(self.file, &bytes);
                format!("{} is downloaded.", self.file)
            }
            Err(why) => why,
        }
    }

    /// `problems` is how many the form has, and `said` what became of it.
    pub fn button(
        self,
        id: &'static str,
        problems: usize,
        said: &str,
        onclick: Callback<MouseEvent>,
    ) -> Html {
        let said = if problems == 0 { said } else { self.not_yet };
        html! {
            <>
                <button type="button" {id} disabled={problems > 0} {onclick}>{ self.label }</button>
                <p class="note" id={format!("{id}-said")} role="status">{ said }</p>
            </>
        }
    }
}
