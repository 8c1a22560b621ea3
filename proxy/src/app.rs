//! The state that all requests share, and the checks that an operator runs on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio_util::task::TaskTracker;

use crate::audit::{Audit, Entry};
use crate::authorize::Authorizer;
use crate::config::{Config, ConfigError, StaffMode};
use crate::http_client::HttpClient;
use crate::limiter::Limiter;
use crate::logging::LostLines;
use crate::metrics::Metrics;
use crate::places::Places;
use crate::staff::Staff;
use crate::store::{Store, StoreError};
use crate::submissions::Submissions;
use crate::upstream::Upstream;
use crate::webhook::Verifier;

/// How many plain forms are held in memory at a time, from the first byte of the form to the last byte of the page.
const PLAIN_FORMS: usize = 8;

/// How many webhooks are held in memory at a time. Nobody knows who sends one before it is read; each has at most 256 KiB.
const EVENTS: usize = 32;

/// How much longer than a call to Wise a submission is held for: for what comes before and after the call.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// How often old submissions are forgotten.
const PURGE_EVERY: Duration = Duration::from_hours(1);

/// What a request needs to be answered.
#[derive(Debug, Clone)]
pub struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) submissions: Arc<Submissions>,
    pub(crate) webhooks: Arc<Verifier>,
    pub(crate) staff: Arc<Staff>,
    pub(crate) authorizer: Arc<Authorizer>,
    pub(crate) limiter: Arc<Limiter>,
    /// The places for plain forms.
    pub(crate) plain_forms: Arc<Places>,
    /// The places for webhooks.
    pub(crate) events: Arc<Places>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) calls: TaskTracker,
    /// Set when the proxy was asked to stop.
    stopping: Arc<AtomicBool>,
    /// Counts the lines of the log that were lost.
    log_lines_dropped: Option<LostLines>,
}

