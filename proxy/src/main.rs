//! The proxy's commands.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use partner_case_proxy::config::Config;
use partner_case_proxy::{App, app, logging, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The partner-hosted proxy between the case form and Wise.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the form's calls.
    Serve(Options),
    /// Read the configuration, say what is wrong with it, and stop.
    Check(Options),
}

#[derive(Debug, Args)]
struct Options {
    /// The configuration file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Do without staff authentication. Listens on loopback only.
    #[arg(long)]
    insecure_demo: bool,
}

impl Options {
    fn load(&self) -> Result<Config, partner_case_proxy::config::ConfigError> {
        Config::load(self.config.as_deref(), std::env::vars(), self.insecure_demo)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Check(options) => match options.load().and_then(App::new) {
            Ok(_) => {
                eprintln!("The configuration is complete. Nothing was sent to Wise.");
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        },
        Command::Serve(options) => run(&options).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("partner-case-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), String> {
    let config = options.load().map_err(|error| error.to_string())?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    logging::subscriber(filter, std::io::stderr).init();
    if options.insecure_demo {
        tracing::warn!("staff are not authenticated: --insecure-demo is for a demonstration on this machine only");
    }
    let (listen, base_path, limits) = (config.listen, config.base_path.clone(), config.limits);
    let state = App::new(config).map_err(|error| error.to_string())?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    tracing::info!(%listen, base_path, "ready");
    let calls = state.calls();
    serve(listener, app(state), limits, calls, stopped()).await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        // Without a handler for SIGTERM the default one ends the process, so Ctrl-C is all there is to wait for.
        Err(_) => drop(interrupt.await),
    }
}
