//! The kinds of text that can be imported, and where each goes.

/// What was pasted or dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Config,
    Link,
    Env,
    DockerRun,
    Compose,
    Dockerfile,
    Script,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Config, Kind::Link, Kind::Env, Kind::DockerRun, Kind::Compose, Kind::Dockerfile, Kind::Script];

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Config => "pushbox.json",
            Kind::Link => "a link to this page",
            Kind::Env => "variables (.env)",
            Kind::DockerRun => "a docker run line",
            Kind::Compose => "a compose file",
            Kind::Dockerfile => "a Dockerfile",
            Kind::Script => "a user-data script",
        }
    }

    /// For programs.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Config => "config",
            Kind::Link => "link",
            Kind::Env => "env",
            Kind::DockerRun => "docker-run",
            Kind::Compose => "compose",
            Kind::Dockerfile => "dockerfile",
            Kind::Script => "script",
        }
    }

    /// What it says takes the place of the whole form, or of the fields that it names.
    pub fn goes(self) -> Goes {
        match self {
            Kind::Config | Kind::Link => Goes::InPlace,
            Kind::Env | Kind::DockerRun | Kind::Compose | Kind::Dockerfile | Kind::Script => Goes::Besides,
        }
    }
}

/// Where an import goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goes {
    /// Of all that is in the form.
    InPlace,
    /// What is in the form and not in the import stays.
    Besides,
}
