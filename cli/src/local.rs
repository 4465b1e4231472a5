//! The local run: the built page, the function on its routes, and a simulated EC2 with a view, on this machine only.

mod function;
mod page;
mod view;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::routing::{any, get, post};
use ec2_sim::{Throttling, World, WorldOptions};
use pushbox_shared::secrets::Secrets;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::args;
use crate::output::print;

/// What all routes share.
pub(crate) struct Local {
    /// Read again at every request, so that a config saved from the page takes effect at once.
    config: PathBuf,
    page: Option<PathBuf>,
    secrets: Secrets,
    world: Mutex<World>,
    /// Counts what happened to the simulated EC2.
    calls: watch::Sender<u64>,
    /// What names the page's build.
    build: watch::Sender<String>,
}

impl Local {
    /// A panic elsewhere leaves the world as it was between two calls.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn run(args: &args::Local) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args))
}

async fn serve(args: &args::Local) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .await
        .with_context(|| format!("port {} cannot be had; choose another with --port", args.port))?;
    let address = listener.local_addr()?;
    let local = Arc::new(Local {
        config: args.config.clone(),
        page: args.page.clone(),
        secrets: Secrets::new(&args.secret, Some(&args.secret)),
        world: Mutex::new(World::new(WorldOptions {
            boot_seconds: 3,
            stop_seconds: 3,
            throttling: Some(Throttling::default()),
            ..WorldOptions::default()
        })),
        calls: watch::Sender::new(0),
        build: watch::Sender::new(page::build(args.page.as_deref())),
    });
    print(greeting(args, &format!("http://{address}")).as_bytes())?;
    axum::serve(listener, router(local)).with_graceful_shutdown(interrupted()).await?;
    Ok(())
}

fn router(local: Arc<Local>) -> Router {
    let function = any(function::answer);
    Router::new()
        .route("/hook", function.clone())
        .route("/status", function.clone())
        .route("/deploy", function.clone())
        .route("/wake", function.clone())
        .route("/box/{hash}", function.clone())
        // Its own page for people, which would stand at `/`, where the configurator is here.
        .route("/function", function)
        .route("/local/ec2", get(view::page))
        .route("/local/ec2.json", get(view::json))
        .route("/local/ec2/{act}/{id}", post(view::act))
        .route("/local/view.css", get(view::css))
        .route("/local/view.js", get(view::js))
        .route("/local/events", get(view::events))
        .route("/local/rebuilt", post(page::rebuilt))
        .route("/local/reload.js", get(page::reload_js))
        .fallback(page::file)
        .with_state(local)
}

fn greeting(args: &args::Local, address: &str) -> String {
    let config = args.config.display();
    let found = if args.config.exists() { "" } else { " (not there yet: save it from the page)" };
    format!(
        "pushbox runs at {address}/\n\
         \x20 simulated EC2   {address}/local/ec2\n\
         \x20 webhook         {address}/hook\n\
         \x20 secret          {}\n\
         \x20 config          {config}{found}, read again at every delivery\n",
        args.secret
    )
}

async fn interrupted() {
    // Without a handler for it, the signal ends the process anyway.
    let _ = tokio::signal::ctrl_c().await;
}
