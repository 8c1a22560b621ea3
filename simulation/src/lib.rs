//! The search for an order of events that breaks a promise.
//!
//! Forms in several tabs (the real model), what the browser stores, its locks and clocks, the network, the real proxy with its real store, and
//! Wise (the simulator) run in one process. A seed chooses what happens. After every step each promise is looked at; a schedule that breaks
//! one is shrunk to the shortest that still does.

mod browser;
mod checks;
mod coverage;
pub mod exhaustive;
mod facts;
mod folder;
mod form;
mod happening;
mod network;
mod promise;
mod record;
mod server;
mod shrink;
mod words;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use partner_case_model::Model;

pub use self::coverage::Coverage;
pub use self::happening::{Happening, Kind, Schedule, schedule};
pub use self::promise::{Broken, Promise};
pub use self::shrink::shrink;
use self::world::World;

/// A schedule that breaks a promise.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What is broken.
    pub broken: Broken,
    /// What happened, in words, up to there.
    pub story: Vec<String>,
    /// How many steps of the schedule it took.
    pub steps: usize,
}

/// Runs a schedule. The answer is the first promise that it breaks.
pub fn run(schedule: &Schedule, coverage: &mut Coverage) -> Option<Failure> {
    watch(schedule, coverage, |_| {})
}

/// Runs a schedule, and shows what each form is after each step.
pub fn watch(schedule: &Schedule, coverage: &mut Coverage, mut see: impl FnMut(&Model)) -> Option<Failure> {
    let mut story = Vec::new();
    let mut steps = 0;
    let run = AssertUnwindSafe(|| run_steps(schedule, coverage, &mut story, &mut steps, &mut see));
    let broken = catch_unwind(run).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Some(Broken {
            promise: Promise::NoPanic,
            seen: text.unwrap_or("a panic without words").to_owned(),
        })
    })?;
    *coverage.broken.entry(broken.promise).or_default() += 1;
    Some(Failure { broken, story, steps })
}

fn run_steps(
    schedule: &Schedule,
    coverage: &mut Coverage,
    story: &mut Vec<String>,
    steps: &mut usize,
    see: &mut dyn FnMut(&Model),
) -> Option<Broken> {
    coverage.schedules += 1;
    let mut world = World::new(schedule, coverage);
    for happening in &schedule.steps {
        *steps += 1;
        let Some(said) = world.happen(*happening) else { continue };
        story.push(format!("{said}  [{}]", world.states()));
        world.coverage.happenings += 1;
        world.models().for_each(&mut *see);
        if let Some(broken) = world.check() {
            return Some(broken);
        }
    }
    story.push("everything goes on without a fault".to_owned());
    world.calm();
    world.coverage.cases += world.server.as_ref().map_or(0, |server| server.cases().len() as u64);
    world.check().or_else(|| world.check_end())
}
