//! The search as a program of its own: `cargo xtask simulate` builds it with optimization and starts it.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use partner_case_simulation::{Coverage, Failure, Schedule, exhaustive, run, schedule, shrink};

/// Searches for an order of events that breaks a promise.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// How many schedules to try.
    #[arg(long, default_value_t = 10_000)]
    schedules: u64,
    /// The seed of the first schedule; the others follow it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Stop after so many seconds, however many schedules were tried.
    #[arg(long)]
    seconds: Option<u64>,
    /// Instead of seeds, try every schedule of so many steps.
    #[arg(long, value_name = "STEPS", conflicts_with_all = ["schedules", "seed"])]
    exhaustive: Option<u32>,
    /// How many failures to find before stopping.
    #[arg(long, default_value_t = 1)]
    failures: usize,
}

impl Arguments {
    /// The schedule with a number: of a seed, or of all those with so many steps.
    fn schedule(&self, number: u64) -> Schedule {
        match self.exhaustive {
            Some(depth) => exhaustive::schedule_of(number, depth),
            None => schedule(number),
        }
    }
}

/// A seed that fails.
struct Found {
    seed: u64,
    failure: Failure,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A panic is a finding, and is told with its schedule.
    std::panic::set_hook(Box::new(|_| {}));
    let (coverage, found) = search(&arguments);
    report(&coverage);
    if found.is_empty() {
        tell_never(&coverage);
    }
    for Found { seed, failure } in &found {
        tell(&arguments.schedule(*seed), *seed, failure);
    }
    if found.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn search(arguments: &Arguments) -> (Coverage, Vec<Found>) {
    let until = arguments.seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let (first, count) = match arguments.exhaustive {
        Some(depth) => (0, exhaustive::count(depth)),
        None => (arguments.seed, arguments.schedules),
    };
    let next = AtomicU64::new(first);
    let end = first.saturating_add(count);
    let is_over = AtomicBool::new(false);
    let found = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let coverage = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut coverage = Coverage::default();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        let is_late = until.is_some_and(|until| Instant::now() >= until);
                        if seed >= end || is_late || is_over.load(Ordering::Relaxed) {
                            return coverage;
                        }
                        if let Some(failure) = run(&arguments.schedule(seed), &mut coverage) {
                            let mut found = lock(&found);
                            found.push(Found { seed, failure });
                            is_over.fetch_or(found.len() >= arguments.failures, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        let mut total = Coverage::default();
        for worker in workers.into_iter().filter_map(|worker| worker.join().ok()) {
            total.add(&worker);
        }
        total
    });
    (coverage, found.into_inner().unwrap_or_default())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[expect(clippy::print_stdout, reason = "it is a program for a terminal")]
fn report(coverage: &Coverage) {
    let (reached, all) = coverage.pairs();
    println!(
        "{} schedules, {} things that happened, {} cases at Wise; {reached} of {all} pairs of state and event reached",
        coverage.schedules, coverage.happenings, coverage.cases
    );
    for (promise, count) in &coverage.broken {
        println!("  {promise:?} broken {count} times");
    }
}

#[expect(clippy::print_stdout, reason = "it is a program for a terminal")]
fn tell_never(coverage: &Coverage) {
    for line in coverage.never() {
        println!("  never {line}");
    }
}

#[expect(clippy::print_stdout, reason = "it is a program for a terminal")]
fn tell(schedule: &Schedule, seed: u64, failure: &Failure) {
    println!("\nseed {seed}: {:?}: {}", failure.broken.promise, failure.broken.seen);
    let shrunk = shrink(schedule, failure.broken.promise);
    println!("  the shortest that breaks it, of {} steps:", shrunk.steps.len());
    if let Some(failure) = run(&shrunk, &mut Coverage::default()) {
        for line in failure.story {
            println!("  - {line}");
        }
        println!("  = {}", failure.broken.seen);
    }
    println!("  as a line of simulation/tests/found.txt: {shrunk}");
}
