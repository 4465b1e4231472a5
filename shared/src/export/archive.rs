//! Everything in one zip: all files that a config stands for, and a README that says what each is and what to do. The same
//! config gives the same bytes.

use super::output::Order;
use super::{OUTPUTS, USER_DATA, install, webhook_form, zip};
use crate::config;
use crate::user_data::packed;

pub const FILE: &str = "pushbox.zip";

/// What it is, in one sentence.
pub const ABOUT: &str =
    "Everything in one zip: all these files, and a README that says what to do with them.";

/// The zip; with a function's zip ([`zip::function`]), where there is one. Nothing where that would be larger than a zip can be.
pub fn archive(order: &Order<'_>, function_zip: Option<&[u8]>) -> Option<Vec<u8>> {
    let config = &order.setup.config;
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("README.txt", readme(order, function_zip.is_some()).into_bytes()),
        ("pushbox.json", config::to_json(config).into_bytes()),
    ];
    for output in OUTPUTS {
        let text = (output.render)(order);
        // What EC2 is given, as the page's own download has it.
        let is_script = output.id == USER_DATA.id;
        files.push((output.file, if is_script { packed(&text).into_bytes() } else { text.into_bytes() }));
    }
    files.extend(function_zip.map(|bytes| ("function.zip", bytes.to_vec())));
    zip::stored(&files)
}

fn readme(order: &Order<'_>, has_function: bool) -> String {
    let config = &order.setup.config;
    let form = webhook_form::of(&config.repo.url);
    let function_zip = if has_function {
        "upload both files"
    } else {
        "upload it (this archive has no function.zip, so give the installer one: bash install.sh --from URL)"
    };
    let files = OUTPUTS.iter().map(|output| (output.file, output.about));
    let own = ("pushbox.json", "The config: the function reads it, and the page takes it back.");
    let function = has_function.then_some(("function.zip", zip::ABOUT));
    let list: String = [own]
        .into_iter()
        .chain(files)
        .chain(function)
        .map(|(file, about)| format!("{file}\n    {about}\n"))
        .collect();
    format!(
        "{app}: git push becomes a running app on one AWS machine\n\n\
         The files\n\n{list}\n\
         Five steps to the first push\n\n\
         1. Fill in the form: done, pushbox.json is what it made.\n\
         2. Take {installer} and function.zip out of this archive.\n\
         3. Open AWS CloudShell in {region}, {function_zip}, and run: bash {installer}\n\
         \x20  It says what it makes, asks for the app's secrets, and prints a URL and a secret.\n\
         4. Tell {host} ({place}): that URL with /hook, and that secret.\n\
         5. git push. The URL, opened in a browser, says how the app is.\n",
        app = config.app,
        installer = install::OUTPUT.file,
        region = config.box_.region,
        host = form.host,
        place = form.place,
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use ::zip::ZipArchive;

    use super::*;
    use crate::checked;
    use crate::export::USER_DATA;
    use crate::setup::Setup;
    use crate::user_data;

    fn setup(variables: usize) -> Setup {
        let text = r#"{"app": "my_app", "repo": {"url": "https://gitlab.com/usil/foo.git"}}"#;
        let mut setup = Setup { config: checked::load(text.as_bytes()).unwrap(), ..Setup::default() };
        let var = |at| config::EnvVar {
            name: format!("SETTING_{at}"),
            value: config::EnvValue::Plain("x".repeat(90)),
        };
        setup.config.run.env = (0..variables).map(var).collect();
        setup
    }

    /// By somebody else's reader, which compares the checksums.
    fn files(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
        (0..archive.len())
            .map(|at| {
                let mut file = archive.by_index(at).unwrap();
                let mut content = Vec::new();
                file.read_to_end(&mut content).unwrap();
                (file.name().unwrap().to_string(), content)
            })
            .collect()
    }

    #[test]
    fn it_holds_every_output_once_and_names_each_in_its_readme() {
        let setup = setup(1);
        let order = Order { setup: &setup, account: None };
        let zip = archive(&order, Some(b"a zip")).unwrap();
        assert_eq!(
            Some(&zip),
            archive(&order, Some(b"a zip")).as_ref(),
            "the same config gives the same bytes"
        );
        let files = files(&zip);
        assert_eq!(files.len(), OUTPUTS.len() + 3);
        let content =
            |name: &str| files.iter().find(|(file, _)| file == name).map(|(_, content)| content.as_slice());
        for output in OUTPUTS {
            assert_eq!(content(output.file), Some((output.render)(&order).as_bytes()), "{}", output.id);
        }
        assert_eq!(content("pushbox.json"), Some(config::to_json(&setup.config).as_bytes()));
        assert_eq!(content("function.zip"), Some(&b"a zip"[..]));
        let readme = String::from_utf8(content("README.txt").unwrap().to_vec()).unwrap();
        for (name, _) in files.iter().filter(|(name, _)| name != "README.txt") {
            assert!(readme.contains(&format!("\n{name}\n")), "{name} is not explained:\n{readme}");
        }
    }

    #[test]
    fn without_the_functions_program_the_readme_says_what_to_do() {
        let setup = setup(0);
        let files = files(&archive(&Order { setup: &setup, account: None }, None).unwrap());
        assert!(files.iter().all(|(name, _)| name != "function.zip"));
        let readme = String::from_utf8_lossy(&files[0].1).into_owned();
        assert!(readme.contains("no function.zip") && !readme.contains("\nfunction.zip\n"), "{readme}");
    }

    #[test]
    fn a_long_script_is_what_ec2_is_given() {
        let setup = setup(200);
        let script = user_data::script(&setup.config, None);
        assert!(script.len() > user_data::LIMIT);
        let files = files(&archive(&Order { setup: &setup, account: None }, None).unwrap());
        let of_script = files.iter().find(|(name, _)| name == USER_DATA.file).unwrap();
        assert!(of_script.1 == packed(&script).into_bytes());
    }
}
