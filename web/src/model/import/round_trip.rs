//! What is written from a config comes back as that config, whoever wrote it.

use std::process::Command;

use proptest::prelude::*;
use pushbox_shared::config::{Config, EnvValue, EnvVar, FIELDS};
use pushbox_shared::user_data::quote;
use serde_json::Value;

use super::*;
use crate::model::draft::{Draft, Row};
use crate::model::sheet::Sheet;
use crate::model::tabs::Tab;
use crate::model::{link, shell_words};

/// What a text makes of an empty form.
fn config_of(kind: Kind, text: &str) -> Config {
    let taken = read(kind, text, "").draft;
    let draft = match kind.goes() {
        Goes::InPlace => taken,
        Goes::Besides => add(&Draft::default(), &taken).0,
    };
    Sheet::new(&draft, None).config
}

/// Names that do not sound like secrets, and those that do.
fn env() -> impl Strategy<Value = Vec<EnvVar>> {
    let plain = ("V[A-Z_0-9]{0,5}", "[ -~é🙂\n\t]{0,12}");
    let plain = plain.prop_map(|(name, value)| EnvVar { name: name + "_X", value: EnvValue::Plain(value) });
    let secret = "S[A-Z_0-9]{0,5}".prop_map(|name| EnvVar { name: name + "_TOKEN", value: EnvValue::Secret });
    let vars = proptest::collection::vec(prop_oneof![3 => plain, 1 => secret], 0..6);
    vars.prop_map(|mut vars| {
        vars.sort_by(|one, two| one.name.cmp(&two.name));
        vars.dedup_by(|one, two| one.name == two.name);
        vars
    })
}

/// As much of a config as `docker run` and a compose file can say.
fn app() -> impl Strategy<Value = Config> {
    let volumes = proptest::collection::vec("[a-z]{2,5}:/[a-z/]{1,5}x(:ro)?", 0..3);
    let ports = proptest::collection::vec((1000..9000_u32, 1..65_535_u32, any::<bool>()), 0..3);
    ("[a-z]{1,9}", 1..65_535_u32, env(), volumes, ports, "/[a-z]{0,5}").prop_map(
        |(name, port, env, mut volumes, ports, health_path)| {
            let mut config = Config { app: name, ..Config::default() };
            let protocol = |is_udp: bool| if is_udp { "/udp" } else { "" };
            let ports =
                ports.into_iter().map(|(out, inside, is_udp)| format!("{out}:{inside}{}", protocol(is_udp)));
            volumes.dedup();
            let mut extra_ports: Vec<String> = ports.collect();
            extra_ports.sort();
            extra_ports.dedup();
            volumes.sort();
            volumes.dedup();
            (config.run.port, config.run.env, config.run.health_path) = (port, env, health_path);
            (config.run.volumes, config.run.extra_ports) = (volumes, extra_ports);
            config
        },
    )
}

/// The `docker run` line that a person would have had. `way` turns how each part is written.
fn docker_run(config: &Config, way: usize) -> String {
    let run = &config.run;
    let option = |at: usize, short: &str, long: &str, value: &str| match (at + way) % 4 {
        0 => format!(" {short} {}", quote(value)),
        1 => format!(" {long} \\\n {}", quote(value)),
        2 => format!(" {long}={}", quote(value)),
        _ => format!("  {short}{}", quote(value)),
    };
    let mut line = format!("docker run -d --name {}", quote(&config.app));
    line += &option(way, "-p", "--publish", &format!("80:{}", run.port));
    for (at, port) in run.extra_ports.iter().enumerate() {
        line += &option(at, "-p", "--publish", port);
    }
    for (at, var) in run.env.iter().enumerate() {
        let value = var.value.plain().map(|value| format!("={value}")).unwrap_or_default();
        line += &option(at, "-e", "--env", &format!("{}{value}", var.name));
    }
    for (at, volume) in run.volumes.iter().enumerate() {
        line += &option(at, "-v", "--volume", volume);
    }
    line + &format!(
        " --health-cmd {} image",
        quote(&format!("curl -f http://localhost:{}{}", run.port, run.health_path))
    )
}