impl App {
    /// Makes ready to call Wise; nothing is sent yet. The store is opened, and belongs to this process from now on.
    ///
    /// # Errors
    /// When certificates or keys cannot be read, or the store or the audit trail cannot be opened.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let (upstream, webhooks) = Self::parts(&config)?;
        let client = HttpClient::anonymous(&config.upstream)?;
        let authorizer = Authorizer::new(config.authorize.as_ref(), client.clone());
        let staff = Staff::new(&config.staff, client);
        let audit = Audit::open(&config.audit)?;
        let store = Store::open(&config.store)?;
        let metrics = Arc::new(Metrics::new());
        Ok(Self {
            upstream: Arc::new(upstream),
            // A call ends before its lease: the upstream's timeout bounds it, token and all.
            submissions: Arc::new(Submissions::new(
                store,
                config.upstream.timeout + LEASE_MARGIN,
                metrics.clone(),
            )),
            webhooks: Arc::new(webhooks),
            staff: Arc::new(staff),
            authorizer: Arc::new(authorizer),
            limiter: Arc::new(Limiter::new(&config.limits)),
            plain_forms: Arc::new(Places::new(PLAIN_FORMS)),
            events: Arc::new(Places::new(EVENTS)),
            metrics,
            audit: Arc::new(audit),
            stopping: Arc::default(),
            log_lines_dropped: None,
            calls: TaskTracker::new(),
            config: Arc::new(config),
        })
    }

    /// Reads what the configuration names, without opening the store, which a running proxy may hold.
    ///
    /// # Errors
    /// When certificates or keys cannot be read.
    pub fn check(config: &Config) -> Result<(), ConfigError> {
        Self::parts(config).map(drop)
    }

    fn parts(config: &Config) -> Result<(Upstream, Verifier), ConfigError> {
        let webhooks = Verifier::new(config.webhook_keys.iter().map(String::as_str))?;
        Ok((Upstream::new(config)?, webhooks))
    }

    /// Has `/metrics` say how many lines of the log were lost.
    #[must_use]
    pub fn with_log_counter(mut self, lost: LostLines) -> Self {
        self.log_lines_dropped = Some(lost);
        self
    }

    /// Purges old submissions, now and once an hour.
    pub async fn purge_old_submissions(self) {
        let mut hourly = tokio::time::interval(PURGE_EVERY);
        loop {
            hourly.tick().await;
            self.submissions.purge(self.config.store.retention).await;
        }
    }

    /// Tries whether anything can be stored.
    ///
    /// # Errors
    /// What the store says, in words for the operator.
    pub async fn try_store(&self) -> Result<(), String> {
        self.submissions
            .check()
            .await
            .map_err(|error| format!("the store cannot be written to: {error}"))
    }

    /// Tries whether the store was written with the key that this proxy has. A store that cannot be reached is none of its errors.
    ///
    /// # Errors
    /// That it was written with another, in words for the operator.
    pub async fn check_store_key(&self) -> Result<(), String> {
        match self.submissions.check().await {
            Err(StoreError::WrongKey(reason)) => Err(format!("configuration key `store.key_file`: {reason}")),
            Err(error) => {
                tracing::error!(%error, "the store cannot be written to; the proxy is not ready until it can");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Forgets unknown submissions that have not changed for so long. Their keys may be sent again.
    ///
    /// # Errors
    /// What the store says, in words for the operator.
    pub async fn forget_unknown(&self, age: Duration, trusts_clock: bool) -> Result<u64, String> {
        let forgotten = self.submissions.forget_unknown(age, trusts_clock).await;
        let count = forgotten.map_err(|error| error.to_string())?;
        // It is done; a line that cannot be written does not take it back.
        let _ = self.audit.write(Entry::Forgotten { count }).await;
        Ok(count)
    }

    /// Leaves a line in the audit trail that the proxy has started.
    ///
    /// # Errors
    /// When it cannot be written and `audit.required` is set.
    pub async fn audit_start(&self) -> Result<(), String> {
        let started = Entry::Started {
            version: env!("CARGO_PKG_VERSION"),
        };
        let written = self.audit.write(started).await;
        written.map_err(|_| format!("configuration key `audit.file`: {}", self.audit.failure()))
    }

    /// Leaves a line in the audit trail that the proxy has stopped.
    pub async fn audit_stop(&self) {
        // What cannot be written is counted, and nobody reads the count any more.
        let _ = self.audit.write(Entry::Stopped).await;
    }

    /// Is not ready from now on, and goes on to answer.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Reads secrets and certificates anew at their next use.
    pub fn reload_secrets(&self) {
        self.config.reload_secrets();
    }

    /// The numbers of this process, as `/metrics` has them.
    pub(crate) fn numbers(&self) -> String {
        let log = self.log_lines_dropped.as_ref().map_or(0, LostLines::count);
        self.metrics
            .lines_lost(u64::try_from(log).unwrap_or(u64::MAX), self.audit.lost());
        self.metrics.text()
    }

    /// Tries whether the audit trail can be written.
    ///
    /// # Errors
    /// Why not, in words for the operator, and whether the proxy needs it.
    pub async fn try_audit(&self) -> Result<(), (String, bool)> {
        let tried = self.audit.probe().await;
        tried.map_err(|reason| (format!("configuration key `audit.file`: {reason}"), self.audit.is_required()))
    }

    /// Tries whether the single sign-on gives its keys. The answer is whether there is a single sign-on.
    ///
    /// # Errors
    /// Why not, in words for the operator.
    pub async fn try_sign_in(&self) -> Result<bool, String> {
        match self.config.staff {
            StaffMode::Jwt(_) => self.staff.check().await.map(|()| true),
            StaffMode::TrustedHeader(_) | StaffMode::InsecureDemo => Ok(false),
        }
    }

    /// Tries whether Wise gives a token. No case is created.
    ///
    /// # Errors
    /// Why not, in words for the operator. What Wise answered is in the log.
    pub async fn try_token(&self) -> Result<(), String> {
        let deadline = std::time::Instant::now() + self.config.upstream.timeout;
        self.upstream
            .check_access(deadline)
            .await
            .map_err(|error| format!("{}: {error}", self.config.upstream.token_url))
    }

    /// The calls to Wise that are under way, whether or not anybody still waits for their answer.
    pub fn calls(&self) -> TaskTracker {
        self.calls.clone()
    }
}
