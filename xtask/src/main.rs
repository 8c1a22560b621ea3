//! The project's own commands: `cargo xtask demo`, `test`, `build`.
//!
//! Each installs what it needs and is missing, says what it does, and does nothing twice.

mod bench;
mod chaos;
mod chromium;
mod command;
mod contract;
mod demo;
mod documents;
mod engines;
mod fuzz;
mod generate;
mod imports;
mod mutants;
mod package;
mod portal;
mod postgres;
mod release;
mod simulate;
mod size;
mod split;
mod test;
mod tools;
mod wasm_target;
mod widget;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::portal::Portal;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The commands of Partner Case Form")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the widget, start proxy and simulator on loopback, and serve a demo portal.
    Demo {
        /// The port of the portal. The proxy and the simulator take the next two.
        #[arg(long, default_value_t = 8700)]
        port: u16,
        /// Open the portal in the default browser.
        #[arg(long)]
        open: bool,
    },
    /// Run everything that CI runs.
    Test,
    /// Build the distributable widget in dist/.
    Build,
    /// Build all artefacts of a release, twice, and fail when the two differ.
    Release {
        /// Build once, for trying out.
        #[arg(long)]
        once: bool,
        /// The folder for the artefacts.
        #[arg(long, default_value = "dist")]
        out: PathBuf,
        /// Sign SHA256SUMS with this SSH key (`ssh-keygen -Y sign`). A public key stands for its private half in the SSH agent.
        #[arg(long, value_name = "KEYFILE")]
        sign_with: Option<PathBuf>,
    },
    /// Send many cases under faults on every hop, and fail when one was made twice, lost, or told wrong.
    Chaos {
        /// How many cases.
        #[arg(long, default_value_t = 1000)]
        cases: u32,
        /// What the faults and texts are drawn from. How they meet depends on the machine all the same.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Search for an order of events that breaks a promise of the form, and shrink what is found.
    Simulate {
        /// How many schedules to try.
        #[arg(long, default_value_t = 10_000)]
        schedules: u64,
        /// The seed of the first; the others follow it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Stop after so many seconds.
        #[arg(long)]
        seconds: Option<u64>,
        /// Instead of seeds, try every schedule of so many steps.
        #[arg(long, value_name = "STEPS", conflicts_with_all = ["schedules", "seed", "seconds"])]
        exhaustive: Option<u32>,
    },
    /// Measure everything beside its peers, in one run; target/bench/ has the figures.
    Bench {
        /// A short run, for trying out. Its figures say nothing.
        #[arg(long)]
        quick: bool,
    },
    /// Send cases at a steady rate and fail when the proxy grows.
    Soak {
        /// For how many minutes.
        #[arg(long, default_value_t = 30)]
        minutes: u32,
    },
    /// Hold the proxy against its own description (docs/openapi.json).
    Contract,
    /// Check the documents: links, commands, examples.
    Documents,
    /// Check that no two files import each other.
    Imports,
    /// Write what is made from the tables of fields and settings and from the locale files.
    Generate,
    /// Run each fuzz target for a while.
    Fuzz {
        /// For how many seconds each.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Change the code in one place after another, and see whether a test notices. Takes hours.
    Mutants {
        /// One package: core, model or proxy.
        #[arg(long)]
        package: Option<String>,
        /// A part of the mutants, such as 0/8.
        #[arg(long)]
        shard: Option<String>,
        /// The mutants of these files alone, as a pattern.
        #[arg(long)]
        file: Option<String>,
    },
    /// Serve the demo portal alone, in front of a proxy and a simulator that run already.
    Portal {
        /// The address to listen on.
        #[arg(long)]
        listen: SocketAddr,
        /// The proxy's address.
        #[arg(long)]
        proxy: SocketAddr,
        /// The simulator's address.
        #[arg(long)]
        simulator: SocketAddr,
        /// The secret that the portal shares with the proxy.
        #[arg(long, env = "PORTAL_SECRET", hide_env_values = true)]
        secret: String,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\x1b[31mError: {error:#}\x1b[0m");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo { port, open } => demo::run(port, open),
        Command::Test => test::run_checks(),
        Command::Build => {
            let dist = root().join("dist");
            package::build(&dist.join("partner-case-form"))?;
            size::check(&dist.join("partner-case-form"))
        }
        Command::Release { once, out, sign_with } => {
            // Relative to where the command was called, and not to the repository's root, where the programs run.
            let key = sign_with.map(std::path::absolute).transpose()?;
            release::build(&root().join(out), once, key.as_deref())
        }
        Command::Chaos { cases, seed } => chaos::run(cases, seed),
        Command::Simulate {
            schedules,
            seed,
            seconds,
            exhaustive,
        } => match exhaustive {
            Some(steps) => simulate::exhaust(steps),
            None => simulate::search(schedules, seed, seconds),
        },
        Command::Bench { quick } => bench::run_all(quick),
        Command::Soak { minutes } => bench::soak(minutes),
        Command::Contract => contract::check(),
        Command::Documents => documents::check(&commands()),
        Command::Imports => imports::check(&root()),
        Command::Generate => generate::write(),
        Command::Fuzz { seconds } => fuzz::run_targets(seconds),
        Command::Mutants { package, shard, file } => mutants::run_mutants(package.as_deref(), shard.as_deref(), file.as_deref()),
        Command::Portal {
            listen,
            proxy,
            simulator,
            secret,
        } => demo::block_on(async move { Portal::bind(listen, proxy, simulator, &secret).await?.serve().await }),
    }
}

/// The names of the commands.
fn commands() -> std::collections::BTreeSet<String> {
    use clap::CommandFactory as _;
    let arguments = Arguments::command();
    arguments
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// The repository's root.
fn root() -> PathBuf {
    let manifest_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().map_or(manifest_dir.clone(), PathBuf::from)
}

/// The folder that cargo builds into.
fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
