//! How a simulator behaves when no fault is asked for.

use std::time::Duration;

/// The settings of a simulator.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The client id that gets a token.
    pub client_id: String,
    /// The client secret that gets a token.
    pub client_secret: String,
    /// How long a token lives. Wise's lives 12 hours and answers `expires_in` 43199.
    pub token_life: Duration,
    /// After how long a case is no longer `CREATING`.
    pub opens_after: Duration,
    /// Where events are delivered; nowhere if it is not set. `http` only: it is for a proxy on this machine.
    pub webhook_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            client_id: "simulated-client".to_owned(),
            client_secret: "simulated-secret".to_owned(),
            token_life: Duration::from_secs(43_199),
            opens_after: Duration::from_secs(3),
            webhook_url: None,
        }
    }
}
