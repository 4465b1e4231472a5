//! A box in a temporary folder: the script's own paths lead there, and its PATH holds nothing but stubs and the plain
//! tools that every Debian has.

use pushbox_shared::config::Config;
use pushbox_shared::hash::sha256_hex;
use pushbox_shared::user_data;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

const STUBS: [(&str, &str); 14] = [
    ("apt-get", include_str!("stubs/apt-get")),
    ("curl", include_str!("stubs/curl")),
    ("docker", include_str!("stubs/docker")),
    ("fallocate", include_str!("stubs/noted")),
    ("haproxy", include_str!("stubs/noted")),
    ("ip6tables", include_str!("stubs/noted")),
    ("iptables", include_str!("stubs/noted")),
    ("mkswap", include_str!("stubs/noted")),
    ("sleep", include_str!("stubs/sleep")),
    ("socat", include_str!("stubs/socat")),
    // No connection is open.
    ("ss", "#!/bin/bash\n"),
    ("swapon", include_str!("stubs/noted")),
    ("systemctl", include_str!("stubs/noted")),
    ("dpkg", "#!/bin/bash\necho arm64\n"),
];

const TOOLS: &str =
    "bash cat chmod cmp cp cut flock git grep install mkdir mv rm sed sha256sum tail tee timeout wc";

pub(crate) struct Sandbox {
    pub(crate) root: PathBuf,
    pub(crate) config: Config,
    pub(crate) function_url: Option<&'static str>,
}

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) output: String,
}

impl Sandbox {
    /// With a repository that has one commit on `main`, and tags but no push yet.
    pub(crate) fn new(config: Config) -> Sandbox {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("pushbox-box-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let root = env::temp_dir().join(name);
        for folder in [
            "bin",
            "containers",
            "etc/apt/apt.conf.d",
            "etc/systemd/system",
            "proc",
            "root",
            "run",
            "tags",
            "var/lib",
        ] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let sandbox = Sandbox { root, config, function_url: None };
        for (name, text) in STUBS {
            sandbox.write(&format!("bin/{name}"), text);
            let path = sandbox.root.join("bin").join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for tool in TOOLS.split(' ') {
            symlink(find(tool), sandbox.root.join("bin").join(tool)).unwrap();
        }
        sandbox.write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        sandbox.git(&["init", "--quiet", "--initial-branch=main", "origin"]);
        sandbox.commit();
        sandbox
    }

    /// A new commit on the branch that is checked out in the origin.
    pub(crate) fn commit(&self) -> String {
        self.git(&["-C", "origin", "commit", "--quiet", "--allow-empty", "--message=Change"]);
        self.head()
    }

    pub(crate) fn head(&self) -> String {
        self.git(&["-C", "origin", "rev-parse", "HEAD"])
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(&self.root)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    /// What the function does at a push.
    pub(crate) fn ring(&self, poke: &str, ref_name: &str, commit: &str) {
        self.write("tags/poke", poke);
        self.write("tags/ref", ref_name);
        self.write("tags/commit", commit);
    }

    /// The script as this box would get it: its paths lead into the sandbox.
    pub(crate) fn script(&self) -> String {
        let root = self.root.display();
        let mut config = self.config.clone();
        config.repo.url = format!("file://{root}/origin");
        let mut script = user_data::script(&config, self.function_url);
        script = script.replace("/dev/console", "/dev-console");
        for path in [
            "/etc/",
            "/var/lib/pushbox",
            "/var/log/",
            "/dev-console",
            "/swapfile",
            "/root ",
            "/run/",
            "/proc/uptime",
            "/usr/share/zoneinfo/",
        ] {
            script = script.replace(path, &format!("{root}{path}"));
        }
        script
    }

    /// What user data does, and then the service that it starts.
    pub(crate) fn install(&self) -> Ran {
        self.write("user-data", &self.script());
        let ran = self.run_file("user-data", "setup");
        if ran.code == 0 { self.run("deploy") } else { ran }
    }

    /// `deploy` and `agent`, of the script that is installed.
    pub(crate) fn run(&self, command: &str) -> Ran {
        self.run_file("etc/pushbox/user-data.sh", command)
    }

    fn run_file(&self, file: &str, command: &str) -> Ran {
        let output = self.bash(&["bin/timeout", "60", "bin/bash", file, command]);
        Ran { code: output.status.code().unwrap_or(-1), output: text(&output.stdout) + &text(&output.stderr) }
    }

    fn bash(&self, command: &[&str]) -> Output {
        Command::new(self.root.join(command[0]))
            .args(&command[1..])
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", self.root.join("bin"))
            .env("BOX", &self.root)
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "protocol.file.allow")
            .env("GIT_CONFIG_VALUE_0", "always")
            .output()
            .unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_default()
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// What the stubs were called with since the last time, with names in place of hashes.
    pub(crate) fn calls(&self) -> String {
        let calls = self.named(&self.read("calls"));
        self.write("calls", "");
        calls
    }

    /// The report lines since the last time: step, state and detail. Each must be JSON with exactly the agreed keys.
    pub(crate) fn reports(&self) -> String {
        let console = self.read("dev-console");
        self.write("dev-console", "");
        let mut reports = String::new();
        for line in console.lines() {
            let json = line.strip_prefix("pushbox ").expect("every line on the console is a report");
            let report: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).expect(json);
            let keys: Vec<&String> = report.keys().collect();
            assert_eq!(keys, ["commit", "step", "state", "seconds", "detail"]);
            assert!(report["seconds"].is_number());
            let words =
                [&report["step"], &report["state"], &report["detail"]].map(|word| word.as_str().unwrap());
            reports.push_str(&format!("{}\n", self.named(words.join(" ").trim_end())));
        }
        reports
    }

    /// The label of the container that serves.
    pub(crate) fn serving(&self) -> Option<String> {
        let port = self.live_port();
        self.has(&format!("containers/my_app-{port}.runs"))
            .then(|| self.read(&format!("containers/my_app-{port}")))
    }

    /// Where the proxy passes visitors to at the next boot.
    pub(crate) fn live_port(&self) -> String {
        let config = self.read("etc/pushbox/haproxy.cfg");
        config
            .lines()
            .find_map(|line| line.strip_prefix("  server app 127.0.0.1:"))
            .unwrap_or_default()
            .into()
    }

    pub(crate) fn assert_serves(&self, commit: &str) {
        let script = sha256_hex(self.read("etc/pushbox/user-data.sh"));
        assert_eq!(self.serving(), Some(format!("{commit} {script}")));
    }

    fn named(&self, text: &str) -> String {
        text.replace(&self.root.display().to_string(), "")
            .replace(&self.head(), "HEAD")
            .replace(&sha256_hex(self.read("etc/pushbox/user-data.sh")), "SCRIPT")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

pub(crate) fn find(tool: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| is_program(path));
    found.unwrap_or_else(|| panic!("{tool} is not on the PATH, and these tests need it"))
}

pub(crate) fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
