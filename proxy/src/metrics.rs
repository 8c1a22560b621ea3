//! Numbers for the operator, in the text format of Prometheus. No label holds anything that a person typed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use partner_case_core::Problem;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SubmissionLabels {
    outcome: &'static str,
    code: &'static str,
}

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(crate) enum WebhookResult {
    /// It settled a submission, or told of a later state of its case.
    Settled,
    /// It told nothing new, or of a case that was not raised here.
    NoNews,
    /// It has no external id to match it by.
    Unmatched,
    /// It is about something else than cases.
    Other,
    /// Its signature is wrong, or it cannot be understood or noted.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WebhookLabels {
    result: WebhookResult,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    status: u16,
    code: &'static str,
}

/// The numbers of this process.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    submissions: Family<SubmissionLabels, Counter>,
    webhooks: Family<WebhookLabels, Counter>,
    answers: Family<AnswerLabels, Counter>,
    upstream: Histogram,
    store_writes_failed: Counter,
    outcomes_unrecorded: Counter,
    purge_held: Gauge,
    unknown_submissions: Gauge,
    log_lines_dropped: Counter,
    audit_lines_failed: Counter,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("partner_case_proxy");
        let submissions = Family::default();
        let webhooks = Family::default();
        let answers = Family::default();
        // From a fast answer to the 40 s that a call may take at the most.
        let upstream = Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0]);
        registry.register(
            "submissions",
            "Cases sent to Wise, by what became of them",
            submissions.clone(),
        );
        registry.register("webhooks", "Events received from Wise", webhooks.clone());
        registry.register("answers", "Answers given, by status and problem code", answers.clone());
        registry.register("upstream_seconds", "How long calls that create a case took", upstream.clone());
        let [
            store_writes_failed,
            outcomes_unrecorded,
            log_lines_dropped,
            audit_lines_failed,
        ] = std::array::from_fn(|_| Counter::default());
        let [purge_held, unknown_submissions] = std::array::from_fn(|_| Gauge::default());
        for (name, help, counter) in [
            ("store_writes_failed", "Uses of the store that failed", &store_writes_failed),
            (
                "outcomes_unrecorded",
                "Outcomes that could not be stored within a minute",
                &outcomes_unrecorded,
            ),
            (
                "log_lines_dropped",
                "Lines of the log that nobody read in time, or that could not be written",
                &log_lines_dropped,
            ),
            (
                "audit_lines_failed",
                "Lines of the audit trail that could not be written",
                &audit_lines_failed,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        for (name, help, gauge) in [
            (
                "purge_held",
                "1 while the clock is not trusted and nothing is purged",
                &purge_held,
            ),
            (
                "unknown_submissions",
                "Submissions with an unknown outcome in the store, counted at the start and once an hour",
                &unknown_submissions,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        Self {
            registry,
            submissions,
            webhooks,
            answers,
            upstream,
            store_writes_failed,
            outcomes_unrecorded,
            purge_held,
            unknown_submissions,
            log_lines_dropped,
            audit_lines_failed,
        }
    }

    pub(crate) fn store_write_failed(&self) {
        self.store_writes_failed.inc();
    }

    pub(crate) fn outcome_not_recorded(&self) {
        self.outcomes_unrecorded.inc();
    }

    pub(crate) fn purged(&self, is_held: bool, unknown: i64) {
        self.purge_held.set(i64::from(is_held));
        self.unknown_submissions.set(unknown);
    }

    /// Takes over what the writers of log and audit trail have counted themselves.
    pub(crate) fn lines_lost(&self, log: u64, audit: u64) {
        self.log_lines_dropped.inner().store(log, Ordering::Relaxed);
        self.audit_lines_failed.inner().store(audit, Ordering::Relaxed);
    }

    pub(crate) fn submission<T>(&self, outcome: &Result<T, Problem>, took: Duration) {
        let (outcome, code) = match outcome {
            Ok(_) => ("created", ""),
            Err(problem) => (problem.outcome.as_str(), problem.code.as_str()),
        };
        self.submissions.get_or_create(&SubmissionLabels { outcome, code }).inc();
        self.upstream.observe(took.as_secs_f64());
    }

    pub(crate) fn webhook(&self, result: WebhookResult) {
        self.webhooks.get_or_create(&WebhookLabels { result }).inc();
    }

    pub(crate) fn answer(&self, status: u16, code: &'static str) {
        self.answers.get_or_create(&AnswerLabels { status, code }).inc();
    }

    /// All numbers as text.
    pub(crate) fn text(&self) -> String {
        let mut written = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut written, &self.registry);
        written
    }
}
