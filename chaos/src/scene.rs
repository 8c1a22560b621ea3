//! What a fault can reach: the programs, a client, and the submissions so far.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::client::{Client, Outcome};
use crate::doubt::Answer;
use crate::gate::OVERLAP;
use crate::history::History;
use crate::servers::Servers;

/// For how long the proxies live on after their certificate was replaced: until the one before is no longer taken, and somewhat longer.
const UNTIL_TAKEN_UP: Duration = OVERLAP.saturating_add(Duration::from_secs(3));

/// Where faults happen.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) servers: Arc<Servers>,
    pub(crate) client: Client,
    pub(crate) history: History,
    /// Until when a replaced certificate is being taken up.
    taking_up: Mutex<Option<Instant>>,
    /// The runs of the proxy during which the disk took nothing, so that lines of the audit trail may be missing.
    pub(crate) runs_with_full_disk: Mutex<Vec<String>>,
}

impl Scene {
    pub(crate) fn new(servers: Arc<Servers>) -> Self {
        Self {
            client: Client::new(servers.clone()),
            servers,
            history: History::default(),
            taking_up: Mutex::default(),
            runs_with_full_disk: Mutex::default(),
        }
    }

    /// Notes that the certificate was replaced now.
    pub(crate) fn certificate_replaced(&self) {
        let mut until = self.taking_up.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(Instant::now() + UNTIL_TAKEN_UP);
    }

    /// Says whether no proxy may be started now. A proxy that starts reads the certificate anyway; one that runs has to take it up.
    pub(crate) fn must_live_on(&self) -> bool {
        let until = *self.taking_up.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Sends some submissions again that are created or unknown, and complains when one is answered otherwise. The ledger shows whether
    /// one made a second case.
    pub(crate) async fn send_known_again(&self, count: usize, when: &str, random: &mut fastrand::Rng) {
        for (submission, outcome) in self.history.some_that_may_exist(count, random) {
            let answer = self.client.post(&submission).await;
            let Outcome::Created(id) = outcome else { continue };
            let is_kept = match answer {
                Answer::Created(again) => again == id,
                Answer::NotCreated => false,
                Answer::NotSent | Answer::Unknown | Answer::Missing => true,
            };
            if !is_kept {
                let complaints = &self.servers.complaints;
                complaints.add(format!("the key of a created case was answered otherwise {when}"));
            }
        }
    }
}
