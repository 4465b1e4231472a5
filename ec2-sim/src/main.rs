//! `ec2-sim`: the simulated EC2 on a port of this machine, in real time.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use ec2_sim::{Throttling, World, WorldOptions, http};
use tokio::net::TcpListener;

/// A strict EC2 in one process. Point an SDK at it with AWS_ENDPOINT_URL_EC2; any credentials will do.
#[derive(Parser)]
struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8788)]
    port: u16,
    /// From pending to running.
    #[arg(long, default_value_t = WorldOptions::default().boot_seconds)]
    boot_seconds: u64,
    /// From stopping to stopped, and from shutting-down to terminated.
    #[arg(long, default_value_t = WorldOptions::default().stop_seconds)]
    stop_seconds: u64,
    /// How long a new instance is known to RunInstances alone.
    #[arg(long, default_value_t = 0)]
    visible_after_seconds: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let world = World::new(WorldOptions {
        boot_seconds: options.boot_seconds,
        stop_seconds: options.stop_seconds,
        visible_after: Duration::from_secs(options.visible_after_seconds),
        throttling: Some(Throttling::default()),
        ..WorldOptions::default()
    });
    let address = (Ipv4Addr::LOCALHOST, options.port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {}:{}", address.0, address.1))?;
    println!("http://{}", listener.local_addr()?);
    http::serve(listener, Arc::new(Mutex::new(world)), http::real_time).await?;
    Ok(())
}
