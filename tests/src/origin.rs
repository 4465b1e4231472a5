//! A git host's repository, on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Origin(PathBuf);

impl Origin {
    /// Empty; its first branch is `main`.
    pub fn new(folder: PathBuf) -> Origin {
        fs::create_dir_all(&folder).expect("the folder is ours");
        let origin = Origin(folder);
        origin.git(&["init", "--quiet", "--initial-branch=main"]);
        origin
    }

    /// Where it is on this machine.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Writes these files and gives the new commit.
    pub fn commit(&self, files: &[(&str, &[u8])]) -> String {
        for (name, content) in files {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().expect("it is below the folder")).expect("the folder is ours");
            fs::write(&path, content).expect("the folder is ours");
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=Change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Copies a program into the next commit.
    pub fn add(&self, name: &str, program: &Path) {
        fs::copy(program, self.0.join(name)).expect("a program can be copied");
    }

    /// The git host goes down: nobody finds the repository.
    pub fn hide(&self) {
        fs::rename(self.0.join(".git"), self.0.join("hidden")).expect("the folder is ours");
    }

    /// And comes back.
    pub fn show(&self) {
        fs::rename(self.0.join("hidden"), self.0.join(".git")).expect("the folder is ours");
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.org"])
            .args(arguments)
            .current_dir(&self.0)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_string()
    }
}