/// A text as YAML and JSON both take it, and compose leaves it.
fn scalar(text: &str) -> String {
    Value::from(text.replace('$', "$$")).to_string()
}

fn compose(config: &Config) -> String {
    let run = &config.run;
    let list = |key: &str, items: Vec<String>| {
        let items: String = items.iter().map(|item| format!("      - {item}\n")).collect();
        if items.is_empty() { String::new() } else { format!("    {key}:\n{items}") }
    };
    let env = |var: &EnvVar| {
        scalar(&format!(
            "{}{}",
            var.name,
            var.value.plain().map(|value| format!("={value}")).unwrap_or_default()
        ))
    };
    let ports = std::iter::once(format!("80:{}", run.port)).chain(run.extra_ports.iter().cloned());
    let test = format!("    healthcheck: {{ test: [CMD, curl, 'http://127.0.0.1{}'] }}\n", run.health_path);
    format!(
        "services:\n  db: {{ image: postgres }}\n  web:\n    build: .\n    container_name: {}\n",
        scalar(&config.app)
    ) + &list("ports", ports.map(|port| scalar(&port)).collect())
        + &list("environment", run.env.iter().map(env).collect())
        + &list("volumes", run.volumes.iter().map(|volume| scalar(volume)).collect())
        + &test
}

/// The words that bash gives to docker.
fn of_bash(line: &str) -> Vec<String> {
    let script = format!("docker() {{ printf '%s\\0' \"$@\"; }}\n{line}");
    let output = Command::new("bash").env("LC_ALL", "C.UTF-8").args(["-c", &script]).output();
    let text = String::from_utf8(output.expect("bash runs").stdout).expect("the words are UTF-8");
    text.split_terminator('\0').map(String::from).collect()
}

fn ours(line: &str) -> Vec<String> {
    shell_words::words(line)
        .unwrap()
        .into_iter()
        .skip(1)
        .map(|word| word.text)
        .filter(|word| word != "\n")
        .collect()
}

#[test]
fn lines_as_people_write_them_are_read_as_bash_reads_them() {
    for line in [
        "docker run -d -p 80:80 nginx",
        "docker run --rm -it -v \"/data dir\":/data -e 'A=it'\\''s' alpine sh -c 'echo \"$A\" # no'",
        "docker run \\\n  -e \"JSON={\\\"a\\\": [1, 2]}\" \\\n  -e PS1='\\[\\033[01;31m\\]' \\\n  app # a comment",
        "docker run -e A=$'one\\ntwo\\t\\'three\\'' --label=x=\"a\\\\b\" app",
        "docker run -e PRICE='5$' -e EMPTY= -e B=\"\" -e HASH=a#b app\n",
    ] {
        assert_eq!(ours(line), of_bash(line), "{line}");
    }
}

