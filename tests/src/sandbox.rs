//! A box without EC2: a Debian in namespaces of its own, where real bash, git and dockerd run the script unchanged. Its
//! network reaches nothing but its own metadata service.
//!
//! It needs root. Whatever becomes of the test, the box ends with it: its processes and mounts hang on pipes from here.

mod faults;

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use pushbox_shared::protocol::report::Report;
use tempfile::TempDir;

use crate::metadata::Metadata;
pub use crate::network::Network;
use crate::origin::Origin;
use crate::shell::Shell;

/// What a service and cloud-init have.
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// Seconds that one command on the box may take.
const PATIENCE: &str = "120";

const HOST: &str = include_str!("sandbox/host.sh");
const BOOT: &str = include_str!("sandbox/boot.sh");

/// The Debian that boxes run, or nothing where there is none or no right to run it; then the reason is printed.
pub fn debian() -> Option<PathBuf> {
    debian_of("PUSHBOX_DEBIAN")
}

/// The Debian that EC2 gives, in which the script has installed nothing yet.
pub fn bare_debian() -> Option<PathBuf> {
    debian_of("PUSHBOX_BARE_DEBIAN")
}

fn debian_of(variable: &str) -> Option<PathBuf> {
    let debian = env::var_os(variable).map(PathBuf::from);
    // Only root may look into root's folder.
    let usable = debian.filter(|debian| fs::read_dir(debian.join("root")).is_ok());
    if usable.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "CI must be root and have a Debian for the box");
        println!("skipped: no Debian for the box, or not root; `cargo xtask test box` as root brings it");
    }
    usable
}

pub struct Sandbox {
    power: Option<Power>,
    host: Shell,
    /// Holds what was put on the disk, the git host, the console and the mount points.
    folder: TempDir,
    pub metadata: Metadata,
    pub origin: Origin,
    pub network: Network,
    user_data: Vec<u8>,
}

/// A box that is on.
struct Power {
    process: Shell,
    /// Process 1 of the box, as this machine counts.
    pid: String,
}

impl Sandbox {
    /// A new instance with that user data, still off. Its git finds the empty `origin` under `url`.
    pub fn new(debian: &Path, user_data: impl AsRef<[u8]>, url: &str) -> Sandbox {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let git_config = format!("[url \"file:///srv/git\"]\n\tinsteadOf = {url}\n");
        for (path, mode, text) in [
            ("usr/bin/systemctl", 0o755, include_str!("sandbox/systemctl.sh")),
            ("usr/sbin/dmidecode", 0o755, include_str!("sandbox/dmidecode.sh")),
            ("root/.gitconfig", 0o644, &git_config),
            // Git looks for the machine's full name; in EC2 a name server knows it, here nobody else would.
            ("etc/hosts", 0o644, "127.0.0.1 localhost\n10.0.0.10 ip-10-0-0-10.ec2.internal ip-10-0-0-10\n"),
            ("etc/resolv.conf", 0o644, ""),
        ] {
            write(&folder.path().join("files").join(path), mode, text);
        }
        let origin = Origin::new(folder.path().join("git"));
        let mut host =
            Shell::start(&["unshare", "--mount", "--net"], HOST, folder.path(), &[&debian.to_string_lossy()]);
        assert_eq!(host.next_line(), "ready", "disk and network");
        let user_data = user_data.as_ref().to_vec();
        let metadata = Metadata::new(&user_data);
        let network = host.network();
        let sandbox = Sandbox { power: None, host, folder, metadata, origin, network, user_data };
        let listener = sandbox.network.visit(|| TcpListener::bind("169.254.169.254:80"));
        sandbox.metadata.serve(listener.expect("the address is there"));
        sandbox
    }

    /// Switches the box on, and waits until docker runs and the enabled services are started.
    pub fn boot(&mut self) {
        assert!(self.power.is_none(), "it is on already");
        let host = self.host.id().to_string();
        let mounts = format!("--mount=/proc/{host}/ns/mnt");
        let namespaces = "unshare --mount --pid --net --uts --ipc --fork --kill-child".split(' ');
        let enter: Vec<&str> = ["nsenter", &mounts].into_iter().chain(namespaces).collect();
        let mut process = Shell::start(&enter, BOOT, self.folder.path(), &[&host, &self.control_group()]);
        let pid = process.next_line();
        let up = process.next_line();
        self.power = Some(Power { process, pid });
        assert_eq!(up, "up", "the boot; docker said:\n{}", self.read("/var/log/docker.log"));
    }

    /// Everything that runs on the box ends at once; the disk stays.
    pub fn cut_power(&mut self) {
        if let Some(power) = self.power.take() {
            drop(power.process);
        }
    }

