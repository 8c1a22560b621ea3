//! The simulator as a program of its own.

use std::net::SocketAddr;

use clap::Parser;
use wise_simulator::{Settings, Simulator};

/// A local stand-in for Wise's partner case API.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
    /// Where events about cases are delivered, such as `http://127.0.0.1:8780/partner-cases/webhooks/wise`.
    #[arg(long)]
    webhook_url: Option<String>,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let simulator = Simulator::start(
        arguments.listen,
        Settings {
            webhook_url: arguments.webhook_url,
            ..Settings::default()
        },
    )
    .await?;
    eprintln!("simulator: listening on {}", simulator.url());
    tokio::signal::ctrl_c().await
}
