//! The annex makes a file that somebody wants to download. For `function.zip`, and for everything in one, it fetches the
//! function's program, which is a file of this page.

use pushbox_shared::checked;
use pushbox_shared::config::{self, Choice};

use crate::browser;
use crate::components::made_download::{EVERYTHING, FUNCTION_ZIP};
use crate::model::exports;

const NO_PROGRAM: &str = "This page was built without the function's program. A page that `cargo xtask dist` builds has it; or \
                          give the installer one: bash install.sh --from URL";

/// The bytes, or why there are none, of an output or of what [`crate::components::made_download`] names.
pub async fn make(id: &str, config: &str, function_url: Option<String>) -> Result<Vec<u8>, String> {
    if id == EVERYTHING.id {
        // Without the program the archive says what to do instead.
        let base = program(config).await.unwrap_or_default();
        exports::archive(config, function_url, &base)
    } else if id == FUNCTION_ZIP.id {
        exports::function_zip(&program(config).await.map_err(|_| NO_PROGRAM)?, config)
    } else {
        Ok(exports::render(id, config).ok_or("The form has a problem still.")?.into_bytes())
    }
}

async fn program(config: &str) -> Result<Vec<u8>, String> {
    let config = config::parse(config.as_bytes()).map(|document| checked::read(&document).0);
    let processor = config.unwrap_or_default().function.arch.name();
    browser::fetch(&format!("function-{processor}.zip")).await
}
