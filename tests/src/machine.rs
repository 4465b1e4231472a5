//! A box as a whole machine: a Debian that boots in QEMU, and finds there what it would find on EC2. Real systemd and
//! cloud-init run the script unchanged. Its network reaches nothing but its own metadata service and git host.
//!
//! It needs root, to be plugged into a network of its own. Whatever becomes of the test, the machine ends with it.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use pushbox_shared::protocol::report::Report;
use tempfile::TempDir;

use crate::metadata::{MAC, Metadata};
use crate::origin::Origin;
use crate::shell::Shell;

const HOST: &str = include_str!("machine/host.sh");

/// By these an instance on Nitro knows that it is one ("Identify EC2 instances" of the EC2 user guide), and cloud-init asks
/// for tokens.
const IDENTITY: [&str; 2] = [
    "type=0,vendor=Amazon EC2,version=1.0",
    "type=1,manufacturer=Amazon EC2,product=t3.small,serial=ec2e1916-9099-7caf-fd21-012345abcdef,uuid=ec2e1916-9099-7caf-fd21-012345abcdef",
];
/// A subnet whose router and name server have the addresses that a VPC gives them, though the name server knows nothing.
/// Port 80 of the machine is that of its surroundings.
const NETWORK: &str = "user,id=network,net=10.0.0.0/24,host=10.0.0.1,dns=10.0.0.2,dhcpstart=10.0.0.10,ipv6=off,\
                       hostfwd=tcp:127.0.0.1:80-10.0.0.10:80";
/// What the kernel prints first.
const BOOT: &str = "] Linux version ";

/// A disk that machines start with, and how they start from it.
pub struct Image {
    disk: PathBuf,
    kernel: PathBuf,
    initrd: PathBuf,
}

/// The image of machines, or nothing where there is none or no right to run it; then the reason is printed.
pub fn image() -> Option<Image> {
    let folder = env::var_os("PUSHBOX_MACHINE").map(PathBuf::from);
    // It is readable by root alone.
    let usable = folder.filter(|folder| fs::File::open(folder.join("disk.img")).is_ok());
    let image = usable.map(|folder| {
        let [disk, kernel, initrd] = ["disk.img", "vmlinuz", "initrd.img"].map(|name| folder.join(name));
        Image { disk, kernel, initrd }
    });
    if image.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "CI must be root and have an image for the machine");
        println!("skipped: no image for the machine, or not root; `cargo xtask boot` as root brings it");
    }
    image
}

pub struct Machine {
    qemu: Option<Child>,
    host: Shell,
    /// Holds the disk, the git host and the console.
    folder: TempDir,
    image: Image,
    end: Instant,
    pub metadata: Metadata,
    pub origin: Origin,
}

impl Machine {
    /// A new instance with that user data, still off. Its git finds the empty `origin` under `url`. All that is awaited of
    /// it must happen within that time from now.
    pub fn new(image: Image, user_data: &str, url: &str, within: Duration) -> Machine {
        let end = Instant::now() + within;
        // Beside the image, where there is room for another.
        let folder = tempfile::tempdir_in(image.disk.parent().expect("it is in a folder")).expect("a folder");
        let origin = Origin::new(folder.path().join("git"));
        let mut host =
            Shell::start(&["unshare", "--net", "--pid", "--fork", "--kill-child"], HOST, folder.path(), &[]);
        assert_eq!(host.next_line(), "ready", "the network and the git host");
        let metadata = Metadata::new(user_data);
        let listener = host.network().visit(|| TcpListener::bind("169.254.169.254:80"));
        metadata.serve(listener.expect("the address is there"));
        let machine = Machine { qemu: None, host, folder, image, end, metadata, origin };
        let copied = Command::new("cp")
            .args(["--sparse=always", "--reflink=auto"])
            .args([&machine.image.disk, &machine.disk()])
            .status();
        assert!(copied.expect("cp is a part of every Linux").success(), "no room for a disk");
        let git_config = machine.folder.path().join("gitconfig");
        fs::write(&git_config, format!("[url \"git://10.0.0.1/git\"]\n\tinsteadOf = {url}\n"))
            .expect("the folder is ours");
        machine.debugfs(&["-w", "-R", &format!("write {} /root/.gitconfig", git_config.display())]);
        machine
    }

