//! Kinds of apps: what differs from the defaults, and which Dockerfile such an app can begin with.

use super::draft::Draft;

pub struct Preset {
    /// Its folder below `presets/`, where its Dockerfile is; empty where a person has one.
    pub id: &'static str,
    pub label: &'static str,
    /// Fields with the texts that such an app needs.
    fills: &'static [(&'static str, &'static str)],
}

/// The first is what the page begins with.
pub const PRESETS: [Preset; 7] = [
    Preset { id: "", label: "A Dockerfile of my own", fills: &[] },
    Preset { id: "static", label: "Static site", fills: &[("run.port", "8080")] },
    Preset { id: "node", label: "Node.js", fills: &[] },
    Preset { id: "python", label: "Python", fills: &[("run.port", "8000")] },
    // The compiler's output of all dependencies is kept.
    Preset { id: "rust", label: "Rust", fills: &[("run.port", "8080"), ("box.disk_gb", "20")] },
    Preset { id: "go", label: "Go", fills: &[("run.port", "8080")] },
    // It starts slowly, and more slowly beside another version.
    Preset { id: "java", label: "Java", fills: &[("run.port", "8080"), ("run.health_timeout_s", "180")] },
];

/// The first where there is none of that name.
pub fn preset(id: &str) -> &'static Preset {
    let [first, others @ ..] = &PRESETS;
    others.iter().find(|preset| preset.id == id).unwrap_or(first)
}

impl Preset {
    /// Takes the place of another one. What a person has filled in stays.
    pub fn fill(&self, draft: &Draft, before: &Preset) -> Draft {
        let mut draft = draft.clone();
        for (path, text) in before.fills {
            if draft.text(path) == *text {
                draft.set_text(path, "");
            }
        }
        for (path, text) in self.fills {
            if draft.text(path).is_empty() {
                draft.set_text(path, text);
            }
        }
        draft
    }

    /// Where its Dockerfile is fetched from; nothing where a person has one.
    pub fn address(&self) -> Option<String> {
        (!self.id.is_empty()).then(|| format!("presets/{}/Dockerfile", self.id))
    }
}

#[cfg(test)]
mod tests {
    use pushbox_shared::checked::read;
    use pushbox_shared::config::Kind;

    use super::*;

    fn dockerfile(preset: &Preset) -> Vec<(String, String)> {
        let file = format!("{}/assets/presets/{}/Dockerfile", env!("CARGO_MANIFEST_DIR"), preset.id);
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|line| {
                line.split_once(' ').map(|(word, rest)| (word.to_string(), rest.to_string())).unwrap()
            })
            .collect()
    }

    fn with_dockerfile() -> impl Iterator<Item = &'static Preset> {
        PRESETS.iter().filter(|preset| preset.address().is_some())
    }

    #[test]
    fn every_dockerfile_fits_its_preset_and_runs_without_rights() {
        const KNOWN: [&str; 9] =
            ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "CMD", "ENTRYPOINT"];
        for preset in with_dockerfile() {
            let lines = dockerfile(preset);
            let id = preset.id;
            for (word, rest) in &lines {
                assert!(KNOWN.contains(&word.as_str()), "{id}: {word}");
                let image = rest.split(' ').next().unwrap_or_default();
                let is_pinned = image.split_once(':').is_some_and(|(_, tag)| tag != "latest");
                assert!(word != "FROM" || is_pinned, "{id}: {image} has no version");
            }
            let last = lines.iter().rposition(|(word, _)| word == "FROM").unwrap();
            let of = |wanted: &str| {
                lines[last..]
                    .iter()
                    .filter(|(word, _)| word == wanted)
                    .map(|(_, rest)| rest.as_str())
                    .collect::<Vec<_>>()
            };
            let (config, _) = read(&preset.fill(&Draft::default(), &PRESETS[0]).document());
            assert_eq!(of("EXPOSE"), [config.run.port.to_string()], "{id}");
            assert!(of("USER").len() == 1 && !of("USER").contains(&"root"), "{id}: {:?}", of("USER"));
            assert_eq!(of("CMD").len() + of("ENTRYPOINT").len(), 1, "{id}");
            for stage in lines.iter().filter_map(|(_, rest)| rest.strip_prefix("--from=")) {
                let stage = stage.split(' ').next().unwrap_or_default();
                assert!(
                    lines
                        .iter()
                        .any(|(word, rest)| word == "FROM" && rest.ends_with(&format!(" AS {stage}"))),
                    "{id}: {stage}"
                );
            }
        }
    }

    #[test]
    fn dependencies_are_installed_before_the_source_is_copied() {
        for preset in with_dockerfile().filter(|preset| preset.id != "static") {
            let lines = dockerfile(preset);
            let at = |wanted: fn(&(String, String)) -> bool| lines.iter().position(wanted);
            let source = at(|(word, rest)| word == "COPY" && (rest == ". ." || rest.starts_with("src/")));
            let install = at(|(word, rest)| {
                word == "RUN"
                    && ["npm ci", "pip install", "cargo build", "go mod", "dependency:"]
                        .iter()
                        .any(|part| rest.contains(part))
            });
            assert!(install.is_some() && install < source, "{}", preset.id);
        }
    }

    #[test]
    fn a_preset_takes_the_place_of_another_and_not_of_what_was_typed() {
        let mut draft = Draft::default();
        draft.set_text("box.disk_gb", "30");
        let rust = preset("rust").fill(&draft, &PRESETS[0]);
        assert_eq!((rust.text("run.port"), rust.text("box.disk_gb")), ("8080", "30"));
        let python = preset("python").fill(&rust, preset("rust"));
        assert_eq!((python.text("run.port"), python.text("box.disk_gb")), ("8000", "30"));
        assert_eq!(preset("").fill(&python, preset("python")), draft);
    }

    #[test]
    fn what_a_preset_fills_in_is_right() {
        for preset in &PRESETS {
            let (_, problems) = read(&preset.fill(&Draft::default(), &PRESETS[0]).document());
            let wrong = problems.iter().filter(|problem| problem.kind != Kind::Missing);
            let wrong: Vec<String> = wrong.map(ToString::to_string).collect();
            assert_eq!(wrong, Vec::<String>::new(), "{}", preset.id);
        }
    }
}
