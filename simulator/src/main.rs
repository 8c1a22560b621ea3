//! The simulator as a program of its own.

use std::net::SocketAddr;
use std::process::ExitCode;

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
    /// Listen on an address that other machines reach. Whoever reaches it sees what was typed, and needs no password.
    #[arg(long)]
    insecure_public: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wise-simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    if !arguments.listen.ip().is_loopback() && !arguments.insecure_public {
        let reason = format!(
            "{} is reached by other machines, and what staff type can be read here without a password; --insecure-public allows it",
            arguments.listen
        );
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, reason));
    }
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