    /// Switches it on, and does not wait for anything.
    pub fn switch_on(&mut self) {
        assert!(self.qemu.is_none(), "it is on already");
        // The signal is for a test that is killed.
        let qemu = Command::new("nsenter")
            .arg(format!("--net=/proc/{}/ns/net", self.host.id()))
            .args(["setpriv", "--pdeathsig=KILL", "qemu-system-x86_64"])
            // Without hardware's help, which is missing or half there where tests run.
            .args(["-accel", "tcg,thread=multi", "-cpu", "max", "-machine", "q35", "-smp", "2", "-m", "1024"])
            .args(["-nodefaults", "-no-user-config", "-display", "none"])
            .arg("-kernel")
            .arg(&self.image.kernel)
            .arg("-initrd")
            .arg(&self.image.initrd)
            .args(["-append", "root=/dev/vda rw console=ttyS0"])
            .args(IDENTITY.iter().flat_map(|table| ["-smbios", table]))
            .arg("-drive")
            .arg(format!("file={},format=raw,if=virtio,cache=unsafe", self.disk().display()))
            .args(["-netdev", NETWORK, "-device", &format!("virtio-net-pci,netdev=network,mac={MAC}")])
            .arg("-chardev")
            .arg(format!("file,id=console,path={},append=on", self.console_file().display()))
            .args(["-serial", "chardev:console", "-monitor", "stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        self.qemu = Some(qemu.expect("nsenter is a part of every Linux"));
    }

    /// It is off at once; the disk stays.
    pub fn cut_power(&mut self) {
        if let Some(mut qemu) = self.qemu.take() {
            qemu.kill().expect("it is ours");
            qemu.wait().expect("it is ours");
        }
    }

    /// Presses the power button, as `StopInstances` does.
    pub fn press_power_button(&mut self) {
        let monitor = self.qemu.as_mut().expect("it is on").stdin.as_mut().expect("piped");
        monitor.write_all(b"system_powerdown\n").expect("QEMU reads its monitor");
    }

    /// Presses the power button, and waits until the machine has switched itself off.
    #[track_caller]
    pub fn shut_down(&mut self) {
        self.press_power_button();
        while self.is_on() {
            self.pause("shutdown");
        }
        self.qemu = None;
    }

    fn is_on(&mut self) -> bool {
        let qemu = self.qemu.as_mut();
        qemu.is_some_and(|qemu| qemu.try_wait().expect("it is ours").is_none())
    }

    /// What a visitor gets from port 80, or nothing while nobody answers.
    pub fn get(&self, path: &str) -> Option<String> {
        let body = self.host.get(&format!("http://127.0.0.1{path}"))?;
        Some(String::from_utf8_lossy(&body).into_owned())
    }

    /// Waits until visitors get exactly that.
    #[track_caller]
    pub fn await_answer(&mut self, expected: &str) {
        while self.get("/").as_deref() != Some(expected) {
            self.stays_on(expected);
        }
    }

    /// Waits for such a report, and gives it.
    #[track_caller]
    pub fn await_report(&mut self, what: &str, is_wanted: impl Fn(&Report) -> bool) -> Report {
        loop {
            if let Some(report) = self.reports().into_iter().find(&is_wanted) {
                return report;
            }
            self.stays_on(what);
        }
    }

    /// Waits until the whole deploy of that commit is over, and has succeeded.
    #[track_caller]
    pub fn await_deploy(&mut self, commit: &str) {
        self.await_report(&format!("deploy of {commit}"), |report| {
            (&*report.commit, &*report.step, &*report.state) == (commit, "deploy", "done")
        });
    }

    #[track_caller]
    fn stays_on(&mut self, awaited: &str) {
        assert!(self.is_on(), "no {awaited}, because QEMU ended; {}", self.story());
        self.pause(awaited);
    }

    #[track_caller]
    fn pause(&self, awaited: &str) {
        assert!(Instant::now() < self.end, "no {awaited} in time; {}", self.story());
        thread::sleep(Duration::from_millis(100));
    }

    /// What was reported on the console, oldest first.
    pub fn reports(&self) -> Vec<Report> {
        Report::all_in(&self.console())
    }

    /// All of the serial console since the first boot.
    pub fn console(&self) -> String {
        let bytes = fs::read(self.console_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// How often it has booted.
    pub fn boots(&self) -> usize {
        self.console().matches(BOOT).count()
    }

    /// A file of a machine that is off; empty if there is none.
    pub fn read(&self, path: &str) -> String {
        assert!(self.qemu.is_none(), "its disk is in use");
        self.debugfs(&["-R", &format!("cat {path}")])
    }

    fn debugfs(&self, arguments: &[&str]) -> String {
        let output = Command::new("debugfs").args(arguments).arg(self.disk()).output();
        let output = output.expect("debugfs is there, as the image was made by its package");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What a person needs to see to understand a failure.
    fn story(&self) -> String {
        format!("the console:\n{}", self.console())
    }

    fn disk(&self) -> PathBuf {
        self.path("disk.img")
    }

    fn console_file(&self) -> PathBuf {
        self.path("console")
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::join(self.folder.path(), name)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.cut_power();
    }
}