    /// Waits until the box has switched itself off, as systemd would at the end of `poweroff`, and leaves it off.
    #[track_caller]
    pub fn await_power_off(&mut self, within: Duration) {
        self.wait_until(within, "end of the box by itself", || self.is_off());
        self.cut_power();
    }

    /// Whether the box has switched itself off.
    pub fn is_off(&self) -> bool {
        self.exists("/run/off")
    }

    /// Runs a command on the box as a service or cloud-init would: as root, in `/`, without HOME.
    pub fn run(&self, command: &[&str]) -> Output {
        let namespaces = "nsenter --mount --pid --net --uts --ipc".split(' ');
        let mut all = namespaces.chain(["--target", self.pid(), "timeout", PATIENCE, "env", "-i", PATH]);
        Command::new(all.next().expect("nsenter"))
            .args(all)
            .args(command)
            .stdin(Stdio::null())
            .output()
            .expect("nsenter is a part of every Linux")
    }

    /// The standard output of a command, which must succeed.
    #[track_caller]
    pub fn output(&self, command: &[&str]) -> String {
        let output = self.run(command);
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(output.status.success(), "{command:?} on the box: {}\n{stdout}{stderr}", output.status);
        stdout
    }

    /// Runs the user data as cloud-init does at the first boot. It may fail; the reports say how.
    pub fn run_user_data(&self) -> Output {
        let file = "/var/lib/cloud/instance/scripts/part-001";
        self.write(file, 0o700, &self.user_data);
        self.run(&[file])
    }

    /// What a visitor gets from port 80 of the box, or nothing while nobody answers.
    pub fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.host.get(&format!("http://10.0.0.10{path}"))
    }

    /// Waits until visitors get exactly that.
    #[track_caller]
    pub fn await_answer(&self, expected: &str, within: Duration) {
        self.wait_until(within, &format!("{expected:?} from port 80"), || {
            self.get("/").is_some_and(|body| body == expected.as_bytes())
        });
    }

    /// Waits for a report with that step and state, beyond the first `seen` ones, and gives all.
    #[track_caller]
    pub fn await_report(&self, seen: usize, step: &str, state: &str, within: Duration) -> Vec<Report> {
        let is_wanted = |report: &Report| report.step == step && report.state == state;
        self.wait_until(within, &format!("the report {step} {state}"), || {
            self.reports().iter().skip(seen).any(is_wanted)
        });
        self.reports()
    }

    #[track_caller]
    pub fn wait_until(&self, within: Duration, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + within;
        while !is_so() {
            assert!(Instant::now() < end, "no {what} within {within:?}; {}", self.story());
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// What the box has reported on its console, oldest first.
    pub fn reports(&self) -> Vec<Report> {
        Report::all_in(&self.console())
    }

    pub fn console(&self) -> String {
        fs::read_to_string(self.folder.path().join("console")).unwrap_or_default()
    }

    /// A file of a box that is on; empty if there is none.
    pub fn read(&self, path: &str) -> String {
        fs::read(self.path(path))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Puts a file on a box that is on.
    pub fn write(&self, path: &str, mode: u32, content: impl AsRef<[u8]>) {
        write(&self.path(path), mode, content);
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// What a person needs to see to understand a failure.
    pub fn story(&self) -> String {
        let log = self.read("/var/log/pushbox.service.log");
        let containers = self.run(&["docker", "ps", "--all"]).stdout;
        format!(
            "the console:\n{}\nthe service:\n{log}\nthe containers:\n{}",
            self.console(),
            String::from_utf8_lossy(&containers)
        )
    }

    fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.pid()))
    }

    #[track_caller]
    fn pid(&self) -> &str {
        &self.power.as_ref().expect("the box is on").pid
    }

    /// Where docker makes the control groups of its containers.
    fn control_group(&self) -> String {
        let name = self.folder.path().file_name().expect("it is in the folder of temporary files");
        format!("pushbox-{}", name.to_string_lossy().trim_start_matches('.'))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.cut_power();
        remove_control_groups(&self.control_group());
    }
}

fn write(file: &Path, mode: u32, content: impl AsRef<[u8]>) {
    fs::create_dir_all(file.parent().expect("it has a folder")).expect("the box is ours");
    fs::write(file, content).expect("the box is ours");
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("the box is ours");
}

/// Docker had no time to remove them. The kernel keeps one tree of them, or one for each kind of control.
fn remove_control_groups(name: &str) {
    let root = Path::new("/sys/fs/cgroup");
    for tree in [root.to_path_buf()].into_iter().chain(folders(root)) {
        remove_control_group(&tree.join(name));
    }
}

/// Its files are the kernel's and go with it.
fn remove_control_group(folder: &Path) {
    for inner in folders(folder) {
        remove_control_group(&inner);
    }
    let _ = fs::remove_dir(folder);
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}