proptest! {
    #[test]
    fn a_docker_run_line_comes_back_and_bash_reads_the_same_words(config in app(), way in 0..4_usize) {
        let line = docker_run(&config, way);
        prop_assert_eq!(ours(&line), of_bash(&line), "{}", line);
        prop_assert_eq!(config_of(Kind::DockerRun, &line), config.clone(), "{}", line);
        prop_assert_eq!(config_of(Kind::Script, &line.replace('\n', "\r\n")).run.port, config.run.port);
        prop_assert_eq!(detect(&line), Kind::DockerRun);
    }

    #[test]
    fn a_compose_file_comes_back(config in app()) {
        let text = compose(&config);
        prop_assert_eq!(config_of(Kind::Compose, &text), config, "{}", text);
        prop_assert_eq!(detect(&text), Kind::Compose);
    }

    #[test]
    fn exported_variables_come_back(env in env()) {
        let plain = env.into_iter().filter(|var| var.value != EnvValue::Secret).collect::<Vec<_>>();
        let line = |var: &EnvVar| format!("export {}={};\n", var.name, quote(var.value.plain().unwrap_or_default()));
        let text: String = plain.iter().map(line).collect();
        prop_assert_eq!(config_of(Kind::Env, &text).run.env, plain, "{}", text);
    }

    #[test]
    fn a_file_and_a_link_come_back(texts in proptest::collection::vec("[ -~é🙂]{0,9}|[0-9]{1,5}", FIELDS.len()), env in env()) {
        let mut draft = Draft::default();
        for (field, text) in FIELDS.iter().zip(&texts) {
            draft.set_text(field.path, text);
        }
        let row = |(id, var): (u32, &EnvVar)| {
            let value = var.value.plain();
            Row { secret: value.is_none(), ..Row::new(id, &var.name, value.unwrap_or_default()) }
        };
        draft.set_rows("run.env", (0..).zip(&env).map(row).collect());
        let sheet = Sheet::new(&draft, None);
        prop_assert_eq!(&config_of(Kind::Config, &sheet.json), &sheet.config);
        prop_assert_eq!(detect(&sheet.json), Kind::Config);

        let link = link::write(&draft, Tab::Script);
        let secrets = env.iter().filter(|var| var.value == EnvValue::Secret).count();
        prop_assume!(link.left_out.len() == secrets);
        let url = format!("https://example.org/page/#{}", link.text);
        prop_assert_eq!(detect(&url), Kind::Link);
        let mut imported = config_of(Kind::Link, &url);
        // A link says the plain variables first.
        imported.run.env.sort_by(|one, two| one.name.cmp(&two.name));
        prop_assert_eq!(imported, sheet.config);
    }

    #[test]
    fn no_text_makes_it_panic(text in "(.|\n|[-:'\"\\\\$#=\\[\\]{},&|>*! ]|services|build|ports|\n  |\n- |ENV |EXPOSE |docker run |-p |git clone |<<A)*") {
        detect(&text);
        for kind in Kind::ALL {
            summary(&read(kind, &text, ""));
        }
    }
}

/// Each of them could make a careless reader slow, which squares the number of lines.
#[test]
fn ten_thousand_lines_of_anything_are_read_in_no_time() {
    let numbered = |line: fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    for (kind, text) in [
        (Kind::Config, format!("{{{} \"app\": \"a\"}}", numbered(|at| format!("\"key{at}\": 1,\n")))),
        (Kind::Link, format!("#v=1{}", numbered(|at| format!("&run.env.A{at}=1")))),
        (Kind::Env, numbered(|at| format!("NAME_{at}=value of it\n"))),
        (Kind::DockerRun, format!("docker run{}", numbered(|at| format!(" -e A{at}=1 -v aa{at}:/a{at}")))),
        (Kind::DockerRun, numbered(|at| format!("docker run -e 'A{at}=1\n"))),
        (Kind::Compose, format!("services:\n{}", numbered(|at| format!("  s{at}:\n    image: x\n")))),
        (
            Kind::Compose,
            format!("services:\n  web:\n    ports: [\n{}", numbered(|at| format!("  key{at}:\n"))),
        ),
        (Kind::Compose, format!("services:\n  web:\n{}", numbered(|at| format!("    key{at}: |\n")))),
        (Kind::Dockerfile, format!("FROM x\n{}", numbered(|at| format!("ARG A{at}=1\nEXPOSE {at}\n")))),
        (Kind::Script, format!("A0=x\n{}", numbered(|at| format!("A{}=${{A{at}}}${{A{at}}}\n", at + 1)))),
        (Kind::Script, format!("git clone $A\n{}", numbered(|at| format!("A{at}=1\ncat <<E{at} $A1 $A2\n")))),
    ] {
        let taken = read(kind, &text, "");
        assert!(taken.left.len() + taken.draft.rows("run.env").len() > 10, "{kind:?}");
    }
}
