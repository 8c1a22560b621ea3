//! What the process asks of the system: descriptors, no core files, and signals that end nothing.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use crate::App;

/// How many descriptors are kept for what is not a call: the admin port, the store, the log, and connections that are just being accepted.
const RESERVE: u64 = 64;

/// Raises the soft limit of descriptors to the hard one. The answer is how many connections can be served with that: each may need a second
/// descriptor, for its call to Wise. `None` if there is no limit.
pub fn raise_descriptors() -> Option<usize> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    // Where that is not allowed, what there was is enough or shows in the number below.
    let _ = setrlimit(Resource::Nofile, raised);
    let descriptors = getrlimit(Resource::Nofile).current?;
    Some(usize::try_from(connections_with(descriptors)).unwrap_or(usize::MAX))
}

fn connections_with(descriptors: u64) -> u64 {
    (descriptors.saturating_sub(RESERVE) / 2).max(1)
}

/// Keeps the memory of this process, which holds secrets and what agents type, out of core files and from other processes of the same user.
pub fn forbid_dumps() {
    // Where the system does not know it, the unit's `LimitCORE=0` has to do.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Takes the signals that would end a process that does not expect them, and a call to Wise with it: SIGHUP reads secrets and certificates anew,
/// SIGQUIT, SIGUSR1 and SIGUSR2 do nothing.
pub fn handle_signals(app: &App) {
    let app = app.clone();
    if let Ok(mut hangups) = signal(SignalKind::hangup()) {
        tokio::spawn(async move {
            while hangups.recv().await.is_some() {
                app.reload_secrets();
                tracing::info!("SIGHUP: secrets and certificates are read anew at their next use");
            }
        });
    }
    for (kind, name) in [
        (SignalKind::quit(), "SIGQUIT"),
        (SignalKind::user_defined1(), "SIGUSR1"),
        (SignalKind::user_defined2(), "SIGUSR2"),
    ] {
        let Ok(mut signals) = signal(kind) else { continue };
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                tracing::info!("{name} does nothing; SIGTERM stops the proxy");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_has_a_descriptor_for_its_call_to_wise() {
        assert_eq!(connections_with(1024), 480);
        assert_eq!(connections_with(524_288), 262_112);
        assert_eq!(connections_with(10), 1);
    }
}
