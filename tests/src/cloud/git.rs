//! Repositories by smart HTTP (git's "http-protocol"), public or for those who log in.

use std::path::PathBuf;
use std::process::Stdio;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::Request;

#[derive(Clone, Debug)]
pub struct Repository {
    pub folder: PathBuf,
    /// `user:password`, where not everybody may read it.
    pub login: Option<String>,
}

impl Repository {
    pub(super) async fn answer(&self, request: &Request) -> Response {
        let login = self.login.as_ref().map(|login| format!("Basic {}", STANDARD.encode(login)));
        if login.is_some_and(|login| request.header("authorization") != login) {
            let ask = [("www-authenticate", "Basic realm=\"git\"")];
            return (StatusCode::UNAUTHORIZED, ask, "log in").into_response();
        }
        if !request.header("content-encoding").is_empty() {
            return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "this host reads no packed requests")
                .into_response();
        }
        if request.method == Method::GET && request.path.ends_with("/info/refs?service=git-upload-pack") {
            let mut refs = b"001e# service=git-upload-pack\n0000".to_vec();
            refs.extend(self.upload_pack(&["--advertise-refs"], Bytes::new()).await);
            return ([("content-type", "application/x-git-upload-pack-advertisement")], refs).into_response();
        }
        if request.method == Method::POST && request.path.ends_with("/git-upload-pack") {
            let pack = self.upload_pack(&[], request.body.clone()).await;
            return ([("content-type", "application/x-git-upload-pack-result")], pack).into_response();
        }
        StatusCode::NOT_FOUND.into_response()
    }

    async fn upload_pack(&self, arguments: &[&str], input: Bytes) -> Vec<u8> {
        let mut git = Command::new("git")
            .args(["upload-pack", "--stateless-rpc"])
            .args(arguments)
            .arg(&self.folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git runs");
        let mut stdin = git.stdin.take().expect("piped");
        // It may have said all before it has read all.
        let feed = async move { stdin.write_all(&input).await };
        let (_, output) = tokio::join!(feed, git.wait_with_output());
        output.expect("git ends").stdout
    }
}
