//! Secrets on their way through bash to docker's environment: every name that a config may have keeps its value.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use pushbox_shared::checked::load;
use pushbox_shared::config::{Config, EnvValue, EnvVar, to_json};
use pushbox_shared::user_data::script;

use crate::config;

/// What bash's manual lists beside what bash says itself.
const NAMES: &str = "BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_COMPAT BASH_ENV \
    BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_VERSION \
    BASH_XTRACEFD CHILD_MAX COLUMNS COMPREPLY COMP_CWORD COMP_KEY COMP_LINE COMP_POINT COMP_TYPE COMP_WORDBREAKS COMP_WORDS COPROC \
    DIRSTACK EMACS ENV EPOCHREALTIME EPOCHSECONDS EUID EXECIGNORE FCEDIT FIGNORE FUNCNAME FUNCNEST GLOBIGNORE GROUPS HISTCMD \
    HISTCONTROL HISTFILE HISTFILESIZE HISTIGNORE HISTSIZE HISTTIMEFORMAT HOME HOSTFILE HOSTNAME HOSTTYPE IFS IGNOREEOF INPUTRC \
    INSIDE_EMACS LANG LC_ALL LC_COLLATE LC_CTYPE LC_MESSAGES LC_NUMERIC LC_TIME LINENO LINES MACHTYPE MAIL MAILCHECK MAILPATH \
    MAPFILE OLDPWD OPTARG OPTERR OPTIND OSTYPE PATH PIPESTATUS POSIXLY_CORRECT PPID PROMPT_COMMAND PROMPT_DIRTRIM PS0 PS1 PS2 PS3 \
    PS4 PWD RANDOM READLINE_ARGUMENT READLINE_LINE READLINE_MARK READLINE_POINT REPLY SECONDS SHELL SHELLOPTS SHLVL SRANDOM TERM \
    TIMEFORMAT TMOUT TMPDIR TZ UID _ __pushbox a auto_resume histchars name DB_PASSWORD";

fn with_secret(name: &str) -> Config {
    let mut config = config();
    config.run.env = vec![EnvVar { name: name.into(), value: EnvValue::Secret }];
    config
}

#[test]
fn a_name_that_bash_would_not_keep_is_no_secrets_name() {
    let folder = std::env::temp_dir().join(format!("pushbox-secret-env-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // It says what its environment is, and then that its arguments are no files.
    let docker = folder.join("docker");
    fs::write(&docker, "#!/usr/bin/env -S cat /proc/self/environ --\n").unwrap();
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());

    let (mut kept, mut refused) = (0, 0);
    for name in NAMES.split_whitespace() {
        let config = with_secret(name);
        if load(to_json(&config).as_bytes()).is_err() {
            refused += 1;
            continue;
        }
        let script = script(&config, None);
        let functions = script.strip_suffix("main \"$@\"\n").unwrap();
        for value in ["7070707", "x y\nz\" $HOME"] {
            let run = "STATE=$1 SECRETS[env/$2]=$3; run_app --detach || true";
            let output = Command::new("bash")
                .args(["-c", &format!("{functions}\n{run}"), "bash"])
                .arg(&folder)
                .args([name, value])
                .env_clear()
                .env("PATH", &path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            let wanted = format!("{name}={value}");
            let found: Vec<&str> =
                said.split('\0').filter(|variable| variable.starts_with(&format!("{name}="))).collect();
            assert_eq!(found, [wanted], "{said}{}", String::from_utf8_lossy(&output.stderr));
            // Where bash objects to a value it repeats it.
            assert_eq!(said.matches(value).count(), said.matches(&format!("={value}\0")).count(), "{said}");
            kept += 1;
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(kept > 100 && refused > 30, "{kept} values arrived, {refused} names were refused");
}
