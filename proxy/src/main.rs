//! The proxy's commands.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use partner_case_proxy::config::Config;
#[cfg(feature = "opentelemetry")]
use partner_case_proxy::telemetry::Telemetry;
use partner_case_proxy::{App, admin, app, logging, process, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::task::TaskTracker;
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
    /// Try what a case would need, step by step: configuration, store, a token from Wise. No case is created.
    Doctor(Options),
    /// Remove unknown submissions from the store. Find out first whether Wise has their cases: their keys can be sent again afterwards.
    /// With a SQLite store, stop the proxy before.
    ForgetUnknown {
        #[command(flatten)]
        options: Options,
        /// Only those that have not changed for so many days.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(0..=36_600))]
        older_than_days: u64,
        /// This machine's clock is right, although it is far from the last time in the store.
        #[arg(long)]
        trust_clock: bool,
    },
    /// Write the description of the calls (OpenAPI 3.1) to standard output.
    Openapi,
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
        Config::load(self.config.as_deref(), std::env::vars_os(), self.insecure_demo).map_err(|mut error| {
            if self.config.is_none() {
                error.reason += " (only the environment was read: there was no --config)";
            }
            error
        })
    }
}

/// How many threads answer calls at the most. Wise takes a thousand cases a minute, which one thread does in a second
/// (docs/performance.md); each further one costs memory, and time to wake it.
const THREADS_MAX: usize = 4;

fn main() -> ExitCode {
    // One core is left to what the calls wait for, above all the thread that writes to the store.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.saturating_sub(1).clamp(1, THREADS_MAX);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(carry_out()),
        Err(error) => {
            eprintln!("partner-case-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Check(options) => match options
            .load()
            .and_then(|config| App::check(&config).map(|()| config.warnings))
        {
            Ok(warnings) => {
                warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
                eprintln!("The configuration is complete. Nothing was sent to Wise.");
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        },
        Command::Serve(options) => run(&options).await,
        Command::Doctor(options) => doctor(&options).await,
        Command::ForgetUnknown {
            options,
            older_than_days,
            trust_clock,
        } => forget_unknown(&options, older_than_days, trust_clock).await,
        Command::Openapi => write_openapi(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("partner-case-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_openapi() -> Result<(), String> {
    use std::io::Write as _;
    let text = serde_json::to_string_pretty(&partner_case_proxy::openapi()).map_err(|error| error.to_string())?;
    writeln!(std::io::stdout(), "{text}").map_err(|error| error.to_string())
}

/// Says of each step whether it works, and stops at the first that does not.
async fn doctor(options: &Options) -> Result<(), String> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    logging::subscriber(filter, std::io::stderr).init();
    let config = options.load().map_err(|error| error.to_string())?;
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    eprintln!("ok  the configuration is complete");
    let state = App::new(config).map_err(|error| error.to_string())?;
    eprintln!("ok  the store is open");
    state.try_store().await?;
    eprintln!("ok  the store can be written to");
    match state.try_audit().await {
        Ok(()) => eprintln!("ok  the audit trail can be written"),
        Err((reason, true)) => return Err(reason),
        Err((reason, false)) => eprintln!("warning: {reason}. The proxy works without it, as `audit.required` is false"),
    }
    if state.try_sign_in().await? {
        eprintln!("ok  the single sign-on has given its keys");
    }
    state.try_token().await?;
    eprintln!("ok  Wise has given a token for the credentials");
    eprintln!("No case was created.");
    Ok(())
}

async fn run(options: &Options) -> Result<(), String> {
    process::forbid_dumps();
    let mut config = options.load().map_err(|error| error.to_string())?;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    // The last lines are written when the guard is dropped, at the end.
    let (writer, _guard, lost) = logging::non_blocking(std::io::stderr());
    let log = logging::subscriber(filter, writer);
    #[cfg(feature = "opentelemetry")]
    let telemetry = Telemetry::from_environment(&config.upstream).map_err(|error| error.to_string())?;
    #[cfg(feature = "opentelemetry")]
    match &telemetry {
        Some(telemetry) => telemetry.beside(log).init(),
        None => log.init(),
    }
    #[cfg(not(feature = "opentelemetry"))]
    log.init();
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    if options.insecure_demo {
        tracing::warn!("agents are not authenticated: --insecure-demo is for a demonstration on this machine only");
    }
    if let Some(most) = process::raise_descriptors().filter(|most| *most < config.limits.connections) {
        tracing::warn!(
            most,
            wanted = config.limits.connections,
            "fewer connections are served than `limits.connections` says: the system allows too few descriptors. Raise LimitNOFILE or ulimit -n"
        );
        config.limits.connections = most;
    }
    let (listen, base_path, limits) = (config.listen, config.base_path.clone(), config.limits);
    let admin_listen = config.admin_listen;
    let state = App::new(config).map_err(|error| error.to_string())?.with_log_counter(lost);
    state.check_store_key().await?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let admin_listener = TcpListener::bind(admin_listen)
        .await
        .map_err(|error| format!("cannot listen on {admin_listen}: {error}"))?;
    state.audit_start().await?;
    process::handle_signals(&state);
    // Both end with the process.
    tokio::spawn(serve(
        admin_listener,
        admin(state.clone()),
        limits,
        TaskTracker::new(),
        std::future::pending(),
    ));
    tokio::spawn(state.clone().purge_old_submissions());
    tracing::info!(%listen, %admin_listen, base_path, "ready");
    let (calls, stopping) = (state.calls(), state.clone());
    let stopped = async move {
        asked_to_stop().await;
        stopping.stop();
    };
    serve(listener, app(state.clone()), limits, calls, stopped).await;
    state.audit_stop().await;
    #[cfg(feature = "opentelemetry")]
    if let Some(telemetry) = telemetry {
        let _ = tokio::task::spawn_blocking(move || telemetry.stop()).await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// Forgets unknown submissions, at the operator's word.
async fn forget_unknown(options: &Options, days: u64, trust_clock: bool) -> Result<(), String> {
    let config = options.load().map_err(|error| error.to_string())?;
    let state = App::new(config).map_err(|error| error.to_string())?;
    let forgotten = state.forget_unknown(Duration::from_hours(24 * days), trust_clock).await?;
    eprintln!("{forgotten} unknown submissions were forgotten. Their keys can be sent again.");
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn asked_to_stop() {
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
