//! Repositories that not everybody may read: by a token, and by a deploy key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use expect_test::expect;
use serde_json::json;
use tests::cloud::Repository;
use tests::origin::Origin;

use crate::cloudy::{CANARY, Cloudy};
use crate::machine::DEPLOY;
use crate::secrets::replaced;
use crate::watch::Watch;

/// A host may ring before it serves the commit, so a fetch is tried for a minute; here it is not.
fn at_once(script: &str) -> String {
    replaced(script, "for pause in 2 4 8 16 30 0", "for pause in 0")
}

#[test]
fn a_token_opens_a_private_repository_and_its_submodules() {
    let config = json!({
        "app": "my_app",
        "repo": {"url": "https://github.com/usil/foo.git", "auth": "token", "submodules": true},
        "run": {"drain_s": 1}
    });
    let token = format!("{CANARY}-token");
    let library = tempfile::tempdir().unwrap();
    let Some(mut boxed) = Cloudy::off(&config, at_once) else { return };
    let library = Origin::new(library.path().to_path_buf());
    let head = library.commit(&[("word", b"from the submodule")]);
    let origin = &boxed.sandbox.origin;
    let modules = "[submodule \"lib\"]\n\tpath = lib\n\turl = https://github.com/usil/lib.git\n";
    std::fs::create_dir(origin.folder().join("lib")).unwrap();
    origin.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},lib")]);
    origin.commit(&[(".gitmodules", modules.as_bytes())]);
    let allow = |boxed: &Cloudy, login: &str| {
        for (path, folder) in
            [("/usil/foo.git", boxed.sandbox.origin.folder()), ("/usil/lib.git", library.folder())]
        {
            let repository = Repository { folder: folder.into(), login: Some(login.into()) };
            boxed.cloud.add_repository(path, repository);
        }
    };
    allow(&boxed, &format!("x-access-token:{token}"));
    boxed.put("repo-token", &token);
    boxed.boot();
    boxed.note_commands();
    let watch = Watch::start();
    boxed.install();
    assert_eq!(boxed.sandbox.read("/var/lib/pushbox/repo/lib/word"), "from the submodule");

    // It ends, and a new one takes its place.
    let other = format!("{CANARY}-other");
    allow(&boxed, &format!("x-access-token:{other}"));
    let seen = boxed.sandbox.reports().len();
    let two = boxed.push("two");
    let reports = boxed.sandbox.await_report(seen, "fetch", "failed", DEPLOY);
    expect!["fatal: could not read Username for 'https://github.com': terminal prompts disabled"]
        .assert_eq(&reports.last().unwrap().detail);
    assert_eq!(boxed.sandbox.get("/").unwrap(), b"one");
    boxed.put("repo-token", &other);
    boxed.ring(&two);
    boxed.sandbox.await_answer("two", DEPLOY);

    // The tokens of some hosts are somebody's.
    allow(&boxed, &format!("ada:{other}"));
    boxed.put("repo-token", &format!("ada:{other}"));
    boxed.deploy("three");

    let logins = ["x-access-token:", "ada:"].map(|user| STANDARD.encode(format!("{user}{other}")));
    let first = STANDARD.encode(format!("x-access-token:{token}"));
    boxed.assert_nowhere(&watch.stop(), &[CANARY, &first, &logins[0], &logins[1]]);
}

/// OpenSSH's client, as far as git calls it: it logs in with that key only, and then is the host.
const SSH: &str = r#"#!/bin/bash
set -euo pipefail
printf '%s\n' "$*" >>/var/tmp/ssh
key='' options=()
while [[ "${1:-}" == -* ]]; do
  case "$1" in
    -i) key=$2 ;;
    -o) options+=("$2") ;;
    *)
      echo "this ssh knows no $1" >&2
      exit 255
      ;;
  esac
  shift 2
done
[[ " ${options[*]} " == *' IdentitiesOnly=yes '* ]]
[[ " ${options[*]} " == *' StrictHostKeyChecking=accept-new '* ]]
[[ " ${options[*]} " == *' UserKnownHostsFile=/var/lib/pushbox/known_hosts '* ]]
if [[ "$(stat -c '%U %a' "${key}")" != 'root 600' ]] || ! cmp -s "${key}" /var/tmp/authorized; then
  echo 'git@git.test: Permission denied (publickey).' >&2
  exit 255
fi
[[ "$1" == git@git.test && "$2" == "git-upload-pack 'usil/foo.git'" ]]
exec git-upload-pack /srv/git
"#;

#[test]
fn a_deploy_key_opens_a_private_repository() {
    let config = json!({
        "app": "my_app",
        "repo": {"url": "git@git.test:usil/foo.git", "auth": "deploy-key"},
        "run": {"drain_s": 1}
    });
    let key = |lines: &str| {
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----")
    };
    let first = key(&format!("{CANARY}b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"));
    let Some(mut boxed) = Cloudy::off(&config, at_once) else { return };
    boxed.put("deploy-key", &first);
    boxed.boot();
    boxed.sandbox.write("/usr/bin/ssh", 0o755, SSH);
    boxed.sandbox.write("/var/tmp/authorized", 0o600, format!("{first}\n"));
    boxed.note_commands();
    let watch = Watch::start();
    boxed.install();

    let second = key(&format!("{CANARY}another"));
    boxed.sandbox.write("/var/tmp/authorized", 0o600, format!("{second}\n"));
    let seen = boxed.sandbox.reports().len();
    let two = boxed.push("two");
    let reports = boxed.sandbox.await_report(seen, "fetch", "failed", DEPLOY);
    let failed = reports.last().unwrap();
    expect!["and the repository exists."].assert_eq(&failed.detail);
    assert_eq!(boxed.sandbox.get("/").unwrap(), b"one");
    boxed.put("deploy-key", &second);
    boxed.ring(&two);
    boxed.sandbox.await_answer("two", DEPLOY);

    // The key itself must be in a file: in memory, for root alone.
    assert_eq!(boxed.sandbox.output(&["stat", "-c", "%U %a", "/run/pushbox-deploy-key"]), "root 600\n");
    assert_eq!(boxed.files_with(CANARY), "/var/tmp/authorized\n/run/pushbox-deploy-key\n");
    boxed.sandbox.output(&["rm", "/run/pushbox-deploy-key", "/var/tmp/authorized"]);
    boxed.assert_nowhere(&watch.stop(), &[CANARY]);
}
